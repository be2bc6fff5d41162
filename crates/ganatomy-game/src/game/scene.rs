//! One turn of an adversarial game as it is played: the batches, what the discriminator sees, and its logits.

use ganatomy_tensor::Tensor;

use super::{Adversarial, Call, Generated, Players, Turn, Who};
use crate::network::{Mode, Values};
use crate::remedy::View;

/// A turn after the discriminator has judged both batches.
pub struct Scene<'a> {
    /// The turn.
    pub turn: &'a Turn<'a>,
    /// The game.
    pub game: &'a Adversarial,
    /// The tensors of both players.
    pub players: &'a Players,
    /// Who moves.
    pub who: Who,
    /// Real items as the discriminator sees them.
    pub real: Tensor,
    /// Generated items as the discriminator sees them.
    pub fake: Tensor,
    /// The real batch itself.
    pub items: Tensor,
    /// The generated batch itself.
    pub samples: Tensor,
    /// Logits of both, real first.
    pub logits: [Tensor; 2],
    /// The discriminator's last hidden layer of both, real first, where its network shows it.
    pub features: Option<[Tensor; 2]>,
    /// Running statistics of the generator and of the discriminator.
    pub running: [Values; 2],
    labels: [Option<Tensor>; 2],
    /// What the mover minimises before any remedy adds to it, once that is known.
    pub(super) bare: Option<Tensor>,
}

impl<'a> Scene<'a> {
    /// Draws both batches and has them judged; the real batch is the input `real.PURPOSE`.
    pub(super) fn new(
        game: &'a Adversarial,
        turn: &'a Turn<'a>,
        players: &'a Players,
        who: Who,
    ) -> Scene<'a> {
        let trace = turn.trace;
        let shape: Vec<usize> = [turn.batch].iter().chain(&game.generator.item).copied().collect();
        let items = trace.input(&format!("real.{}", turn.purpose), shape);
        let Generated { samples, labels, running } =
            game.generator.generate(turn, players.of(Who::GENERATOR), &items);
        let told = labels.is_some().then(|| trace.input(&format!("labels.{}", turn.purpose), [turn.batch]));
        let mut shown = samples.clone();
        if who == Who::DISCRIMINATOR {
            shown = game.remedies.iter().fold(shown, |shown, remedy| remedy.generated(turn, shown));
        }
        let (real, real_labels) = game.look(turn, "real", items.clone(), told);
        let (fake, fake_labels) = game.look(turn, "fake", shown, labels);
        let logits = [real.clone(), fake.clone()];
        let running = [running, Values::new()];
        let labels = [real_labels, fake_labels];
        let (features, bare) = (None, None);
        Scene {
            turn,
            game,
            players,
            who,
            real,
            fake,
            items,
            samples,
            logits,
            features,
            running,
            labels,
            bare,
        }
        .judged()
    }

    /// The discriminator's logits of items as it sees them, for instance between real and generated ones;
    /// `fake` says that they have the classes of the generated batch.
    ///
    /// # Shapes
    /// - x: as [`Scene::real`]; output: `[batch]`
    pub fn opinion(&self, part: &str, x: &Tensor, fake: bool) -> Tensor {
        let purpose = format!("{}.{part}", self.turn.purpose);
        let call = Call { labels: self.labels[usize::from(fake)].as_ref(), ..Call::training(&purpose) };
        self.game.discriminator.apply(self.players.of(Who::DISCRIMINATOR), x, &call).out
    }

    /// What a player minimises before any remedy adds to it.
    pub fn bare_loss(&self, who: Who) -> Tensor {
        if let Some(known) = self.bare.as_ref().filter(|_| who == self.who) {
            return known.clone();
        }
        // Asking is no turn of that player: what its loss keeps from turn to turn stays.
        let before = self.turn.memory.written();
        let loss = self.game.bare_loss(self, who);
        self.turn.memory.rewind(before);
        loss
    }

    fn judged(mut self) -> Scene<'a> {
        let d = &self.game.discriminator;
        let (batch, values) = (self.real.shape()[0], self.players.of(Who::DISCRIMINATOR));
        let judge = |values: &Values, part: &str, x: &Tensor, labels: Option<&Tensor>| {
            let purpose = format!("{}.{part}", self.turn.purpose);
            d.apply(values, x, &Call { labels, ..Call::training(&purpose) })
        };
        // One product of twice the height is faster than two; G seldom asks for the real logits.
        if self.who == Who::DISCRIMINATOR && !d.mixes_batch() {
            let labels = self.labels[0].as_ref().zip(self.labels[1].as_ref()).map(|(a, b)| a.concat(&[b], 0));
            let judged = judge(values, "both", &self.real.concat(&[&self.fake], 0), labels.as_ref());
            let half = |t: &Tensor, from: usize| {
                let (mut start, mut shape) = (vec![0; t.shape().len()], t.shape().to_vec());
                (start[0], shape[0]) = (from, batch);
                t.slice(&start, shape)
            };
            self.logits = [half(&judged.out, 0), half(&judged.out, batch)];
            self.features = judged.features.map(|h| [half(&h, 0), half(&h, batch)]);
            self.running[1] = judged.running;
            return self;
        }
        // Each batch has its own statistics, or the two would tell each other apart.
        let first = judge(values, "real", &self.real, self.labels[0].as_ref());
        let mut values = values.clone();
        values.extend(first.running.clone());
        let second = judge(&values, "fake", &self.fake, self.labels[1].as_ref());
        self.logits = [first.out, second.out];
        self.features = first.features.zip(second.features).map(|(a, b)| [a, b]);
        self.running[1] = first.running.into_iter().chain(second.running).collect();
        self
    }
}

impl Adversarial {
    /// Items as the discriminator sees them, and their classes.
    fn look(
        &self,
        turn: &Turn<'_>,
        part: &str,
        x: Tensor,
        labels: Option<Tensor>,
    ) -> (Tensor, Option<Tensor>) {
        let purpose = format!("{}.{part}", turn.purpose);
        let (mode, done, shown) = (Mode::Train, Some(&turn.done), labels.as_ref());
        let view = View { trace: turn.trace, mode, purpose: &purpose, done, labels: shown };
        (self.seen(&view, x), labels)
    }

    /// Items as the discriminator sees them.
    pub(crate) fn seen(&self, view: &View<'_>, x: Tensor) -> Tensor {
        self.remedies.iter().fold(x, |x, remedy| remedy.input(view, x))
    }
}
