//! Draws points: at random, by a scrambled Sobol' sequence (Burley 2020), or all of a grid.

use sha2::{Digest, Sha256};
use toml::Value;

use super::Chosen;
use crate::file::{Draw, Range};
use crate::settings::Setting;
use crate::study::Stage;

/// Points and dimensions that the Sobol' sequence has.
const SOBOL_POINTS: u32 = 1 << 16;
const SOBOL_DIMENSIONS: usize = 256;
/// A larger grid is a slip of the pen.
const MOST_POINTS: u64 = 1_000_000;

/// The points of an arm in a stage. A setting that two arms share has the same value in their points of the same number, so that
/// their difference is not that of their luck.
///
/// # Errors
/// A space that is too large for the way its points are drawn, as the rest of a sentence.
pub fn points(study: &str, stage: &Stage, arm: &str) -> Result<Vec<Chosen>, String> {
    let is_of = |setting: &&Setting| setting.arms.is_empty() || setting.arms.iter().any(|name| name == arm);
    let own: Vec<&Setting> = stage.settings.iter().filter(is_of).collect();
    match stage.draw {
        Draw::Grid => grid(&own),
        Draw::Sobol if stage.configs > SOBOL_POINTS || stage.settings.len() > SOBOL_DIMENSIONS => {
            Err(format!("draw = \"sobol\" has {SOBOL_POINTS} points of {SOBOL_DIMENSIONS} settings at most"))
        }
        draw => Ok((0..stage.configs).map(|n| drawn(study, stage, &own, draw, n)).collect()),
    }
}

fn drawn(study: &str, stage: &Stage, own: &[&Setting], draw: Draw, number: u32) -> Chosen {
    let value = |setting: &&Setting| {
        let share = match draw {
            Draw::Sobol => {
                let dimension =
                    stage.settings.iter().position(|known| known.name == setting.name).unwrap_or(0);
                let seed = hash(&[study, &stage.name]) as u32;
                f64::from(sobol_burley::sample(number, dimension as u32, seed))
            }
            _ => {
                hash(&[study, &stage.name, &setting.name, &number.to_string()]) as f64
                    / (u64::MAX as f64 + 1.0)
            }
        };
        ((*setting).clone(), at(&setting.range, share))
    };
    Chosen(own.iter().map(value).collect())
}

/// The value of a range at a share of it, from 0 to 1.
fn at(range: &Range, share: f64) -> Value {
    let between = |low: f64, high: f64| low + share * (high - low);
    match range {
        Range::Uniform([low, high]) => between(*low, *high).into(),
        // Both ends are exact.
        Range::Log([low, _]) if share == 0.0 => (*low).into(),
        Range::Log([_, high]) if share == 1.0 => (*high).into(),
        Range::Log([low, high]) => between(low.ln(), high.ln()).exp().clamp(*low, *high).into(),
        Range::Integer([low, high]) => {
            let n = (i128::from(*high) - i128::from(*low) + 1) as f64;
            ((*low as f64 + (share * n).floor()) as i64).clamp(*low, *high).into()
        }
        Range::Choice(values) => {
            values[((share * values.len() as f64) as usize).min(values.len() - 1)].clone()
        }
    }
}

/// All combinations, the last setting changing fastest.
fn grid(own: &[&Setting]) -> Result<Vec<Chosen>, String> {
    let axes: Vec<Vec<Value>> = own.iter().map(|setting| axis(setting)).collect();
    let n = axes.iter().try_fold(1u64, |n, axis| n.checked_mul(axis.len() as u64)).unwrap_or(u64::MAX);
    if n > MOST_POINTS {
        return Err(format!("the grid has more than {MOST_POINTS} points"));
    }
    let mut points = vec![Chosen::default()];
    for (setting, axis) in own.iter().zip(&axes) {
        let longer = |point: &Chosen| -> Vec<Chosen> {
            let with = |value: &Value| {
                let mut point = point.clone();
                point.0.push(((*setting).clone(), value.clone()));
                point
            };
            axis.iter().map(with).collect()
        };
        points = points.iter().flat_map(longer).collect();
    }
    Ok(points)
}

