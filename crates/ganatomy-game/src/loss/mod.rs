//! Adversarial losses: what each player minimises, given the discriminator's logits.

mod began;
mod f_divergence;
mod hinge;
mod least_squares;
mod minimax;
mod non_saturating;
mod relativistic;
mod relativistic_average;
mod wasserstein;

pub use began::Began;
pub use f_divergence::{Divergence, FDivergence};
pub use hinge::Hinge;
pub use least_squares::LeastSquares;
pub use minimax::Minimax;
pub use non_saturating::NonSaturating;
pub use relativistic::Relativistic;
pub use relativistic_average::RelativisticAverage;
pub use wasserstein::Wasserstein;

use ganatomy_tensor::Tensor;

pub use crate::step::Scores;
use f_divergence::{JensenShannon, Kl, Pearson, ReverseKl, SquaredHellinger};
use ganatomy_record::Entry;

/// A pair of objectives. A high logit always means "real", and every player minimises.
///
/// Both functions are given the logits of a real and of a generated batch, and return a scalar; what
/// they do not use is never computed.
pub trait Loss: Send + Sync {
    /// What the discriminator minimises.
    ///
    /// # Shapes
    /// - output: `[]`
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor;

    /// What the generator minimises.
    ///
    /// # Shapes
    /// - output: `[]`
    fn generator(&self, scores: &Scores<'_>) -> Tensor;

    /// The discriminator's cost of calling a batch real, or generated; nothing for losses without labels.
    ///
    /// # Shapes
    /// - logits: `[batch]`; output: `[]`
    fn label(&self, _logits: &Tensor, _real: bool) -> Option<Tensor> {
        None
    }

    /// Does it compare logits with averages of other logits?
    fn averages_logits(&self) -> bool {
        false
    }

    /// Does G lose exactly what D gains by G's moves?
    fn is_zero_sum(&self) -> bool {
        false
    }

    /// Does it need a discriminator that reconstructs items?
    fn wants_autoencoder(&self) -> bool {
        false
    }
}

/// A row of the table.
pub type Row = Entry<dyn Loss>;

/// Every loss.
#[rustfmt::skip]
pub fn losses() -> Vec<Row> {
    vec![
        Row::new("non-saturating", "G maximises log D(G(z)): its gradient lives where D is sure", |_| Ok(Box::new(NonSaturating))).explained_by(include_str!("non_saturating.rs")),
        Row::new("minimax", "the game as first posed: G minimises log(1 - D(G(z)))", |_| Ok(Box::new(Minimax))).explained_by(include_str!("minimax.rs")),
        Row::new("least-squares", "squared distances of logits from targets (LSGAN)", |f| Ok(Box::new(LeastSquares::read(f)?))).explained_by(include_str!("least_squares.rs")),
        Row::new("wasserstein", "the difference of mean scores; wants a critic of bounded slope (WGAN)", |_| Ok(Box::new(Wasserstein))).explained_by(include_str!("wasserstein.rs")),
        Row::new("hinge", "D stops where it is right by a margin", |_| Ok(Box::new(Hinge))).explained_by(include_str!("hinge.rs")),
        Row::new("relativistic", "D tells which of a real and a generated item is more real (RpGAN)", |_| Ok(Box::new(Relativistic))).explained_by(include_str!("relativistic.rs")),
        Row::new("relativistic-average", "D tells whether an item is more real than the mean of the others (RaGAN)", |_| Ok(Box::new(RelativisticAverage))).explained_by(include_str!("relativistic_average.rs")),
        Row::new("began", "an autoencoder's errors, held in balance (BEGAN)", |f| Ok(Box::new(Began::read(f)?))).explained_by(include_str!("began.rs")),
        Row::new("f-kl", "the f-GAN of the Kullback-Leibler divergence", |_| Ok(Box::new(FDivergence(Kl)))).explained_by(include_str!("f_divergence/kl.rs")),
        Row::new("f-reverse-kl", "the f-GAN of the reverse Kullback-Leibler divergence", |_| Ok(Box::new(FDivergence(ReverseKl)))).explained_by(include_str!("f_divergence/reverse_kl.rs")),
        Row::new("f-pearson", "the f-GAN of Pearson's chi-squared divergence", |_| Ok(Box::new(FDivergence(Pearson)))).explained_by(include_str!("f_divergence/pearson.rs")),
        Row::new("f-hellinger", "the f-GAN of the squared Hellinger distance", |_| Ok(Box::new(FDivergence(SquaredHellinger)))).explained_by(include_str!("f_divergence/squared_hellinger.rs")),
        Row::new("f-jensen-shannon", "the f-GAN of the Jensen-Shannon divergence", |_| Ok(Box::new(FDivergence(JensenShannon)))).explained_by(include_str!("f_divergence/jensen_shannon.rs")),
    ]
}

#[cfg(test)]
pub(crate) mod testing {
    use std::collections::BTreeMap;

    use ganatomy_tensor::{Trace, cpu::Key, grad, interpret};

    use super::{Loss, Scores};
    use crate::step::{Memory, Turn};

    /// Both objectives and the slope of G's by its logit, for constant logits, against known numbers.
    pub(crate) fn check(loss: &dyn Loss, real: f64, fake: f64, expected: [f64; 3]) {
        let trace = Trace::new();
        let memory = Memory::new(&trace);
        let zero = trace.zeros([]);
        let (purpose, step) = ("d0".to_owned(), zero.clone());
        let turn = Turn { trace: &trace, purpose, batch: 4, step, done: zero, due: None, memory: &memory };
        let scores = Scores { turn: &turn, real: trace.input("real", [4]), fake: trace.input("fake", [4]) };
        let of_d = loss.discriminator(&scores);
        let of_g = loss.generator(&scores);
        let slope = grad(&of_g, &[&scores.fake]).remove(0).sum_all();
        let mut inputs =
            BTreeMap::from([("real".to_owned(), vec![real; 4]), ("fake".to_owned(), vec![fake; 4])]);
        // What BEGAN remembers begins at zero.
        inputs.insert("loss.k".to_owned(), vec![0.0]);
        let found = interpret(&[&of_d, &of_g, &slope], &inputs, Key::default()).unwrap();
        for (found, truth) in found.iter().zip(expected) {
            assert!((found[0] - truth).abs() < 1e-6, "found {found:?}, expected {truth}");
        }
    }
}
