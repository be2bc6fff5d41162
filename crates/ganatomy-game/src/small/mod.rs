//! Small games: a few numbers a player, played in double precision by the same schemes, updates, losses and
//! remedies as networks, and compared with theory.

mod bilinear;
mod dirac;
mod four_player;
mod gaussian_covariance;
mod gaussian_mean;
mod quadratic;
mod zero_sum;

pub use bilinear::Bilinear;
pub use dirac::{BATCH, Dirac};
pub use four_player::FourPlayer;
pub use gaussian_covariance::GaussianCovariance;
pub use gaussian_mean::GaussianMean;

use crate::loss::Loss;
use crate::remedy::Remedies;
use crate::step::{Declared, Game, Init, Player, Who};
use ganatomy_record::Entry;
use zero_sum::zero_sum;

/// A game of a few numbers.
pub trait SmallGame: Send + Sync {
    /// The game.
    fn game(&self, rules: Rules) -> Box<dyn Game>;

    /// Does it have a discriminator, and with it a loss and remedies?
    fn has_discriminator(&self) -> bool {
        false
    }

    /// Where the players start, coordinate by coordinate.
    fn start(&self) -> Vec<Coordinate>;

    /// The point at which no player gains by moving alone.
    fn equilibrium(&self) -> Vec<f64>;

    /// Is it `xy` itself, for which the schemes declare their rates?
    fn is_bilinear(&self) -> bool {
        false
    }
}

/// The rules that a game with a discriminator needs.
pub struct Rules {
    /// What the players minimise.
    pub loss: Box<dyn Loss>,
    /// What is added.
    pub remedies: Remedies,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules").field("remedies", &self.remedies).finish_non_exhaustive()
    }
}

/// One number of one player.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate {
    /// What pictures call it, such as `x`.
    pub label: String,
    /// The tensor it belongs to.
    pub tensor: String,
    /// Its place there.
    pub index: usize,
    /// Its value at the start.
    pub start: f64,
}

impl Coordinate {
    /// The coordinates of one tensor: `label` alone, or with its number from one where there are several.
    fn all(label: &str, tensor: &str, start: &[f64]) -> Vec<Coordinate> {
        let named = |i: usize| if start.len() == 1 { label.to_owned() } else { format!("{label}{}", i + 1) };
        let one = |(index, start): (usize, &f64)| Coordinate {
            label: named(index),
            tensor: tensor.to_owned(),
            index,
            start: *start,
        };
        start.iter().enumerate().map(one).collect()
    }
}

/// A row of the table.
pub type Row = Entry<dyn SmallGame>;

/// Every small game.
#[rustfmt::skip]
pub fn small_games() -> Vec<Row> {
    vec![
        Row::new("bilinear", "one player maximises xy over x, the other minimises it over y", |f| Ok(Box::new(Bilinear::read(f)?))).explained_by(include_str!("bilinear.rs")),
        Row::new("dirac", "the smallest GAN: a point against a line, with any loss and remedy", |_| Ok(Box::new(Dirac))).explained_by(include_str!("dirac.rs")),
        Row::new("gaussian-mean", "a linear critic teaches a generator the mean of a Gaussian", |_| Ok(Box::new(GaussianMean))).explained_by(include_str!("gaussian_mean.rs")),
        Row::new("gaussian-covariance", "a quadratic critic teaches a generator the covariance of a Gaussian", |_| Ok(Box::new(GaussianCovariance))).explained_by(include_str!("gaussian_covariance.rs")),
        Row::new("quadratic", "two players whose own pulls are weak beside their rotation", |_| Ok(Box::new(quadratic::Quadratic))).explained_by(include_str!("quadratic.rs")),
        Row::new("four-player", "four players who chase each other around a common equilibrium", |_| Ok(Box::new(FourPlayer))).explained_by(include_str!("four_player.rs")),
    ]
}

/// A player of one tensor, in a game whose objectives are written by hand.
fn by_hand(name: &'static str, tensor: &str, shape: &[usize]) -> Player {
    let declared = Declared {
        name: format!("{name}.{tensor}"),
        shape: shape.to_vec().into(),
        init: Init::Constant(0.0),
        trained: true,
    };
    Player { who: Who::new(name), declared: vec![declared] }
}
