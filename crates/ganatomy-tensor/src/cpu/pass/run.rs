//! Running a pass over a range of its elements, chunk by chunk.

use pulp::{Simd, WithSimd};

use super::CHUNK;
use super::apply::apply;
use super::plan::PassPlan;
use crate::cpu::bound::Place;
use crate::cpu::{Aligned, Key, Level, Native};

/// Where the tensors of a running program are.
#[derive(Clone, Copy)]
pub(in crate::cpu) struct Frame<E> {
    pub arena: *mut E,
    pub literals: *const E,
    /// The named tensors, by the program's numbering.
    pub named: *const *mut E,
    pub key: Key,
    pub level: Level,
}

// SAFETY: tasks of one phase write to places that no other task of the phase touches, and a barrier
// lies between phases that touch the same places.
unsafe impl<E> Sync for Frame<E> {}

impl<E: Native> Frame<E> {
    /// The start of a tensor.
    ///
    /// # Safety
    /// The place belongs to the program this frame was made for.
    #[inline(always)]
    pub unsafe fn at(&self, place: Place) -> *mut E {
        // SAFETY: the caller's promise.
        unsafe {
            match place {
                Place::Arena(offset) => self.arena.add(offset),
                Place::Literal(offset) => self.literals.add(offset).cast_mut(),
                Place::Named(i) => *self.named.add(i),
            }
        }
    }
}

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

impl<E: Native> PassPlan<E> {
    /// Writes the constants; once before the ranges of a task.
    pub fn prepare(&self, scratch: &mut Scratch<E>) {
        scratch.kept[..self.loads.len()].fill(0);
        for (i, &value) in self.constants.iter().enumerate() {
            let slot = self.loads.len() + i;
            if let Some(chunk) = self.scratch[slot] {
                scratch.chunks[chunk * CHUNK..][..CHUNK].fill(value);
            }
        }
        let base = scratch.chunks.as_mut_ptr();
        for slot in 0..self.n_slots {
            if let Some(chunk) = self.scratch[slot] {
                scratch.pointers[slot] = base.wrapping_add(chunk * CHUNK);
            }
        }
    }

    /// The end of the chunk that starts at `i`: rows are not cut where that would cost a gather.
    #[inline(always)]
    fn chunk_end(&self, i: usize, end: usize) -> usize {
        let row = self.row;
        let stop = if row <= 1 {
            i + CHUNK
        } else if row < CHUNK {
            (i / row + CHUNK / row) * row
        } else {
            let pieces = row.div_ceil(CHUNK);
            let piece = row.div_ceil(pieces).next_multiple_of(16).min(CHUNK);
            (i + piece).min((i / row + 1) * row)
        };
        stop.min(end)
    }

    /// Runs elements `start..end`, and hands each finished chunk `(first, values)` to `each`.
    ///
    /// # Safety
    /// The frame is of the program this plan was made for; `prepare` has run on `scratch`.
    pub unsafe fn run(
        &self,
        frame: &Frame<E>,
        scratch: &mut Scratch<E>,
        start: usize,
        end: usize,
        each: &mut dyn FnMut(usize, &[E]),
    ) {
        let job = Job { plan: self, frame, scratch, start, end, each };
        frame.level.vectorize(job);
    }
}

struct Job<'a, E> {
    plan: &'a PassPlan<E>,
    frame: &'a Frame<E>,
    scratch: &'a mut Scratch<E>,
    start: usize,
    end: usize,
    each: &'a mut dyn FnMut(usize, &[E]),
}

impl<E: Native> WithSimd for Job<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // SAFETY: `PassPlan::run` is called under the same conditions.
        unsafe { if S::IS_SCALAR { self.chunks::<false>() } else { self.chunks::<true>() } }
    }
}

impl<E: Native> Job<'_, E> {
    #[inline(always)]
    unsafe fn chunks<const F: bool>(self) {
        let Job { plan, frame, scratch, start, end, each } = self;
        let mut i = start;
        while i < end {
            let n = plan.chunk_end(i, end) - i;
            let pointers = &mut scratch.pointers;
            // SAFETY: `i..i + n` is inside the pass, and every place was planned for its length.
            unsafe {
                for (slot, load) in plan.loads.iter().enumerate() {
                    let room = plan.scratch[slot]
                        .map_or(std::ptr::null_mut(), |chunk| scratch.chunks.as_mut_ptr().add(chunk * CHUNK));
                    let kept = &mut scratch.kept[slot];
                    pointers[slot] = load.chunk(frame.at(load.from), i, n, room, kept).cast_mut();
                }
                for store in plan.stores.iter().filter(|store| store.direct) {
                    pointers[store.slot] = frame.at(store.to).add(i);
                }
                for step in &plan.steps {
                    let args = step.args.map(|arg| pointers[arg].cast_const());
                    apply::<E, F>(step.function, pointers[step.out], args, n, i, frame.key);
                }
                for store in plan.stores.iter().filter(|store| !store.direct) {
                    std::ptr::copy(pointers[store.slot], frame.at(store.to).add(i), n);
                }
                if let Some(result) = plan.result {
                    each(i, std::slice::from_raw_parts(pointers[result], n));
                }
            }
            i += n;
        }
    }
}
