//! Loads: where a chunk of an operand is, or how it is gathered into scratch.

use crate::compile::Access;
use crate::cpu::bound::Place;
use crate::element::Element;

/// An operand of a pass.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub from: Place,
    offset: usize,
    dims: Vec<usize>,
    strides: Vec<usize>,
}

impl Load {
    pub fn new(access: &Access, from: Place) -> Self {
        Load { from, offset: access.offset, dims: access.dims.clone(), strides: access.strides.clone() }
    }

    /// Is every chunk contiguous in memory?
    pub fn is_linear(&self) -> bool {
        self.dims.len() == 1 && self.strides[0] == 1
    }

    /// The length of the innermost axis, where the operand is strided.
    pub fn row(&self) -> Option<usize> {
        if self.is_linear() || self.dims.len() < 2 { None } else { self.dims.last().copied() }
    }

    /// One row read again and again: its chunk is the same wherever a chunk starts a row.
    fn repeats(&self) -> bool {
        self.dims.len() == 2 && self.strides == [0, 1]
    }

    /// The place of element `i`, and how many elements from there one stride walks.
    #[inline(always)]
    fn at(&self, i: usize) -> (usize, usize) {
        let Some((&inner, outer)) = self.dims.split_last() else {
            return (self.offset, usize::MAX);
        };
        let (mut rest, within) = (i / inner, i % inner);
        let mut place = self.offset + within * self.strides[outer.len()];
        for axis in (0..outer.len()).rev() {
            place += rest % outer[axis] * self.strides[axis];
            rest /= outer[axis];
        }
        (place, inner - within)
    }

    /// Points at elements `i..i + n`, or gathers them into `scratch`.
    ///
    /// `kept` says how much of a repeated row scratch still holds from a chunk of this range before.
    ///
    /// # Safety
    /// `memory` is the start of the operand's tensor; `scratch` holds `n` elements.
    #[inline(always)]
    pub unsafe fn chunk<E: Element>(
        &self,
        memory: *const E,
        i: usize,
        n: usize,
        scratch: *mut E,
        kept: &mut usize,
    ) -> *const E {
        // SAFETY: all places are inside the tensor, as its shape says, and `n` fits the scratch.
        unsafe {
            if self.is_linear() {
                return memory.add(self.offset + i);
            }
            let inner_stride = self.strides.last().copied().unwrap_or(0);
            let (place, run) = self.at(i);
            if inner_stride == 1 && run >= n {
                return memory.add(place);
            }
            let whole_rows = self.repeats() && run == self.dims[1] && n.is_multiple_of(self.dims[1]);
            if whole_rows && n <= *kept {
                return scratch;
            }
            let mut done = 0;
            while done < n {
                let (place, run) = self.at(i + done);
                let run = run.min(n - done);
                let (from, to) = (memory.add(place), scratch.add(done));
                match inner_stride {
                    0 => std::slice::from_raw_parts_mut(to, run).fill(*from),
                    1 => std::ptr::copy_nonoverlapping(from, to, run),
                    stride => (0..run).for_each(|j| *to.add(j) = *from.add(j * stride)),
                }
                done += run;
            }
            *kept = if whole_rows { n } else { 0 };
            scratch
        }
    }
}
