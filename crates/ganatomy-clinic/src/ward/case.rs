//! Runs of the ward: gathered from a study's folder, kept in one small file.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ganatomy_record::{DataSummary, Direction, Event, Outcome, RunFolder, RunReader};
use serde::{Deserialize, Serialize};

use crate::{Chart, Facts, HIDDEN, Series};

/// A run of the ward.
#[derive(Clone, Debug)]
pub struct Case {
    /// The cause: the arm of its study.
    pub cause: String,
    /// Its seed.
    pub seed: u64,
    /// What the clinic sees.
    pub chart: Chart,
    /// What it does not: readings by their names without `truth/`.
    pub truth: BTreeMap<String, Series>,
}

/// A run as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    cause: String,
    seed: u64,
    plan: String,
    directions: BTreeMap<String, Direction>,
    data: Option<DataSummary>,
    outcome: Option<Outcome>,
    step: u64,
    /// Steps by reading, and the values there to three digits; nothing for a value that is not finite.
    readings: BTreeMap<String, (Vec<u64>, Vec<Option<f64>>)>,
}

/// Readings that no verdict is told from, and that would fill the file.
const LEFT_OUT: [&str; 10] = [
    "generator/layer_gradient/",
    "discriminator/layer_gradient/",
    "generator/zero_gradient",
    "discriminator/zero_gradient",
    "generator/moment_norm",
    "discriminator/moment_norm",
    "generator/from_average",
    "generator/jacobian",
    "samples/class_share/",
    "game/",
];

/// The tables of a plan that tell what was played.
const TOLD: [&str; 8] =
    ["steps", "data", "loss", "scheme", "generator", "discriminator", "remedies", "checkpoint"];

/// Runs in a file at most.
const IN_A_FILE: usize = 150;

/// Gathers the runs of a study's folder into files of another: one or more for each first word of the arms' names. Answers how many runs
/// there are.
///
/// # Errors
/// A folder that is none of a study, or a run that cannot be read.
pub fn gather(study: &Path, into: &Path) -> io::Result<usize> {
    fs::create_dir_all(into)?;
    // What was gathered of the study before would count twice.
    for old in fs::read_dir(into)? {
        let old = old?.path();
        let own = name(&old).strip_prefix(&format!("{}-", name(study))).map(|rest| rest.split('-').count());
        if own == Some(2) && old.extension().is_some_and(|end| end == "gz") {
            fs::remove_file(old)?;
        }
    }
    let mut files = BTreeMap::<String, GzEncoder<fs::File>>::new();
    let (mut n, mut of_word) = (0, BTreeMap::<String, usize>::new());
    for arm in folders(&study.join("runs"))? {
        let word = name(&arm).split('-').next().unwrap_or_default().to_owned();
        for run in folders(&arm)? {
            let before = of_word.entry(word.clone()).or_default();
            let file = format!("{}-{word}-{}.gz", name(study), *before / IN_A_FILE + 1);
            *before += 1;
            let out = match files.entry(file) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(place) => {
                    let file = fs::File::create(into.join(place.key()))?;
                    place.insert(GzEncoder::new(file, Compression::best()))
                }
            };
            serde_json::to_writer(&mut *out, &kept(&arm, &run)?)?;
            out.write_all(b"\n")?;
            n += 1;
        }
    }
    for out in files.into_values() {
        out.finish()?.sync_all()?;
    }
    Ok(n)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn folders(path: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut all: Vec<_> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    all.retain(|path| path.is_dir());
    all.sort();
    Ok(all)
}

fn kept(arm: &Path, run: &Path) -> io::Result<Kept> {
    let folder = RunFolder::open(run).map_err(io::Error::other)?;
    let mut plan = folder.plan().map_err(io::Error::other)?;
    plan.retain(|key, _| TOLD.contains(&key));
    let mut kept = Kept {
        cause: name(arm),
        seed: name(run).rsplit('-').next().and_then(|seed| seed.parse().ok()).unwrap_or_default(),
        plan: plan.to_string(),
        directions: BTreeMap::new(),
        data: None,
        outcome: None,
        step: 0,
        readings: BTreeMap::new(),
    };
    for event in RunReader::open(&folder).read_all().map_err(io::Error::other)? {
        kept.step = event.step();
        match event {
            Event::Started { directions, .. } => kept.directions = directions,
            Event::Data { data, .. } => kept.data = Some(*data),
            Event::Finished { outcome, .. } => kept.outcome = Some(outcome),
            Event::Readings { step, values, .. } => {
                for (name, value) in values {
                    if !LEFT_OUT.iter().any(|left_out| name.starts_with(left_out)) {
                        let short = value.is_finite().then(|| shortened(&name, value));
                        let reading = kept.readings.entry(name).or_default();
                        reading.0.push(step);
                        reading.1.push(short);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(kept)
}

/// Three digits; nine of what is judged by whether it moves.
fn shortened(name: &str, value: f64) -> f64 {
    let digits = if name.ends_with("weight_norm") { 8 } else { 2 };
    format!("{value:.digits$e}").parse().unwrap_or(value)
}

/// Reads the runs that are kept in a folder.
///
/// # Errors
/// Files that were not written by [`gather`].
pub fn read(folder: &Path) -> io::Result<Vec<Case>> {
    let mut files: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(file)?).read_to_string(&mut text)?;
        for line in text.lines() {
            cases.push(case(serde_json::from_str(line)?));
        }
    }
    Ok(cases)
}

fn case(kept: Kept) -> Case {
    let Kept { cause, seed, plan, directions, data, outcome, step, readings } = kept;
    let facts = Facts::of_plan(&plan.parse().unwrap_or_default());
    let (mut chart, mut truth) = (Chart::new(facts), BTreeMap::<String, Series>::new());
    let begins = Event::Started {
        step: 0,
        secs: 0.0,
        version: String::new(),
        host: String::new(),
        threads: 1,
        directions,
    };
    chart.receive(&begins);
    if let Some(data) = data {
        chart.receive(&Event::Data { step: 0, secs: 0.0, data: Box::new(data) });
    }
    for (name, (steps, values)) in readings {
        for (step, value) in steps.into_iter().zip(values) {
            let value = value.unwrap_or(f64::NAN);
            match name.strip_prefix(HIDDEN) {
                Some(hidden) => truth.entry(hidden.to_owned()).or_default().push(step, value),
                None => chart.read(&name, step, value),
            }
        }
    }
    if let Some(outcome) = outcome {
        chart.receive(&Event::Finished { step, secs: 0.0, outcome });
    }
    Case { cause, seed, chart, truth }
}
