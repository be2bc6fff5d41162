//! Picks the micro-kernel for a level, a number of rows and a panel width.

use pulp::Simd;

use super::lanes::Lanes;
use super::tile::{Strip, Tile};
use crate::cpu::level::Level;

/// A micro-kernel compiled for one level.
pub type Kernel<E> = unsafe fn(&Strip<E>);

/// Registers in a full `B` panel.
pub const MAX_VECS: usize = 2;

/// An element type that the micro-kernels are compiled for.
pub trait Micro: Lanes {}

impl Micro for f32 {}
impl Micro for f64 {}

/// Elements in a register of the level.
pub fn width<E: Micro>(level: Level) -> usize {
    let bytes = match level {
        Level::Avx512 => 64,
        Level::Avx2 => 32,
        Level::Neon | Level::Portable => 16,
    };
    bytes / size_of::<E>()
}

/// Rows of the largest register tile: `rows * MAX_VECS` sums, `MAX_VECS` of `B` and one of `A` fit.
pub fn max_rows(level: Level) -> usize {
    match level {
        Level::Avx512 | Level::Neon => 11,
        Level::Avx2 | Level::Portable => 6,
    }
}

/// The kernel of `rows` x `vecs` registers: at most [`max_rows`] and [`MAX_VECS`].
pub fn kernel<E: Micro>(level: Level, rows: usize, vecs: usize, lines: bool) -> Kernel<E> {
    match level.or_portable() {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => tall::<E, pulp::x86::V4>(rows, vecs, lines),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => short::<E, pulp::x86::V3>(rows, vecs, lines),
        #[cfg(target_arch = "aarch64")]
        Level::Neon => tall::<E, pulp::aarch64::Neon>(rows, vecs, lines),
        _ => short::<E, pulp::Scalar128b>(rows, vecs, lines),
    }
}

/// An instruction set whose token, the proof of its presence, can be made again inside a kernel.
pub(super) trait Token: Simd {
    /// The token.
    ///
    /// # Safety
    /// The processor has the instructions.
    unsafe fn token() -> Self;
}

impl Token for pulp::Scalar128b {
    unsafe fn token() -> Self {
        pulp::Scalar128b
    }
}

macro_rules! token {
    ($arch:literal, $type:ty) => {
        #[cfg(target_arch = $arch)]
        impl Token for $type {
            unsafe fn token() -> Self {
                // SAFETY: the caller's promise.
                unsafe { <$type>::new_unchecked() }
            }
        }
    };
}
token!("x86_64", pulp::x86::V3);
token!("x86_64", pulp::x86::V4);
token!("aarch64", pulp::aarch64::Neon);

/// # Safety
/// The processor has the instructions of `S`, and the strip's pointers cover its sizes.
unsafe fn run<E: Micro, S: Token, const ROWS: usize, const VECS: usize, const LINES: bool>(strip: &Strip<E>) {
    // SAFETY: the caller's promise.
    unsafe { S::token() }.vectorize(Tile::<E, ROWS, VECS, LINES>(*strip));
}

macro_rules! choose {
    ($name:ident, $($rows:literal)*, $most:literal) => {
        fn $name<E: Micro, S: Token>(rows: usize, vecs: usize, lines: bool) -> Kernel<E> {
            match (rows, vecs, lines) {
                $(
                    ($rows, 1, true) => run::<E, S, $rows, 1, true>,
                    ($rows, 1, false) => run::<E, S, $rows, 1, false>,
                    ($rows, _, true) => run::<E, S, $rows, 2, true>,
                    ($rows, _, false) => run::<E, S, $rows, 2, false>,
                )*
                (_, 1, true) => run::<E, S, $most, 1, true>,
                (_, 1, false) => run::<E, S, $most, 1, false>,
                (_, _, true) => run::<E, S, $most, 2, true>,
                (_, _, false) => run::<E, S, $most, 2, false>,
            }
        }
    };
}
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
choose!(tall, 1 2 3 4 5 6 7 8 9 10, 11);
choose!(short, 1 2 3 4 5, 6);
