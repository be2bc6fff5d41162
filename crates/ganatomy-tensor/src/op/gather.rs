//! Rows of a table by index, and its adjoint: rows added into a table by index.

use crate::shape::{Shape, ShapeRule};

/// The row of a table that an index names: none for NaN, a negative index, or one beyond the table.
pub(crate) fn row_at(index: f64, n_rows: usize) -> Option<usize> {
    // The comparisons are false for NaN; what is left is a whole number of the table, rounded down.
    (index >= 0.0 && index < n_rows as f64).then_some(index as usize)
}

/// `table [r, ..] x index [n] -> [n, ..]`; an index outside the table gives a row of NaN.
pub(crate) fn gather_shape(table: &Shape, index: &Shape) -> ShapeRule {
    match (&table[..], &index[..]) {
        ([_, row @ ..], [n]) => Ok([*n].iter().chain(row).copied().collect()),
        _ => Err("a table [rows, ..] and a vector of indices are needed".into()),
    }
}

/// `rows [n, ..] x index [n] -> [r, ..]`; an index outside the table is a mistake of the program's
/// user, and its row is dropped.
pub(crate) fn scatter_shape(rows: &Shape, index: &Shape, n_rows: usize) -> ShapeRule {
    match (&rows[..], &index[..]) {
        ([n, row @ ..], [m]) if n == m => Ok([n_rows].iter().chain(row).copied().collect()),
        _ => Err("rows [n, ..] and a vector of n indices are needed".into()),
    }
}
