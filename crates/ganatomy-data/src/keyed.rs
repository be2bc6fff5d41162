//! Random numbers on the host as a pure function of a key.

/// Adds a purpose to a key, so that two uses of one (seed, step) never share numbers (FNV-1a).
pub const fn purpose(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

/// A stream of random numbers fixed by its key: the n-th number is a hash of (key, n).
///
/// SplitMix64 (Steele, Lea and Flood 2014, figure 15) read as a counter-based generator: the key's words are
/// chained through its finaliser, and number n is the finaliser of key + n·γ.
#[derive(Clone, Debug)]
pub struct Keyed {
    state: u64,
    spare: Option<f32>,
}

impl Keyed {
    /// The stream of this key; every word and their order count.
    pub fn new(words: &[u64]) -> Keyed {
        let state = words.iter().fold(GAMMA, |state, &word| {
            finalise(state.wrapping_add(GAMMA) ^ finalise(word.wrapping_add(GAMMA)))
        });
        Keyed { state, spare: None }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GAMMA);
        finalise(self.state)
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f32 {
        // 24 bits fill an f32 mantissa exactly, so no number is rounded to 1.0.
        (self.bits() >> 40) as f32 * (1.0 / (1u64 << 24) as f32)
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal, by Box and Muller's transform: √(−2 ln u)·(cos 2πv, sin 2πv).
    pub fn normal(&mut self) -> f32 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        // u is in (0, 1], so the logarithm is finite.
        let u = (((self.bits() >> 11) + 1) as f64 * UNIT_53) as f32;
        let radius = (-2.0 * u.ln()).sqrt();
        let (sin, cos) = (std::f32::consts::TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sin);
        radius * cos
    }

    /// Uniform in 0..n by Lemire's multiplication (its bias, n/2⁶⁴, is far below what a run could see); 0 for n = 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }
}

/// The golden ratio's odd 64-bit fraction.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
const UNIT_53: f64 = 1.0 / (1u64 << 53) as f64;

/// SplitMix64's finaliser, a bijection of 64 bits.
pub(crate) const fn finalise(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 100_000;
    /// Five standard errors of a mean of N numbers of unit variance.
    const MEAN_TOLERANCE: f64 = 5.0 / 316.0;

    fn check(name: &str, found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found - expected).abs() < tolerance,
            "{name}: found {found}, expected {expected} ± {tolerance}"
        );
    }

    #[test]
    fn uniform_has_its_moments() {
        let mut stream = Keyed::new(&[1, 2, 3]);
        let draws: Vec<f64> = (0..N).map(|_| f64::from(stream.uniform())).collect();
        assert!(draws.iter().all(|u| (0.0..1.0).contains(u)));
        check("mean", draws.iter().sum::<f64>() / N as f64, 0.5, MEAN_TOLERANCE);
        check(
            "second moment",
            draws.iter().map(|u| u * u).sum::<f64>() / N as f64,
            1.0 / 3.0,
            MEAN_TOLERANCE,
        );
    }

    #[test]
    fn normal_has_its_moments() {
        let mut stream = Keyed::new(&[7]);
        let draws: Vec<f64> = (0..N).map(|_| f64::from(stream.normal())).collect();
        let moment = |k: i32| draws.iter().map(|z| z.powi(k)).sum::<f64>() / N as f64;
        check("mean", moment(1), 0.0, MEAN_TOLERANCE);
        check("variance", moment(2), 1.0, 2.0 * MEAN_TOLERANCE);
        check("fourth moment", moment(4), 3.0, 10.0 * MEAN_TOLERANCE);
        let neighbours = draws.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / N as f64;
        check("correlation of neighbours", neighbours, 0.0, MEAN_TOLERANCE);
    }

    #[test]
    fn below_is_even() {
        let mut stream = Keyed::new(&[9]);
        let mut counts = [0usize; 7];
        (0..N).for_each(|_| counts[stream.below(7) as usize] += 1);
        for count in counts {
            check("share", count as f64 / N as f64, 1.0 / 7.0, 0.006);
        }
        assert_eq!(stream.below(1), 0);
    }

    #[test]
    fn every_word_and_their_order_count() {
        let first = |words: &[u64]| Keyed::new(words).bits();
        let keys: [&[u64]; 7] = [&[], &[0], &[0, 0], &[1], &[1, 0], &[0, 1], &[purpose("flip")]];
        for (i, a) in keys.iter().enumerate() {
            for b in &keys[..i] {
                assert_ne!(first(a), first(b), "{a:?} and {b:?}");
            }
        }
        assert_eq!(first(&[1, 2]), first(&[1, 2]));
    }
}
