//! A discriminator that wins, as another program's log shows it: its loss near 0 and staying, the generator's high.

use super::stuck::is_cut_off;
use super::{Answer, held};
use crate::symptom::{Family, Kind, Losses, MEAN, Signal, family, score};
use crate::{Chart, Evidence, Lasting};

/// D's loss under the first, a sum, and G's over the second, over the last tenth of a log: measured on logs of StudioGAN.
const WINS: [f64; 2] = [0.15, 1.2];
/// Least squares: where G's loss is pinned when D is sure, halved and not, and D's loss under which it is. Of a D at 0.04 a G that is not halved
/// may still be at 0.5 on its way.
const PINNED: [[f64; 2]; 2] = [[0.5, 0.01], [1.0, 0.04]];
/// How near G's loss is to it.
const NEAR: f64 = 0.06;
/// Where G's loss is a total of several parts, D's is a smaller share of chance.
const ALONE: f64 = 0.2;
/// A healthy run may begin so: within so many steps only what is so far past the bound counts.
const BEGINNING: u64 = 500;
const EARLY: f64 = 4.0;
/// Outputs of D that are so far on their sides, as logits and as probabilities.
const LOGIT: f64 = 4.0;
const PROBABILITY: f64 = 0.97;
/// A relativistic D has a loss of 0 from the first on, and is well.
const ZERO: f64 = 1e-6;
/// Logarithms under which D's loss is 0 leave G no loss below this.
const LOG_OF_ZERO: f64 = 13.0;
/// What has become so much better by its score, and stayed near its best, is not lost to D.
const THRIVES: [f64; 2] = [0.8, 1.25];

/// Readings of a log that tell it.
pub(super) const READINGS: &[&[&str]] = &[
    &["discriminator/loss"],
    &["discriminator/loss_real", "discriminator/loss_fake"],
    &["discriminator/probability_real", "discriminator/probability_fake"],
    &["discriminator/logit_real", "discriminator/logit_fake"],
    &["discriminator/accuracy_real", "discriminator/accuracy_fake"],
];

/// What it is told from, and how sure that is.
type Won = (Lasting, Vec<Evidence>, f64);

pub(super) fn by_log(chart: &Chart) -> Answer {
    // A D that says the same whatever it sees does not win.
    let is_dead = matches!(super::stuck::by_log(chart), Answer::Holds(_));
    if thrives(chart) || is_dead {
        return Answer::Absent;
    }
    let known = Losses::of(chart).zip(family(chart));
    if let Some((losses, family)) = &known {
        if family.is(&[Kind::Critic, Kind::Relativistic, Kind::Equilibrium]) {
            return Answer::Untold(super::from_log::PRINT_OUTPUTS);
        }
        if !family.is_said && is_zero_throughout(losses) {
            return Answer::Untold(
                "the kind of loss: a D whose loss is 0 throughout has won by a hinge loss (--loss hinge), and is well by a relativistic one (--loss relativistic)",
            );
        }
    }
    let won = known.and_then(|(losses, family)| by_losses(&losses, &family)).or_else(|| by_outputs(chart));
    let Some((lasting, evidence, sure)) =
        won.filter(|won| chart.step() > BEGINNING || won.0.strength >= EARLY || is_by_epochs(chart))
    else {
        return Answer::Absent;
    };
    let is_over =
        chart.reading("generator/loss").and_then(crate::Series::last).is_some_and(|last| is_cut_off(last.1));
    let (over, over_ko) = match is_over {
        true => (
            " G's is where its logarithm is cut off, without a slope.",
            " 생성자의 손실은 로그가 잘린 값이어서 기울기가 없습니다.",
        ),
        false => ("", ""),
    };
    held(
        lasting,
        evidence,
        format!("The discriminator wins: its loss stays near 0 and the generator does not catch up.{over}"),
        format!("판별자가 이깁니다: 손실이 0 근처에 머물고 생성자가 따라잡지 못합니다.{over_ko}"),
    )
    .surely(sure)
}

/// Are the steps of a log so far apart that its first hundreds are no beginning: epochs, or thousands of images?
fn is_by_epochs(chart: &Chart) -> bool {
    chart.facts.step_unit.as_deref().is_some_and(|unit| matches!(unit, "epoch" | "kimg"))
}

