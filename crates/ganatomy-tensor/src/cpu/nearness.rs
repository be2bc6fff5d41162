//! How near columns are to each other, and its derivative: each pair is met once, and adds to both of its columns.
//!
//! A column meets those from the start of its own block on, so that no loop over columns has an odd start. In that
//! block pairs are met from both sides, and add to one column.

use pulp::{Simd, WithSimd};

use super::gemm::lanes::{Lanes, rounds_twice};
use super::math::Math;
use super::native::Native;

/// Columns that one column meets at once: their distances stay in the first-level cache.
const CHUNK: usize = 256;
/// Columns of a block: a register of the widest level.
const BLOCK: usize = 16;

/// Matrices `[dims, n]` one after another, and what is made of them.
pub(super) struct Nearness<'a, E> {
    pub x: &'a [E],
    /// The cotangents `[n]` of each matrix, if it is the derivative that is wanted.
    pub g: Option<&'a [E]>,
    pub dims: usize,
    pub n: usize,
    pub out: &'a mut [E],
}

impl<E: Native> WithSimd for Nearness<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Nearness { x, g, dims, n, out } = self;
        out.fill(E::ZERO);
        for (at, x) in x.chunks_exact(dims * n).enumerate() {
            let matrix = Matrix { simd, x, n };
            match g {
                None => matrix.nearness(&mut out[at * n..][..n]),
                Some(g) => matrix.slope(&g[at * n..][..n], &mut out[at * dims * n..][..dims * n]),
            }
        }
    }
}

/// One matrix, row by row.
struct Matrix<'a, E, S> {
    simd: S,
    x: &'a [E],
    n: usize,
}

impl<E: Native, S: Simd> Matrix<'_, E, S> {
    /// How near column `i` and the columns from `at` on are.
    #[inline(always)]
    fn near(&self, i: usize, at: usize, near: &mut [E]) {
        near.fill(E::ZERO);
        for row in self.x.chunks_exact(self.n) {
            let own = row[i];
            for (distance, &x) in near.iter_mut().zip(&row[at..]) {
                *distance += Math::abs(own - x);
            }
        }
        if rounds_twice::<S>() {
            for near in near {
                *near = (-*near).exp::<false>();
            }
        } else {
            for near in near {
                *near = (-*near).exp::<true>();
            }
        }
    }

    #[inline(always)]
    fn nearness(&self, out: &mut [E]) {
        let mut room = [E::ZERO; CHUNK];
        for i in 0..self.n {
            let own = i / BLOCK * BLOCK;
            for at in (own..self.n).step_by(CHUNK) {
                let near = &mut room[..CHUNK.min(self.n - at)];
                self.near(i, at, near);
                out[i] += total(self.simd, near);
                let others = at.max(own + BLOCK).min(at + near.len());
                for (sum, &near) in out[others..].iter_mut().zip(&near[others - at..]) {
                    *sum += near;
                }
            }
        }
    }

    #[inline(always)]
    fn slope(&self, g: &[E], out: &mut [E]) {
        let (mut room, mut parts) = ([E::ZERO; CHUNK], [E::ZERO; CHUNK]);
        for i in 0..self.n {
            let own = i / BLOCK * BLOCK;
            for at in (own..self.n).step_by(CHUNK) {
                let weight = &mut room[..CHUNK.min(self.n - at)];
                self.near(i, at, weight);
                let others = at.max(own + BLOCK).min(at + weight.len());
                for (weight, &other) in weight.iter_mut().zip(&g[at..]) {
                    *weight = *weight * (g[i] + other);
                }
                for (row, out) in self.x.chunks_exact(self.n).zip(out.chunks_exact_mut(self.n)) {
                    let parts = &mut parts[..weight.len()];
                    pull(weight, row[i], &row[at..], parts);
                    out[i] += -total(self.simd, parts);
                    for (sum, &part) in out[others..].iter_mut().zip(&parts[others - at..]) {
                        *sum += part;
                    }
                }
            }
        }
    }
}

/// `weight_j sign(own - x_j)`: nothing of itself.
#[inline(always)]
fn pull<E: Native>(weight: &[E], own: E, others: &[E], parts: &mut [E]) {
    for ((part, &weight), &x) in parts.iter_mut().zip(weight).zip(others) {
        let sign = if own > x { E::ONE } else { -E::ONE };
        *part = weight * if own == x { E::ZERO } else { sign };
    }
}

#[inline(always)]
fn total<E: Native, S: Simd>(simd: S, values: &[E]) -> E {
    let mut parts = values.chunks_exact(<E as Lanes>::width::<S>());
    let mut sum = E::splat(simd, E::ZERO);
    for part in &mut parts {
        // SAFETY: the part is a register of elements.
        sum = E::plus(simd, sum, unsafe { E::load(simd, part.as_ptr()) });
    }
    let rest = parts.remainder();
    // SAFETY: as many elements as there are, fewer than a register.
    sum = E::plus(simd, sum, unsafe { E::load_first(simd, rest.as_ptr(), rest.len()) });
    E::total(simd, sum)
}
