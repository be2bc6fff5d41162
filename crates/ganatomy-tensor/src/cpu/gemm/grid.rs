//! How a product is cut into tasks: from shapes only, so that any number of threads gives the same bits.

use std::ops::Range;

use super::part::{ROW_BLOCK, depth_block, shares};

/// Products of less work than this are one task, as waking a thread costs more.
const TINY: usize = 400_000;
/// Work that is enough for a task of its own.
const TASK: usize = 250_000;
/// The work of an element that is read or written, in multiply-adds.
const ELEMENT: usize = 8;
/// The most tasks that are asked for.
const MOST_TASKS: usize = 16;
/// Rows below which a block does not use a panel of `B` often enough.
const MIN_ROWS: usize = 32;
/// Elements of partial sums beyond which the depth is not cut further.
const MOST_PARTIAL: usize = 1 << 22;
/// Cost of reading an element of `A` into a block, in multiply-adds of one lane column.
const LEFT_COST: f64 = 0.2;
/// Cost of reading an element of `B` into a panel.
const RIGHT_COST: f64 = 0.4;
/// Cost of writing and adding a partial sum.
const PARTIAL_COST: f64 = 1.0;

/// Cost of cutting columns: rows of the tile are then short runs for the pass that follows.
const COLUMNS_COST: f64 = 0.01;

/// What the cut depends on.
#[derive(Clone, Debug)]
pub struct Extent {
    /// The number of equal products.
    pub instances: usize,
    /// Rows that can be cut between, in each instance.
    pub lines: usize,
    /// Rows of `C` that the largest part has in each instance.
    pub rows: usize,
    /// Columns of each instance.
    pub n: usize,
    /// Depth, if one part covers everything, so that it can be cut.
    pub k: Option<usize>,
    /// Multiply-adds of everything.
    pub multiply_adds: usize,
    /// Elements of both operands and the output.
    pub elements: usize,
    /// Columns that must stay together.
    pub panel: usize,
    /// `C` may be cut between columns.
    pub cut_columns: bool,
    /// The instances lie side by side, not below each other.
    pub side_by_side: bool,
}

/// Some lines of some instances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The instances.
    pub instances: Range<usize>,
    /// The lines of each.
    pub lines: Range<usize>,
}

/// The cut: a task for each chunk, region and column range.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Cuts between rows.
    pub regions: Vec<Region>,
    /// Cuts between columns.
    pub cols: Vec<Range<usize>>,
    /// Cuts between depths; each but the first has its own partial sums.
    pub chunks: Vec<Range<usize>>,
}

impl Extent {
    /// The cheapest cut between rows, columns and depths that gives enough tasks.
    pub fn cut(&self) -> Grid {
        let wanted = match self.multiply_adds + ELEMENT * self.elements {
            0..TINY => 1,
            n => n.div_ceil(TASK).min(MOST_TASKS),
        };
        if self.instances > 1 {
            let regions = self.regions(wanted);
            return Grid { regions, cols: ranges(self.n, 1, self.panel), chunks: self.chunks(1) };
        }
        let (rows, cols, depths) = self.cheapest(wanted);
        let lines = ranges(self.lines, rows, 1);
        let region = |lines| Region { instances: 0..1, lines };
        Grid {
            regions: lines.into_iter().map(region).collect(),
            cols: ranges(self.n, cols, self.panel),
            chunks: self.chunks(depths),
        }
    }

