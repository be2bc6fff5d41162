//! Symplectic gradient adjustment.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Play, Scheme};
use crate::step::dot;

/// Simultaneous moves along `xi + lambda A^T xi` with `A^T xi = (H^T xi - H xi) / 2`, where `A` is the antisymmetric part
/// of the game's Jacobian (Balduzzi et al. 2018; Letcher et al. 2019, algorithm 1).
///
/// With `align`, lambda gets the sign of `<xi, H^T xi> <A^T xi, H^T xi> / n + 0.1`, so that the adjustment pulls towards
/// stable equilibria and pushes from unstable ones.
///
/// Declared property: on `xy` with gradient descent the factor is exactly `sqrt((1 - lr lambda)^2 + lr^2)` a step.
#[derive(Clone, Copy, Debug)]
pub struct Symplectic {
    lambda: f64,
    align: bool,
}

impl Symplectic {
    /// Reads the scheme's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Symplectic, SpecError> {
        Ok(Symplectic {
            lambda: fields.number("lambda", "weight of the adjustment", 1.0, Range::at_least(0.0))?,
            align: fields.flag("align", "choose the sign of lambda by alignment", true)?,
        })
    }
}

impl Scheme for Symplectic {
    fn step(&self, play: &mut Play<'_>) {
        let field = play.field();
        let xi = field.xi();
        let pulled = field.transposed_times(&xi);
        let pushed = field.times(&xi);
        let turned: Vec<Tensor> = pulled.iter().zip(&pushed).map(|(a, b)| (a - b) * 0.5).collect();
        let n: usize = xi.iter().map(|g| g.shape().numel()).sum();
        let mut lambda = play.trace().full([], self.lambda);
        if let (true, Some(a), Some(b)) = (self.align, dot(&xi, &pulled), dot(&turned, &pulled)) {
            lambda = (a * b * (1.0 / n as f64) + 0.1).sign() * self.lambda;
        }
        let joint = xi.iter().zip(&turned).map(|(g, t)| g + &lambda * t).collect();
        play.apply_all(&field.replaced(joint));
    }

    fn bilinear_rate(&self, lr: f64, beta: f64) -> Option<f64> {
        (beta == 0.0).then(|| (1.0 - lr * self.lambda).hypot(lr))
    }
}
