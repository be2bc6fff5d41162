//! Probes: readings of the live game, each at its own cadence. They are programs of their own, so they
//! cannot disturb training.

pub(crate) mod bins;
pub(crate) mod channels;
pub(crate) mod classes;
pub(crate) mod field;
mod gradients;
pub(crate) mod held_out;
mod kind;
mod later;
pub(crate) mod modes;
mod scheduled;
pub(crate) mod sensitivity;
pub(crate) mod weights;

pub use kind::{Probe, ProbeKind, ProbeSpec, Site};
pub use later::Later;
pub(crate) use later::Pending;
pub(crate) use scheduled::{Asked, Needed, Probes, Scheduled};

use ganatomy_record::{Direction, Entry};

use crate::error::TrainError;
use crate::rules::Rules;

/// Builds a probe, if it applies.
type Build = fn(&mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError>;

/// A probe that comes with Ganatomy: what builds it, and what it will read in a run of these rules.
#[derive(Clone, Copy)]
struct BuiltIn {
    build: Build,
    readings: fn(&Rules) -> Vec<(String, Direction)>,
}

impl ProbeSpec for BuiltIn {
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        (self.build)(site)
    }

    fn known_readings(&self, rules: &Rules) -> Option<Vec<(String, Direction)>> {
        Some((self.readings)(rules))
    }
}

/// A row: its name, its line of doc, and the probe.
fn row(name: &'static str, doc: &'static str, build: BuiltIn) -> Entry<dyn ProbeSpec> {
    Entry::<dyn ProbeSpec>::new(name, doc, move |_| Ok(Box::new(build)))
}

/// Every probe, with the steps between its readings and the samples that it draws.
#[rustfmt::skip]
pub fn probes() -> Vec<ProbeKind> {
    vec![
        ProbeKind::new(row("gradients", "norms of both players' gradients, layer by layer too, the share that is zero, and G's loss at its output", gradients::PROBE), 100, 0).needing(gradients::needs),
        ProbeKind::new(row("bins", "which parts of the data samples reach, how far they spread, and whether they copy it or are told by one number", bins::PROBE), 200, 512).needing(bins::needs),
        ProbeKind::new(row("weights", "sizes of the players' parameters and of their updates' moments, and how far G is from its average", weights::PROBE), 200, 0),
        ProbeKind::new(row("sensitivity", "how far samples move with latent points, and in how many directions", sensitivity::PROBE), 500, 8).needing(sensitivity::needs),
        ProbeKind::new(row("field", "whether the game's field attracts the players or sends them round", field::PROBE), 1000, 0).needing(field::needs),
        ProbeKind::new(row("held-out", "D's loss, logit and accuracy on real items that are held out, and how far it overfits", held_out::PROBE), 500, 512).needing(held_out::needs),
        ProbeKind::new(row("modes", "modes captured, high-quality share and reverse KL, where modes are known", modes::PROBE), 500, 2500).needing(modes::needs),
        ProbeKind::new(row("classes", "classes captured, reverse KL and classifier score, for labelled images", classes::PROBE), 500, 2500).needing(classes::needs),
        ProbeKind::new(row("channels", "modes captured and reverse KL, for stacks of labelled images", channels::PROBE), 5000, 25_600).needing(channels::needs),
    ]
}
