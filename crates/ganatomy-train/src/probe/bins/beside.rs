//! Real items that samples are held beside, and what is seen of samples then.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_game::nearest::Nearest;
use ganatomy_score::bins::{Bins, held};
use ganatomy_score::diversity::mean_distance;
use ganatomy_score::memorised::{nearer_share, to_others};
use ganatomy_score::modes::reverse_kl;
use ganatomy_score::one_number::OneNumber;
use ganatomy_score::{Rows, ScoreError, ndb};
use ganatomy_tensor::Cpu;

use super::followed::{NAMES, Place};
use super::{Asks, FEWEST, IN_BIN, N_REAL, several, share_name};
use crate::error::TrainError;

/// Keeps the items apart from training batches.
const DRAW: u64 = 7 << 32;
/// Real items that samples are compared with one by one, and other real ones beside those.
pub(super) const N_BESIDE: usize = 512;
/// Training items that the nearest is looked for among; of more, so many that are drawn.
pub(super) const MOST_NEAR: usize = 4000;
/// The largest side of an image whose distances are taken; larger ones are averaged down to it, box by box.
const MOST_SIDE: usize = 16;
/// The share of other real items that are near to the first ones.
const NEAR: f64 = 0.95;
/// A value of an image that is this far from 0 is at the end of its range.
const SATURATED: f32 = 0.999;
/// One that is farther no generator of images makes.
const REACH: f32 = 1.001;
/// A sample that is nearer to a training item than this share of what other items usually are is a copy (its square, as of distances).
const COPY: f32 = 0.3 * 0.3;
/// Items a draw of which is taken at once.
const AT_ONCE: usize = 20;

/// Real items, and what is worked out of them once. It is the same for every run on the data.
#[derive(Debug)]
pub struct Beside {
    asks: Asks,
    item: Vec<usize>,
    dims: usize,
    /// Parts of the data, where it has so many items.
    bins: Option<Bins>,
    place: Place,
    classes: Option<Classes>,
    /// Real items, averaged down.
    real: Vec<f32>,
    /// Their mean distance.
    apart: f64,
    /// The distance, squared, within which an item is near to one of those.
    near: f32,
    one_number: OneNumber,
    /// The shares of the real items' values that are at an end of a generator's range, and beyond it.
    saturated: f64,
    out_of_reach: f64,
    /// Training items, averaged down; and the squared distances of held-out ones to the nearest of them.
    trained: Vec<f32>,
    held_out: Vec<f32>,
}

/// Labelled real items.
#[derive(Debug)]
struct Classes {
    items: Vec<f32>,
    labels: Vec<u32>,
    /// Items of each class.
    real: Vec<usize>,
}

impl Classes {
    fn new(items: &[f32], labels: Vec<u32>, n_classes: usize) -> Classes {
        let real = counted(&labels, n_classes);
        Classes { items: items.to_vec(), labels, real }
    }

    /// `KL(samples || data)` of the classes, each sample being of the class of the nearest real item.
    fn kl(&self, samples: &[f32], dims: usize, cpu: &Cpu) -> Result<f64, TrainError> {
        let found = nearest(&self.items, samples, dims, cpu)?;
        let labels: Vec<u32> = found.into_iter().map(|(place, _)| self.labels[place]).collect();
        Ok(kl(&counted(&labels, self.real.len()), &self.real))
    }
}

/// `KL(samples || data)` of counts; a part of the data without an item counts as half a one.
fn kl(samples: &[usize], real: &[usize]) -> f64 {
    let real: Vec<f64> = real.iter().map(|count| (*count as f64).max(0.5)).collect();
    let all: f64 = real.iter().sum();
    reverse_kl(samples, &real.iter().map(|count| count / all).collect::<Vec<f64>>())
}

fn counted(labels: &[u32], n_classes: usize) -> Vec<usize> {
    let mut counts = vec![0; n_classes];
    labels.iter().for_each(|label| counts[*label as usize] += 1);
    counts
}

impl Beside {
    /// For few samples, as another program's sheets hold them: bins of four samples at least, and copies looked for among up to 4,000
    /// items. Where no part of these is held out, items take the place of held-out ones, each beside all others.
    ///
    /// # Errors
    /// Items that cannot be compared.
    pub fn few(data: &dyn Dataset, n_samples: usize, cpu: &Cpu) -> Result<Beside, TrainError> {
        let n_items = data.n_items().unwrap_or(usize::MAX);
        let n_bins = several((n_samples / 4).min(n_items / IN_BIN));
        let nearer = n_items <= MOST_NEAR;
        Beside::new(data, Asks { n_bins, nearer, is_image: false, has_classes: false }, cpu)
    }

