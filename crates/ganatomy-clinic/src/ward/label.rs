//! What is wrong with a run of the ward, by what the clinic is not shown.
//!
//! Windows are shares of the run: "at the end" is its last tenth, "late" its last third. Quality is the share of samples near a
//! mode beside the same share of real items (of images: nearer to a real item than 95 % of other real items), effective modes are
//! `exp(entropy)` of the shares of modes or classes as a share of all, on other samples than the clinic's.
//!
//! | label | holds where |
//! |---|---|
//! | `diverged` | the run ended in a number that is not finite |
//! | `complete-collapse` | at the end, samples are spread less than a tenth as wide as data; or less than 0.9 as wide with at most 1.5 effective modes |
//! | `partial-collapse` | at the end, the run is not collapsed completely, and samples that are like data (quality at least 0.1) have at most 0.8 of the effective modes, or a fifth of their share of fewer than 0.85 of the modes; or samples are spread less than 0.4 as wide as data |
//! | `rotating-modes` | late, from reading to reading (a fortieth of the run), at least 0.35 of samples go to other modes in the middle reading |
//! | `oscillation` | late, the centre of the samples swings about its mean by at least 0.25 of the data's width (root mean square) and crosses it at least four times |
//! | `vanishing-gradient` | late, samples of the same noise stay (less than 0.01 of the data's width from reading to reading) though D tells all of them (AUC at least 0.99), they are bad (quality under 0.2) and G's rate is not below 1e-5 |
//! | `exploding-gradient` | the root mean square of all weights has grown tenfold, or is above 2 (it begins at about 0.1), or the run diverged after it grew threefold |
//! | `discriminator-too-strong` | late, D tells other real items from samples with an AUC of at least 0.995, and quality is under 0.5 and has not grown by 0.1 since the first third |
//! | `generator-too-strong` | late, D's AUC is at most 0.6 though samples are bad (quality under 0.3), and D does learn |
//! | `dead-players` | late, samples of the same noise stay (under 0.005) and D has no opinion (AUC between 0.4 and 0.6) or the cause is a D that cannot move; samples are bad |
//! | `discriminator-overfitting` | late, the AUC of training items is above that of other real items by at least 0.1 |
//! | `memorisation` | at the end, at least 0.3 of the samples are copies: nearer to a training item than 0.3 of the distance that other real items have to one |
//! | `trivial-cue` | the cause: data beyond the generator's range |
//! | `never-learned` | quality under 0.1 at every reading after the first tenth |
//! | `past-its-best` | quality times effective modes is at the end at most 0.6 of its best (both a middle of three readings), and the best was at least 0.2 |
//! | `healthy` | none of these, quality at least 0.5, effective modes at least 0.8 and spread between 0.5 and 1.5 at the end |
//! | `converged` | healthy, and quality times effective modes late is within 0.1 of the third before |
//!
//! A run with no label is grey: neither ill nor well by these rules; it counts for no verdict's recall, and a verdict on it counts as
//! neither right nor wrong.

use std::collections::BTreeSet;

use ganatomy_record::Outcome;

use super::Case;
use crate::median;

/// Causes whose D cannot move.
const CANNOT_MOVE: [&str; 2] = ["still-d", "dead"];
/// The cause of a trivial cue.
const CUE: [&str; 2] = ["scaled-2", "scaled-3"];

/// What is wrong with a run, or that it is well; nothing of a run between.
pub fn labels(case: &Case) -> BTreeSet<&'static str> {
    let truth = Truth { case };
    let mut all: BTreeSet<&'static str> = BTreeSet::new();
    let mut add = |name, holds: bool| {
        if holds {
            all.insert(name);
        }
    };
    let diverged = matches!(case.chart.outcome(), Some(Outcome::Diverged { .. }));
    let grown = truth.growth();
    add("diverged", diverged);
    let large = truth.end("weights") > 2.0;
    add("exploding-gradient", grown >= 10.0 || large || (diverged && grown >= 3.0));
    add("trivial-cue", CUE.iter().any(|cue| case.cause.contains(cue)));
    if !diverged {
        truth.of_samples(&mut add);
        truth.of_players(&mut add);
    }
    let as_wide = (0.5..=1.5).contains(&truth.end("spread"));
    if all.is_empty() && as_wide && truth.end("quality") >= 0.5 && truth.end("effective") >= 0.8 {
        all.insert("healthy");
        let before = truth.middle("good", 1.0 / 3.0, 2.0 / 3.0);
        if (truth.middle("good", 2.0 / 3.0, 1.0) - before).abs() <= 0.1 {
            all.insert("converged");
        }
    }
    all
}

