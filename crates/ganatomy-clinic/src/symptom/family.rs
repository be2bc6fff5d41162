//! Which kind of loss a log is of: as it was said, or guessed from the values.

use super::Signal;
use super::losses::d_loss;
use crate::{Chart, median};

/// Chance of a D that has no opinion: the sum of two logarithms, and their mean.
pub const SUM: f64 = 2.0 * std::f64::consts::LN_2;
/// The mean of two logarithms.
pub const MEAN: f64 = std::f64::consts::LN_2;
/// Readings that are the start of a log.
const START: usize = 3;
/// Readings that tell logarithms from margins, and shares of them that are none and some.
const ENOUGH: usize = 20;
const LOW: [f64; 2] = [0.005, 0.01];
/// A start so near to a level, as a logarithm, is plain.
const PLAIN: f64 = 0.1;
/// A share of readings below zero that is no chance.
const BELOW: f64 = 0.05;

/// A kind of loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Logarithms of D's outputs; G's loss is positive.
    NonSaturating,
    /// The same; G's loss is `log(1 - D)`, below zero.
    Saturating,
    /// Squares of D's outputs less targets.
    LeastSquares,
    /// Margins.
    Hinge,
    /// A critic, whose outputs and whose G's loss have no level.
    Critic,
    /// Differences of outputs.
    Relativistic,
    /// BEGAN.
    Equilibrium,
    /// D's loss holds other parts, as of classes, and has no level.
    Mixed,
    /// Not told.
    Unknown,
}

/// A kind of loss, and what D's loss is where D has no opinion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Family {
    /// The kind.
    pub kind: Kind,
    /// D's loss at chance, where it has a level.
    pub chance: Option<f64>,
    /// Was the kind said, and not guessed?
    pub is_said: bool,
}

impl Family {
    /// Is it one of these?
    pub fn is(&self, kinds: &[Kind]) -> bool {
        kinds.contains(&self.kind)
    }

    /// The same in words, English and Korean.
    pub fn in_words(&self) -> [&'static str; 2] {
        match self.kind {
            Kind::NonSaturating => ["a non-saturating loss", "비포화(non-saturating) 손실"],
            Kind::Saturating => ["a saturating (minimax) loss", "포화(minimax) 손실"],
            Kind::LeastSquares => ["least squares", "최소제곱 손실"],
            Kind::Hinge => ["a hinge loss", "힌지 손실"],
            Kind::Critic => ["a critic's loss (wasserstein)", "비평자(wasserstein) 손실"],
            Kind::Relativistic => ["a relativistic loss", "상대론적(relativistic) 손실"],
            Kind::Equilibrium => ["BEGAN's loss", "BEGAN 손실"],
            Kind::Mixed => ["a loss with other parts in it, as of classes", "분류 등 다른 항이 섞인 손실"],
            Kind::Unknown => ["a loss of unknown kind", "알 수 없는 손실"],
        }
    }

    /// What the clinic takes the losses for, and by what level it reads them.
    pub fn sentence(&self) -> [String; 2] {
        let [english, korean] = self.in_words();
        let level = match self.chance {
            Some(chance) => [
                format!(": at chance D's loss is {chance:.3}"),
                format!(": 판별자가 구별하지 못하면 손실은 {chance:.3}입니다"),
            ],
            None => [
                ", whose level says nothing by itself".to_owned(),
                ": 값의 크기만으로는 아무것도 알 수 없습니다".to_owned(),
            ],
        };
        let how = if self.is_said {
            ["Judged as", "다음 손실로 봅니다:"]
        } else {
            ["Taken for", "다음 손실로 짐작합니다:"]
        };
        [format!("{} {english}{}.", how[0], level[0]), format!("{} {korean}{}.", how[1], level[1])]
    }
}

/// The family of a chart's losses; nothing where it has none of D's.
pub fn family(chart: &Chart) -> Option<Family> {
    let d = d_loss(chart)?;
    let g = Signal::of(chart, "generator/loss", |loss| loss);
    let said = chart.facts.loss.as_deref().and_then(kind_of);
    let kind = said.unwrap_or_else(|| guess(chart, &d, g.as_ref()));
    Some(Family { kind, chance: chance(chart, kind, &d), is_said: said.is_some() })
}

