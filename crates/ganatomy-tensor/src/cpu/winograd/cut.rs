//! How the nine products are cut: blocks that stay in the L2 cache, and tasks made of them.

use std::ops::Range;

use super::tiles::{Edge, POSITIONS, Tiles};
use crate::cpu::gemm::grid::ranges;
use crate::cpu::gemm::runs::zero_run;
use crate::element::Element;

/// Tiles of a block: rows of the products, or depths of the weight gradient.
const TILES: usize = 64;
/// Columns of a block.
const COLS: usize = 256;
/// Depths of a block.
const DEPTH: usize = 128;
/// Rows of the weight gradient.
const GRAD_ROWS: usize = 256;
/// Columns of the weight gradient.
const GRAD_COLS: usize = 128;
/// The tasks that are wanted.
const TASKS: usize = 16;
/// The tasks that the depth of the weight gradient is cut for: more would need more partial sums.
const GRAD_TASKS: usize = 8;
/// From this many blocks of rows on, the transformed weights are shared, and not made by each task.
const SHARED_BLOCKS: usize = 4;
/// Blocks of tiles that are worth a partial sum.
const CHUNK_BLOCKS: usize = 4;
/// With fewer rows of the weight gradient, a task transforms too much for what it multiplies.
const FEW_ROWS: usize = 64;
/// Extra elements between rows, so that rows fall into different cache sets.
pub const GAP: usize = 16;

/// The cut of the products by rows of tiles: forward and input gradient.
#[derive(Clone, Debug)]
pub struct Cut {
    /// Images of each task.
    pub images: Vec<Range<usize>>,
    /// Channels of each task.
    pub cols: Vec<Range<usize>>,
    /// Depths of each block.
    pub ks: Vec<Range<usize>>,
    /// Images in a block.
    pub block: usize,
    /// The right operand is transformed whole in a phase of its own.
    pub shared: bool,
}

/// With fewer channels, the transforms cost more than they save.
const FEW_CHANNELS: usize = 16;
/// With fewer tiles of a batch, transforming the kernel costs more than it saves.
const FEW_TILES: usize = 64;
/// With more tiles of an image, its block is far larger than the L2 cache, and was not measured to be faster.
const MANY_TILES: usize = 1024;

impl Tiles {
    /// Are the transforms cheaper than the multiplications that they save?
    pub fn pay(&self) -> bool {
        let channels = self.c_in.min(self.c_out);
        let tiles = self.images * self.most();
        channels >= FEW_CHANNELS && tiles >= FEW_TILES && self.most() <= MANY_TILES
    }
}

/// Images in a block of about [`TILES`] tiles.
fn block(tiles: &Tiles) -> usize {
    let most = (TILES / tiles.most()).clamp(1, tiles.images);
    tiles.images.div_ceil(tiles.images.div_ceil(most))
}

impl Cut {
    /// The cut for a depth, and channels of some phases as columns.
    pub fn new(tiles: &Tiles, depth: usize, channels: usize, phases: usize, panel: usize) -> Cut {
        let block = block(tiles);
        let blocks = tiles.images.div_ceil(block);
        let cols = ranges(channels, (channels * phases).div_ceil(COLS), panel);
        let shared = blocks >= SHARED_BLOCKS;
        let by_images = if shared { TASKS.div_ceil(cols.len()).min(blocks) } else { blocks };
        let images = ranges(tiles.images, by_images, block);
        Cut { images, cols, ks: ranges(depth, depth.div_ceil(DEPTH), 8), block, shared }
    }

    /// The longest block of depths.
    pub fn depth(&self) -> usize {
        self.ks.iter().map(|ks| ks.len()).max().unwrap_or(0)
    }
}

/// The cut of the weight gradient.
#[derive(Clone, Debug)]
pub struct GradCut {
    /// Images of each chunk of the depth.
    pub chunks: Vec<Range<usize>>,
    /// Input channels of each task.
    pub rows: Vec<Range<usize>>,
    /// Output channels of each task.
    pub cols: Vec<Range<usize>>,
    /// Images in a block.
    pub block: usize,
}

impl GradCut {
    /// The cut for some phases of input channels as rows.
    pub fn new(tiles: &Tiles, phases: usize, panel: usize) -> GradCut {
        let block = block(tiles);
        let cols = ranges(tiles.c_out, tiles.c_out.div_ceil(GRAD_COLS), panel);
        let height = phases * tiles.c_in;
        let by_rows = height.div_ceil(GRAD_ROWS);
        let blocks = tiles.images.div_ceil(block);
        let by_depth = (GRAD_TASKS / (by_rows * cols.len())).min(blocks / CHUNK_BLOCKS).max(1);
        let missing = GRAD_TASKS / (cols.len() * by_depth);
        let by_rows = by_rows.max(missing.min(height / FEW_ROWS));
        let (chunks, rows) = (ranges(tiles.images, by_depth, block), ranges(tiles.c_in, by_rows, 1));
        GradCut { chunks, rows, cols, block }
    }
}

/// Where a [`super::tiles::Stack`] lies in a thread's scratch memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// The first element.
    pub start: usize,
    /// Between positions.
    pub step: usize,
    /// Between panels.
    pub panel: usize,
    /// Between rows.
    pub ld: usize,
}

/// Hands out scratch memory.
#[derive(Default)]
pub struct Room {
    /// Elements so far.
    pub len: usize,
}

/// Rounds up to an odd number of cache lines: data at such distances fall into different cache sets.
fn odd(len: usize) -> usize {
    len.div_ceil(16) / 2 * 32 + 16
}

impl Room {
    /// One run of elements.
    pub fn run(&mut self, len: usize) -> usize {
        let start = self.len;
        self.len += odd(len);
        start
    }

    /// Nine matrices by rows.
    pub fn rows(&mut self, rows: usize, ld: usize) -> Place {
        let step = odd(rows * ld);
        Place { start: self.run(POSITIONS * step), step, panel: 0, ld }
    }

    /// Nine matrices in panels.
    pub fn panels(&mut self, panels: usize, depth: usize, width: usize) -> Place {
        let step = odd(panels * depth * width);
        Place { start: self.run(POSITIONS * step), step, panel: depth * width, ld: width }
    }
}

/// The places of zeros to read, and of memory to write, in place of rows and pixels that do not exist.
#[derive(Clone, Copy, Debug, Default)]
pub struct EdgePlace {
    zeros: usize,
    dump: usize,
    len: usize,
}

impl Room {
    /// An edge for rows of at most `len` elements.
    pub fn edge(&mut self, len: usize) -> EdgePlace {
        EdgePlace { zeros: self.run(len), dump: self.run(len), len }
    }
}

impl EdgePlace {
    /// The edge, in a thread's scratch memory.
    ///
    /// # Safety
    /// The memory is as long as was planned.
    #[inline(always)]
    pub unsafe fn on<E: Element>(&self, local: *mut E) -> Edge<E> {
        // SAFETY: the caller's promise.
        unsafe {
            zero_run(local.add(self.zeros), self.len);
            Edge { zeros: local.add(self.zeros), dump: local.add(self.dump) }
        }
    }
}
