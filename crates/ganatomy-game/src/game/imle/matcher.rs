//! The matching of data points with latent points, before the steps in which it is due.

use std::sync::Arc;

use ganatomy_data::BatchKey;
use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_data::sampler::batch_items;
use ganatomy_tensor::Shape;

use super::{DISTANCES, LATENTS, Options, POINTS, Rule};
use crate::game::Generator;
use crate::nearest::Nearest;
use crate::step::{Feed, FeedError, Host};

/// The latent point of every data point, `[n, z_dims]`.
const MATCHED: &str = "game.latents";
/// The threshold of every data point, a squared distance, `[n]`.
const THRESHOLDS: &str = "game.thresholds";
/// The draw of the points that are learned, which no other batch uses.
const DRAW: u64 = 3 << 32;

/// Matches when it is due, and fills in the batch of every step.
///
/// ```text
///   epochs   |  0  |  1  | .. |  s  | s+1 | ..      every data point once an epoch
///   match    ^                 ^                    G(pool) -> nearest sample of every point -> its latent point
/// ```
///
/// Epochs are whole passes over the n points, so that a step may begin in one and end in the next. The matches are part of the
/// checkpoint; everything else is a function of (seed, step).
pub(super) struct Matcher {
    generator: Generator,
    options: Options,
    rule: Arc<dyn Rule>,
    work: Option<Work>,
}

/// What is made before the first step of a session.
struct Work {
    points: Vec<f32>,
    /// A copy of the store's latent points, so that a step can read it while it writes to the store.
    latents: Vec<f32>,
}

impl Matcher {
    pub fn new(generator: Generator, options: Options, rule: Arc<dyn Rule>) -> Matcher {
        Matcher { generator, options, rule, work: None }
    }

    /// How many points are learned.
    fn n(&self, host: &dyn Host) -> usize {
        host.data().n_items().map_or(self.options.n_data, |n| n.min(self.options.n_data))
    }

    /// So many latent points, fixed by a key.
    fn draw(&self, n: usize, key: &[u64]) -> Vec<f32> {
        let (noise, mut random) = (&self.generator.noise, Keyed::new(key));
        (0..n * noise.z_dims).map(|_| noise.draw_one(&mut random)).collect()
    }

    fn prepare(&self, host: &mut dyn Host) -> Result<Work, FeedError> {
        let n = self.n(host);
        let mut points = vec![0.0; n * self.dims()];
        let key = BatchKey { seed: host.seed(), step: 0, draw: DRAW };
        host.data().fill(key, &mut points, &mut vec![0; n]);
        let latents = host.store().get(MATCHED)?.values().to_vec();
        Ok(Work { points, latents })
    }

    fn dims(&self) -> usize {
        self.generator.item.iter().product::<usize>().max(1)
    }

    /// Is it the first step after another `staleness` epochs?
    fn is_due(&self, n: usize, batch: usize, step: u64) -> bool {
        let period =
            |step: u64| u128::from(step) * batch as u128 / (n as u128 * u128::from(self.options.staleness));
        step == 0 || period(step) != period(step - 1)
    }

    /// Matches the points that are due with the latent points of a fresh pool.
    fn match_points(&self, work: &mut Work, host: &mut dyn Host) -> Result<(), FeedError> {
        let (dims, z_dims) = (self.dims(), self.generator.noise.z_dims);
        let mut squared = distances(&work.points, &host.samples_at(&work.latents)?, dims);
        let mut thresholds = host.store().get(THRESHOLDS)?.values().to_vec();
        let due: Vec<usize> =
            (0..squared.len()).filter(|&i| self.rule.is_due(squared[i], thresholds[i])).collect();
        if !due.is_empty() {
            let (pool, samples) = self.pool(work, host)?;
            let queries: Vec<f32> = due.iter().flat_map(|&i| row(&work.points, i, dims)).copied().collect();
            let found = Nearest::new(&samples, dims, host.cpu())?.query(&queries)?;
            for (&i, (j, distance)) in due.iter().zip(found) {
                work.latents[i * z_dims..][..z_dims].copy_from_slice(row(&pool, j, z_dims));
                (squared[i], thresholds[i]) = (distance, self.rule.threshold(distance));
            }
        }
        host.store().get_mut(MATCHED)?.values_mut().copy_from_slice(&work.latents);
        host.store().get_mut(THRESHOLDS)?.values_mut().copy_from_slice(&thresholds);
        let sum: f64 = squared.iter().map(|d| f64::from(*d).sqrt()).sum();
        let largest = squared.iter().fold(0.0f32, |most, d| if *d <= most { most } else { *d });
        for (name, value) in DISTANCES.iter().zip([(sum / squared.len() as f64) as f32, largest.sqrt()]) {
            host.store().get_mut(name)?.values_mut().fill(value);
        }
        Ok(())
    }

