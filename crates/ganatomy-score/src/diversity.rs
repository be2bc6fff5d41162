//! The mean distance between two items of a side, real beside generated.

use std::iter::zip;

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::Cpu;

use crate::error::ScoreError;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value};
use crate::squares::Squares;

/// How far two generated items are apart on average, beside two real ones.
///
/// The mean distance of all pairs of at most `most` items of a side, drawn at random: `diversity_generated`, `diversity_real`, and
/// `diversity_ratio`, which should be near 1, and which is left out where all real items are alike. Below it samples resemble each other more than data do, above it they scatter.
///
/// It sees collapse in the large, and noise as diversity. Two far modes of eight look diverse; coverage tells those apart.
#[derive(Clone, Copy, Debug)]
pub struct Diversity {
    most: usize,
}

impl Diversity {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Diversity, SpecError> {
        Ok(Diversity {
            most: fields.count("most", "items of a side, at most", 5000, 2..=1_000_000)? as usize,
        })
    }
}

impl Score for Diversity {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![
            ("diversity_generated", Direction::None),
            ("diversity_real", Direction::None),
            ("diversity_ratio", Direction::None),
        ]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("diversity", 2)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let mut random = Keyed::new(&[sides.seed, purpose("diversity")]);
        let mut of = |rows: Rows<'_>| {
            let some = rows.some(self.most, &mut random);
            mean_distance(Rows::new(&some, rows.dims())?, cpu)
        };
        let real = of(sides.real())?;
        let generated = of(sides.generated())?;
        let mut found = vec![
            Value::new("diversity_generated", generated, Direction::None),
            Value::new("diversity_real", real, Direction::None),
        ];
        // Of real items that are all alike there is no ratio.
        let ratio = (real > 0.0).then(|| Value::new("diversity_ratio", generated / real, Direction::None));
        found.extend(ratio);
        Ok(found)
    }
}

/// The mean distance of all pairs of two different rows; not a number for fewer than two.
///
/// # Errors
/// Distances that cannot be computed.
pub fn mean_distance(rows: Rows<'_>, cpu: &Cpu) -> Result<f64, ScoreError> {
    let mut all = Squares::new(rows, rows, cpu)?;
    let mut sums = vec![0.0f64; rows.len()];
    let unit = all.space.unit();
    // Rounding may take near items below zero, and would keep equal ones apart.
    all.sweep(cpu, &mut sums, |all, sum, line| {
        *sum += zip(line.start.., line.squares)
            .map(|(point, &square)| match square < 64.0 * all.doubt {
                true if point == line.query => 0.0,
                true => all.exact(line.query, point).sqrt() * unit,
                false => f64::from(square).sqrt(),
            })
            .sum::<f64>();
    })?;
    let n = rows.len() as f64;
    Ok(sums.iter().sum::<f64>() / unit / (n * (n - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn distances_are_those_of_all_pairs() {
        let check = |x: &[f32], dims: usize| {
            let rows = Rows::new(x, dims).unwrap();
            let far = |i: usize, j: usize| ganatomy_game::nearest::squared(rows.row(i), rows.row(j)).sqrt();
            let n = rows.len();
            let all: f64 = (0..n * n).map(|k| far(k / n, k % n)).sum();
            let expected = all / (n * (n - 1)) as f64;
            let found = mean_distance(rows, &Cpu::new(2)).unwrap();
            assert!((found - expected).abs() <= 1e-5 * expected, "{found} for {expected}");
        };
        check(&made(1, 200, 7), 7);
        check(&[3.0; 40], 4);
        let mut near = made(1, 100, 7);
        near.iter_mut().for_each(|x| *x = 1000.0 + *x * 0.01);
        near[0] = 5000.0;
        check(&near, 7);
    }

    #[test]
    fn items_are_drawn_from_the_whole_side() {
        // A folder is listed class by class: the first half of the items is all alike.
        let mut x = made(1, 400, 4);
        x[..800].fill(0.0);
        let sides = Sides::new(Rows::new(&x, 4).unwrap(), Rows::new(&x, 4).unwrap()).unwrap();
        let found = Diversity { most: 200 }.score(&sides, &Cpu::new(1)).unwrap();
        let all = Diversity { most: 400 }.score(&sides, &Cpu::new(1)).unwrap();
        assert!((found[1].value / all[1].value - 1.0).abs() < 0.2, "{found:?} {all:?}");
    }

    #[test]
    fn real_items_that_are_all_alike_have_no_ratio() {
        let (real, generated) = ([3.0; 40], made(1, 10, 4));
        let names = |generated: &[f32]| {
            let sides = Sides::new(Rows::new(&real, 4).unwrap(), Rows::new(generated, 4).unwrap()).unwrap();
            let found = Diversity { most: 100 }.score(&sides, &Cpu::new(1)).unwrap();
            found.iter().map(|value| value.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&generated), ["diversity_generated", "diversity_real"]);
        assert_eq!(names(&real), ["diversity_generated", "diversity_real"]);
    }
}
