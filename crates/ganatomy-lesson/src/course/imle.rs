//! Implicit maximum likelihood: every data point pulls the sample nearest to it, so that none is forgotten.

use ganatomy_data::BatchKey;
use ganatomy_record::RunSpec;
use ganatomy_train::recipe;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::digits::nearest;
use crate::points::points;
use crate::stats::{interval, largest, least, mean};
use crate::{Bench, Findings, Followed, Lesson, LessonError, Wanted, Words};

mod ten;
mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "imle",
    title: Words::new("IMLE: no data point is forgotten", "IMLE: 어떤 데이터도 잊지 않기"),
    question: Words::new(
        "A GAN loses modes because nobody asks about them. What if every data point could pull a sample towards itself?",
        "GAN이 모드를 잃는 것은 아무도 그 모드를 묻지 않기 때문입니다. 데이터 점마다 표본을 하나씩 당기게 하면 어떨까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// The same generator with an opponent.
const PLAIN: &str = r#"
batch = 128
loss = { kind = "non-saturating" }
data = { kind = "ring" }
generator = { kind = "mlp", z_dims = 4, hidden = [128, 128], activation = "tanh", init = "xavier", update = { kind = "adam", lr = 1e-3, beta1 = 0.5 } }
discriminator = { kind = "mlp", hidden = [128, 128], activation = "relu", init = "he", update = { kind = "adam", lr = 1e-3, beta1 = 0.5 } }
average = { kind = "exponential", decay = 0.998 }
probes = { gradients = { every_steps = 0 } }
"#;
/// Half of the recipe's points, each step.
const SHORT: &str = "batch = 256\ngame = { n_data = 256 }\n";
const N_SAMPLES: usize = 512;
const N_POINTS: usize = 128;
/// Data points whose matches are drawn.
const N_DRAWN: usize = 48;
/// Looks at a run.
const MOMENTS: u64 = 20;
/// Looks that are drawn.
const DRAWN: [usize; 5] = [0, 1, 3, 8, 20];

/// The largest distance of a data point from the sample nearest to it; infinite where a sample is not finite.
fn reach(data: &[f32], samples: &[f32]) -> f64 {
    match nearest(samples, data, 2) {
        Ok(found) if samples.iter().all(|x| x.is_finite()) => largest(found.into_iter().map(|(_, way)| way)),
        _ => f64::INFINITY,
    }
}

/// So many data points of a spec.
fn target(bench: &Bench<'_>, spec: &RunSpec, n: usize) -> Result<Vec<f32>, LessonError> {
    let mut data = vec![0.0; 2 * n];
    let key = BatchKey { seed: bench.seed, step: 0, draw: 9 };
    bench.plan(spec)?.data().fill(key, &mut data, &mut vec![0; n]);
    Ok(data)
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds, size) = bench.pick((2000, 3, SHORT), (5000, 10, ""));
    let own = format!("steps = {steps}\nprobes = {{ modes = {{ every_steps = {steps} }} }}\n");
    let mut specs = Vec::new();
    for parts in [[PLAIN, "", own.as_str()], [recipe::find("imle").unwrap_or_default(), size, &own]] {
        for seed in bench.seeds(n_seeds) {
            specs.push(bench.spec(&parts, seed)?);
        }
    }
    let mut plain = bench.follow("eight Gaussians", &specs, steps / MOMENTS, N_SAMPLES)?;
    let imle = plain.split_off(n_seeds);
    let data = target(bench, &specs[0], N_POINTS)?;
    let arms = [plain, imle];
    let mut found = Findings::new();
    found.fact("n-seeds", n_seeds as f64, 2);
    found.figure("matching", matching(&arms, &data));
    found.figure("reach", reaches(&arms, &data));
    found.figure("ends", ends(&arms));
    ring_checks(&mut found, &arms, &data);
    ten::look(bench, &mut found)?;
    ten::checks(&mut found);
    if bench.pick(true, false) {
        found.shortened((
            "IMLE on the ring: 2,000 of the recipe's 5,000 steps, on 256 points instead of 512.",
            "원 데이터의 IMLE는 레시피의 5,000걸음 중 2,000걸음을, 점 512개 대신 256개로 학습했습니다.",
        ));
    }
    Ok(found)
}

fn names() -> [Words; 2] {
    [Words::new("plain GAN", "보통의 GAN"), Words::both("IMLE")]
}

fn matching(arms: &[Vec<Followed>; 2], data: &[f32]) -> Figure {
    let moments =
        |run: &Followed| -> Vec<usize> { DRAWN.iter().copied().filter(|i| *i < run.moments.len()).collect() };
    let mut charts = Vec::new();
    for (runs, name) in arms.iter().zip(names()) {
        let Some(run) = runs.first() else { continue };
        for i in moments(run) {
            let moment = &run.moments[i];
            let (samples, drawn) = (points(&moment.samples), &data[..2 * N_DRAWN]);
            let matched = nearest(&moment.samples, drawn, 2).unwrap_or_default();
            let arrow = |(p, (j, _)): ([f64; 2], (usize, f64))| {
                let to = samples[j];
                [p[0], p[1], to[0] - p[0], to[1] - p[1]]
            };
            let arrows = points(drawn).into_iter().zip(matched).map(arrow).collect();
            let axis = |name: &'static str| Scale::of(name).within(-2.8, 2.8);
            let chart = Chart::new(axis("x₁"), axis("x₂"))
                .titled(Words::of(
                    format!("{}, step {}", name.en, moment.step),
                    format!("{}, {}걸음", name.ko, moment.step),
                ))
                .with(("samples", "표본"), Hue::Fake, Shape::Dots(samples.clone(), 1.8))
                .with(("to the nearest sample", "가장 가까운 표본까지"), Hue::Theory, Shape::Arrows(arrows))
                .with(("data points", "데이터 점"), Hue::Real, Shape::Dots(points(drawn), 4.0))
                .squared();
            charts.push(chart);
        }
    }
    Figure::steps(
        (
            "Data points and their nearest samples: first the plain GAN, then IMLE",
            "데이터 점과 가장 가까운 표본: 먼저 보통의 GAN, 다음은 IMLE",
        ),
        charts,
    )
}

