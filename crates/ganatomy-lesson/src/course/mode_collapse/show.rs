//! Figures of the greedy game on the ring.

use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};

use super::ring::{Look, N_MODES, REACH, Watched, grid};
use crate::Words;

/// Moments of the stepped figure.
const N_FILMED: usize = 12;

fn steps() -> Scale {
    Scale::of(("step", "걸음"))
}

pub(super) fn rotation(greedy: &Watched, balanced: &Watched) -> Figure {
    let chart = |watched: &Watched, title: (&'static str, &'static str)| {
        let heat = Heat {
            x: watched.looks.iter().map(|look| look.step as f64).collect(),
            y: (0..N_MODES).map(|mode| mode as f64).collect(),
            z: (0..N_MODES).flat_map(|mode| watched.looks.iter().map(move |look| look.share(mode))).collect(),
            unit: Words::new("share of samples", "표본의 비율"),
            colours: Colours::Amount,
            range: Some([0.0, 1.0]),
            numbers: false,
        };
        let names = Scale::names(("mode", "모드"), (1..=N_MODES).map(|mode| mode.to_string()));
        Chart::new(steps(), names).titled(title).with(Words::NONE, Hue::Quiet, Shape::Heat(heat))
    };
    Figure::row(
        ("Which mode the samples are nearest to", "표본이 어느 모드에 가까운가"),
        vec![
            chart(greedy, ("greedy G", "욕심 많은 생성자")),
            chart(balanced, ("balanced game", "균형 잡힌 게임")),
        ],
    )
}

pub(super) fn film(greedy: &Watched) -> Figure {
    let looks = &greedy.looks[greedy.looks.len().saturating_sub(N_FILMED)..];
    let ring = |k: usize| {
        let angle = k as f64 / N_MODES as f64 * std::f64::consts::TAU;
        [2.0 * angle.cos(), 2.0 * angle.sin()]
    };
    let share = |logit: &f32| 1.0 / (1.0 + (-f64::from(*logit)).exp());
    let chart = |look: &Look| {
        let z: Vec<f64> = look.surface.iter().map(share).collect();
        let most = z.iter().map(|d| (d - 0.5).abs()).fold(0.0, f64::max);
        let heat = Heat {
            x: grid(),
            y: grid(),
            z,
            unit: Words::both("D(x)"),
            colours: Colours::Diverging,
            range: Some([0.5 - most, 0.5 + most]),
            numbers: false,
        };
        let axis = |name: &'static str| Scale::of(name).within(-REACH, REACH);
        Chart::new(axis("x₁"), axis("x₂"))
            .titled(Words::of(format!("step {}", look.step), format!("{}걸음", look.step)))
            .with(Words::NONE, Hue::Quiet, Shape::Heat(heat))
            .with(
                ("centres of the modes", "모드의 중심"),
                Hue::Real,
                Shape::Dots((0..N_MODES).map(ring).collect(), 4.0),
            )
            .with(
                ("D is highest here", "판별자가 가장 높은 곳"),
                Hue::Theory,
                Shape::Dots(vec![look.summit], 8.0),
            )
            .with(("256 samples", "표본 256개"), Hue::Fake, Shape::Dots(look.samples.clone(), 3.5))
            .squared()
    };
    Figure::steps(
        (
            "The last looks at the greedy game: 256 samples in one place, and what D thinks of the plane",
            "욕심 많은 게임의 마지막 모습: 한곳에 모인 표본 256개와 판별자가 매긴 평면의 점수",
        ),
        looks.iter().map(chart).collect(),
    )
}

fn both(axis: Scale, greedy: Vec<[f64; 2]>, balanced: Vec<[f64; 2]>) -> Chart {
    Chart::new(steps(), axis).with(("greedy G", "욕심 많은 생성자"), Hue::Nth(1), Shape::Line(greedy)).with(
        ("balanced game", "균형 잡힌 게임"),
        Hue::Nth(0),
        Shape::Dashes(balanced),
    )
}

pub(super) fn summit(greedy: &Watched, balanced: &Watched) -> Figure {
    let height = Scale::of(("share of the square where D is lower", "판별자 점수가 더 낮은 면적의 비율"))
        .within(0.0, 1.02);
    let spread = Scale::log(("spread of the samples", "표본이 퍼진 정도"));
    let at_least = |watched: &Watched| watched.series(|look| look.spread().max(1e-5));
    Figure::row(
        (
            "How high on D's surface the samples stand, and how far apart",
            "표본은 판별자 곡면의 얼마나 높은 곳에, 얼마나 흩어져 있는가",
        ),
        vec![
            both(height, greedy.series(|look| look.height), balanced.series(|look| look.height)),
            both(spread, at_least(greedy), at_least(balanced)),
        ],
    )
}

pub(super) fn slopes(greedy: &Watched, balanced: &Watched) -> Figure {
    // Zeros are drawn at the floor of a logarithmic axis.
    let chart = |i: usize, axis: Scale| {
        let of = |watched: &Watched| watched.series(|look| look.slopes[i].max(1e-6));
        both(axis, of(greedy), of(balanced))
    };
    Figure::row(
        ("What z still changes", "z가 여전히 바꾸는 것"),
        vec![
            chart(0, Scale::log(("of a sample: norm of dG/dz", "표본: dG/dz의 크기"))),
            chart(1, Scale::log(("of G's loss: norm of dJ/dz", "생성자 손실: dJ/dz의 크기"))),
        ],
    )
}
