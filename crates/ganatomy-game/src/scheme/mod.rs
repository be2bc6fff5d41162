//! Schemes: who moves when, and on which gradient. A scheme knows no loss.

mod alternating;
mod play;

pub use alternating::Alternating;
pub use play::{Gradient, Play};

use crate::registry::Entry;

/// The order of moves within one step, written into a program.
pub trait Scheme: Send + Sync {
    /// Traces one step.
    fn step(&self, play: &mut Play<'_>);
}

/// Every scheme.
pub const SCHEMES: &[Entry<dyn Scheme>] =
    &[Entry::new("alternating", "D moves n times, then G, each on the other's newest parameters", |f| {
        Ok(Box::new(Alternating::read(f)?))
    })];
