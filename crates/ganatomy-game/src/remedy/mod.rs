//! Remedies: what can be added to a run to make it healthier.

pub mod ema;
