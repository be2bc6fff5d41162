//! Where the tensors of a program are: in its plan, and while it runs.

use super::level::Level;
use crate::philox::Key;

/// Where a tensor starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the program's arena.
    Arena(usize),
    /// Among the program's literal tables.
    Literal(usize),
    /// In the store: the program's n-th named tensor.
    Named(usize),
}

/// Where the tensors of a running program are.
#[derive(Clone, Copy)]
pub(super) struct Frame<E> {
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

impl<E> Frame<E> {
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
