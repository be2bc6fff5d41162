//! Estimators of studies, one a file: pure functions on slices, where a larger number is better.
//!
//! The unit that is resampled is the run, never steps or items within it. What is drawn is a function of a fixed key, so that a report
//! is the same twice.

mod beats;
mod bootstrap;
mod centre;
mod expected;
mod forest;
mod holm;
mod importance;
mod interval;
mod normal;
mod profile;
mod rank_sum;
mod share;

pub use beats::{Beats, beats};
pub use bootstrap::{Bootstrap, bootstrap};
pub use centre::{Centres, centres, median, quantile};
pub use expected::{ExpectedBest, expected_best};
pub use holm::holm;
pub(crate) use importance::shares_below;
pub use importance::{Column, Importance, importance};
pub use interval::Interval;
pub use profile::{Share, profile, thresholds};
pub use rank_sum::{least_p, rank_sum_p};
pub use share::wilson;

#[cfg(test)]
mod reference;
