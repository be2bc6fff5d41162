//! A discriminator that learns against a generator that stands still, and the gradients that it then gives.

use ganatomy_game::step::Who;
use ganatomy_train::{TrainError, Training};

use crate::gaussians::{normal, sigmoid, softplus};
use crate::{Bench, LessonError, advance};

/// Data `N(0, 1)`, and a generator `G(z) = z + mu` that never moves.
const BASE: &str = r#"
loss = { kind = "minimax" }
average = { kind = "none" }
probes = { gradients = { every_steps = 0 } }
data = { kind = "gaussian" }
generator = { hidden = [], z_dims = 1, update = { kind = "still" } }
discriminator = { update = { kind = "adam", lr = 1e-2, beta1 = 0.9, schedule = { kind = "cosine" } } }
"#;
const NON_SATURATING: &str = "loss = { kind = \"non-saturating\" }\n";

/// Places at which a discriminator is evaluated, from eight standard deviations below all data to eight above.
const N_PLACES: usize = 1601;
const BEYOND: f64 = 8.0;

/// What the discriminator is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Two hidden layers: nearly any function.
    Network,
    /// `C(x) = w x + c`: the form of the best one.
    Line,
}

impl Kind {
    fn spec(self) -> &'static str {
        match self {
            Kind::Network => "discriminator = { hidden = [32, 32] }\n",
            // Its logit at mu = 6 is 18 - 6 x, which small steps would not reach.
            Kind::Line => "discriminator = { hidden = [], update = { kind = \"adam\", lr = 5e-2 } }\n",
        }
    }
}

/// A discriminator that has learned.
pub struct Learned {
    pub mu: f64,
    /// V over the steps.
    pub climb: Vec<[f64; 2]>,
    /// The logit at each place, at the end.
    pub logits: Vec<[f64; 2]>,
    /// The derivatives of the generator's two losses by mu: minimax, non-saturating.
    pub gradients: [f64; 2],
}

impl Learned {
    /// V at the end.
    pub fn value(&self) -> f64 {
        self.climb.last().map_or(f64::NAN, |point| point[1])
    }

    /// The mean of `|D - D*|` over data and generated items alike.
    pub fn off(&self, best: impl Fn(f64) -> f64) -> f64 {
        let at = |[x, logit]: [f64; 2]| {
            0.5 * (normal(x, 0.0, 1.0) + normal(x, self.mu, 1.0)) * (sigmoid(logit) - best(x)).abs()
        };
        over(&self.logits, at)
    }
}

/// How long, and on how many items each expectation is taken.
pub struct Effort {
    pub steps: u64,
    pub batch: usize,
    /// Batches over which a generator's gradient is averaged.
    pub n_keys: u64,
}

/// Trains a discriminator against `N(mu, 1)`.
pub fn learn(bench: &Bench<'_>, effort: &Effort, kind: Kind, mu: f64) -> Result<Learned, LessonError> {
    let size = format!("steps = {}\nbatch = {}\n", effort.steps, effort.batch);
    let plan = bench.plan(&bench.spec(&[BASE, kind.spec(), &size], bench.seed)?)?;
    let mut training = bench.training(&plan)?;
    training.set("generator.out.weight", &[1.0])?;
    training.set("generator.out.bias", &[mu as f32])?;
    let mut climb = Vec::new();
    let mut logits = Vec::new();
    for stop in stops(effort.steps) {
        let left = stop - training.step();
        advance(&mut training, left)?;
        logits = asked(&mut training, mu)?;
        climb.push([stop as f64, value(&logits, mu)]);
    }
    // The same players under the other loss: what D has learned does not depend on what G minimises.
    let other = bench.plan(&bench.spec(&[BASE, kind.spec(), &size, NON_SATURATING], bench.seed)?)?;
    let mut non_saturating = bench.training(&other)?;
    non_saturating.adopt(&training, Who::GENERATOR)?;
    non_saturating.adopt(&training, Who::DISCRIMINATOR)?;
    let gradients = [by_mu(&mut training, effort.n_keys)?, by_mu(&mut non_saturating, effort.n_keys)?];
    Ok(Learned { mu, climb, logits, gradients })
}

/// Steps after which D is looked at: the first few, and then at growing distances.
fn stops(steps: u64) -> Vec<u64> {
    let mut stops: Vec<u64> =
        (0..=40).map(|i| (steps as f64).powf(f64::from(i) / 40.0).round() as u64).collect();
    stops.insert(0, 0);
    stops.dedup();
    stops
}

/// The logits of D at every place.
fn asked(training: &mut Training, mu: f64) -> Result<Vec<[f64; 2]>, LessonError> {
    let step = (mu + 2.0 * BEYOND) / (N_PLACES - 1) as f64;
    let places: Vec<f32> = (0..N_PLACES).map(|i| (step * i as f64 - BEYOND) as f32).collect();
    let what = "the lesson";
    let logits = training.judge(&places)?.ok_or(TrainError::NoJudge { what })?;
    Ok(places.iter().zip(&logits).map(|(x, c)| [f64::from(*x), f64::from(*c)]).collect())
}

/// `V = E_p log D + E_q log(1 - D)` of these logits, by quadrature.
fn value(logits: &[[f64; 2]], mu: f64) -> f64 {
    over(logits, |[x, c]| -normal(x, 0.0, 1.0) * softplus(-c) - normal(x, mu, 1.0) * softplus(c))
}

/// The trapezoidal rule over places.
fn over(places: &[[f64; 2]], f: impl Fn([f64; 2]) -> f64) -> f64 {
    places.windows(2).map(|pair| 0.5 * (pair[1][0] - pair[0][0]) * (f(pair[0]) + f(pair[1]))).sum()
}

/// The derivative of G's loss by mu, which is its bias, over `n_keys` batches.
fn by_mu(training: &mut Training, n_keys: u64) -> Result<f64, LessonError> {
    let mut sum = 0.0;
    for key in 0..n_keys {
        // The bias stands before the weight, by their names' order.
        sum += f64::from(training.gradient(Who::GENERATOR, key)?[0]);
    }
    Ok(sum / n_keys as f64)
}
