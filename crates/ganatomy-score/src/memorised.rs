//! Whether generated items are nearer to what was trained on than held-out items are (Meehan, Chaudhuri and Dasgupta 2020).

use ganatomy_game::nearest::Nearest;
use ganatomy_record::Direction;
use ganatomy_tensor::Cpu;

use crate::balls::radii;
use crate::error::ScoreError;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value};

/// A test of whether generated items copy those that were trained on.
///
/// Of each generated and each held-out item, the distance to the nearest item trained on is taken. `nearer_share` is the share of
/// pairs in which the generated item is the nearer one (ties count half): a half where nothing is copied. `memorised_z` is the
/// Mann-Whitney statistic `(U - n m / 2) / sqrt(n m (n + m + 1) / 12)`, U the pairs in which the generated item is the farther
/// one; below -3 items are copied, above 3 they are farther from the data than data are.
///
/// It is one test of all items at once, where the paper cuts the space into cells, tests in each, and takes a weighted mean: what
/// is copied in one part and too far in another cancels out here.
///
/// It sees copying on average. A generator that copies a tenth and blurs the rest may pass; the nearest neighbours should be
/// looked at too.
#[derive(Clone, Copy, Debug)]
pub struct Memorised;

impl Score for Memorised {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("memorised_z", Direction::None), ("nearer_share", Direction::None)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        let what = "held-out real items beside those that were trained on";
        let needed = 2;
        match known.n_held_out {
            None => Err(ScoreError::Missing { score: "memorised", what }),
            Some(found) if found < needed => {
                Err(ScoreError::TooFew { score: "memorised", side: "held-out", needed, found })
            }
            Some(_) => known.need("memorised", needed),
        }
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let mut nearest = Nearest::new(sides.real().values(), sides.real().dims(), cpu)?;
        let mut to_nearest = |rows: Option<Rows<'_>>| -> Result<Vec<f32>, ScoreError> {
            let found = nearest.query(rows.map_or(&[], |rows| rows.values()))?;
            Ok(found.into_iter().map(|(_, squared)| squared).collect())
        };
        let (generated, held_out) = (to_nearest(Some(sides.generated()))?, to_nearest(sides.held_out())?);
        let farther = farther(&generated, &held_out);
        let (n, m) = (generated.len() as f64, held_out.len() as f64);
        let z = (farther - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
        Ok(vec![
            Value::new("memorised_z", z, Direction::None),
            Value::new("nearer_share", nearer_share(&generated, &held_out), Direction::None),
        ])
    }
}

/// The share of pairs of one of `a` and one of `b` in which `a`'s is the smaller; equal ones count half.
///
/// # Shapes
/// - a, b: distances of items to the nearest of a third set
pub fn nearer_share(a: &[f32], b: &[f32]) -> f64 {
    1.0 - farther(a, b) / (a.len() as f64 * b.len() as f64)
}

/// The squared distance of each item to the nearest other one.
///
/// # Errors
/// Fewer than two items, or a search that cannot be set up.
pub fn to_others(rows: Rows<'_>, cpu: &Cpu) -> Result<Vec<f32>, ScoreError> {
    rows.need("memorised", "real", 2)?;
    Ok(radii(rows, 1, cpu)?.into_iter().map(|square| square as f32).collect())
}

/// Pairs in which a number of `a` is larger than one of `b`; equal ones count half.
fn farther(a: &[f32], b: &[f32]) -> f64 {
    let mut b = b.to_vec();
    b.sort_unstable_by(f32::total_cmp);
    let below = |x: &f32| (b.partition_point(|y| y < x) + b.partition_point(|y| y <= x)) as f64 / 2.0;
    a.iter().map(below).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn pairs_are_counted_with_ties_as_halves() {
        // scipy.stats.mannwhitneyu([3, 1, 2, 2], [2, 0, 5]).statistic, SciPy 1.17.1.
        assert_eq!(farther(&[3.0, 1.0, 2.0, 2.0], &[2.0, 0.0, 5.0]), 6.0);
        assert_eq!(nearer_share(&[3.0, 1.0, 2.0, 2.0], &[2.0, 0.0, 5.0]), 0.5);
        assert_eq!(nearer_share(&[0.0, 1.0], &[2.0, 1.0]), 0.875);
    }

    #[test]
    fn copies_are_seen_and_fresh_items_pass() {
        let (real, held_out) = (made(1, 400, 8), made(2, 200, 8));
        let z = |generated: &[f32]| {
            let sides = Sides::new(Rows::new(&real, 8).unwrap(), Rows::new(generated, 8).unwrap()).unwrap();
            assert!(
                Memorised
                    .check(&sides.known())
                    .unwrap_err()
                    .to_string()
                    .contains("needs held-out real items")
            );
            let sides = sides.with_held_out(Some(Rows::new(&held_out, 8).unwrap())).unwrap();
            let found = Memorised.score(&sides, &Cpu::new(1)).unwrap();
            let (z, nearer) = (found[0].value, found[1].value);
            assert!(
                z < -3.0 && nearer > 0.6 || z > 3.0 && nearer < 0.4 || (nearer - 0.5).abs() < 0.1,
                "{found:?}"
            );
            z
        };
        assert!(z(&made(3, 200, 8)).abs() < 3.0);
        let near: Vec<f32> =
            real[..1600].iter().zip(made(4, 200, 8)).map(|(x, noise)| x + 0.05 * noise).collect();
        assert!(z(&near) < -10.0, "{}", z(&near));
        let noisy: Vec<f32> = made(3, 200, 8).iter().map(|x| x * 2.0).collect();
        assert!(z(&noisy) > 3.0, "{}", z(&noisy));
    }
}
