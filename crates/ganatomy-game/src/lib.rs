//! Data, networks, losses, updates, schemes and probes, and the one loop that trains a GAN.
//!
//! A [`RunSpec`](ganatomy_record::RunSpec) becomes a [`Plan`], in which everything has been checked and
//! built; [`train`] runs it and tells a [`Sink`](ganatomy_record::Sink) what happens.
//!
//! ```
//! use ganatomy_game::{Plan, Session, data::DataContext, data::Silent, train};
//! use ganatomy_record::{Event, RunSpec};
//! use ganatomy_tensor::Cpu;
//!
//! let spec = RunSpec::parse("steps = 3\nbatch = 16\n", "example")?;
//! let context = DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
//! let plan = Plan::new(&spec, &context)?;
//! let mut events: Vec<Event> = Vec::new();
//! train(&plan, &Session::in_memory(&Cpu::new(1), &|| 0.0), &mut events)?;
//! assert!(matches!(events.last(), Some(Event::Finished { step: 3, .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod average;
pub mod data;
pub mod game;
pub mod look;
pub mod loss;
pub mod metric;
pub mod network;
pub mod probe;
pub mod recipe;
pub mod registry;
pub mod remedy;
pub mod scheme;
pub mod small;
pub mod update;

mod checkpoint;
mod judge;
mod plan;
mod programs;
mod sampler;
mod snapshot;
mod train;

pub use checkpoint::CheckpointError;
pub use plan::{Plan, PlanError, PlayerUpdate};
pub use registry::{Entry, Listing, Registry, listing};
pub use sampler::{SampleError, Sampler};
pub use train::{Feed, Feeding, Session, TrainError, Training, train};