    /// Latent points that may be matched, and their samples.
    ///
    /// # Shapes
    /// - output: `[m, z_dims]`, `[m, ..item]`, where m is `pool_factor` times n or, after rejection, less
    fn pool(&self, work: &Work, host: &mut dyn Host) -> Result<(Vec<f32>, Vec<f32>), FeedError> {
        let (dims, z_dims) = (self.dims(), self.generator.noise.z_dims);
        let n = (work.points.len() / dims) as f64;
        let m = (n * self.options.pool_factor).ceil() as usize;
        let pool = self.draw(m, &[host.seed(), purpose("imle pool"), host.step()]);
        let samples = host.samples_at(&pool)?;
        let limit = self.rule.rejected_within();
        if limit == 0.0 {
            return Ok((pool, samples));
        }
        let found = Nearest::new(&work.points, dims, host.cpu())?.query(&samples)?;
        let kept: Vec<usize> = (0..m).filter(|&j| found[j].1.sqrt() >= limit).collect();
        if kept.is_empty() {
            return Ok((pool, samples));
        }
        let of = |all: &[f32], width| kept.iter().flat_map(|&j| row(all, j, width)).copied().collect();
        Ok((of(&pool, z_dims), of(&samples, dims)))
    }
}

impl Feed for Matcher {
    fn place(&mut self, host: &mut dyn Host) -> Result<(), FeedError> {
        let n = self.n(host);
        let first = self.draw(n, &[host.seed(), purpose("imle latents")]);
        let store = host.store();
        store.place(MATCHED, &Shape::from([n, self.generator.noise.z_dims]))?;
        store.get_mut(MATCHED)?.values_mut().copy_from_slice(&first);
        store.place(THRESHOLDS, &Shape::from([n]))?;
        store.get_mut(THRESHOLDS)?.values_mut().fill(self.rule.first_threshold());
        Ok(())
    }

    fn before_step(&mut self, host: &mut dyn Host) -> Result<(), FeedError> {
        let mut work = match self.work.take() {
            Some(work) => work,
            None => self.prepare(host)?,
        };
        let (dims, z_dims) = (self.dims(), self.generator.noise.z_dims);
        let n = work.points.len() / dims;
        if self.is_due(n, host.batch(), host.step()) {
            self.match_points(&mut work, host)?;
        }
        let (batch, key) = (host.batch(), BatchKey { seed: host.seed(), step: host.step(), draw: DRAW });
        for (name, from, width) in [(POINTS, &work.points, dims), (LATENTS, &work.latents, z_dims)] {
            let to = host.store().get_mut(name)?.values_mut().chunks_exact_mut(width);
            to.zip(batch_items(n, key, batch)).for_each(|(to, i)| to.copy_from_slice(row(from, i, width)));
        }
        self.work = Some(work);
        Ok(())
    }

    fn forget(&mut self) {
        self.work = None;
    }
}

fn row(all: &[f32], i: usize, width: usize) -> &[f32] {
    &all[i * width..][..width]
}

/// The squared distance of each pair of points.
fn distances(a: &[f32], b: &[f32], dims: usize) -> Vec<f32> {
    let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
    let pairs = a.chunks_exact(dims).zip(b.chunks_exact(dims));
    pairs.map(|(a, b)| a.iter().zip(b).map(square).sum::<f64>() as f32).collect()
}
