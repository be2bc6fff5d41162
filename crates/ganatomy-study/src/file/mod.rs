//! A study as its file writes it: a base, arms, a space, seeds, a budget and a score.

mod place;
mod size;
mod space;
mod template;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::StudyError;
use crate::fork::Fork;
use place::sentence;
pub use space::{Dimension, NAMED, Range, SpaceFile, named};
pub use template::TEMPLATE;

/// Larger files are no studies.
const MOST_BYTES: u64 = 1 << 20;

/// The file of a study, as written: see [`TEMPLATE`] for every field with its meaning, default and range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the template that users read describes every field")]
pub struct StudyFile {
    pub name: String,
    #[serde(default)]
    pub question: String,
    #[serde(default = "ring")]
    pub base: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub set: Vec<String>,
    #[serde(default = "one")]
    pub configs: u32,
    #[serde(default)]
    pub draw: Draw,
    #[serde(default)]
    pub seeds: Seeds,
    pub budget: Budget,
    pub score: ScoreFile,
    #[serde(default)]
    pub space: SpaceFile,
    #[serde(rename = "arm")]
    pub arms: Vec<ArmFile>,
    #[serde(default, rename = "stage")]
    pub stages: Vec<StageFile>,
    #[serde(default)]
    pub stop: Option<StopFile>,
    #[serde(default)]
    pub runs: RunsFile,
    #[serde(default)]
    pub launch: LaunchFile,
}

/// One of the things compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in the template")]
pub struct ArmFile {
    pub name: String,
    #[serde(default)]
    pub published: Option<String>,
    #[serde(default)]
    pub base: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
    /// What `from` was when the study was begun: written by the program, not by people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
    #[serde(default)]
    pub with: Vec<String>,
    #[serde(default)]
    pub set: Vec<String>,
}

/// A part of a study that begins when the one before has ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in the template")]
pub struct StageFile {
    pub name: String,
    #[serde(default)]
    pub space: Option<SpaceFile>,
    #[serde(default)]
    pub configs: Option<u32>,
    #[serde(default)]
    pub draw: Option<Draw>,
    #[serde(default)]
    pub seeds: Option<Seeds>,
    /// Takes the best configurations of each arm from these stages instead of drawing new ones.
    #[serde(default)]
    pub best_of: Vec<String>,
}

/// How points of a space are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draw {
    /// Independently.
    #[default]
    Random,
    /// By a scrambled Sobol' sequence, which fills the space evenly.
    Sobol,
    /// All combinations.
    Grid,
}

/// Seeds of the runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seeds {
    /// This many, from 0 on.
    Count(u32),
    /// These.
    List(Vec<u64>),
}

impl Default for Seeds {
    fn default() -> Seeds {
        Seeds::Count(5)
    }
}

impl Seeds {
    /// The seeds in their order.
    pub fn list(&self) -> Vec<u64> {
        match self {
            Seeds::Count(n) => (0..u64::from(*n)).collect(),
            Seeds::List(seeds) => seeds.clone(),
        }
    }
}

/// What every run gets alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Budget {
    /// Steps of the scheme.
    Steps(u64),
    /// Gradients of a player.
    Gradients(u64),
    /// Real images or points that are drawn.
    Images(u64),
    /// Seconds of training.
    Seconds(f64),
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in the template")]
pub struct ScoreFile {
    pub reading: String,
    #[serde(default)]
    pub better: Option<Better>,
    #[serde(default)]
    pub at: At,
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub collapsed: Option<String>,
}

/// Which way a score is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The more the better.
    Higher,
    /// The less the better.
    Lower,
}

/// Which of a run's values is its score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// The last one.
    #[default]
    Last,
    /// The best one on the way, which a person can only pick who scores every checkpoint.
    Best,
}

/// When runs are ended before their budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "described in the template")]
pub struct StopFile {
    pub rule: Rule,
    #[serde(default = "rungs")]
    pub rungs: Vec<f64>,
    #[serde(default = "min_runs")]
    pub min_runs: u32,
    #[serde(default = "eta")]
    pub eta: f64,
}

/// A rule that ends runs early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// At each rung the worse half of an arm's runs so far ends.
    Median,
    /// At each rung only the best 1/eta of an arm's runs so far goes on (asynchronous successive halving).
    Halving,
}

impl Rule {
    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Median => "median",
            Rule::Halving => "halving",
        }
    }
}

/// How runs are kept and how often they are tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "described in the template")]
pub struct RunsFile {
    pub keep: bool,
    pub most_attempts: u32,
    pub lease_secs: f64,
    pub together: u32,
}

impl Default for RunsFile {
    fn default() -> RunsFile {
        RunsFile { keep: true, most_attempts: 3, lease_secs: 60.0, together: 0 }
    }
}

/// What a cluster is asked for, for each worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "described in the template")]
pub struct LaunchFile {
    pub workers: u32,
    pub cpus: u32,
    pub memory: String,
    pub time: String,
    pub options: Vec<String>,
}

impl Default for LaunchFile {
    fn default() -> LaunchFile {
        let (memory, time) = ("2G".to_owned(), "12:00:00".to_owned());
        LaunchFile { workers: 4, cpus: 1, memory, time, options: Vec::new() }
    }
}

fn ring() -> String {
    "ring".to_owned()
}

fn one() -> u32 {
    1
}

fn rungs() -> Vec<f64> {
    vec![0.25, 0.5]
}

fn min_runs() -> u32 {
    5
}

fn eta() -> f64 {
    3.0
}

/// A study's file with where it was read, since it may name files beside it.
#[derive(Clone, Debug)]
pub struct Written {
    /// The file with the overlay of its size.
    pub file: StudyFile,
    /// The folder it stands in.
    pub folder: PathBuf,
    /// What messages call it.
    pub origin: String,
}

/// Reads a study's file in one of its sizes.
///
/// # Errors
/// A file that cannot be read, is no TOML, holds an unknown field or a value of another kind, or has no such size.
pub fn read(path: &Path, size: Option<&str>) -> Result<Written, StudyError> {
    let cannot = |cause| StudyError::Read { path: path.to_owned(), cause };
    let metadata = std::fs::metadata(path).map_err(cannot)?;
    let origin = path.display().to_string();
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        let why = format!("a study is a regular file of at most {MOST_BYTES} bytes");
        return Err(StudyError::File { origin, why });
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Written { file: parse(&text, &origin, size)?, folder, origin })
}

/// Reads the text of a study in one of its sizes. Messages call it `origin`.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, origin: &str, size: Option<&str>) -> Result<StudyFile, StudyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let refuse = |why: String| StudyError::File { origin: origin.to_owned(), why };
    let table: toml::Table = toml::from_str(text).map_err(|error| refuse(sentence(text, &error)))?;
    let sized = size::sized(table, size).map_err(refuse)?;
    if size.is_none() && !text.contains("[size.") {
        // Read from the text itself, messages can name its lines.
        return toml::from_str(text).map_err(|error| refuse(sentence(text, &error)));
    }
    let text = toml::to_string(&sized).map_err(|error| refuse(error.to_string()))?;
    toml::from_str(&text).map_err(|error| refuse(place::without_line(&error)))
}
