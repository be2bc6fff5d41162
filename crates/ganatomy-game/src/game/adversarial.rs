//! The adversarial game: a generator, a discriminator, and a loss on its logits.

use ganatomy_tensor::Tensor;

use super::{Noise, Objective, Player, Players, Turn, Who};
use crate::loss::Loss;
use crate::network::{Mode, Values};

/// Goodfellow et al. (2014): G maps latent points to samples, D tells them from data.
pub struct Adversarial {
    /// Makes samples.
    pub generator: Player,
    /// Judges them.
    pub discriminator: Player,
    /// What each minimises.
    pub loss: Box<dyn Loss>,
    /// What latent points are drawn from.
    pub noise: Noise,
    /// The shape of an item.
    pub item: Vec<usize>,
}

impl Adversarial {
    /// One of the players.
    pub fn player(&self, who: Who) -> &Player {
        match who {
            Who::Generator => &self.generator,
            Who::Discriminator => &self.discriminator,
        }
    }

    /// What `who` minimises in this turn; the real batch is the input `real.PURPOSE`.
    pub fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let trace = turn.trace;
        let shape: Vec<usize> = [turn.batch].iter().chain(&self.item).copied().collect();
        let real = trace.input(&format!("real.{}", turn.purpose), shape);
        let z = self.noise.draw(trace, &turn.purpose, turn.batch);
        let (samples, running_g) =
            self.generator.apply(trace, &players.generator, Mode::Train, &turn.purpose, &z);
        let (logits_real, logits_fake, running_d) = self.judge(turn, players, who, &real, &samples);
        let mean = |t: &Tensor| t.mean_all();
        match who {
            Who::Generator => Objective {
                loss: self.loss.generator(&logits_real, &logits_fake),
                readings: vec![],
                running: running_g,
                samples,
            },
            Who::Discriminator => Objective {
                loss: self.loss.discriminator(&logits_real, &logits_fake),
                readings: vec![
                    ("discriminator/logit_real", mean(&logits_real)),
                    ("discriminator/logit_fake", mean(&logits_fake)),
                    ("discriminator/accuracy_real", mean(&logits_real.gt(0.0))),
                    ("discriminator/accuracy_fake", 1.0 - mean(&logits_fake.ge(0.0))),
                ],
                running: running_d,
                samples,
            },
        }
    }

    /// Logits of a real and of a generated batch, and D's running statistics.
    fn judge(
        &self,
        turn: &Turn<'_>,
        players: &Players,
        who: Who,
        real: &Tensor,
        fake: &Tensor,
    ) -> (Tensor, Tensor, Values) {
        let d = |values: &Values, part: &str, x: &Tensor| {
            let purpose = format!("{}.{part}", turn.purpose);
            self.discriminator.apply(turn.trace, values, Mode::Train, &purpose, x)
        };
        // One product of twice the height is faster than two; G seldom asks for the real logits.
        if who == Who::Discriminator && !self.discriminator.network.mixes_batch() {
            let (logits, running) = d(&players.discriminator, "both", &real.concat(&[fake], 0));
            let half = |start| logits.slice(&[start], [turn.batch]);
            return (half(0), half(turn.batch), running);
        }
        // Each batch has its own statistics, or the two would tell each other apart.
        let (logits_real, first) = d(&players.discriminator, "real", real);
        let mut values = players.discriminator.clone();
        values.extend(first.clone());
        let (logits_fake, second) = d(&values, "fake", fake);
        (logits_real, logits_fake, first.into_iter().chain(second).collect())
    }
}
