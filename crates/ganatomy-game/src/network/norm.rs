//! Normalisation between layers, with running statistics for sampling.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Init, Mode, Scope};

/// Keeps variances away from zero.
const EPS: f64 = 1e-5;
/// How much of a running statistic stays at each step.
const DECAY: f64 = 0.9;

/// How a layer's output is standardised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Not at all
    None,
    /// Each channel over the batch (Ioffe and Szegedy 2015); running statistics when sampling. They move on their own player's
    /// turns only, and the running variance is the mean of the batches' own (the paper's algorithm 2 has it `m / (m - 1)`
    /// times as large for batches of m, unbiased)
    Batch,
    /// Each item over its channels and pixels (Ba et al. 2016)
    Layer,
}

impl Norm {
    /// Reads `norm`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>, default: &str) -> Result<Norm, SpecError> {
        let names = ["none", "batch", "layer"];
        Ok(match fields.choice("norm", "normalisation between layers", default, &names)?.as_str() {
            "batch" => Norm::Batch,
            "layer" => Norm::Layer,
            _ => Norm::None,
        })
    }

    /// Standardises and rescales by a learned gain and shift a channel.
    ///
    /// # Shapes
    /// - x and output: `[batch, .., channels]`
    pub fn apply(self, scope: &mut Scope<'_>, name: &str, x: &Tensor) -> Tensor {
        let rank = x.shape().len();
        let channels = x.shape()[rank - 1];
        let standard = match self {
            Norm::None => return x.clone(),
            Norm::Layer => x.normalize(&(1..rank).collect::<Vec<_>>(), EPS).0,
            Norm::Batch => batch_norm(scope, name, x, channels),
        };
        let gain = scope.param(&format!("{name}.gain"), [channels], Init::Constant(1.0));
        let shift = scope.param(&format!("{name}.shift"), [channels], Init::Constant(0.0));
        standard * gain + shift
    }
}

fn batch_norm(scope: &mut Scope<'_>, name: &str, x: &Tensor, channels: usize) -> Tensor {
    let axes: Vec<usize> = (0..x.shape().len() - 1).collect();
    let names = [format!("{name}.mean"), format!("{name}.variance")];
    let mean = scope.running(&names[0], [channels], Init::Constant(0.0));
    let variance = scope.running(&names[1], [channels], Init::Constant(1.0));
    if scope.mode() == Mode::Sample {
        return (x - mean) * (variance + EPS).rsqrt();
    }
    let (standard, batch_mean, batch_variance) = match scope.n_reference {
        0 => x.normalize(&axes, EPS),
        n => by_reference(x, n),
    };
    for ((name, old), new) in names.iter().zip([mean, variance]).zip([batch_mean, batch_variance]) {
        let moved = old * DECAY + new.reshape([channels]).stop_gradient() * (1.0 - DECAY);
        scope.set_running(name, moved);
    }
    standard
}

/// Virtual batch normalisation (Salimans et al. 2016, section 3.5): each item is standardised by the statistics
/// of the first `n` items and itself. Returns the standardised items, the mean and the variance.
fn by_reference(x: &Tensor, n: usize) -> (Tensor, Tensor, Tensor) {
    let rank = x.shape().len();
    let part = |from: usize, to: usize| {
        let (mut start, mut shape) = (vec![0; rank], x.shape().to_vec());
        (start[0], shape[0]) = (from, to - from);
        x.slice(&start, shape)
    };
    let (reference, items) = (part(0, n), part(n, x.shape()[0]));
    let all: Vec<usize> = (0..rank - 1).collect();
    let (standard, mean, variance) = reference.normalize(&all, EPS);
    let share = 1.0 / (n as f64 + 1.0);
    let within: Vec<usize> = (1..rank - 1).collect();
    let own = |t: &Tensor| if within.is_empty() { t.clone() } else { t.mean_kept(&within) };
    let joint = own(&items) * share + &mean * (1.0 - share);
    let square = own(&items.square()) * share + (&variance + mean.square()) * (1.0 - share);
    // Rounding may take the difference below zero.
    let spread = (square - joint.square()).relu();
    let moved = (items - joint) * (spread + EPS).rsqrt();
    (standard.concat(&[&moved], 0), mean, variance)
}