    pub(super) fn new(data: &dyn Dataset, asks: Asks, cpu: &Cpu) -> Result<Beside, TrainError> {
        let item = data.item_shape().to_vec();
        let dims = small_len(&item);
        let Drawn { whole, small, labels } = draw(data, N_REAL.max(2 * N_BESIDE), N_BESIDE);
        let n = small.len() / dims;
        let test = data.held_out().filter(|items| items.n_items().is_none_or(|n| n >= FEWEST));
        let n_first = if test.is_some() { n.min(N_BESIDE) } else { (n / 2).min(N_BESIDE) };
        let (real, rest) = small.split_at(n_first * dims);
        let others = match &test {
            Some(test) => draw(&**test, N_BESIDE, 0).small,
            None => rest[..rest.len().min(N_BESIDE * dims)].to_vec(),
        };
        let whole = &whole[..n_first * item.iter().product::<usize>()];
        let whole = Rows::new(whole, item.iter().product())?;
        let apart = mean_distance(Rows::new(real, dims)?, cpu)?;
        let trained = if asks.nearer { draw(data, MOST_NEAR, 0).small } else { Vec::new() };
        let held_out = match &test {
            _ if !asks.nearer => Vec::new(),
            Some(_) => distances(&trained, &others, dims, cpu)?,
            None => to_others(Rows::new(&trained, dims)?, cpu)?,
        };
        Ok(Beside {
            bins: match asks.n_bins {
                0 => None,
                n => Some(Bins::new(Rows::new(&small, dims)?, n, 0, cpu)?),
            },
            place: Place::new(&small, dims),
            classes: asks.has_classes.then(|| Classes::new(&small, labels, data.n_classes())),
            near: near_enough(distances(real, &others, dims, cpu)?, apart),
            one_number: OneNumber::new(whole)?,
            saturated: beyond(whole.values(), SATURATED),
            out_of_reach: beyond(whole.values(), REACH),
            real: real.to_vec(),
            asks,
            item,
            dims,
            apart,
            trained,
            held_out,
        })
    }

    /// The readings of samples; none where one of their numbers is not finite.
    ///
    /// # Errors
    /// Items that cannot be compared.
    pub fn read(&self, samples: &[f32], cpu: &Cpu) -> Result<Vec<(String, f64)>, TrainError> {
        let whole = match Rows::new(samples, self.item.iter().product()) {
            Err(ScoreError::NotFinite { .. }) => return Ok(Vec::new()),
            rows => rows?,
        };
        let small = averaged(samples, &self.item);
        let rows = Rows::new(&small, self.dims)?;
        let to_real = distances(&self.real, &small, self.dims, cpu)?;
        let near = to_real.iter().filter(|square| **square <= self.near).count() as f64;
        let n = rows.len() as f64;
        let named = |name: &str, value| (format!("samples/{name}"), value);
        let mut values =
            vec![named("near_data", near / n), named("one_number", self.one_number.accuracy(whole, cpu)?)];
        // Of real items that are all alike there is no share.
        let apart = (self.apart > 0.0).then(|| mean_distance(rows, cpu)).transpose()?;
        values.extend(apart.map(|apart| named("diversity", apart / self.apart)));
        if self.asks.nearer {
            let to_trained = distances(&self.trained, &small, self.dims, cpu)?;
            values.push(named("nearer", nearer_share(&to_trained, &self.held_out)));
            values.extend(copies(&to_trained, &self.held_out).map(|share| named("copies", share)));
        }
        if self.asks.is_image {
            values.push(named("saturated", beyond(samples, SATURATED) - self.saturated));
            values.push(named("out_of_reach", self.out_of_reach));
        }
        if let Some(classes) = &self.classes {
            values.push(named("nearest_classes_kl", classes.kl(&small, self.dims, cpu)?));
        }
        if let Some(bins) = &self.bins {
            let (real, counts) = (bins.real(), bins.counts(rows, cpu)?);
            values.push(named("bins_held", held(real, &counts)));
            values.push(named("bins_js", ndb::compare(real, &counts)?.1));
            values.push(named("bins_kl", kl(&counts, real)));
            values.extend(counts.iter().enumerate().map(|(bin, &count)| (share_name(bin), count as f64 / n)));
        }
        Ok(values)
    }

    /// Where the samples of the followed latent points are.
    pub(super) fn place(&self, samples: &[f32]) -> Vec<(String, f64)> {
        let found =
            self.place.beside(&averaged(samples, &self.item)).map(|found| NAMES.into_iter().zip(found));
        found.into_iter().flatten().map(|(name, value)| (format!("samples/{name}"), value)).collect()
    }
}

/// Items of a set.
struct Drawn {
    /// The first ones as they are.
    whole: Vec<f32>,
    /// All of them averaged down.
    small: Vec<f32>,
    labels: Vec<u32>,
}

