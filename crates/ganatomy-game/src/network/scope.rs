//! The scope of a network while it is traced: which tensors its parameters are.

use std::collections::BTreeMap;

use ganatomy_tensor::{Shape, Tensor, Trace};

use super::Init;

/// Named tensors of one player: parameters and running statistics.
pub type Values = BTreeMap<String, Tensor>;

/// What a network is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics, random layers on; running statistics move on.
    Train,
    /// Running statistics, random layers off.
    Sample,
}

/// A parameter or running statistic that a network asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Declared {
    /// Its full name, such as `generator.0.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// What it is before training.
    pub init: Init,
    /// Is it moved by gradients? Running statistics are not.
    pub trained: bool,
}

/// Hands a network its parameters by name, and collects its running statistics.
pub struct Scope<'a> {
    trace: Trace,
    player: &'a str,
    values: &'a Values,
    mode: Mode,
    purpose: String,
    declared: Vec<Declared>,
    next: Values,
}

impl<'a> Scope<'a> {
    /// A scope in which parameters named in `values` are those, and others are the program's inputs.
    ///
    /// `purpose` keeps the random layers of this application apart from those of others.
    pub fn new(trace: &Trace, player: &'a str, values: &'a Values, mode: Mode, purpose: &str) -> Self {
        Scope {
            trace: trace.clone(),
            player,
            values,
            mode,
            purpose: purpose.to_owned(),
            declared: Vec::new(),
            next: Values::new(),
        }
    }

    /// What the network is applied for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// A parameter, moved by gradients.
    pub fn param(&mut self, name: &str, shape: impl Into<Shape>, init: Init) -> Tensor {
        self.value(name, shape.into(), init, true)
    }

    /// A running statistic, moved by the network itself.
    pub fn running(&mut self, name: &str, shape: impl Into<Shape>, init: Init) -> Tensor {
        self.value(name, shape.into(), init, false)
    }

    /// Moves a running statistic on; the last value given counts.
    pub fn set_running(&mut self, name: &str, value: Tensor) {
        self.next.insert(format!("{}.{name}", self.player), value);
    }

    /// Uniform random numbers for a random layer.
    pub fn uniform(&self, name: &str, shape: impl Into<Shape>) -> Tensor {
        self.trace.uniform(&format!("{}.{}.{name}", self.purpose, self.player), shape)
    }

    /// What was asked for, and how the running statistics moved.
    pub fn finish(self) -> (Vec<Declared>, Values) {
        (self.declared, self.next)
    }

    fn value(&mut self, name: &str, shape: Shape, init: Init, trained: bool) -> Tensor {
        let name = format!("{}.{name}", self.player);
        let value = match self.next.get(&name).or_else(|| self.values.get(&name)) {
            Some(value) => value.clone(),
            None => self.trace.input(&name, shape.clone()),
        };
        self.declared.push(Declared { name, shape, init, trained });
        value
    }
}
