//! Products of little depth, which are bound by writing `C`.
//!
//! ```text
//!   row i of C = a[i][0] x (b[0] j j j j | j j j j | ...)      each row of C is written once, from
//!              + a[i][1] x (b[1] j j j j | j j j j | ...)      one end to the other; B stays in L1
//! ```

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;
use super::micro::Micro;
use super::operand::{Right, Source};
use super::part::{Block, Part, ROW_BLOCK};
use crate::cpu::level::Level;

/// The greatest depth that counts as little.
pub const SHALLOW: usize = 4;

/// Is the depth little, and are the rows long enough for lanes?
pub fn is_shallow(part: &Part) -> bool {
    let dense = matches!(part.left.source, Source::Dense { .. });
    dense && (1..=SHALLOW).contains(&part.k) && part.n >= 16
}

/// Elements of scratch that a shallow block needs.
pub fn shallow_local_len(part: &Part) -> usize {
    part.k * part.n
}

/// Computes a block of a shallow product.
///
/// # Safety
/// The pointers of the block cover what the part describes.
#[inline(always)]
pub unsafe fn multiply_shallow<E: Micro>(part: &Part, level: Level, block: &Block<E>) {
    let Source::Dense { ld } = part.left.source else { return };
    let mut starts = [0; ROW_BLOCK];
    let cols = block.cols.clone();
    // SAFETY: the caller's promise.
    unsafe {
        let (b, b_stride) = match part.right {
            Right::Rows { ld } => (block.b.add(cols.start), ld),
            Right::Columns { .. } => {
                let (ks, width) = (0..part.k, cols.len());
                part.right.pack(level, block.b, ks, cols.clone(), block.local, width);
                (block.local.cast_const(), width)
            }
        };
        for row in block.rows.clone().step_by(ROW_BLOCK) {
            let rows = row..(row + ROW_BLOCK).min(block.rows.end);
            part.rows.fill(rows.clone(), &mut starts);
            let (row_step, depth_step) = if part.left.slabs { (1, ld) } else { (ld, 1) };
            level.vectorize(Shallow {
                a: block.a.add(row * row_step),
                row_step,
                depth_step,
                b,
                b_stride,
                c: block.c.add(cols.start),
                c_rows: &starts[..rows.len()],
                cols: cols.len(),
                depth: part.k,
            });
        }
    }
}

struct Shallow<'a, E> {
    a: *const E,
    row_step: usize,
    depth_step: usize,
    b: *const E,
    b_stride: usize,
    c: *mut E,
    c_rows: &'a [usize],
    cols: usize,
    depth: usize,
}

impl<E: Lanes> WithSimd for Shallow<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // SAFETY: `multiply_shallow` fills in pointers that cover the sizes.
        unsafe {
            match self.depth {
                1 => self.rows::<S, 1>(simd),
                2 => self.rows::<S, 2>(simd),
                3 => self.rows::<S, 3>(simd),
                _ => self.rows::<S, 4>(simd),
            }
        }
    }
}

impl<E: Lanes> Shallow<'_, E> {
    #[inline(always)]
    unsafe fn rows<S: Simd, const DEPTH: usize>(&self, simd: S) {
        let width = E::width::<S>();
        let (whole, rest) = (self.cols / width * width, self.cols % width);
        // SAFETY: rows, columns and depths below the sizes exist.
        unsafe {
            for (i, &start) in self.c_rows.iter().enumerate() {
                let c = self.c.add(start);
                let mut left = [E::splat(simd, E::ZERO); DEPTH];
                for (k, left) in left.iter_mut().enumerate() {
                    *left = E::splat(simd, *self.a.add(i * self.row_step + k * self.depth_step));
                }
                for j in (0..whole).step_by(width) {
                    let mut sum = E::splat(simd, E::ZERO);
                    for (k, &left) in left.iter().enumerate() {
                        let right = E::load(simd, self.b.add(k * self.b_stride + j));
                        sum = E::mul_add(simd, left, right, sum);
                    }
                    E::store(simd, c.add(j), sum);
                }
                if rest > 0 {
                    let mut sum = E::splat(simd, E::ZERO);
                    for (k, &left) in left.iter().enumerate() {
                        let from = self.b.add(k * self.b_stride + whole);
                        sum = E::mul_add(simd, left, E::load_first(simd, from, rest), sum);
                    }
                    E::store_first(simd, c.add(whole), rest, sum);
                }
            }
        }
    }
}