/// The kind of a loss by its name in a spec.
fn kind_of(name: &str) -> Option<Kind> {
    Some(match name {
        "non-saturating" => Kind::NonSaturating,
        "minimax" => Kind::Saturating,
        "least-squares" => Kind::LeastSquares,
        "hinge" => Kind::Hinge,
        "wasserstein" => Kind::Critic,
        "relativistic" | "relativistic-average" => Kind::Relativistic,
        "began" => Kind::Equilibrium,
        name if name.starts_with("f-") => Kind::Critic,
        _ => return None,
    })
}

fn guess(chart: &Chart, d: &Signal, g: Option<&Signal>) -> Kind {
    let has = |name: &str| chart.reading(name).is_some();
    let below = |signal: &Signal| {
        let n = signal.points.iter().filter(|point| point.1 < 0.0).count();
        n as f64 / signal.points.len() as f64
    };
    if has("loss/k") {
        return Kind::Equilibrium;
    }
    if below(d) >= BELOW {
        return Kind::Critic;
    }
    let [d0, g0] = [start(d), g.map_or(f64::NAN, start)];
    if let Some(g) = g.filter(|g| below(g) >= BELOW) {
        let never_above = g.points.iter().all(|point| point.1 <= 1e-6);
        return if never_above { Kind::Saturating } else { Kind::Hinge };
    }
    if has("discriminator/sign_real") || (has("discriminator/probability_real") && !fits_squares(d, g)) {
        return Kind::NonSaturating;
    }
    if fits_squares(d, g) {
        return Kind::LeastSquares;
    }
    // A log that begins late: D of squares is low and leaves G as low.
    let is_low = |signal: &Signal, bound: f64| {
        let over = signal.points.iter().filter(|point| point.1 > bound).count();
        over as f64 <= BELOW * signal.points.len() as f64
    };
    let of_squares = |g: &&Signal| is_low(d, 0.6) && is_low(g, 1.6) && too_low(d, g, 1.0).1 > 0.5;
    if d0 < 0.25 && g.filter(of_squares).is_some() {
        return Kind::LeastSquares;
    }
    let near = |value: f64, level: f64| (value / level - 1.0).abs() < 0.25;
    let is_even = (0.4..1.2).contains(&g0);
    let by_means = is_even && near(d0, MEAN);
    if let Some((n, share)) = g.map(|g| too_low(d, g, if by_means { 2.0 } else { 1.0 })) {
        let is_told = n >= ENOUGH;
        if is_told && share > LOW[1] {
            return Kind::Hinge;
        }
        if (!is_told || share < LOW[0]) && (by_means || near(d0, SUM) && (is_even || is_told)) {
            return Kind::NonSaturating;
        }
    }
    if has("discriminator/accuracy") || has("discriminator/accuracy_real") {
        return Kind::NonSaturating;
    }
    if (1.7..2.3).contains(&d0) && g0 < 0.4 {
        return Kind::Hinge;
    }
    let level = median(d.points.iter().map(|point| point.1)).unwrap_or(0.0);
    if level > 3.5 && g0 > 3.0 {
        return Kind::Mixed;
    }
    Kind::Unknown
}

/// Readings of a D that is no worse than chance, and the share of them that leave G a loss too low for logarithms: of
/// `d = -ln D(x) - ln(1 - D(G(z)))` follows `D(G(z)) <= 1 - exp(-d)`, and so `g >= -ln(1 - exp(-d))`.
fn too_low(d: &Signal, g: &Signal, times: f64) -> (usize, f64) {
    let pairs = d.points.iter().filter(|point| (0.02..1.2).contains(&point.1));
    let pairs: Vec<(f64, f64)> = pairs.filter_map(|&(step, d)| Some((times * d, g.at(step)?))).collect();
    let low = pairs.iter().filter(|(d, g)| *g < -0.8 * (1.0 - (-d).exp()).ln()).count();
    (pairs.len(), low as f64 / pairs.len().max(1) as f64)
}

