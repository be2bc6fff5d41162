//! Points in memory as a data set.

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::sampler::batch_items;
use crate::{BatchKey, DataError, Dataset, Modes};

/// A finite set of points of any dimension, drawn without replacement within an epoch.
///
/// ```
/// use ganatomy_data::{Dataset, Points};
///
/// let set = Points::new(vec![[0.0, 1.0], [0.5, -1.0], [2.0, 0.0]])?;
/// assert_eq!((set.item_shape(), set.n_items()), (&[2][..], Some(3)));
/// # Ok::<(), ganatomy_data::DataError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    shape: [usize; 1],
    values: Vec<f32>,
    modes: Option<Modes>,
    fingerprint: String,
}

impl Points {
    /// The set of these points.
    ///
    /// # Errors
    /// No point, points without coordinates, or one with a coordinate that is not a finite number.
    pub fn new<const DIMS: usize>(points: Vec<[f32; DIMS]>) -> Result<Points, DataError> {
        if points.is_empty() || DIMS == 0 {
            let found = format!("{} of {DIMS} coordinates", points.len());
            let wanted = "one or more of one or more coordinates".to_owned();
            return Err(DataError::Array { what: "points", wanted, found });
        }
        let values = points.as_flattened();
        if let Some(wrong) = values.iter().find(|x| !x.is_finite()) {
            let (wanted, found) = ("a finite number".to_owned(), wrong.to_string());
            return Err(DataError::Array { what: "every coordinate", wanted, found });
        }
        let mut hash = Sha256::new();
        values.iter().for_each(|x| hash.update(x.to_le_bytes()));
        let fingerprint = format!("points-{DIMS}-{}", hex(&hash.finalize()[..8]));
        Ok(Points { shape: [DIMS], values: values.to_vec(), modes: None, fingerprint })
    }

    /// The set with the centres of its modes, against which samples are scored.
    ///
    /// # Errors
    /// A centre of another dimension than the points.
    pub fn with_modes(self, modes: Modes) -> Result<Points, DataError> {
        let dims = self.shape[0];
        match modes.centres.iter().find(|centre| centre.len() != dims) {
            Some(wrong) => {
                let (wanted, found) = (format!("of {dims} coordinates"), wrong.len().to_string());
                Err(DataError::Array { what: "every centre", wanted, found })
            }
            None => Ok(Points { modes: Some(modes), ..self }),
        }
    }
}

impl Dataset for Points {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_items(&self) -> Option<usize> {
        Some(self.values.len() / self.shape[0])
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let (dims, n) = (self.shape[0], self.values.len() / self.shape[0]);
        let items = batch_items(n, key, labels.len());
        let point = |item: usize| &self.values[item * dims..][..dims];
        out.chunks_exact_mut(dims).zip(items).for_each(|(to, item)| to.copy_from_slice(point(item)));
        labels.fill(0);
    }

    fn modes(&self) -> Option<&Modes> {
        self.modes.as_ref()
    }

    fn memory_bytes(&self) -> u64 {
        size_of_val(&self.values[..]) as u64
    }

    fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_is_every_point_once() {
        let points = vec![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]];
        let set = Points::new(points.clone()).unwrap();
        let (mut out, mut labels) = ([9.0; 9], [9; 3]);
        set.fill(BatchKey { seed: 1, step: 5, draw: 0 }, &mut out, &mut labels);
        let mut drawn: Vec<[f32; 3]> = out.as_chunks().0.to_vec();
        drawn.sort_by(|a, b| a[0].total_cmp(&b[0]));
        assert_eq!((drawn, labels), (points, [0; 3]));
    }

    #[test]
    fn bad_points_are_refused() {
        let check = |error: DataError, expected: &str| assert_eq!(error.to_string(), expected);
        let none = "points must be one or more of one or more coordinates, found 0 of 2 coordinates";
        check(Points::new(Vec::<[f32; 2]>::new()).unwrap_err(), none);
        let wrong = Points::new(vec![[1.0, f32::NAN]]).unwrap_err();
        check(wrong, "every coordinate must be a finite number, found NaN");
        let modes = Modes::new(vec![vec![0.0]], 0.1);
        let wrong = Points::new(vec![[1.0, 2.0]]).unwrap().with_modes(modes).unwrap_err();
        check(wrong, "every centre must be of 2 coordinates, found 1");
    }

    #[test]
    fn the_fingerprint_follows_the_points() {
        let of = |x| Points::new(vec![[x, 0.0], [1.0, 1.0]]).unwrap().fingerprint();
        assert!(of(0.0) == of(0.0) && of(0.0) != of(0.5));
    }
}
