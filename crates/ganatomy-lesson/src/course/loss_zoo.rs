//! Eight losses on the same data and budget: the curves that a user sees, beside the quality of samples.

use ganatomy_data::BatchKey;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Table;

use crate::points::{cloud, points, sliced_wasserstein};
use crate::stats::{largest, mean, rank_correlation};
use crate::{Bench, Check, Findings, Followed, Lesson, LessonError, Wanted, Words, number};

mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "loss-zoo",
    title: Words::new("The loss zoo: curves that say little", "손실 함수 동물원: 곡선은 왜 말이 없는가"),
    question: Words::new(
        "You watch the loss while a GAN trains. Does it tell whether the samples get better?",
        "GAN을 학습시키며 손실 곡선을 지켜봅니다. 그 곡선은 표본이 좋아지고 있는지 알려 줄까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

const BASE: &str = include_str!("../../../../docs/results/toy.toml");
/// Smooth networks, because they train with every loss.
const SMOOTH: &str = r#"
generator = { activation = "tanh", init = "xavier" }
discriminator = { activation = "tanh", init = "xavier" }
probes = { gradients = { every_steps = 0 } }
"#;

const CLIPPED: &str = r#"
loss = { kind = "wasserstein" }
remedies = { weight-clipping = { limit = 0.3 } }
scheme = { kind = "alternating", d_steps = 5 }
generator = { update = { kind = "rmsprop", lr = 1e-3 } }
discriminator = { update = { kind = "rmsprop", lr = 1e-3 } }
"#;
const PENALISED: &str = r#"
loss = { kind = "wasserstein" }
remedies = { gradient-penalty = { lambda = 0.1 } }
scheme = { kind = "alternating", d_steps = 5 }
"#;
/// A code of one number, so that the autoencoder cannot simply copy a point.
const BEGAN: &str = r#"
loss = { kind = "began", gamma = 0.9, lambda = 0.05 }
discriminator = { kind = "autoencoder", code = 1, update = { kind = "adam", lr = 1e-3, beta1 = 0.5 } }
"#;
/// A loss, how it is played, how many moves a step makes, and the curve that is said to show quality.
struct Arm {
    name: &'static str,
    over: &'static str,
    moves: u64,
    curve: Curve,
}

/// What a user watches.
#[derive(Clone, Copy, PartialEq)]
enum Curve {
    /// G's loss.
    Generator,
    /// The critic's mean score of real items less that of generated ones.
    Gap,
    /// BEGAN's measure of convergence.
    Convergence,
}

#[rustfmt::skip]
const ARMS: [Arm; 8] = [
    Arm { name: "minimax", over: "loss = { kind = \"minimax\" }", moves: 2, curve: Curve::Generator },
    Arm { name: "non-saturating", over: "loss = { kind = \"non-saturating\" }", moves: 2, curve: Curve::Generator },
    Arm { name: "LSGAN", over: "loss = { kind = \"least-squares\" }", moves: 2, curve: Curve::Generator },
    Arm { name: "hinge", over: "loss = { kind = \"hinge\" }", moves: 2, curve: Curve::Generator },
    Arm { name: "relativistic", over: "loss = { kind = \"relativistic\" }", moves: 2, curve: Curve::Generator },
    Arm { name: "WGAN", over: CLIPPED, moves: 6, curve: Curve::Gap },
    Arm { name: "WGAN-GP", over: PENALISED, moves: 6, curve: Curve::Gap },
    Arm { name: "BEGAN", over: BEGAN, moves: 2, curve: Curve::Convergence },
];
const N_SAMPLES: usize = 1024;
/// Moves between two looks; every arm's step divides it.
const EVERY: u64 = 150;
/// The moves over which samples get better, and a curve could show it; after them no arm improves.
const LEARNING: u64 = 6000;

/// What became of one loss.
struct Outcome<'a> {
    arm: &'static Arm,
    runs: &'a [Followed],
    /// Over the moves, for each run: the curve, and the distance of samples from data.
    curves: Vec<Vec<[f64; 2]>>,
    distances: Vec<Vec<[f64; 2]>>,
    correlation: f64,
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (moves, n_seeds) = bench.pick((LEARNING, 3), (60_000, 10));
    let mut specs = Vec::new();
    for arm in &ARMS {
        for seed in bench.seeds(n_seeds) {
            let steps = format!("steps = {}\n", moves / arm.moves);
            // Seeds in one spec differ between arms only by what the arm changes.
            specs.push(bench.spec(&[BASE, SMOOTH, arm.over, &steps], seed)?);
        }
    }
    let mut runs = Vec::new();
    for (arm, specs) in ARMS.iter().zip(specs.chunks(n_seeds)) {
        runs.push(bench.follow(arm.name, specs, EVERY / arm.moves, N_SAMPLES)?);
    }
    let mut real = vec![0.0; 2 * N_SAMPLES];
    bench.plan(&specs[0])?.data().fill(
        BatchKey { seed: bench.seed, step: 0, draw: 9 },
        &mut real,
        &mut vec![0; N_SAMPLES],
    );
    let outcomes: Vec<Outcome<'_>> =
        ARMS.iter().zip(&runs).map(|(arm, runs)| Outcome::of(arm, runs, &real)).collect();

    let mut found = Findings::new();
    found.fact("moves", moves as f64, 5);
    found.fact("learning", LEARNING as f64, 5);
    found.fact("n-seeds", n_seeds as f64, 2);
    found.figure("curves", curves(&outcomes));
    found.figure("quality", quality(&outcomes));
    found.figure("correlations", correlations(&outcomes));
    found.table("table", table(&outcomes));
    found.figure("samples", samples(&outcomes, &points(&real)));
    checks(&mut found, &outcomes);
    found.shortened((
        "Learning rates are alike for all losses and tuned for none.",
        "학습률은 모든 손실 함수에 똑같이 두었고 따로 맞추지 않았습니다.",
    ));
    Ok(found)
}

