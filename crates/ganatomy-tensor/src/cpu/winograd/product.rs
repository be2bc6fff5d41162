//! A planned convolution of this kind, with what callers of a product need.

use std::marker::PhantomData;

use pulp::{Simd, WithSimd};

use super::correlate::Correlate;
use super::tiles::Tiles;
use super::weight_grad::WeightGrad;
use crate::cpu::gemm::Micro;
use crate::cpu::gemm::part::Tiling;
use crate::cpu::level::Level;
use crate::cpu::spec::{ConvPass, ConvSpec};
use crate::cpu::task::{Pointers, Tile};

#[derive(Clone, Debug)]
enum Work {
    Correlate(Correlate),
    WeightGrad(WeightGrad),
}

/// One product of a convolution, planned from shapes alone.
#[derive(Clone, Debug)]
pub struct Winograd<E> {
    level: Level,
    work: Work,
    pays: bool,
    phases: Vec<usize>,
    element: PhantomData<E>,
}

/// One call of [`Winograd::run`].
struct Task<'a, E> {
    work: &'a Work,
    phase: usize,
    task: usize,
    pointers: &'a Pointers<E>,
}

impl<E: Micro> WithSimd for Task<'_, E> {
    type Output = Option<Tile>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Option<Tile> {
        // SAFETY: the promise of `run`.
        unsafe {
            match self.work {
                Work::Correlate(work) => work.run(simd, self.phase, self.task, self.pointers),
                Work::WeightGrad(work) => work.run(simd, self.phase, self.task, self.pointers),
            }
        }
    }
}

impl<E: Micro> Winograd<E> {
    /// Plans a product, if the convolution is of this kind.
    pub fn plan(spec: &ConvSpec, pass: ConvPass, level: Level) -> Option<Winograd<E>> {
        let tiles = Tiles::of(spec)?;
        let tiling = Tiling::new::<E>(level.or_portable());
        let (work, phases) = match pass {
            ConvPass::WeightGrad => {
                let work = WeightGrad::new(tiles, tiling);
                let phases = work.phases();
                (Work::WeightGrad(work), phases)
            }
            _ => {
                let work = Correlate::new(tiles, tiling, pass == ConvPass::InputGrad);
                let phases = work.phases();
                (Work::Correlate(work), phases)
            }
        };
        let (level, pays) = (tiling.level, tiles.pay());
        Some(Winograd { level, work, pays, phases, element: PhantomData })
    }

    /// Is it faster than products over receptive fields?
    pub fn pays(&self) -> bool {
        self.pays
    }

    /// The number of tasks of each phase.
    pub fn phases(&self) -> &[usize] {
        &self.phases
    }

    /// The operand that a phase transforms, if that is all it does.
    pub fn packs(&self, phase: usize) -> Option<usize> {
        match &self.work {
            Work::Correlate(work) if work.transforms(phase) => Some(1),
            _ => None,
        }
    }

    /// Elements of memory that all threads share.
    pub fn shared_len(&self) -> usize {
        match &self.work {
            Work::Correlate(work) => work.shared_len(),
            Work::WeightGrad(work) => work.shared_len(),
        }
    }

    /// Elements of scratch that each thread needs.
    pub fn local_len(&self) -> usize {
        match &self.work {
            Work::Correlate(work) => work.local_len(),
            Work::WeightGrad(work) => work.local_len(),
        }
    }

    /// Runs one task; returns the part of the output that it finishes.
    ///
    /// # Safety
    /// The pointers are valid for the planned shapes, `shared` and `local` for their lengths and
    /// aligned to 64 bytes; a phase starts when the one before has ended.
    pub unsafe fn run(&self, phase: usize, task: usize, pointers: &Pointers<E>) -> Option<Tile> {
        self.level.vectorize(Task { work: &self.work, phase, task, pointers })
    }
}
