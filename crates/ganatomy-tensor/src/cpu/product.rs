//! A product, planned by whichever engine is faster for its shape.

use super::gemm::{Gemm, Micro};
use super::level::Level;
use super::spec::{ConvPass, ConvSpec, MatMulSpec};
use super::task::{Pointers, Tile};
use super::winograd::Winograd;

/// A planned matrix product or convolution: phases of tasks that any number of threads may run.
#[derive(Clone, Debug)]
pub enum Product<E> {
    /// A matrix product, or a convolution as products over receptive fields.
    Gemm(Gemm<E>),
    /// A convolution with fewer multiplications.
    Winograd(Winograd<E>),
}

impl<E: Micro> Product<E> {
    /// Plans a batch of dense products.
    ///
    /// # Panics
    /// On a product without results, for which no kernel is made: compiling leaves it out.
    pub fn matmul(spec: &MatMulSpec, level: Level) -> Product<E> {
        assert!(spec.batch > 0 && spec.m > 0 && spec.n > 0, "a product without results: {spec:?}");
        Product::Gemm(Gemm::matmul(spec, level))
    }

    /// Plans one product of a convolution.
    ///
    /// # Panics
    /// On a convolution with an empty operand or result, for which no kernel is made: compiling leaves it out.
    pub fn conv(spec: &ConvSpec, pass: ConvPass, level: Level) -> Product<E> {
        let lens = [spec.images, spec.in_h, spec.in_w, spec.c_in, spec.k_h, spec.k_w, spec.c_out];
        assert!(lens.iter().all(|&n| n > 0) && spec.out_h() * spec.out_w() > 0, "nothing to do: {spec:?}");
        match Winograd::plan(spec, pass, level) {
            Some(winograd) if winograd.pays() => Product::Winograd(winograd),
            _ => Product::Gemm(Gemm::conv(spec, pass, level)),
        }
    }

    /// The number of tasks of each phase.
    pub fn phases(&self) -> &[usize] {
        match self {
            Product::Gemm(product) => product.phases(),
            Product::Winograd(product) => product.phases(),
        }
    }

    /// The operand (0 or 1) that a phase packs into the shared memory, if that is all it does.
    pub fn packs(&self, phase: usize) -> Option<usize> {
        match self {
            Product::Gemm(product) => product.packs(phase),
            Product::Winograd(product) => product.packs(phase),
        }
    }

    /// Elements of memory that all threads share.
    pub fn shared_len(&self) -> usize {
        match self {
            Product::Gemm(product) => product.shared_len(),
            Product::Winograd(product) => product.shared_len(),
        }
    }

    /// Elements of scratch that each thread needs.
    pub fn local_len(&self) -> usize {
        match self {
            Product::Gemm(product) => product.local_len(),
            Product::Winograd(product) => product.local_len(),
        }
    }

    /// Runs one task; returns the part of the output that it finishes.
    ///
    /// # Safety
    /// The pointers are valid for the planned shapes, `shared` and `local` for their lengths and
    /// aligned to 64 bytes; a phase starts when the one before has ended.
    pub unsafe fn run(&self, phase: usize, task: usize, pointers: &Pointers<E>) -> Option<Tile> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Product::Gemm(product) => product.run(phase, task, pointers),
                Product::Winograd(product) => product.run(phase, task, pointers),
            }
        }
    }
}