/// The middle of the first readings.
fn start(signal: &Signal) -> f64 {
    median(signal.points.iter().take(START).map(|point| point.1)).unwrap_or(f64::NAN)
}

/// Do both losses stay where squares do? D near a quarter or a half at first and never far above, G at most about 1 while D is sure.
fn fits_squares(d: &Signal, g: Option<&Signal>) -> bool {
    let d0 = start(d);
    let share_over = |signal: &Signal, bound: f64| {
        let n = signal.points.iter().filter(|point| point.1 > bound).count();
        n as f64 / signal.points.len() as f64
    };
    let is_low = (0.1..0.6).contains(&d0) && share_over(d, 0.6) < 0.05;
    match g {
        // Of a G whose loss is a total only D tells.
        Some(g) if start(g) > 3.0 => is_low && (0.18..0.33).contains(&d0),
        Some(g) => is_low && share_over(g, 1.6) < 0.05,
        None => is_low && (0.18..0.33).contains(&d0),
    }
}

/// D's loss at chance: by its outputs or halves, by where it starts if that is plain, by what the format is known for, else by where it starts.
fn chance(chart: &Chart, kind: Kind, d: &Signal) -> Option<f64> {
    let is_put_together = d.reading != "discriminator/loss";
    let by_start_or_format = |[mean, sum]: [f64; 2]| {
        let away = |level: f64| (start(d).max(1e-6) / level).ln().abs();
        match chart.facts.halves.as_deref() {
            Some("mean") if away(sum) > PLAIN => mean,
            Some("sum") if away(mean) > PLAIN => sum,
            _ if away(mean) < away(sum) => mean,
            _ => sum,
        }
    };
    match kind {
        Kind::NonSaturating | Kind::Saturating if is_put_together => Some(SUM),
        Kind::NonSaturating | Kind::Saturating => {
            let told = by_outputs(chart, d).or_else(|| beside_halves(chart, d));
            Some(told.unwrap_or_else(|| by_start_or_format([MEAN, SUM])))
        }
        Kind::LeastSquares if is_put_together => Some(0.5),
        Kind::LeastSquares => Some(by_start_or_format([0.25, 0.5])),
        Kind::Hinge => Some(2.0),
        _ => None,
    }
}

/// Whether D's loss is a sum or a mean, by what its outputs come to.
fn by_outputs(chart: &Chart, d: &Signal) -> Option<f64> {
    // StyleGAN's is a sum.
    if chart.reading("discriminator/sign_real").is_some() {
        return Some(SUM);
    }
    let real = chart.reading("discriminator/probability_real")?;
    let fake = chart.reading("discriminator/probability_fake")?;
    let ratio = d.points.iter().filter_map(|&(step, loss)| {
        let sum = -real.at(step)?.max(1e-7).ln() - (1.0 - fake.at(step)?).max(1e-7).ln();
        (sum > 0.05).then_some(loss / sum)
    });
    median(ratio).map(|ratio| if ratio < 0.75 { MEAN } else { SUM })
}

