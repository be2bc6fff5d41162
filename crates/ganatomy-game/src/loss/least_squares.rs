//! The least-squares loss.

use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use super::{Loss, Scores};

/// `L_D = mean (C_real - b)^2 / 2 + mean (C_fake - a)^2 / 2`, `L_G = mean (C_fake - c)^2 / 2`
/// (Mao et al. 2017, eq. 2), with D's targets `a` for generated and `b` for real items, and G's target `c`.
///
/// # Shapes
/// - logits: `[batch]`; both objectives: `[]`
///
/// Declared property: with `b - c = 1` and `b - a = 2`, G minimises Pearson's chi-squared divergence between twice the
/// generated density and the sum of both (theorem of section 3.2); the slope grows with the distance, so that it does not
/// vanish where D is sure.
#[derive(Clone, Copy, Debug)]
pub struct LeastSquares {
    a: f64,
    b: f64,
    c: f64,
}

impl LeastSquares {
    /// Reads the loss's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<LeastSquares, SpecError> {
        Ok(LeastSquares {
            a: fields.number("a", "target of generated items", 0.0, Range::any())?,
            b: fields.number("b", "target of real items", 1.0, Range::any())?,
            c: fields.number("c", "what the generator wants its items called", 1.0, Range::any())?,
        })
    }
}

fn distance(logits: &Tensor, target: f64) -> Tensor {
    (logits - target).square().mean_all() * 0.5
}

impl Loss for LeastSquares {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        distance(&scores.real, self.b) + distance(&scores.fake, self.a)
    }

    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        distance(&scores.fake, self.c)
    }

    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor> {
        Some(distance(logits, if real { self.b } else { self.a }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;

    #[test]
    fn values_and_slopes_are_those_of_the_formula() {
        check(&LeastSquares { a: 0.0, b: 1.0, c: 1.0 }, 2.0, -1.0, [1.0, 2.0, -2.0]);
        check(&LeastSquares { a: -1.0, b: 1.0, c: 0.0 }, 2.0, -1.0, [0.5, 0.5, -1.0]);
    }
}
