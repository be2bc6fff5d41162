//! Who beats whom.

use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};
use ganatomy_view::page::{Exhibit, Table};

use super::Part;
use crate::answer::number::{percent, told_p};
use crate::answer::{Answer, Pair};

/// Pairs in the table.
const MOST_PAIRS: usize = 45;
/// Arms in the surface.
const MOST_ARMS: usize = 14;

pub(super) fn part(answer: &Answer) -> Option<Part> {
    if answer.pairs.is_empty() {
        return None;
    }
    let (unit, unit_ko) = match answer.by_configuration {
        true => ("configuration", "설정"),
        false => ("run", "실행"),
    };
    let more = answer.pairs.len().saturating_sub(MOST_PAIRS);
    let (more, more_ko) = match more {
        0 => (String::new(), String::new()),
        n => (
            format!(" The clearest {MOST_PAIRS} pairs are shown; the other {n} are in the JSON."),
            format!(" 가장 뚜렷한 {MOST_PAIRS}쌍만 보이며 나머지 {n}쌍은 JSON에 있습니다."),
        ),
    };
    let mut shows = vec![("pairs", Exhibit::Table(table(answer)))];
    let mut figure = "";
    if (3..=MOST_ARMS).contains(&answer.arms.len()) {
        shows.push(("beats", Exhibit::Figure(surface(answer))));
        figure = "![](beats)\n\n";
    }
    let text = Words::of(
        format!(
            "## Which arms are told apart\n\nHow often a {unit} of the first arm is better than one of the second (ties count half), and whether that could be chance: two arms are told \
             apart if p is at most 0.05 after Holm's correction for all {} pairs.{more}\n\n{figure}![](pairs)",
            answer.pairs.len()
        ),
        format!(
            "## 구별되는 군\n\n첫째 군의 {unit_ko}이 둘째 군의 {unit_ko}보다 나을 확률(같으면 절반)과 그것이 우연일 수 있는지입니다. 모든 쌍({}쌍)에 대한 Holm 보정 뒤 p가 0.05 이하이면 \
             두 군이 구별됩니다.{more_ko}\n\n{figure}![](pairs)",
            answer.pairs.len()
        ),
    );
    Some(Part { text, shows })
}

/// The table of pairs.
fn table(answer: &Answer) -> Table {
    let name = |arm: usize| answer.arms.get(arm).map(|arm| arm.name.clone()).unwrap_or_default();
    let row = |pair: &Pair| {
        let interval = pair.interval.map_or(String::new(), |interval| {
            format!(" [{}, {}]", percent(interval.low), percent(interval.high))
        });
        let [first, second] = pair.arms.map(name);
        let joined = |text: String| Words::both(text.replace(' ', "\u{a0}"));
        vec![
            Words::of(format!("{first} over {second}"), format!("{first} > {second}")),
            joined(format!("{}{interval}", percent(pair.probability))),
            joined(told_p(pair.p)),
            joined(told_p(pair.p_holm)),
            match pair.different {
                true => Words::new("told apart", "구별됨"),
                false => Words::new("not told apart", "구별되지 않음"),
            },
        ]
    };
    Table {
        title: Words::NONE,
        head: vec![
            Words::new("Pair", "쌍"),
            Words::new("Better in [95 %]", "더 나을 확률 [95 %]"),
            Words::new("p", "p"),
            Words::new("p, Holm", "p, Holm 보정"),
            Words::NONE,
        ],
        rows: answer.pairs.iter().take(MOST_PAIRS).map(row).collect(),
    }
}

/// The probability that the arm of a row is better than the arm of a column.
fn surface(answer: &Answer) -> Figure {
    let n = answer.arms.len();
    let mut z = vec![f64::NAN; n * n];
    for Pair { arms: [a, b], probability, .. } in &answer.pairs {
        // The first arm is the uppermost row.
        z[(n - 1 - a) * n + b] = *probability;
        z[(n - 1 - b) * n + a] = 1.0 - probability;
    }
    let names: Vec<String> = answer.arms.iter().map(|arm| arm.name.clone()).collect();
    let upwards: Vec<String> = names.iter().rev().cloned().collect();
    let middles: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let heat = Heat {
        x: middles.clone(),
        y: middles,
        z,
        unit: Words::new("share of pairs won", "이긴 쌍의 비율"),
        colours: Colours::Diverging,
        range: Some([0.0, 1.0]),
        numbers: true,
    };
    let x = Scale::names(("is better than ...", "... 보다 나을 확률"), names);
    let chart =
        Chart::new(x, Scale::names(Words::NONE, upwards)).with(Words::NONE, Hue::Real, Shape::Heat(heat));
    Figure::one(
        Words::new("The arm of the row is better than that of the column", "행의 군이 열의 군보다 나을 확률"),
        chart,
    )
}
