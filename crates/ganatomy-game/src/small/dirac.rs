//! The Dirac-GAN.

use std::sync::Arc;

use ganatomy_tensor::Tensor;

use super::{Coordinate, Rules, SmallGame};
use crate::game::{Adversarial, Generator, Model, Noise};
use crate::network::Network;
use crate::step::{Game, Init, Scope, Who};

/// All data are at 0, the generator makes `theta` whatever it is given, and the discriminator's logit is `C(x) = psi x`
/// (Mescheder et al. 2018, definition 2.1).
///
/// # Shapes
/// - theta, psi: `[1]`
///
/// Declared property: the only equilibrium is (0, 0). There the unregularised game has eigenvalues `+- i f'(0)` and does
/// not converge; R1, R2 and instance noise make it converge, WGAN with clipping or a gradient penalty does not (table 1).
/// Since a high logit means "real" here, psi has the other sign than in the paper.
#[derive(Clone, Copy, Debug)]
pub struct Dirac;

impl SmallGame for Dirac {
    fn game(&self, rules: Rules) -> Box<dyn Game> {
        let Rules { loss, remedies } = rules;
        let seen = remedies.seen_shape(&[1], BATCH, 0);
        let generator = Generator {
            model: Arc::new(Model::new(Who::GENERATOR, Box::new(Point), &[1], &remedies, 0).0),
            noise: Noise::normal(1),
            item: vec![1],
            n_classes: 0,
            class_shares: Vec::new(),
            n_given: 0,
            n_reference: 0,
        };
        let discriminator = Model::new(Who::DISCRIMINATOR, Box::new(Line), &seen, &remedies, 0).0;
        let discriminator = Arc::new(discriminator);
        Box::new(Adversarial { generator, discriminator, loss, remedies })
    }
    fn has_discriminator(&self) -> bool {
        true
    }
    fn start(&self) -> Vec<Coordinate> {
        let theta = Coordinate::all("theta", "generator.theta", &[1.0]);
        [theta, Coordinate::all("psi", "discriminator.psi", &[-1.0])].concat()
    }
    fn equilibrium(&self) -> Vec<f64> {
        vec![0.0, 0.0]
    }
}

/// Items in a batch, all alike.
pub const BATCH: usize = 2;

struct Point;

impl Network for Point {
    fn forward(&self, scope: &mut Scope<'_>, z: &Tensor) -> Tensor {
        scope.param("theta", [1], Init::Constant(1.0)).reshape([1, 1]).broadcast([z.shape()[0], 1])
    }
    fn mixes_batch(&self) -> bool {
        false
    }
}

struct Line;

impl Network for Line {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let n = x.shape()[1];
        let psi = scope.weight("psi", [1], Init::Constant(-1.0)).broadcast([n]);
        let h = scope.hidden(x);
        // What remedies add to the features is summed as it is.
        let seen = x * psi;
        let more = h.shape()[1] - n;
        let logits = seen.sum(&[1]);
        let logits = match more {
            0 => logits,
            _ => logits + h.slice(&[0, n], [x.shape()[0], more]).sum(&[1]),
        };
        scope.logits(logits, x)
    }
    fn mixes_batch(&self) -> bool {
        false
    }
}
