//! The arms: their table, every run as a dot, and their profiles.

use ganatomy_data::keyed::Keyed;
use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::{Exhibit, Table};

use super::{Part, axis};
use crate::answer::number::{percent, told, whole};
use crate::answer::{Answer, Arm, Estimate, Rate};

/// A space at which no line breaks, so that a number and its interval stay together.
const JOINED: &str = "\u{a0}";

/// The table of arms, and every run as a dot.
pub(super) fn part(answer: &Answer) -> Option<Part> {
    let mut head = vec![
        Words::new("Arm", "군"),
        Words::new("Median [95 %]", "중앙값 [95 %]"),
        Words::new("Interquartile mean [95 %]", "사분위 평균 [95 %]"),
        Words::new("Best run [95 %]", "최고 실행 [95 %]"),
        Words::new("Failed (95 %)", "실패 (95 %)"),
        Words::new("Finished of planned", "끝까지 간 실행 / 계획"),
    ];
    head.extend(
        answer.also.iter().map(|name| Words::of(format!("{name}, median"), format!("{name}, 중앙값"))),
    );
    let rows = answer.arms.iter().map(row).collect();
    let stage = match answer.stages.len() {
        1 => Words::NONE,
        _ => Words::both(format!(" ({})", answer.stages.get(answer.stage)?)),
    };
    let table = Table { title: Words::NONE, head, rows };
    let mut shows = vec![("arms", Exhibit::Table(table))];
    let mut text =
        [format!("## The arms{}\n\n![](arms)", stage.en), format!("## 군{}\n\n![](arms)", stage.ko)];
    if answer.arms.iter().any(|arm| arm.median.is_some()) {
        shows.push(("dots", Exhibit::Figure(dots(answer))));
        text[0] += "\n\nEvery finished run is a dot; the bar is the interval of the median.\n\n![](dots)";
        text[1] += "\n\n끝까지 간 실행 하나가 점 하나이며, 막대는 중앙값의 구간입니다.\n\n![](dots)";
    }
    let [en, ko] = text;
    Some(Part { text: Words::of(en, ko), shows })
}

fn row(arm: &Arm) -> Vec<Words> {
    let runs = arm.runs;
    let mut cells = vec![
        Words::both(arm.name.clone()),
        Words::both(estimate(arm.median)),
        Words::both(estimate(arm.interquartile_mean)),
        Words::both(estimate(arm.best)),
        Words::both(rate(arm.failures)),
        match runs.pruned {
            0 => Words::both(
                format!("{} / {}", whole(runs.finished), whole(runs.planned)).replace(' ', JOINED),
            ),
            n => Words::of(
                format!("{} / {}, {} stopped early", whole(runs.finished), whole(runs.planned), whole(n)),
                format!("{} / {}, 일찍 멈춤 {}", whole(runs.finished), whole(runs.planned), whole(n)),
            ),
        },
    ];
    cells.extend(arm.also.iter().map(|value| Words::both(value.map_or("–".to_owned(), told))));
    cells
}

/// `7.75 [7.2, 8.4]`.
fn estimate(estimate: Option<Estimate>) -> String {
    match estimate {
        None => "–".to_owned(),
        Some(Estimate { value, interval: None }) => told(value),
        Some(Estimate { value, interval: Some(interval) }) => {
            format!("{} [{}, {}]", told(value), told(interval.low), told(interval.high)).replace(' ', JOINED)
        }
    }
}

/// `3 of 10, 30 % (11–60 %)`.
fn rate(rate: Option<Rate>) -> String {
    rate.map_or("–".to_owned(), |Rate { n, of, share }| {
        let [low, high] = [share.low, share.high].map(percent);
        format!("{} / {} ({}–{high})", whole(n), whole(of), low.trim_end_matches(" %"))
            .replace(' ', JOINED)
            .replace('–', "\u{2060}–\u{2060}")
    })
}

/// Every finished run as a dot, with the interval of the median.
fn dots(answer: &Answer) -> Figure {
    let n = answer.arms.len();
    // The first arm stands on top.
    let place = |arm: usize| (n - 1 - arm) as f64;
    let names: Vec<String> = answer.arms.iter().rev().map(|arm| arm.name.clone()).collect();
    let values: Vec<f64> = answer.arms.iter().flat_map(|arm| arm.scores.iter().copied()).collect();
    let mut chart = Chart::new(axis::score(answer, &values), Scale::names(Words::NONE, names));
    // Dots lie a little apart, so that equal ones are seen.
    let mut draws = Keyed::new(&[1]);
    for (arm, of) in answer.arms.iter().enumerate() {
        let aside = |score: &f64| [*score, place(arm) - 0.12 - 0.22 * f64::from(draws.uniform())];
        chart =
            chart.with(Words::NONE, axis::hue(arm), Shape::Dots(of.scores.iter().map(aside).collect(), 2.5));
        if let Some(Estimate { value, interval }) = of.median {
            let (low, high) = interval.map_or((value, value), |interval| (interval.low, interval.high));
            let shape = Shape::Intervals(vec![[place(arm) + 0.14, low, value, high]]);
            chart = chart.with(Words::NONE, Hue::Theory, shape);
        }
    }
    Figure::one(Words::NONE, chart)
}

/// The share of runs that are better than each score.
pub(super) fn profiles(answer: &Answer) -> Option<Part> {
    let arms: Vec<(usize, &Arm)> =
        answer.arms.iter().enumerate().filter(|(_, arm)| !arm.profile.is_empty()).collect();
    if arms.is_empty() || answer.thresholds.len() < 2 {
        return None;
    }
    let x = axis::score(answer, &answer.thresholds);
    let y = Scale::of(("share of runs that are better", "그보다 나은 실행의 비율")).within(-0.02, 1.02);
    let mut chart = Chart::new(x, y);
    for (arm, of) in &arms {
        let points = answer.thresholds.iter().zip(&of.profile);
        if arms.len() <= 4 {
            let band = points.clone().map(|(at, share)| [*at, share.low, share.high]).collect();
            chart = chart.with(Words::NONE, axis::hue(*arm), Shape::Band(band));
        }
    }
    for (arm, of) in &arms {
        let points =
            answer.thresholds.iter().zip(&of.profile).map(|(at, share)| [*at, share.share]).collect();
        chart = chart.with(of.name.clone(), axis::hue(*arm), axis::line(*arm, points));
    }
    let band = match arms.len() <= 4 {
        true => (" The band is Wilson's interval at each score.", " 띠는 각 점수에서의 Wilson 구간입니다."),
        false => ("", ""),
    };
    let text = Words::of(
        format!(
            "## Score profiles\n\nOf all runs that ended, the share that is better than a score; a failed run is better than none. An arm whose line lies above another's \
             everywhere is better whatever score one asks for.{}\n\n![](profiles)",
            band.0
        ),
        format!(
            "## 점수 분포\n\n끝난 모든 실행 가운데 어떤 점수보다 나은 실행의 비율입니다. 실패한 실행은 어떤 점수보다도 낫지 않은 것으로 셉니다. 선이 어디서나 다른 군보다 위에 있으면 어떤 점수를 \
             기준으로 삼아도 더 나은 군입니다.{}\n\n![](profiles)",
            band.1
        ),
    );
    Some(Part { text, shows: vec![("profiles", Exhibit::Figure(Figure::one(Words::NONE, chart)))] })
}
