//! Means and covariances of rows that pass by once and are not kept.

use std::ops::Range;

use ganatomy_tensor::Cpu;

use super::moments::{Moments, centred, mean};
use super::product::{BLOCK, Products, whole};
use crate::error::ScoreError;
use crate::rows::Rows;

/// Sums of rows and of their products, by parts: of any parts together there are mean and covariance.
///
/// Its memory is that of a matrix a part, however many rows there are. All is summed about the mean of the first block, so that
/// nothing of weight cancels as long as rows come in no order.
pub struct Gather {
    dims: usize,
    /// Where parts end.
    cuts: Vec<usize>,
    n: usize,
    /// Rows that are not summed yet, less than a block.
    waiting: Vec<f32>,
    about: Vec<f64>,
    sums: Vec<f64>,
    products: Products,
    parts: Vec<Part>,
    largest: f32,
}

/// The sums of a part.
struct Part {
    rows: Range<usize>,
    sums: Vec<f64>,
    products: Vec<f64>,
}

impl std::fmt::Debug for Gather {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gather").field("dims", &self.dims).field("n", &self.n).finish_non_exhaustive()
    }
}

impl Gather {
    /// Nothing yet, of rows whose parts end at these numbers of rows; those after the last do not count.
    ///
    /// # Errors
    /// Programs that do not fit.
    pub fn new(dims: usize, mut cuts: Vec<usize>, cpu: &Cpu) -> Result<Gather, ScoreError> {
        cuts.sort_unstable();
        cuts.dedup();
        let products = Products::new(dims, cpu)?;
        let (waiting, about, parts) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Gather { dims, cuts, n: 0, waiting, about, sums: vec![0.0; dims], products, parts, largest: 0.0 })
    }

    /// Adds some rows.
    ///
    /// # Shapes
    /// - values: `[n, dims]`, row-major
    ///
    /// # Errors
    /// Numbers that do not make whole rows, and those that are not finite.
    pub fn add(&mut self, values: &[f32], cpu: &Cpu) -> Result<(), ScoreError> {
        let rows = Rows::new(values, self.dims).map_err(|error| match error {
            ScoreError::NotFinite { row, column, found } => {
                ScoreError::NotFinite { row: self.n + row, column, found }
            }
            other => other,
        })?;
        self.largest = values.iter().fold(self.largest, |most, x| most.max(x.abs()));
        for row in rows.iter() {
            self.waiting.extend_from_slice(row);
            self.n += 1;
            let is_cut = self.cuts.binary_search(&self.n).is_ok();
            if is_cut || self.waiting.len() == BLOCK * self.dims {
                self.sum(cpu)?;
            }
            if is_cut {
                let start = self.parts.last().map_or(0, |part| part.rows.end);
                let sums = std::mem::replace(&mut self.sums, vec![0.0; self.dims]);
                self.parts.push(Part { rows: start..self.n, sums, products: self.products.take()? });
            }
        }
        Ok(())
    }

    /// Sums the rows that wait.
    fn sum(&mut self, cpu: &Cpu) -> Result<(), ScoreError> {
        if self.about.is_empty() {
            self.about = mean(Rows::new(&self.waiting, self.dims)?);
        }
        let (waiting, about) = (&self.waiting, &self.about);
        self.products.add(cpu, |columns, out| centred(waiting, (about, 1.0), columns, out, cpu))?;
        let mut sums = vec![0.0; self.dims];
        for row in waiting.chunks_exact(self.dims) {
            let from = row.iter().zip(about).map(|(x, m)| f64::from(*x) - m);
            sums.iter_mut().zip(from).for_each(|(sum, x)| *sum += x);
        }
        self.sums.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
        self.waiting.clear();
        Ok(())
    }

    /// Mean and covariance of the rows of some parts without those of others.
    pub(crate) fn moments(
        &self,
        rows: &Range<usize>,
        without: &Range<usize>,
        cpu: &Cpu,
    ) -> Result<Moments, ScoreError> {
        let is_in =
            |part: &Part, rows: &Range<usize>| part.rows.start >= rows.start && part.rows.end <= rows.end;
        let mut parts = self.parts.iter().filter(|part| is_in(part, rows) && !is_in(part, without));
        let too_few = ScoreError::TooFew { score: "fid", side: "real or generated", needed: 2, found: 0 };
        let first = parts.next().ok_or(too_few)?;
        let (mut n, mut sums, mut products) = (first.rows.len(), first.sums.clone(), first.products.clone());
        for part in parts {
            n += part.rows.len();
            sums.iter_mut().zip(&part.sums).for_each(|(sum, x)| *sum += x);
            products.iter_mut().zip(&part.products).for_each(|(sum, x)| *sum += x);
        }
        let n = n as f64;
        sums.iter_mut().for_each(|x| *x /= n);
        let mut covariance = whole(&products, self.dims);
        drop(products);
        for (line, a) in covariance.chunks_exact_mut(self.dims).zip(&sums) {
            line.iter_mut().zip(&sums).for_each(|(x, b)| *x = (*x - n * a * b) / (n - 1.0));
        }
        let mean = self.about.iter().zip(&sums).map(|(about, x)| about + x).collect();
        Moments::with(mean, covariance, cpu)
    }

    /// The largest of all numbers.
    pub(crate) fn largest(&self) -> f32 {
        self.largest
    }

    /// Numbers of a row.
    pub(crate) fn dims(&self) -> usize {
        self.dims
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn parts_together_have_the_moments_of_their_rows() {
        let (n, dims, cpu) = (2000, 40, Cpu::new(2));
        // Far from zero, where sums about zero would cancel.
        let x: Vec<f32> = made(1, n, dims).iter().map(|x| x + 1000.0).collect();
        let mut gather = Gather::new(dims, vec![1900, 300, 700, 700], &cpu).unwrap();
        x.chunks(170 * dims).for_each(|some| gather.add(some, &cpu).unwrap());
        let check = |rows: Range<usize>, without: Range<usize>, expected: &[f32]| {
            let found = gather.moments(&rows, &without, &cpu).unwrap();
            let expected = Moments::of(Rows::new(expected, dims).unwrap(), &cpu).unwrap();
            assert!((found.trace / expected.trace - 1.0).abs() < 1e-12, "{}", found.trace - expected.trace);
            assert!(found.mean.iter().zip(&expected.mean).all(|(a, b)| (a - b).abs() < 1e-10));
            let off = found.factor.iter().zip(&expected.factor).map(|(a, b)| (a - b).abs());
            let off = off.fold(0.0, f64::max);
            assert!(found.factor.len() == dims * dims && off < 1e-10, "{off}");
        };
        check(0..1900, 0..0, &x[..1900 * dims]);
        check(0..700, 0..0, &x[..700 * dims]);
        check(0..1900, 300..700, &[&x[..300 * dims], &x[700 * dims..1900 * dims]].concat());
        check(700..1900, 0..300, &x[700 * dims..1900 * dims]);
        assert!(gather.moments(&(1900..2000), &(0..0), &cpu).is_err());
        let error = gather.add(&[[0.0; 40], [f32::NAN; 40]].concat(), &cpu).unwrap_err().to_string();
        assert!(error.contains("found NaN in row 2001, column 0"), "{error}");
    }
}