/// The values that a grid takes: all of a choice, and of a range both ends and evenly between.
fn axis(setting: &Setting) -> Vec<Value> {
    let shares = || (0..setting.points).map(|i| f64::from(i) / f64::from(setting.points.max(2) - 1));
    match &setting.range {
        Range::Choice(values) => values.clone(),
        Range::Integer([low, high]) => {
            let mut all: Vec<i64> =
                shares().map(|x| (*low as f64 + x * (*high - *low) as f64).round() as i64).collect();
            all.dedup();
            all.into_iter().map(Value::from).collect()
        }
        range => shares().map(|share| at(range, share)).collect(),
    }
}

/// The first bits of a hash of all texts.
fn hash(texts: &[&str]) -> u64 {
    let mut sum = Sha256::new();
    for text in texts {
        sum.update((text.len() as u64).to_le_bytes());
        sum.update(text.as_bytes());
    }
    let bytes = sum.finalize();
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, range: Range, arms: &[&str]) -> Setting {
        let arms = arms.iter().map(|arm| (*arm).to_owned()).collect();
        Setting { name: name.to_owned(), range, fields: vec![name.to_owned()], arms, points: 3 }
    }

    fn stage(draw: Draw, configs: u32) -> Stage {
        let settings = vec![
            setting("clip", Range::Log([1e-3, 1.0]), &["wgan"]),
            setting("lr", Range::Log([1e-5, 1e-2]), &[]),
            setting("n", Range::Integer([1, 5]), &[]),
            setting("kind", Range::Choice(vec!["a".into(), "b".into()]), &[]),
        ];
        Stage { name: "s".to_owned(), settings, configs, draw, seeds: vec![0], best_of: vec![] }
    }

    fn number(chosen: &Chosen, name: &str) -> f64 {
        match &chosen.settings()[name] {
            crate::Setting::Number(x) => *x,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn shared_settings_agree_between_arms_and_others_are_of_their_arm() {
        for draw in [Draw::Random, Draw::Sobol] {
            let stage = stage(draw, 40);
            let (gan, wgan) = (points("x", &stage, "gan").unwrap(), points("x", &stage, "wgan").unwrap());
            for (gan, wgan) in gan.iter().zip(&wgan) {
                assert_eq!((gan.0.len(), wgan.0.len()), (3, 4));
                assert_eq!(number(gan, "lr"), number(wgan, "lr"));
            }
            assert_ne!(points("y", &stage, "gan").unwrap(), gan, "another study draws others");
        }
    }

    /// The mean of the share that values take of a range, and the widest gap between neighbours, for 256 points.
    fn check(draw: Draw, mean_within: f64, gap_within: f64) {
        let points = points("x", &stage(draw, 256), "gan").unwrap();
        let mut shares: Vec<f64> =
            points.iter().map(|point| (number(point, "lr") / 1e-5).log10() / 3.0).collect();
        let mean = shares.iter().sum::<f64>() / 256.0;
        shares.sort_by(f64::total_cmp);
        let gap = shares.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
        assert!((mean - 0.5).abs() < mean_within && gap < gap_within, "{draw:?}: mean {mean}, gap {gap}");
        let all: std::collections::BTreeSet<i64> =
            points.iter().map(|point| number(point, "n") as i64).collect();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn points_fill_their_range() {
        // The standard deviation of the mean of 256 uniform numbers is 0.018.
        check(Draw::Random, 0.054, 0.05);
        check(Draw::Sobol, 0.004, 0.0079);
    }

    #[test]
    fn a_grid_has_every_combination_with_both_ends() {
        let points = points("x", &stage(Draw::Grid, 1), "gan").unwrap();
        assert_eq!(points.len(), 3 * 3 * 2);
        assert_eq!(points[0].assignments(), ["lr=0.00001", "n=1", "kind=\"a\""]);
        assert!((number(&points[6], "lr") / 10f64.powf(-3.5) - 1.0).abs() < 1e-12);
        assert_eq!(points[17].assignments()[1..], ["n=5", "kind=\"b\""]);
    }
}
