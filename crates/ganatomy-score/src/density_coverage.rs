//! Density and coverage (Naeem et al. 2020).

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::balls::Balls;
use crate::error::ScoreError;
use crate::precision_recall::read_k;
use crate::score::{Known, Score, Sides, Value, mean_and_deviation};

/// How many balls of real items a generated item lies in, and the share of those balls that hold one.
///
/// Around each real item lies a ball that reaches to its k-th nearest real neighbour. Density is the mean number of balls that a
/// generated item lies in, divided by k: about 1 for real items, above it where samples crowd where data are dense. Coverage is
/// the share of balls with at least one generated item in them; of real items it is `1 - (n - 1) .. (n - k) / (2 n - 1) .. (2 n - k)`
/// for n a side, 0.969 for k = 5 and large n. The spread of coverage is the binomial standard error; that of density is the standard
/// error of a mean over both sides, `(var_j d_j / m + var_i h_i / n)^(1/2)`, `d_j` the balls that generated item j lies in, over k, and
/// `h_i` the generated items in the ball of real item i, times `n / (k m)`. That radii depend on other items is left out.
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

impl DensityCoverage {
    /// Of each class, the real items with a generated item in their ball, and all real items.
    ///
    /// # Shapes
    /// - labels: one a real item, each below `n_classes`
    ///
    /// # Errors
    /// As [`Score::score`].
    pub fn by_class(
        &self,
        sides: &Sides<'_>,
        labels: &[u32],
        n_classes: usize,
        cpu: &Cpu,
    ) -> Result<Vec<[usize; 2]>, ScoreError> {
        let balls = sides.balls("density-coverage", self.k, cpu)?;
        let mut found = vec![[0; 2]; n_classes];
        for (held, label) in balls.held.iter().zip(labels) {
            if let Some([covered, all]) = found.get_mut(*label as usize) {
                *covered += usize::from(*held > 0);
                *all += 1;
            }
        }
        Ok(found)
    }
}

/// The density, and its standard error.
fn density(balls: &Balls, k: usize) -> [f64; 2] {
    let (n, m) = (balls.held.len() as f64, balls.depths.len() as f64);
    // The variance of the mean of counts.
    let variance = |counts: &[usize]| {
        let all: Vec<f64> = counts.iter().map(|n| *n as f64).collect();
        mean_and_deviation(&all)[1].powi(2) / all.len() as f64
    };
    let pairs: usize = balls.depths.iter().sum();
    let spread = (variance(&balls.depths) + (n / m).powi(2) * variance(&balls.held)).sqrt() / k as f64;
    [pairs as f64 / (k as f64 * m), spread]
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
        let [density, spread] = density(&balls, self.k);
        Ok(vec![
            Value::new("density", density, Direction::Up).within(spread),
            Value::share("coverage", balls.covered(), sides.real().len(), Direction::Up),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rows;
    use crate::testing::{made, moved, scored};

    /// From the counts of prdc 0.2, as in `balls`.
    #[test]
    fn numbers_are_those_of_prdc() {
        let expected =
            [("density", 177.0 / (3.0 * 500.0), Direction::Up), ("coverage", 119.0 / 300.0, Direction::Up)];
        assert_eq!(scored(&DensityCoverage { k: 3 }, [300, 500, 33]), expected);
    }

    #[test]
    fn the_spread_of_density_is_what_it_varies_by() {
        let (mut found, mut said) = (Vec::new(), Vec::new());
        for run in 0..60 {
            let (a, b) = (made(2 * run, 200, 3), moved(2 * run + 1, 300, 3));
            let sides = Sides::new(Rows::new(&a, 3).unwrap(), Rows::new(&b, 3).unwrap()).unwrap();
            let density = DensityCoverage { k: 5 }.score(&sides, &Cpu::new(1)).unwrap()[0];
            found.push(density.value);
            said.push(density.spread.unwrap());
        }
        let [_, varies] = mean_and_deviation(&found);
        let [said, _] = mean_and_deviation(&said);
        assert!((0.8..1.25).contains(&(said / varies)), "{said} for {varies}");
    }

    #[test]
    fn a_class_without_samples_near_is_not_covered() {
        let at = |seed, n: usize, places: &[f32]| {
            let mut x = made(seed, n, 2);
            x.chunks_exact_mut(2).enumerate().for_each(|(i, row)| row[0] += places[i % places.len()]);
            x
        };
        let (a, b) = (at(1, 90, &[0.0, 20.0, 40.0]), at(2, 60, &[0.0, 40.0]));
        let sides = Sides::new(Rows::new(&a, 2).unwrap(), Rows::new(&b, 2).unwrap()).unwrap();
        let labels: Vec<u32> = (0..90).map(|i| i % 3).collect();
        let score = DensityCoverage { k: 5 };
        let found = score.by_class(&sides, &labels, 4, &Cpu::new(1)).unwrap();
        assert!(found[0][0] > 25 && found[2][0] > 25, "{found:?}");
        assert_eq!((found[1], found[3]), ([0, 30], [0, 0]));
        let all: usize = found.iter().map(|[covered, _]| covered).sum();
        assert_eq!(score.score(&sides, &Cpu::new(1)).unwrap()[1].value, all as f64 / 90.0);
    }
}
