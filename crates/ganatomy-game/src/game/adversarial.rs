//! The adversarial game: a generator, a discriminator, a loss on its logits, and remedies.

use std::collections::BTreeSet;
use std::sync::Arc;

use ganatomy_tensor::{Tensor, Trace};

use super::{Call, Generated, Generator, Model};
use crate::loss::Loss;
use crate::remedy::{Remedies, View};
use crate::step::{Duel, Game, Mode, Objective, Player, Players, Scene, Scores, Turn, Values, Who};

/// Goodfellow et al. (2014): G maps latent points to samples, D separates them from data.
pub struct Adversarial {
    /// Makes samples.
    pub generator: Generator,
    /// Judges them.
    pub discriminator: Arc<Model>,
    /// What each minimises.
    pub loss: Box<dyn Loss>,
    /// What is added.
    pub remedies: Remedies,
}

impl std::fmt::Debug for Adversarial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adversarial")
            .field("generator", &self.generator)
            .field("discriminator", &self.discriminator)
            .field("remedies", &self.remedies)
            .finish_non_exhaustive()
    }
}

impl Adversarial {
    /// Draws both batches and lets D judge them; the real batch is the input `real.PURPOSE`.
    fn scene<'a>(&'a self, turn: &'a Turn<'a>, players: &'a Players, who: Who) -> Scene<'a> {
        let trace = turn.trace;
        let shape: Vec<usize> = [turn.batch].iter().chain(&self.generator.item).copied().collect();
        let items = trace.input(&format!("real.{}", turn.purpose), shape);
        let Generated { samples, labels, running } =
            self.generator.generate(turn, players.of(Who::GENERATOR), &items);
        let given = labels.is_some().then(|| trace.input(&format!("labels.{}", turn.purpose), [turn.batch]));
        let mut shown = samples.clone();
        if who == Who::DISCRIMINATOR {
            shown = self.remedies.iter().fold(shown, |shown, remedy| remedy.generated(turn, shown));
        }
        let real = self.look(turn, "real", items.clone(), given.as_ref());
        let fake = self.look(turn, "fake", shown, labels.as_ref());
        let logits = [real.clone(), fake.clone()];
        let (running, labels) = ([running, Values::new()], [given, labels]);
        let (duel, features, bare): (&dyn Duel, _, _) = (self, None, None);
        let mut scene = Scene {
            turn,
            duel,
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
        };
        self.judge(&mut scene);
        scene
    }

    /// Items of a turn as the discriminator sees them.
    fn look(&self, turn: &Turn<'_>, part: &str, x: Tensor, labels: Option<&Tensor>) -> Tensor {
        let purpose = format!("{}.{part}", turn.purpose);
        let (mode, done) = (Mode::Train, Some(&turn.done));
        self.seen(&View { trace: turn.trace, mode, purpose: &purpose, done, labels }, x)
    }

    /// Items as the discriminator sees them.
    fn seen(&self, view: &View<'_>, x: Tensor) -> Tensor {
        self.remedies.iter().fold(x, |x, remedy| remedy.input(view, x))
    }

    /// Fills in the discriminator's logits, features and running statistics of both batches.
    fn judge(&self, scene: &mut Scene<'_>) {
        let (d, labels) = (&self.discriminator, &scene.labels);
        let (batch, values) = (scene.real.shape()[0], scene.players.of(Who::DISCRIMINATOR));
        let judge = |values: &Values, part: &str, x: &Tensor, labels: Option<&Tensor>| {
            let purpose = format!("{}.{part}", scene.turn.purpose);
            d.apply(values, x, &Call { labels, ..Call::training(&purpose) })
        };
        // One product of twice the height is faster than two; G seldom asks for the real logits.
        if scene.who == Who::DISCRIMINATOR && !d.mixes_batch() {
            let labels = labels[0].as_ref().zip(labels[1].as_ref()).map(|(a, b)| a.concat(&[b], 0));
            let judged = judge(values, "both", &scene.real.concat(&[&scene.fake], 0), labels.as_ref());
            let half = |t: &Tensor, from: usize| {
                let (mut start, mut shape) = (vec![0; t.shape().len()], t.shape().to_vec());
                (start[0], shape[0]) = (from, batch);
                t.slice(&start, shape)
            };
            scene.logits = [half(&judged.out, 0), half(&judged.out, batch)];
            scene.features = judged.features.map(|h| [half(&h, 0), half(&h, batch)]);
            scene.running[1] = judged.running;
            return;
        }
        // Each batch has statistics of its own, because shared ones would mix real items with generated ones.
        let first = judge(values, "real", &scene.real, labels[0].as_ref());
        let mut values = values.clone();
        values.extend(first.running.clone());
        let second = judge(&values, "fake", &scene.fake, labels[1].as_ref());
        scene.logits = [first.out, second.out];
        scene.features = first.features.zip(second.features).map(|(a, b)| [a, b]);
        scene.running[1] = first.running.into_iter().chain(second.running).collect();
    }

