//! Which class an image shows: that of the labelled image nearest to it, which needs no training.

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_game::nearest::Nearest;
use ganatomy_tensor::Cpu;

use super::LessonError;

/// Labelled images that others are compared with.
const N_KNOWN: usize = 4000;
/// Held-out images that the accuracy is measured on.
const N_HELD_OUT: usize = 1000;

/// Labelled images, and how often the nearest of them names an unseen image rightly.
#[derive(Debug)]
pub struct NearestClass {
    items: Vec<f32>,
    labels: Vec<u32>,
    size: usize,
    n_classes: usize,
    /// The share of held-out images that are named rightly; NaN where the data have no held-out part.
    pub accuracy: f64,
}

impl NearestClass {
    /// Takes the labelled images of a set, and measures the accuracy.
    ///
    /// # Errors
    /// The search for nearest neighbours cannot be set up.
    pub fn new(data: &dyn Dataset) -> Result<NearestClass, LessonError> {
        let size = data.item_shape().iter().product();
        let (items, labels) = labelled(data, N_KNOWN, size);
        let mut found = NearestClass { items, labels, size, n_classes: data.n_classes(), accuracy: f64::NAN };
        if let Some(held_out) = data.held_out() {
            let (items, labels) = labelled(&*held_out, N_HELD_OUT, size);
            let named = found.classes(&items)?;
            let right = named.iter().zip(&labels).filter(|(class, label)| **class == **label as usize);
            found.accuracy = right.count() as f64 / labels.len() as f64;
        }
        Ok(found)
    }

    /// The class of each image.
    ///
    /// # Shapes
    /// - items: `[n, ..item]`, row-major; output: `n`
    ///
    /// # Errors
    /// The search for nearest neighbours cannot be set up.
    pub fn classes(&self, items: &[f32]) -> Result<Vec<usize>, LessonError> {
        Ok(nearest(&self.items, items, self.size)?
            .into_iter()
            .map(|(i, _)| self.labels[i] as usize)
            .collect())
    }

    /// The share of images of each class.
    ///
    /// # Errors
    /// The search for nearest neighbours cannot be set up.
    pub fn shares(&self, items: &[f32]) -> Result<Vec<f64>, LessonError> {
        let classes = self.classes(items)?;
        let count = |class: usize| classes.iter().filter(|found| **found == class).count() as f64;
        Ok((0..self.n_classes).map(|class| count(class) / classes.len() as f64).collect())
    }
}

fn labelled(data: &dyn Dataset, n: usize, size: usize) -> (Vec<f32>, Vec<u32>) {
    let n = data.n_items().unwrap_or(n).min(n);
    let (mut items, mut labels) = (vec![0.0; n * size], vec![0; n]);
    data.fill(BatchKey { seed: 1, step: 0, draw: 7 }, &mut items, &mut labels);
    (items, labels)
}

/// The nearest of some points to each query, and its distance.
///
/// # Shapes
/// - points: `[m, dims]`, queries: `[n, dims]`, row-major; output: `n`
///
/// # Errors
/// The search for nearest neighbours cannot be set up.
pub fn nearest(points: &[f32], queries: &[f32], dims: usize) -> Result<Vec<(usize, f64)>, LessonError> {
    let cpu = Cpu::new(1);
    let found = Nearest::new(points, dims, &cpu)?.query(queries)?;
    Ok(found.into_iter().map(|(i, squared)| (i, f64::from(squared).sqrt())).collect())
}

/// Pairs of a set that are nearer than a limit, each once.
///
/// # Shapes
/// - items: `[n, dims]`, row-major
pub fn twins(items: &[f32], dims: usize, limit: f64) -> Vec<[usize; 2]> {
    let rows: Vec<&[f32]> = items.chunks_exact(dims).collect();
    let mut pairs = Vec::new();
    for (i, a) in rows.iter().enumerate() {
        pairs.extend((0..i).filter(|j| apart(a, rows[*j]) < limit).map(|j| [j, i]));
    }
    pairs
}

/// The Euclidean distance of two points.
pub fn apart(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from((a - b) * (a - b))).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_pairs_within_a_limit() {
        let items = [0.0, 0.0, 3.0, 4.0, 0.0, 0.1];
        assert_eq!(twins(&items, 2, 0.2), [[0, 2]]);
        assert_eq!(twins(&items, 2, 6.0).len(), 3);
        assert_eq!(apart(&items[..2], &items[2..4]), 5.0);
    }

    #[test]
    fn the_nearest_is_found() {
        let found = nearest(&[0.0, 0.0, 3.0, 4.0], &[3.0, 1.0], 2).unwrap();
        assert_eq!(found[0].0, 1);
        assert!((found[0].1 - 3.0).abs() < 1e-6);
    }
}
