//! Improved precision and recall (Kynkäänniemi et al. 2019).

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::score::{Known, Score, Sides, Value};

/// The share of generated items that lie among real ones, and of real ones that lie among generated ones.
///
/// Around each item of a side lies a ball that reaches to its k-th nearest neighbour of the same side. Precision is the share of
/// generated items in at least one ball of a real item, recall the share of real items in at least one ball of a generated item.
/// An item on an edge is outside, as in `prdc`; the spread is the binomial standard error.
///
/// Precision sees quality, recall variety; one without the other says little. One real item that lies far out has a ball that
/// holds much: density and coverage suffer less from it.
#[derive(Clone, Copy, Debug)]
pub struct PrecisionRecall {
    k: usize,
}

impl PrecisionRecall {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<PrecisionRecall, SpecError> {
        Ok(PrecisionRecall { k: read_k(fields)? })
    }
}

/// Reads how many neighbours a ball reaches.
pub(crate) fn read_k(fields: &mut Fields<'_>) -> Result<usize, SpecError> {
    Ok(fields.count("k", "the neighbour that a ball reaches to", 5, 1..=1000)? as usize)
}

impl Score for PrecisionRecall {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("precision", Direction::Up), ("recall", Direction::Up)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("precision-recall", self.k + 1)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        let balls = sides.balls("precision-recall", self.k, cpu)?;
        Ok(vec![
            Value::share("precision", balls.precise(), sides.generated().len(), Direction::Up),
            Value::share("recall", balls.recalled, sides.real().len(), Direction::Up),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::scored;

    /// Shares of the counts of prdc 0.2, as in `balls`.
    #[test]
    fn shares_are_those_of_prdc() {
        let expected = [("precision", 94.0 / 500.0, Direction::Up), ("recall", 294.0 / 300.0, Direction::Up)];
        assert_eq!(scored(&PrecisionRecall { k: 3 }, [300, 500, 33]), expected);
    }
}
