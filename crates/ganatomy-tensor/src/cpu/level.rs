//! Which vector instructions the kernels use: found at run time, or forced by name.

use std::{fmt, str::FromStr};

use pulp::{Simd, WithSimd};

/// A set of vector instructions that every kernel is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// 512-bit vectors with fused multiply-add (x86-64-v4).
    Avx512,
    /// 256-bit vectors with fused multiply-add (x86-64-v3).
    Avx2,
    /// 128-bit vectors with fused multiply-add (aarch64).
    Neon,
    /// What every processor of the target has; multiply and add round separately.
    Portable,
}

/// A name that no level has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown SIMD level \"{name}\" (allowed: avx512, avx2, neon, portable)")]
pub struct UnknownLevel {
    /// The name as given.
    pub name: String,
}

/// A level that cannot be forced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForcedLevel {
    /// The variable names none.
    #[error("GANATOMY_SIMD: {0}")]
    Unknown(#[from] UnknownLevel),
    /// The processor lacks it.
    #[error("GANATOMY_SIMD: this processor does not run {0} (it runs {available})", available = listed())]
    Unsupported(Level),
}

impl Level {
    /// Every level, widest vectors first.
    pub const ALL: [Level; 4] = [Level::Avx512, Level::Avx2, Level::Neon, Level::Portable];

    /// The level that the environment variable `GANATOMY_SIMD` names, or else the widest that this processor runs.
    ///
    /// A name that cannot be used is ignored here; [`Level::forced`] returns what is wrong with it.
    pub fn detect() -> Level {
        let widest = || Level::ALL.into_iter().find(|level| level.supported());
        Level::forced().ok().flatten().or_else(widest).unwrap_or(Level::Portable)
    }

    /// The level that the environment variable `GANATOMY_SIMD` names, if it is set and not empty.
    ///
    /// # Errors
    /// A name that no level has, or a level that this processor does not run.
    pub fn forced() -> Result<Option<Level>, ForcedLevel> {
        match std::env::var_os("GANATOMY_SIMD") {
            Some(name) if !name.is_empty() => Level::follow(&name.to_string_lossy()).map(Some),
            _ => Ok(None),
        }
    }

    /// The level of this name, if this processor runs it.
    fn follow(name: &str) -> Result<Level, ForcedLevel> {
        let level: Level = name.parse()?;
        if level.supported() { Ok(level) } else { Err(ForcedLevel::Unsupported(level)) }
    }

    /// The levels that this processor runs, widest first.
    pub fn available() -> Vec<Level> {
        Level::ALL.into_iter().filter(|level| level.supported()).collect()
    }

    /// Whether this processor runs the level.
    pub fn supported(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => pulp::x86::V4::is_available(),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => pulp::x86::V3::is_available(),
            #[cfg(target_arch = "aarch64")]
            Level::Neon => pulp::aarch64::Neon::is_available(),
            Level::Portable => true,
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }

    /// The level itself if this processor runs it, else the portable one.
    pub fn or_portable(self) -> Level {
        if self.supported() { self } else { Level::Portable }
    }

    /// Runs `op` compiled for the level (or for the portable one where the processor lacks it).
    ///
    /// `op` may be a plain closure. The compiler vectorises its loops if it is inlined, so mark it,
    /// and the functions that it calls, `#[inline(always)]`.
    #[inline]
    pub fn vectorize<Op: WithSimd>(self, op: Op) -> Op::Output {
        // One portable call for all the cases that need it: each call is a copy of `op`'s code.
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 if let Some(simd) = pulp::x86::V4::try_new() => Simd::vectorize(simd, op),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 if let Some(simd) = pulp::x86::V3::try_new() => Simd::vectorize(simd, op),
            #[cfg(target_arch = "aarch64")]
            Level::Neon if let Some(simd) = pulp::aarch64::Neon::try_new() => Simd::vectorize(simd, op),
            _ => pulp::Scalar128b.vectorize(op),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Avx512 => "avx512",
            Level::Avx2 => "avx2",
            Level::Neon => "neon",
            Level::Portable => "portable",
        })
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    fn from_str(name: &str) -> Result<Level, UnknownLevel> {
        let found = Level::ALL.into_iter().find(|level| level.to_string() == name);
        found.ok_or_else(|| UnknownLevel { name: name.to_owned() })
    }
}

/// The names of the levels that this processor runs.
fn listed() -> String {
    let names: Vec<String> = Level::available().iter().map(Level::to_string).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<Level>) {
        assert_eq!(name.parse().ok(), expected);
    }

    #[test]
    fn names_round_trip_and_others_are_refused() {
        for level in Level::ALL {
            check(&level.to_string(), Some(level));
        }
        check("sse9", None);
    }

    #[test]
    fn every_level_runs_a_closure() {
        for level in Level::ALL {
            let sum = level.vectorize(
                #[inline(always)]
                || (0..100).map(|i| i as f32).sum::<f32>(),
            );
            assert_eq!(sum, 4950.0, "{level}");
        }
    }

    #[test]
    fn only_levels_that_the_processor_runs_are_used() {
        for level in Level::ALL {
            let expected = if level.supported() { Ok(level) } else { Err(ForcedLevel::Unsupported(level)) };
            assert_eq!(Level::follow(&level.to_string()), expected);
        }
        let error = Level::follow("sse9").unwrap_err().to_string();
        assert!(error.starts_with("GANATOMY_SIMD: unknown SIMD level \"sse9\""), "{error}");
    }

    /// Under `GANATOMY_SIMD=LEVEL cargo test`, everything that asks for the usual level gets the named one.
    #[test]
    fn a_forced_level_is_the_usual_one() {
        if let Some(level) = Level::forced().unwrap() {
            assert_eq!((Level::detect(), crate::Cpu::new(1).level()), (level, level));
        }
    }

    #[test]
    fn the_detected_level_is_available() {
        assert!(Level::available().contains(&Level::detect()));
        assert!(Level::available().contains(&Level::Portable));
    }
}
