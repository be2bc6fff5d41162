//! Parts of the data, and which of them samples reach: no label and no known mode is needed.

use ganatomy_tensor::Cpu;

use crate::clusters::{centres_after, counts};
use crate::error::ScoreError;
use crate::rows::Rows;

/// Steps of Lloyd's: the bins need to cut the data somewhere, not in the very best place.
const STEPS: usize = 10;
/// A bin counts as held from one such part of its due share on.
const HELD: usize = 5;

/// The clusters of some real items, and how many of them each holds.
#[derive(Clone, Debug)]
pub struct Bins {
    centres: Vec<f32>,
    real: Vec<usize>,
}

impl Bins {
    /// `n` clusters of at least as many real items (k-means, ten steps), the same for the same seed.
    ///
    /// # Errors
    /// Fewer items than bins, or a search that cannot be set up.
    pub fn new(rows: Rows<'_>, n: usize, seed: u64, cpu: &Cpu) -> Result<Bins, ScoreError> {
        rows.need("bins", "real", n.max(1))?;
        let centres = centres_after(rows, n, STEPS, seed, cpu)?;
        let real = counts(rows, &centres, cpu)?;
        Ok(Bins { centres, real })
    }

    /// The real items in each bin.
    pub fn real(&self) -> &[usize] {
        &self.real
    }

    /// How many items fall into each bin, which is that of the nearest centre.
    ///
    /// # Errors
    /// Items of another length than the real ones.
    pub fn counts(&self, rows: Rows<'_>, cpu: &Cpu) -> Result<Vec<usize>, ScoreError> {
        let dims = self.centres.len() / self.real.len().max(1);
        Rows::new(&self.centres, dims)?.check_like("generated", &rows)?;
        counts(rows, &self.centres, cpu)
    }
}

/// The share of the real items whose bins hold at least a fifth of the generated items that are due to them.
///
/// # Shapes
/// - real, generated: items in each bin
pub fn held(real: &[usize], generated: &[usize]) -> f64 {
    let [n, m] = [real, generated].map(|counts| counts.iter().sum::<usize>());
    let is_held = |(a, b): &(&usize, &usize)| HELD * **b * n >= **a * m;
    real.iter().zip(generated).filter(is_held).map(|(a, _)| *a).sum::<usize>() as f64 / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_that_samples_leave_are_not_held() {
        let check = |generated: &[usize], expected: f64| {
            let found = held(&[50, 30, 20], generated);
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        };
        check(&[5, 3, 2], 1.0);
        check(&[10, 0, 0], 0.5);
        check(&[0, 0, 7], 0.2);
        // A tenth of the share that is due is too little, a fifth is enough.
        check(&[95, 3, 2], 0.5);
        check(&[90, 6, 4], 1.0);
    }

    #[test]
    fn items_fall_into_the_bins_of_their_places() {
        let cpu = Cpu::new(2);
        let real: Vec<f32> = (0..120).flat_map(|i| [(i % 3) as f32 * 10.0, (i / 3) as f32 * 0.01]).collect();
        let bins = Bins::new(Rows::new(&real, 2).unwrap(), 3, 5, &cpu).unwrap();
        assert_eq!(bins.real(), [40, 40, 40]);
        let found = bins.counts(Rows::new(&[10.0, 0.0, 9.0, 1.0, 20.5, 0.0], 2).unwrap(), &cpu).unwrap();
        let mut sorted = found.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2], "{found:?}");
        assert!(bins.counts(Rows::new(&[1.0; 3], 3).unwrap(), &cpu).is_err());
        assert!(Bins::new(Rows::new(&real[..4], 2).unwrap(), 3, 5, &cpu).is_err());
    }
}