/// At most `n` items averaged down, and the first `n_whole` of them as they are.
fn draw(data: &dyn Dataset, n: usize, n_whole: usize) -> Drawn {
    let shape = data.item_shape();
    let len: usize = shape.iter().product();
    // A few at a time, so that large images take little memory. Those of one pass over a finite set are all different.
    let n = data.n_items().map_or(n, |items| n.min(items));
    // Of a small set all items are taken.
    let is_whole = data.n_items() == Some(n);
    let divides = |at_once: &usize| !is_whole || n.is_multiple_of(*at_once);
    let at_once = (1..=AT_ONCE.min(n)).rev().find(divides).unwrap_or(1);
    let (mut items, mut labels) = (vec![0.0; at_once * len], vec![0; at_once]);
    let mut drawn = Drawn { whole: Vec::new(), small: Vec::new(), labels: Vec::new() };
    for step in 0..(n / at_once) as u64 {
        data.fill(BatchKey { seed: 0, step, draw: DRAW }, &mut items, &mut labels);
        drawn.small.extend(averaged(&items, shape));
        drawn.labels.extend_from_slice(&labels);
        let left = (n_whole * len).saturating_sub(drawn.whole.len());
        drawn.whole.extend_from_slice(&items[..left.min(items.len())]);
    }
    drawn
}

/// The squared distances of items to the nearest of others.
fn distances(others: &[f32], items: &[f32], dims: usize, cpu: &Cpu) -> Result<Vec<f32>, TrainError> {
    Ok(nearest(others, items, dims, cpu)?.into_iter().map(|(_, square)| square).collect())
}

/// The nearest of others to each item, and its squared distance.
fn nearest(others: &[f32], items: &[f32], dims: usize, cpu: &Cpu) -> Result<Vec<(usize, f32)>, TrainError> {
    let found = Nearest::new(others, dims, cpu).and_then(|mut nearest| nearest.query(items));
    Ok(found.map_err(ScoreError::from)?)
}

/// The share of samples that are much nearer to a training item than held-out items usually are; nothing where these repeat training items.
fn copies(to_trained: &[f32], held_out: &[f32]) -> Option<f64> {
    let mut usual = held_out.to_vec();
    usual.sort_unstable_by(f32::total_cmp);
    let bound = COPY * usual.get(usual.len() / 2).filter(|middle| **middle > 0.0)?;
    Some(to_trained.iter().filter(|square| **square < bound).count() as f64 / to_trained.len() as f64)
}

/// The squared distance that most real items are within; more than nothing where items repeat.
fn near_enough(mut squares: Vec<f32>, apart: f64) -> f32 {
    squares.sort_unstable_by(f32::total_cmp);
    let place = (NEAR * squares.len() as f64).ceil() as usize;
    let least = (1e-3 * apart).powi(2) as f32;
    squares.get(place.saturating_sub(1)).map_or(least, |square| square.max(least))
}

/// The share of values that are so far from 0.
fn beyond(values: &[f32], bound: f32) -> f64 {
    values.iter().filter(|x| x.abs() >= bound).count() as f64 / values.len().max(1) as f64
}

/// Numbers of an item that is averaged down.
pub(super) fn small_len(item: &[usize]) -> usize {
    match *item {
        [h, w, n] => h.div_ceil(h.div_ceil(MOST_SIDE).max(1)) * w.div_ceil(w.div_ceil(MOST_SIDE).max(1)) * n,
        _ => item.iter().product(),
    }
}

/// Images averaged down to at most 16 by 16, by boxes; anything else as it is.
pub fn averaged(items: &[f32], shape: &[usize]) -> Vec<f32> {
    let &[h, w, n] = shape else {
        return items.to_vec();
    };
    let (tall, wide) = (h.div_ceil(MOST_SIDE).max(1), w.div_ceil(MOST_SIDE).max(1));
    if tall * wide == 1 {
        return items.to_vec();
    }
    let (rows, columns) = (h.div_ceil(tall), w.div_ceil(wide));
    let mut small = Vec::with_capacity(items.len() / (h * w) * rows * columns);
    for image in items.chunks_exact(h * w * n) {
        for (y, x) in (0..rows).flat_map(|y| (0..columns).map(move |x| (y * tall, x * wide))) {
            let (below, right) = ((y + tall).min(h), (x + wide).min(w));
            let count = ((below - y) * (right - x)) as f32;
            for channel in 0..n {
                let pixels = (y..below).flat_map(|y| (x..right).map(move |x| (y * w + x) * n + channel));
                small.push(pixels.map(|place| image[place]).sum::<f32>() / count);
            }
        }
    }
    small
}
