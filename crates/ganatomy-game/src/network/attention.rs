//! Self-attention between convolutions.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Tensor;

use super::{Init, Scope};

/// `x + gamma o` with `o = softmax(q k^T) v w`: every pixel looks at every other; queries and keys have an eighth of the
/// channels, values half of them, and `gamma` is learned from 0 (Zhang et al. 2019, section 3, without its pooling).
///
/// # Shapes
/// - x and output: `[batch, h, w, c]`; q, k: `[batch, h w, c / 8]`, v: `[batch, h w, c / 2]`
///
/// Declared property: at the first step the layer changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attention {
    on: bool,
}

impl Attention {
    /// Reads `attention`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Attention, SpecError> {
        let doc = "let every pixel of the middle layer look at every other";
        Ok(Attention { on: fields.flag("attention", doc, false)? })
    }

    /// Applies it, if it is on.
    pub fn apply(self, scope: &mut Scope<'_>, x: &Tensor, init: Init) -> Tensor {
        if !self.on {
            return x.clone();
        }
        let [n, h, w, c] = [x.shape()[0], x.shape()[1], x.shape()[2], x.shape()[3]];
        let (narrow, half) = ((c / 8).max(1), (c / 2).max(1));
        let flat = x.reshape([n * h * w, c]);
        let mut map = |name: &str, from: &Tensor, to: usize| {
            let n_in = from.shape()[1];
            from.matmul(&scope.weight(&format!("attention.{name}"), [n_in, to], init))
        };
        let (q, k, v) = (map("query", &flat, narrow), map("key", &flat, narrow), map("value", &flat, half));
        let pixels = |t: &Tensor, to: usize| t.reshape([n, h * w, to]);
        let score = pixels(&q, narrow).product(&pixels(&k, narrow), false, true);
        let largest = score.max(&[2]).reshape([n, h * w, 1]).stop_gradient();
        let weight = (score - largest).exp();
        let total = weight.sum(&[2]).reshape([n, h * w, 1]);
        let seen = (weight / total).matmul(&pixels(&v, half)).reshape([n * h * w, half]);
        let out = map("out", &seen, c).reshape([n, h, w, c]);
        x + scope.param("attention.gamma", [], Init::Constant(0.0)) * out
    }
}
