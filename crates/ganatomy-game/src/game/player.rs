//! A player: its network, and the tensors that the network is made of.

use ganatomy_tensor::{Tensor, Trace};

use super::Who;
use crate::network::{Declared, Mode, Network, Scope, Values};
use crate::remedy::Remedies;

/// A network with a name.
pub struct Player {
    /// Which player.
    pub who: Who,
    /// What it computes.
    pub network: Box<dyn Network>,
    /// Its tensors.
    pub declared: Vec<Declared>,
    remedies: Remedies,
    n_classes: usize,
}

/// How a network is applied.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// To train or to sample.
    pub mode: Mode,
    /// Keys the random layers.
    pub purpose: &'a str,
    /// The classes of the items, where the network is told them.
    pub labels: Option<&'a Tensor>,
    /// How many items come first that batch statistics are taken from; 0 where they are taken from all.
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

/// What a network answers.
pub struct Applied {
    /// Samples or logits.
    pub out: Tensor,
    /// The last hidden layer, where the network shows it.
    pub features: Option<Tensor>,
    /// Running statistics after the application.
    pub running: Values,
}

impl Player {
    /// A player whose network takes a batch of `input` items; the tensors it needs are found by
    /// applying it once. `n_classes` is not 0 where the network is told the class of an item.
    pub fn new(
        who: Who,
        network: Box<dyn Network>,
        input: &[usize],
        remedies: &Remedies,
        n_classes: usize,
    ) -> Player {
        let mut player = Player { who, network, declared: vec![], remedies: remedies.clone(), n_classes };
        let (trace, values) = (Trace::new(), Values::new());
        // Two items, because one would make batch statistics degenerate.
        let shape: Vec<usize> = [2].iter().chain(input).copied().collect();
        let labels = (n_classes > 0).then(|| trace.zeros([2]));
        let call = Call { labels: labels.as_ref(), ..Call::training("declare") };
        let mut scope = player.scope(&trace, &values, &call);
        player.network.forward(&mut scope, &trace.input("x", shape));
        player.declared = scope.finish().declared;
        player
    }

    /// A player of given tensors, in a game whose objectives are written by hand.
    pub(crate) fn by_hand(who: Who, network: Box<dyn Network>, declared: Vec<Declared>) -> Player {
        Player { who, network, declared, remedies: Remedies::default(), n_classes: 0 }
    }

    /// The player's tensors as inputs of a program.
    pub fn inputs(&self, trace: &Trace) -> Values {
        let input = |d: &Declared| (d.name.clone(), trace.input(&d.name, d.shape.clone()));
        self.declared.iter().map(input).collect()
    }

    /// The tensors that gradients move, in order of their making.
    pub fn trained(&self) -> impl Iterator<Item = &Declared> {
        self.declared.iter().filter(|d| d.trained)
    }

    /// How many numbers gradients move.
    pub fn n_parameters(&self) -> usize {
        self.trained().map(|d| d.shape.numel()).sum()
    }

    /// Does an item's output depend on the other items of its batch?
    pub fn mixes_batch(&self) -> bool {
        self.network.mixes_batch() || self.remedies.iter().any(|remedy| remedy.mixes_batch(self.who))
    }

    /// Applies the network with the given tensors.
    pub fn apply(&self, values: &Values, x: &Tensor, call: &Call<'_>) -> Applied {
        let mut scope = self.scope(x.trace(), values, call);
        let out = self.network.forward(&mut scope, x);
        let finished = scope.finish();
        Applied { out, features: finished.features, running: finished.running }
    }

    fn scope<'a>(&'a self, trace: &Trace, values: &'a Values, call: &Call<'_>) -> Scope<'a> {
        let mut scope = Scope::new(trace, self.who.name(), values, call.mode, call.purpose);
        scope.remedies = Some(&self.remedies);
        scope.labels = call.labels.cloned();
        scope.n_classes = self.n_classes;
        scope.n_reference = call.n_reference;
        scope
    }
}