    /// How often to cut the rows, the columns and the depth.
    fn cheapest(&self, wanted: usize) -> (usize, usize, usize) {
        let most_rows = wanted.min(self.rows / MIN_ROWS).min(self.lines).max(1);
        let most_cols = if self.cut_columns { self.n / (2 * self.panel) } else { 1 };
        let k = self.k.unwrap_or(0);
        let partial = MOST_PARTIAL / (self.rows * self.n).max(1) + 1;
        let most_depths = wanted.min(k / depth_block(k)).min(partial);
        let mut best = (f64::INFINITY, (1, 1, 1));
        for rows in 1..=most_rows {
            for cols in 1..=most_cols.clamp(1, wanted) {
                let depths = wanted.div_ceil(rows * cols).min(most_depths.max(1));
                let cost = self.cost(rows, cols, depths);
                let missing = wanted as f64 / (rows * cols * depths) as f64;
                // Idle threads cost more than any packing.
                let cost = if missing > 1.0 { cost + missing } else { cost };
                if cost < best.0 {
                    best = (cost, (rows, cols, depths));
                }
            }
        }
        best.1
    }

    /// The overhead of a cut for each multiply-add.
    fn cost(&self, rows: usize, cols: usize, depths: usize) -> f64 {
        let rows = (self.rows as f64 / rows as f64).min(ROW_BLOCK as f64);
        let cols = self.n as f64 / cols as f64;
        let partial = if depths == 1 { 0.0 } else { PARTIAL_COST };
        let depth = self.k.unwrap_or(1) as f64 / depths as f64;
        let cut = if cols < self.n as f64 { COLUMNS_COST } else { 0.0 };
        LEFT_COST / cols + RIGHT_COST / rows + partial / depth + cut
    }

    fn chunks(&self, depths: usize) -> Vec<Range<usize>> {
        let k = self.k.unwrap_or(0);
        ranges(k, depths, depth_block(k))
    }

    fn regions(&self, wanted: usize) -> Vec<Region> {
        let most = wanted.min(self.rows / MIN_ROWS).min(self.lines).max(1);
        // Groups share the rows; the entries of a batch have their own, and are shared out first.
        let by_rows = if self.side_by_side { most } else { most.min(wanted.div_ceil(self.instances)) };
        let by_instances = match self.side_by_side {
            false if by_rows > 1 => self.instances,
            _ => wanted.div_ceil(by_rows).min(self.instances),
        };
        let mut regions = Vec::new();
        for instances in ranges(self.instances, by_instances.max(1), 1) {
            for lines in ranges(self.lines, by_rows, 1) {
                regions.push(Region { instances: instances.clone(), lines });
            }
        }
        regions
    }
}

/// Cuts `len` into at most `n` nearly equal ranges that start at multiples of `unit`.
pub fn ranges(len: usize, n: usize, unit: usize) -> Vec<Range<usize>> {
    let most = len.div_ceil(unit).div_ceil(n).max(1) * unit;
    let mut start = 0;
    shares(len, most, unit)
        .map(|share| {
            start += share;
            start - share..start
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(len: usize, n: usize, unit: usize, expected: &[Range<usize>]) {
        assert_eq!(ranges(len, n, unit), expected);
    }

    #[test]
    fn ranges_are_aligned_and_cover() {
        check(10, 3, 1, &[0..3, 3..6, 6..10]);
        check(100, 2, 32, &[0..64, 64..100]);
        check(64, 4, 64, &ranges(64, 1, 64));
        check(5, 9, 1, &[0..1, 1..2, 2..3, 3..4, 4..5]);
    }

    #[test]
    fn tiny_products_are_one_task_and_big_ones_many() {
        let tasks = |rows: usize, n: usize, k: usize| {
            let extent = Extent {
                instances: 1,
                lines: rows,
                rows,
                n,
                k: Some(k),
                multiply_adds: rows * n * k,
                elements: rows * k + k * n + rows * n,
                panel: 32,
                cut_columns: true,
                side_by_side: false,
            };
            let grid = extent.cut();
            grid.regions.len() * grid.cols.len() * grid.chunks.len()
        };
        assert_eq!(tasks(32, 32, 32), 1);
        for (rows, n, k) in [(512, 256, 128), (64, 6272, 1024), (1024, 6272, 64), (48, 64, 65536)] {
            assert!((8..=32).contains(&tasks(rows, n, k)), "{rows} {n} {k}");
        }
    }
}
