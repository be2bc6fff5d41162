//! Cures: changes of a spec that may mend what is wrong, each with where that is known from; their values come from the run's own.

mod fit;
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
    /// Is what it undoes out of the ordinary in a run, as far as that is known? Then it is the likeliest cause.
    undoes: fn(&Facts) -> bool,
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

/// Cures that do not go by a discriminator's opinion.
const WITHOUT_JUDGE: [&Cure; 9] = [
    &known::SLOWER,
    &known::USUAL_RATES,
    &known::MOVING,
    &known::AVERAGE,
    &known::HELD_OUT,
    &known::SETTLE,
    &known::BEST,
    &known::RANGE,
    &known::SCORE_AGAIN,
];

/// The remedies of a verdict for a run: those that undo what is out of the ordinary in it first, then those that helped more often
/// in the ward, and what was never tried there where the literature puts it.
pub(crate) fn remedies(verdict: &str, cures: &[Cure], facts: &Facts) -> Vec<Remedy> {
    let mut all: Vec<(bool, f64, Remedy)> = Vec::new();
    // Whatever is wrong, a player that does not move at all is behind it.
    let known = |cure: &Cure| cures.iter().any(|own| own.name == cure.name);
    let still = Some(&known::MOVING).filter(|cure| (cure.undoes)(facts) && !known(cure));
    let fits = |cure: &&Cure| facts.has_judge() || WITHOUT_JUDGE.iter().any(|own| own.name == cure.name);
    for cure in cures.iter().chain(still).filter(fits) {
        let share = learned::share(verdict, facts.loss.as_deref(), cure.name);
        all.extend(cure.remedy(facts).map(|remedy| ((cure.undoes)(facts), share, remedy)));
    }
    // What is alike stays in the order of the literature.
    all.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    all.into_iter().map(|(_, _, remedy)| remedy).collect()
}
