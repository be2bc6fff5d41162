//! A planned matrix product or convolution: phases of tasks that any number of threads may run.
//!
//! ```text
//!   phase      tasks                                  writes
//!   pack       shares of the panels of B              shared    (only if several tasks read them)
//!   multiply   depth chunk x region x column range    C, and partial sums in shared
//!   combine    shares of C                            C         (only if the depth is cut)
//! ```

use std::marker::PhantomData;

use pulp::{Simd, WithSimd};

use super::grid::Grid;
use super::layout::{Kernel, Layout};
use super::micro::Micro;
use super::narrow::{multiply_narrow, narrow_local_len};
use super::part::{Block, Packing, ROW_BLOCK, Tiling};
use super::shallow::{multiply_shallow, shallow_local_len};
use crate::cpu::level::Level;
use crate::cpu::task::{Pointers, Tile};

/// Panels of `B` in a packing task.
const PACK_SHARE: usize = 4;
/// The most packing or combining tasks.
const MOST_SHARES: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Pack,
    Multiply,
    Combine,
}

/// A product planned from shapes alone.
#[derive(Clone, Debug)]
pub struct Gemm<E> {
    layout: Layout,
    tiling: Tiling,
    packing: Packing,
    kernel: Kernel,
    grid: Grid,
    kinds: Vec<Phase>,
    phases: Vec<usize>,
    /// Where the packed `B` of each part starts in the shared memory, and how long an instance is.
    packed: Vec<(usize, usize)>,
    packed_instances: usize,
    partial_start: usize,
    c_len: usize,
    shared_len: usize,
    local_len: usize,
    element: PhantomData<E>,
}

/// One call of [`Gemm::run`]. (A closure would do, but the compiler does not always inline it
/// into the code for the level, which makes the packing loops several times slower.)
struct Task<'a, E> {
    product: &'a Gemm<E>,
    phase: usize,
    task: usize,
    pointers: Pointers<E>,
}

impl<E: Micro> WithSimd for Task<'_, E> {
    type Output = Option<Tile>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> Option<Tile> {
        let Task { product, phase, task, pointers } = self;
        let Pointers { a, b, c, shared, local } = pointers;
        // SAFETY: the promise of `run`.
        unsafe {
            match product.kinds[phase] {
                Phase::Pack => product.pack(task, b, shared),
                Phase::Multiply => product.multiply(task, a, b, c, shared, local),
                Phase::Combine => product.combine(task, c, shared),
            }
        }
    }
}

impl<E: Micro> Gemm<E> {
    pub(crate) fn plan(layout: Layout, c_len: usize, level: Level) -> Gemm<E> {
        let tiling = Tiling::new::<E>(level.or_portable());
        let kernel = layout.kernel();
        let extent = layout.extent(&tiling, kernel);
        let grid = extent.cut();
        let packing = layout.packing(&tiling, &grid, kernel);
        let mut product = Gemm {
            packed: Vec::new(),
            packed_instances: if layout.steps.b == 0 { 1 } else { layout.instances },
            partial_start: 0,
            c_len,
            shared_len: 0,
            local_len: 0,
            kinds: vec![Phase::Multiply],
            phases: vec![grid.chunks.len() * grid.regions.len() * grid.cols.len()],
            element: PhantomData,
            layout,
            tiling,
            packing,
            kernel,
            grid,
        };
        product.place();
        product
    }

    /// Lays out the shared and the local memory.
    fn place(&mut self) {
        if self.packing == Packing::Shared {
            for part in &self.layout.parts {
                let len = (part.k * self.tiling.padded(part.n)).next_multiple_of(16);
                self.packed.push((self.shared_len, len));
                self.shared_len += len * self.packed_instances;
            }
            self.kinds.insert(0, Phase::Pack);
            self.phases.insert(0, self.panels().div_ceil(PACK_SHARE).min(MOST_SHARES));
        }
        self.partial_start = self.shared_len;
        if self.grid.chunks.len() > 1 {
            let len = self.c_len.next_multiple_of(16);
            self.shared_len += len * (self.grid.chunks.len() - 1);
            self.kinds.push(Phase::Combine);
            let rows = self.c_len / self.layout.ld;
            self.phases.push(self.c_len.div_ceil(4096).min(MOST_SHARES).min(rows));
        }
        let lens = self.layout.parts.iter().map(|part| match self.kernel {
            Kernel::Blocked => part.local_len(&self.tiling, ROW_BLOCK.min(part.m), self.packing),
            Kernel::Narrow => narrow_local_len(part),
            Kernel::Shallow => shallow_local_len(part),
        });
        let spread = self.layout.scatter.iter().zip(&self.layout.parts);
        let spread: usize = spread.map(|(scatter, part)| scatter.local_len(part)).sum();
        self.local_len = lens.max().unwrap_or(0) + spread;
    }

    /// The number of tasks of each phase.
    pub fn phases(&self) -> &[usize] {
        &self.phases
    }

    /// The operand that a phase packs, if that is all it does.
    pub fn packs(&self, phase: usize) -> Option<usize> {
        (self.kinds[phase] == Phase::Pack).then_some(usize::from(!self.layout.exchanged))
    }

    /// Elements of memory that all threads share.
    pub fn shared_len(&self) -> usize {
        self.shared_len
    }

    /// Elements of scratch that each thread needs.
    pub fn local_len(&self) -> usize {
        self.local_len
    }

