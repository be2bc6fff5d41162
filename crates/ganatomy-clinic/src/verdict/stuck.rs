//! Dead players as another program's log shows them: losses that stand at a constant.

use super::{Answer, held};
use crate::symptom::{Family, Kind, Losses, MEAN, SUM, family};
use crate::{Chart, Evidence, Lasting, median};

/// Logarithms that a program cuts off: PyTorch's, 100 and their mean with 0, and Keras' at 1e-7 and at the smallest step of 32 bits.
const CUT_OFF: [f64; 6] = [100.0, 50.0, 16.118, 15.942, 8.059, 7.971];
/// Values that are nearer to a constant than this share are it.
const SAME: f64 = 1e-3;
/// A critic whose loss is under this says the same of everything.
const NOTHING: f64 = 1e-6;
/// Losses that are nearer to chance than this have no opinion.
const NEAR_CHANCE: f64 = 0.012;
/// A spread so small, as a share, is none.
const NO_SPREAD: f64 = 0.001;
/// D was sure, or was fooled, beyond these shares of chance before it fell silent.
const FLIPPED: [f64; 2] = [0.2, 2.0];
/// Readings that a constant is told from which no program is known to cut off at.
const MANY: usize = 20;
/// A constant so near to 0 is of a D that wins.
const NEAR_ZERO: f64 = 0.05;
/// Weights of penalties that are usual.
const WEIGHTS: [f64; 4] = [1.0, 5.0, 10.0, 100.0];
/// Both losses under these have nothing left to learn from.
const BOTH: [f64; 2] = [1e-3, 1e-2];

/// What is told of the losses of a log.
pub(super) fn by_log(chart: &Chart) -> Answer {
    let Some((losses, family)) = Losses::of(chart).zip(family(chart)) else {
        return penalty(chart);
    };
    // What is no number any more has diverged.
    if losses.stretches.last().is_some_and(|last| !last.d.is_finite()) {
        return Answer::Absent;
    }
    let ways = [
        saturated(&losses),
        silent(&losses, &family),
        nothing(&losses, &family),
        both_zero(&losses, &family),
        constant(&losses, &family),
        penalty(chart),
    ];
    ways.into_iter().find(|way| matches!(way, Answer::Holds(_))).unwrap_or(Answer::Absent)
}

/// Is a loss where a program cuts its logarithm off?
pub(super) fn is_cut_off(value: f64) -> bool {
    CUT_OFF.iter().any(|constant| (value / constant - 1.0).abs() < SAME)
}

/// D's loss stands where its logarithm is cut off, in two readings in a row: no chance brings it there twice.
fn saturated(losses: &Losses) -> Answer {
    let course = losses.course(|stretch| f64::from(u8::from(is_cut_off(stretch.d))) * 10.0);
    let last = course.points().len().checked_sub(2);
    if !last.is_some_and(|last| course.points()[last..].iter().all(|point| point.1 > 1.0)) {
        return Answer::Absent;
    }
    let Some(lasting) = course.lasting_of(2) else {
        return Answer::Absent;
    };
    let value = losses.d.points.last().map_or(0.0, |point| point.1);
    held(
        lasting,
        evidence(losses, "away from where a logarithm is cut off"),
        format!("D's loss stands at {value:.3}, where the program cuts its logarithm off: its outputs are 0 or 1 exactly, and nothing is learned from them."),
        format!("판별자의 손실이 로그를 잘라 내는 값 {value:.3}에 멈춰 있습니다: 출력이 정확히 0 또는 1이어서 아무것도 배울 수 없습니다."),
    )
    .surely(0.95)
}

/// Both losses stand at chance, with almost no spread.
fn silent(losses: &Losses, family: &Family) -> Answer {
    if !family.is(&[Kind::NonSaturating, Kind::Unknown]) {
        return Answer::Absent;
    }
    let levels = family.chance.map_or([SUM, MEAN], |chance| [chance; 2]);
    let at_chance = |d: f64| levels.iter().any(|level| (d / level - 1.0).abs() < NEAR_CHANCE);
    let is_silent =
        |d: f64, g: Option<f64>| at_chance(d) && g.is_none_or(|g| (g / MEAN - 1.0).abs() < 2.0 * NEAR_CHANCE);
    let course = losses.course(|stretch| if is_silent(stretch.d, stretch.g) { 2.0 } else { 0.0 });
    let Some(lasting) = course.lasting_of(losses.last().max(4)) else {
        return Answer::Absent;
    };
    // Single readings, not only their middle, stay there.
    let late: Vec<f64> =
        losses.d.points.iter().filter(|point| point.0 >= lasting.since).map(|point| point.1).collect();
    let level = median(late.iter().copied()).unwrap_or(SUM);
    let spread = median(late.iter().map(|d| (d / level - 1.0).abs())).unwrap_or(1.0);
    if spread > NEAR_CHANCE || losses.g.is_none() {
        return Answer::Absent;
    }
    let flipped = losses.d.points.iter().filter(|point| point.0 < lasting.since);
    let flipped =
        flipped.filter(|point| point.1 < FLIPPED[0] * level || point.1 > FLIPPED[1] * level).count() >= 2;
    let from_the_start = lasting.since <= losses.stretches[losses.stretches.len() / 10].steps[0];
    // A toy's players may come to chance because they are done; what does not move at all is dead.
    let sure = match (flipped, from_the_start, spread < NO_SPREAD) {
        (true, ..) => 0.9,
        (_, true, true) => 0.75,
        (_, _, true) => 0.65,
        _ => 0.45,
    };
    let (then, then_ko) = match flipped {
        true => (", since it flipped", " (한 번 뒤집힌 뒤로)"),
        false => ("", ""),
    };
    held(
        lasting,
        evidence(losses, "around chance, and moving"),
        format!("Both losses stand at chance with almost no spread{then}: the discriminator gives no opinion, and nothing is learned from it."),
        format!("두 손실이 거의 흔들림 없이 우연 수준에 멈춰 있습니다{then_ko}: 판별자가 아무 의견도 내지 않아 배울 것이 없습니다."),
    )
    .surely(sure)
}

