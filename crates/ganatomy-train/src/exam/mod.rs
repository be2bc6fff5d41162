//! The exam: tests written once, for all methods.

mod away;
mod conditions;
mod driven;
mod forks;
mod gradients;
mod held_out;
mod imle;
mod looks;
mod memory;
mod moments;
mod outside;
mod population;
mod readings;
mod reference;
mod remedies;
mod schemes;
mod scores;
mod steps;
mod together;
mod vae;

use std::collections::BTreeMap;

use ganatomy_data::DataContext;
use ganatomy_record::{Checkpoints, Event, Outcome, RecordError, RunFolder, RunSpec, Sink};
use ganatomy_tensor::{Cpu, Device, Element, Key, Store, Tensor, TraceError, interpret};

use crate::{Entrant, Plan, PlanError, Registry, Session, Together, Training, train};

/// The plan of a spec whose data need no file.
pub(crate) fn plan(text: &str) -> Result<Plan, PlanError> {
    Plan::new(&RunSpec::parse(text, "test").unwrap(), &DataContext::default())
}

/// A session in memory on one thread.
pub(crate) fn session() -> Session {
    Session::in_memory(Cpu::new(1))
}

/// Interpreted outputs; what is not given is zero, as memories are when a run begins.
pub(crate) fn interpreted<E: Element>(
    outputs: &[&Tensor],
    values: &BTreeMap<String, Vec<E>>,
    key: Key,
) -> Vec<Vec<E>> {
    let mut values = values.clone();
    loop {
        match interpret(outputs, &values, key) {
            Err(TraceError::Given { name, shape, found: None }) => {
                values.insert(name, vec![E::ZERO; shape.numel()]);
            }
            found => return found.unwrap(),
        }
    }
}

/// A small run.
pub(crate) const SMALL: &str =
    "batch = 8\ngenerator = { hidden = [6], z_dims = 2 }\ndiscriminator = { hidden = [6] }\n";

/// Everything that a run's state holds, to the bit.
pub(crate) fn state(training: &Training) -> Vec<(String, Vec<u32>)> {
    let bits = |name: &&str| training.tensor(name).unwrap().iter().map(|x| x.to_bits()).collect();
    training.state_names().iter().map(|name| ((*name).to_owned(), bits(name))).collect()
}
