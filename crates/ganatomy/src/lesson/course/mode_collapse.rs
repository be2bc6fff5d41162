//! Mode collapse: a greedy generator goes where D is highest, all of it, and then on to the next place.

use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};
use ganatomy_view::page::{Images, Table};

use crate::lesson::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, number};
use images::{Digits, STAGES, Stage};
use ring::{Look, N_MODES, REACH, Watched, grid};

mod images;
mod ring;
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

const STAGE_NAMES: [Words; 3] = [
    Words::new("balanced", "균형 잡힌 게임"),
    Words::new("greedy for 20 steps", "욕심낸 지 20걸음"),
    Words::new("greedy for 100 steps", "욕심낸 지 100걸음"),
];
/// Moments of the stepped figure.
const N_FILMED: usize = 12;
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
    found.figure("rotation", rotation(&greedy[0], &balanced));
    found.figure("film", film(&greedy[0]));
    found.figure("summit", summit(&greedy[0], &balanced));
    found.figure("slopes", slopes(&greedy[0], &balanced));
    for (key, stage) in ["healthy", "partial", "collapsed"].into_iter().zip(0..) {
        found.images(key, sheet(&digits, stage));
    }
    found.figure("histograms", histograms(&digits));
    found.images("groups", groups(&digits));
    found.table("stages", table(&digits));
    ring_checks(&mut found, &greedy, &balanced);
    digit_checks(&mut found, &digits);
    Ok(found)
}

fn steps() -> Scale {
    Scale::of(("step", "걸음"))
}

