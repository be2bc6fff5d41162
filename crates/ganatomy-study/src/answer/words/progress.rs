//! How far the study is, and what failed in it.

use super::{Sentences, counted, listed};
use crate::answer::number::whole;
use crate::answer::{Answer, Arm};

/// Arms whose failures are counted one by one.
const MOST_FAILING: usize = 5;

pub(super) fn say(answer: &Answer, to: &mut Sentences) {
    let runs = answer.runs;
    let (planned, ended) = (whole(runs.planned), whole(runs.ended()));
    if runs.planned == 0 {
        return to.say(
            "The study has no runs yet, so that nothing can be concluded.",
            "연구에 아직 실행이 없어 결론을 내릴 수 없습니다.",
        );
    }
    if runs.ended() == 0 {
        return to.say(
            format!("None of the {planned} planned runs has ended, so that nothing can be concluded."),
            format!("계획된 실행 {planned}개 가운데 끝난 것이 아직 없어 결론을 내릴 수 없습니다."),
        );
    }
    match runs.ended() < runs.planned {
        true => to.say(
            format!("The study has not ended: {ended} of {planned} runs have, and what is said here may change."),
            format!("연구가 아직 끝나지 않았습니다. 실행 {planned}개 중 {ended}개가 끝났으며, 여기의 내용은 바뀔 수 있습니다."),
        ),
        false => {
            let (so_far, so_far_ko) = if answer.provisional { (" so far", "지금까지의 ") } else { ("", "") };
            to.say(
                format!("All {planned} runs{so_far} have ended; each had the same budget ({}).", answer.budget),
                format!("{so_far_ko}실행 {planned}개가 모두 끝났습니다. 모든 실행의 예산은 같습니다({}).", answer.budget),
            );
        }
    }
    if answer.provisional {
        let name = |place: usize| answer.stages.get(place).cloned().unwrap_or_default();
        let (last, here) = (name(answer.stages.len() - 1), name(answer.stage));
        to.say(
            format!("Stage \"{last}\", which is to answer, has no run that ended yet: all that follows is of the search \"{here}\" and is no answer."),
            format!("답을 낼 단계 \"{last}\"에는 끝난 실행이 아직 없습니다. 이어지는 내용은 탐색 \"{here}\"의 것이며 답이 아닙니다."),
        );
    }
    failures(answer, to);
}

fn failures(answer: &Answer, to: &mut Sentences) {
    let mut failed: Vec<&Arm> = answer.arms.iter().filter(|arm| arm.runs.failed > 0).collect();
    if answer.failures.n == 0 {
        to.say("No run failed.", "실패한 실행은 없습니다.");
    } else if failed.is_empty() {
        to.say(
            format!("{} failed, all of them in the search.", counted(answer.failures.n, "run")),
            format!("실행 {}개가 실패했으며 모두 탐색 단계의 것입니다.", whole(answer.failures.n)),
        );
    } else {
        let n = failed.iter().map(|arm| arm.runs.failed).sum();
        let rate = |arm: &&Arm| arm.runs.failed as f64 / arm.runs.ended() as f64;
        failed.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
        let more = failed.len().saturating_sub(MOST_FAILING);
        failed.truncate(MOST_FAILING);
        let (more, more_ko) = match more {
            0 => (String::new(), String::new()),
            n => (format!(", and some of {n} more arms"), format!(", 그 밖의 군 {n}개")),
        };
        let each = |arm: &&Arm| [arm.name.clone(), whole(arm.runs.failed), whole(arm.runs.ended())];
        let en: Vec<String> =
            failed.iter().map(each).map(|[name, n, of]| format!("{name} {n} of {of}")).collect();
        let ko: Vec<String> =
            failed.iter().map(each).map(|[name, n, of]| format!("{name} {of}개 중 {n}개")).collect();
        to.say(
            format!("{} failed ({}{more}); where arms are compared, a failed run is worse than every finished one.", counted(n, "run"), en.join(", ")),
            format!("실행 {}개가 실패했습니다({}{more_ko}). 군을 비교할 때 실패한 실행은 끝까지 간 모든 실행보다 나쁜 것으로 셉니다.", whole(n), ko.join(", ")),
        );
    }
    let pruned: usize = answer.arms.iter().map(|arm| arm.runs.pruned).sum();
    if pruned > 0 {
        to.say(
            format!("{} stopped early by a rule; where arms are compared, they rank between failed and finished ones.", match pruned {
                1 => "1 run was".to_owned(),
                n => format!("{} runs were", whole(n)),
            }),
            format!("실행 {}개는 규칙에 따라 일찍 멈췄으며, 군을 비교할 때 실패한 실행과 끝까지 간 실행 사이에 놓입니다.", whole(pruned)),
        );
    }
    let nothing = |arm: &&Arm| arm.runs.ended() > 0 && arm.runs.finished == 0;
    let without: Vec<String> = answer.arms.iter().filter(nothing).map(|arm| arm.name.clone()).collect();
    if !without.is_empty() {
        to.say(
            format!("No run of {} finished, so that there is no score of it to show.", listed(&without)),
            format!("끝까지 간 실행이 하나도 없어 점수를 보일 수 없는 군: {}.", without.join(", ")),
        );
    }
    let open: Vec<String> =
        answer.arms.iter().filter(|arm| arm.runs.ended() == 0).map(|arm| arm.name.clone()).collect();
    if !open.is_empty() && open.len() < answer.arms.len() {
        to.say(
            format!("Nothing can be said of {}: no run of it has ended.", listed(&open)),
            format!("끝난 실행이 아직 없어 아무것도 말할 수 없는 군: {}.", open.join(", ")),
        );
    }
}
