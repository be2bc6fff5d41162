//! What a score is: numbers about generated items beside real ones.

use std::fmt;
use std::sync::Arc;

use ganatomy_record::Direction;
use ganatomy_tensor::Cpu;

use crate::balls::Balls;
use crate::error::ScoreError;
use crate::once::Once;
use crate::remembered::Remembered;
use crate::rows::Rows;

/// One number of a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Its name.
    pub name: &'static str,
    /// The number.
    pub value: f64,
    /// What it varies by, as a standard error or as the standard deviation over subsets; its score says which.
    pub spread: Option<f64>,
    /// Which way is better.
    pub direction: Direction,
}

impl Value {
    /// A number that nothing is known of beside it.
    pub fn new(name: &'static str, value: f64, direction: Direction) -> Value {
        Value { name, value, spread: None, direction }
    }

    /// The same number with what it varies by.
    #[must_use]
    pub fn within(self, spread: f64) -> Value {
        Value { spread: Some(spread), ..self }
    }

    /// A share of n items, with its binomial standard error.
    pub(crate) fn share(name: &'static str, count: usize, n: usize, direction: Direction) -> Value {
        let share = count as f64 / n as f64;
        Value::new(name, share, direction).within((share * (1.0 - share) / n as f64).sqrt())
    }
}

/// The mean of numbers, and their standard deviation about it (n).
pub(crate) fn mean_and_deviation(found: &[f64]) -> [f64; 2] {
    let n = found.len() as f64;
    let mean = found.iter().sum::<f64>() / n;
    [mean, (found.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt()]
}

/// How much there is to score, known before any feature is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Real items.
    pub n_real: usize,
    /// Generated items.
    pub n_generated: usize,
    /// Held-out real items, if there are any.
    pub n_held_out: Option<usize>,
    /// Are there class probabilities of the generated items?
    pub is_classified: bool,
}

impl Known {
    /// Refuses fewer items of either side than a score can use.
    ///
    /// # Errors
    /// [`ScoreError::TooFew`].
    pub fn need(&self, score: &'static str, needed: usize) -> Result<(), ScoreError> {
        let few = |side, found| match found >= needed {
            true => Ok(()),
            false => Err(ScoreError::TooFew { score, side, needed, found }),
        };
        few("real", self.n_real)?;
        few("generated", self.n_generated)
    }
}

/// What is scored, and what for: features of real and of generated items.
pub struct Sides<'a> {
    real: Rows<'a>,
    generated: Rows<'a>,
    held_out: Option<Rows<'a>>,
    probabilities: Option<Rows<'a>>,
    /// Fixes subsets and clusters.
    pub seed: u64,
    /// What is made of the real side alone.
    remembered: Arc<Remembered>,
    /// Counts by k; the sides never change.
    balls: Once<usize, Balls>,
    /// Curves of [`crate::prd::Prd`], by the seed, its clusters and runs.
    curves: Once<(u64, [usize; 2]), Curves>,
}

/// Pairs of precision and recall of every run.
pub(crate) type Curves = Vec<Vec<[f64; 2]>>;

