//! The curve of precision and recall of distributions (Sajjadi et al. 2018).

use std::f64::consts::PI;
use std::sync::Arc;

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::clusters::{centres, check_counts, counts};
use crate::error::ScoreError;
use crate::rows::Rows;
use crate::score::{Curves, Known, Score, Sides, Value, mean_and_deviation};

/// Angles of the curve.
const ANGLES: usize = 1001;
/// Keeps the first and the last angle off the axes.
const EDGE: f64 = 1e-10;

/// How much precision can be had at how much recall: `a(l) = sum_i min(l p_i, q_i)`, `b(l) = a(l) / l`, over slopes `l`.
///
/// `p` and `q` are the shares of real and of generated items in the clusters of both together; `a` is precision, `b` recall.
/// `prd_f8` is the largest F8 on the curve, which weighs recall, and `prd_f1_8` the largest F1/8, which weighs precision. The
/// curve is the mean over runs of k-means, as in the reference, and the spread the standard deviation of what each run gives
/// alone. Both sides count equally many items; of the larger one they are drawn at random.
///
/// It tells a loss of modes from a loss of quality as long as they move items between clusters; inside a cluster it sees nothing.
#[derive(Clone, Copy, Debug)]
pub struct Prd {
    clusters: usize,
    runs: usize,
}

impl Prd {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Prd, SpecError> {
        Ok(Prd {
            clusters: fields.count("clusters", "clusters of both sides together", 20, 2..=10_000)? as usize,
            runs: fields.count("runs", "times that clusters are made anew", 10, 1..=1000)? as usize,
        })
    }