fn rotation(greedy: &Watched, balanced: &Watched) -> Figure {
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

fn film(greedy: &Watched) -> Figure {
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

fn summit(greedy: &Watched, balanced: &Watched) -> Figure {
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

fn slopes(greedy: &Watched, balanced: &Watched) -> Figure {
    // What vanishes altogether is drawn at the floor of a logarithmic axis.
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

fn sheet(digits: &Digits, stage: usize) -> Images {
    let shape = [digits.size, digits.size, 1];
    let images = &digits.stages[stage].images[..64 * digits.size * digits.size];
    Images::of(STAGE_NAMES[stage].clone(), 16, shape, images)
}

fn histograms(digits: &Digits) -> Figure {
    let chart = |(stage, name): (&Stage, Words)| {
        let bars = stage.shares.iter().enumerate().map(|(class, share)| [class as f64, *share]).collect();
        let names = Scale::names(("digit", "숫자"), (0..stage.shares.len()).map(|class| class.to_string()));
        Chart::new(names, Scale::of(("share of samples", "표본의 비율")).within(0.0, 1.0)).titled(name).with(
            Words::NONE,
            Hue::Nth(0),
            Shape::Bars(bars, 0.9),
        )
    };
    Figure::row(
        ("Which digit the nearest labelled image is", "가장 가까운 라벨 있는 이미지의 숫자"),
        digits.stages.iter().zip(STAGE_NAMES).map(chart).collect(),
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
    let title = (
        "Groups of near-identical samples after 20 greedy steps, one a row",
        "욕심낸 지 20걸음 뒤 거의 같은 표본끼리 묶은 것 (한 줄에 한 무리)",
    );
    Images::of(title, GROUPS[1], [digits.size, digits.size, 1], &pixels)
}

fn table(digits: &Digits) -> Table {
    let row = |(stage, name): (&Stage, Words)| {
        vec![
            name,
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
            Words::new("different images, at most", "서로 다른 이미지 수 (많아야)"),
        ],
        rows: digits.stages.iter().zip(STAGE_NAMES).map(row).collect(),
    }
}

/// The least and the largest over seeds.
fn ends(greedy: &[Watched], of: impl Fn(&Watched) -> f64) -> [f64; 2] {
    let all: Vec<f64> = greedy.iter().map(of).collect();
    [all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

fn ring_checks(found: &mut Findings, greedy: &[Watched], balanced: &Watched) {
    let lead = |watched: &Watched| watched.late_median(|look| look.share(look.leading()));
    let spread = |watched: &Watched| watched.late_median(Look::spread);
    let high = |watched: &Watched| watched.late_median(|look| look.height);
    let near = |watched: &Watched| {
        watched.late().iter().filter(|look| look.to_summit() < 0.5).count() as f64
            / watched.late().len() as f64
    };
    let slope = |i: usize| move |watched: &Watched| watched.late_median(|look| look.slopes[i]);
    for (name, en, ko, measured, wanted) in [
        (
            "lead",
            "greedy G: share of samples at the leading mode, least over seeds",
            "욕심 많은 생성자: 앞선 모드의 표본 비율 (시드 중 최소)",
            ends(greedy, lead)[0],
            Wanted::AtLeast(0.9),
        ),
        (
            "balanced-lead",
            "balanced game: the same",
            "균형 잡힌 게임: 같은 값",
            lead(balanced),
            Wanted::AtMost(0.4),
        ),
        (
            "changes",
            "greedy G: share of looks at which another mode leads than at the last",
            "욕심 많은 생성자: 앞선 모드가 지난번과 달라진 비율",
            ends(greedy, Watched::changes)[0],
            Wanted::AtLeast(0.5),
        ),
        (
            "visited",
            "modes that led at some time in the second half, of 8",
            "후반에 한 번이라도 앞선 모드 수 (8개 중)",
            ends(greedy, Watched::visited)[0],
            Wanted::AtLeast(6.0),
        ),
        (
            "spread",
            "greedy G: median spread of the samples, largest over seeds",
            "욕심 많은 생성자: 표본이 퍼진 정도의 중앙값 (시드 중 최대)",
            ends(greedy, spread)[1],
            Wanted::AtMost(0.2),
        ),
        (
            "balanced-spread",
            "balanced game: the same",
            "균형 잡힌 게임: 같은 값",
            spread(balanced),
            Wanted::AtLeast(1.5),
        ),
        (
            "height",
            "greedy G: share of the square where D is lower than at the samples",
            "욕심 많은 생성자: 판별자 점수가 표본보다 낮은 면적의 비율",
            ends(greedy, high)[0],
            Wanted::AtLeast(0.9),
        ),
        (
            "near-summit",
            "greedy G: share of looks at which the samples are within 0.5 of D's highest point",
            "욕심 많은 생성자: 표본이 판별자의 최고점에서 0.5 이내에 있던 비율",
            ends(greedy, near)[0],
            Wanted::AtLeast(0.3),
        ),
        (
            "slope-ratio",
            "norm of dG/dz, greedy by balanced, largest over seeds",
            "dG/dz의 크기: 욕심 많은 쪽 ÷ 균형 잡힌 쪽 (시드 중 최대)",
            ends(greedy, slope(0))[1] / slope(0)(balanced),
            Wanted::AtMost(0.05),
        ),
        (
            "loss-slope-ratio",
            "norm of dJ/dz, greedy by balanced, largest over seeds",
            "dJ/dz의 크기: 욕심 많은 쪽 ÷ 균형 잡힌 쪽 (시드 중 최대)",
            ends(greedy, slope(1))[1] / slope(1)(balanced),
            Wanted::AtMost(0.1),
        ),
    ] {
        found.check(Check::new(name, Words::new(en, ko), measured, wanted));
    }
    found.fact("balanced-height", high(balanced), 2);
    found.fact("balanced-near", near(balanced), 2);
    found.fact("moved", ends(greedy, Watched::moved)[0], 2);
    found.fact("balanced-moved", balanced.moved(), 2);
    found.fact("modes", greedy[0].late_median(|look| look.n_modes), 2);
    found.fact("balanced-modes", balanced.late_median(|look| look.n_modes), 2);
}

fn digit_checks(found: &mut Findings, digits: &Digits) {
    let [healthy, partial, collapsed] = [0, 1, 2].map(|i| &digits.stages[i]);
    found.fact("greedy-steps", STAGES[2] as f64, 3);
    found.fact("pairs-healthy", healthy.twins.len() as f64, 5);
    found.fact("pairs-partial", partial.twins.len() as f64, 5);
    found.fact("pairs-collapsed", collapsed.twins.len() as f64, 5);
    for (name, en, ko, measured, wanted) in [
        (
            "accuracy",
            "the nearest labelled image names held-out digits rightly",
            "가장 가까운 라벨 이미지로 처음 보는 숫자를 맞힌 비율",
            digits.accuracy,
            Wanted::AtLeast(0.85),
        ),
        (
            "classes",
            "digits that the balanced G shows, of 10",
            "균형 잡힌 생성자가 그린 숫자의 종류 (10개 중)",
            healthy.n_classes(),
            Wanted::AtLeast(9.0),
        ),
        (
            "largest",
            "share of the commonest digit at the end of greed",
            "욕심의 끝에서 가장 흔한 숫자의 비율",
            collapsed.largest(),
            Wanted::AtLeast(0.4),
        ),
        (
            "support-healthy",
            "different images of the balanced G, estimated from pairs",
            "균형 잡힌 생성자의 서로 다른 이미지 수 (쌍으로 추정)",
            healthy.support().round(),
            Wanted::AtLeast(300.0),
        ),
        (
            "support-partial",
            "the same after 20 greedy steps",
            "욕심낸 지 20걸음 뒤의 같은 값",
            partial.support().round(),
            Wanted::AtMost(200.0),
        ),
        (
            "support-collapsed",
            "the same after 100 greedy steps",
            "욕심낸 지 100걸음 뒤의 같은 값",
            collapsed.support().round(),
            Wanted::AtMost(20.0),
        ),
    ] {
        found.check(Check::new(name, Words::new(en, ko), measured, wanted));
    }
}
