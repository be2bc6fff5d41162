//! Which arms are told apart, and which are not.

use super::{Sentences, counted, listed};
use crate::answer::number::{told, told_p, whole};
use crate::answer::pair::LEVEL;
use crate::answer::{Answer, Arm, Pair};
use crate::stats::least_p;

/// Arms of which it is said whom they beat.
const MOST_WINNERS: usize = 5;

pub(super) fn say(answer: &Answer, to: &mut Sentences) {
    if answer.arms.len() < 2 {
        return to.say(
            "There is one arm, so that nothing is compared.",
            "군이 하나뿐이어서 비교할 것이 없습니다.",
        );
    }
    if answer.pairs.is_empty() {
        return to.say("There are no two arms to compare yet.", "비교할 두 군이 아직 없습니다.");
    }
    let different: Vec<&Pair> = answer.pairs.iter().filter(|pair| pair.different).collect();
    match different.is_empty() {
        true => none(answer, to),
        false => some(answer, &different, to),
    }
    best_and_median(answer, to);
}

fn name(answer: &Answer, arm: usize) -> String {
    answer.arms.get(arm).map(|arm| arm.name.clone()).unwrap_or_default()
}

fn none(answer: &Answer, to: &mut Sentences) {
    let least = answer.pairs.iter().map(|pair| pair.p_holm).fold(1.0, f64::min);
    let (en, ko) = match answer.arms.len() {
        2 => ("The two arms are not told apart", "두 군은 구별되지 않습니다"),
        _ => ("No two arms are told apart", "어느 두 군도 구별되지 않습니다"),
    };
    let (p, of, of_ko) = match answer.pairs.len() {
        1 => (told_p(least), "p", "p"),
        _ => (told_p(least), "the smallest p after Holm's correction is", "Holm 보정 뒤 가장 작은 p"),
    };
    let equals = if p.starts_with('<') { "" } else { "= " };
    let equals = if answer.pairs.len() == 1 { equals } else { "" };
    to.say(
        format!("{en} at this budget and this number of runs ({of} {equals}{p}); that does not show that they are equal."),
        format!("이 예산과 이 실행 수로는 {ko}({of_ko} {equals}{p}). 그렇다고 같다는 뜻은 아닙니다."),
    );
    let n = answer.pairs.len();
    let hopeless = answer.pairs.iter().all(|pair| pair.least_p * n as f64 > LEVEL);
    if hopeless {
        let enough = (2..1000).find(|&k| least_p(k, k) * n as f64 <= LEVEL).unwrap_or(1000);
        let unit = if answer.by_configuration { ("configurations", "설정") } else { ("seeds", "시드") };
        to.say(
            format!("So few runs cannot tell anything: even if one arm won every comparison, that could be chance. It takes at least {enough} {} an arm.", unit.0),
            format!("실행이 너무 적어 아무것도 구별할 수 없습니다. 한 군이 모든 비교에서 이기더라도 우연일 수 있습니다. 군마다 {}가 적어도 {enough}개 있어야 합니다.", unit.1),
        );
    }
}