/// A critic says the same of everything.
fn nothing(losses: &Losses, family: &Family) -> Answer {
    if !family.is(&[Kind::Critic]) {
        return Answer::Absent;
    }
    let lasting = losses.lasting(|stretch| NOTHING / stretch.d.abs().max(1e-12));
    match lasting.filter(|_| losses.d.points.len() >= 5) {
        Some(lasting) => held(
            lasting,
            evidence(losses, "a difference between real and generated items"),
            "The critic says the same of samples and of data: its loss is 0 but for rounding, and nothing is learned from it.".to_owned(),
            "비평자가 샘플과 데이터를 똑같이 봅니다: 손실이 사실상 0이어서 배울 것이 없습니다.".to_owned(),
        )
        .surely(0.95),
        None => Answer::Absent,
    }
}

/// Both losses are 0, which no game of two players comes to.
fn both_zero(losses: &Losses, family: &Family) -> Answer {
    if !family.is(&[Kind::NonSaturating, Kind::Hinge, Kind::LeastSquares, Kind::Unknown])
        || losses.g.is_none()
    {
        return Answer::Absent;
    }
    let strength = |d: f64, g: f64| (BOTH[0] / d.abs().max(1e-9)).min(BOTH[1] / g.abs().max(1e-9));
    match losses.lasting(|stretch| stretch.g.map_or(0.0, |g| strength(stretch.d, g))) {
        Some(lasting) => held(
            lasting,
            evidence(losses, "one player's loss to rise where the other's falls").into_iter().chain(losses.evidence_of_g("the same")),
            "Both losses are 0, which no game comes to: look at the wiring (labels, whose loss is printed, batches that hold real or generated items alone under batch normalization).".to_owned(),
            "두 손실이 모두 0입니다. 정상적인 경기에서는 있을 수 없으니 배선을 확인하십시오(레이블, 출력한 손실이 누구 것인지, 배치 정규화에 진짜와 가짜가 따로 들어가는지).".to_owned(),
        )
        .surely(0.8),
        None => Answer::Absent,
    }
}

/// D's loss stands at one value for most of a long stretch.
fn constant(losses: &Losses, family: &Family) -> Answer {
    let points = &losses.d.points;
    let late = &points[points.len() * 2 / 3..];
    let Some(level) = median(late.iter().map(|point| point.1)).filter(|_| late.len() >= MANY) else {
        return Answer::Absent;
    };
    // A D that wins stands near 0, and a loss of three decimals is often the same there.
    let is_same = |value: f64| (value / level - 1.0).abs() < SAME;
    let n_same = late.iter().filter(|point| is_same(point.1)).count();
    let is_full = family.is(&[Kind::Hinge]) && (level / 2.0 - 1.0).abs() < SAME;
    if level.abs() < NEAR_ZERO || (n_same as f64) < 0.7 * late.len() as f64 {
        return Answer::Absent;
    }
    let from = points.iter().position(|point| is_same(point.1)).map_or(0, |place| points[place].0);
    let n = points.iter().filter(|point| is_same(point.1)).count();
    held(
        Lasting { since: from, strength: 10.0, n },
        evidence(losses, "to move from reading to reading"),
        format!("D's loss has stood at {level:.6} for {n} readings: the discriminator says the same whatever it sees, and nothing is learned from it."),
        format!("판별자의 손실이 {n}번의 기록 동안 {level:.6}에 멈춰 있습니다: 무엇을 보아도 같은 답을 내므로 배울 것이 없습니다."),
    )
    .surely(if is_full { 0.8 } else { 0.9 })
}

/// A penalty on D's slope stands at exactly its weight: the slope is 0.
fn penalty(chart: &Chart) -> Answer {
    let Some(series) = chart.reading("discriminator/penalty") else {
        return Answer::Absent;
    };
    let points = series.points();
    let weight = WEIGHTS
        .into_iter()
        .find(|weight| points.last().is_some_and(|last| (last.1 - weight).abs() < 1e-3 * weight));
    let Some(weight) = weight else {
        return Answer::Absent;
    };
    let at_weight = points.iter().rev().take_while(|point| (point.1 - weight).abs() < 1e-3 * weight);
    let n = at_weight.clone().count();
    let Some(&(since, value)) = at_weight.last().filter(|_| n >= 5) else {
        return Answer::Absent;
    };
    let evidence = Evidence {
        reading: "discriminator/penalty".into(),
        step: since,
        middle_of: 1,
        value,
        expected: "less than its weight".to_owned(),
    };
    held(
        Lasting { since, strength: 10.0, n },
        [evidence],
        format!("The penalty on the critic's slope stands at exactly its weight, {weight:.2}: the slope is 0, and the critic is dead."),
        format!("비평자 기울기 벌점이 정확히 그 가중치 {weight:.2}에 멈춰 있습니다: 기울기가 0이고, 비평자는 죽어 있습니다."),
    )
    .surely(0.85)
}

fn evidence(losses: &Losses, expected: &str) -> Vec<Evidence> {
    losses.evidence_of_d(expected).into_iter().collect()
}
