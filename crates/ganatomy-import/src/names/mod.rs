//! Names: what those of other programs mean in a record.

pub(crate) mod guess;
mod map;
pub(crate) mod readings;
pub(crate) mod resolve;
mod words;

pub use map::NameMap;
pub use readings::{Known, READINGS};
