//! Density and coverage (Naeem et al. 2020).

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::precision_recall::read_k;
use crate::score::{Known, Score, Sides, Value};

/// How many balls of real items a generated item lies in, and the share of those balls that hold one.
///
/// Around each real item lies a ball that reaches to its k-th nearest real neighbour. Density is the mean number of balls that a
/// generated item lies in, divided by k: about 1 for real items, above it where samples crowd where data are dense. Coverage is
/// the share of balls with at least one generated item in them; of real items it is `1 - (n - 1) .. (n - k) / (2 n - 1) .. (2 n - k)`
/// for n a side, 0.969 for k = 5 and large n. The spread of coverage is the binomial standard error.
///
/// Coverage sees dropped modes better than recall, and does not grow when samples scatter. Density alone can be had by crowding.
#[derive(Clone, Copy, Debug)]
pub struct DensityCoverage {
    k: usize,
}

impl DensityCoverage {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<DensityCoverage, SpecError> {
        Ok(DensityCoverage { k: read_k(fields)? })
    }
}

impl Score for DensityCoverage {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("density", Direction::Up), ("coverage", Direction::Up)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("density-coverage", self.k + 1)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        let balls = sides.balls("density-coverage", self.k, cpu)?;
        let density = balls.pairs as f64 / (self.k * sides.generated().len()) as f64;
        Ok(vec![
            Value::new("density", density, Direction::Up),
            Value::share("coverage", balls.covered, sides.real().len(), Direction::Up),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::scored;

    /// From the counts of prdc 0.2, as in `balls`.
    #[test]
    fn numbers_are_those_of_prdc() {
        let expected =
            [("density", 177.0 / (3.0 * 500.0), Direction::Up), ("coverage", 119.0 / 300.0, Direction::Up)];
        assert_eq!(scored(&DensityCoverage { k: 3 }, [300, 500, 33]), expected);
    }
}
