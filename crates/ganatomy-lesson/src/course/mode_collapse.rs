//! Mode collapse: a greedy generator puts all samples where D is highest, and then goes on to the next place.

use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::{Images, Table};

use crate::{Bench, Findings, Lesson, LessonError, Words, number};
use images::{Digits, Stage};

mod checks;
mod images;
mod ring;
mod show;
mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "mode-collapse",
    title: Words::new("Mode collapse: one answer to every z", "모드 붕괴: 어떤 z에도 같은 답"),
    question: Words::new(
        "Real digits have ten shapes; a collapsed generator draws one, however often you ask. Why does it give up the others?",
        "실제 숫자는 열 가지인데, 붕괴한 생성자는 몇 번을 물어도 하나만 그립니다. 왜 나머지를 포기할까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Rows and columns of the picture of groups.
const GROUPS: [usize; 2] = [6, 10];

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let n_seeds = bench.pick(2, 5);
    let (greedy, balanced) = ring::watch(bench, n_seeds)?;
    let digits =
        bench.each("digits", &[bench.pick(400, 4000)], |steps| images::play(bench, *steps))?.remove(0);
    let mut found = Findings::new();
    found.fact("n-seeds", n_seeds as f64, 2);
    found.fact("every", balanced.looks.get(1).map_or(f64::NAN, |look| look.step as f64), 3);
    found.fact("n-images", images::N as f64, 3);
    found.told(
        "digits",
        if bench.real("mnist").is_some() {
            Words::new("handwritten digits (MNIST)", "손글씨 숫자(MNIST)")
        } else {
            Words::new("digits drawn by a simulated hand", "가상의 손이 그린 숫자")
        },
    );
    found.figure("rotation", show::rotation(&greedy[0], &balanced));
    found.figure("film", show::film(&greedy[0]));
    found.figure("summit", show::summit(&greedy[0], &balanced));
    found.figure("slopes", show::slopes(&greedy[0], &balanced));
    for (key, stage) in ["healthy", "partial", "collapsed"].into_iter().zip(0..) {
        found.images(key, sheet(&digits, stage));
    }
    found.figure("supports", supports(&digits));
    found.figure("histograms", histograms(&digits));
    found.images("groups", groups(&digits));
    found.table("stages", table(&digits));
    checks::crowding(&mut found, &greedy, &balanced);
    checks::summits(&mut found, &greedy, &balanced);
    checks::digits(&mut found, &digits);
    Ok(found)
}

/// What a moment of the game of digits is called.
fn title(stage: &Stage) -> Words {
    match stage.step {
        0 => Words::new("balanced", "균형 잡힌 게임"),
        n => Words::of(format!("greedy for {n} steps"), format!("욕심낸 지 {n}걸음")),
    }
}

fn sheet(digits: &Digits, stage: usize) -> Images {
    let shape = [digits.size, digits.size, 1];
    let images = &digits.stages[stage].images[..64 * digits.size * digits.size];
    Images::of(title(&digits.stages[stage]), 16, shape, images)
}

fn histograms(digits: &Digits) -> Figure {
    let chart = |stage: &Stage| {
        let bars = stage.shares.iter().enumerate().map(|(class, share)| [class as f64, *share]).collect();
        let names = Scale::names(("digit", "숫자"), (0..stage.shares.len()).map(|class| class.to_string()));
        Chart::new(names, Scale::of(("share of samples", "표본의 비율")).within(0.0, 1.0))
            .titled(title(stage))
            .with(Words::NONE, Hue::Nth(0), Shape::Bars(bars, 0.9))
    };
    Figure::row(
        ("Which digit the nearest labelled image is", "가장 가까운 라벨 있는 이미지의 숫자"),
        digits.stages.iter().map(chart).collect(),
    )
}

fn groups(digits: &Digits) -> Images {
    let stage = &digits.stages[1];
    let item = digits.size * digits.size;
    let mut pixels = Vec::new();
    for group in stage.groups().iter().take(GROUPS[0]) {
        for place in 0..GROUPS[1] {
            match group.get(place) {
                Some(image) => pixels.extend_from_slice(&stage.images[image * item..][..item]),
                None => pixels.extend(std::iter::repeat_n(-1.0, item)),
            }
        }
    }
    let n = stage.step;
    let title = Words::of(
        format!("Groups of near-identical samples after {n} greedy steps, one a row"),
        format!("욕심낸 지 {n}걸음 뒤 거의 같은 표본끼리 묶은 것 (한 줄에 한 무리)"),
    );
    Images::of(title, GROUPS[1], [digits.size, digits.size, 1], &pixels)
}

fn supports(digits: &Digits) -> Figure {
    let axis = Scale::log(("different images, about", "서로 다른 이미지 수 (약)"));
    let chart = Chart::new(Scale::of(("greedy steps", "욕심낸 걸음 수")), axis).with(
        Words::NONE,
        Hue::Nth(1),
        Shape::Line(digits.supports.clone()),
    );
    Figure::one(("How many different images are left", "서로 다른 이미지가 몇 장 남았는가"), chart)
}

fn table(digits: &Digits) -> Table {
    let row = |stage: &Stage| {
        vec![
            title(stage),
            number(stage.n_classes(), 2).into(),
            number(stage.largest(), 2).into(),
            stage.twins.len().to_string().into(),
            number(stage.support().round(), 6).into(),
        ]
    };
    Table {
        title: Words::new("The three sheets in numbers", "세 장면을 숫자로"),
        head: vec![
            Words::new("game", "게임"),
            Words::new("digits shown (2 % or more)", "나타난 숫자 (2 % 이상)"),
            Words::new("share of the commonest", "가장 흔한 숫자의 비율"),
            Words::new("near-identical pairs", "거의 같은 쌍"),
            Words::new("different images, about", "서로 다른 이미지 수 (약)"),
        ],
        rows: digits.stages.iter().map(row).collect(),
    }
}
