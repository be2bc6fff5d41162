//! Schemes: who moves when, and on which gradient. A scheme knows no loss.

mod alternating;
mod competitive;
mod consensus;
mod extragradient;
mod lola;
mod lookahead_minimax;
mod optimistic;
mod past_extragradient;
mod roots;
mod simultaneous;
mod symplectic;
mod unrolled;

pub use alternating::Alternating;
pub use competitive::Competitive;
pub use consensus::Consensus;
pub use extragradient::Extragradient;
pub use lola::Lola;
pub use lookahead_minimax::LookaheadMinimax;
pub use optimistic::Optimistic;
pub use past_extragradient::PastExtragradient;
pub use simultaneous::Simultaneous;
pub use symplectic::Symplectic;
pub use unrolled::Unrolled;

pub use crate::step::{Along, Batch, Field, Gradient, Mark, Play};

use crate::step::Game;
use ganatomy_record::Entry;

/// The order of moves within one step, written into a program.
pub trait Scheme: Send + Sync {
    /// Traces one step.
    fn step(&self, play: &mut Play<'_>);

    /// Checks that this scheme can play a game.
    ///
    /// # Errors
    /// Why the scheme cannot play this game.
    fn fit(&self, _game: &dyn Game) -> Result<(), String> {
        Ok(())
    }

    /// In theory, the factor by which the distance to the equilibrium of `min_y max_x xy` changes a step, for
    /// gradient descent with learning rate `lr` and momentum `beta`; nothing where no closed form is known.
    fn bilinear_rate(&self, _lr: f64, _beta: f64) -> Option<f64> {
        None
    }
}

/// A row of the table.
pub type Row = Entry<dyn Scheme>;

/// Every scheme.
#[rustfmt::skip]
pub fn schemes() -> Vec<Row> {
    vec![
        Row::new("alternating", "D moves n times, then G, each on the other's newest parameters", |f| Ok(Box::new(Alternating::read(f)?))).explained_by(include_str!("alternating.rs")),
        Row::new("simultaneous", "both move at once, on one batch", |_| Ok(Box::new(Simultaneous))).explained_by(include_str!("simultaneous.rs")),
        Row::new("extragradient", "look one move ahead, then move on the gradient found there", |_| Ok(Box::new(Extragradient))).explained_by(include_str!("extragradient.rs")),
        Row::new("past-extragradient", "look ahead along the last gradient, then move", |_| Ok(Box::new(PastExtragradient))).explained_by(include_str!("past_extragradient.rs")),
        Row::new("optimistic", "twice the gradient less the last one", |_| Ok(Box::new(Optimistic))).explained_by(include_str!("optimistic.rs")),
        Row::new("consensus", "every player also lowers the norm of all gradients", |f| Ok(Box::new(Consensus::read(f)?))).explained_by(include_str!("consensus.rs")),
        Row::new("symplectic", "turns the gradients towards the equilibrium (SGA)", |f| Ok(Box::new(Symplectic::read(f)?))).explained_by(include_str!("symplectic.rs")),
        Row::new("competitive", "each move is the best answer to the other's move (CGD)", |f| Ok(Box::new(Competitive::read(f)?))).explained_by(include_str!("competitive.rs")),
        Row::new("lola", "each player expects the others' next move, and shapes it", |f| Ok(Box::new(Lola::read(f)?))).explained_by(include_str!("lola.rs")),
        Row::new("lookahead-minimax", "every k steps, back part of the way", |f| Ok(Box::new(LookaheadMinimax::read(f)?))).explained_by(include_str!("lookahead_minimax.rs")),
        Row::new("unrolled", "G learns against the D of k steps later, and through them", |f| Ok(Box::new(Unrolled::read(f)?))).explained_by(include_str!("unrolled.rs")),
    ]
}
