//! The scores and what they depend on, as tables.

use ganatomy_record::Direction;
use ganatomy_view::Words;
use ganatomy_view::page::{Exhibit, Table};

use super::Part;
use crate::cli::score::chosen::ForPage;
use crate::cli::score::report::{Origin, Report};
use crate::cli::text::{number, whole};

/// Characters of a checksum that are shown.
const SHOWN: usize = 40;

/// Every number beside that of real items.
pub(super) fn scores(report: &Report) -> Option<Part> {
    let shown = |x: Option<f64>| Words::both(x.map_or("–".to_owned(), number));
    let row = |(value, floor): &(ganatomy_score::Value, Option<f64>)| {
        let better = match value.direction {
            Direction::Up => Words::new("larger", "클수록"),
            Direction::Down => Words::new("smaller", "작을수록"),
            Direction::None => Words::new("neither", "–"),
        };
        vec![value.name.into(), shown(Some(value.value)), shown(value.spread), shown(*floor), better]
    };
    let table = Table {
        title: Words::NONE,
        head: vec![
            Words::new("Number", "수치"),
            Words::new("Value", "값"),
            Words::new("Spread", "변동"),
            Words::new("Real against real", "실제 대 실제"),
            Words::new("Better", "좋은 쪽"),
        ],
        rows: report.rows.iter().map(row).collect(),
    };
    let notes = |pick: fn(&Words) -> &str| -> String {
        report.notes.iter().map(|note| format!("- {}\n", escaped(pick(note)))).collect()
    };
    let (notes, in_korean) = (notes(|words| &words.en), notes(|words| &words.ko));
    let text = Words::of(
        format!(
            "## Scores\n\n![](scores)\n\nReal against real is the same number of real items against other real items: no generator can \
             do better at this number of items, but by luck or by copying. `ganatomy explain NAME` tells what a number sees and what \
             its spread is.\n\n{notes}"
        ),
        format!(
            "## 점수\n\n![](scores)\n\n'실제 대 실제'는 실제 항목을 다른 실제 항목과 비교한 같은 수치입니다. 같은 개수에서는 우연이나 복사가 \
             아니고서는 어떤 생성기도 이보다 나을 수 없습니다. 각 수치가 무엇을 보는지, 변동이 무엇인지는 `ganatomy explain NAME`이 알려 줍니다.\n\n{in_korean}"
        ),
    );
    Some(Part { text, shows: vec![("scores", Exhibit::Table(table))] })
}

/// What the scores depend on.
pub(super) fn made(report: &Report) -> Option<Part> {
    let cell = |text: &str| Words::both(text.to_owned());
    let short = |hash: &str| hash.chars().take(SHOWN).collect::<String>();
    let side = |name: Words, side: &Origin| {
        let from = format!("{} of {}", whole(side.n as u64), side.from.en);
        vec![
            name,
            Words::of(from, format!("{}, {}개", side.from.ko, whole(side.n as u64))),
            cell(&short(&side.hash)),
        ]
    };
    let made = &report.extractor;
    let table = Table {
        title: Words::NONE,
        head: vec![Words::NONE, Words::new("What", "내용"), Words::new("Checksum", "체크섬")],
        rows: vec![
            side(Words::new("Generated", "생성"), &report.generated),
            side(Words::new("Real", "실제"), &report.real),
            vec![
                Words::new("Features", "특징"),
                Words::of(
                    format!("{}, {} numbers", made.name, made.dims),
                    format!("{}, 수 {}개", made.name, made.dims),
                ),
                cell(&short(&made.hash)),
            ],
            vec![Words::new("Resize", "크기 조정"), report.resize.clone(), Words::NONE],
            vec![Words::new("Seed", "시드"), cell(&report.seed.to_string()), Words::NONE],
        ],
    };
    let text = Words::new("## What they depend on\n\n![](made)", "## 점수가 의존하는 것\n\n![](made)");
    Some(Part { text, shows: vec![("made", Exhibit::Table(table))] })
}

/// The parts that the page would have with scores that were not asked for.
pub(super) fn left_out(pages: &ForPage) -> Option<Part> {
    let parts = [
        (pages.coverage.is_none(), "density-coverage", "coverage by class", "클래스별 커버리지"),
        (pages.prd.is_none(), "prd", "the curve of precision over recall", "정밀도-재현율 곡선"),
    ];
    let (mut en, mut ko) = (String::new(), String::new());
    for (_, score, what, in_korean) in parts.into_iter().filter(|(is_missing, ..)| *is_missing) {
        en += &format!("- {what}: shown where `{score}` is among the scores\n");
        ko += &format!("- {in_korean}: 점수에 `{score}`가 있을 때 보입니다\n");
    }
    let text = Words::of(format!("## Not shown\n\n{en}"), format!("## 보이지 않는 것\n\n{ko}"));
    (!en.is_empty()).then_some(Part { text, shows: Vec::new() })
}

/// Text that Markdown leaves as it is.
pub(super) fn escaped(text: &str) -> String {
    let special = |c: char| c.is_ascii_punctuation();
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
