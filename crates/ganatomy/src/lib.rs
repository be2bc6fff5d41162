//! The library people depend on: re-exports of the crates below it.
//!
//! A run in memory, without a folder:
//!
//! ```
//! use ganatomy::prelude::*;
//!
//! let spec = RunSpec::parse("steps = 3\nbatch = 16\n", "my spec")?;
//! let surroundings =
//!     DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
//! let plan = Plan::new(&spec, &surroundings)?;
//! let mut events = Vec::<Event>::new();
//! let outcome = train(&plan, &Session::in_memory(&Cpu::new(1), &|| 0.0), &mut events)?;
//! assert_eq!(outcome, Outcome::Done);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod lesson;

pub use ganatomy_game as game;
pub use ganatomy_record as record;
pub use ganatomy_tensor as tensor;
pub use ganatomy_view as view;

/// What most programs that train a GAN need.
pub mod prelude {
    pub use ganatomy_game::data::{DataContext, Silent};
    pub use ganatomy_game::{Plan, Sampler, Session, Training, train};
    pub use ganatomy_record::{Event, Outcome, RunFolder, RunReader, RunSpec, RunWriter, Sink};
    pub use ganatomy_tensor::Cpu;
}
