//! The runs of a study as its store tells of them: plain data, which statistics and reports read.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use ganatomy_record::Direction;
use serde::{Deserialize, Serialize};

use crate::fork::Fork;

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody has begun it.
    Waiting,
    /// A worker has claimed it.
    Running,
    /// It got its whole budget.
    Done,
    /// It diverged, collapsed or could not be carried out; the row says why.
    Failed,
    /// A stopping rule ended it before its budget.
    Pruned,
}

/// A value of a field that the space has chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A word, or any other value as TOML writes it.
    Text(String),
}

/// What the space has chosen: dotted field of the spec -> value.
pub type Settings = BTreeMap<String, Setting>;

/// An arm with one point of the space: what several seeds have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Index of the arm in [`Results::arms`].
    pub arm: usize,
    /// Index of the stage in [`Results::stages`].
    pub stage: usize,
    /// The point's number in its stage, from 0; the same number of two arms agrees in the fields they both search.
    pub number: u32,
    /// What was chosen.
    pub settings: Settings,
    /// Gradients of a player that one step evaluates.
    pub gradients_per_step: f64,
    /// Real images or points that one step reads.
    pub images_per_step: f64,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the store.
    pub id: u64,
    /// Index of its configuration in [`Results::configs`].
    pub config: usize,
    /// Its seed.
    pub seed: u64,
    /// Where it stands.
    pub state: State,
    /// The value of the study's reading, of a run that is done or pruned.
    pub score: Option<f64>,
    /// The values of [`Results::also`], NaN where there is none; empty for a run that has none.
    pub also: Box<[f64]>,
    /// Steps made.
    pub steps: u64,
    /// Seconds of training.
    pub secs: f64,
    /// Why it failed or was pruned: `diverged: generator/loss`, `collapsed: ...`, `lost: ...`.
    pub why: Option<Box<str>>,
    /// Its run folder, below the study's, if it has one.
    pub folder: Option<Box<str>>,
}

/// The score on the way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Steps made.
    pub step: u64,
    /// Seconds of training until then.
    pub secs: f64,
    /// The value of the study's reading.
    pub score: f64,
}

/// A study with all of its runs, whether it has ended or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// The study's name.
    pub name: String,
    /// What it asks.
    pub question: String,
    /// The reading that is the score, such as `samples/n_modes`.
    pub reading: String,
    /// Which way the score is better; never `None`.
    pub better: Direction,
    /// The other readings that were kept.
    pub also: Vec<String>,
    /// What every run gets, in words: `2000 steps`.
    pub budget: String,
    /// Names of the arms, in the order of the file.
    pub arms: Vec<String>,
    /// Where the arms begin, if any of them is a fork: one an arm.
    pub forks: Vec<Option<Fork>>,
    /// Names of the stages, in their order. The last one answers the study.
    pub stages: Vec<String>,
    /// All configurations.
    pub configs: Vec<Config>,
    /// All runs.
    pub runs: Vec<Row>,
}

/// Reads the scores of runs on their way, which a report asks for a few runs only.
pub trait Curves {
    /// The scores of each of these runs (by [`Row::id`]), by steps.
    ///
    /// # Errors
    /// A store that cannot be read.
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>>;
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Number(number) => write!(f, "{number}"),
            Setting::Text(text) => f.write_str(text),
        }
    }
}
