//! What the searched settings do: how much each matters, and where good scores lie.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gather::{Cell, Gathered, Group};
use super::number::told;
use crate::stats::{Column, Importance, importance, shares_below};
use crate::{Setting, Settings};

/// Configurations drawn as lines.
const MOST_LINES: usize = 150;
/// Those of them that are the best, if there are more.
const BEST_LINES: usize = 30;

/// The settings that an arm has searched, in the stage in which it tried most.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Searched {
    /// The arm by its place.
    pub arm: usize,
    /// The stage by its place.
    pub stage: usize,
    /// Configurations of which a run ended.
    pub tried: usize,
    /// How much each setting matters.
    pub influence: Influence,
    /// Where good scores lie.
    pub coordinates: Coordinates,
}

/// How much settings matter for the rank of a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "told")]
pub enum Influence {
    /// The share of each setting by itself in the variance of ranks (functional ANOVA of a forest), the largest first.
    Shares {
        /// Setting and share.
        of: Vec<(String, f64)>,
        /// The share of the variance that the forest explains in configurations that it has not seen.
        explained: f64,
    },
    /// So few configurations tell nothing.
    TooFew {
        /// How many it would take.
        least: usize,
    },
    /// The scores do not follow the settings.
    Unexplained,
}

/// Configurations as lines over one axis for each setting, and one for the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coordinates {
    /// Name of each setting, with its lowest and its highest value or its first and last choice.
    pub axes: Vec<[String; 3]>,
    /// Places along the axes, from 0 to 1; the last one is the share of configurations that are worse. The best configurations come last.
    pub lines: Vec<Vec<f64>>,
    /// How many of the last lines are of the best tenth.
    pub n_best: usize,
}

/// Of every arm that has searched.
pub(super) fn searched(gathered: &Gathered<'_>) -> Vec<Searched> {
    (0..gathered.results.arms.len()).filter_map(|arm| of_arm(gathered, arm)).collect()
}

fn of_arm(gathered: &Gathered<'_>, arm: usize) -> Option<Searched> {
    let group = |stage: usize| &gathered.groups(stage)[arm];
    let stage = (0..gathered.n_stages()).rev().max_by_key(|stage| group(*stage).cells.len())?;
    let (cells, ranks) = ranked(gathered, group(stage));
    let settings: Vec<&Settings> =
        cells.iter().map(|cell| &gathered.results.configs[cell.config].settings).collect();
    let columns = columns(&settings);
    if columns.is_empty() {
        return None;
    }
    let scores = shares_below(&ranks);
    let only: Vec<Column> = columns.values().map(|(column, _)| column.clone()).collect();
    let influence = match importance(&only, &scores) {
        Importance::TooFew { least } => Influence::TooFew { least },
        Importance::Unexplained => Influence::Unexplained,
        Importance::Shares { of, explained } => {
            let mut of: Vec<(String, f64)> = columns.keys().cloned().zip(of).collect();
            of.sort_by(|a, b| b.1.total_cmp(&a.1));
            Influence::Shares { of, explained }
        }
    };
    Some(Searched { arm, stage, tried: cells.len(), influence, coordinates: coordinates(&columns, &scores) })
}

/// Configurations of which a run ended, with their ranks.
fn ranked<'a>(gathered: &Gathered<'_>, group: &'a Group) -> (Vec<&'a Cell>, Vec<f64>) {
    group.cells.iter().filter_map(|cell| Some((cell, gathered.rank_of(cell)?))).unzip()
}

/// The settings that all configurations have, and that differ among them, with their lowest and highest value.
fn columns(settings: &[&Settings]) -> BTreeMap<String, (Column, [String; 2])> {
    let names = settings.first().map(|first| first.keys()).into_iter().flatten();
    let column = |name: &String| {
        let values: Vec<&Setting> =
            settings.iter().map(|settings| settings.get(name)).collect::<Option<_>>()?;
        let numbers: Option<Vec<f64>> = values.iter().map(|value| value.number()).collect();
        let (column, ends) = match numbers {
            Some(numbers) => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                (Column::Numbers(numbers), [told(low), told(high)])
            }
            None => {
                let names: Vec<String> = values.iter().map(ToString::to_string).collect();
                let known: Vec<&String> = names.iter().collect::<BTreeSet<_>>().into_iter().collect();
                let place = |name: &String| known.partition_point(|other| *other < name);
                let ends = [known.first(), known.last()].map(|end| end.map(|name| (*name).clone()));
                (Column::Choices(names.iter().map(place).collect()), ends.map(Option::unwrap_or_default))
            }
        };
        (ends[0] != ends[1]).then(|| (name.clone(), (column, ends)))
    };
    names.filter_map(column).collect()
}

fn coordinates(columns: &BTreeMap<String, (Column, [String; 2])>, scores: &[f64]) -> Coordinates {
    let axes = columns.iter().map(|(name, (_, [low, high]))| [name.clone(), low.clone(), high.clone()]);
    let places: Vec<Vec<f64>> = columns.values().map(|(column, _)| places(column)).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let n = order.len();
    let n_best = n.div_ceil(10).min(BEST_LINES);
    let (others, best) = order.split_at(n - n_best);
    let room = others.len().min(MOST_LINES - n_best);
    let even = (0..room).map(|i| others[i * others.len() / room]);
    let line = |i: usize| places.iter().map(|places| places[i]).chain([scores[i]]).collect();
    Coordinates { axes: axes.collect(), lines: even.chain(best.iter().copied()).map(line).collect(), n_best }
}

/// Where each value lies between the lowest and the highest: numbers by their rank, since ranges may be logarithmic.
fn places(column: &Column) -> Vec<f64> {
    match column {
        Column::Numbers(values) => shares_below(values),
        Column::Choices(values) => {
            let last = values.iter().max().copied().unwrap_or(0).max(1);
            values.iter().map(|choice| *choice as f64 / last as f64).collect()
        }
    }
}

impl Setting {
    fn number(&self) -> Option<f64> {
        match self {
            Setting::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        }
    }
}
