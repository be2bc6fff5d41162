//! A generator that moves ten times for each move of its D, on the ring, beside a balanced game.

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_score::modes::score;
use ganatomy_train::Training;

use crate::points::points;
use crate::stats::{mean, median};
use crate::{Bench, LessonError};

const BASE: &str = include_str!("../../../../../docs/results/toy.toml");
/// The players of both games; D is smooth and strong enough to have a summit.
const PLAYERS: &str = r#"
generator = { activation = "tanh", init = "xavier" }
discriminator = { hidden = [128, 128], activation = "tanh", init = "xavier" }
probes = { gradients = { every_steps = 0 } }
"#;
/// G moves ten times, in steps of three times the length, and with momentum.
const GREEDY: &str = r#"
scheme = { kind = "alternating", g_steps = 10 }
generator = { update = { lr = 3e-3, beta1 = 0.9 } }
discriminator = { update = { beta1 = 0.9 } }
"#;

/// Modes of the ring.
pub(super) const N_MODES: usize = 8;
/// How far the looked-at square reaches from the origin.
pub(super) const REACH: f64 = 3.0;
/// Points of the grid on which D is looked at, along either side.
pub(super) const N_GRID: usize = 41;
/// Samples of a look, from the same latent points every time.
const N_SAMPLES: usize = 256;
/// Latent points at which slopes are taken.
const N_SLOPES: usize = 64;
/// Half the step of the differences by which they are taken.
const EPSILON: f32 = 0.05;

/// A game at a moment.
pub(super) struct Look {
    pub step: u64,
    pub samples: Vec<[f64; 2]>,
    /// The mode nearest to each sample.
    pub nearest: Vec<usize>,
    pub n_modes: f64,
    /// D's logits on the grid, row by row from below.
    pub surface: Vec<f32>,
    /// Where the highest of them is.
    pub summit: [f64; 2],
    /// The share of the square in which D is lower than where the samples are.
    pub height: f64,
    /// The mean norms of dG/dz and of dJ/dz.
    pub slopes: [f64; 2],
}

/// A game over its looks.
pub(super) struct Watched {
    pub looks: Vec<Look>,
}

impl Look {
    /// The share of samples whose nearest mode is this one.
    pub fn share(&self, mode: usize) -> f64 {
        self.nearest.iter().filter(|found| **found == mode).count() as f64 / self.nearest.len() as f64
    }

    /// The mode of most samples.
    pub fn leading(&self) -> usize {
        (0..N_MODES).max_by(|a, b| self.share(*a).total_cmp(&self.share(*b))).unwrap_or(0)
    }

    /// How far samples are from their middle, root mean square.
    pub fn spread(&self) -> f64 {
        let middle = [0, 1].map(|i| mean(&self.samples.iter().map(|p| p[i]).collect::<Vec<_>>()));
        let squares = self.samples.iter().map(|p| (p[0] - middle[0]).powi(2) + (p[1] - middle[1]).powi(2));
        mean(&squares.collect::<Vec<_>>()).sqrt()
    }

    /// How far samples are from D's highest point, on average.
    pub fn to_summit(&self) -> f64 {
        let way = |p: &[f64; 2]| (p[0] - self.summit[0]).hypot(p[1] - self.summit[1]);
        mean(&self.samples.iter().map(way).collect::<Vec<_>>())
    }
}

impl Watched {
    /// The second half of the looks.
    pub fn late(&self) -> &[Look] {
        &self.looks[self.looks.len() / 2..]
    }

    /// The median over the second half.
    pub fn late_median(&self, of: impl Fn(&Look) -> f64) -> f64 {
        median(&self.late().iter().map(of).collect::<Vec<_>>())
    }

    /// Something over the steps.
    pub fn series(&self, of: impl Fn(&Look) -> f64) -> Vec<[f64; 2]> {
        self.looks.iter().map(|look| [look.step as f64, of(look)]).collect()
    }

    /// The share of samples whose mode is another one at the next look, over the second half.
    pub fn moved(&self) -> f64 {
        let pair = |pair: &[Look]| {
            let both = pair[0].nearest.iter().zip(&pair[1].nearest);
            both.filter(|(before, after)| before != after).count() as f64 / pair[0].nearest.len() as f64
        };
        mean(&self.late().windows(2).map(pair).collect::<Vec<_>>())
    }

    /// The share of looks at which another mode leads than at the last one, over the second half.
    pub fn changes(&self) -> f64 {
        let pair = |pair: &[Look]| f64::from(u8::from(pair[0].leading() != pair[1].leading()));
        mean(&self.late().windows(2).map(pair).collect::<Vec<_>>())
    }

    /// Modes that led at some look of the second half.
    pub fn visited(&self) -> f64 {
        (0..N_MODES).filter(|mode| self.late().iter().any(|look| look.leading() == *mode)).count() as f64
    }
}

