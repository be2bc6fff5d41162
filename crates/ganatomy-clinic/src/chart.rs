//! The chart of a patient: all that its record says, reading by reading.

use std::collections::BTreeMap;

use ganatomy_record::{Direction, Event, Outcome, RecordError, RunFolder, RunReader};

use crate::{Facts, Series};

/// What the ward knows and the clinic must not see begins so.
pub const HIDDEN: &str = "truth/";

/// Readings of one game of several begin so.
const PAIR: &str = "pair/";

/// No run makes more steps: what a record says beyond is read as this one.
const LAST_STEP: u64 = 1 << 48;

/// A run as the clinic sees it: readings over the steps, and what was played.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// What was played.
    pub facts: Facts,
    readings: BTreeMap<String, Series>,
    directions: BTreeMap<String, Direction>,
    item_shape: Vec<usize>,
    n_classes: u64,
    step: u64,
    outcome: Option<Outcome>,
}

impl Chart {
    /// An empty chart.
    pub fn new(facts: Facts) -> Chart {
        Chart { facts, ..Chart::default() }
    }

    /// The chart of a run folder.
    ///
    /// # Errors
    /// A folder that holds no run, or a log that cannot be read.
    pub fn of(folder: &RunFolder) -> Result<Chart, RecordError> {
        let mut chart = Chart::new(Facts::of_plan(&folder.plan()?));
        for event in RunReader::open(folder).tail().poll()?.events {
            chart.receive(&event);
        }
        Ok(chart)
    }

    /// Takes the next event of the log.
    pub fn receive(&mut self, event: &Event) {
        match event {
            Event::Started { directions, .. } => self.directions.extend(directions.clone()),
            Event::Data { data, .. } => {
                self.item_shape.clone_from(&data.item_shape);
                self.n_classes = data.class_names.len() as u64;
            }
            Event::Resumed { step, .. } => self.readings.values_mut().for_each(|series| series.cut(*step)),
            Event::Readings { step, values, .. } => {
                let shown = values.iter().filter(|(name, _)| !name.starts_with(HIDDEN));
                shown.for_each(|(name, value)| self.read(name, *step, *value));
            }
            _ => {}
        }
        self.step = event.step().min(LAST_STEP);
        self.outcome = match event {
            Event::Finished { outcome, .. } => Some(outcome.clone()),
            _ => None,
        };
    }

    /// Adds one value of a reading.
    pub fn read(&mut self, name: &str, step: u64, value: f64) {
        let step = step.min(LAST_STEP);
        match self.readings.get_mut(name) {
            Some(series) => series.push(step, value),
            None => {
                let mut series = Series::default();
                series.push(step, value);
                self.readings.insert(name.to_owned(), series);
            }
        }
        self.step = self.step.max(step);
    }

    /// A reading; nothing where it has no value.
    pub fn reading(&self, name: &str) -> Option<&Series> {
        self.readings.get(name).filter(|series| !series.points().is_empty())
    }

    /// All readings whose names begin so.
    pub fn family<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = (&'a str, &'a Series)> {
        let from = self.readings.range(beginning.to_owned()..);
        let family = from.take_while(move |(name, _)| name.starts_with(beginning));
        family.map(|(name, series)| (name.as_str(), series)).filter(|(_, series)| !series.points().is_empty())
    }

    /// Which way a reading is better, where the record says so.
    pub fn direction(&self, name: &str) -> Direction {
        self.directions.get(name).copied().unwrap_or(Direction::None)
    }

    /// The last step of the record.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The steps that the run is to make, or has made.
    pub fn steps(&self) -> u64 {
        self.facts.steps.unwrap_or(self.step).max(self.step).clamp(1, LAST_STEP)
    }

    /// How the run ended, where it did.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Modes or classes that the data are known to have.
    pub fn n_modes(&self) -> Option<u64> {
        self.facts.n_modes.or((self.n_classes > 1).then_some(self.n_classes))
    }

    /// Numbers of an item; 1 where its shape is not known.
    pub fn item_len(&self) -> usize {
        self.item_shape.iter().product()
    }

    /// Are items images?
    pub fn is_of_images(&self) -> bool {
        self.item_shape.len() == 3
    }

    /// The chart as it stood at a step.
    pub fn until(&self, step: u64) -> Chart {
        let mut chart = self.clone();
        if step < self.step {
            chart.readings.values_mut().for_each(|series| series.cut(step));
            (chart.step, chart.outcome) = (step, None);
        }
        chart
    }

    /// The games of a log that has several (`pair/A/discriminator/loss`, as of a CycleGAN), each with its name; else this one alone,
    /// which has none. Readings of no pair, as of scores, stay in a chart without a name, the first.
    pub fn pairs(&self) -> Vec<(String, Chart)> {
        let (mut own, mut pairs) = (self.clone(), BTreeMap::<String, Chart>::new());
        own.readings.retain(|name, _| !name.starts_with(PAIR));
        for (name, series) in self.readings.range(PAIR.to_owned()..).take_while(|one| one.0.starts_with(PAIR))
        {
            let Some((pair, reading)) = name[PAIR.len()..].split_once('/') else {
                continue;
            };
            let chart = pairs
                .entry(pair.to_owned())
                .or_insert_with(|| Chart { readings: BTreeMap::new(), ..self.clone() });
            chart.readings.insert(reading.to_owned(), series.clone());
        }
        let is_alone = pairs.is_empty();
        let unnamed = Some((String::new(), own)).filter(|own| is_alone || !own.1.readings.is_empty());
        unnamed.into_iter().chain(pairs).collect()
    }

    /// The chart without the readings that are refused.
    pub fn without(&self, refused: impl Fn(&str) -> bool) -> Chart {
        let mut chart = self.clone();
        chart.readings.retain(|name, _| !refused(name));
        chart
    }
}
