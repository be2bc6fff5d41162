//! Features of items: rows of finite numbers, all of one length.

use std::borrow::Cow;

use ganatomy_data::keyed::Keyed;

use crate::error::ScoreError;

/// Features of items, one a row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    values: &'a [f32],
    dims: usize,
}

impl<'a> Rows<'a> {
    /// Rows of `dims` numbers, checked once.
    ///
    /// # Shapes
    /// - values: `[n, dims]`, row-major
    ///
    /// # Errors
    /// [`ScoreError::Ragged`] where the numbers do not make whole rows, [`ScoreError::NotFinite`] for a number that is not one.
    pub fn new(values: &'a [f32], dims: usize) -> Result<Rows<'a>, ScoreError> {
        if dims == 0 || !values.len().is_multiple_of(dims) {
            return Err(ScoreError::Ragged { found: values.len(), dims });
        }
        match values.iter().position(|x| !x.is_finite()) {
            Some(at) => Err(ScoreError::NotFinite { row: at / dims, column: at % dims, found: values[at] }),
            None => Ok(Rows { values, dims }),
        }
    }

    /// The numbers, row after row.
    pub fn values(&self) -> &'a [f32] {
        self.values
    }

    /// Numbers of a row.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.values.len() / self.dims
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// One row.
    pub fn row(&self, i: usize) -> &'a [f32] {
        &self.values[i * self.dims..][..self.dims]
    }

    /// Every row in order.
    pub fn iter(&self) -> std::slice::ChunksExact<'a, f32> {
        self.values.chunks_exact(self.dims)
    }

    /// The numbers of `n` rows drawn without repetition, in the order drawn; or of all rows in their own order, if there are no more.
    pub(crate) fn some(&self, n: usize, random: &mut Keyed) -> Cow<'a, [f32]> {
        match n < self.len() {
            true => self.drawn(n, random).into_iter().flat_map(|i| self.row(i)).copied().collect(),
            false => Cow::Borrowed(self.values),
        }
    }

    /// Some of the rows without repetition, in the order drawn.
    pub(crate) fn drawn(&self, n: usize, random: &mut Keyed) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        for i in 0..n {
            let other = i + random.below((order.len() - i) as u64) as usize;
            order.swap(i, other);
        }
        order.truncate(n);
        order
    }

    /// Refuses rows of another length than these, which are the real side's.
    ///
    /// # Errors
    /// [`ScoreError::Dims`].
    pub fn check_like(&self, side: &'static str, other: &Rows<'_>) -> Result<(), ScoreError> {
        match self.dims == other.dims {
            true => Ok(()),
            false => Err(ScoreError::Dims { side, real: self.dims, found: other.dims }),
        }
    }

    /// Refuses fewer rows than a score can use.
    ///
    /// # Errors
    /// [`ScoreError::TooFew`].
    pub fn need(&self, score: &'static str, side: &'static str, needed: usize) -> Result<(), ScoreError> {
        match self.len() >= needed {
            true => Ok(()),
            false => Err(ScoreError::TooFew { score, side, needed, found: self.len() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_whole_and_finite() {
        let check = |values: &[f32], dims, expected: &str| {
            assert_eq!(Rows::new(values, dims).unwrap_err().to_string(), expected);
        };
        check(&[1.0; 5], 2, "5 numbers do not make whole rows of 2");
        check(&[1.0; 4], 0, "4 numbers do not make whole rows of 0");
        check(
            &[1.0, 2.0, 3.0, f32::NAN],
            2,
            "features must be finite numbers, found NaN in row 1, column 1 (counted from 0)",
        );
        let rows = Rows::new(&[1.0, 2.0, 3.0, 4.0], 2).unwrap();
        assert_eq!((rows.len(), rows.row(1)), (2, &[3.0, 4.0][..]));
        let text = rows.need("fid", "generated", 3).unwrap_err().to_string();
        assert_eq!(text, "fid needs at least 3 generated items, found 2");
    }

    #[test]
    fn some_rows_are_drawn_from_all() {
        let values: Vec<f32> = (0..100).map(|i| i as f32).collect();
        let rows = Rows::new(&values, 1).unwrap();
        let some = |n, seed| rows.some(n, &mut Keyed::new(&[seed])).to_vec();
        let mut found = some(50, 1);
        assert!(found != some(50, 2) && found == some(50, 1));
        found.sort_unstable_by(f32::total_cmp);
        found.dedup();
        assert!(found.len() == 50 && found.iter().filter(|x| **x >= 50.0).count() > 10);
        assert_eq!(some(100, 1), values);
    }
}
