//! The four linear maps, each nested in two directions, a vector of channels at once.
//!
//! ```text
//!   from[I][I] pointers            to[O][O] pointers
//!   . . .   rows: O of I   . .     columns: O of I    . .
//!   . . .       ->         . .         ->             . .
//!   . . .                  . .
//! ```

use pulp::Simd;

use crate::cpu::gemm::lanes::Lanes;

/// A linear map of `I` numbers to `O`.
pub trait Map<const I: usize, const O: usize> {
    /// The map, lane by lane.
    fn map<E: Lanes, S: Simd>(simd: S, from: [E::Vector<S>; I]) -> [E::Vector<S>; O];
}

/// Three pixels of a phase, as factors of the three products.
pub struct Window;
/// Two taps or two outputs, as factors of the three products.
pub struct Spread;
/// Three products to two outputs or two taps: the adjoint of [`Spread`].
pub struct Fold;
/// The adjoint of [`Window`], gathered: from the last product of the tile before and the three of this tile
/// to the first two pixels of this tile.
pub struct Unwindow;

impl Map<3, 3> for Window {
    #[inline(always)]
    fn map<E: Lanes, S: Simd>(simd: S, [d0, d1, d2]: [E::Vector<S>; 3]) -> [E::Vector<S>; 3] {
        [E::minus(simd, d0, d1), d1, E::minus(simd, d2, d1)]
    }
}

impl Map<2, 3> for Spread {
    #[inline(always)]
    fn map<E: Lanes, S: Simd>(simd: S, [g0, g1]: [E::Vector<S>; 2]) -> [E::Vector<S>; 3] {
        [g0, E::plus(simd, g0, g1), g1]
    }
}

impl Map<3, 2> for Fold {
    #[inline(always)]
    fn map<E: Lanes, S: Simd>(simd: S, [m0, m1, m2]: [E::Vector<S>; 3]) -> [E::Vector<S>; 2] {
        [E::plus(simd, m0, m1), E::plus(simd, m1, m2)]
    }
}

impl Map<4, 2> for Unwindow {
    #[inline(always)]
    fn map<E: Lanes, S: Simd>(simd: S, [before, m0, m1, m2]: [E::Vector<S>; 4]) -> [E::Vector<S>; 2] {
        [E::plus(simd, before, m0), E::minus(simd, m1, E::plus(simd, m0, m2))]
    }
}

/// Applies a map to `len` channels.
///
/// # Safety
/// Every pointer is valid for `len` elements; no output overlaps an input. Inputs are only read.
#[inline(always)]
pub unsafe fn transform<M: Map<I, O>, E: Lanes, S: Simd, const I: usize, const O: usize>(
    simd: S,
    from: &[[*mut E; I]; I],
    to: &[[*mut E; O]; O],
    len: usize,
) {
    let width = E::width::<S>();
    let whole = len / width * width;
    // SAFETY: the caller's promise.
    unsafe {
        for at in (0..whole).step_by(width) {
            step::<M, E, S, I, O, true>(simd, from, to, at, width);
        }
        if whole < len {
            step::<M, E, S, I, O, false>(simd, from, to, whole, len - whole);
        }
    }
}

/// One vector, or the first `n` lanes of it.
#[inline(always)]
unsafe fn step<M: Map<I, O>, E: Lanes, S: Simd, const I: usize, const O: usize, const WHOLE: bool>(
    simd: S,
    from: &[[*mut E; I]; I],
    to: &[[*mut E; O]; O],
    at: usize,
    n: usize,
) {
    let zero = E::splat(simd, E::ZERO);
    let mut rows = [[zero; O]; I];
    // SAFETY: the caller's promise.
    unsafe {
        for i in 0..I {
            let mut row = [zero; I];
            for j in 0..I {
                let from = from[i][j].add(at);
                row[j] = if WHOLE { E::load(simd, from) } else { E::load_first(simd, from, n) };
            }
            rows[i] = M::map::<E, S>(simd, row);
        }
        for j in 0..O {
            let mut col = [zero; I];
            for i in 0..I {
                col[i] = rows[i][j];
            }
            let col = M::map::<E, S>(simd, col);
            for i in 0..O {
                let to = to[i][j].add(at);
                if WHOLE { E::store(simd, to, col[i]) } else { E::store_first(simd, to, n, col[i]) }
            }
        }
    }
}
