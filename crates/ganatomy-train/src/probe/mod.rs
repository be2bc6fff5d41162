//! Probes: readings of the live game, each at its own cadence. They are programs of their own, so they
//! cannot disturb training.

pub(crate) mod channels;
pub(crate) mod classes;
mod gradients;
pub(crate) mod held_out;
mod kind;
pub(crate) mod modes;
mod scheduled;

pub use kind::{Probe, ProbeKind, ProbeSpec, Site};
pub(crate) use scheduled::{Probes, Scheduled};

use ganatomy_record::Entry;

/// A row: its name, its line of doc, and what builds it.
fn row(
    name: &'static str,
    doc: &'static str,
    build: impl ProbeSpec + Copy + 'static,
) -> Entry<dyn ProbeSpec> {
    Entry::<dyn ProbeSpec>::new(name, doc, move |_| Ok(Box::new(build)))
}

/// Every probe, with the steps between its readings and the samples that it draws.
#[rustfmt::skip]
pub fn probes() -> Vec<ProbeKind> {
    vec![
        ProbeKind::new(row("gradients", "norms of both players' gradients and of G's loss at its output", gradients::build), 100, 0).needing(gradients::needs),
        ProbeKind::new(row("held-out", "D's loss, logit and accuracy on real items that are held out, and how far it overfits", held_out::build), 500, 512).needing(held_out::needs),
        ProbeKind::new(row("modes", "modes captured, high-quality share and reverse KL, where modes are known", modes::build), 500, 2500).needing(modes::needs),
        ProbeKind::new(row("classes", "classes captured, reverse KL and classifier score, for labelled images", classes::build), 500, 2500).needing(classes::needs),
        ProbeKind::new(row("channels", "modes captured and reverse KL, for stacks of labelled images", channels::build), 5000, 25_600).needing(channels::needs),
    ]
}