    /// The curve, from recall to precision: pairs of precision and recall, means over the runs.
    ///
    /// # Errors
    /// As [`Score::score`].
    pub fn curve(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<[f64; 2]>, ScoreError> {
        Ok(mean_curve(&self.curves(sides, cpu)?))
    }

    fn curves(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Arc<Curves>, ScoreError> {
        self.check(&sides.known())?;
        sides.curves([self.clusters, self.runs], || self.made(sides, cpu))
    }

    fn made(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Curves, ScoreError> {
        let (n, dims) = (sides.real().len().min(sides.generated().len()), sides.real().dims());
        let mut random = Keyed::new(&[sides.seed, purpose("prd")]);
        let both = [sides.real().some(n, &mut random), sides.generated().some(n, &mut random)].concat();
        let (real, generated) = both.split_at(n * dims);
        let (real, generated) = (Rows::new(real, dims)?, Rows::new(generated, dims)?);
        let both = Rows::new(&both, dims)?;
        let mut found = Vec::new();
        for run in 0..self.runs as u64 {
            let centres = centres(both, self.clusters, sides.seed.wrapping_add(run << 32), cpu)?;
            found.push(curve(&counts(real, &centres, cpu)?, &counts(generated, &centres, cpu)?)?);
        }
        Ok(found)
    }
}

impl Score for Prd {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("prd_f8", Direction::Up), ("prd_f1_8", Direction::Up)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("prd", 10 * self.clusters)
    }

    fn memory_bytes(&self, n: usize, dims: usize) -> u64 {
        // Both sides in one, beside a tile of distances to the centres.
        let tile = 4 * (1024 + self.clusters as u64) * dims as u64;
        (1 << 25) + 64 * n as u64 + 8 * (n * dims) as u64 + tile
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        let all = self.curves(sides, cpu)?;
        let middle = mean_curve(&all);
        let value = |name, beta: f64| {
            let found: Vec<f64> = all.iter().map(|curve| best_f(curve, beta)).collect();
            let [_, spread] = mean_and_deviation(&found);
            Value::new(name, best_f(&middle, beta), Direction::Up).within(spread)
        };
        Ok(vec![value("prd_f8", 8.0), value("prd_f1_8", 1.0 / 8.0)])
    }
}

/// The mean of curves, angle by angle.
fn mean_curve(all: &[Vec<[f64; 2]>]) -> Vec<[f64; 2]> {
    let mean = |i: usize, j: usize| all.iter().map(|curve| curve[i][j]).sum::<f64>() / all.len() as f64;
    (0..ANGLES).map(|i| [mean(i, 0), mean(i, 1)]).collect()
}

/// Precision and recall at every angle, from counts of real and generated items in the same clusters.
///
/// # Errors
/// Counts of different clusters, or of no items.
pub fn curve(real: &[usize], generated: &[usize]) -> Result<Vec<[f64; 2]>, ScoreError> {
    check_counts("prd", real, generated)?;
    let shares = |counts: &[usize]| {
        let total = counts.iter().sum::<usize>() as f64;
        counts.iter().map(|&n| n as f64 / total).collect::<Vec<f64>>()
    };
    let (p, q) = (shares(real), shares(generated));
    let at = |i: usize| {
        let angle = EDGE + (PI / 2.0 - 2.0 * EDGE) * i as f64 / (ANGLES - 1) as f64;
        let slope = angle.tan();
        let precision: f64 = p.iter().zip(&q).map(|(p, q)| (p * slope).min(*q)).sum();
        [precision.clamp(0.0, 1.0), (precision / slope).clamp(0.0, 1.0)]
    };
    Ok((0..ANGLES).map(at).collect())
}

/// The largest `(1 + b^2) p r / (b^2 p + r)` on a curve.
pub fn best_f(curve: &[[f64; 2]], beta: f64) -> f64 {
    let of = |[p, r]: &[f64; 2]| (1.0 + beta * beta) * p * r / (beta * beta * p + r + EDGE);
    curve.iter().map(of).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{made, moved};

    /// Made with NumPy 2.4.6 by the formulas of `compute_prd` and `prd_to_max_f_beta_pair` of
    /// `msmsajjadi/precision-recall-distributions`.
    #[test]
    fn the_curve_is_that_of_the_reference() {
        let found = curve(&[10, 20, 30, 0, 40], &[30, 20, 0, 25, 25]).unwrap();
        let expected = [
            (0, [7e-11, 0.7000000000000001]),
            (250, [0.2899494937021716, 0.7000000000000001]),
            (500, [0.55, 0.5500000000000002]),
            (700, [0.6462610505311077, 0.3292864522951661]),
            (1000, [0.75, 7.50000521297828e-11]),
        ];
        for (i, [p, r]) in expected {
            assert!((found[i][0] - p).abs() < 1e-9 && (found[i][1] - r).abs() < 1e-9, "{i}: {:?}", found[i]);
        }
        let f = [best_f(&found, 8.0), best_f(&found, 0.125)];
        let expected: [f64; 2] = [0.6935611226239395, 0.7274693497234946];
        assert!(f.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-9), "{f:?}");
    }

    #[test]
    fn dropped_modes_cost_recall_and_strange_items_precision() {
        let of = |seed, modes: usize| {
            let mut x = made(seed, 600, 8);
            x.chunks_exact_mut(8).enumerate().for_each(|(i, row)| row[i % modes] += 20.0);
            x
        };
        let score = |real: Vec<f32>, generated: Vec<f32>| {
            let sides = Sides::new(Rows::new(&real, 8).unwrap(), Rows::new(&generated, 8).unwrap()).unwrap();
            let found = Prd { clusters: 6, runs: 3 }.score(&sides, &Cpu::new(1)).unwrap();
            [found[0].value, found[1].value]
        };
        let [recall, precision] = score(of(1, 6), of(2, 3));
        assert!(recall < 0.6 && precision > 0.9, "{recall} {precision}");
        let [recall, precision] = score(of(1, 3), of(2, 6));
        assert!(recall > 0.9 && precision < 0.6, "{recall} {precision}");
    }

    #[test]
    fn numbers_are_those_of_the_mean_curve_of_all_runs() {
        let (a, b) = (made(1, 300, 3), moved(2, 400, 3));
        let sides = Sides::new(Rows::new(&a, 3).unwrap(), Rows::new(&b, 3).unwrap()).unwrap();
        let (prd, cpu) = (Prd { clusters: 20, runs: 4 }, Cpu::new(1));
        let found = prd.score(&sides, &cpu).unwrap();
        let all = prd.curves(&sides, &cpu).unwrap();
        for (value, beta) in found.iter().zip([8.0, 0.125]) {
            let mean: Vec<[f64; 2]> = (0..ANGLES)
                .map(|i| [0, 1].map(|j| all.iter().map(|curve| curve[i][j]).sum::<f64>() / 4.0))
                .collect();
            assert!((value.value - best_f(&mean, beta)).abs() < 1e-12, "{value:?}");
            // The mean of the runs' own best is more: each has it at another angle.
            let own = all.iter().map(|curve| best_f(curve, beta)).sum::<f64>() / 4.0;
            assert!(value.value < own - 1e-9 && value.spread.unwrap() > 0.0, "{value:?} {own}");
        }
    }
}