/// The middles of the grid's columns, and of its rows.
pub(super) fn grid() -> Vec<f64> {
    (0..N_GRID).map(|i| REACH * (2.0 * i as f64 / (N_GRID - 1) as f64 - 1.0)).collect()
}

/// Greedy games of a few seeds, and one balanced game of the first.
pub(super) fn watch(bench: &Bench<'_>, n_seeds: usize) -> Result<(Vec<Watched>, Watched), LessonError> {
    let (steps, every) = bench.pick((2000, 20), (10_000, 100));
    let mut items: Vec<(&str, u64)> = bench.seeds(n_seeds).into_iter().map(|seed| (GREEDY, seed)).collect();
    items.push(("", bench.seed));
    let mut watched = bench.each("eight Gaussians", &items, |(over, seed)| {
        let spec = bench.spec(&[BASE, PLAYERS, over, &format!("steps = {steps}\n")], *seed)?;
        let plan = bench.plan(&spec)?;
        let mut training = bench.training(&plan)?;
        let mut looks = vec![look(&mut training)?];
        while training.step() < steps && training.advance(every)?.is_none() {
            looks.push(look(&mut training)?);
        }
        Ok(Watched { looks })
    })?;
    let balanced = watched.pop().ok_or_else(|| LessonError::Other("no balanced game".to_owned()))?;
    Ok((watched, balanced))
}

fn look(training: &mut Training) -> Result<Look, LessonError> {
    let samples = training.samples(N_SAMPLES, training.plan().seed())?;
    let modes = training.plan().data().modes();
    let centres: Vec<[f64; 2]> =
        modes.map_or(vec![], |m| m.centres.iter().map(|c| [f64::from(c[0]), f64::from(c[1])]).collect());
    let n_modes = modes.map_or(f64::NAN, |modes| score(&samples, modes).n_modes as f64);
    let places: Vec<f32> =
        grid().iter().flat_map(|y| grid().into_iter().flat_map(move |x| [x as f32, *y as f32])).collect();
    let surface = judged(training, &places)?;
    let logits = judged(training, &samples)?;
    let highest = (0..surface.len()).max_by(|a, b| surface[*a].total_cmp(&surface[*b])).unwrap_or(0);
    let below = |logit: &f32| surface.iter().filter(|other| *other < logit).count() as f64;
    let height = mean(&logits.iter().map(below).collect::<Vec<_>>()) / surface.len() as f64;
    let points = points(&samples);
    Ok(Look {
        step: training.step(),
        nearest: points.iter().map(|p| nearest(p, &centres)).collect(),
        n_modes,
        summit: [highest % N_GRID, highest / N_GRID].map(|i| grid()[i]),
        height,
        slopes: slopes(training)?,
        samples: points,
        surface,
    })
}

fn nearest(point: &[f64; 2], centres: &[[f64; 2]]) -> usize {
    let way = |k: usize| (centres[k][0] - point[0]).hypot(centres[k][1] - point[1]);
    (0..centres.len()).min_by(|a, b| way(*a).total_cmp(&way(*b))).unwrap_or(0)
}

fn judged(training: &mut Training, items: &[f32]) -> Result<Vec<f32>, LessonError> {
    training.judge(items)?.ok_or_else(|| LessonError::Other("this D judges no item by itself".to_owned()))
}

/// How much a sample, and G's loss at it, change with its latent point: mean norms of central differences.
fn slopes(training: &mut Training) -> Result<[f64; 2], LessonError> {
    const Z_DIMS: usize = 2;
    let mut random = Keyed::new(&[purpose("slopes")]);
    let latent: Vec<f32> = (0..N_SLOPES * Z_DIMS).map(|_| random.normal()).collect();
    let mut squares = [vec![0.0; N_SLOPES], vec![0.0; N_SLOPES]];
    for axis in 0..Z_DIMS {
        let mut ends = Vec::new();
        for side in [EPSILON, -EPSILON] {
            let shifted =
                latent.iter().enumerate().map(|(i, z)| z + if i % Z_DIMS == axis { side } else { 0.0 });
            let samples = training.samples_at(&shifted.collect::<Vec<f32>>())?;
            // The loss of a sample without saturation: -log D.
            let loss = |logit: &f32| (-f64::from(*logit)).exp().ln_1p();
            let losses: Vec<f64> = judged(training, &samples)?.iter().map(loss).collect();
            ends.push((points(&samples), losses));
        }
        let step = 2.0 * f64::from(EPSILON);
        for (i, (a, b)) in ends[0].0.iter().zip(&ends[1].0).enumerate() {
            squares[0][i] += ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)) / (step * step);
            squares[1][i] += ((ends[0].1[i] - ends[1].1[i]) / step).powi(2);
        }
    }
    Ok(squares.map(|squares| mean(&squares.iter().map(|square| square.sqrt()).collect::<Vec<_>>())))
}