/// The step since which a run has collapsed, completely or partly, by single readings of the truth; nothing of one that has not.
pub fn onset(case: &Case) -> Option<u64> {
    let n_modes = case.chart.n_modes().map_or(1.0, |n| n as f64);
    let all = |name: &str| case.truth.get(name).map(|series| series.points().to_vec());
    let (spread, effective) = (all("spread")?, all("effective")?);
    let collapsed = |i: &usize| {
        let (spread, effective) = (spread[*i].1, effective[*i].1);
        spread < 0.4 || (n_modes > 1.0 && effective <= 0.8)
    };
    let n = spread.len().min(effective.len());
    (0..n).rev().take_while(collapsed).last().map(|i| spread[i].0)
}

/// The hidden readings of a run.
struct Truth<'a> {
    case: &'a Case,
}

impl Truth<'_> {
    /// The values of a reading between two shares of the run; `good` is quality times effective modes.
    fn within(&self, name: &str, from: f64, to: f64) -> Vec<f64> {
        if name == "good" {
            let both = self.within("quality", from, to).into_iter().zip(self.within("effective", from, to));
            return both.map(|(quality, effective)| quality.min(1.0) * effective).collect();
        }
        let steps = self.case.chart.steps() as f64;
        let range = (from * steps).ceil() as u64..(to * steps) as u64 + 1;
        let series = self.case.truth.get(name);
        series.map_or(Vec::new(), |series| series.within(range).iter().map(|point| point.1).collect())
    }

    fn middle(&self, name: &str, from: f64, to: f64) -> f64 {
        median(self.within(name, from, to)).unwrap_or(f64::NAN)
    }

    fn end(&self, name: &str) -> f64 {
        self.middle(name, 0.9, 1.0)
    }

    fn late(&self, name: &str) -> f64 {
        self.middle(name, 2.0 / 3.0, 1.0)
    }

    /// How much larger the weights are at most than at first.
    fn growth(&self) -> f64 {
        let all = self.within("weights", 0.0, 1.0);
        let first = all.first().copied().unwrap_or(f64::NAN);
        all.iter().copied().fold(0.0, f64::max) / first
    }

    fn n_modes(&self) -> f64 {
        self.case.chart.n_modes().map_or(1.0, |n| n as f64)
    }

    fn of_samples(&self, add: &mut impl FnMut(&'static str, bool)) {
        let n_effective = self.end("effective") * self.n_modes();
        let spread = self.end("spread");
        let complete = spread < 0.1 || (spread < 0.9 && self.n_modes() > 1.0 && n_effective <= 1.5);
        let partial = self.end("effective") <= 0.8 || self.end("held") < 0.85;
        let misses = self.n_modes() > 1.0 && self.end("quality") >= 0.1 && partial;
        add("complete-collapse", complete);
        add("partial-collapse", !complete && (misses || spread < 0.4));
        add("rotating-modes", self.n_modes() > 1.0 && self.late("turned") >= 0.35);
        add("oscillation", ["centre_0", "centre_1"].iter().any(|name| self.swings(name)));
        add("memorisation", self.end("copies") >= 0.3);
        add("never-learned", self.within("quality", 0.1, 1.0).iter().all(|quality| *quality < 0.1));
        let good = self.within("good", 0.0, 1.0);
        let best = good.windows(3).filter_map(|three| median(three.iter().copied())).fold(0.0, f64::max);
        let last = median(good.iter().rev().take(3).copied()).unwrap_or(f64::NAN);
        add("past-its-best", best >= 0.2 && last <= 0.6 * best);
    }

    /// Does the centre of the samples swing along an axis?
    fn swings(&self, name: &str) -> bool {
        let values = self.within(name, 2.0 / 3.0, 1.0);
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let off: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let size = (off.iter().map(|x| x * x).sum::<f64>() / off.len().max(1) as f64).sqrt();
        let crossings = off.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        size >= 0.25 && crossings >= 4
    }

    fn of_players(&self, add: &mut impl FnMut(&'static str, bool)) {
        let (drift, told, quality) = (self.late("drift"), self.late("auc_fresh"), self.late("quality"));
        let rate = self.case.chart.facts.g_rate.unwrap_or(0.0);
        add("vanishing-gradient", drift < 0.01 && told >= 0.99 && quality < 0.2 && rate >= 1e-5);
        let grew = quality - self.middle("quality", 0.0, 1.0 / 3.0);
        add("discriminator-too-strong", told >= 0.995 && quality < 0.5 && grew < 0.1);
        let cannot_move = CANNOT_MOVE.iter().any(|cause| self.case.cause.ends_with(cause));
        add("generator-too-strong", told <= 0.6 && quality < 0.3 && !cannot_move);
        let no_opinion = (0.4..=0.6).contains(&told) || cannot_move;
        add("dead-players", drift < 0.005 && no_opinion && quality < 0.3 || (cannot_move && quality < 0.3));
        add("discriminator-overfitting", self.late("auc_trained") - told >= 0.1);
    }
}
