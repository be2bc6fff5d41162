//! What scores make of the real side alone.

use std::fmt;

use crate::linear::moments::Moments;
use crate::once::Once;

/// What scores have made of the real side alone: its clusters, its neighbours, its mean and covariance. Whoever scores samples again and again
/// against the same real items hands it on, and it is made once.
#[derive(Default)]
pub struct Remembered {
    /// Centres and counts of clusters, by their seed and number.
    pub(crate) bins: Once<(u64, usize), Bins>,
    /// How far it is from each of the items that differ to its k-th neighbour, by k.
    pub(crate) reaches: Once<usize, Vec<f64>>,
    /// Of all items.
    pub(crate) moments: Once<(), Moments>,
}

/// Clusters of real items.
pub(crate) struct Bins {
    /// `[bins, dims]`
    pub centres: Vec<f32>,
    /// Real items of each.
    pub counts: Vec<usize>,
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ganatomy_record::RunSpec;
    use ganatomy_tensor::Cpu;

    use super::*;
    use crate::testing::{made, moved};
    use crate::{Rows, Sides, registry};

    #[test]
    fn scores_of_other_samples_are_the_same_with_what_is_remembered() {
        let (n, dims, cpu) = (1000, 6, Cpu::new(2));
        let real = made(1, n, dims);
        let rows = |x| Rows::new(x, dims).unwrap();
        let (spec, remembered) = (RunSpec::parse("", "test").unwrap(), Arc::new(Remembered::default()));
        let samples = [2, 3].map(|seed| moved(seed, n, dims));
        for samples in &samples {
            let sides = || Sides::new(rows(&real), rows(samples)).unwrap();
            let (plain, again) = (sides(), sides().remembering(&remembered));
            for name in ["fid", "ndb", "density-coverage", "precision-recall"] {
                let row = registry::scores().into_iter().find(|row| row.name() == name).unwrap();
                let score = row.read(&mut spec.root()).unwrap();
                let of = |sides: &Sides<'_>| score.score(sides, &cpu).unwrap();
                assert_eq!(of(&plain), of(&again), "{name}");
            }
        }
        // All of it was made then.
        assert!(remembered.bins.get((0, 100), || panic!("bins")).is_ok());
        assert!(remembered.reaches.get(5, || panic!("reaches")).is_ok());
        assert!(remembered.moments.get((), || panic!("moments")).is_ok());
    }
}