/// The same by its halves.
fn beside_halves(chart: &Chart, d: &Signal) -> Option<f64> {
    let real = chart.reading("discriminator/loss_real")?;
    let fake = chart.reading("discriminator/loss_fake")?;
    let ratio =
        d.points.iter().filter_map(|&(step, loss)| Some(loss / (real.at(step)? + fake.at(step)?).max(1e-9)));
    median(ratio).map(|ratio| if ratio < 0.75 { MEAN } else { SUM })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Facts;

    fn chart(d: &[f64], g: &[f64]) -> Chart {
        let mut chart = Chart::new(Facts::default());
        for (i, (d, g)) in d.iter().zip(g).enumerate() {
            chart.read("discriminator/loss", 100 * i as u64, *d);
            chart.read("generator/loss", 100 * i as u64, *g);
        }
        chart
    }

    fn check(d: &[f64], g: &[f64], kind: Kind, level: Option<f64>) {
        let found = family(&chart(d, g)).unwrap();
        assert_eq!(found.kind, kind, "{d:?} {g:?}");
        assert!(found.chance.zip(level).is_none_or(|(a, b)| (a - b).abs() < 1e-3), "{found:?}");
        assert_eq!(found.chance.is_some(), level.is_some(), "{found:?}");
    }

    #[test]
    fn the_family_is_told_from_values() {
        check(&[1.42, 1.40, 1.02, 0.43], &[0.66, 0.65, 1.89, 1.37], Kind::NonSaturating, Some(1.386));
        check(
            &[0.69, 0.70, 0.70, 0.65, 0.7],
            &[0.69, 0.69, 0.62, 0.74, 0.7],
            Kind::NonSaturating,
            Some(0.693),
        );
        check(
            &[0.38, 0.25, 0.06, 0.006, 0.001],
            &[0.74, 0.72, 0.42, 0.48, 0.5],
            Kind::LeastSquares,
            Some(0.25),
        );
        check(&[0.06, 0.08, 0.05, 0.03, 0.02], &[0.7, 0.6, 0.9, 0.95, 0.99], Kind::LeastSquares, Some(0.25));
        check(&[1.98, 1.96, 1.9, 0.5, 0.1], &[0.002, 0.01, 0.1, 1.0, 2.4], Kind::Hinge, Some(2.0));
        check(&[1.16, 0.9, 0.8, 0.7, 0.5], &[0.38, -0.2, 0.3, -0.1, 1.0], Kind::Hinge, Some(2.0));
        // D of margins leaves G lower losses than logarithms do: at 0.25 these leave it 1.5.
        let hinge: Vec<f64> = (0..40).map(|i| if i % 8 == 7 { 0.25 } else { 1.1 }).collect();
        check(&hinge, &[0.6; 40], Kind::Hinge, Some(2.0));
        check(&hinge, &[1.6; 40], Kind::NonSaturating, Some(1.386));
        check(&[-2.9, -0.9, -0.5], &[-1.0, -11.0, 177.0], Kind::Critic, None);
        check(&[1.4, 1.3, 0.9, 0.1], &[-0.7, -0.6, -0.3, -0.01], Kind::Saturating, Some(1.386));
        check(&[7.0, 6.6, 5.6, 5.7], &[5.2, 4.9, 4.8, 5.0], Kind::Mixed, None);
        check(&[3.0, 0.3, 5.0, 0.5, 2.5], &[9.0, 1.5, 4.0, 3.0, 2.0], Kind::Unknown, None);
    }

    #[test]
    fn what_was_said_is_not_guessed() {
        let mut chart = chart(&[0.0, 0.0, 0.0], &[9.2, 9.5, 8.5]);
        chart.facts.loss = Some("relativistic-average".to_owned());
        let found = family(&chart).unwrap();
        assert!(found.is_said && found.is(&[Kind::Relativistic]));
        assert!(found.sentence()[0].starts_with("Judged as a relativistic loss"), "{:?}", found.sentence());
    }

    #[test]
    fn what_the_format_is_known_for_counts_where_the_start_is_not_plain() {
        let level = |d: f64, halves: &str| {
            let mut chart = chart(&[d; 6], &[0.7; 6]);
            (chart.facts.loss, chart.facts.halves) =
                (Some("non-saturating".to_owned()), Some(halves.to_owned()));
            family(&chart).unwrap().chance
        };
        assert_eq!(level(1.1, "mean"), Some(MEAN));
        assert_eq!(level(1.1, "unknown"), Some(SUM));
        assert_eq!(level(1.4, "mean"), Some(SUM));
        assert_eq!(level(0.4, "sum"), Some(SUM));
    }

    #[test]
    fn sums_are_told_from_means_by_outputs() {
        let mut chart = chart(&[0.2231; 6], &[2.0; 6]);
        for i in 0..6 {
            chart.read("discriminator/probability_real", 100 * i, 0.8);
            chart.read("discriminator/probability_fake", 100 * i, 0.2);
        }
        assert_eq!(family(&chart).unwrap().chance, Some(MEAN));
    }
}
