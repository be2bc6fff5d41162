//! How well one single number of an item tells generated items from real ones.

use ganatomy_game::nearest::in_parts;
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::rows::Rows;

/// Numbers of an item that are looked at; of more, some at even distances.
const MOST: usize = 4096;
/// What a number may be off by without telling anything, in standard deviations of all real numbers: no judge lives on the
/// difference of a grey level and a tanh that comes near to it.
const MARGIN: f64 = 0.1;

/// The real items' numbers, place by place.
#[derive(Clone, Debug)]
pub struct OneNumber {
    dims: usize,
    stride: usize,
    margin: f32,
    /// In order.
    columns: Vec<Vec<f32>>,
}

impl OneNumber {
    /// Looks at some real items.
    ///
    /// # Errors
    /// No items.
    pub fn new(real: Rows<'_>) -> Result<OneNumber, ScoreError> {
        real.need("one number", "real", 1)?;
        let (dims, n) = (real.dims(), real.values().len() as f64);
        let mean = real.values().iter().map(|x| f64::from(*x)).sum::<f64>() / n;
        let square = real.values().iter().map(|x| (f64::from(*x) - mean).powi(2)).sum::<f64>() / n;
        let stride = dims.div_ceil(MOST);
        let columns = (0..dims).step_by(stride).map(|place| column(real, place)).collect();
        Ok(OneNumber { dims, stride, margin: (MARGIN * square.sqrt()) as f32, columns })
    }

    /// The best balanced accuracy of a threshold on one number: `1/2 + max |F_real - F_generated| / 2` over all places and
    /// thresholds, every generated number having been moved towards the real side by a tenth of the data's standard deviation.
    ///
    /// # Errors
    /// Items of another length than the real ones, or none.
    pub fn accuracy(&self, generated: Rows<'_>, cpu: &Cpu) -> Result<f64, ScoreError> {
        generated.need("one number", "generated", 1)?;
        if generated.dims() != self.dims {
            let (real, found) = (self.dims, generated.dims());
            return Err(ScoreError::Dims { side: "generated", real, found });
        }
        let mut gaps = vec![0.0f64; self.columns.len()];
        in_parts(&mut gaps, cpu.threads(), |first, gaps| {
            for (i, gap) in gaps.iter_mut().enumerate() {
                let (real, made) = (&self.columns[first + i], column(generated, (first + i) * self.stride));
                *gap = above(real, &made, self.margin).max(above(&made, real, self.margin));
            }
        });
        Ok(0.5 + gaps.into_iter().fold(0.0, f64::max) / 2.0)
    }
}

/// One place's numbers, in order.
fn column(rows: Rows<'_>, place: usize) -> Vec<f32> {
    let mut values: Vec<f32> = rows.iter().map(|row| row[place]).collect();
    values.sort_unstable_by(f32::total_cmp);
    values
}

/// The most by which the share of `b` that exceeds a threshold by a margin is larger than the share of `a` that exceeds it.
fn above(a: &[f32], b: &[f32], margin: f32) -> f64 {
    let (mut best, mut below) = (0.0f64, 0);
    for (i, threshold) in a.iter().enumerate() {
        while below < b.len() && b[below] - margin <= *threshold {
            below += 1;
        }
        let of = |left: usize, all: &[f32]| left as f64 / all.len() as f64;
        best = best.max(of(b.len() - below, b) - of(a.len() - 1 - i, a));
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn a_threshold_tells_what_it_can() {
        let check = |a: &[f32], b: &[f32], expected: f64| assert_eq!(above(a, b, 0.5), expected);
        check(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0, 2.0, 3.0], 0.0);
        check(&[0.0, 1.0, 2.0, 3.0], &[4.0, 5.0], 1.0);
        check(&[4.0, 5.0], &[0.0, 1.0, 2.0, 3.0], 0.0);
        // Above 1 are half of the first, and all of the second; nearer than the margin is nothing.
        check(&[0.0, 1.0, 2.0, 3.0], &[1.6, 2.0], 0.5);
        check(&[1.0; 4], &[1.4, 1.4, 1.6], 1.0 / 3.0);
    }

    #[test]
    fn only_the_place_that_differs_tells() {
        let (real, cpu) = (made(1, 512, 6), Cpu::new(2));
        let told = |change: fn(usize, f32) -> f32| {
            let items: Vec<f32> =
                made(2, 512, 6).into_iter().enumerate().map(|(i, x)| change(i % 6, x)).collect();
            let all = OneNumber::new(Rows::new(&real, 6).unwrap()).unwrap();
            let found = all.accuracy(Rows::new(&items, 6).unwrap(), &cpu).unwrap();
            assert_eq!(found, all.accuracy(Rows::new(&items, 6).unwrap(), &Cpu::new(1)).unwrap());
            found
        };
        assert!(told(|_, x| x) < 0.55);
        assert_eq!(told(|place, x| if place == 3 { x + 100.0 } else { x }), 1.0);
        assert_eq!(told(|place, x| if place == 5 { x - 100.0 } else { x }), 1.0);
        assert!((told(|place, x| if place == 0 { 0.0 } else { x }) - 0.75).abs() < 0.05);
        assert!(
            OneNumber::new(Rows::new(&real, 6).unwrap())
                .unwrap()
                .accuracy(Rows::new(&real, 3).unwrap(), &cpu)
                .is_err()
        );
    }

    #[test]
    fn of_many_places_some_are_looked_at() {
        let real = made(1, 20, 10_000);
        let all = OneNumber::new(Rows::new(&real, 10_000).unwrap()).unwrap();
        assert_eq!((all.stride, all.columns.len()), (3, 3334));
        let mut items = real.clone();
        items.chunks_exact_mut(10_000).for_each(|row| row[9_999] += 100.0);
        assert_eq!(all.accuracy(Rows::new(&items, 10_000).unwrap(), &Cpu::new(1)).unwrap(), 1.0);
    }
}
