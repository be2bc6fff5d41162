//! A generator that is given an outline and fills it.

use ganatomy_data::BatchKey;
use ganatomy_train::{Training, recipe};

use super::{PIXELS, apart, channel, latent};
use crate::{Bench, LessonError};

/// Held-out pairs that it is measured on.
pub(super) const N: usize = 256;
const Z_DIMS: usize = 4;
/// Without the reconstruction error, only D trains G.
const ALONE: &str = "remedies = { reconstruction = { weight = 0.0 } }\n";

/// A moment of the run, on held-out pairs.
pub(super) struct Look {
    pub step: u64,
    /// From what G makes to the truth.
    pub error: f64,
    /// Between two images of one outline, from two latent points.
    pub spread: f64,
}

/// A run, and what it makes at the end.
pub(super) struct Paired {
    pub looks: Vec<Look>,
    /// Pairs of outline and truth, and their digits.
    pub truth: Vec<f32>,
    pub labels: Vec<u32>,
    /// Pairs of an outline and the image made of it, for each of two latent points.
    pub made: [Vec<f32>; 2],
    /// The same with one latent point for all.
    pub fixed: Vec<f32>,
    pub fixed_error: f64,
    /// From the outline itself to the truth.
    pub baseline: f64,
    /// Between the truths of two different pairs.
    pub diversity: f64,
}

impl Paired {
    /// The end of the run.
    pub fn last(&self) -> &Look {
        const NONE: &Look = &Look { step: 0, error: f64::NAN, spread: f64::NAN };
        self.looks.last().unwrap_or(NONE)
    }
}

/// The recipe, and the recipe without its reconstruction error.
pub(super) fn play(bench: &Bench<'_>, steps: u64) -> Result<Vec<Paired>, LessonError> {
    let base = recipe::find("outlines").unwrap_or_default();
    let own = format!("steps = {steps}\nprobes = {{ gradients = {{ every_steps = 0 }} }}\n");
    bench.each("outlines", &["", ALONE], |over| {
        let plan = bench.plan(&bench.spec(&[base, over, &own], bench.seed)?)?;
        let mut training = bench.training(&plan)?;
        let held_out = plan.data().held_out();
        let held_out = held_out.ok_or_else(|| LessonError::Other("nothing is held out".to_owned()))?;
        let (mut truth, mut labels) = (vec![0.0; 2 * N * PIXELS], vec![0; N]);
        held_out.fill(BatchKey { seed: bench.seed, step: 0, draw: 9 }, &mut truth, &mut labels);
        let [outlines, filled] = [0, 1].map(|which| channel(&truth, which));
        let mut looks = Vec::new();
        let mut made = both(&mut training, &outlines)?;
        loop {
            let [a, b] = [0, 1].map(|i: usize| channel(&made[i], 1));
            looks.push(Look { step: training.step(), error: apart(&a, &filled), spread: apart(&a, &b) });
            if training.step() >= steps || training.advance(steps / 20)?.is_some() {
                break;
            }
            made = both(&mut training, &outlines)?;
        }
        let fixed = training.samples_for(&outlines, &latent(N, Z_DIMS, 1, true))?;
        Ok(Paired {
            looks,
            labels,
            made,
            fixed_error: apart(&channel(&fixed, 1), &filled),
            fixed,
            baseline: apart(&outlines, &filled),
            diversity: apart(&filled[PIXELS..], &filled[..(N - 1) * PIXELS]),
            truth,
        })
    })
}

/// What two latent points make of each outline.
fn both(training: &mut Training, outlines: &[f32]) -> Result<[Vec<f32>; 2], LessonError> {
    let mut make = |key: u64| training.samples_for(outlines, &latent(N, Z_DIMS, key, false));
    Ok([make(1)?, make(2)?])
}
