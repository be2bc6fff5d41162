//! The library people depend on: re-exports of the crates below it.
//!
//! A run in memory, without a folder:
//!
//! ```
//! use ganatomy::prelude::*;
//!
//! let spec = RunSpec::parse("steps = 3\nbatch = 16\n", "my spec")?;
//! let plan = Plan::new(&spec, &DataContext::default())?;
//! let mut events = Vec::<Event>::new();
//! let outcome = train(plan, Session::in_memory(Cpu::new(1)), &mut events)?;
//! assert_eq!(outcome, Outcome::Done);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! - `cli` (on): the command line, [`cli`], and with it all others
//! - `fetch`: downloads of public data sets
//! - `study`: many runs that answer one question; `postgres`: from several machines
//! - `view`: pictures and pages of runs, and the lessons
//!
//! With `default-features = false` the trainer is left, with everything that a spec can name.

#[cfg(feature = "cli")]
pub mod cli;
mod explain;
mod uses;

pub use explain::{Explained, everything, explain};
pub use ganatomy_clinic as clinic;
pub use ganatomy_data as data;
pub use ganatomy_game as game;
#[cfg(feature = "view")]
pub use ganatomy_lesson as lesson;
pub use ganatomy_record as record;
pub use ganatomy_score as score;
#[cfg(feature = "study")]
pub use ganatomy_study as study;
pub use ganatomy_tensor as tensor;
pub use ganatomy_train as train;
#[cfg(feature = "view")]
pub use ganatomy_view as view;
pub use uses::{METHOD, RECIPE, Use, VERDICT};

/// What most programs that train a GAN need.
pub mod prelude {
    pub use ganatomy_data::{DataContext, Silent};
    pub use ganatomy_record::{Event, Outcome, RunFolder, RunReader, RunSpec, RunWriter, Sink};
    pub use ganatomy_tensor::Cpu;
    pub use ganatomy_train::{Plan, Registry, Sampler, Session, Training, train};
}
