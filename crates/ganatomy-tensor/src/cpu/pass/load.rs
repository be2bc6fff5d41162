//! Loads: where a chunk of an operand is, or how it is gathered into scratch memory.

use crate::compile::Access;
use crate::cpu::frame::Place;
use crate::element::Element;

/// An operand of a pass.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub from: Place,
    offset: usize,
    dims: Vec<usize>,
    strides: Vec<usize>,
    reach: Reach,
}

/// The kinds of access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Every chunk lies in one piece.
    Linear,
    /// One element for all.
    Single,
    /// One row of this many elements, read again and again.
    Row(usize),
    /// Anything else.
    Strided,
}

impl Load {
    pub fn new(access: &Access, from: Place) -> Self {
        let (dims, strides) = (access.dims.clone(), access.strides.clone());
        let reach = match (&dims[..], &strides[..]) {
            (_, [1]) => Reach::Linear,
            (_, strides) if strides.iter().all(|&stride| stride == 0) => Reach::Single,
            (&[_, row], [0, 1]) => Reach::Row(row),
            _ => Reach::Strided,
        };
        Load { from, offset: access.offset, dims, strides, reach }
    }

    /// Is every chunk contiguous in memory?
    pub fn is_linear(&self) -> bool {
        self.reach == Reach::Linear
    }

    /// Is it one element for all chunks?
    pub fn is_single(&self) -> bool {
        self.reach == Reach::Single
    }

    /// The address of element 0, if `memory` is the start of the operand's tensor.
    #[inline(always)]
    pub fn start<E>(&self, memory: *const E) -> *const E {
        memory.wrapping_add(self.offset)
    }

    /// The length of the innermost axis, if the operand is strided.
    pub fn row(&self) -> Option<usize> {
        match self.reach {
            Reach::Linear | Reach::Single => None,
            Reach::Row(row) => Some(row),
            // A vector has no rows.
            Reach::Strided => self.dims.last().copied().filter(|_| self.dims.len() > 1),
        }
    }

    /// The place of element `i`, and how many elements follow from there at one stride.
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

    /// Fills `scratch` with the one element, for all chunks to come.
    ///
    /// # Safety
    /// `memory` is the start of the operand's tensor.
    pub unsafe fn spread<E: Element>(&self, memory: *const E, scratch: &mut [E]) {
        // SAFETY: the element is inside the tensor.
        scratch.fill(unsafe { *memory.add(self.offset) });
    }

    /// Points at elements `i..i + n`, or gathers them into `scratch`.
    ///
    /// `kept` is how much of a repeated row scratch still holds from an earlier chunk of this range.
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
            match self.reach {
                Reach::Linear => memory.add(self.offset + i),
                Reach::Single => scratch,
                Reach::Row(row) => {
                    let within = i % row;
                    if within + n <= row {
                        return memory.add(self.offset + within);
                    }
                    // A chunk that starts a row is equal to the last such chunk.
                    if within > 0 || n > *kept {
                        self.gather(memory, i, n, scratch);
                        *kept = if within == 0 { n } else { 0 };
                    }
                    scratch
                }
                Reach::Strided => {
                    let (place, run) = self.at(i);
                    if self.strides.last() == Some(&1) && run >= n {
                        return memory.add(place);
                    }
                    self.gather(memory, i, n, scratch);
                    scratch
                }
            }
        }
    }

    /// Copies elements `i..i + n` to `scratch`, one stride at a time.
    unsafe fn gather<E: Element>(&self, memory: *const E, i: usize, n: usize, scratch: *mut E) {
        let inner_stride = self.strides.last().copied().unwrap_or(0);
        let mut done = 0;
        // SAFETY: as in `chunk`.
        unsafe {
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
        }
    }
}
