//! Metrics: scores of samples.

pub mod classes;
pub mod classifier;
pub mod modes;
