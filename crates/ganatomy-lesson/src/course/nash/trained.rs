//! A small GAN on the ring, and what its game looks like where training ended.

use ganatomy_data::BatchKey;
use ganatomy_game::step::Who;
use ganatomy_train::look::{BestAnswers, PathPoint, eigenvalues};

use crate::points::sliced_wasserstein;
use crate::stats::{largest, least, mean};
use crate::{Bench, LessonError, advance};

/// Small enough that the whole Jacobian can be computed.
const BASE: &str = r#"
batch = 128
data = { kind = "ring", std = 0.1 }
generator = { z_dims = 2, hidden = [12, 12], activation = "tanh", init = "xavier", update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
discriminator = { hidden = [12, 12], activation = "tanh", init = "xavier", update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
average = { kind = "none" }
probes = { gradients = { every_steps = 0 } }
"#;
/// The same players with a large batch, on which the field is measured.
const LARGE: &str = "batch = 2048\n";
/// Moments at which the duality gap is measured.
const N_LOOKS: u64 = 8;
const N_ITEMS: usize = 2048;
const KEY: u64 = 5;

/// An arm: its name on the page is given by the lesson.
pub(super) const ARMS: [&str; 2] = ["", "remedies = { r1 = { gamma = 0.3 } }\n"];

/// What became of one run.
pub(super) struct Trained {
    /// Eigenvalues of the motion `-H` at the end.
    pub eigenvalues: Vec<[f64; 2]>,
    /// The smallest and the largest eigenvalue of each player's own Hessian, G's first.
    pub own: [[f64; 2]; 2],
    /// Length of the field at the start and at the end.
    pub norms: [f64; 2],
    pub path: Vec<PathPoint>,
    /// Step, duality gap and sliced Wasserstein distance to the data.
    pub gaps: Vec<[f64; 3]>,
    pub modes: f64,
    pub n_parameters: usize,
}

pub(super) fn shares() -> Vec<f64> {
    (0..=75).map(|i| 0.02 * f64::from(i)).collect()
}

pub(super) fn trained(bench: &Bench<'_>, arm: &str, seed: u64, steps: u64) -> Result<Trained, LessonError> {
    let own = format!("steps = {steps}\n");
    let plan = bench.plan(&bench.spec(&[BASE, arm, &own], seed)?)?;
    let aside = bench.plan(&bench.spec(&[BASE, arm, &own, LARGE], seed)?)?;
    let (mut training, mut large) = (bench.training(&plan)?, bench.training(&aside)?);
    let start = training.parameters()?;
    let mut real = vec![0.0; 2 * N_ITEMS];
    plan.data().fill(BatchKey { seed, step: KEY, draw: 1 << 40 }, &mut real, &mut vec![0; N_ITEMS]);
    let answers = BestAnswers { steps: bench.pick(150, 1000), lr: 5e-3, n_items: N_ITEMS };
    let mut gaps = Vec::new();
    loop {
        let gap = training.duality_gap(&answers, KEY)?.gap();
        let samples = training.samples(N_ITEMS, seed)?;
        gaps.push([training.step() as f64, gap, sliced_wasserstein(&real, &samples, 2)]);
        let left = steps.saturating_sub(training.step()).min(steps / N_LOOKS);
        if left == 0 {
            break;
        }
        advance(&mut training, left)?;
    }
    for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
        large.adopt(&training, who)?;
    }
    let end = training.parameters()?;
    let path = large.path_angle(&start, &end, &shares(), KEY)?;
    let length =
        |share: f64| path.iter().find(|p| (p.share - share).abs() < 1e-9).map_or(f64::NAN, |p| p.norm);
    let norms = [length(0.0), length(1.0)];
    let rows = large.jacobian(KEY)?;
    let layout = large.layout();
    let block = |who: Who| -> Result<[f64; 2], LessonError> {
        let range = layout.of_player(who);
        let block: Vec<Vec<f64>> =
            rows[range.clone()].iter().map(|row| row[range.clone()].to_vec()).collect();
        let real: Vec<f64> = spectrum(&block)?.iter().map(|[re, _]| *re).collect();
        Ok([least(real.iter().copied()), largest(real.iter().copied())])
    };
    let minus: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| -x).collect()).collect();
    let modes = training.probe()?.get("samples/n_modes").copied().unwrap_or(f64::NAN);
    let own = [block(Who::GENERATOR)?, block(Who::DISCRIMINATOR)?];
    Ok(Trained { eigenvalues: spectrum(&minus)?, own, norms, path, gaps, modes, n_parameters: rows.len() })
}

fn spectrum(matrix: &[Vec<f64>]) -> Result<Vec<[f64; 2]>, LessonError> {
    eigenvalues(matrix).map_err(|error| LessonError::Other(error.to_string()))
}

impl Trained {
    /// The largest imaginary part.
    pub(super) fn rotation(&self) -> f64 {
        largest(self.eigenvalues.iter().map(|[_, im]| im.abs()))
    }

    /// How much of the motion is rotation: the sum of `|Im|` by the sum of moduli.
    pub(super) fn turning(&self) -> f64 {
        let turn: f64 = self.eigenvalues.iter().map(|[_, im]| im.abs()).sum();
        turn / self.eigenvalues.iter().map(|[re, im]| re.hypot(*im)).sum::<f64>()
    }

    /// The largest real part: above zero, something is pushed away.
    pub(super) fn worst(&self) -> f64 {
        largest(self.eigenvalues.iter().map(|[re, _]| *re))
    }

    /// The mean cosine of the path angle over part of the way.
    pub(super) fn cosine(&self, from: f64, to: f64) -> f64 {
        let there = self.path.iter().filter(|p| (from..=to).contains(&p.share));
        mean(&there.map(|p| p.cosine).collect::<Vec<_>>())
    }
}
