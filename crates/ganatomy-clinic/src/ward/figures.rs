//! How often the clinic is right on the ward.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, labels, onset};
use crate::{Chart, Finding, diagnose, verdicts};

/// How often each verdict was right.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// One row a verdict, in the clinic's order; those that no run has and that was given to none are left out.
    pub rows: Vec<Row>,
    /// Healthy runs, and those of them on which something was said to be wrong.
    pub false_alarms: (usize, usize),
    /// Every verdict given to a run that has a label, and whether it was right.
    pub given: Vec<(Finding, bool)>,
}

/// One verdict's counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// Runs that have it and were said to.
    pub right: usize,
    /// Runs that were wrongly said to have it.
    pub wrong: usize,
    /// Runs that have it, and were not said to.
    pub missed: usize,
    /// Runs that have it, and of which the readings do not tell.
    pub untold: usize,
}

impl Row {
    /// The share of its verdicts that are right.
    pub fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    /// Runs that have it.
    pub fn runs(&self) -> usize {
        self.right + self.missed + self.untold
    }

    /// The share of its runs that it found; what cannot be told is not found.
    pub fn recall(&self) -> f64 {
        self.right as f64 / self.runs().max(1) as f64
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.right + self.wrong + self.runs()).max(1) as f64
    }
}

impl Figures {
    /// The mean of F1 over the verdicts that at least so many runs have.
    pub fn macro_f1(&self, least: usize) -> f64 {
        let counted: Vec<f64> = self.rows.iter().filter(|row| row.runs() >= least).map(Row::f1).collect();
        counted.iter().sum::<f64>() / counted.len().max(1) as f64
    }
}

/// Is it a reading of known modes or classes, which an unlabelled folder does not have?
pub fn is_known(name: &str) -> bool {
    let of_modes = [
        "n_modes",
        "high_quality_share",
        "reverse_kl",
        "quality_kl",
        "n_classes",
        "classifier_score",
        "nearest_classes_kl",
    ];
    let shares = ["mode_share/", "class_share/"];
    let is_known = |own: &str| of_modes.contains(&own) || shares.iter().any(|family| own.starts_with(family));
    name.strip_prefix("samples/").is_some_and(is_known)
}

/// Judges the clinic on runs of the ward, each seen as `shown` shows it.
pub fn figures(cases: &[Case], shown: impl Fn(&Chart) -> Chart) -> Figures {
    let mut all = Figures::default();
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    for case in cases {
        let known = labels(case);
        if known.is_empty() {
            continue;
        }
        let diagnosis = diagnose(&shown(&case.chart));
        let cannot_tell = |name: &str| diagnosis.cannot_tell.iter().any(|cannot| cannot.name == name);
        let found = &diagnosis.verdicts;
        let named: BTreeSet<&'static str> = found.iter().map(|finding| finding.name).collect();
        for name in known.union(&named) {
            let row = rows.entry(name).or_insert_with(|| Row { name, ..Row::default() });
            match (known.contains(name), named.contains(name)) {
                (true, true) => row.right += 1,
                (true, false) if cannot_tell(name) => row.untold += 1,
                (true, false) => row.missed += 1,
                _ => row.wrong += 1,
            }
        }
        all.given.extend(found.iter().map(|finding| (finding.clone(), known.contains(finding.name))));
        if known.contains("healthy") {
            all.false_alarms.0 += 1;
            all.false_alarms.1 += usize::from(named.iter().any(|name| !crate::is_well(name)));
        }
    }
    all.rows = verdicts().iter().filter_map(|verdict| rows.remove(verdict.name)).collect();
    all
}

/// What counts as the naming of a collapse.
const COLLAPSES: [&str; 2] = ["complete-collapse", "partial-collapse"];

/// Steps between the onset of a collapse and its being named for good, as shares of the run, least first; infinite where it never was.
pub fn delays(cases: &[Case], shown: impl Fn(&Chart) -> Chart) -> Vec<f64> {
    let collapsed = cases.iter().filter(|case| labels(case).iter().any(|name| COLLAPSES.contains(name)));
    let mut all: Vec<f64> = collapsed.filter_map(|case| delay(case, &shown)).collect();
    all.sort_by(f64::total_cmp);
    all
}

/// How long after its onset a collapse was named for good, as a share of the run; nothing where its onset is not known, or lies in
/// the beginning of the run, where samples are alike anyway.
fn delay(case: &Case, shown: &impl Fn(&Chart) -> Chart) -> Option<f64> {
    let (begun, steps) = (onset(case)?, case.chart.steps());
    let begun = begun.max(steps / 10);
    let looks: Vec<u64> = case.truth.get("spread")?.points().iter().map(|point| point.0).collect();
    let named = |step: &&u64| {
        let found = diagnose(&shown(&case.chart.until(**step)));
        COLLAPSES.iter().any(|name| found.holds(name))
    };
    let first = looks.iter().rev().take_while(named).last();
    Some(first.map_or(f64::INFINITY, |step| step.saturating_sub(begun) as f64 / steps as f64))
}
