//! What only the ward knows: the same samples judged by what the clinic is not shown, and by other items.
//!
//! - `truth/effective`: modes or classes among samples as if they were even, as a share of all: `exp(-KL(samples || data))`
//! - `truth/held`: share of modes or classes that have at least a fifth of their due share of samples
//! - `truth/quality`: share of samples near a mode, over the same of real items; of images, nearer to a real one than 95 % of others
//! - `truth/turned`: total variation of the shares of modes since the last reading
//! - `truth/centre_0`, `truth/centre_1`, `truth/spread`: where samples are on average, along two directions, and how wide, in units
//!   of the data's width
//! - `truth/drift`: how far the same latent points' samples have gone since the last reading, in the same unit
//! - `truth/auc_trained`, `truth/auc_fresh`: how often D holds a real item for more real than a generated one, of training items and
//!   of others; `truth/judged_fresh`: share of others that D holds for real
//! - `truth/copies`: share of samples that are much nearer to a training item than other real items are
//! - `truth/weights`: root mean square of all parameters

use ganatomy::data::keyed::Keyed;
use ganatomy::data::{BatchKey, Dataset};
use ganatomy::record::Direction;
use ganatomy::score::modes;
use ganatomy::tensor::Key;
use ganatomy::train::TrainError;
use ganatomy::train::look::Live;
use ganatomy::train::probe::{Probe, ProbeSpec, Site};

/// Real items that samples are compared with.
const N_REAL: usize = 1000;
/// Latent points whose samples are followed.
const N_FOLLOWED: usize = 128;
/// A sample this much nearer to a training item than other items usually are is a copy.
const COPY: f64 = 0.3;

#[derive(Debug)]
pub struct Truth;

impl ProbeSpec for Truth {
    fn build(&self, site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
        Ok(Some(Box::new(Known::of(site.data()))))
    }
}

struct Known {
    size: usize,
    trained: Vec<f32>,
    fresh: Vec<f32>,
    labels: Vec<u32>,
    n_classes: usize,
    is_finite: bool,
    real_quality: f64,
    /// The distance to the nearest training item within which 95 % of other real items are, and the middle one.
    near: [f64; 2],
    centre: Vec<f64>,
    width: f64,
    before: Option<(Vec<f64>, Vec<f32>)>,
}

fn fill(set: &dyn Dataset, n: usize, draw: u64) -> (Vec<f32>, Vec<u32>) {
    let size: usize = set.item_shape().iter().product();
    let (mut items, mut labels) = (vec![0.0; n * size], vec![0; n]);
    set.fill(BatchKey { seed: 4711, step: 0, draw }, &mut items, &mut labels);
    (items, labels)
}

fn square(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

impl Known {
    fn of(data: &dyn Dataset) -> Known {
        let size: usize = data.item_shape().iter().product();
        let (trained, labels) = fill(data, N_REAL, 1);
        let (fresh, _) = match data.held_out() {
            Some(held_out) => fill(&*held_out, N_REAL, 2),
            None => fill(data, N_REAL, 2),
        };
        let mut known = Known {
            size,
            labels,
            n_classes: data.n_classes(),
            is_finite: data.n_items().is_some_and(|n| n <= N_REAL),
            real_quality: data.modes().map_or(1.0, |modes| modes::score(&fresh, modes).high_quality_share),
            near: [0.0; 2],
            centre: (0..size)
                .map(|i| {
                    fresh.iter().skip(i).step_by(size).map(|&x| f64::from(x)).sum::<f64>() / N_REAL as f64
                })
                .collect(),
            width: 1.0,
            before: None,
            trained,
            fresh,
        };
        let mut distances: Vec<f64> = known.fresh.chunks(size).map(|item| known.nearest(item).1).collect();
        distances.sort_by(f64::total_cmp);
        known.near = [distances[N_REAL * 95 / 100], distances[N_REAL / 2]];
        known.width = known.spread(&known.fresh, &known.centre);
        known
    }

    /// The nearest training item, and how far it is.
    fn nearest(&self, item: &[f32]) -> (usize, f64) {
        let all = self.trained.chunks(self.size).map(|other| square(item, other)).enumerate();
        let (i, found) = all.min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, f32::NAN));
        (i, f64::from(found).sqrt())
    }

    /// Root mean square distance from a point.
    fn spread(&self, items: &[f32], centre: &[f64]) -> f64 {
        let sum: f64 =
            items.iter().zip(centre.iter().cycle()).map(|(&x, c)| (f64::from(x) - c).powi(2)).sum();
        (sum / (items.len() / self.size) as f64).sqrt()
    }

    /// Shares of modes or classes among samples, due shares, and the share of good samples.
    fn shares(&self, samples: &[f32], live: &Live<'_>) -> (Vec<f64>, Vec<f64>, f64) {
        let n = samples.len() / self.size;
        if let Some(modes) = live.data().modes() {
            let mut shares = vec![0.0; modes.centres.len()];
            for item in samples.chunks(self.size) {
                let distances = modes.centres.iter().map(|centre| square(item, centre)).enumerate();
                let nearest = distances.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(i, _)| i);
                shares[nearest] += 1.0 / n as f64;
            }
            let due = vec![1.0 / shares.len() as f64; shares.len()];
            return (shares, due, modes::score(samples, modes).high_quality_share / self.real_quality);
        }
        let n_classes = self.n_classes.max(1);
        let (mut shares, mut due) = (vec![0.0; n_classes], vec![0.0; n_classes]);
        self.labels.iter().for_each(|&label| due[label as usize] += 1.0 / N_REAL as f64);
        let mut good = 0;
        for item in samples.chunks(self.size) {
            let (i, distance) = self.nearest(item);
            shares[self.labels[i] as usize] += 1.0 / n as f64;
            good += usize::from(distance <= self.near[0]);
        }
        (shares, due, good as f64 / n as f64 / 0.95)
    }
}

