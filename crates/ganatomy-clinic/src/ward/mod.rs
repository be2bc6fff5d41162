//! The ward: runs of known illness, on which the clinic is judged.
//!
//! A run of the ward is made ill by a cause (its arm), and what came of it is told by readings that the clinic never sees
//! (`truth/..`): see [`labels`] for the rules, which were written down before any verdict was.

mod case;
mod figures;
mod label;

pub use case::{Case, gather, read};
pub use figures::{Figures, Row, delays, figures, is_known};
pub use label::{labels, onset};
