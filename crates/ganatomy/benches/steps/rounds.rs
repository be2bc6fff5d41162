//! Rounds of equal steps: how long a step takes and what it allocates.

use std::time::Instant;

use crate::allocations;

/// Steps before the first round.
pub(crate) const WARM_UP: usize = 3;
/// Rounds that are timed.
pub(crate) const ROUNDS: usize = 5;

/// What rounds of equal steps took.
pub(crate) struct Rounds {
    /// Milliseconds a step, one entry a round, ascending.
    ms: Vec<f64>,
    pub bytes_per_step: f64,
}

/// A moment: seconds, and the bytes allocated until then.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub secs: f64,
    bytes: u64,
}

impl Moment {
    /// Now, in seconds since `began`.
    pub fn since(began: Instant) -> Moment {
        Moment { secs: began.elapsed().as_secs_f64(), bytes: allocations::bytes() }
    }
}

impl Rounds {
    /// Rounds of `n` steps each, from the moments at which they begin and end: one more than there are rounds.
    pub fn between(moments: &[Moment], n: usize) -> Rounds {
        let mut ms: Vec<f64> =
            moments.windows(2).map(|pair| (pair[1].secs - pair[0].secs) / n as f64 * 1e3).collect();
        ms.sort_by(f64::total_cmp);
        let bytes = match moments {
            [first, .., last] => last.bytes - first.bytes,
            _ => 0,
        };
        Rounds { bytes_per_step: bytes as f64 / (n * ms.len()) as f64, ms }
    }

    pub fn median_ms(&self) -> f64 {
        self.ms[self.ms.len() / 2]
    }

    pub fn min_ms(&self) -> f64 {
        self.ms[0]
    }
}

/// Runs `step` in rounds of `n`, after some to warm up.
pub(crate) fn rounds(n: usize, mut step: impl FnMut()) -> Rounds {
    let began = Instant::now();
    (0..WARM_UP).for_each(|_| step());
    let mut moments = Vec::with_capacity(ROUNDS + 1);
    moments.push(Moment::since(began));
    for _ in 0..ROUNDS {
        (0..n).for_each(|_| step());
        moments.push(Moment::since(began));
    }
    Rounds::between(&moments, n)
}
