//! What a product computes before it is cut: its parts, what they cover, and which loops compute them.

use std::ops::Range;

use super::grid::{Extent, Grid, Region};
use super::micro::max_rows;
use super::narrow::NARROW;
use super::operand::{Right, Source};
use super::part::{Packing, Part, Tiling};
use super::scatter::Scatter;
use super::shallow::is_shallow;
use crate::cpu::task::Tile;

/// From this many elements on, `B` is too large for a packed copy of the whole.
const LARGE: usize = 1 << 20;
/// Rows of `B` at most this far apart are read panel by panel without loss.
const NEAR: usize = 1024;
/// Rows of a task from which on packing `B` again is worth its cost.
const MANY_ROWS: usize = 120;
/// Elements of `B` that stay in the L1 cache, packed or not.
const SMALL: usize = 4096;

/// Which loops compute the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Packed blocks and register tiles.
    Blocked,
    /// Few columns.
    Narrow,
    /// Little depth.
    Shallow,
}

/// The distance between equal products, in elements.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps {
    /// Between their left operands.
    pub a: usize,
    /// Between their right operands.
    pub b: usize,
    /// Between their outputs.
    pub c: usize,
}

/// What to compute, before it is cut.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Products whose outputs together make up the output.
    pub parts: Vec<Part>,
    /// The lines of the output that each part covers.
    pub lines: Vec<Lines>,
    /// Lines of one instance.
    pub n_lines: usize,
    /// The number of equal products: a batch (below each other) or groups (side by side).
    pub instances: usize,
    /// Their distance.
    pub steps: Steps,
    /// The instances are groups: side by side.
    pub side_by_side: bool,
    /// Output rows that a line stands for.
    pub line_rows: usize,
    /// Elements in an output row.
    pub ld: usize,
    /// A row of the product is several whole output rows.
    pub long_rows: bool,
    /// The operands are exchanged: `C` is one row, computed as one column.
    pub exchanged: bool,
    /// The product is not the output itself, but is added up to it.
    pub scatter: Option<Scatter>,
}

/// Which rows of a part belong to a line: a part has every `step`-th line of an image from `origin`.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Lines of an image.
    pub height: usize,
    /// First line of the part.
    pub origin: usize,
    /// Lines between lines of the part.
    pub step: usize,
    /// Lines of the part in an image.
    pub count: usize,
    /// Rows of the part in a line.
    pub width: usize,
}

impl Lines {
    /// A line for every row.
    pub fn single() -> Lines {
        Lines { height: 1, origin: 0, step: 1, count: 1, width: 1 }
    }

    /// The first row of the part at or behind a line.
    pub fn row(&self, line: usize) -> usize {
        let inside = (line % self.height).saturating_sub(self.origin).div_ceil(self.step);
        (line / self.height * self.count + inside) * self.width
    }
}

impl Layout {
    /// The loops that can compute all parts.
    pub fn kernel(&self) -> Kernel {
        let narrow = |part: &Part| {
            let dense = matches!(part.left.source, Source::Dense { .. });
            part.n <= NARROW && part.k > 0 && (dense || !part.left.slabs)
        };
        if self.scatter.is_some() {
            Kernel::Blocked
        } else if self.parts.iter().all(narrow) {
            Kernel::Narrow
        } else if self.parts.iter().all(is_shallow) {
            Kernel::Shallow
        } else {
            Kernel::Blocked
        }
    }

    /// What the cut depends on.
    pub fn extent(&self, tiling: &Tiling, kernel: Kernel) -> Extent {
        let sum = |of: fn(&Part) -> usize| self.parts.iter().map(of).sum::<usize>();
        let most = |of: fn(&Part) -> usize| self.parts.iter().map(of).max().unwrap_or(0);
        let blocked = kernel == Kernel::Blocked && self.scatter.is_none();
        let whole = self.parts.len() == 1 && blocked;
        Extent {
            instances: self.instances,
            lines: self.n_lines,
            rows: most(|part| part.m),
            n: most(|part| part.n),
            k: whole.then(|| most(|part| part.k)),
            multiply_adds: sum(|part| part.m * part.n * part.k) * self.instances,
            elements: sum(|part| part.m * part.k + part.k * part.n + part.m * part.n) * self.instances,
            panel: tiling.panel,
            cut_columns: self.instances == 1 && !self.long_rows,
            side_by_side: self.side_by_side,
        }
    }

    /// How the right operand is read, once the tasks are known.
    pub fn packing(&self, tiling: &Tiling, grid: &Grid, kernel: Kernel) -> Packing {
        let rows_cut = grid.regions[0].lines.len() < self.n_lines;
        let in_place = self.parts.iter().all(|part| {
            let few_rows = part.m <= 2 * max_rows(tiling.level);
            matches!(part.right, Right::Rows { .. }) && (few_rows || part.k * part.n <= SMALL)
        });
        if kernel != Kernel::Blocked {
            Packing::Local
        } else if in_place {
            Packing::InPlace
        } else if grid.regions.len() > 1 && (self.steps.b == 0 || rows_cut) && !self.repacks(grid) {
            Packing::Shared
        } else {
            Packing::Local
        }
    }

    /// Is the right operand too large to be packed whole, and used often enough by each task?
    fn repacks(&self, grid: &Grid) -> bool {
        self.parts.iter().all(|part| {
            let near = matches!(part.right, Right::Rows { ld } if ld <= NEAR);
            near && part.k * part.n > LARGE && part.m / grid.regions.len() >= MANY_ROWS
        })
    }

    /// What the task of a region and columns finishes.
    pub fn tile(&self, region: &Region, cols: &Range<usize>) -> Tile {
        let (first, last) = (region.instances.start, region.instances.end - 1);
        if self.exchanged {
            return Tile::new(first..last + 1, region.lines.clone(), self.ld);
        }
        let below = if self.side_by_side { 0 } else { self.n_lines };
        let beside = if self.side_by_side { self.parts.first().map_or(0, |part| part.n) } else { 0 };
        let row = (first * below + region.lines.start) * self.line_rows;
        let end = (last * below + region.lines.end) * self.line_rows;
        let cols = match self.long_rows {
            true => 0..self.ld,
            false => first * beside + cols.start..last * beside + cols.end,
        };
        Tile::new(row..end, cols, self.ld)
    }
}
