//! How the numbers were made.

use ganatomy_view::Words;

use super::Part;
use crate::answer::Answer;
use crate::answer::number::whole;

/// What each number is, by name.
pub(super) fn part(answer: &Answer) -> Part {
    let resamples = answer.arms.iter().map(|arm| arm.resamples).filter(|n| *n > 0).min();
    let (drawn, drawn_ko) = match resamples {
        None => (String::new(), String::new()),
        Some(n) => (
            format!(
                " Their intervals are the middle 95 % of {} resamples of runs{}.",
                whole(n),
                strata(answer).0
            ),
            format!(" 구간은 실행을 {}번 다시 뽑은 것의 가운데 95 %입니다{}.", whole(n), strata(answer).1),
        ),
    };
    let pairs = answer.pairs.iter().map(|pair| pair.resamples).filter(|n| *n > 0).min();
    let (pairs, pairs_ko) = match pairs {
        None => (String::new(), String::new()),
        Some(n) => (format!(" ({} resamples)", whole(n)), format!("({}번 다시 뽑음)", whole(n))),
    };
    Part {
        text: Words::of(
            format!(
                "## How the numbers were made\n\nMedian, interquartile mean (the mean of the middle half) and best are of the runs that finished; failed runs are counted beside them and never enter as \
                 bad scores.{drawn} The best run's interval reaches downwards only: it says what as many other runs might have found. Failure rates have Wilson intervals. The probability that \
                 one arm is better is U / (n m) of Mann and Whitney with a bootstrap interval{pairs}, DeLong's of many runs, and Wilson's where one arm wins every pair; p is exact for few runs, \
                 ties or not, and approximate for many. Failed runs rank below all others, and runs that a rule stopped between them and finished ones. All random numbers come from fixed keys, so that the same \
                 runs give the same page."
            ),
            format!(
                "## 숫자를 만든 방법\n\n중앙값, 사분위 평균(가운데 절반의 평균), 최고는 끝까지 간 실행의 것입니다. 실패한 실행은 따로 세며 나쁜 점수로 넣지 않습니다.{drawn_ko} 최고 실행의 구간은 아래로만 뻗으며, \
                 같은 수의 다른 실행이 찾았을 값을 말합니다. 실패율의 구간은 Wilson 구간입니다. 한 군이 더 나을 확률은 Mann-Whitney의 U / (n m)이고 구간은 부트스트랩{pairs_ko}, 실행이 많으면 DeLong, 한 군이 모든 쌍에서 \
                 이기면 Wilson의 것입니다. p는 실행이 적으면 동점이 있어도 정확하고 많으면 근사입니다. 실패한 실행의 순위는 맨 아래, 규칙이 멈춘 실행은 그 위이고 끝까지 간 실행보다는 아래입니다. 난수의 열쇠가 정해져 있어 같은 \
                 실행은 같은 페이지를 만듭니다."
            ),
        ),
        shows: vec![],
    }
}

/// Where runs are drawn from, if there are several configurations.
fn strata(answer: &Answer) -> (&'static str, &'static str) {
    match answer.arms.iter().any(|arm| arm.stratified) {
        true => (
            ", drawn within each configuration: they are of these configurations with other seeds",
            "(설정마다 따로 뽑으므로 이 설정들에 다른 시드를 썼을 때의 구간입니다)",
        ),
        false => ("", ""),
    }
}

/// How far the study was.
pub(super) fn made(answer: &Answer) -> Words {
    let runs = answer.runs;
    let counts =
        [runs.planned, runs.finished, runs.failed, runs.pruned, runs.running, runs.waiting].map(whole);
    let [planned, finished, failed, pruned, running, waiting] = counts;
    Words::of(
        format!(
            "{planned} runs of {}: {finished} finished, {failed} failed, {pruned} stopped early, {running} running, {waiting} waiting.",
            answer.budget
        ),
        format!(
            "실행 {planned}개(예산 {}): 끝까지 감 {finished}, 실패 {failed}, 일찍 멈춤 {pruned}, 진행 중 {running}, 대기 {waiting}.",
            answer.budget
        ),
    )
}
