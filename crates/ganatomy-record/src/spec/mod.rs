//! Run specs: what the user wrote, read field by field with errors that show the line.

mod accept;
mod bounds;
mod dropped;
mod entry;
mod error;
mod fields;
mod nearest;
mod overlay;
mod range;
mod resolved;
mod run_spec;
#[cfg(test)]
mod tests;
mod tree;

pub use dropped::Dropped;
pub use entry::{Entry, Read, choose, choose_in, declared};
pub use error::{Place, SpecError};
pub use fields::Fields;
pub use nearest::nearest;
pub use range::Range;
pub use resolved::{FieldDoc, Resolved};
pub use run_spec::RunSpec;
