//! Implicit maximum likelihood: a generator without an opponent, whose samples are pulled to the data points that they match.

mod adaptive;
mod matcher;
mod rejection;
mod vanilla;

pub use adaptive::AdaptiveImle;
pub use rejection::RejectionImle;
pub use vanilla::Imle;

use std::sync::Arc;

use ganatomy_record::{Fields, Range, SpecError};

use super::{Call, Game, Generator, Objective};
use crate::step::{Feed, Player, Players, Turn, Who};
use matcher::Matcher;

/// The data points of a step, `[batch, ..item]`.
const POINTS: &str = "matched.x";
/// The latent points matched with them, `[batch, z_dims]`.
const LATENTS: &str = "matched.z";
/// The mean distance of data points and their samples after the last matching, and the largest.
const DISTANCES: [&str; 2] = ["game.mean_distance", "game.largest_distance"];

/// The options of every way of matching.
#[derive(Clone, Copy, Debug)]
struct Options {
    n_data: usize,
    pool_factor: f64,
    staleness: u64,
    latent_noise: f64,
}

impl Options {
    fn read(fields: &mut Fields<'_>, staleness: u64) -> Result<Options, SpecError> {
        let n_data = "data points that are learned, drawn once; a smaller set is taken whole";
        let pool_factor = "latent points drawn for a matching, per data point";
        let noise = "standard deviation of the noise on matched latent points";
        Ok(Options {
            n_data: fields.count("n_data", n_data, 1000, 1..=1 << 24)? as usize,
            pool_factor: fields.number("pool_factor", pool_factor, 10.0, Range::between(1e-6, 1e4))?,
            staleness: fields.count("staleness", "epochs between matchings", staleness, 1..=1 << 24)?,
            latent_noise: fields.number("latent_noise", noise, 0.01, Range::at_least(0.0))?,
        })
    }
}

/// How ways of matching differ; by default, every point is matched every time.
trait Rule: Send + Sync {
    /// A point's threshold, a squared distance, before it has been matched.
    fn first_threshold(&self) -> f32 {
        0.0
    }

    /// Is a point matched anew when its sample is this near?
    fn is_due(&self, _squared: f32, _threshold: f32) -> bool {
        true
    }

    /// A point's threshold after it was matched at this squared distance.
    fn threshold(&self, _squared: f32) -> f32 {
        0.0
    }

    /// Samples nearer than this to any data point are left out; zero leaves out none.
    fn rejected_within(&self) -> f32 {
        0.0
    }
}

/// The game of one player that all ways of matching play.
struct Matched {
    generator: Generator,
    options: Options,
    rule: Arc<dyn Rule>,
}

impl Game for Matched {
    fn players(&self) -> Vec<&Player> {
        vec![&self.generator.model.player]
    }

    fn objective(&self, turn: &Turn<'_>, players: &Players, who: Who) -> Objective {
        let Generator { model, noise, item, .. } = &self.generator;
        let shape: Vec<usize> = [turn.batch].iter().chain(item).copied().collect();
        let x = turn.trace.input(POINTS, shape);
        let z = turn.trace.input(LATENTS, [turn.batch, noise.z_dims]);
        let jitter = turn.trace.normal(&format!("{}.latent", turn.purpose), z.shape());
        let z = z + jitter * self.options.latent_noise;
        let made = model.apply(players.of(who), &z, &Call::training(&turn.purpose));
        let loss = (&made.out - x).square().sum_all() * (1.0 / turn.batch as f64);
        let reading = |name: &str| (name.replacen('.', "/", 1), turn.trace.input(name, []));
        let readings = DISTANCES.map(reading).to_vec();
        Objective { loss, readings, running: made.running, samples: Some(made.out) }
    }

    fn feed(&self) -> Option<Box<dyn Feed>> {
        Some(Box::new(Matcher::new(self.generator.clone(), self.options, self.rule.clone())))
    }
}