    /// Runs one task; returns the part of the output that it finishes.
    ///
    /// # Safety
    /// The pointers are valid for the planned shapes, `shared` and `local` for their lengths and
    /// aligned to 64 bytes; a phase starts when the one before has ended.
    pub unsafe fn run(&self, phase: usize, task: usize, pointers: &Pointers<E>) -> Option<Tile> {
        let mut pointers = *pointers;
        if self.layout.exchanged {
            (pointers.a, pointers.b) = (pointers.b, pointers.a);
        }
        self.tiling.level.vectorize(Task { product: self, phase, task, pointers })
    }

    /// The panels of all parts and instances.
    fn panels(&self) -> usize {
        let panels = self.layout.parts.iter().map(|part| part.packed_panels(&self.tiling));
        panels.sum::<usize>() * self.packed_instances
    }

    #[inline(always)]
    unsafe fn pack(&self, task: usize, b: *const E, shared: *mut E) -> Option<Tile> {
        let (panels, tasks) = (self.panels(), self.phases[0]);
        let mine = task * panels / tasks..(task + 1) * panels / tasks;
        let mut first = 0;
        for (part, &(start, len)) in self.layout.parts.iter().zip(&self.packed) {
            let each = part.packed_panels(&self.tiling);
            let last = first + each * self.packed_instances;
            for index in mine.start.max(first)..mine.end.min(last) {
                let (instance, panel) = ((index - first) / each, (index - first) % each);
                // SAFETY: every panel has its own place.
                unsafe {
                    let b = b.add(instance * self.layout.steps.b);
                    let to = shared.add(start + instance * len);
                    part.pack_panel(&self.tiling, panel, b, to);
                }
            }
            first = last;
        }
        None
    }

    #[inline(always)]
    unsafe fn multiply(
        &self,
        task: usize,
        a: *const E,
        b: *const E,
        c: *mut E,
        shared: *mut E,
        local: *mut E,
    ) -> Option<Tile> {
        let (task, cols) = (task / self.grid.cols.len(), task % self.grid.cols.len());
        let (chunk, region) = (task / self.grid.regions.len(), task % self.grid.regions.len());
        let (region, cols) = (&self.grid.regions[region], &self.grid.cols[cols]);
        let steps = &self.layout.steps;
        for instance in region.instances.clone() {
            for (index, part) in self.layout.parts.iter().enumerate() {
                let lines = &self.layout.lines[index];
                let ks = if self.layout.parts.len() == 1 && self.layout.scatter.is_none() {
                    self.grid.chunks[chunk].clone()
                } else {
                    0..part.k
                };
                // SAFETY: blocks of different tasks do not overlap in C or in the partial sums.
                unsafe {
                    let block = Block {
                        rows: lines.row(region.lines.start)..lines.row(region.lines.end),
                        cols: cols.clone(),
                        ks,
                        a: a.add(instance * steps.a),
                        b: b.add(instance * steps.b),
                        c: self.sums(chunk, c, shared).add(instance * steps.c),
                        packed: self.packed_at(index, instance, shared),
                        local,
                    };
                    if let Some(scatter) = &self.layout.scatter {
                        let lines = region.lines.clone();
                        scatter.run(part, &self.tiling, self.packing, lines, &block);
                        continue;
                    }
                    match self.kernel {
                        Kernel::Blocked => part.multiply(&self.tiling, self.packing, &block),
                        Kernel::Narrow => multiply_narrow(part, self.tiling.level, &block),
                        Kernel::Shallow => multiply_shallow(part, self.tiling.level, &block),
                    }
                }
            }
        }
        (self.grid.chunks.len() == 1).then(|| self.layout.tile(region, cols))
    }

    /// Where a chunk of the depth is summed: the first in `C`, the others in the shared memory.
    #[inline(always)]
    unsafe fn sums(&self, chunk: usize, c: *mut E, shared: *mut E) -> *mut E {
        let len = self.c_len.next_multiple_of(16);
        // SAFETY: planned so in `place`.
        if chunk == 0 { c } else { unsafe { shared.add(self.partial_start + (chunk - 1) * len) } }
    }

    #[inline(always)]
    unsafe fn packed_at(&self, part: usize, instance: usize, shared: *const E) -> *const E {
        let Some(&(start, len)) = self.packed.get(part) else {
            return shared;
        };
        let instance = if self.packed_instances == 1 { 0 } else { instance };
        // SAFETY: planned so in `place`.
        unsafe { shared.add(start + instance * len) }
    }

    #[inline(always)]
    unsafe fn combine(&self, task: usize, c: *mut E, shared: *mut E) -> Option<Tile> {
        let (count, ld) = (self.c_len / self.layout.ld, self.layout.ld);
        let tasks = self.phases[self.phases.len() - 1];
        let rows = task * count / tasks..(task + 1) * count / tasks;
        let (start, len) = (rows.start * ld, rows.len() * ld);
        // SAFETY: tasks own different rows of C; the partial sums are complete and only read.
        unsafe {
            let to = std::slice::from_raw_parts_mut(c.add(start), len);
            for chunk in 1..self.grid.chunks.len() {
                let from = self.sums(chunk, c, shared).add(start);
                let from = std::slice::from_raw_parts(from.cast_const(), len);
                for (sum, &more) in to.iter_mut().zip(from) {
                    *sum += more;
                }
            }
        }
        Some(Tile::new(rows, 0..ld, ld))
    }
}