    fn readings([real, fake]: &[Tensor; 2]) -> Vec<(String, Tensor)> {
        let named = [
            ("logit_real", real.mean_all()),
            ("logit_fake", fake.mean_all()),
            ("accuracy_real", real.gt(0.0).mean_all()),
            ("accuracy_fake", 1.0 - fake.ge(0.0).mean_all()),
        ];
        named.map(|(name, value)| (format!("discriminator/{name}"), value)).to_vec()
    }
}

impl Duel for Adversarial {
    fn player(&self, who: Who) -> Option<&Player> {
        Game::player(self, who)
    }

    fn opinion(&self, scene: &Scene<'_>, purpose: &str, x: &Tensor, labels: Option<&Tensor>) -> Tensor {
        let call = Call { labels, ..Call::training(purpose) };
        self.discriminator.apply(scene.players.of(Who::DISCRIMINATOR), x, &call).out
    }

    fn bare_loss(&self, scene: &Scene<'_>, who: Who) -> Tensor {
        let [real, fake] = scene.logits.clone();
        let scores = Scores { turn: scene.turn, real, fake };
        let scores = self.remedies.iter().fold(scores, |scores, remedy| remedy.scores(who, scores));
        if who == Who::GENERATOR { self.loss.generator(&scores) } else { self.loss.discriminator(&scores) }
    }

    fn label(&self, logits: &Tensor, real: bool) -> Option<Tensor> {
        self.loss.label(logits, real)
    }

    fn n_given(&self) -> usize {
        self.generator.n_given
    }
}

impl Game for Adversarial {
    fn players(&self) -> Vec<&Player> {
        vec![&self.discriminator.player, &self.generator.model.player]
    }

    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let mut scene = self.scene(turn, players, who);
        let bare = self.bare_loss(&scene, who);
        scene.bare = Some(bare.clone());
        let loss = self.remedies.iter().fold(bare, |loss, remedy| remedy.objective(&scene, loss));
        let Scene { running: [of_g, of_d], samples, logits, .. } = scene;
        let (readings, running) = match who {
            Who::GENERATOR => (vec![], of_g),
            _ => (Adversarial::readings(&logits), of_d),
        };
        Objective { loss, readings, running, samples: Some(samples) }
    }

    fn is_zero_sum(&self) -> bool {
        self.loss.is_zero_sum() && self.remedies.iter().all(|remedy| remedy.keeps_zero_sum())
    }

    fn differentiates_parameters(&self) -> bool {
        self.remedies.iter().any(|remedy| remedy.differentiates_parameters())
    }

    fn periods(&self) -> Vec<u64> {
        let periods = self.remedies.iter().map(|remedy| remedy.period()).filter(|n| *n > 1);
        periods.collect::<BTreeSet<u64>>().into_iter().collect()
    }

    fn lr_factor(&self, who: Who) -> f64 {
        self.remedies.iter().map(|remedy| remedy.lr_factor(who)).product()
    }

    fn gate(&self, turn: &Turn<'_>, who: Who, loss: &Tensor) -> Option<Tensor> {
        self.remedies.iter().filter_map(|remedy| remedy.gate(turn, who, loss)).reduce(|a, b| a * b)
    }

    fn moved(&self, who: Who, name: &str, value: Tensor) -> Tensor {
        self.remedies.iter().fold(value, |value, remedy| remedy.moved(who, name, value))
    }

    fn end_step(&self, turn: &Turn<'_>, players: &Players) {
        self.remedies.iter().for_each(|remedy| remedy.end_step(turn, players));
    }

    fn opinion(&self, trace: &Trace, items: &Tensor) -> Option<Tensor> {
        // A judge that is given the class of an item, or sees its batch, has no opinion of the item alone.
        let sees_batch = self.remedies.iter().any(|remedy| remedy.mixes_batch(Who::DISCRIMINATOR));
        if self.generator.n_classes > 0 || sees_batch {
            return None;
        }
        let view = View { trace, mode: Mode::Sample, purpose: "opinion", done: None, labels: None };
        let seen = self.seen(&view, items.clone());
        let values = self.discriminator.player.inputs(trace);
        Some(self.discriminator.apply(&values, &seen, &Call::sampling("opinion")).out)
    }
}
