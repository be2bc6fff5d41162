//! A player's model: its network, and the tensors that the network is made of.

use ganatomy_tensor::{Shape, Tensor, Trace};

use crate::network::Network;
use crate::remedy::Remedies;
use crate::step::{Finished, Mode, Player, Scope, Values, Who};

/// A player and its network.
pub struct Model {
    /// Who it is, and its tensors.
    pub player: Player,
    /// What it computes.
    pub network: Box<dyn Network>,
    remedies: Remedies,
    n_answers: usize,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("player", &self.player)
            .field("remedies", &self.remedies)
            .finish_non_exhaustive()
    }
}

/// What is learned of a network by applying it to two items.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Facts {
    /// The shape of its output.
    pub out: Shape,
    /// How many weights it asks for by [`Scope::weight`].
    pub n_weights: usize,
    /// Does it show its last hidden layer by [`Scope::hidden`]?
    pub shows_hidden: bool,
    /// Does it hand its logits to [`Scope::logits`]?
    pub shows_logits: bool,
}

/// How a network is applied.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// To train or to sample.
    pub mode: Mode,
    /// Keys the random layers.
    pub purpose: &'a str,
    /// The classes of the items, where the network is given them.
    pub labels: Option<&'a Tensor>,
    /// How many leading items batch statistics are taken from; 0 where they are taken from all.
    pub n_reference: usize,
}

impl<'a> Call<'a> {
    /// To train on items of no known class.
    pub fn training(purpose: &'a str) -> Call<'a> {
        Call { mode: Mode::Train, purpose, labels: None, n_reference: 0 }
    }

    /// To sample.
    pub fn sampling(purpose: &'a str) -> Call<'a> {
        Call { mode: Mode::Sample, ..Call::training(purpose) }
    }
}

/// The output of a network.
#[derive(Debug)]
#[non_exhaustive]
pub struct Applied {
    /// Samples or logits.
    pub out: Tensor,
    /// The last hidden layer, where the network shows it.
    pub features: Option<Tensor>,
    /// Running statistics after the application.
    pub running: Values,
}

impl Model {
    /// A player whose network takes a batch of `input` items. The tensors it needs, and what else is known of it, are
    /// found by applying it once. `n_classes` is not 0 where the network is given the class of an item.
    pub fn new(
        who: Who,
        network: Box<dyn Network>,
        input: &[usize],
        remedies: &Remedies,
        n_classes: usize,
    ) -> (Model, Facts) {
        let player = Player { who, declared: vec![] };
        Model { player, network, remedies: remedies.clone(), n_answers: 1 }.declared(input, n_classes)
    }

    /// An encoder: a discriminator's network that answers `n` numbers for an item in place of its logit.
    pub fn encoder(network: Box<dyn Network>, input: &[usize], n: usize) -> (Model, Facts) {
        let player = Player { who: Who::DISCRIMINATOR, declared: vec![] };
        Model { player, network, remedies: Remedies::default(), n_answers: n }.declared(input, 0)
    }

    fn declared(mut self, input: &[usize], n_classes: usize) -> (Model, Facts) {
        let model = &mut self;
        let (trace, values) = (Trace::new(), Values::new());
        // Two items, because one would make batch statistics degenerate.
        let shape: Vec<usize> = [N_TRACED].iter().chain(input).copied().collect();
        let labels = (n_classes > 0).then(|| trace.zeros([N_TRACED]));
        let call = Call { labels: labels.as_ref(), ..Call::training("declare") };
        let mut scope = model.scope(&trace, &values, &call);
        let out = model.network.forward(&mut scope, &trace.input("x", shape));
        let Finished { declared, features, n_weights, has_logits, .. } = scope.finish();
        model.player.declared = declared;
        let (shows_hidden, shows_logits) = (features.is_some(), has_logits);
        let facts = Facts { out: out.shape().clone(), n_weights, shows_hidden, shows_logits };
        (self, facts)
    }

    /// The remedies that take part in its network.
    pub fn remedies(&self) -> &Remedies {
        &self.remedies
    }

    /// Does an item's output depend on the other items of its batch?
    pub fn mixes_batch(&self) -> bool {
        let who = self.player.who;
        self.network.mixes_batch() || self.remedies.iter().any(|remedy| remedy.mixes_batch(who))
    }

    /// Applies the network with the given tensors.
    pub fn apply(&self, values: &Values, x: &Tensor, call: &Call<'_>) -> Applied {
        let mut scope = self.scope(x.trace(), values, call);
        let out = self.network.forward(&mut scope, x);
        let finished = scope.finish();
        Applied { out, features: finished.features, running: finished.running }
    }

    fn scope<'a>(&'a self, trace: &Trace, values: &'a Values, call: &Call<'_>) -> Scope<'a> {
        let scope = Scope::new(trace, self.player.who.name(), values, call.mode, call.purpose);
        let mut scope = scope.with_hooks(&self.remedies);
        scope.labels = call.labels.cloned();
        scope.n_reference = call.n_reference;
        scope.n_answers = self.n_answers;
        scope
    }
}

/// Items that a network is applied to before step 0.
pub const N_TRACED: usize = 2;
