//! Samples against data: a classifier that names them, and one score a file.
//!
//! ```
//! use ganatomy_score::{Rows, frechet::frechet};
//! use ganatomy_tensor::Cpu;
//!
//! let (real, generated) = ([0.0, 1.0, 2.0], [3.0, 4.0, 5.0]);
//! let found = frechet(Rows::new(&real, 1)?, Rows::new(&generated, 1)?, &Cpu::new(1))?;
//! assert!((found.distance - 9.0).abs() < 1e-12);
//! # Ok::<(), ganatomy_score::ScoreError>(())
//! ```

pub mod alike;
mod balls;
pub mod bins;
pub mod channels;
pub mod classes;
pub mod classifier;
mod clusters;
pub mod density_coverage;
mod distinct;
pub mod diversity;
pub mod duplicates;
mod error;
pub mod extract;
pub mod frechet;
pub mod inception;
mod kept;
pub mod kid;
mod linear;
pub mod memorised;
pub mod modes;
pub mod ndb;
pub mod neighbours;
mod once;
pub mod one_number;
pub mod prd;
pub mod precision_recall;
mod pursuit;
mod registry;
mod remembered;
mod rows;
mod score;
mod squares;

pub use error::ScoreError;
pub use registry::{Row, scores};
pub use remembered::Remembered;
pub use rows::Rows;
pub use score::{Known, Score, Sides, Value};

#[cfg(test)]
mod testing;
