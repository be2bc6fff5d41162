//! Cures: changes of a spec that may mend what is wrong, each with where that is known from; their values come from the run's own.

pub(crate) mod known;
mod learned;

pub use learned::{Learned, learned};

use crate::{Facts, Remedy};

/// A change that may mend what is wrong, before it is fitted to a run.
#[derive(Clone, Copy, Debug)]
pub struct Cure {
    /// Its name.
    pub name: &'static str,
    /// What to type after `ganatomy train`, of a run of which nothing is known.
    pub usual: &'static str,
    /// The same for a run; nothing where the run is so already, as far as that is known.
    fit: fn(&Facts, &'static str) -> Option<String>,
    /// Why it may help.
    pub why: &'static str,
    /// Where that is known from.
    pub source: &'static str,
}

impl Cure {
    /// The remedy for a run.
    pub fn remedy(&self, facts: &Facts) -> Option<Remedy> {
        let change = (self.fit)(facts, self.usual)?;
        Some(Remedy { name: self.name, change, why: self.why, source: self.source })
    }
}

/// The remedies of a verdict for a run: those that helped more often in the ward first, and what was never tried there where the
/// literature puts it.
pub(crate) fn remedies(verdict: &str, cures: &[Cure], facts: &Facts) -> Vec<Remedy> {
    let mut all: Vec<(f64, Remedy)> = Vec::new();
    for cure in cures {
        let share = learned::share(verdict, facts.loss.as_deref(), cure.name);
        all.extend(cure.remedy(facts).map(|remedy| (share, remedy)));
    }
    // What is alike stays in the order of the literature.
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().map(|(_, remedy)| remedy).collect()
}
