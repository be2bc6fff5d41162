//! Metrics: scores of samples.

pub mod channels;
pub mod classes;
pub mod classifier;
pub mod modes;
pub mod nearest;
