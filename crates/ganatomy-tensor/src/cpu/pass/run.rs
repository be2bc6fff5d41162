//! Running a pass over a range of its elements, chunk by chunk.

use pulp::{Simd, WithSimd};

use super::apply::apply;
use super::plan::{PassPlan, PlannedStep};
use crate::aligned::Aligned;
use crate::cpu::fetch::fetch_run;
use crate::cpu::frame::Frame;
use crate::cpu::gemm::lanes::rounds_twice;
use crate::cpu::native::Native;
use crate::philox::Key;

/// One thread's scratch memory.
pub(in crate::cpu) struct Scratch<E> {
    pub chunks: Aligned<E>,
    pub pointers: Vec<*mut E>,
    pub kept: Vec<usize>,
    /// Packing room for products, and accumulators of reductions.
    pub local: Aligned<E>,
}

// SAFETY: the pointers are written and read within one task of one thread.
unsafe impl<E: Send> Send for Scratch<E> {}

/// The elements that a task runs a pass on: `rows` runs of `cols` elements, `stride` apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::cpu) struct Stretch {
    pub first: usize,
    pub rows: usize,
    pub cols: usize,
    pub stride: usize,
}

impl Stretch {
    /// One run of elements.
    pub fn range(start: usize, end: usize) -> Self {
        Stretch { first: start, rows: 1, cols: end - start, stride: 0 }
    }
}

impl<E: Native> PassPlan<E> {
    /// Writes the constants and all other values that are the same for all elements; once before the
    /// stretches of a task.
    ///
    /// # Safety
    /// The frame is of the program this plan was made for.
    pub unsafe fn prepare(&self, frame: &Frame<E>, scratch: &mut Scratch<E>) {
        scratch.kept[..self.loads.len()].fill(0);
        let base = scratch.chunks.as_mut_ptr();
        for slot in 0..self.n_slots {
            let Some(at) = self.scratch[slot].map(|number| number * self.chunk) else {
                continue;
            };
            scratch.pointers[slot] = base.wrapping_add(at);
            let room = &mut scratch.chunks[at..at + self.chunk];
            match self.loads.get(slot) {
                // SAFETY: the place is of this frame's program.
                Some(load) if load.is_single() => unsafe { load.spread(frame.at(load.from), room) },
                Some(_) => {}
                None => {
                    if let Some(&value) = self.constants.get(slot - self.loads.len()) {
                        room.fill(value);
                    }
                }
            }
        }
    }

    /// The end of the chunk that starts at `i`: rows are not cut if that would need a gather.
    #[inline(always)]
    fn chunk_end(&self, i: usize, end: usize) -> usize {
        let row = self.row;
        let stop = if row <= 1 {
            i + self.chunk
        } else if row < self.chunk {
            (i / row + self.chunk / row) * row
        } else {
            let pieces = row.div_ceil(self.chunk);
            let piece = row.div_ceil(pieces).next_multiple_of(16).min(self.chunk);
            (i + piece).min((i / row + 1) * row)
        };
        stop.min(end)
    }

    /// Runs a stretch of elements, and hands each finished chunk `(first, values)` to `each`.
    ///
    /// # Safety
    /// The frame is of the program this plan was made for; `prepare` has run on `scratch`.
    pub unsafe fn run(
        &self,
        frame: &Frame<E>,
        scratch: &mut Scratch<E>,
        stretch: Stretch,
        each: &mut dyn FnMut(usize, &[E]),
    ) {
        let (mut row, mut i) = (0, stretch.first);
        // SAFETY: asking for a line needs only the places.
        unsafe { self.fetch(frame, i, self.chunk.min(stretch.cols)) };
        while row < stretch.rows && stretch.cols > 0 {
            let (at, end) = (i, stretch.first + row * stretch.stride + stretch.cols);
            i = self.chunk_end(at, end);
            let n = i - at;
            if i == end {
                row += 1;
                i = stretch.first + row * stretch.stride;
            }
            // SAFETY: `at..at + n` is inside the pass, and every place was planned for its length.
            unsafe {
                if row < stretch.rows {
                    self.fetch(frame, i, n);
                }
                self.chunk(frame, scratch, at, n);
                if let Some(result) = self.result {
                    each(at, std::slice::from_raw_parts(scratch.pointers[result], n));
                }
            }
        }
    }

    /// Prefetches the operands of the next chunk, about `n` elements from `i`, while this one is computed:
    /// the step loops read one operand after the other, too few lines at a time to hide the delay of memory.
    #[inline(always)]
    unsafe fn fetch(&self, frame: &Frame<E>, i: usize, n: usize) {
        for load in self.loads.iter().filter(|load| load.is_linear()) {
            // SAFETY: the place is of this frame's program.
            fetch_run(load.start(unsafe { frame.at(load.from) }).wrapping_add(i), n);
        }
    }

    /// Loads, computes and stores elements `i..i + n`.
    #[inline(always)]
    unsafe fn chunk(&self, frame: &Frame<E>, scratch: &mut Scratch<E>, i: usize, n: usize) {
        let pointers = &mut scratch.pointers[..];
        // SAFETY: the caller's promise.
        unsafe {
            for (slot, load) in self.loads.iter().enumerate() {
                let room = match self.scratch[slot] {
                    Some(number) => scratch.chunks.as_mut_ptr().add(number * self.chunk),
                    None => std::ptr::null_mut(),
                };
                let kept = &mut scratch.kept[slot];
                pointers[slot] = load.chunk(frame.at(load.from), i, n, room, kept).cast_mut();
            }
            for store in self.stores.iter().filter(|store| store.direct) {
                pointers[store.slot] = frame.at(store.to).add(i);
            }
            for step in &self.steps {
                frame.level.vectorize(Step { step, pointers, first: i, n, key: frame.key });
            }
            for store in self.stores.iter().filter(|store| !store.direct) {
                std::ptr::copy(pointers[store.slot], frame.at(store.to).add(i), n);
            }
        }
    }
}

/// One step on one chunk. (Compiled apart from the loop over steps: in one function the compiler keeps
/// the constants of all of them in registers at once.)
struct Step<'a, E> {
    step: &'a PlannedStep,
    pointers: &'a [*mut E],
    first: usize,
    n: usize,
    key: Key,
}

impl<E: Native> WithSimd for Step<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Step { step, pointers, first, n, key } = self;
        let args = step.args.map(|arg| pointers[arg].cast_const());
        let out = pointers[step.out];
        // SAFETY: `PassPlan::run` is called under the same conditions.
        unsafe {
            if rounds_twice::<S>() {
                apply::<E, false>(step.function, out, args, n, first, key);
            } else {
                apply::<E, true>(step.function, out, args, n, first, key);
            }
        }
    }
}
