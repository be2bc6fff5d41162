//! The exam: tests written once, for all methods.

mod front_door;
mod imle;
mod looks;
mod remedies;
mod schemes;
mod steps;

use ganatomy_data::DataContext;
use ganatomy_record::RunSpec;
use ganatomy_tensor::Cpu;

use crate::{Plan, PlanError, Session};

/// The plan of a spec whose data need no file.
pub(crate) fn plan(text: &str) -> Result<Plan, PlanError> {
    Plan::new(&RunSpec::parse(text, "test").unwrap(), &DataContext::default())
}

/// A session in memory on one thread.
pub(crate) fn session() -> Session {
    Session::in_memory(Cpu::new(1))
}