fn by_losses(losses: &Losses, family: &Family) -> Option<Won> {
    let is_mean = family.chance.is_some_and(|chance| (chance - MEAN).abs() < 1e-9);
    let d_most = if is_mean { WINS[0] / 2.0 } else { WINS[0] };
    let pinned =
        |g: f64| PINNED.iter().find(|pinned| (g - pinned[0]).abs() < NEAR).map_or(0.0, |pinned| pinned[1]);
    let strength = |d: f64, g: f64| {
        let squares = pinned(g) / d.max(1e-6);
        let wins = if family.is(&[Kind::LeastSquares]) {
            0.0
        } else {
            (d_most / d.max(1e-6)).min(50.0).min(10.0 * g / WINS[1])
        };
        // G's loss has to be high, and how high beyond it does not matter.
        if g < WINS[1] { squares } else { wins.max(squares) }
    };
    let course = |stretch: &crate::symptom::Stretch| stretch.g.map_or(0.0, |g| strength(stretch.d, g));
    let shown = |expected: &str| -> Vec<Evidence> {
        let (_, g) = losses.end().unwrap_or_default();
        let is_pinned = g.is_some_and(|g| g < WINS[1]);
        let (of_d, of_g) = match is_pinned {
            true => ("around 0.25", "well below: it is pinned there where D is sure"),
            false => (expected, "under 1, or falling"),
        };
        losses.evidence_of_d(of_d).into_iter().chain(losses.evidence_of_g(of_g)).collect()
    };
    if losses.g.is_some() {
        let lasting = losses.lasting(course)?;
        let sure = if lasting.strength > 3.0 { 0.85 } else { 0.7 };
        return Some((lasting, shown(&format!("over {d_most}")), sure));
    }
    // G's loss is not there, or holds other parts.
    let most = match family.kind {
        Kind::LeastSquares => ALONE * family.chance?,
        _ => d_most,
    };
    let lasting = losses.lasting(|stretch| most / stretch.d.max(1e-6))?;
    Some((lasting, shown(&format!("over {most:.3}")), 0.55))
}

/// D's outputs, or how often it is right, where losses do not tell.
fn by_outputs(chart: &Chart) -> Option<Won> {
    let pair =
        |real: &'static str, fake: &'static str, bad: &dyn Fn(f64, f64) -> f64, sure: f64, expected: &str| {
            let (real, fake) = (Signal::of(chart, real, |it| it)?, Signal::of(chart, fake, |it| it)?);
            let points = real.points.iter().filter_map(|&(step, one)| Some((step, bad(one, fake.at(step)?))));
            let n = real.points.len() / 10;
            let lasting = crate::Course::new(points).lasting_of(n.max(3))?;
            let shown = [real.evidence(n.max(3), expected), fake.evidence(n.max(3), expected)];
            Some((lasting, shown.into_iter().flatten().collect(), sure))
        };
    let logits = |real: f64, fake: f64| (real / LOGIT).min(-fake / LOGIT);
    let shares = |real: f64, fake: f64| (1.0 - PROBABILITY) / (1.0 - real).max(1.0 - fake).max(1e-4);
    let outputs = |real: f64, fake: f64| shares(real, 1.0 - fake);
    let has_critic =
        family(chart).is_some_and(|family| family.is(&[Kind::Critic, Kind::Hinge, Kind::LeastSquares]));
    pair(
        "discriminator/probability_real",
        "discriminator/probability_fake",
        &outputs,
        0.75,
        "between 0.1 and 0.9",
    )
    .or_else(|| {
        pair("discriminator/logit_real", "discriminator/logit_fake", &logits, 0.7, "within 4 of 0")
            .filter(|_| !has_critic)
    })
    .or_else(|| {
        pair("discriminator/accuracy_real", "discriminator/accuracy_fake", &shares, 0.6, "under 0.97")
    })
}

/// Is D's loss exactly 0 at every reading, and G's too low for logarithms?
fn is_zero_throughout(losses: &Losses) -> bool {
    let is_zero = losses.d.points.iter().all(|point| point.1.abs() < ZERO);
    let low = losses.g.as_ref().map_or(0, |g| g.points.iter().filter(|point| point.1 < LOG_OF_ZERO).count());
    is_zero && losses.g.as_ref().is_none_or(|g| 2 * low > g.points.len())
}

/// Does the score say that samples have become better and are near their best?
fn thrives(chart: &Chart) -> bool {
    let Some(score) = score(chart).filter(|score| score.signal.points.len() >= 3) else {
        return false;
    };
    let worth = |value: f64| {
        if score.better == ganatomy_record::Direction::Down { value } else { 1.0 / value.max(1e-9) }
    };
    let points: Vec<f64> = score.signal.points.iter().map(|point| worth(point.1)).collect();
    let best = points.iter().copied().fold(f64::INFINITY, f64::min);
    best < THRIVES[0] * points[0] && points[points.len() - 1] < THRIVES[1] * best
}
