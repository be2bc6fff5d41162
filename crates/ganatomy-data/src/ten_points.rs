//! `ten-points`: ten points of the plane, learned one by one.

use ganatomy_record::{Fields, Range, SpecError};

use crate::sampler::batch_items;
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset, Modes};

/// Ten fixed points. A sample within three times `near` of a point is of high quality, and the point is then captured:
/// by default within 0.03, a little more than half the distance of the two nearest points (0.0515).
///
/// Reference: Aghabozorgi, Peng and Li 2023 (Adaptive IMLE), the two-dimensional example of its code.
#[derive(Clone, Debug, PartialEq)]
pub struct TenPointsSpec {
    /// A third of the distance at which a sample is near a point; default 0.01, from 1e-6 to 1e6.
    pub near: f64,
}

impl TenPointsSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<TenPointsSpec, SpecError> {
        let doc = "a third of the distance within which a sample counts as near a point";
        Ok(TenPointsSpec { near: fields.number("near", doc, 0.01, Range::between(1e-6, 1e6))? })
    }
}

impl DataSpec for TenPointsSpec {
    fn build(&self, _context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let centres = POINTS.iter().map(|point| point.to_vec()).collect();
        Ok(Box::new(TenPoints { modes: Modes::new(centres, self.near as f32) }))
    }
}

const POINTS: [[f32; 2]; 10] = [
    [-0.1257, 0.3797],
    [0.1076, 0.0971],
    [0.1443, 0.1333],
    [-0.0321, 0.1898],
    [0.1347, -0.1573],
    [-0.3069, 0.2949],
    [0.0202, 0.1158],
    [0.2379, -0.2279],
    [-0.0295, 0.0197],
    [0.0853, -0.0708],
];

struct TenPoints {
    modes: Modes,
}

impl Dataset for TenPoints {
    fn item_shape(&self) -> &[usize] {
        &[2]
    }

    fn n_items(&self) -> Option<usize> {
        Some(POINTS.len())
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let items = batch_items(POINTS.len(), key, labels.len());
        out.chunks_exact_mut(2).zip(items).for_each(|(to, item)| to.copy_from_slice(&POINTS[item]));
        labels.fill(0);
    }

    fn modes(&self) -> Option<&Modes> {
        Some(&self.modes)
    }

    fn fingerprint(&self) -> String {
        // What counts as near changes scores, not data.
        "ten-points-1".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{build, refused};

    #[test]
    fn an_epoch_is_every_point_once() {
        let set = build("ten-points", "");
        let (mut out, mut labels) = (vec![0.0; 20], vec![9; 10]);
        set.fill(BatchKey { seed: 3, step: 4, draw: 0 }, &mut out, &mut labels);
        let mut seen: Vec<usize> = out
            .as_chunks::<2>()
            .0
            .iter()
            .map(|point| POINTS.iter().position(|known| known == point).unwrap())
            .collect();
        seen.sort_unstable();
        assert_eq!((seen, labels, set.n_items()), ((0..10).collect(), vec![0; 10], Some(10)));
    }

    #[test]
    fn near_is_used_and_bad_values_are_refused() {
        assert_eq!(build("ten-points", "near = 0.02").modes().unwrap().std, 0.02);
        refused("ten-points", "near = 0", "near");
        refused("ten-points", "nera = 0.1", "near");
    }
}
