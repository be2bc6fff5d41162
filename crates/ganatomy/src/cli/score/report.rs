//! What was scored, as text and as JSON.

use std::collections::BTreeMap;

use ganatomy_record::Direction;
use ganatomy_score::Value;
use ganatomy_view::Words;
use serde::{Serialize, Serializer};

use crate::cli::HEADING;
use crate::cli::text::{brief, styled, table, whole};

/// Scores and all that they depend on.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The samples.
    pub generated: Origin,
    /// The data.
    pub real: Origin,
    /// What made the features.
    pub extractor: Made,
    /// How images came to their size.
    #[serde(serialize_with = "in_english")]
    pub resize: Words,
    /// Fixes what was drawn.
    pub seed: u64,
    /// The scores by name of the score and of its number.
    pub scores: BTreeMap<String, BTreeMap<&'static str, Number>>,
    /// What to bear in mind.
    #[serde(serialize_with = "all_in_english")]
    pub notes: Vec<Words>,
    #[serde(skip)]
    pub rows: Vec<(Value, Option<f64>)>,
}

/// Where a side comes from.
#[derive(Debug, Serialize)]
pub(super) struct Origin {
    #[serde(serialize_with = "in_english")]
    pub from: Words,
    pub split: &'static str,
    pub hash: String,
    pub n: usize,
    /// Were the features made before, and kept?
    pub from_cache: bool,
}

/// What made the features.
#[derive(Debug, Serialize)]
pub(super) struct Made {
    pub name: String,
    pub hash: String,
    pub dims: usize,
}

/// One number.
#[derive(Debug, Serialize)]
pub(super) struct Number {
    pub value: f64,
    pub spread: Option<f64>,
    /// The same number of real items against others, as good as any generator can be.
    pub real_against_real: Option<f64>,
    pub direction: &'static str,
}

fn in_english<S: Serializer>(words: &Words, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&words.en)
}

fn all_in_english<S: Serializer>(all: &[Words], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(all.iter().map(|words| &*words.en))
}

impl Report {
    /// One without scores yet, of the generated and the real side.
    pub fn new(sides: [Origin; 2], made: Made, resize: Words, seed: u64, notes: Vec<Words>) -> Report {
        let [generated, real] = sides;
        let (scores, rows) = (BTreeMap::new(), Vec::new());
        Report { generated, real, extractor: made, resize, seed, scores, notes, rows }
    }

    /// Adds a score's numbers beside those of real against real.
    pub fn add(&mut self, score: &str, values: Vec<Value>, floor: &[Value]) {
        for value in values {
            let other = floor.iter().find(|other| other.name == value.name).map(|other| other.value);
            let direction = match value.direction {
                Direction::Up => "up",
                Direction::Down => "down",
                _ => "none",
            };
            let number =
                Number { value: value.value, spread: value.spread, real_against_real: other, direction };
            self.scores.entry(score.to_owned()).or_default().insert(value.name, number);
            self.rows.push((value, other));
        }
    }

    /// As people read it.
    pub fn to_text(&self) -> String {
        let line =
            |heading: &str, text: String| format!("{}  {text}\n", styled(HEADING, &format!("{heading:<9}")));
        let side = |side: &Origin| {
            let kept = if side.from_cache { " (features made before)" } else { "" };
            format!("{} of {}{kept}", whole(side.n as u64), side.from.en)
        };
        let made = &self.extractor;
        let mut text = line("generated", side(&self.generated));
        text += &line("real", side(&self.real));
        text += &line(
            "features",
            format!("{} ({} numbers, {})", made.name, made.dims, &made.hash[..12.min(made.hash.len())]),
        );
        text += &line("resize", self.resize.en.to_string());
        text += &line("seed", self.seed.to_string());
        let head = ["number", "value", "spread", "real against real", "better"].map(str::to_owned).to_vec();
        let shown = |x: Option<f64>| x.map_or("-".to_owned(), brief);
        let row = |(value, floor): &(Value, Option<f64>)| {
            let better = match value.direction {
                Direction::Up => "up",
                Direction::Down => "down",
                _ => "",
            };
            vec![
                value.name.to_owned(),
                brief(value.value),
                shown(value.spread),
                shown(*floor),
                better.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(self.rows.iter().map(row)).collect();
        text += &format!("\n{}", table(&rows, "  ", 5));
        for note in &self.notes {
            text += &format!("\n{}  {}", styled(HEADING, "note"), note.en);
        }
        if self.notes.is_empty() { text } else { text + "\n" }
    }
}