fn reaches(arms: &[Vec<Followed>; 2], data: &[f32]) -> Figure {
    let axis = Scale::log(("farthest data point's way to a sample", "가장 먼 데이터 점에서 표본까지의 거리"));
    let mut chart = Chart::new(Scale::of(("step", "걸음")), axis);
    for (i, (runs, name)) in arms.iter().zip(names()).enumerate() {
        for (j, run) in runs.iter().enumerate() {
            let line: Vec<[f64; 2]> =
                run.moments.iter().map(|m| [m.step as f64, reach(data, &m.samples)]).collect();
            let shape = if i == 0 { Shape::Dashes(line) } else { Shape::Line(line) };
            // One entry of the legend for all seeds.
            chart = chart.with(if j == 0 { name.clone() } else { Words::NONE }, Hue::Nth(1 - i), shape);
        }
    }
    Figure::one(
        ("No data point stays alone: one line a seed", "홀로 남는 데이터가 있는가 (시드마다 한 줄)"),
        chart,
    )
}

fn ends(arms: &[Vec<Followed>; 2]) -> Figure {
    let chart = |reading: &str, title: (&'static str, &'static str), axis: Scale| {
        let finals = |runs: &Vec<Followed>| runs.iter().map(|run| run.last(reading)).collect::<Vec<f64>>();
        let whisker = |(i, runs)| {
            let interval = interval(&finals(runs));
            [i as f64, interval.low, interval.mean, interval.high]
        };
        let dots = arms
            .iter()
            .enumerate()
            .flat_map(|(i, runs)| finals(runs).into_iter().map(move |y| [i as f64 + 0.18, y]));
        let x = Scale::names(Words::NONE, ["GAN", "IMLE"]);
        Chart::new(x, axis)
            .titled(title)
            .with(
                ("mean, 95 % interval", "평균, 95 % 신뢰구간"),
                Hue::Nth(0),
                Shape::Whiskers(arms.iter().enumerate().map(whisker).collect()),
            )
            .with(("one seed", "시드 하나"), Hue::Nth(1), Shape::Dots(dots.collect(), 3.0))
    };
    Figure::row(
        ("What is won, and what it costs", "얻는 것과 잃는 것"),
        vec![
            chart(
                "samples/n_modes",
                ("coverage: more is better", "덮는 범위: 클수록 좋음"),
                Scale::of(("modes captured, of 8", "잡은 모드 수 (8개 중)")).within(0.0, 9.0),
            ),
            chart(
                "samples/high_quality_share",
                ("quality: more is better", "품질: 클수록 좋음"),
                Scale::of(("share of samples within 3 std of a mode", "모드에서 3표준편차 안의 표본 비율"))
                    .within(-0.05, 1.05),
            ),
        ],
    )
}

fn ring_checks(found: &mut Findings, arms: &[Vec<Followed>; 2], data: &[f32]) {
    let all = |runs: &[Followed], name: &str| runs.iter().map(|run| run.last(name)).collect::<Vec<f64>>();
    let fewest = |values: &[f64]| least(values.iter().copied());
    let most = |values: &[f64]| largest(values.iter().copied());
    let reaches = |runs: &[Followed]| -> Vec<f64> {
        runs.iter().filter_map(|run| Some(reach(data, &run.moments.last()?.samples))).collect()
    };
    let [gan, imle] = arms;
    let (modes, quality) = ("samples/n_modes", "samples/high_quality_share");
    found.fact("gan-reach", most(&reaches(gan)), 2);
    let claims = [
        (
            "imle-modes",
            "IMLE: modes captured at the worst seed, of 8",
            "IMLE: 가장 나쁜 시드가 잡은 모드 수 (8개 중)",
            fewest(&all(imle, modes)),
            Wanted::AtLeast(8.0),
        ),
        (
            "gan-modes",
            "plain GAN: modes captured at the best seed",
            "보통의 GAN: 가장 좋은 시드가 잡은 모드 수",
            most(&all(gan, modes)),
            Wanted::AtMost(7.0),
        ),
        (
            "imle-reach",
            "IMLE: the farthest data point's way to a sample, largest over seeds",
            "IMLE: 가장 먼 데이터 점에서 표본까지의 거리 (시드 중 최대)",
            most(&reaches(imle)),
            Wanted::AtMost(0.3),
        ),
        (
            "reach-ratio",
            "the same, plain GAN by IMLE",
            "같은 거리: 보통의 GAN ÷ IMLE",
            fewest(&reaches(gan)) / most(&reaches(imle)),
            Wanted::AtLeast(3.0),
        ),
        (
            "imle-quality",
            "IMLE: mean share of samples within three standard deviations of a mode",
            "IMLE: 모드에서 3표준편차 안에 든 표본의 평균 비율",
            mean(&all(imle, quality)),
            Wanted::AtMost(0.8),
        ),
    ];
    found.claims(2, &claims);
    found.fact("gan-quality", mean(&all(gan, quality)), 2);
}
