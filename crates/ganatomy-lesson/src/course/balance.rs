//! Balance: who moves how often, how fast, and how large each network is.

use ganatomy_data::BatchKey;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::points::{cloud, points};
use crate::{Bench, Findings, Lesson, LessonError, Words};

mod arms;
mod claims;
mod signs;
mod text;

use arms::{
    ARMS, EVEN, FEW, FEW_FAST, FIFTH, FIFTH_FAST, FIVE, LARGE_D, MANY, MINIMAX_EVEN, MINIMAX_MANY, N_SAMPLES,
    Runs, SLOW, Sign, TINY_D, TINY_G,
};

pub(super) const LESSON: Lesson = Lesson {
    name: "balance",
    title: Words::new("Balance: a strong judge or a weak one?", "균형: 강한 판별자와 약한 판별자"),
    question: Words::new(
        "How often should D move for each move of G, how fast, and how large should it be? And how do you see that it is wrong?",
        "생성자가 한 번 움직일 때 판별자는 몇 번, 얼마나 빨리 움직여야 하며 얼마나 커야 할까요? 잘못된 균형은 어떻게 알아볼까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// D's loss where it answers one half to everything.
const CANNOT_TELL: f64 = 2.0 * std::f64::consts::LN_2;

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (n_moves, n_seeds) = bench.pick((3000, 3), (3000, 10));
    let runs = Runs::play(bench, n_moves, n_seeds)?;
    let mut real = vec![0.0; 2 * N_SAMPLES];
    let plan = bench.plan(&bench.spec(&["data = { kind = \"ring\" }\n"], bench.seed)?)?;
    plan.data().fill(BatchKey { seed: bench.seed, step: 0, draw: 9 }, &mut real, &mut vec![0; N_SAMPLES]);

    let mut found = Findings::new();
    found.fact("moves", n_moves as f64, 6);
    found.fact("n-seeds", n_seeds as f64, 2);
    let clouds =
        [FEW, EVEN, MANY].map(|arm| cloud(ARMS[arm].name, &points(&real), &points(runs.samples(arm)), 3.0));
    let title = Words::new(
        "Moves of D : moves of G, the end of the first seed",
        "판별자의 걸음 : 생성자의 걸음, 첫 번째 시드의 마지막 모습",
    );
    found.figure("samples", Figure::row(title, clouds.to_vec()));
    found.figure("ratio", ratio(&runs));
    found.table("signs", signs::signs(&runs));
    found.figure(
        "clocks",
        row(
            &runs,
            (
                "Two time scales: × is the factor of D's learning rate",
                "두 시간 척도: ×는 판별자 학습률의 배수",
            ),
            &[FEW, FEW_FAST, FIFTH, FIFTH_FAST, SLOW, EVEN],
        ),
    );
    found.figure(
        "capacity",
        row(
            &runs,
            (
                "Capacity: hidden units, one move each (1 : 1 has 64 + 64 in both)",
                "용량: 은닉 유닛 수, 한 걸음씩 (1 : 1은 둘 다 64 + 64)",
            ),
            &[TINY_D, EVEN, LARGE_D, TINY_G],
        ),
    );
    claims::claims(&mut found, &runs);
    Ok(found)
}

/// Horizontal intervals of some arms.
fn intervals(runs: &Runs, arms: &[usize], sign: Sign, axis: Scale) -> Chart {
    let item = |(i, arm): (usize, &usize)| {
        let interval = runs.interval(*arm, sign);
        [i as f64, interval.low, interval.mean, interval.high]
    };
    let items = arms.iter().enumerate().map(item).collect();
    let names = Scale::names(Words::NONE, arms.iter().map(|arm| ARMS[*arm].name));
    Chart::new(axis, names).with(Words::NONE, Hue::Real, Shape::Intervals(items))
}

fn modes_axis() -> Scale {
    Scale::of(("modes captured, of 8", "잡은 모드 수 (8개 중)")).within(-0.5, 8.5)
}

fn accuracy_axis() -> Scale {
    Scale::of(("accuracy of D", "판별자의 정확도")).within(0.0, 1.05)
}

/// What is seen over the ratio of moves.
fn ratio(runs: &Runs) -> Figure {
    const RATIOS: [usize; 5] = [FEW, FIFTH, EVEN, FIVE, MANY];
    let whiskers = |arms: &[usize], sign: Sign, places: &[f64]| {
        let item = |(arm, x): (&usize, &f64)| {
            let interval = runs.interval(*arm, sign);
            [*x, interval.low, interval.mean, interval.high]
        };
        Shape::Whiskers(arms.iter().zip(places).map(item).collect())
    };
    let places: Vec<f64> = (0..RATIOS.len()).map(|i| i as f64).collect();
    let names = || Scale::names(("moves D : G", "걸음 D : G"), RATIOS.map(|arm| ARMS[arm].name));
    let one = |sign: Sign, axis: Scale, level: Option<f64>| {
        let mut chart = Chart::new(names(), axis).with(
            ("mean, 95 % interval", "평균, 95 % 신뢰구간"),
            Hue::Real,
            whiskers(&RATIOS, sign, &places),
        );
        if let Some(level) = level {
            let line = Shape::Dashes(vec![[-0.5, level], [4.5, level]]);
            chart = chart.with(("D cannot tell", "판별자가 구별하지 못함"), Hue::Theory, line);
        }
        chart
    };
    let gradient = Chart::new(names(), Scale::of(("norm of G's gradient", "생성자 기울기의 크기")))
        .with(("non-saturating", "비포화"), Hue::Nth(0), whiskers(&RATIOS, Sign::Gradient, &places))
        .with(
            ("minimax", "미니맥스"),
            Hue::Nth(1),
            whiskers(&[MINIMAX_EVEN, MINIMAX_MANY], Sign::Gradient, &[2.2, 4.2]),
        );
    Figure::row(
        ("Over the ratio of moves: the second half of each run", "걸음의 비율에 따라: 각 학습의 후반부"),
        vec![
            one(Sign::Modes, modes_axis(), None),
            one(Sign::Accuracy, accuracy_axis(), Some(0.5)),
            one(Sign::DLoss, Scale::of(("loss of D (nats)", "판별자의 손실 (nat)")), Some(CANNOT_TELL)),
            gradient,
        ],
    )
}

/// Modes and accuracy of some arms.
fn row(runs: &Runs, title: (&'static str, &'static str), arms: &[usize]) -> Figure {
    Figure::row(
        title,
        vec![
            intervals(runs, arms, Sign::Modes, modes_axis()),
            intervals(runs, arms, Sign::Accuracy, accuracy_axis()),
        ],
    )
}
