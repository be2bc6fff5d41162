//! The members' tensors, one behind the other: what a population's program reads and writes.

use ganatomy_tensor::{Program, Store, StoreError};

use crate::programs::{ALIVE, is_batch};
use crate::state::is_state;

/// The stacked tensors, and which of them are what.
pub(super) struct Stack {
    pub store: Store<f32>,
    state: Vec<String>,
    /// What is filled before every step.
    given: Vec<String>,
    /// What a step reads of itself.
    told: Vec<String>,
}

impl Stack {
    /// Zeros for everything that a program names.
    pub fn of(program: &Program) -> Result<Stack, StoreError> {
        let mut store = Store::new();
        for (name, shape) in program.inputs().into_iter().chain(program.outputs()) {
            store.place(name, shape)?;
        }
        let names = |wanted: fn(&str) -> bool| {
            store.iter().map(|(name, _)| name.to_owned()).filter(|name| wanted(name)).collect::<Vec<_>>()
        };
        let state = names(is_state);
        let given = names(|name| is_batch(name) && !is_state(name) && name != ALIVE);
        let told = names(|name| !is_batch(name) && !is_state(name));
        store.get_mut(ALIVE)?.values_mut().fill(1.0);
        Ok(Stack { store, state, given, told })
    }

    /// Takes a member's state.
    pub fn take(&mut self, at: usize, from: &Store<f32>) -> Result<(), StoreError> {
        copy_in(&mut self.store, &self.state, at, from)
    }

    /// Takes what a member is given for its next step.
    pub fn take_given(&mut self, at: usize, from: &Store<f32>) -> Result<(), StoreError> {
        copy_in(&mut self.store, &self.given, at, from)
    }

    /// Gives a member its state, and what its last step read of itself.
    pub fn give(&self, at: usize, to: &mut Store<f32>) -> Result<(), StoreError> {
        for name in self.state.iter().chain(&self.told) {
            let to = to.get_mut(name)?.values_mut();
            to.copy_from_slice(part(self.store.get(name)?.values(), at, to.len()));
        }
        Ok(())
    }

    /// Gives a member what its last step read of itself.
    pub fn tell(&self, at: usize, to: &mut Store<f32>) -> Result<(), StoreError> {
        for name in &self.told {
            let to = to.get_mut(name)?.values_mut();
            to.copy_from_slice(part(self.store.get(name)?.values(), at, to.len()));
        }
        Ok(())
    }

    /// From now on a member tells nothing: it has ended.
    pub fn retire(&mut self, at: usize) -> Result<(), StoreError> {
        self.store.get_mut(ALIVE)?.values_mut()[at] = 0.0;
        Ok(())
    }
}

fn copy_in(stack: &mut Store<f32>, names: &[String], at: usize, from: &Store<f32>) -> Result<(), StoreError> {
    for name in names {
        let from = from.get(name)?.values();
        let to = stack.get_mut(name)?.values_mut();
        to[at * from.len()..][..from.len()].copy_from_slice(from);
    }
    Ok(())
}

fn part(values: &[f32], at: usize, len: usize) -> &[f32] {
    &values[at * len..][..len]
}
