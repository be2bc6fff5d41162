//! Schemes: who moves when, and on which gradient. A scheme knows no loss.

mod alternating;
mod competitive;
mod consensus;
mod extragradient;
mod field;
mod lola;
mod lookahead_minimax;
mod optimistic;
mod past_extragradient;
mod play;
mod roots;
mod simultaneous;
mod symplectic;
mod unrolled;

pub use alternating::Alternating;
pub use competitive::Competitive;
pub use consensus::Consensus;
pub use extragradient::Extragradient;
pub use field::{Along, Field};
pub use lola::Lola;
pub use lookahead_minimax::LookaheadMinimax;
pub use optimistic::Optimistic;
pub use past_extragradient::PastExtragradient;
pub(crate) use play::Board;
pub use play::{Batch, Gradient, Mark, Play};
pub use simultaneous::Simultaneous;
pub use symplectic::Symplectic;
pub use unrolled::Unrolled;

use crate::game::Game;
use crate::registry::Entry;

/// The order of moves within one step, written into a program.
pub trait Scheme: Send + Sync {
    /// Traces one step.
    fn step(&self, play: &mut Play<'_>);

    /// Why this scheme cannot play a game, if it cannot.
    fn fit(&self, _game: &dyn Game) -> Result<(), String> {
        Ok(())
    }

    /// What theory says of `min_y max_x xy`: the factor by which the distance to the equilibrium changes a step, for
    /// gradient descent with learning rate `lr` and momentum `beta`; nothing where no closed form is known.
    fn bilinear_rate(&self, _lr: f64, _beta: f64) -> Option<f64> {
        None
    }
}

/// Every scheme.
#[rustfmt::skip]
pub const SCHEMES: &[Entry<dyn Scheme>] = &[
    Entry::documented("alternating", "D moves n times, then G, each on the other's newest parameters", include_str!("alternating.rs"), |f| Ok(Box::new(Alternating::read(f)?))),
    Entry::documented("simultaneous", "both move at once, on one batch", include_str!("simultaneous.rs"), |_| Ok(Box::new(Simultaneous))),
    Entry::documented("extragradient", "look one move ahead, then move on the gradient found there", include_str!("extragradient.rs"), |_| Ok(Box::new(Extragradient))),
    Entry::documented("past-extragradient", "look ahead along the last gradient, then move", include_str!("past_extragradient.rs"), |_| Ok(Box::new(PastExtragradient))),
    Entry::documented("optimistic", "twice the gradient less the last one", include_str!("optimistic.rs"), |_| Ok(Box::new(Optimistic))),
    Entry::documented("consensus", "every player also lowers the norm of all gradients", include_str!("consensus.rs"), |f| Ok(Box::new(Consensus::read(f)?))),
    Entry::documented("symplectic", "turns the gradients towards the equilibrium (SGA)", include_str!("symplectic.rs"), |f| Ok(Box::new(Symplectic::read(f)?))),
    Entry::documented("competitive", "each move is the best answer to the other's move (CGD)", include_str!("competitive.rs"), |f| Ok(Box::new(Competitive::read(f)?))),
    Entry::documented("lola", "each player expects the others' next move, and shapes it", include_str!("lola.rs"), |f| Ok(Box::new(Lola::read(f)?))),
    Entry::documented("lookahead-minimax", "every k steps, back part of the way", include_str!("lookahead_minimax.rs"), |f| Ok(Box::new(LookaheadMinimax::read(f)?))),
    Entry::documented("unrolled", "G learns against the D of k steps later, and through them", include_str!("unrolled.rs"), |f| Ok(Box::new(Unrolled::read(f)?))),
];

#[cfg(test)]
mod exam;