impl<'a> Outcome<'a> {
    fn of(arm: &'static Arm, runs: &'a [Followed], real: &[f32]) -> Outcome<'a> {
        let moves = |step: u64| (step * arm.moves) as f64;
        let distance = |run: &Followed| -> Vec<[f64; 2]> {
            run.moments[1..]
                .iter()
                .map(|m| [moves(m.step), sliced_wasserstein(&m.samples, real, 2)])
                .collect()
        };
        let curve = |run: &Followed| -> Vec<[f64; 2]> {
            let read = |m: &crate::Moment, name: &str| m.readings.get(name).copied().unwrap_or(f64::NAN);
            let value = |m: &crate::Moment| match arm.curve {
                Curve::Generator => read(m, "generator/loss"),
                Curve::Gap => read(m, "discriminator/logit_real") - read(m, "discriminator/logit_fake"),
                Curve::Convergence => read(m, "loss/convergence"),
            };
            run.moments[1..].iter().map(|m| [moves(m.step), value(m)]).collect()
        };
        let distances: Vec<Vec<[f64; 2]>> = runs.iter().map(distance).collect();
        let curves: Vec<Vec<[f64; 2]>> = runs.iter().map(curve).collect();
        // A critic must first be trained, so the first fifth does not count. Single readings are noisy, so each value is
        // the mean of three.
        let column = |points: &[[f64; 2]]| {
            let learning = points.partition_point(|p| p[0] <= LEARNING as f64);
            let counted = &points[learning / 5..learning];
            counted
                .windows(3)
                .map(|three| mean(&three.iter().map(|p| p[1]).collect::<Vec<_>>()))
                .collect::<Vec<f64>>()
        };
        let each: Vec<f64> =
            curves.iter().zip(&distances).map(|(a, b)| rank_correlation(&column(a), &column(b))).collect();
        Outcome { arm, runs, curves, distances, correlation: mean(&each) }
    }

    fn last_distance(&self) -> f64 {
        let last: Vec<f64> = self.distances.iter().filter_map(|d| Some(d.last()?[1])).collect();
        mean(&last)
    }

    fn modes(&self) -> f64 {
        mean(&self.runs.iter().map(|run| run.last("samples/n_modes")).collect::<Vec<_>>())
    }
}

