//! The Inception score of any classifier (Salimans et al. 2016).

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::classes;
use crate::error::ScoreError;
use crate::score::{Known, Score, Sides, Value, mean_and_deviation};

/// How sure a classifier is of each item and how evenly it names its classes: `exp(mean_x KL(p(y|x) || p(y)))`.
///
/// It lies between 1 and the number of classes. The items are cut into parts one after another; the score is the mean over the
/// parts, and the spread their standard deviation (n), as in the reference. With Inception's 1,000 classes it is the IS.
///
/// It never looks at real items: one good image of each class, repeated, scores best. It sees neither copies nor what happens
/// inside a class, and other classifiers than the one meant give numbers that do not compare.
#[derive(Clone, Copy, Debug)]
pub struct Inception {
    parts: usize,
}

impl Inception {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Inception, SpecError> {
        Ok(Inception {
            parts: fields.count("parts", "parts that items are cut into", 10, 1..=1000)? as usize,
        })
    }
}

impl Score for Inception {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("inception_score", Direction::Up)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        let what = "class probabilities of the generated items, which only the extractor classifier gives";
        if !known.is_classified {
            return Err(ScoreError::Missing { score: "inception", what });
        }
        match known.n_generated >= self.parts {
            true => Ok(()),
            false => {
                let (needed, found) = (self.parts, known.n_generated);
                Err(ScoreError::TooFew { score: "inception", side: "generated", needed, found })
            }
        }
    }

    fn score(&self, sides: &Sides<'_>, _cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let Some(rows) = sides.probabilities() else { return Ok(Vec::new()) };
        let (n, parts, k) = (rows.len(), self.parts, rows.dims());
        let part = |i: usize| &rows.values()[i * n / parts * k..(i + 1) * n / parts * k];
        let uniform = vec![1.0 / k as f64; k];
        let found: Vec<f64> =
            (0..parts).map(|i| classes::score(part(i), &uniform).classifier_score).collect();
        let [mean, spread] = mean_and_deviation(&found);
        Ok(vec![Value::new("inception_score", mean, Direction::Up).within(spread)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rows;
    use crate::testing::made;

    fn softmax(n: usize, k: usize) -> Vec<f32> {
        let soft = |row: &[f32]| {
            let total: f64 = row.iter().map(|x| (4.0 * f64::from(*x)).exp()).sum();
            row.iter().map(|x| ((4.0 * f64::from(*x)).exp() / total) as f32).collect::<Vec<_>>()
        };
        made(5, n, k).chunks_exact(k).flat_map(soft).collect()
    }

    /// Made with NumPy 2.4.6 as `isc_features_to_metric` of torch-fidelity 0.3.0 does, without its shuffling.
    #[test]
    fn the_score_is_that_of_torch_fidelity() {
        let (features, p) = (made(1, 500, 2), softmax(500, 10));
        let rows = Rows::new(&features, 2).unwrap();
        let sides = Sides::new(rows, rows).unwrap();
        let score = Inception { parts: 10 };
        let why = score.check(&sides.known()).unwrap_err().to_string();
        assert!(why.starts_with("inception needs class probabilities"), "{why}");
        // What it says to use exists.
        let named =
            |row: &crate::extract::ExtractorRow| why.ends_with(&format!("extractor {} gives", row.name()));
        assert!(crate::extract::extractors().iter().any(named), "{why}");
        let sides = sides.with_probabilities(Some(Rows::new(&p, 10).unwrap())).unwrap();
        let why = Inception { parts: 501 }.score(&sides, &Cpu::new(1)).unwrap_err().to_string();
        assert_eq!(why, "inception needs at least 501 generated items, found 500");
        let found = score.score(&sides, &Cpu::new(1)).unwrap()[0];
        let (expected, spread): (f64, f64) = (2.517156168708681, 0.07348784327658645);
        assert!(
            (found.value - expected).abs() < 1e-6 && (found.spread.unwrap() - spread).abs() < 1e-6,
            "{found:?}"
        );
    }
}
