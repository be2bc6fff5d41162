//! What the answer does not say.

use std::collections::BTreeSet;

use super::Sentences;
use crate::answer::Answer;

/// Fewer runs have intervals that are too narrow.
const FEW: usize = 5;
/// Seeds that are named.
const MOST_SEEDS: usize = 5;

pub(super) fn say(answer: &Answer, seeds_of_both: &BTreeSet<u64>, to: &mut Sentences) {
    if answer.by_configuration && answer.arms.len() > 1 {
        to.say(
            "Arms have several configurations here, so that these are compared (each by the median of its seeds), not single runs.",
            "군마다 설정이 여럿이므로 실행 하나하나가 아니라 설정을(각각 시드들의 중앙값으로) 비교했습니다.",
        );
    }
    let chosen = answer.searches.iter().any(|search| search.stage < answer.stage && search.tried > 1);
    if chosen && !answer.by_configuration && !answer.provisional {
        to.say(
            "Each arm stands here with the settings that its search chose; another search might have chosen others.",
            "여기서 각 군은 탐색이 고른 설정을 대표로 하며, 다시 탐색하면 다른 설정이 골라질 수 있습니다.",
        );
    }
    if chosen && !seeds_of_both.is_empty() && !answer.provisional {
        let some: Vec<String> = seeds_of_both.iter().take(MOST_SEEDS).map(u64::to_string).collect();
        let more = if seeds_of_both.len() > MOST_SEEDS { ", ..." } else { "" };
        to.say(
            format!("The settings were chosen with some of the seeds that answer here ({}{more}), so that the scores are a little too good, of all arms alike.", some.join(", ")),
            format!("설정을 고를 때 쓴 시드({}{more})가 여기에도 쓰였으므로 점수가 모든 군에서 조금 좋게 나왔을 수 있습니다.", some.join(", ")),
        );
    }
    let few = answer.arms.iter().filter(|arm| (1..FEW).contains(&arm.runs.finished)).count();
    if few > 0 {
        to.say(
            format!(
                "Intervals of fewer than {FEW} runs are narrower than they ought to be, and one run has none."
            ),
            format!("실행이 {FEW}개보다 적으면 구간이 마땅한 것보다 좁고, 하나뿐이면 구간이 없습니다."),
        );
    }
    to.say(
        format!("All of this holds for this data, this score ({}), this budget and what was searched, and for nothing else.", answer.reading),
        format!("이 모든 것은 이 데이터, 이 점수({}), 이 예산과 탐색한 범위에서만 성립합니다.", answer.reading),
    );
}
