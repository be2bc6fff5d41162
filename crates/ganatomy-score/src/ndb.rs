//! The number of statistically different bins (Richardson and Weiss 2018).

use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::clusters::{centres, check_counts, counts};
use crate::error::ScoreError;
use crate::remembered::Bins;
use crate::score::{Known, Score, Sides, Value};

/// Two-sided, at the 5 % of the reference: a normal variable exceeds it in size once in twenty times.
const Z: f64 = 1.959_963_984_540_054;

/// The share of bins that hold another share of generated items than of real ones, and how far the shares differ in all.
///
/// The bins are the clusters of the real side (k-means). In each, `z = (p - q) / sqrt(s (1 - s) (1 / n + 1 / m))` compares the shares `p`
/// of n real and `q` of m generated items, `s` being that of both together; where `|z| > 1.96` the bin is different (5 %).
/// `ndb_share` is the count divided by the bins, and `ndb_js` the Jensen-Shannon divergence of the shares, in nats.
///
/// It sees which parts of the data are missing or too frequent. Equal laws give 0.05, and more where clusters were fitted to the
/// very items that are counted. It is blind to what the clusters do not tell apart; each should hold ten items or more.
#[derive(Clone, Copy, Debug)]
pub struct Ndb {
    bins: usize,
}

impl Ndb {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Ndb, SpecError> {
        Ok(Ndb { bins: fields.count("bins", "clusters of the real items", 100, 2..=10_000)? as usize })
    }
}

impl Score for Ndb {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("ndb_share", Direction::Down), ("ndb_js", Direction::Down)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("ndb", 10 * self.bins)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let bins = sides.remembered().bins.get((sides.seed, self.bins), || {
            let centres = centres(sides.real(), self.bins, sides.seed, cpu)?;
            Ok(Bins { counts: counts(sides.real(), &centres, cpu)?, centres })
        })?;
        let (different, js) = compare(&bins.counts, &counts(sides.generated(), &bins.centres, cpu)?)?;
        Ok(vec![
            Value::share("ndb_share", different, self.bins, Direction::Down),
            Value::new("ndb_js", js, Direction::Down),
        ])
    }
}

/// The number of bins that differ, and the Jensen-Shannon divergence of the shares.
///
/// # Errors
/// Counts of different bins, or of no items.
pub fn compare(real: &[usize], generated: &[usize]) -> Result<(usize, f64), ScoreError> {
    check_counts("ndb", real, generated)?;
    let total = |counts: &[usize]| counts.iter().sum::<usize>() as f64;
    let (n, m) = (total(real), total(generated));
    let (mut different, mut js) = (0, 0.0);
    for (&a, &b) in real.iter().zip(generated) {
        let (p, q) = (a as f64 / n, b as f64 / m);
        let both = (a + b) as f64 / (n + m);
        let error = (both * (1.0 - both) * (1.0 / n + 1.0 / m)).sqrt();
        different += usize::from(((p - q) / error).abs() > Z);
        let middle = (p + q) / 2.0;
        let term = |x: f64| if x > 0.0 { x * (x / middle).ln() } else { 0.0 };
        js += (term(p) + term(q)) / 2.0;
    }
    Ok((different, js))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rows;
    use crate::testing::made;

    /// Bins of given centres (the first rows of the real side), counted and compared with NumPy 2.4.6 and SciPy 1.17.1 by the
    /// formulas of `ndb.py` of `eitanrich/gans-n-gmms`.
    #[test]
    fn bins_are_those_of_the_reference() {
        let check = |n: usize, m: usize, dims: usize, bins: usize, expected: (usize, f64)| {
            let b: Vec<f32> = made(2, m, dims).into_iter().map(|x| x * 1.25 + 0.125).collect();
            let a = made(1, n, dims);
            let cpu = Cpu::new(2);
            let counts = |x: &[f32]| counts(Rows::new(x, dims).unwrap(), &a[..bins * dims], &cpu).unwrap();
            let (different, js) = compare(&counts(&a), &counts(&b)).unwrap();
            assert!(different == expected.0 && (js - expected.1).abs() < 1e-12, "{different} {js}");
        };
        check(1000, 800, 12, 20, (9, 0.023199912024186642));
        check(2000, 500, 3, 50, (13, 0.052870353505780315));
    }

    #[test]
    fn a_bin_that_is_empty_on_one_side_counts() {
        let (different, js) = compare(&[50, 50, 0], &[100, 0, 0]).unwrap();
        assert_eq!(different, 2);
        assert!(
            (js - (0.5 * (0.5 * (0.5f64 / 0.75).ln() + 0.5 * 2.0f64.ln() + (1.0f64 / 0.75).ln()))).abs()
                < 1e-12
        );
    }

    #[test]
    fn a_dropped_mode_is_seen_and_equal_laws_are_not() {
        let of = |seed, modes: usize| {
            let mut x = made(seed, 600, 8);
            x.chunks_exact_mut(8).enumerate().for_each(|(i, row)| row[i % modes] += 20.0);
            x
        };
        let check = |generated: Vec<f32>, at_least: f64, at_most: f64| {
            let real = of(1, 5);
            let sides = Sides::new(Rows::new(&real, 8).unwrap(), Rows::new(&generated, 8).unwrap()).unwrap();
            let found = Ndb { bins: 5 }.score(&sides, &Cpu::new(1)).unwrap();
            assert!(found[0].value >= at_least && found[0].value <= at_most, "{found:?}");
        };
        check(of(2, 5), 0.0, 0.0);
        check(of(2, 4), 0.99, 1.0);
    }

    #[test]
    fn counts_that_do_not_compare_are_refused() {
        let check = |real: &[usize], generated: &[usize], expected: &str| {
            assert_eq!(compare(real, generated).unwrap_err().to_string(), expected);
            assert!(crate::prd::curve(real, generated).is_err());
        };
        check(
            &[1, 2],
            &[1, 2, 3],
            "both sides need counts of the same bins, found 2 of the real side and 3 of the generated",
        );
        check(&[0, 0], &[1, 2], "ndb needs at least 1 real items, found 0");
        check(&[1, 2], &[0, 0], "ndb needs at least 1 generated items, found 0");
        check(&[], &[], "ndb needs at least 1 real items, found 0");
    }
}
