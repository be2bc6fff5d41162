//! What was read of other programs' logs, as the plan and the events of a run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ganatomy_record::{Direction, Event, SampleFile};
use serde::Serialize;
use toml::{Table, Value};

use crate::format::Values;
use crate::names::readings;
use crate::settle::Unit;

/// A name that was mapped to a reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mapped {
    /// The name in the log.
    pub theirs: String,
    /// The reading.
    pub ours: String,
    /// How many values are kept.
    pub points: usize,
    /// The first value, and the step it is of.
    pub first: Option<(u64, f64)>,
    /// The last one.
    pub last: Option<(u64, f64)>,
}

/// A name that was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// The name in the log.
    pub theirs: String,
    /// How many values it has.
    pub count: u64,
    /// Why, where there is more to say than that it is not known.
    pub why: String,
}

/// What logs hold.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The formats that were found.
    pub formats: Vec<&'static str>,
    /// The files.
    pub sources: Vec<PathBuf>,
    /// What a step counts.
    pub unit: Unit,
    /// Is D's loss the mean of its halves, their sum, or is that not known?
    pub values: &'static str,
    /// The loss's kind, where the user said it.
    pub loss: Option<String>,
    /// What was mapped.
    pub mapped: Vec<Mapped>,
    /// What was passed over.
    pub ignored: Vec<Ignored>,
    /// What a person should know, one sentence each.
    pub notes: Vec<String>,
    /// Samples that stood beside it as pictures, steps ascending.
    pub samples: Vec<SampleFile>,
    /// Steps of an epoch, and the first epoch's number, where steps begin again with each.
    pub(crate) per_epoch: Option<(u64, u64)>,
    pub(crate) series: BTreeMap<String, Vec<(u64, f64)>>,
}

impl Imported {
    /// What nothing was read of.
    pub fn empty() -> Imported {
        Imported {
            formats: Vec::new(),
            sources: Vec::new(),
            unit: Unit::Iteration,
            values: Values::Unknown.word(),
            loss: None,
            mapped: Vec::new(),
            ignored: Vec::new(),
            notes: Vec::new(),
            samples: Vec::new(),
            per_epoch: None,
            series: BTreeMap::new(),
        }
    }

    /// Adds readings that were worked out of its samples.
    pub fn add(&mut self, reading: &str, points: Vec<(u64, f64)>) {
        self.series.insert(reading.to_owned(), points);
    }

    /// The values of each reading, steps ascending.
    pub fn series(&self) -> &BTreeMap<String, Vec<(u64, f64)>> {
        &self.series
    }

    /// The last step.
    pub fn last_step(&self) -> u64 {
        self.series.values().filter_map(|points| points.last()).map(|point| point.0).max().unwrap_or(0)
    }

    /// What is known of the run, as its `plan.toml` holds it.
    pub fn plan(&self) -> Table {
        let texts = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::String).collect());
        let mut import = Table::new();
        let paths = self.sources.iter().map(|path| path.display().to_string()).collect();
        import.insert("format".into(), Value::String(self.formats.join(" and ")));
        import.insert("sources".into(), texts(paths));
        import.insert("step_unit".into(), Value::String(self.unit.word().to_owned()));
        import.insert("values".into(), Value::String(self.values.to_owned()));
        import.insert("notes".into(), texts(self.notes.clone()));
        let names =
            self.mapped.iter().map(|mapped| (mapped.theirs.clone(), Value::String(mapped.ours.clone())));
        let ignored = self.ignored.iter().map(|ignored| ignored.theirs.clone());
        import.insert("ignored".into(), texts(ignored.collect()));
        import.insert("names".into(), Value::Table(names.collect()));
        let mut plan = Table::from_iter([("import".to_owned(), Value::Table(import))]);
        if let Some(loss) = &self.loss {
            let kind = Table::from_iter([("kind".to_owned(), Value::String(loss.clone()))]);
            plan.insert("loss".into(), Value::Table(kind));
        }
        plan
    }

    /// The run as events. No log tells how its run ended, so the last of them is a reading.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        let directions: BTreeMap<String, Direction> =
            self.series.keys().map(|name| (name.clone(), readings::direction(name))).collect();
        let mut rows: BTreeMap<u64, BTreeMap<String, f64>> = BTreeMap::new();
        for (name, points) in &self.series {
            for &(step, value) in points {
                rows.entry(step).or_default().insert(name.clone(), value);
            }
        }
        let began = Event::Started {
            step: rows.keys().next().copied().unwrap_or(0),
            secs: 0.0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            host: String::new(),
            threads: 0,
            directions,
        };
        let readings = rows.into_iter().map(|(step, values)| Event::Readings { step, secs: 0.0, values });
        std::iter::once(began).chain(readings)
    }
}
