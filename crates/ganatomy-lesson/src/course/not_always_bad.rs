//! Where collapse does no harm: a generator that is given an outline may well draw one answer.

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::{Images, Table};

use crate::stats::largest;
use crate::{Bench, Findings, Lesson, LessonError, Wanted, Words, number};
use paired::{Look, Paired};

mod free;
mod paired;
mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "not-always-bad",
    title: Words::new("When one answer is enough", "답이 하나면 충분할 때"),
    question: Words::new(
        "A generator that ignores z has collapsed. Is that always a disease?",
        "z를 무시하는 생성자는 붕괴한 것입니다. 그것은 언제나 병일까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Pairs in a row of the sheet.
const COLUMNS: usize = 12;
/// Height and width of an image.
const SIZE: usize = 16;
/// Numbers of an image.
const PIXELS: usize = SIZE * SIZE;

/// Normal latent points, or copies of one of them.
fn latent(n: usize, z_dims: usize, key: u64, fixed: bool) -> Vec<f32> {
    let mut random = Keyed::new(&[purpose("not always bad"), key]);
    let first: Vec<f32> = (0..z_dims).map(|_| random.normal()).collect();
    (0..n)
        .flat_map(|_| if fixed { first.clone() } else { (0..z_dims).map(|_| random.normal()).collect() })
        .collect()
}

/// One of the two channels of pairs.
fn channel(pairs: &[f32], which: usize) -> Vec<f32> {
    pairs.iter().skip(which).step_by(2).copied().collect()
}

/// The mean absolute difference.
fn apart(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() / a.len().max(1) as f64
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let steps = bench.pick(500, 2000);
    let mut arms = paired::play(bench, steps)?;
    let alone = arms.pop().ok_or_else(|| LessonError::Other("no run".to_owned()))?;
    let paired = arms.pop().ok_or_else(|| LessonError::Other("no run".to_owned()))?;
    let free =
        bench.each("the free generator", &[bench.pick(400, 4000)], |n| free::play(bench, *n))?.remove(0);
    let mut found = Findings::new();
    found.fact("steps", steps as f64, 5);
    found.images("pairs", sheet(&paired));
    found.figure("steps", over_steps(&paired, &alone));
    let half = |pairs: &[f32]| channel(&pairs[..2 * PIXELS * 3 * COLUMNS], 1);
    let shown = |title: Words, pairs: &[f32]| Images::of(title, COLUMNS, [SIZE, SIZE, 1], &half(pairs));
    let titles = [
        Words::new("free G, a new z each time", "자유로운 생성자, 매번 새로운 z"),
        Words::new("free G, one z for all", "자유로운 생성자, 모두 같은 z"),
        Words::new("told an outline, one z for all", "윤곽선을 받은 생성자, 모두 같은 z"),
    ];
    for ((name, pairs), title) in
        [("free", &free.drawn), ("free-fixed", &free.fixed), ("told-fixed", &paired.fixed)]
            .into_iter()
            .zip(&titles)
    {
        found.images(name, shown(title.clone(), pairs));
    }
    let [drawn, fixed, given] =
        [&free.drawn, &free.fixed, &paired.fixed].map(|pairs| free.judge.shares(pairs));
    let shares = [drawn?, fixed?, given?];
    found.table("shares", table(&titles, &shares));
    let named = |pairs: &[f32]| -> Result<f64, LessonError> {
        let classes = free.judge.classes(pairs)?;
        let right = classes.iter().zip(&paired.labels).filter(|(class, label)| **class == **label as usize);
        Ok(right.count() as f64 / classes.len() as f64)
    };
    let named = [named(&paired.fixed)?, named(&paired.truth)?];
    checks(&mut found, &paired, &alone, &shares, named);
    if bench.pick(true, false) {
        found
            .shortened(("500 of the recipe's 2,000 steps.", "레시피의 2,000걸음 중 500걸음만 학습했습니다."));
    }
    Ok(found)
}

/// Outlines, what two latent points make of them, and the truth, row under row.
fn sheet(paired: &Paired) -> Images {
    let outlines = channel(&paired.truth, 0);
    let rows =
        [outlines, channel(&paired.made[0], 1), channel(&paired.made[1], 1), channel(&paired.truth, 1)];
    let mut pixels = Vec::new();
    for block in 0..2 {
        for row in &rows {
            pixels.extend_from_slice(&row[block * COLUMNS * PIXELS..][..COLUMNS * PIXELS]);
        }
    }
    let title = (
        "Row by row: outlines never seen before, what G makes of them with one z, with another z, and the truth; then again",
        "위에서부터: 처음 보는 윤곽선, 한 z로 만든 것, 다른 z로 만든 것, 정답. 아래는 다른 예",
    );
    Images::of(title, COLUMNS, [SIZE, SIZE, 1], &pixels)
}

fn over_steps(paired: &Paired, alone: &Paired) -> Figure {
    let chart = |run: &Paired, title: (&'static str, &'static str)| {
        let line = |of: fn(&Look) -> f64| {
            run.looks.iter().map(|look| [look.step as f64, of(look)]).collect::<Vec<[f64; 2]>>()
        };
        let end = run.looks.last().map_or(0.0, |look| look.step as f64);
        let axis =
            Scale::log(("mean absolute difference of pixels", "화소의 평균 절대 차이")).within(1e-4, 2.0);
        Chart::new(Scale::of(("step", "걸음")), axis)
            .titled(title)
            .with(
                ("two different digits", "서로 다른 두 숫자"),
                Hue::Quiet,
                Shape::Line(vec![[0.0, run.diversity], [end, run.diversity]]),
            )
            .with(
                ("outline to truth", "윤곽선과 정답"),
                Hue::Theory,
                Shape::Dashes(vec![[0.0, run.baseline], [end, run.baseline]]),
            )
            .with(
                ("generated to truth: error", "생성물과 정답: 오차"),
                Hue::Nth(0),
                Shape::Line(line(|l| l.error)),
            )
            .with(
                ("two z, one outline: diversity", "한 윤곽선, 두 z: 다양성"),
                Hue::Nth(1),
                Shape::Line(line(|l| l.spread.max(1e-4))),
            )
    };
    Figure::row(
        ("Quality and diversity on held-out outlines", "처음 보는 윤곽선에 대한 품질과 다양성"),
        vec![
            chart(paired, ("with the reconstruction error", "재구성 오차를 더한 손실")),
            chart(alone, ("D alone teaches G", "판별자만으로 배운 생성자")),
        ],
    )
}

fn n_classes(shares: &[f64]) -> f64 {
    shares.iter().filter(|share| **share >= 0.02).count() as f64
}

fn table(titles: &[Words; 3], shares: &[Vec<f64>; 3]) -> Table {
    let row = |(title, shares): (&Words, &Vec<f64>)| {
        let largest = largest(shares.iter().copied());
        vec![title.clone(), number(n_classes(shares), 2).into(), number(largest, 2).into()]
    };
    Table {
        title: Words::new("What digits the three sheets show", "세 장면에 나타난 숫자"),
        head: vec![
            Words::new("generator", "생성자"),
            Words::new("digits shown (2 % or more)", "나타난 숫자 (2 % 이상)"),
            Words::new("share of the commonest", "가장 흔한 숫자의 비율"),
        ],
        rows: titles.iter().zip(shares).map(row).collect(),
    }
}

fn checks(found: &mut Findings, paired: &Paired, alone: &Paired, shares: &[Vec<f64>; 3], named: [f64; 2]) {
    let (last, other) = (paired.last(), alone.last());
    found.fact("baseline", paired.baseline, 2);
    found.fact("diversity", paired.diversity, 2);
    found.fact("spread", last.spread, 2);
    found.fact("alone-error", other.error, 2);
    found.fact("alone-spread", other.spread, 2);
    found.fact("fixed-error", paired.fixed_error, 3);
    let claims = [
        (
            "alone-ratio",
            "error of the game without reconstruction, by that with it",
            "재구성 오차를 뺀 게임의 오차 ÷ 더한 게임의 오차",
            other.error / last.error,
            Wanted::AtLeast(2.0),
        ),
        (
            "error",
            "mean absolute error on held-out outlines (pixels from -1 to 1)",
            "처음 보는 윤곽선에 대한 평균 절대 오차 (화소값은 −1에서 1)",
            last.error,
            Wanted::AtMost(0.1),
        ),
        (
            "error-ratio",
            "the same by the error of the outline itself",
            "같은 값 ÷ 윤곽선 자체의 오차",
            last.error / paired.baseline,
            Wanted::AtMost(0.5),
        ),
        (
            "spread-ratio",
            "difference that z makes, by the difference of two digits: G has collapsed given the outline",
            "z에 따른 차이 ÷ 두 숫자의 차이: 윤곽선이 주어지면 붕괴한 것과 같다",
            last.spread / paired.diversity,
            Wanted::AtMost(0.1),
        ),
        (
            "alone-spread-ratio",
            "the same of the game without reconstruction: it ignores z too",
            "재구성 오차를 뺀 게임에서 같은 값: 역시 z를 무시한다",
            other.spread / alone.diversity,
            Wanted::AtMost(0.1),
        ),
        (
            "fixed-ratio",
            "error with one z for all, by that with fresh ones: nothing is lost",
            "모두 같은 z를 쓴 오차 ÷ 새 z를 쓴 오차: 잃는 것이 없다",
            paired.fixed_error / last.error,
            Wanted::Between(0.9, 1.1),
        ),
    ];
    found.claims(2, &claims);
    digit_checks(found, shares, named);
}

/// What is left of the digits when every image has the same latent point.
fn digit_checks(found: &mut Findings, shares: &[Vec<f64>; 3], named: [f64; 2]) {
    found.fact("named-truth", named[1], 2);
    let claims = [
        (
            "told-classes",
            "digits that the told G shows with one z for all, of 10",
            "윤곽선을 받은 생성자가 같은 z로 그린 숫자의 종류 (10개 중)",
            n_classes(&shares[2]),
            Wanted::AtLeast(9.0),
        ),
        (
            "named",
            "its pairs that are named as the digit they were made from",
            "원래 숫자로 분류된 쌍의 비율",
            named[0],
            Wanted::AtLeast(0.8),
        ),
        (
            "free-classes",
            "digits that the free G shows with fresh z, of 10",
            "자유로운 생성자가 새 z로 그린 숫자의 종류 (10개 중)",
            n_classes(&shares[0]),
            Wanted::AtLeast(8.0),
        ),
    ];
    found.claims(2, &claims);
}
