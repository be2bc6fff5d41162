//! A healthy game of digits whose G becomes greedy: from ten digits over a few to one picture.

use ganatomy_data::BatchKey;
use ganatomy_game::step::Who;
use ganatomy_train::{Plan, Training};

use crate::digits::{NearestClass, apart, twins};
use crate::stats::largest;
use crate::{Bench, LessonError, advance};

/// A small convolutional game.
const HEALTHY: &str = r#"
batch = 64
generator = { kind = "infogan", width = 16, dense = 128, z_dims = 32, update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
discriminator = { kind = "infogan", width = 16, dense = 128, update = { kind = "adam", lr = 5e-4, beta1 = 0.5 } }
average = { kind = "none" }
probes = { gradients = { every_steps = 0 }, classes = { every_steps = 0 } }
"#;
/// From here on G moves ten times for each move of D, twice as far.
const GREEDY: &str = r#"
scheme = { kind = "alternating", g_steps = 10 }
generator = { update = { lr = 4e-3 } }
"#;
/// Greedy steps in all, and between two looks.
const GREEDY_STEPS: u64 = 100;
const EVERY: u64 = 5;
/// G has collapsed in part once it has fewer different images than this.
pub(super) const FEW: f64 = 200.0;
/// Images of a look.
pub(super) const N: usize = 256;

/// The images of a moment.
pub(super) struct Stage {
    /// Greedy steps done.
    pub step: u64,
    pub images: Vec<f32>,
    pub shares: Vec<f64>,
    /// Pairs that are nearer than any two real images.
    pub twins: Vec<[usize; 2]>,
}

/// Images of all stages, and what they are measured by.
pub(super) struct Digits {
    pub size: usize,
    pub accuracy: f64,
    /// Different images over the greedy steps.
    pub supports: Vec<[f64; 2]>,
    /// Before the first greedy step, when few different images were left for the first time, and at the end.
    pub stages: [Stage; 3],
}

impl Stage {
    /// How many different images G has, if it makes them equally often: the number of all pairs by that of twins.
    pub fn support(&self) -> f64 {
        (N * (N - 1) / 2) as f64 / self.twins.len().max(1) as f64
    }

    pub fn largest(&self) -> f64 {
        largest(self.shares.iter().copied())
    }

    /// The classes that at least one image in fifty shows.
    pub fn n_classes(&self) -> f64 {
        self.shares.iter().filter(|share| **share >= 0.02).count() as f64
    }

    /// Groups of twins, the largest first: each begins with the image that has most twins among those left.
    pub fn groups(&self) -> Vec<Vec<usize>> {
        let mut left: Vec<usize> = (0..N).collect();
        let mut groups = Vec::new();
        let near = |a: usize, b: usize| a == b || self.twins.contains(&[a.min(b), a.max(b)]);
        while let Some(first) =
            left.iter().copied().max_by_key(|a| (left.iter().filter(|b| near(*a, **b)).count(), N - a))
        {
            let (group, rest): (Vec<usize>, Vec<usize>) = left.iter().partition(|b| near(first, **b));
            groups.push(group);
            left = rest;
        }
        groups
    }
}

/// Plays the game.
pub(super) fn play(bench: &Bench<'_>, healthy_steps: u64) -> Result<Digits, LessonError> {
    let real = bench.real("mnist").is_some();
    let data = if real { "data = { kind = \"mnist\" }" } else { "data = { kind = \"glyphs\", size = 16 }" };
    let healthy = bench.plan(&bench.spec(&[HEALTHY, data], bench.seed)?)?;
    let greedy = bench.plan(&bench.spec(&[HEALTHY, data, GREEDY], bench.seed)?)?;
    let mut training = bench.training(&healthy)?;
    advance(&mut training, healthy_steps)?;
    let mut collapsing = bench.training(&greedy)?;
    for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
        collapsing.adopt(&training, who)?;
    }
    let (judge, limit) = (NearestClass::new(healthy.data())?, closest(&healthy, bench.seed));
    let size = healthy.data().item_shape().iter().product();
    let look = |training: &mut Training| -> Result<Stage, LessonError> {
        let images = training.samples(N, bench.seed)?;
        let (twins, shares) = (twins(&images, size, limit), judge.shares(&images)?);
        Ok(Stage { step: training.step(), twins, shares, images })
    };
    let first = look(&mut collapsing)?;
    let (mut supports, mut partial) = (vec![[0.0, first.support()]], None);
    let mut last = look(&mut collapsing)?;
    while collapsing.step() < GREEDY_STEPS {
        advance(&mut collapsing, EVERY)?;
        last = look(&mut collapsing)?;
        supports.push([last.step as f64, last.support()]);
        if partial.is_none() && last.support() < FEW {
            partial = Some(look(&mut collapsing)?);
        }
    }
    let partial = match partial {
        Some(partial) => partial,
        None => look(&mut collapsing)?,
    };
    let size = healthy.data().item_shape()[0];
    Ok(Digits { size, accuracy: judge.accuracy, supports, stages: [first, partial, last] })
}

/// The distance of the two nearest of as many real images.
fn closest(plan: &Plan, seed: u64) -> f64 {
    let size: usize = plan.data().item_shape().iter().product();
    let mut real = vec![0.0; N * size];
    plan.data().fill(BatchKey { seed, step: 0, draw: 9 }, &mut real, &mut vec![0; N]);
    let rows: Vec<&[f32]> = real.chunks_exact(size).collect();
    let pairs = (0..N).flat_map(|i| (0..i).map(move |j| (i, j)));
    pairs.map(|(i, j)| apart(rows[i], rows[j])).fold(f64::INFINITY, f64::min)
}
