//! Plans, the only loop that trains a GAN, checkpoints, probes, looks and sampling.
//!
//! A [`RunSpec`](ganatomy_record::RunSpec) becomes a [`Plan`], in which everything has been checked and
//! built; [`train`] runs it and reports to a [`Sink`](ganatomy_record::Sink).
//!
//! ```
//! use ganatomy_data::DataContext;
//! use ganatomy_record::{Event, RunSpec};
//! use ganatomy_tensor::Cpu;
//! use ganatomy_train::{Plan, Session, train};
//!
//! let spec = RunSpec::parse("steps = 3\nbatch = 16\n", "example")?;
//! let plan = Plan::new(&spec, &DataContext::default())?;
//! let mut events: Vec<Event> = Vec::new();
//! train(plan, Session::in_memory(Cpu::new(1)), &mut events)?;
//! assert!(matches!(events.last(), Some(Event::Finished { step: 3, .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod look;
pub mod probe;
pub mod recipe;
pub mod registry;
pub mod small;

mod checkpoint;
mod error;
mod judge;
mod need;
mod plan;
mod programs;
mod reader;
pub mod reading;
mod real;
mod room;
mod rules;
mod sampler;
mod scoring;
mod snapshot;
mod spare;
mod state;
mod steps;
mod training;

#[cfg(test)]
mod exam;

pub use checkpoint::CheckpointError;
pub use error::TrainError;
pub use need::{Need, Part, available_bytes};
pub use plan::{Plan, PlanError};
pub use probe::bins::{Beside, averaged};
pub use registry::{DuplicateName, Listing, Registry, listing};
pub use rules::Rules;
pub use sampler::{SampleError, Sampler};
pub use snapshot::Samples;
pub use spare::spare_threads;
pub use training::{
    Clock, Entrant, Inherited, NotTogether, Pace, Session, Together, Training, misfits, train,
};
