//! Mean and covariance of rows, the covariance as a factor of full rank.

use std::ops::Range;

use ganatomy_game::nearest::in_parts;
use ganatomy_tensor::Cpu;

use super::cholesky::factor;
use super::product::{BLOCK, Products, whole};
use crate::error::ScoreError;
use crate::rows::Rows;

/// Mean and covariance, `C = F^T F / (n - 1)`.
#[derive(Clone)]
pub(crate) struct Moments {
    pub mean: Vec<f64>,
    /// The trace of the covariance.
    pub trace: f64,
    /// `F` with the division in it, `[rank, dims]`: the centred rows where they are fewer than the features, else a Cholesky
    /// factor.
    pub factor: Vec<f64>,
}

impl Moments {
    /// Of at least two rows.
    pub fn of(rows: Rows<'_>, cpu: &Cpu) -> Result<Moments, ScoreError> {
        let (n, dims) = (rows.len(), rows.dims());
        let mean = mean(rows);
        let scale = 1.0 / (n as f64 - 1.0).sqrt();
        let centre = |start: usize, columns: Range<usize>, out: &mut [f64]| {
            let end = n.min(start + out.len() / columns.len());
            let some = &rows.values()[start * dims..end * dims];
            centred(some, (&mean, scale), columns, out, cpu);
        };
        if n <= dims {
            let mut factor = vec![0.0; n * dims];
            centre(0, 0..dims, &mut factor);
            let trace = factor.iter().map(|x| x * x).sum();
            return Ok(Moments { mean, trace, factor });
        }
        let mut products = Products::new(dims, cpu)?;
        for start in (0..n).step_by(BLOCK) {
            products.add(cpu, |columns, out| centre(start, columns, out))?;
        }
        let covariance = whole(&products.take()?, dims);
        drop(products);
        Moments::with(mean, covariance, cpu)
    }

    /// Of a covariance.
    pub fn with(mean: Vec<f64>, covariance: Vec<f64>, cpu: &Cpu) -> Result<Moments, ScoreError> {
        let dims = mean.len();
        let trace = covariance.iter().step_by(dims + 1).sum();
        Ok(Moments { trace, factor: factor(covariance, dims, cpu)?, mean })
    }
}

/// Writes some columns of rows, less their mean and scaled; zeros beyond the last row.
///
/// # Shapes
/// - rows: `[n, dims]`; out: `[n or more, columns]`
pub(crate) fn centred(
    rows: &[f32],
    (mean, scale): (&[f64], f64),
    columns: Range<usize>,
    out: &mut [f64],
    cpu: &Cpu,
) {
    let (dims, mean) = (mean.len(), &mean[columns.clone()]);
    let mut lines: Vec<&mut [f64]> = out.chunks_exact_mut(columns.len()).collect();
    in_parts(&mut lines, cpu.threads(), |first, lines| {
        for (i, to) in lines.iter_mut().enumerate() {
            match rows.get((first + i) * dims..(first + i + 1) * dims) {
                Some(row) => {
                    let from = row[columns.clone()].iter().zip(mean);
                    to.iter_mut().zip(from).for_each(|(to, (x, m))| *to = (f64::from(*x) - m) * scale);
                }
                None => to.fill(0.0),
            }
        }
    });
}

/// The mean row, summed block by block so that rounding does not grow with the number of rows.
pub(crate) fn mean(rows: Rows<'_>) -> Vec<f64> {
    let mut total = vec![0.0; rows.dims()];
    for block in rows.values().chunks(BLOCK * rows.dims()) {
        let mut sums = vec![0.0; rows.dims()];
        for row in block.chunks_exact(rows.dims()) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
    }
    total.iter_mut().for_each(|x| *x /= rows.len() as f64);
    total
}
