//! The nine products of a block, all in scratch memory, by the register tiles of the blocked product.

use super::columns::Columns;
use super::tiles::{POSITIONS, Stack};
use crate::cpu::gemm::Micro;
use crate::cpu::gemm::part::{ROW_BLOCK, Tiling, strips};
use crate::cpu::gemm::tile::Strip;

/// `sums[s] (+)= left[s] right[s]` for every position `s`.
pub struct Nine<'a, E> {
    /// How the registers tile.
    pub tiling: &'a Tiling,
    /// The left operand: rows contiguous in depth, or depths contiguous in rows.
    pub left: Stack<E>,
    /// A row of the left operand is contiguous.
    pub lines: bool,
    /// The right operand in panels, from the first that is used.
    pub right: Stack<E>,
    /// Panels of a phase that are not used.
    pub skipped: usize,
    /// The sums.
    pub sums: Stack<E>,
    /// Rows of each product.
    pub rows: [usize; POSITIONS],
    /// Depth of each product.
    pub depth: [usize; POSITIONS],
    /// Add to the sums.
    pub add: bool,
}

impl<E: Micro> Nine<'_, E> {
    /// Multiplies the panels of the columns.
    ///
    /// # Safety
    /// The matrices have the rows, depths and columns that are named.
    #[inline(always)]
    pub unsafe fn multiply(&self, columns: &Columns) {
        let mut starts = [0; ROW_BLOCK];
        for (row, start) in starts.iter_mut().enumerate() {
            *start = row * self.sums.ld;
        }
        for position in 0..POSITIONS {
            for index in 0..columns.panels() {
                for row in (0..self.rows[position]).step_by(ROW_BLOCK) {
                    // SAFETY: the caller's promise.
                    unsafe { self.panel(columns, position, index, row, &starts) };
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn panel(
        &self,
        columns: &Columns,
        position: usize,
        index: usize,
        row: usize,
        starts: &[usize; ROW_BLOCK],
    ) {
        let panel = columns.panel(index);
        let last = index + 1 == columns.panels();
        let (next, at) = if last { (0, position + 1) } else { (index + 1, position) };
        let (left, stride) = (self.left.row(position, 0), self.left.ld);
        let strip = Strip {
            a: left.wrapping_add(if self.lines { row * stride } else { row }).cast_const(),
            a_stride: stride,
            b: self.right_panel(position, index, columns.across()),
            b_stride: self.tiling.width(panel.channels.len()),
            c: self.sums.row(position, row).wrapping_add(panel.col),
            c_rows: starts.as_ptr(),
            panels: 0,
            depth: self.depth[position],
            cols: panel.channels.len(),
            add: self.add,
            ahead: self.right_panel(at, next, columns.across()),
            ahead_stride: self.tiling.panel,
        };
        let rows = (self.rows[position] - row).min(ROW_BLOCK);
        // SAFETY: the caller's promise.
        unsafe { strips(self.tiling, strip, rows, self.lines) };
    }

    #[inline(always)]
    fn right_panel(&self, position: usize, index: usize, across: usize) -> *const E {
        let panel = index + index / across * self.skipped;
        self.right.row(position, 0).wrapping_add(panel * self.right.panel).cast_const()
    }
}
