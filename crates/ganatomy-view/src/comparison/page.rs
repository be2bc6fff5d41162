//! The page of a comparison.

use ganatomy_record::{Reading, SampleFile};
use toml::Value;

use super::{Compared, Comparison};
use crate::figure::{Chart, Figure, Hue, Scale, Shape};
use crate::page::{Exhibit, Page, Pictures, Row, Shot, Table, page};
use crate::{ViewError, Words, draw_samples, told};

/// The lines of so many runs can be told apart by colour and dashes.
const MOST_LINES: usize = 12;

impl Comparison {
    /// One page that opens without a network; `command` makes it again.
    ///
    /// # Errors
    /// A picture that cannot be drawn.
    pub fn page(&self, command: &str) -> Result<String, ViewError> {
        let n = self.runs.len();
        let mut text = [
            "## What differs in their plans\n\n![](plans)".to_owned(),
            "## 계획에서 다른 점\n\n![](plans)".to_owned(),
        ];
        let mut exhibits = vec![
            ("plans".to_owned(), Exhibit::Table(self.plans())),
            ("readings".to_owned(), Exhibit::Table(self.last_readings())),
            ("curves".to_owned(), Exhibit::Figure(Figure::row(Words::NONE, self.charts()))),
        ];
        text[0].push_str("\n\n## How they end\n\nThe last value of each reading; the best, where one way is better, in brackets.\n\n![](readings)");
        text[1].push_str("\n\n## 마지막 값\n\n마지막 값이며, 좋은 쪽이 정해진 것은 괄호 안에 가장 좋은 값을 적습니다.\n\n![](readings)");
        let (most, most_ko) = match n > MOST_LINES {
            true => {
                (format!("The first {MOST_LINES} runs.\n\n"), format!("처음 실행 {MOST_LINES}개입니다.\n\n"))
            }
            false => (String::new(), String::new()),
        };
        text[0].push_str(&format!("\n\n## On the way\n\n{most}![](curves)"));
        text[1].push_str(&format!("\n\n## 학습 도중\n\n{most_ko}![](curves)"));
        if let Some(pictures) = self.pictures() {
            text[0].push_str("\n\n## Samples\n\n![](samples)");
            text[1].push_str("\n\n## 표본\n\n![](samples)");
            exhibits.push(("samples".to_owned(), Exhibit::Pictures(pictures)));
        }
        let [en, ko] = text;
        page(&Page {
            number: None,
            title: Words::of(format!("{n} runs side by side"), format!("실행 {n}개 비교")),
            question: Words::new(
                "What is different, and what came of it?",
                "무엇이 다르고, 그래서 무엇이 달라졌는가?",
            ),
            text: Words::of(en, ko),
            exhibits,
            claims: Vec::new(),
            made: Words::new("drawn from the records of the runs", "실행의 기록에서 그렸습니다"),
            command: command.to_owned(),
            neighbours: [None, None],
            front: None,
            library: None,
        })
    }

    fn head(&self, first: Words) -> Vec<Words> {
        std::iter::once(first).chain(self.runs.iter().map(|run| Words::both(run.name.clone()))).collect()
    }

    fn plans(&self) -> Table {
        let cell = |value: Option<Value>| {
            Words::both(value.map_or_else(|| "-".to_owned(), |value| value.to_string()))
        };
        let mut rows: Vec<Vec<Words>> = self
            .differing()
            .into_iter()
            .map(|(name, values)| {
                std::iter::once(Words::both(name)).chain(values.into_iter().map(cell)).collect()
            })
            .collect();
        let outcomes = self.runs.iter().map(|run| Words::both(run.summary.outcome.clone()));
        rows.push(std::iter::once(Words::new("outcome", "결과")).chain(outcomes).collect());
        Table { title: Words::NONE, head: self.head(Words::new("field", "필드")), rows }
    }

    fn last_readings(&self) -> Table {
        let cell = |run: &Compared, name: &str| {
            let text = run.summary.readings.get(name).map(|Reading { last, best, .. }| match best {
                Some(best) if best != last => format!("{} ({})", told(*last, 4), told(*best, 4)),
                _ => told(*last, 4),
            });
            Words::both(text.unwrap_or_else(|| "-".to_owned()))
        };
        let row = |name: String| -> Vec<Words> {
            let cells = self.runs.iter().map(|run| cell(run, &name));
            std::iter::once(Words::both(name.clone())).chain(cells).collect()
        };
        Table {
            title: Words::NONE,
            head: self.head(Words::new("reading", "측정값")),
            rows: self.readings().into_iter().map(row).collect(),
        }
    }

    fn charts(&self) -> Vec<Chart> {
        let chart = |name: &String| {
            let mut chart = Chart::new(Scale::of(("step", "걸음")), Scale::of(Words::both(name.clone())));
            chart = chart.titled(Words::both(name.clone()));
            for (i, run) in self.runs.iter().take(MOST_LINES).enumerate() {
                let points = run.series(name);
                let line = if i < 6 { Shape::Line(points) } else { Shape::Dashes(points) };
                chart = chart.with(Words::both(run.name.clone()), Hue::Nth(i), line);
            }
            chart
        };
        self.readings().iter().map(chart).collect()
    }

    /// The samples of each run at the last step that all have, or else each run's last.
    fn pictures(&self) -> Option<Pictures> {
        let common = self.common_step();
        let shots: Vec<Shot> = self.runs.iter().filter_map(|run| shot(run, common)).collect();
        let title = match common {
            Some(step) => Words::of(format!("All at step {step}"), format!("모두 {step}걸음에서")),
            None => Words::new("Each at its last step", "각각 마지막 걸음에서"),
        };
        (!shots.is_empty()).then(|| Pictures { title, rows: vec![Row { name: Words::NONE, shots }] })
    }
}

fn shot(run: &Compared, common: Option<u64>) -> Option<Shot> {
    let samples = run.samples();
    let (step, path) = match common {
        Some(step) => samples.get_key_value(&step)?,
        None => samples.last_key_value()?,
    };
    let png = SampleFile::read(path).ok().and_then(|file| draw_samples(&file).ok()?.to_png().ok());
    let missing = if png.is_some() { "" } else { " (gone)" };
    Some(Shot { png, words: Words::both(format!("{}, {step}{missing}", run.name)), link: None })
}
