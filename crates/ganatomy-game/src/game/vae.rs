//! The variational autoencoder, which Lucic et al. (2018) hold GANs beside.

use std::sync::Arc;

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Call, Game, GameSpec, Generator, Ingredients, Model, Objective, Second};
use crate::step::{Player, Players, Turn, Who};

/// An encoder tells where in latent space an item comes from, and the generator decodes it. Both minimise
///
/// `L = mean over x of -ln p(x | G(z)) + beta KL(N(m, s^2) || N(0, I))`, `z = m + s n`, `n ~ N(0, I)`,
///
/// `KL = sum of (m^2 + s^2 - ln s^2 - 1) / 2`, with `(m, r) = E(x)` and `s = softplus(r) + 1e-6`. Of points, and of images with
/// the likelihood `gaussian`, `-ln p = |x - G(z)|^2 / (2 std^2)` but for a constant; with `bernoulli`
/// `-ln p = -sum of (y ln p + (1 - y) ln(1 - p))`, y and p being the pixels of x and G(z) brought from [-1, 1] to [0, 1]
/// (with images of three channels the code of Lucic et al. weighs it a third).
///
/// The encoder is the network of `[discriminator]` with `2 z_dims` numbers in place of the logit. There is no loss, and nobody
/// judges. With the scheme `simultaneous` both move along one gradient of L, as is usual; others move them in turns.
///
/// # Shapes
/// - x: `[batch, ..item]`; m, s, z: `[batch, z_dims]`; L in nats an item
///
/// Declared property: a linear one of normal data learns their variance less `std^2`, and reaches their exact likelihood
/// (Tipping and Bishop 1999; Lucas et al. 2019).
///
/// What is said of a generated batch elsewhere, such as `generator/output_gradient_norm`, is here of decoded real items.
///
/// Reference: Kingma and Welling 2014; encoder, deviations and likelihood beside GANs are those of Lucic et al. 2018.
#[derive(Clone, Copy, Debug)]
pub struct Vae {
    likelihood: Likelihood,
    beta: f64,
}

/// The least deviation, and how near a probability comes to 0 and 1: logarithms stay finite.
const LEAST: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Likelihood {
    Gaussian { std: f64 },
    Bernoulli,
}

impl Vae {
    /// Reads the game's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Vae, SpecError> {
        let doc = "what an item is, given the decoded one: normal about it, or each pixel white by chance";
        let kind = fields.choice("likelihood", doc, "gaussian", &["gaussian", "bernoulli"])?;
        let likelihood = match &*kind {
            "gaussian" => {
                let doc = "standard deviation of a normal item";
                Likelihood::Gaussian { std: fields.number("std", doc, 0.1, Range::positive())? }
            }
            _ => Likelihood::Bernoulli,
        };
        let doc = "weight of the divergence of codes from what latent points are drawn from";
        let beta = fields.number("beta", doc, 1.0, Range::at_least(0.0))?;
        Ok(Vae { likelihood, beta })
    }
}

impl Likelihood {
    /// `-ln p(x | made)` of a batch, summed over everything.
    fn cost(self, x: &Tensor, made: &Tensor) -> Tensor {
        match self {
            Likelihood::Gaussian { std } => (x - made).square().sum_all() * (0.5 / (std * std)),
            Likelihood::Bernoulli => {
                // Neither 0 nor 1, and with a gradient everywhere.
                let p = (made + 1.0) * (0.5 - LEAST) + LEAST;
                let (black, white) = (x.trace().zeros([]), x.trace().full([], 1.0));
                let y = ((x + 1.0) * 0.5).maximum(&black).minimum(&white);
                -(&y * p.log() + (1.0 - &y) * (1.0 - p).log()).sum_all()
            }
        }
    }
}

impl GameSpec for Vae {
    fn second(&self) -> Second {
        Second::Encoder
    }

    fn build(&self, parts: Ingredients) -> Result<Box<dyn Game>, String> {
        let encoder = parts.encoder.ok_or("needs an encoder")?;
        let generator = parts.generator;
        if !generator.noise.is_normal() {
            return Err("needs normal latent points: generator.z = \"normal\"".to_owned());
        }
        if self.likelihood == Likelihood::Bernoulli && generator.item.len() != 3 {
            return Err("has likelihood \"bernoulli\", which is of images, but the data are points; \"gaussian\" fits".into());
        }
        Ok(Box::new(Coding { generator, encoder, vae: *self }))
    }
}

/// The game of the two players.
struct Coding {
    generator: Generator,
    encoder: Arc<Model>,
    vae: Vae,
}

impl Game for Coding {
    fn players(&self) -> Vec<&Player> {
        vec![&self.encoder.player, &self.generator.model.player]
    }

    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let Generator { model, noise, item, .. } = &self.generator;
        let shape: Vec<usize> = [turn.batch].iter().chain(item).copied().collect();
        let x = turn.trace.input(&format!("real.{}", turn.purpose), shape);
        let call = Call::training(&turn.purpose);
        let encoded = self.encoder.apply(players.of(Who::DISCRIMINATOR), &x, &call);
        let half = |from| encoded.out.slice(&[0, from], [turn.batch, noise.z_dims]);
        let (m, s) = (half(0), half(noise.z_dims).softplus() + LEAST);
        let z = &m + &s * turn.trace.normal(&format!("{}.code", turn.purpose), m.shape());
        let made = model.apply(players.of(Who::GENERATOR), &z, &call);
        let each = 1.0 / turn.batch as f64;
        let error = self.vae.likelihood.cost(&x, &made.out) * each;
        let variance = s.square();
        let divergence = (m.square() + &variance - variance.log() - 1.0).sum_all() * (0.5 * each);
        let loss = &error + &divergence * self.vae.beta;
        let (running, readings) = match who {
            Who::GENERATOR => (made.running, vec![]),
            _ => {
                let named = [("vae/reconstruction_error", error), ("vae/divergence", divergence)];
                (encoded.running, named.map(|(name, value)| (name.to_owned(), value)).to_vec())
            }
        };
        Objective { loss, readings, running, samples: Some(made.out) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_tensor::{Trace, cpu::Key, interpret};

    use super::*;

    fn check(likelihood: Likelihood, x: f64, made: f64, expected: f64) {
        let trace = Trace::new();
        let cost = likelihood.cost(&trace.input("x", [1, 2]), &trace.input("made", [1, 2]));
        let inputs = BTreeMap::from([("x".to_owned(), vec![x; 2]), ("made".to_owned(), vec![made; 2])]);
        let found = interpret(&[&cost], &inputs, Key::default()).unwrap()[0][0];
        assert!(
            (found - expected).abs() < 1e-4 * expected.abs(),
            "{likelihood:?}: {found}, expected {expected}"
        );
    }

    #[test]
    fn items_cost_minus_the_logarithm_of_what_they_are_likely() {
        check(Likelihood::Gaussian { std: 0.5 }, 1.0, 0.0, 4.0);
        // A pixel of 0.8 in [0, 1], of which 0.3 is made: -0.8 ln 0.3 - 0.2 ln 0.7.
        check(Likelihood::Bernoulli, 0.6, -0.4, 2.0 * 1.034_513);
        // A pixel whiter than white counts as white.
        check(Likelihood::Bernoulli, 3.0, -0.4, 2.0 * 1.203_973);
        // What cannot be is dear, and finite.
        check(Likelihood::Bernoulli, 1.0, -1.0, 2.0 * 13.815_51);
    }
}
