//! What a task of a product works on, and which part of the output it finishes.

use std::ops::Range;

/// What a task works on.
#[derive(Clone, Copy, Debug)]
pub struct Pointers<E> {
    /// The left operand.
    pub a: *const E,
    /// The right operand.
    pub b: *const E,
    /// The output.
    pub c: *mut E,
    /// Memory that all threads share.
    pub shared: *mut E,
    /// Scratch of this thread.
    pub local: *mut E,
}

/// Rows and columns of the output that a task has just finished, the output seen as rows `ld` long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// First row.
    pub row: usize,
    /// Rows.
    pub rows: usize,
    /// First column.
    pub col: usize,
    /// Columns.
    pub cols: usize,
    /// Elements in a row of the output.
    pub ld: usize,
}

impl Tile {
    /// The tile of some rows and columns.
    pub fn new(rows: Range<usize>, cols: Range<usize>, ld: usize) -> Tile {
        Tile { row: rows.start, rows: rows.len(), col: cols.start, cols: cols.len(), ld }
    }
}
