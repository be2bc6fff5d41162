//! Memory that starts at a cache line, so that vector loads never cross into a second line.

use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);

// SAFETY: bytes without padding; all bit patterns, zero included, are valid.
unsafe impl Zeroable for Line {}
// SAFETY: as above; the type is inhabited, `Copy` and has no interior mutability.
unsafe impl Pod for Line {}

/// A fixed number of elements, the first at a multiple of 64 bytes.
#[derive(Clone)]
pub struct Aligned<E> {
    lines: Vec<Line>,
    len: usize,
    element: std::marker::PhantomData<E>,
}

impl<E: Pod> Aligned<E> {
    /// `len` zeros.
    pub fn zeros(len: usize) -> Self {
        let lines = vec![Line::zeroed(); (len * size_of::<E>()).div_ceil(64)];
        Aligned { lines, len, element: std::marker::PhantomData }
    }

    /// `len` zeros; `None` if the machine has not as much memory.
    pub fn try_zeros(len: usize) -> Option<Self> {
        let n_lines = len.checked_mul(size_of::<E>())?.div_ceil(64);
        let mut lines = Vec::new();
        lines.try_reserve_exact(n_lines).ok()?;
        lines.resize(n_lines, Line::zeroed());
        Some(Aligned { lines, len, element: std::marker::PhantomData })
    }
}

impl<E: Pod> Deref for Aligned<E> {
    type Target = [E];
    fn deref(&self) -> &[E] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl<E: Pod> DerefMut for Aligned<E> {
    fn deref_mut(&mut self) -> &mut [E] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}

impl<E: Pod + std::fmt::Debug> std::fmt::Debug for Aligned<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.deref().fmt(f)
    }
}
