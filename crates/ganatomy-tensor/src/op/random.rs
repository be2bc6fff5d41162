//! Random numbers as a function of (seed, purpose, step) and position: no state, no order.

/// What the numbers are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Uniform on `[0, 1)`
    Uniform,
    /// Normal with mean 0 and variance 1
    Normal,
    /// A whole number from 0 to n - 1
    Integer(u32),
}

impl Distribution {
    #[cfg(test)]
    pub(crate) const EXAMPLES: [Distribution; 3] =
        [Distribution::Uniform, Distribution::Normal, Distribution::Integer(7)];

    /// The distribution's name.
    pub fn name(self) -> &'static str {
        match self {
            Distribution::Uniform => "uniform",
            Distribution::Normal => "normal",
            Distribution::Integer(_) => "integer",
        }
    }
}

/// A purpose's number: 64-bit FNV-1a of its name, so that streams do not depend on tracing order.
pub fn purpose(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