fn moves() -> Scale {
    Scale::of(("moves of both players", "두 참가자의 움직임 수"))
}

fn curves(outcomes: &[Outcome<'_>]) -> Figure {
    let chart = |(i, outcome): (usize, &Outcome<'_>)| {
        let name = match outcome.arm.curve {
            Curve::Generator => Words::new("G's loss", "생성자 손실"),
            Curve::Gap => Words::new("critic's gap", "비평자의 점수 차"),
            Curve::Convergence => Words::new("BEGAN's M", "BEGAN의 M"),
        };
        let mut chart = Chart::new(moves(), Scale::of(name)).titled(outcome.arm.name);
        for curve in &outcome.curves {
            chart = chart.with(Words::NONE, Hue::Nth(i), Shape::Line(curve.clone()));
        }
        chart
    };
    Figure::row(
        (
            "What you see: the curve of each loss, one line a seed",
            "눈에 보이는 것: 손실 함수마다의 곡선 (시드마다 한 줄)",
        ),
        outcomes.iter().enumerate().map(chart).collect(),
    )
}

fn quality(outcomes: &[Outcome<'_>]) -> Figure {
    let distance =
        Scale::log(("sliced Wasserstein distance to the data", "데이터까지의 분할 바서슈타인 거리"));
    let mut chart = Chart::new(moves(), distance);
    for (i, outcome) in outcomes.iter().enumerate() {
        let n = outcome.distances.iter().map(Vec::len).min().unwrap_or(0);
        let at = |j: usize| {
            let all: Vec<f64> = outcome.distances.iter().map(|d| d[j][1]).collect();
            [outcome.distances[0][j][0], mean(&all)]
        };
        let line: Vec<[f64; 2]> = (0..n).map(at).collect();
        // Six colours for eight losses: the last two are dashed.
        let shape = if i < 6 { Shape::Line(line) } else { Shape::Dashes(line) };
        chart = chart.with(outcome.arm.name, Hue::Nth(i), shape);
    }
    Figure::one(
        (
            "What you do not see: how far the samples are from the data",
            "보이지 않는 것: 표본과 데이터 사이의 거리",
        ),
        chart,
    )
}

fn correlations(outcomes: &[Outcome<'_>]) -> Figure {
    let bars = |tells: bool| {
        let of = outcomes.iter().enumerate().filter(move |(_, o)| (o.arm.curve != Curve::Generator) == tells);
        Shape::Intervals(
            of.map(|(i, o)| [i as f64, o.correlation.min(0.0), o.correlation, o.correlation.max(0.0)])
                .collect(),
        )
    };
    let chart = Chart::new(
        Scale::of((
            "rank correlation of the curve with the distance to the data",
            "곡선과 데이터까지 거리의 순위 상관",
        ))
        .within(-1.05, 1.05),
        Scale::names(Words::NONE, outcomes.iter().map(|o| o.arm.name)),
    )
    .with(("G's loss", "생성자 손실"), Hue::Nth(1), bars(false))
    .with(("gap of a critic, BEGAN's M", "비평자의 점수 차, BEGAN의 M"), Hue::Nth(0), bars(true));
    Figure::one(
        (
            "Does the curve tell? 1: it falls as samples get better; −1: it rises",
            "곡선은 알려 주는가? 1: 표본이 좋아질수록 내려감, −1: 올라감",
        ),
        chart,
    )
}

fn table(outcomes: &[Outcome<'_>]) -> Table {
    let row = |o: &Outcome<'_>| {
        let diverged = o.runs.iter().filter(|run| run.diverged.is_some()).count();
        vec![
            o.arm.name.into(),
            number(o.modes(), 2).into(),
            number(o.last_distance(), 2).into(),
            number(o.correlation, 2).into(),
            diverged.to_string().into(),
        ]
    };
    Table {
        title: Words::new("At the end of the budget, means over seeds", "학습이 끝났을 때 (시드 평균)"),
        head: vec![
            Words::new("loss", "손실 함수"),
            Words::new("modes of 8", "모드 수 (8개 중)"),
            Words::new("distance", "거리"),
            Words::new("curve with distance", "곡선과 거리의 상관"),
            Words::new("runs diverged", "발산한 실행"),
        ],
        rows: outcomes.iter().map(row).collect(),
    }
}

fn samples(outcomes: &[Outcome<'_>], real: &[[f64; 2]]) -> Figure {
    let chart = |o: &Outcome<'_>| {
        let last = o.runs.first().and_then(|run| run.moments.last());
        let mut made = points(last.map_or(&[], |moment| &moment.samples));
        made.truncate(400);
        cloud(o.arm.name, &real[..400], &made, 2.6)
    };
    Figure::steps(
        ("Samples at the end, first seed", "마지막 표본, 첫 번째 시드"),
        outcomes.iter().map(chart).collect(),
    )
}

fn checks(found: &mut Findings, outcomes: &[Outcome<'_>]) {
    let of = |name: &str| outcomes.iter().find(|o| o.arm.name == name).map_or(f64::NAN, |o| o.correlation);
    for outcome in outcomes {
        let key = outcome.arm.name.split(' ').next().unwrap_or_default().to_lowercase();
        found.fact(format!("r-{key}"), outcome.correlation, 2);
    }
    let claim = Words::new(
        "rank correlation of WGAN-GP's gap with the distance",
        "WGAN-GP의 점수 차와 거리의 순위 상관",
    );
    found.check(Check::new("wgan-gp-tells", claim, of("WGAN-GP"), Wanted::AtLeast(0.6)));
    let claim = Words::new("rank correlation of BEGAN's M with the distance", "BEGAN의 M과 거리의 순위 상관");
    let began = Check::new("began-tells", claim, of("BEGAN"), Wanted::AtLeast(0.5));
    found.check(began.published("Berthelot et al. 2017, fig. 4"));
    let rising = largest(["minimax", "non-saturating", "relativistic"].map(of));
    let claim = Words::new(
        "largest correlation of G's loss with the distance among minimax, non-saturating and relativistic: it rises as samples get better",
        "미니맥스·비포화·상대론적 손실에서 생성자 손실과 거리의 상관 중 가장 큰 값: 표본이 좋아질수록 손실이 커진다",
    );
    found.check(Check::new("losses-rise", claim, rising, Wanted::AtMost(0.0)));
    let lead = of("WGAN-GP") - of("LSGAN").abs();
    let claim = Words::new(
        "WGAN-GP's correlation less the size of LSGAN's",
        "WGAN-GP의 상관에서 LSGAN 상관의 크기를 뺀 값",
    );
    found.check(Check::new("critic-tells-more", claim, lead, Wanted::AtLeast(0.3)));
    let claim = Words::new("size of LSGAN's correlation", "LSGAN 상관의 크기");
    found.check(Check::new("lsgan-is-silent", claim, of("LSGAN").abs(), Wanted::AtMost(0.3)));
    let claim = Words::new(
        "what clipped weights lose of WGAN-GP's correlation",
        "가중치를 자르면 WGAN-GP의 상관에서 잃는 양",
    );
    found.check(Check::new("clipping-is-cruder", claim, of("WGAN-GP") - of("WGAN"), Wanted::AtLeast(0.1)));
    let began = outcomes.iter().find(|o| o.arm.name == "BEGAN").map_or(f64::NAN, Outcome::modes);
    let claim = Words::new("mean modes of BEGAN, of 8", "BEGAN의 평균 모드 수 (8개 중)");
    found.check(Check::new("began-collapses", claim, began, Wanted::AtMost(4.0)));
}
