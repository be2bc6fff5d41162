//! What an equilibrium is, and what the point is at which training a GAN ends.

use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Table;

use crate::stats::{mean, rank_correlation};
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, number};

mod small;
mod text;
mod trained;

use trained::{ARMS, Trained, trained};

pub(super) const LESSON: Lesson = Lesson {
    name: "nash",
    title: Words::new("Nash equilibrium: where does a GAN end?", "내시 균형: GAN은 어디에 이르는가"),
    question: Words::new(
        "An equilibrium is where nobody gains by moving alone. Is that where training ends?",
        "균형이란 혼자 움직여서는 아무도 이득을 볼 수 없는 점입니다. 학습은 정말 그런 점에서 끝날까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds) = bench.pick((3000, 4), (20_000, 10));
    let mut found = Findings::new();
    small::small(&mut found)?;
    let items: Vec<(&str, u64)> =
        ARMS.iter().flat_map(|arm| bench.seeds(n_seeds).into_iter().map(move |seed| (*arm, seed))).collect();
    let runs = bench.each("small GANs", &items, |(arm, seed)| trained(bench, arm, *seed, steps))?;
    let arms: Vec<&[Trained]> = runs.chunks(n_seeds).collect();
    found.fact("steps", steps as f64, 6);
    found.fact("n-seeds", n_seeds as f64, 2);
    found.fact("n-parameters", runs[0].n_parameters as f64, 4);
    found.figure("spectra", spectra(&arms));
    found.table("ends", ends(&arms));
    found.figure("paths", paths(&arms));
    found.figure("gaps", gaps(&arms));
    checks(&mut found, &arms);
    Ok(found)
}

const NAMES: [Words; 2] = [Words::new("plain", "그대로"), Words::new("with R1", "R1을 더함")];

/// The eigenvalues of the first seed of each arm.
fn spectra(arms: &[&[Trained]]) -> Figure {
    let chart = |(arm, name): (&&[Trained], &Words)| {
        let all = &arm[0].eigenvalues;
        let high = all.iter().map(|[_, im]| im.abs()).fold(0.0, f64::max).max(1e-3) * 1.15;
        let line = Shape::Dashes(vec![[0.0, -high], [0.0, high]]);
        let side = |out: bool| all.iter().filter(|[re, _]| (*re > 0.0) == out).copied().collect::<Vec<_>>();
        Chart::new(
            Scale::of(("real part", "실수부")),
            Scale::of(("imaginary part", "허수부")).within(-high, high),
        )
        .titled(name.clone())
        .with(("attracted", "끌어당김"), Hue::Real, Shape::Dots(side(false), 3.0))
        .with(("pushed away", "밀어냄"), Hue::Fake, Shape::Dots(side(true), 4.5))
        .with(("neither", "경계"), Hue::Theory, line)
    };
    Figure::row(
        (
            "Eigenvalues of the motion −H at the end, first seed",
            "마지막 점에서 운동 −H의 고윳값, 첫 번째 시드",
        ),
        arms.iter().zip(&NAMES).map(chart).collect(),
    )
}

/// Path angle and path norm from the start to the end and beyond.
fn paths(arms: &[&[Trained]]) -> Figure {
    let share = || Scale::of(("share of the way from start to end", "처음에서 마지막까지 길에서의 위치"));
    let mut angle = Chart::new(share(), Scale::of(("cosine of the path angle", "경로각의 코사인")))
        .titled(("path angle", "경로각"));
    let mut norm = Chart::new(share(), Scale::log(("length of the field", "벡터장의 크기")))
        .titled(("path norm", "경로 크기"));
    for (i, (arm, name)) in arms.iter().zip(&NAMES).enumerate() {
        for (k, run) in arm.iter().enumerate() {
            let name = if k == 0 { name.clone() } else { Words::NONE };
            let line = |of: fn(&ganatomy_train::look::PathPoint) -> f64| {
                Shape::Line(run.path.iter().map(|p| [p.share, of(p)]).collect())
            };
            angle = angle.with(name.clone(), Hue::Nth(i), line(|p| p.cosine));
            norm = norm.with(name, Hue::Nth(i), line(|p| p.norm));
        }
    }
    angle = angle.with(("the end", "도착점"), Hue::Theory, Shape::Dashes(vec![[1.0, -0.3], [1.0, 0.3]]));
    Figure::row(
        ("The straight way from start to end, every seed", "처음에서 마지막까지의 직선, 모든 시드"),
        vec![angle, norm],
    )
}

fn gaps(arms: &[&[Trained]]) -> Figure {
    let chart = |of: usize, axis: Scale| {
        let mut chart = Chart::new(Scale::of(("step", "걸음")), axis);
        for (i, (arm, name)) in arms.iter().zip(&NAMES).enumerate() {
            let at = |j: usize| {
                [arm[0].gaps[j][0], mean(&arm.iter().map(|run| run.gaps[j][of]).collect::<Vec<_>>())]
            };
            chart =
                chart.with(name.clone(), Hue::Nth(i), Shape::Line((0..arm[0].gaps.len()).map(at).collect()));
        }
        chart
    };
    Figure::row(
        (
            "Distance from an equilibrium, and from the data: mean over seeds",
            "균형과의 거리, 데이터와의 거리: 시드 평균",
        ),
        vec![
            chart(1, Scale::log(("duality gap (nats)", "쌍대 간극 (nat)"))),
            chart(2, Scale::log(("sliced Wasserstein distance", "분할 바서슈타인 거리"))),
        ],
    )
}

/// What the last point of each arm is, means over seeds.
fn ends(arms: &[&[Trained]]) -> Table {
    let row = |name: Words, of: &dyn Fn(&Trained) -> f64| {
        let mut row = vec![name];
        row.extend(arms.iter().map(|arm| Words::both(number(over(arm, of), 2))));
        row
    };
    Table {
        title: Words::new("The point at which training ended, mean over seeds", "학습이 끝난 점, 시드 평균"),
        head: vec![Words::new("reading", "측정값"), NAMES[0].clone(), NAMES[1].clone()],
        rows: vec![
            row(Words::new("length of the field at the start", "처음의 벡터장 크기"), &|run| {
                run.norms[0]
            }),
            row(Words::new("length of the field at the end", "마지막의 벡터장 크기"), &|run| {
                run.norms[1]
            }),
            row(
                Words::new("G's own Hessian: least eigenvalue", "G 자신의 헤세 행렬: 가장 작은 고윳값"),
                &|run| run.own[0][0],
            ),
            row(
                Words::new("G's own Hessian: largest", "G 자신의 헤세 행렬: 가장 큰 고윳값"),
                &|run| run.own[0][1],
            ),
            row(
                Words::new("D's own Hessian: least eigenvalue", "D 자신의 헤세 행렬: 가장 작은 고윳값"),
                &|run| run.own[1][0],
            ),
            row(Words::new("motion: largest real part", "운동: 가장 큰 실수부"), &Trained::worst),
            row(Words::new("motion: largest imaginary part", "운동: 가장 큰 허수부"), &Trained::rotation),
            row(Words::new("modes captured, of 8", "잡은 모드 수 (8개 중)"), &|run| run.modes),
        ],
    }
}

/// The mean over the runs of an arm.
fn over(arm: &[Trained], of: &dyn Fn(&Trained) -> f64) -> f64 {
    mean(&arm.iter().map(of).collect::<Vec<_>>())
}

/// Is the point an equilibrium, does it attract, and do the players circle it?
fn checks(found: &mut Findings, arms: &[&[Trained]]) {
    let both = |of: &dyn Fn(&Trained) -> f64| mean(&arms.iter().map(|arm| over(arm, of)).collect::<Vec<_>>());
    let turning = arms.iter().map(|arm| format!("{:.0}", 100.0 * over(arm, &Trained::turning)));
    for (name, words) in ["turning-plain", "turning-r1"].into_iter().zip(turning) {
        found.told(name, words);
    }
    let claims = [
        (
            "nearly-still",
            "length of the field at the end by that at the start, both arms",
            "마지막 벡터장의 크기 ÷ 처음 크기, 두 경우 평균",
            both(&|run| run.norms[1] / run.norms[0]),
            Wanted::AtMost(0.5),
        ),
        (
            "not-nash",
            "least eigenvalue of G's own Hessian at the end, mean over all runs: below 0, so no local Nash equilibrium",
            "마지막 점에서 G 자신의 헤세 행렬의 가장 작은 고윳값, 모든 실행의 평균: 음수이므로 국소 내시 균형이 아니다",
            both(&|run| run.own[0][0]),
            Wanted::AtMost(-0.05),
        ),
        (
            "pushed",
            "largest real part of the motion at the end, plain, mean over seeds: above 0, so something is still pushed away",
            "그대로 학습한 마지막 점에서 운동의 가장 큰 실수부, 시드 평균: 양수이므로 밀어내는 방향이 남아 있다",
            over(arms[0], &Trained::worst),
            Wanted::AtLeast(0.05),
        ),
        (
            "less-pushed",
            "the same with R1, as a share of the plain game's",
            "R1을 더했을 때, 그대로일 때에 대한 비율",
            over(arms[1], &Trained::worst) / over(arms[0], &Trained::worst),
            Wanted::AtMost(0.95),
        ),
    ];
    found.claims(2, &claims);
    turning_checks(found, arms);
    path_checks(found, arms);
    gap_checks(found, arms);
}

/// Do the players circle?
fn turning_checks(found: &mut Findings, arms: &[&[Trained]]) {
    for (k, name, en, ko) in [
        (
            0,
            "rotation-plain",
            "largest imaginary part of the motion, plain: the players circle",
            "운동의 가장 큰 허수부, 그대로: 두 참가자가 맴돈다",
        ),
        (1, "rotation-r1", "the same with R1: they circle still", "R1을 더했을 때: 여전히 맴돈다"),
    ] {
        let measured = over(arms[k], &Trained::rotation);
        found.check(Check::new(name, Words::new(en, ko), measured, Wanted::AtLeast(0.2)).digits(2));
    }
}

/// Does the straight way point to the end from both sides?
fn path_checks(found: &mut Findings, arms: &[&[Trained]]) {
    let both = |from: f64, to: f64| {
        mean(&arms.iter().map(|arm| over(arm, &|run| run.cosine(from, to))).collect::<Vec<_>>())
    };
    let claim = Words::new(
        "mean cosine of the path angle before the end (0.5 to 0.9 of the way)",
        "도착점 앞(길의 0.5~0.9)에서 경로각 코사인의 평균",
    );
    found.check(Check::new("before", claim, both(0.5, 0.9), Wanted::AtLeast(0.01)).digits(2));
    let claim = Words::new(
        "the same beyond the end (1.1 to 1.5): the sign has changed",
        "도착점 너머(1.1~1.5)에서의 평균: 부호가 바뀐다",
    );
    found.check(Check::new("after", claim, both(1.1, 1.5), Wanted::AtMost(-0.005)).digits(2));
}

/// What the duality gap says, and whether it goes with the quality of samples.
fn gap_checks(found: &mut Findings, arms: &[&[Trained]]) {
    let runs = || arms.iter().flat_map(|arm| arm.iter());
    let first = mean(&runs().map(|run| run.gaps[0][1]).collect::<Vec<_>>());
    let last = mean(&runs().filter_map(|run| Some(run.gaps.last()?[1])).collect::<Vec<_>>());
    found.fact("gap-start", first, 3);
    found.fact("gap-end", last, 2);
    let claim =
        Words::new("duality gap at the end by that at the start", "마지막 쌍대 간극 ÷ 처음 쌍대 간극");
    found.check(Check::new("gap-falls", claim, last / first, Wanted::AtMost(0.35)).digits(2));
    let column =
        |of: usize| runs().flat_map(|run| run.gaps.iter().map(move |gap| gap[of])).collect::<Vec<_>>();
    let claim = Words::new(
        "rank correlation of the duality gap with the distance of samples from the data",
        "쌍대 간극과, 표본과 데이터 사이 거리의 순위 상관",
    );
    let ranks = rank_correlation(&column(1), &column(2));
    found.check(
        Check::new("gap-rank", claim, ranks, Wanted::AtLeast(0.5)).from("Grnarova et al. 2019").digits(2),
    );
}
