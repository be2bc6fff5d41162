//! Data sets: where real samples come from, as batches fixed by a key.
//!
//! A [`DataSpec`] is what a spec asks for; it builds a [`Dataset`]. Your own set is a type that implements [`Dataset`],
//! or an array in memory: [`Points`], [`Images`].

mod cause;
pub mod context;
#[cfg(test)]
#[path = "../../../testing/damage.rs"]
mod damage;
mod dataset;
pub mod error;
pub mod fashion_mnist;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod folder;
pub mod gaussian;
pub mod glyphs;
pub mod grid;
mod hex;
pub mod idx;
mod idx_images;
pub mod images;
pub mod keyed;
mod mixture;
pub mod mnist;
pub mod options;
mod pixels;
mod points;
pub mod registry;
pub mod ring;
pub mod sampler;
mod source;
pub mod stacked_mnist;
pub mod subspaces;
pub mod swiss_roll;
pub mod ten_points;
pub mod triangles;

/// Counts what readers of damaged files take.
#[cfg(test)]
#[global_allocator]
static COUNTING: damage::Counting = damage::Counting;

pub use cause::FetchCause;
pub use context::{DataContext, Progress, Silent, Task, Unit};
pub use dataset::{BatchKey, DataSpec, Dataset, Modes};
pub use error::DataError;
#[cfg(feature = "fetch")]
pub use fetch::{FetchOptions, fetch};
pub use images::Images;
pub use points::Points;
pub use registry::{Row, SOURCES, check_batch, data_sets, read};
pub use source::{Source, SourceFile};

#[cfg(test)]
pub(crate) mod testing;
