//! Features of items: rows of finite numbers, all of one length.

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

    /// The first `n` rows, or all of fewer.
    #[must_use]
    pub fn first(&self, n: usize) -> Rows<'a> {
        Rows { values: &self.values[..n.min(self.len()) * self.dims], dims: self.dims }
    }

    /// Refuses rows of another length than these.
    ///
    /// # Errors
    /// [`ScoreError::Dims`].
    pub fn check_like(&self, other: &Rows<'_>) -> Result<(), ScoreError> {
        match self.dims == other.dims {
            true => Ok(()),
            false => Err(ScoreError::Dims { real: self.dims, generated: other.dims }),
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
        assert_eq!((rows.len(), rows.row(1), rows.first(1).len()), (2, &[3.0, 4.0][..], 1));
        let text = rows.need("fid", "generated", 3).unwrap_err().to_string();
        assert_eq!(text, "fid needs at least 3 generated items, found 2");
    }
}
