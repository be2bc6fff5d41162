//! k-means: seeds far from each other (Arthur and Vassilvitskii 2007), then Lloyd's steps.

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_game::nearest::{Nearest, in_parts, squared};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::rows::Rows;

/// Steps of Lloyd's, if the clusters still move then.
const MOST_STEPS: usize = 100;

/// The centres of `k` clusters of at least `k` rows.
///
/// # Shapes
/// - output: `[k, dims]`
pub(crate) fn centres(rows: Rows<'_>, k: usize, seed: u64, cpu: &Cpu) -> Result<Vec<f32>, ScoreError> {
    centres_after(rows, k, MOST_STEPS, seed, cpu)
}

/// As [`centres`], after so many steps at most.
pub(crate) fn centres_after(
    rows: Rows<'_>,
    k: usize,
    most_steps: usize,
    seed: u64,
    cpu: &Cpu,
) -> Result<Vec<f32>, ScoreError> {
    let dims = rows.dims();
    let mut centres = seeds(rows, k, seed, cpu);
    let mut before = Vec::new();
    for _ in 0..most_steps {
        let found = assign(rows, &centres, cpu)?;
        if found == before {
            break;
        }
        let (mut sums, mut counts) = (vec![0.0f64; centres.len()], vec![0usize; k]);
        for (row, &cluster) in rows.iter().zip(&found) {
            counts[cluster] += 1;
            let sum = &mut sums[cluster * dims..][..dims];
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        // A cluster that has lost all its rows stays where it is.
        for (cluster, n) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let to = centres[cluster * dims..][..dims].iter_mut();
            to.zip(&sums[cluster * dims..]).for_each(|(to, sum)| *to = (sum / *n as f64) as f32);
        }
        before = found;
    }
    Ok(centres)
}

/// The nearest centre of each row; of equally near ones the first.
pub(crate) fn assign(rows: Rows<'_>, centres: &[f32], cpu: &Cpu) -> Result<Vec<usize>, ScoreError> {
    let found = Nearest::new(centres, rows.dims(), cpu)?.query(rows.values())?;
    Ok(found.into_iter().map(|(cluster, _)| cluster).collect())
}

/// How many rows are nearest to each centre.
pub(crate) fn counts(rows: Rows<'_>, centres: &[f32], cpu: &Cpu) -> Result<Vec<usize>, ScoreError> {
    let mut counts = vec![0; centres.len() / rows.dims()];
    assign(rows, centres, cpu)?.into_iter().for_each(|cluster| counts[cluster] += 1);
    Ok(counts)
}

/// Refuses counts of different clusters, and those of no items.
pub(crate) fn check_counts(
    score: &'static str,
    real: &[usize],
    generated: &[usize],
) -> Result<(), ScoreError> {
    if real.len() != generated.len() {
        return Err(ScoreError::Bins { real: real.len(), generated: generated.len() });
    }
    let sides = [("real", real), ("generated", generated)];
    match sides.iter().find(|(_, counts)| counts.iter().all(|n| *n == 0)) {
        Some((side, _)) => Err(ScoreError::TooFew { score, side, needed: 1, found: 0 }),
        None => Ok(()),
    }
}

/// Rows drawn one after another, each with a chance by its squared distance to the nearest of those before.
fn seeds(rows: Rows<'_>, k: usize, seed: u64, cpu: &Cpu) -> Vec<f32> {
    let mut random = Keyed::new(&[seed, purpose("clusters")]);
    let mut chosen = random.below(rows.len() as u64) as usize;
    let mut nearest = vec![f64::INFINITY; rows.len()];
    let mut centres = rows.row(chosen).to_vec();
    while centres.len() < k * rows.dims() {
        in_parts(&mut nearest, cpu.threads(), |first, part| {
            for (i, near) in part.iter_mut().enumerate() {
                *near = near.min(squared(rows.row(first + i), rows.row(chosen)));
            }
        });
        let mut left = nearest.iter().sum::<f64>() * f64::from(random.uniform());
        let passes = |near: &f64| {
            left -= near;
            left < 0.0
        };
        // Where all rows are centres already, any row will do.
        chosen = nearest.iter().position(passes).unwrap_or_else(|| random.below(rows.len() as u64) as usize);
        centres.extend(rows.row(chosen));
    }
    centres
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn clusters_that_lie_apart_are_found() {
        let mut x = made(1, 400, 8);
        x.chunks_exact_mut(8).enumerate().for_each(|(i, row)| row[i % 4] += 20.0);
        let rows = Rows::new(&x, 8).unwrap();
        let found = centres(rows, 4, 3, &Cpu::new(2)).unwrap();
        assert_eq!(found, centres(rows, 4, 3, &Cpu::new(1)).unwrap());
        assert_eq!(counts(rows, &found, &Cpu::new(1)).unwrap(), [100; 4]);
        // Fewer different rows than clusters.
        let flat = [1.0; 12];
        assert_eq!(centres(Rows::new(&flat, 2).unwrap(), 3, 0, &Cpu::new(1)).unwrap(), [1.0; 6]);
    }
}
