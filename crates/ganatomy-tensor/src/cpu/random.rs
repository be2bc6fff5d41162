//! Random numbers, in blocks: of a stretch of one tensor, or of several members' tensors.

use pulp::{Simd, WithSimd};

use super::gemm::lanes::rounds_twice;
use super::native::Native;
use crate::op::Distribution;
use crate::philox::{self, Key};

/// The random tensors of members one after another, each keyed by its own seed.
pub(super) struct RandomOf<'a, E> {
    pub from: Distribution,
    pub purpose: u64,
    /// What the seed of each is XORed with.
    pub seeds: &'a [u64],
    pub key: Key,
    pub out: &'a mut [E],
}

impl<E: Native> WithSimd for RandomOf<'_, E> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let RandomOf { from, purpose, seeds, key, out } = self;
        let each = out.len() / seeds.len().max(1);
        for (out, seed) in out.chunks_exact_mut(each.max(1)).zip(seeds) {
            let (to, key) = (out.as_mut_ptr(), Key { seed: key.seed ^ seed, ..key });
            // SAFETY: the place is as long as the numbers.
            unsafe {
                match rounds_twice::<S>() {
                    true => random::<E, false>(from, purpose, to, each, 0, key),
                    false => random::<E, true>(from, purpose, to, each, 0, key),
                }
            }
        }
    }
}

/// The numbers at places `first..first + n` of a random tensor.
///
/// # Safety
/// `out` is valid for `n` elements.
#[inline(always)]
pub(super) unsafe fn random<E: Native, const F: bool>(
    from: Distribution,
    purpose: u64,
    out: *mut E,
    n: usize,
    first: usize,
    key: Key,
) {
    let stream = philox::stream(key, purpose);
    let mut numbers = [E::ZERO; philox::BLOCK];
    let mut done = 0;
    while done < n {
        let (block, within) = ((first + done) / philox::BLOCK, (first + done) % philox::BLOCK);
        fill_block::<E, F>(from, stream, key.step, block, &mut numbers);
        let run = (philox::BLOCK - within).min(n - done);
        // SAFETY: the caller's promise.
        unsafe { std::ptr::copy_nonoverlapping(numbers.as_ptr().add(within), out.add(done), run) };
        done += run;
    }
}

#[inline(always)]
fn fill_block<E: Native, const F: bool>(
    from: Distribution,
    stream: [u32; 2],
    step: u64,
    block: usize,
    numbers: &mut [E; philox::BLOCK],
) {
    const N: usize = philox::COUNTERS;
    let mut words = [[0u32; N]; 4];
    let [w0, w1, w2, w3] = &mut words;
    let start = (block * N) as u64;
    for i in 0..N {
        [w0[i], w1[i], w2[i], w3[i]] = philox::words(stream, step, start + i as u64);
    }
    for (pair, halves) in numbers.chunks_exact_mut(2 * N).enumerate() {
        let (left, right) = halves.split_at_mut(N);
        let (a, b) = (&words[2 * pair], &words[2 * pair + 1]);
        for i in 0..N {
            (left[i], right[i]) = match from {
                Distribution::Uniform => (E::uniform(a[i]), E::uniform(b[i])),
                Distribution::Integer(n) => (E::integer(a[i], n), E::integer(b[i], n)),
                Distribution::Normal => E::normals::<F>(a[i], b[i]),
            };
        }
    }
}
