//! The scope of a network while it is traced: which tensors its parameters are.

use ganatomy_tensor::{Shape, Tensor, Trace};

use super::{Declared, Init, Values};

/// What a network is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics, random layers on; running statistics move on.
    Train,
    /// Running statistics, random layers off.
    Sample,
}

/// Where others take part in a network, such as the remedies of a game. By default, nothing is changed.
pub trait Hooks {
    /// A network's weight as it is used.
    fn weight(&self, _scope: &mut Scope<'_>, _name: &str, weight: Tensor) -> Tensor {
        weight
    }

    /// The discriminator's last hidden layer as its last weights see it.
    fn hidden(&self, _scope: &mut Scope<'_>, h: Tensor) -> Tensor {
        h
    }

    /// The discriminator's logits, given its last hidden layer.
    fn logits(&self, _scope: &mut Scope<'_>, logits: Tensor, _h: &Tensor) -> Tensor {
        logits
    }
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
    hooks: Option<&'a dyn Hooks>,
    n_weights: usize,
    has_logits: bool,
    /// The classes of the items, where the network is given them.
    pub labels: Option<Tensor>,
    /// How many leading items batch statistics are taken from; 0 where they are taken from all.
    pub n_reference: usize,
    /// Numbers that a discriminator's network answers for an item: 1, the logit, unless it encodes.
    pub n_answers: usize,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("player", &self.player)
            .field("mode", &self.mode)
            .field("purpose", &self.purpose)
            .field("declared", &self.declared)
            .finish_non_exhaustive()
    }
}

/// What a network left behind in its scope.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished {
    /// The tensors it asked for.
    pub declared: Vec<Declared>,
    /// How its running statistics moved.
    pub running: Values,
    /// Its last hidden layer, if it showed it.
    pub features: Option<Tensor>,
    /// How many weights it asked for by [`Scope::weight`].
    pub n_weights: usize,
    /// Did it hand its logits to [`Scope::logits`]?
    pub has_logits: bool,
}

impl<'a> Scope<'a> {
    /// A scope in which parameters named in `values` are those tensors, and others are inputs of the program.
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
            hooks: None,
            n_weights: 0,
            has_logits: false,
            labels: None,
            n_reference: 0,
            n_answers: 1,
        }
    }

    /// The scope with hooks that take part in the network.
    pub fn with_hooks(self, hooks: &'a dyn Hooks) -> Self {
        Scope { hooks: Some(hooks), ..self }
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

    /// A weight: a parameter that hooks may rescale before it is used.
    pub fn weight(&mut self, name: &str, shape: impl Into<Shape>, init: Init) -> Tensor {
        let weight = self.param(name, shape, init);
        self.n_weights += 1;
        match self.hooks {
            Some(hooks) => hooks.weight(self, name, weight),
            None => weight,
        }
    }

    /// A discriminator's last hidden layer on its way to the logit: it is shown, and hooks may add to it.
    ///
    /// # Shapes
    /// - h: `[batch, n]`; output: `[batch, at least n]`
    pub fn hidden(&mut self, h: &Tensor) -> Tensor {
        self.features = Some(h.clone());
        match self.hooks {
            Some(hooks) => hooks.hidden(self, h.clone()),
            None => h.clone(),
        }
    }

    /// A discriminator's logits, to which hooks may add.
    ///
    /// # Shapes
    /// - logits: `[batch]`, h: `[batch, n]`; output: `[batch]`
    pub fn logits(&mut self, logits: Tensor, h: &Tensor) -> Tensor {
        self.has_logits = true;
        match self.hooks {
            Some(hooks) => hooks.logits(self, logits, h),
            None => logits,
        }
    }

    /// What the network asked for and left behind.
    pub fn finish(self) -> Finished {
        let Scope { declared, next: running, features, n_weights, has_logits, .. } = self;
        Finished { declared, running, features, n_weights, has_logits }
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
