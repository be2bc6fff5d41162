//! The adversarial game: a generator, a discriminator, a loss on its logits, and remedies.

use std::sync::Arc;

use ganatomy_tensor::{Tensor, Trace};

use super::{Call, Game, Generator, Objective, Player, Players, Scene, Turn, Who};
use crate::loss::{Loss, Scores};
use crate::network::Mode;
use crate::remedy::{Remedies, View};

/// Goodfellow et al. (2014): G maps latent points to samples, D tells them from data.
pub struct Adversarial {
    /// Makes samples.
    pub generator: Generator,
    /// Judges them.
    pub discriminator: Arc<Player>,
    /// What each minimises.
    pub loss: Box<dyn Loss>,
    /// What is added.
    pub remedies: Remedies,
}

impl Adversarial {
    /// What `who` minimises before remedies add to it.
    pub(super) fn bare_loss(&self, scene: &Scene<'_>, who: Who) -> Tensor {
        let [real, fake] = scene.logits.clone();
        let scores = Scores { turn: scene.turn, real, fake };
        let scores = self.remedies.iter().fold(scores, |scores, remedy| remedy.scores(who, scores));
        if who == Who::GENERATOR { self.loss.generator(&scores) } else { self.loss.discriminator(&scores) }
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

impl Game for Adversarial {
    fn players(&self) -> Vec<&Player> {
        vec![&self.discriminator, &self.generator.player]
    }

    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let mut scene = Scene::new(self, turn, players, who);
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
        // A judge that is told the class of an item, or sees its batch, has no opinion of the item alone.
        let sees_batch = self.remedies.iter().any(|remedy| remedy.mixes_batch(Who::DISCRIMINATOR));
        if self.generator.n_classes > 0 || sees_batch {
            return None;
        }
        let view = View { trace, mode: Mode::Sample, purpose: "opinion", done: None, labels: None };
        let seen = self.seen(&view, items.clone());
        let values = self.discriminator.inputs(trace);
        Some(self.discriminator.apply(&values, &seen, &Call::sampling("opinion")).out)
    }
}
