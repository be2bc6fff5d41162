//! Philox4x32-10 (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3").

/// The key of random numbers, which also depend on a purpose and a position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The run's seed.
    pub seed: u64,
    /// The step within the run.
    pub step: u64,
}

/// Positions are numbered in blocks of 256: word `lane` of counter `c` is at position
/// `256 (c / 64) + 64 lane + c % 64`, so that neighbouring counters fill neighbouring places.
pub(crate) const BLOCK: usize = 256;
/// Counters in a block.
pub(crate) const COUNTERS: usize = BLOCK / 4;

const ROUNDS: usize = 10;
const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The four words of a counter.
pub(crate) fn block(key: Key, purpose: u64, counter: u64) -> [u32; 4] {
    words(stream(key, purpose), key.step, counter)
}

/// The key of all numbers of one seed and purpose.
pub(crate) fn stream(key: Key, purpose: u64) -> [u32; 2] {
    let mixed = mix(key.seed ^ mix(purpose));
    [mixed as u32, (mixed >> 32) as u32]
}

/// The four words of a counter under a stream's key.
#[inline(always)]
pub(crate) fn words(stream: [u32; 2], step: u64, counter: u64) -> [u32; 4] {
    let mut w = [counter as u32, (counter >> 32) as u32, step as u32, (step >> 32) as u32];
    let mut k = stream;
    for _ in 0..ROUNDS {
        let p0 = MULTIPLIERS[0] * u64::from(w[0]);
        let p1 = MULTIPLIERS[1] * u64::from(w[2]);
        w = [(p1 >> 32) as u32 ^ w[1] ^ k[0], p1 as u32, (p0 >> 32) as u32 ^ w[3] ^ k[1], p0 as u32];
        k = [k[0].wrapping_add(WEYL[0]), k[1].wrapping_add(WEYL[1])];
    }
    w
}

/// The finaliser of SplitMix64: every bit of the input affects every bit of the output.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers published with the reference implementation (Random123, `kat_vectors`).
    #[test]
    fn agrees_with_the_published_vectors() {
        let zero = words([0, 0], 0, 0);
        assert_eq!(zero, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = words([u32::MAX; 2], u64::MAX, u64::MAX);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
    }

    #[test]
    fn seed_purpose_step_and_counter_all_matter() {
        let base = block(Key { seed: 1, step: 2 }, 3, 4);
        assert_ne!(base, block(Key { seed: 2, step: 2 }, 3, 4));
        assert_ne!(base, block(Key { seed: 1, step: 3 }, 3, 4));
        assert_ne!(base, block(Key { seed: 1, step: 2 }, 4, 4));
        assert_ne!(base, block(Key { seed: 1, step: 2 }, 3, 5));
    }
}
