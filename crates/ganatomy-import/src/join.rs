//! Reads logs: each file by its format, and all of them as one run.

use std::path::{Path, PathBuf};

use regex::bytes::Regex;

use crate::error::ImportError;
use crate::folder;
use crate::format::{self, Format, Values};
use crate::imported::{Ignored, Imported, Mapped};
use crate::names::NameMap;
use crate::names::resolve::{Meaning, Name, resolve};
use crate::settle::{self, Settled, Settlement, Unit};
use crate::sheet::Sheet;
use crate::source::Source;

/// What the user says of logs.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What names mean.
    pub map: Vec<NameMap>,
    /// How lines are read: a regular expression with named groups.
    pub pattern: Option<String>,
    /// The loss's kind, by its name in a spec.
    pub loss: Option<String>,
    /// Which run of a log that holds several, from 1.
    pub run: Option<usize>,
}

/// Names of a message; there may be thousands.
const MOST_SHOWN: usize = 12;

/// Reads logs of one run, each a file, a folder with known files, or `-` for standard input.
///
/// # Errors
/// A log that cannot be read, is of no known kind or holds no named number, and options that do not fit it.
pub fn read(paths: &[PathBuf], options: &Options) -> Result<Imported, ImportError> {
    let mut logs = Vec::new();
    for path in paths {
        logs.extend(folder::logs(path)?);
    }
    of_sources(&logs, options, Source::open)
}

/// Reads logs that a function opens.
pub(crate) fn of_sources(
    logs: &[PathBuf],
    options: &Options,
    open: impl Fn(&Path) -> Result<Source, ImportError>,
) -> Result<Imported, ImportError> {
    check(&options.map)?;
    let pattern = options.pattern.as_deref().map(format::compile).transpose()?;
    let mut joined = Joined::default();
    let mut formats: Vec<Format> = Vec::new();
    let mut all = Vec::with_capacity(logs.len());
    for path in logs {
        let (format, settlement) = read_one(open(path)?, pattern.as_ref(), options)?;
        if formats.iter().all(|known| known.name != format.name) {
            formats.push(format);
        }
        all.push((path, settlement));
    }
    let there = all.iter().map(|(_, settlement)| settlement.n_runs).max().unwrap_or(0);
    if let Some(asked) = options.run.filter(|asked| *asked == 0 || *asked > there) {
        return Err(ImportError::NoSuchRun { asked, there });
    }
    // Parts of a run may be given in any order; of those that begin at one step the last given stands.
    all.sort_by_key(|(_, settlement)| settlement.first());
    all.into_iter().for_each(|(path, settlement)| joined.add(path, settlement, logs.len() > 1));
    let names: Vec<Name> = joined.names.iter().map(|settled| settled.name.clone()).collect();
    check_names(&options.map, &names)?;
    let meanings = resolve(&names, &options.map);
    let is_sure = formats.iter().map(|format| format.values).find(|values| *values != Values::Unknown);
    let mut imported = Imported {
        formats: formats.iter().map(|format| format.name).collect(),
        sources: logs.to_vec(),
        unit: joined.unit.unwrap_or(Unit::Row),
        values: is_sure.unwrap_or(Values::Unknown).word(),
        loss: options.loss.clone(),
        notes: joined.notes,
        per_epoch: joined.per_epoch,
        ..Imported::empty()
    };
    for (settled, meaning) in joined.names.into_iter().zip(meanings) {
        imported.take(settled, meaning);
    }
    imported.mapped.sort_by(|a, b| a.ours.cmp(&b.ours));
    if !imported.mapped.is_empty() {
        // Settings that a program printed are no readings that were passed over.
        imported
            .ignored
            .retain(|ignored| names.iter().any(|name| name.is_in_rows && name.theirs == ignored.theirs));
    }
    Ok(imported)
}

/// Reads one log.
fn read_one(
    source: Source,
    pattern: Option<&Regex>,
    options: &Options,
) -> Result<(Format, Settlement), ImportError> {
    let mut sheet = Sheet::new(&options.map);
    sheet.run = options.run;
    let format = format::read(source, pattern, &mut sheet)?;
    Ok((format, settle::settle(sheet)?))
}

/// Refuses two names for one reading.
fn check(maps: &[NameMap]) -> Result<(), ImportError> {
    for (i, map) in maps.iter().enumerate() {
        let twin = maps[..i]
            .iter()
            .find(|other| map.ours.is_some() && other.ours == map.ours && other.theirs != map.theirs);
        if let (Some(twin), Some(ours)) = (twin, &map.ours) {
            let (ours, first, second) = (ours.clone(), twin.theirs.clone(), map.theirs.clone());
            return Err(ImportError::Twice { ours, first, second });
        }
    }
    Ok(())
}