impl<'a> Sides<'a> {
    /// Both sides, with nothing beside them and seed 0.
    ///
    /// # Errors
    /// Features of different lengths.
    pub fn new(real: Rows<'a>, generated: Rows<'a>) -> Result<Sides<'a>, ScoreError> {
        real.check_like("generated", &generated)?;
        let (remembered, balls, curves) = (Arc::default(), Once::default(), Once::default());
        Ok(Sides { real, generated, held_out: None, probabilities: None, seed: 0, remembered, balls, curves })
    }

    /// The same with what was made of the real side before; it must have been of these very features.
    #[must_use]
    pub fn remembering(self, remembered: &Arc<Remembered>) -> Sides<'a> {
        Sides { remembered: Arc::clone(remembered), ..self }
    }

    /// What was made of the real side.
    pub(crate) fn remembered(&self) -> &Remembered {
        &self.remembered
    }

    /// The same with features of real items that were held out.
    ///
    /// # Errors
    /// Features of another length.
    pub fn with_held_out(self, held_out: Option<Rows<'a>>) -> Result<Sides<'a>, ScoreError> {
        held_out.map_or(Ok(()), |rows| self.real.check_like("held-out", &rows))?;
        Ok(Sides { held_out, ..self })
    }

    /// The same with class probabilities of the generated items, in their order.
    ///
    /// # Errors
    /// More or fewer rows than generated items.
    pub fn with_probabilities(self, probabilities: Option<Rows<'a>>) -> Result<Sides<'a>, ScoreError> {
        let needed = self.generated.len();
        match probabilities.map_or(needed, |rows| rows.len()) {
            found if found == needed => Ok(Sides { probabilities, ..self }),
            found => Err(ScoreError::Probabilities { found, needed }),
        }
    }

    /// Features of real items; for [`crate::memorised::Memorised`], those that were trained on.
    pub fn real(&self) -> Rows<'a> {
        self.real
    }

    /// Features of generated items.
    pub fn generated(&self) -> Rows<'a> {
        self.generated
    }

    /// Features of real items that were held out.
    pub fn held_out(&self) -> Option<Rows<'a>> {
        self.held_out
    }

    /// Class probabilities of the generated items.
    pub fn probabilities(&self) -> Option<Rows<'a>> {
        self.probabilities
    }

    /// How much there is.
    pub fn known(&self) -> Known {
        Known {
            n_real: self.real.len(),
            n_generated: self.generated.len(),
            n_held_out: self.held_out.map(|rows| rows.len()),
            is_classified: self.probabilities.is_some(),
        }
    }

    /// Curves, made once for the score and its picture.
    pub(crate) fn curves(
        &self,
        which: [usize; 2],
        make: impl FnOnce() -> Result<Curves, ScoreError>,
    ) -> Result<Arc<Curves>, ScoreError> {
        self.curves.get((self.seed, which), make)
    }

    /// The counts of balls up to the k-th neighbour, made once for all scores that want them.
    pub(crate) fn balls(&self, score: &'static str, k: usize, cpu: &Cpu) -> Result<Arc<Balls>, ScoreError> {
        self.known().need(score, k + 1)?;
        self.balls.get(k, || Balls::of(self.real, self.generated, k, Some(&self.remembered.reaches), cpu))
    }
}

impl fmt::Debug for Sides<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sides")
            .field("n_real", &self.real.len())
            .field("n_generated", &self.generated.len())
            .field("dims", &self.real.dims())
            .finish_non_exhaustive()
    }
}

/// A score.
pub trait Score: fmt::Debug + Send + Sync {
    /// The names of the numbers it gives, and which way each is better. One that some data do not have may be missing.
    fn numbers(&self) -> Vec<(&'static str, Direction)>;

    /// Does it apply to so much? Where it does not, asking for it by name is an error that says why.
    ///
    /// # Errors
    /// What is missing: too few items, no held-out ones, no probabilities.
    fn check(&self, known: &Known) -> Result<(), ScoreError>;

    /// The bytes that it takes at most beside the features, for `n` items a side of `dims` features.
    fn memory_bytes(&self, n: usize, dims: usize) -> u64 {
        // All distances a tile at a time (1,024 queries and 4,096 points at most, and what lies between), a few numbers of each item.
        (1 << 25) + 64 * n as u64 + 4 * (1024 + n.min(4096) as u64) * dims as u64
    }

    /// The score.
    ///
    /// # Errors
    /// As [`Score::check`], and programs that do not fit.
    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{made, moved};

    #[test]
    fn balls_are_kept_for_each_k() {
        let (a, b) = (made(1, 300, 33), moved(2, 500, 33));
        let sides = Sides::new(Rows::new(&a, 33).unwrap(), Rows::new(&b, 33).unwrap()).unwrap();
        let cpu = Cpu::new(1);
        for k in [3, 1, 3, 1] {
            let found = sides.balls("precision-recall", k, &cpu).unwrap();
            assert_eq!(*found, Balls::of(sides.real(), sides.generated(), k, None, &cpu).unwrap(), "{k}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_side() {
        let numbers = [0.5; 12];
        let rows = |n: usize, dims| Rows::new(&numbers[..n * dims], dims).unwrap();
        let sides = || Sides::new(rows(3, 2), rows(4, 2)).unwrap();
        let check = |found: Result<Sides<'_>, ScoreError>, expected: &str| {
            assert_eq!(found.unwrap_err().to_string(), expected);
        };
        check(
            Sides::new(rows(3, 2), rows(3, 3)),
            "all sides need the same features, found 2 numbers an item of the real side and 3 of the generated",
        );
        check(
            sides().with_held_out(Some(rows(3, 4))),
            "all sides need the same features, found 2 numbers an item of the real side and 4 of the held-out",
        );
        for n in [0, 3, 5] {
            check(
                sides().with_probabilities(Some(rows(n, 2))),
                &format!(
                    "class probabilities need one row for each generated item, found {n} rows for 4 items"
                ),
            );
        }
        assert!(sides().with_probabilities(Some(rows(4, 3))).unwrap().known().is_classified);
    }
}
