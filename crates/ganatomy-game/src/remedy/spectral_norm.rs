//! Spectral normalisation.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Remedy, Uses};
use crate::step::{Init, Mode, Scope, Who};

/// Every weight is used as `W / sigma`, with `sigma = v^T W u` from one power iteration a turn,
/// `v = W u / |W u|`, `u <- W^T v / |W^T v|` (Miyato et al. 2018, algorithm 1). `u` is part of the network's state;
/// no gradient flows through u and v.
///
/// A turn that judges both batches by one product makes one iteration: each of D's turns, unless a layer or a remedy mixes the
/// items of a batch. Elsewhere each batch is one: G's turns make two, of which the second is that of the generated batch,
/// and forget them, since u moves on the turns of its own player only. Slope penalties make one of their own. (The
/// paper makes one a step.)
///
/// # Shapes
/// - W: `[.., n_out]`, read as a matrix of n_out columns; u: `[n_out]`
///
/// Declared property: once u has settled, every layer has slope at most one in the Euclidean norm (of the matrix, for
/// convolutions).
#[derive(Clone, Copy, Debug)]
pub struct SpectralNorm {
    generator: bool,
    discriminator: bool,
}

impl SpectralNorm {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<SpectralNorm, SpecError> {
        let names = ["discriminator", "generator", "both"];
        let whose = fields.choice("players", "whose weights", "discriminator", &names)?;
        Ok(SpectralNorm { generator: whose != "discriminator", discriminator: whose != "generator" })
    }
}

impl SpectralNorm {
    fn concerns(&self, player: &str) -> bool {
        if player == Who::GENERATOR.name() { self.generator } else { self.discriminator }
    }
}

impl Remedy for SpectralNorm {
    fn uses(&self, who: Who) -> Uses {
        Uses { weights: self.concerns(who.name()), ..Uses::default() }
    }

    fn weight(&self, scope: &mut Scope<'_>, name: &str, weight: Tensor) -> Tensor {
        if !self.concerns(scope.player()) {
            return weight;
        }
        let n_out = weight.shape()[weight.shape().len() - 1];
        let matrix = weight.reshape([weight.shape().numel() / n_out, n_out]);
        let fixed = matrix.stop_gradient();
        let state = format!("{name}.u");
        let u = scope.running(&state, [n_out], Init::Normal(1.0)).reshape([n_out, 1]).stop_gradient();
        let v = unit(&fixed.matmul(&u));
        let mut u = unit(&u);
        if scope.mode() == Mode::Train {
            u = unit(&fixed.product(&v, true, false));
            scope.set_running(&state, u.reshape([n_out]));
        }
        let sigma = (matrix.matmul(&u) * v).sum_all();
        weight / sigma
    }
}

fn unit(v: &Tensor) -> Tensor {
    v * (v.square().sum_all() + 1e-12).rsqrt()
}
