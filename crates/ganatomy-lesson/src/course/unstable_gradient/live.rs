//! The life of a discriminator against a frozen generator, with or without noise on what it sees.

use ganatomy_game::step::Who;
use ganatomy_train::{TrainError, Training};

use crate::frozen::{Protocol, Pull, Stage, items, stops};
use crate::points::sliced_wasserstein;
use crate::stats::mean;
use crate::{Bench, LessonError, Words, advance};

/// Real items among which the one nearest to a sample is looked for.
const N_REAL: usize = 512;
/// Samples whose slope is compared with the way to that item.
const N_SAMPLES: usize = 64;
/// Steps that G follows a discriminator that stands still, and its learning rate by Adam.
pub const FOLLOWED: [u64; 5] = [0, 5, 10, 20, 40];
const FOLLOW_LR: f64 = 3e-4;

/// A discriminator at one of its steps.
pub struct Look {
    pub step: f64,
    /// The gradient of G's non-saturating loss.
    pub pull: Pull,
    /// The norm of G's minimax gradient.
    pub minimax: f64,
    /// Cosine between the way that a sample is pushed and the way to the nearest real item, mean over samples.
    pub cosine: f64,
}

/// The discriminator's whole life.
pub struct Life {
    pub name: Words,
    /// Standard deviation of the noise.
    pub std: f64,
    pub looks: Vec<Look>,
    /// Distance of samples from data while G follows the last D, over [`FOLLOWED`].
    pub followed: Vec<[f64; 2]>,
}

impl Life {
    pub fn line(&self, of: impl Fn(&Look) -> f64) -> Vec<[f64; 2]> {
        self.looks.iter().map(|look| [look.step, of(look)]).collect()
    }

    pub fn end(&self, of: impl Fn(&Look) -> f64) -> f64 {
        self.looks.last().map_or(f64::NAN, of)
    }

    /// The last value by the first one after a share of all steps.
    pub fn growth(&self, share: f64, of: impl Fn(&Look) -> f64) -> f64 {
        let from = share * self.end(|look| look.step);
        let first = self.looks.iter().find(|look| look.step >= from).map_or(f64::NAN, &of);
        self.end(of) / first
    }
}

/// Trains D from scratch against a frozen generator, with noise of standard deviation `std` on its inputs.
pub fn live(bench: &Bench<'_>, protocol: &Protocol, stage: &Stage, std: f64) -> Result<Life, LessonError> {
    let noise = format!("remedies = {{ instance-noise = {{ std = {std:?} }} }}\n");
    let over = if std > 0.0 { noise.as_str() } else { "" };
    let plans = [
        protocol.frozen(bench, "non-saturating", over)?,
        protocol.frozen(bench, "minimax", over)?,
        protocol.following(bench, FOLLOW_LR, over)?,
    ];
    let mut training = bench.training(&plans[0])?;
    let mut minimax = bench.training(&plans[1])?;
    let real = items(&plans[0], N_REAL);
    stage.place(&mut training)?;
    stage.place(&mut minimax)?;
    let mut looks = Vec::new();
    for stop in stops(protocol.d_steps, 8) {
        let left = stop - training.step();
        advance(&mut training, left)?;
        minimax.adopt(&training, Who::DISCRIMINATOR)?;
        looks.push(Look {
            step: stop as f64,
            pull: Pull::of(&mut training, 16)?,
            minimax: Pull::of(&mut minimax, 8)?.norm,
            cosine: cosine(&mut training, &real)?,
        });
    }
    let mut follower = bench.training(&plans[2])?;
    stage.place(&mut follower)?;
    follower.adopt(&training, Who::DISCRIMINATOR)?;
    Ok(Life { name: stage.name(), std, looks, followed: follow(&mut follower, &real)? })
}

fn cosine(training: &mut Training, real: &[f32]) -> Result<f64, LessonError> {
    let none = TrainError::NoJudge { what: "the lesson" };
    let Some(at) = training.slopes_at_samples(N_SAMPLES, 0)? else { return Err(none.into()) };
    let item = at.samples.len() / N_SAMPLES;
    let one = |(sample, slope): (&[f32], &[f32])| {
        let apart = |other: &[f32]| other.iter().zip(sample).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let nearest = real.chunks_exact(item).min_by(|a, b| apart(a).total_cmp(&apart(b)));
        let way: Vec<f32> = nearest.unwrap_or(sample).iter().zip(sample).map(|(a, b)| a - b).collect();
        let length = |v: &[f32]| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        // Samples move against the slope.
        let along: f64 = way.iter().zip(slope).map(|(a, b)| -f64::from(*a) * f64::from(*b)).sum();
        along / (length(&way) * length(slope))
    };
    let pairs = at.samples.chunks_exact(item).zip(at.slopes.chunks_exact(item));
    Ok(mean(&pairs.map(one).collect::<Vec<_>>()))
}

/// Lets G follow a D that stands still, and measures how far its samples are from the data.
fn follow(follower: &mut Training, real: &[f32]) -> Result<Vec<[f64; 2]>, LessonError> {
    let (item, seed) = (real.len() / N_REAL, follower.plan().seed());
    let mut distances = Vec::new();
    for stop in FOLLOWED {
        let left = stop - follower.step();
        advance(follower, left)?;
        let made = follower.samples(N_REAL, seed)?;
        distances.push([stop as f64, sliced_wasserstein(&made, real, item)]);
    }
    Ok(distances)
}
