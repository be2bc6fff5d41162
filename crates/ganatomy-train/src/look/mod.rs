//! Looking into a run: programs of their own over its tensors, each made when it is first asked for.
//!
//! Whatever is asked on a batch is asked with a `key`: the same key names the same real items and the same noise,
//! which are never those of a training step. (IMLE is asked on the batch that it last matched.)

mod bend;
mod duality_gap;
mod eigenvalues;
mod field;
mod items;
mod layout;
mod live;
mod path_angle;
mod slopes;
mod tensors;

pub use bend::Bend;
pub use duality_gap::{BestAnswers, DualityGap};
pub use eigenvalues::{EigenError, eigenvalues};
pub(crate) use field::{FIELD, field_program, jacobian_rows, product_program};
pub use layout::{Layout, Part};
pub use live::Live;
pub(crate) use live::{Looks, seed_of};
pub use path_angle::PathPoint;
pub use slopes::Slopes;