/// How often the first are larger than the second.
fn auc(first: &[f32], second: &[f32]) -> f64 {
    let mut sorted = second.to_vec();
    sorted.sort_by(f32::total_cmp);
    let below = |x: &f32| {
        let (less, at_most) = (sorted.partition_point(|y| y < x), sorted.partition_point(|y| y <= x));
        (less + at_most) as f64 / 2.0 / sorted.len() as f64
    };
    first.iter().map(below).sum::<f64>() / first.len() as f64
}

const NAMES: [&str; 13] = [
    "effective",
    "held",
    "quality",
    "turned",
    "centre_0",
    "centre_1",
    "spread",
    "drift",
    "auc_trained",
    "auc_fresh",
    "judged_fresh",
    "copies",
    "weights",
];

impl Probe for Known {
    fn readings(&self) -> Vec<(String, Direction)> {
        NAMES.map(|name| (format!("truth/{name}"), Direction::None)).to_vec()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let seed = live.seed() ^ 0x5eed;
        let samples = live.draw(live.n_samples(), Key { seed, step: live.step() })?;
        let (shares, due, quality) = self.shares(&samples, live);
        let kl: f64 = shares
            .iter()
            .zip(&due)
            .filter(|(p, q)| **p > 0.0 && **q > 0.0)
            .map(|(p, q)| p * (p / q).ln())
            .sum();
        let held =
            shares.iter().zip(&due).filter(|(p, q)| **p >= **q / 5.0).count() as f64 / shares.len() as f64;
        let mut found = vec![("effective", (-kl).exp()), ("held", held), ("quality", quality)];

        let mut latent = Keyed::new(&[seed, 1]);
        let z_dims = live.rules().generator.noise.z_dims;
        let z: Vec<f32> = (0..N_FOLLOWED * z_dims).map(|_| latent.normal()).collect();
        let followed = live.samples_at(&z)?;
        if let Some((old, from)) = &self.before {
            found.push(("turned", shares.iter().zip(old).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0));
            let moved = f64::from(square(&followed, from)) / N_FOLLOWED as f64;
            found.push(("drift", moved.sqrt() / self.width));
        }
        self.before = Some((shares, followed));

        let mean: Vec<f64> = (0..self.size)
            .map(|i| samples.iter().skip(i).step_by(self.size).map(|&x| f64::from(x)).sum::<f64>())
            .map(|sum| sum * self.size as f64 / samples.len() as f64)
            .collect();
        for (name, direction) in [("centre_0", 0u64), ("centre_1", 1)] {
            let mut along = Keyed::new(&[direction, 0xd1]);
            let axis: Vec<f64> = match self.size {
                2 => vec![1.0 - direction as f64, direction as f64],
                size => (0..size).map(|_| f64::from(along.normal()) / (size as f64).sqrt()).collect(),
            };
            let off: f64 = mean.iter().zip(&self.centre).zip(&axis).map(|((m, c), a)| (m - c) * a).sum();
            found.push((name, off / self.width));
        }
        found.push(("spread", self.spread(&samples, &mean) / self.width));

        if let Some(fake) = live.judge(&samples)?
            && let (Some(trained), Some(fresh)) = (live.judge(&self.trained)?, live.judge(&self.fresh)?)
        {
            found.push(("auc_trained", auc(&trained, &fake)));
            found.push(("auc_fresh", auc(&fresh, &fake)));
            found.push((
                "judged_fresh",
                fresh.iter().filter(|c| **c > 0.0).count() as f64 / fresh.len() as f64,
            ));
        }
        if self.is_finite {
            let copies =
                samples.chunks(self.size).filter(|item| self.nearest(item).1 < COPY * self.near[1]).count();
            found.push(("copies", copies as f64 * self.size as f64 / samples.len() as f64));
        }
        let parameters = live.parameters()?;
        let sum: f64 = parameters.iter().map(|&x| f64::from(x).powi(2)).sum();
        found.push(("weights", (sum / parameters.len().max(1) as f64).sqrt()));
        Ok(found.into_iter().map(|(name, value)| (format!("truth/{name}"), value)).collect())
    }
}
