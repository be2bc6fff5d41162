//! What search finds: the best configurations, and the best score against the number of tries.

use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Figure, Scale, Shape};
use ganatomy_view::page::{Exhibit, Table};

use super::{Part, axis};
use crate::answer::number::{told, whole};
use crate::answer::{Answer, Search};

pub(super) fn part(answer: &Answer) -> Option<Part> {
    if answer.searches.iter().all(|search| search.tried < 2) {
        return None;
    }
    let stages: Vec<usize> = (0..answer.stages.len()).collect();
    let charts: Vec<Chart> = stages.into_iter().filter_map(|stage| chart(answer, stage)).collect();
    let mut shows = Vec::new();
    let mut texts = ["## What search finds".to_owned(), "## 탐색이 찾은 것".to_owned()];
    if !charts.is_empty() {
        shows.push(("expected", Exhibit::Figure(Figure::row(Words::NONE, charts))));
        texts[0] += "\n\nThe best score that so many settings find on average, and the middle four fifths of such searches: how the arms compare depends on how long one searches. \
                     By the V-statistic of Dodge et al. (2019), drawn to half of what was tried; a setting that failed finds nothing.\n\n![](expected)";
        texts[1] += "\n\n설정을 이만큼 시도했을 때 평균적으로 찾게 되는 가장 좋은 점수와, 그런 탐색의 가운데 4/5입니다. 군의 우열은 얼마나 오래 탐색하는지에 달려 있습니다. Dodge 등(2019)의 \
                     V-통계량이며 시도한 수의 절반까지만 그립니다. 실패한 설정은 아무것도 찾지 못한 것으로 셉니다.\n\n![](expected)";
    }
    shows.push(("found", Exhibit::Table(table(answer))));
    texts[0] += "\n\nThe best configuration of each arm, by the median of its seeds. It was picked because it was best, so that its score here is better than it would be with new seeds.\n\n![](found)";
    texts[1] += "\n\n군마다 시드들의 중앙값이 가장 좋은 설정입니다. 가장 좋아서 골랐으므로 여기의 점수는 새 시드로 다시 잰 것보다 좋습니다.\n\n![](found)";
    let [en, ko] = texts;
    Some(Part { text: Words::of(en, ko), shows })
}

fn chart(answer: &Answer, stage: usize) -> Option<Chart> {
    let searches: Vec<&Search> =
        answer.searches.iter().filter(|search| search.stage == stage && search.expected.len() > 1).collect();
    let most = searches.iter().filter_map(|search| search.expected.last()).map(|best| best.tried).max()?;
    let name = ("settings tried", "시도한 설정의 수");
    let x = if most > 50 { Scale::log(name) } else { Scale::of(name) };
    let means: Vec<f64> = searches
        .iter()
        .flat_map(|search| search.expected.iter().flat_map(|best| [best.low, best.mean, best.high]))
        .collect();
    let mut chart =
        Chart::new(x, axis::score(answer, &means)).titled(Words::both(answer.stages.get(stage)?.clone()));
    if searches.len() <= 4 {
        for search in &searches {
            let band = search.expected.iter().map(|best| [best.tried as f64, best.low, best.high]).collect();
            chart = chart.with(Words::NONE, axis::hue(search.arm), Shape::Band(band));
        }
    }
    for search in &searches {
        let points = search.expected.iter().map(|best| [best.tried as f64, best.mean]).collect();
        let name = answer.arms.get(search.arm).map(|arm| arm.name.clone()).unwrap_or_default();
        chart = chart.with(name, axis::hue(search.arm), axis::line(search.arm, points));
    }
    Some(chart)
}

fn table(answer: &Answer) -> Table {
    let row = |search: &Search| {
        let name = |names: Option<&String>| Words::both(names.cloned().unwrap_or_default());
        let tried = match search.without_score {
            0 => Words::both(whole(search.tried)),
            n => Words::of(
                format!("{}, {} without a score", whole(search.tried), whole(n)),
                format!("{}, 점수 없음 {}", whole(search.tried), whole(n)),
            ),
        };
        let best = search.best.as_ref();
        let settings = best.map_or(String::new(), |best| {
            let told = |(name, value): (&String, &crate::Setting)| match value {
                crate::Setting::Number(value) => format!("{name} = {}", told(*value)),
                crate::Setting::Text(text) => format!("{name} = {text}"),
            };
            best.settings.iter().map(told).collect::<Vec<_>>().join(", ")
        });
        vec![
            name(answer.stages.get(search.stage)),
            name(answer.arms.get(search.arm).map(|arm| &arm.name)),
            tried,
            Words::both(best.map_or("–".to_owned(), |best| told(best.score))),
            Words::both(best.map_or(String::new(), |best| format!("#{}", best.number))),
            Words::both(settings),
        ]
    };
    Table {
        title: Words::NONE,
        head: vec![
            Words::new("Stage", "단계"),
            Words::new("Arm", "군"),
            Words::new("Tried", "시도"),
            Words::new("Best score", "최고 점수"),
            Words::new("Configuration", "설정 번호"),
            Words::new("Settings", "설정값"),
        ],
        rows: answer.searches.iter().map(row).collect(),
    }
}