/// Refuses what is said of names that are not there.
fn check_names(maps: &[NameMap], names: &[Name]) -> Result<(), ImportError> {
    for map in maps {
        if names.iter().all(|name| name.theirs != map.theirs) {
            return Err(ImportError::NoSuchName { theirs: map.theirs.clone(), there: shown(names) });
        }
    }
    Ok(())
}

/// The names of a log, in a sentence.
fn shown(names: &[Name]) -> String {
    let some: Vec<&str> = names.iter().take(MOST_SHOWN).map(|name| name.theirs.as_str()).collect();
    let more = names.len().saturating_sub(MOST_SHOWN);
    match more {
        0 => some.join(", "),
        _ => format!("{} and {more} more", some.join(", ")),
    }
}

/// The names of all files.
#[derive(Default)]
struct Joined {
    names: Vec<Settled>,
    unit: Option<Unit>,
    per_epoch: Option<(u64, u64)>,
    notes: Vec<String>,
}

impl Joined {
    fn add(&mut self, path: &Path, settlement: Settlement, is_one_of_many: bool) {
        let named = |note: String| match is_one_of_many {
            true => format!("{}: {note}", path.display()),
            false => note,
        };
        self.notes.extend(settlement.notes.into_iter().map(named));
        self.per_epoch = self.per_epoch.or(settlement.per_epoch);
        match self.unit {
            Some(unit)
                if unit != settlement.unit && settlement.names.iter().any(|name| !name.points.is_empty()) =>
            {
                self.notes.push(format!(
                    "{} counts steps as {}, and the files before it as {}",
                    path.display(),
                    settlement.unit.word(),
                    unit.word()
                ));
            }
            Some(_) => {}
            None => self.unit = Some(settlement.unit),
        }
        let mut replaced = None;
        for settled in settlement.names {
            match self.names.iter_mut().find(|before| before.name.theirs == settled.name.theirs) {
                Some(before) => replaced = replaced.max(before.go_on(settled)),
                None => self.names.push(settled),
            }
        }
        if let Some(last) = replaced {
            self.notes.push(format!(
                "{} begins before step {last}, up to which the files before it go: its values replace theirs from there on",
                path.display()
            ));
        }
    }
}

impl Settlement {
    /// Its first step.
    fn first(&self) -> Option<u64> {
        self.names.iter().filter_map(|name| name.points.first()).map(|point| point.0).min()
    }
}

impl Settled {
    /// Takes the values of a later file: they replace those from their first step on. Answers the last step that was replaced.
    fn go_on(&mut self, later: Settled) -> Option<u64> {
        let before = self.points.last().map(|point| point.0);
        let begins = later.points.first().map(|point| point.0);
        if let Some(&(begins, _)) = later.points.first() {
            self.points.truncate(self.points.partition_point(|point| point.0 < begins));
            self.points.extend(later.points);
        }
        self.name.count += later.name.count;
        self.name.percent |= later.name.percent;
        let ranges = self.name.range.zip(later.name.range);
        let both = ranges.map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)));
        self.name.range = both.or(self.name.range).or(later.name.range);
        before.filter(|last| begins.is_some_and(|begins| begins <= *last))
    }
}

impl Imported {
    fn take(&mut self, settled: Settled, meaning: Meaning) {
        let Settled { name, mut points } = settled;
        match meaning {
            Meaning::Reading(ours, scale) if !points.is_empty() => {
                points.iter_mut().for_each(|point| point.1 *= scale);
                let (first, last) = (points.first().copied(), points.last().copied());
                self.mapped.push(Mapped {
                    theirs: name.theirs,
                    ours: ours.clone(),
                    points: points.len(),
                    first,
                    last,
                });
                self.series.insert(ours, points);
            }
            Meaning::Reading(..) => self.ignored.push(Ignored {
                theirs: name.theirs,
                count: name.count,
                why: "it has no value at a step that is told".to_owned(),
            }),
            Meaning::Nothing(_) if crate::clock::place(&name.theirs).is_some() => {}
            Meaning::Nothing(why) if name.count > 0 || !why.is_empty() => {
                self.ignored.push(Ignored { theirs: name.theirs, count: name.count, why });
            }
            Meaning::Nothing(_) => {}
        }
    }

    /// Refuses logs of which nothing was understood.
    ///
    /// # Errors
    /// No name was mapped.
    pub fn check(&self) -> Result<(), ImportError> {
        if !self.series.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.ignored.iter().map(|ignored| ignored.theirs.as_str()).collect();
        let example = names.first().copied().unwrap_or("NAME").to_owned();
        let more = names.len().saturating_sub(MOST_SHOWN);
        let there = names.iter().take(MOST_SHOWN).copied().collect::<Vec<_>>().join(", ");
        let there = if more == 0 { there } else { format!("{there} and {more} more") };
        Err(ImportError::NothingKnown { there, example })
    }
}
