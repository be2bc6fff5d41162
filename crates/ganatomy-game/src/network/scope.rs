//! The scope of a network while it is traced: which tensors its parameters are.

use std::collections::BTreeMap;

use ganatomy_tensor::{Shape, Tensor, Trace};

use super::Init;
use crate::remedy::Remedies;

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
    features: Option<Tensor>,
    pub(crate) remedies: Option<&'a Remedies>,
    /// The classes of the items, where the network is told them.
    pub(crate) labels: Option<Tensor>,
    pub(crate) n_classes: usize,
    /// How many items come first that batch statistics are taken from; 0 where they are taken from all.
    pub(crate) n_reference: usize,
}

/// What a network left behind in its scope.
pub struct Finished {
    /// The tensors it asked for.
    pub declared: Vec<Declared>,
    /// How its running statistics moved.
    pub running: Values,
    /// Its last hidden layer, if it showed it.
    pub features: Option<Tensor>,
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
            features: None,
            remedies: None,
            labels: None,
            n_classes: 0,
            n_reference: 0,
        }
    }

    /// The name of the player whose network this is.
    pub fn player(&self) -> &str {
        self.player
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

    /// A weight: a parameter that remedies may rescale before it is used.
    pub fn weight(&mut self, name: &str, shape: impl Into<Shape>, init: Init) -> Tensor {
        let weight = self.param(name, shape, init);
        let remedies = self.remedies.into_iter().flat_map(|all| all.iter());
        remedies.fold(weight, |weight, remedy| remedy.weight(self, name, weight))
    }

    /// A discriminator's last hidden layer on its way to the logit: it is shown, and remedies may add to it.
    ///
    /// # Shapes
    /// - h: `[batch, n]`; output: `[batch, at least n]`
    pub fn hidden(&mut self, h: &Tensor) -> Tensor {
        self.features = Some(h.clone());
        let remedies = self.remedies.into_iter().flat_map(|all| all.iter());
        remedies.fold(h.clone(), |h, remedy| remedy.hidden(self, h))
    }

    /// A discriminator's logits, to which remedies may add.
    ///
    /// # Shapes
    /// - logits: `[batch]`, h: `[batch, n]`; output: `[batch]`
    pub fn logits(&mut self, logits: Tensor, h: &Tensor) -> Tensor {
        let remedies = self.remedies.into_iter().flat_map(|all| all.iter());
        remedies.fold(logits, |logits, remedy| remedy.logits(self, logits, h))
    }

    /// What was asked for and left behind.
    pub fn finish(self) -> Finished {
        Finished { declared: self.declared, running: self.next, features: self.features }
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
