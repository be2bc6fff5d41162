//! Convolutions of 4 x 4 kernels in steps of two with 9 multiplications for 16 (Winograd's F(2x2, 2x2)).
//!
//! Every second line and column of the input, from one of four phases, meets 2 x 2 taps of the kernel in
//! steps of one. Two neighbouring outputs of two taps take three multiplications instead of four:
//!
//! ```text
//!   y0 = d0 g0 + d1 g1            m0 = (d0 - d1) g0          y0 = m0 + m1
//!   y1 = d1 g0 + d2 g1            m1 = d1 (g0 + g1)          y1 = m1 + m2
//!                                 m2 = (d2 - d1) g1
//! ```
//!
//! Nested in two directions that is `y = fold((window x) (spread w))`, where
//!
//! ```text
//!   window  V[9][tiles][4 phases, ci]   (d0 - d1, d1, d2 - d1)    of 3 x 3 pixels of a phase
//!   spread  U[9][4 phases, ci][co]      (g0, g0 + g1, g1)         of 2 x 2 taps of a phase
//!   fold    y[2 x 2 pixels][co]         (m0 + m1, m1 + m2)        of M[9][tiles][co] = V[9] U[9]
//! ```
//!
//! and, as each of the three is linear, the two gradients are its adjoints, with the same three products:
//!
//! ```text
//!   forward       y  = fold    (window x    spread w )
//!   input grad    dx = window' (spread dy   spread w')      the adjoint of spread is fold
//!   weight grad   dw = fold    (window x'   spread dy)
//! ```
//!
//! V, U and M of a block stay in the L2 cache: a task transforms, multiplies and transforms back.

mod columns;
mod correlate;
mod cut;
mod image;
mod nine;
mod product;
#[cfg(test)]
mod tests;
mod tiles;
mod transform;
mod weight;
mod weight_grad;

pub use product::Winograd;
