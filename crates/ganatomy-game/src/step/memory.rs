//! What a step reads and writes beside the players' tensors: moments, buffers, counters, readings.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ganatomy_tensor::{Shape, Tensor, Trace};

use super::Values;

/// Named state, all zeros before the first step, and the readings of a step.
///
/// State belongs to a run's checkpoint if its name begins with `update.`, `scheme.`, `loss.`, `remedy.`,
/// `game.` or `average.`.
pub struct Memory {
    trace: Trace,
    values: RefCell<Values>,
    readings: RefCell<BTreeMap<String, Tensor>>,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory")
            .field("values", &self.values)
            .field("readings", &self.readings)
            .finish_non_exhaustive()
    }
}

impl Memory {
    /// Nothing read or written yet.
    pub fn new(trace: &Trace) -> Memory {
        Memory { trace: trace.clone(), values: RefCell::default(), readings: RefCell::default() }
    }

    /// The newest value of a name.
    pub fn get(&self, name: &str, shape: impl Into<Shape>) -> Tensor {
        let known = self.values.borrow().get(name).cloned();
        known.unwrap_or_else(|| self.trace.input(name, shape))
    }

    /// Replaces the value of a name.
    pub fn set(&self, name: &str, value: Tensor) {
        self.values.borrow_mut().insert(name.to_owned(), value);
    }

    /// Leaves a scalar reading; the last of a name counts.
    pub fn report(&self, name: impl Into<String>, value: Tensor) {
        self.readings.borrow_mut().insert(name.into(), value);
    }

    /// What has been written so far.
    pub fn written(&self) -> Values {
        self.values.borrow().clone()
    }

    /// Goes back to what had been written at an earlier moment; readings stay.
    pub fn rewind(&self, to: Values) {
        self.values.replace(to);
    }

    /// The readings left so far.
    pub fn readings(&self) -> BTreeMap<String, Tensor> {
        self.readings.borrow().clone()
    }
}