fn some(answer: &Answer, different: &[&Pair], to: &mut Sentences) {
    let mut winners: Vec<(usize, Vec<&&Pair>)> = (0..answer.arms.len())
        .map(|arm| (arm, different.iter().filter(|pair| pair.arms[0] == arm).collect()))
        .collect();
    winners.retain(|(_, pairs): &(usize, Vec<&&Pair>)| !pairs.is_empty());
    winners.sort_by_key(|(_, pairs)| std::cmp::Reverse(pairs.len()));
    for (arm, pairs) in winners.iter().take(MOST_WINNERS) {
        let losers: Vec<String> = pairs.iter().map(|pair| name(answer, pair.arms[1])).collect();
        let p = told_p(pairs.iter().map(|pair| pair.p_holm).fold(0.0, f64::max));
        let p = if p.starts_with('<') {
            p
        } else {
            format!("{} {p}", if pairs.len() == 1 { "=" } else { "≤" })
        };
        let winner = name(answer, *arm);
        to.say(
            format!("{winner} is better than {} (Holm p {p}).", listed(&losers)),
            format!("{winner}: {}보다 낫습니다(Holm 보정 p {p}).", losers.join(", ")),
        );
    }
    let (n, all) = (different.len(), answer.pairs.len());
    let rest = all - n;
    if rest == 0 {
        return;
    }
    let beaten = |arm: usize| different.iter().any(|pair| pair.arms[1] == arm);
    let compared = |arm: &usize| answer.pairs.iter().any(|pair| pair.arms.contains(arm));
    let leaders: Vec<String> = (0..answer.arms.len())
        .filter(|arm| compared(arm) && !beaten(*arm))
        .map(|arm| name(answer, arm))
        .collect();
    let told = match rest {
        1 => "The remaining pair is not told apart, which does not show that its arms are equal.".to_owned(),
        rest => format!(
            "The other {} are not told apart, which does not show that their arms are equal.",
            counted(rest, "pair")
        ),
    };
    to.say(told, format!("나머지 {}쌍은 구별되지 않으며, 그렇다고 같다는 뜻은 아닙니다.", whole(rest)));
    if leaders.len() > 1 {
        to.say(
            format!("No arm is shown to be better than {}, nor any of these than another.", listed(&leaders)),
            format!("더 나은 군이 있다고 할 수 없고 서로도 구별되지 않는 군: {}.", leaders.join(", ")),
        );
    }
}

/// What Lucic et al. asked: does the best run name the same arm as the median?
fn best_and_median(answer: &Answer, to: &mut Sentences) {
    let by_median = first(answer, |arm| arm.median.map(|median| median.value));
    let by_best = first(answer, |arm| arm.best.map(|best| best.value));
    let scored = answer.arms.iter().filter(|arm| arm.median.is_some()).count();
    let (Some((median, middle)), Some((best, top)), true) = (by_median, by_best, scored > 1) else { return };
    let (median, best) = (told(median), told(best));
    let (names, names_ko): (Vec<String>, Vec<String>) =
        middle.iter().map(|arm| with_failures(&answer.arms[*arm])).unzip();
    let tops: Vec<String> = top.iter().map(|arm| name(answer, *arm)).collect();
    if middle == top && middle.len() == 1 {
        to.say(
            format!("{} has both the best median ({median}) and the best single run ({best}).", names[0]),
            format!("가장 좋은 중앙값({median})과 가장 좋은 실행({best})은 모두 {}의 것입니다.", names_ko[0]),
        );
    } else if middle.iter().any(|arm| top.contains(arm)) {
        to.say(
            format!(
                "The best median ({median}) is that of {}; the best single run ({best}) is one of {}.",
                listed(&names),
                listed(&tops)
            ),
            format!(
                "가장 좋은 중앙값({median}): {}. 가장 좋은 실행({best}): {}.",
                names_ko.join(", "),
                tops.join(", ")
            ),
        );
    } else {
        to.say(
            format!(
                "By the median, first is {} ({median}), but the best single run is one of {} ({best}): comparing best runs alone would name another arm.",
                listed(&names),
                listed(&tops)
            ),
            format!(
                "중앙값으로는 {}({median})이 첫째이지만 가장 좋은 실행은 {}의 것({best})입니다. 가장 좋은 실행만 비교하면 다른 군을 고르게 됩니다.",
                names_ko.join(", "),
                tops.join(", ")
            ),
        );
    }
}

/// The best of a number of the arms, and the arms that have it.
fn first(answer: &Answer, pick: fn(&Arm) -> Option<f64>) -> Option<(f64, Vec<usize>)> {
    let better = |a: f64, b: f64| if answer.larger_is_better { a.max(b) } else { a.min(b) };
    let top = answer.arms.iter().filter_map(pick).reduce(better)?;
    Some((top, (0..answer.arms.len()).filter(|arm| pick(&answer.arms[*arm]) == Some(top)).collect()))
}

/// An arm's name, with how many of its runs its median is of if some have none.
fn with_failures(arm: &Arm) -> (String, String) {
    let (n, of) = (whole(arm.runs.finished), whole(arm.runs.ended()));
    match arm.runs.finished == arm.runs.ended() {
        true => (arm.name.clone(), arm.name.clone()),
        false => (
            format!("{} (of the {n} of {of} runs that finished)", arm.name),
            format!("{}(실행 {of}개 중 끝까지 간 {n}개)", arm.name),
        ),
    }
}
