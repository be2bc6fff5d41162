//! Eight classic remedies, each against the ill that it is meant to mend, at equal budget.

use ganatomy_record::RunSpec;
use ganatomy_train::small::SmallPlan;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::stats::{interval, mean};
use crate::{Bench, Check, Findings, Followed, Lesson, LessonError, Moment, Wanted, Words};

mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "remedies",
    title: Words::new("Remedies: what each one mends", "처방: 무엇이 무엇을 고치는가"),
    question: Words::new(
        "Feature matching, packing, label smoothing, noise, ...: which ill is each one for, and does it help at equal budget?",
        "특징 맞추기, 패킹, 라벨 스무딩, 잡음 …: 각 처방은 어떤 병에 쓰며, 같은 비용으로 정말 나아질까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

const BASE: &str = include_str!("../../../../docs/results/toy.toml");
/// A D too weak for its G, which learns three times as fast: samples crowd together and keep moving.
const WEAK: &str = r#"
generator = { activation = "tanh", update = { kind = "adam", lr = 3e-3, beta1 = 0.5 } }
discriminator = { hidden = [64] }
probes = { gradients = { every_steps = 100 } }
"#;
/// A D that moves five times for each move of G, ten times as fast: it is sure of itself, and steep.
const STRONG: &str = r#"
loss = { kind = "minimax" }
scheme = { kind = "alternating", d_steps = 5 }
generator = { activation = "tanh", update = { kind = "adam", lr = 1e-4, beta1 = 0.5 } }
probes = { gradients = { every_steps = 100 } }
"#;

/// What is wrong, as a number of one run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ill {
    /// How unevenly samples spread over the modes.
    Uneven,
    /// How far the sample of one z moves between two looks.
    Restless,
    /// How sure D is of real items.
    Overconfident,
    /// How steep D is where G learns.
    Steep,
}

/// A set-up with its ill, and what is tried against it. The first of each is the plain game.
struct Ward {
    ground: &'static str,
    ill: Ill,
    arms: &'static [(Words, &'static str)],
}

#[rustfmt::skip]
const WARDS: [Ward; 5] = [
    Ward { ground: WEAK, ill: Ill::Uneven, arms: &[
        (Words::new("plain", "처방 없음"), ""),
        (Words::new("feature matching", "특징 맞추기"), "remedies = { feature-matching = {} }"),
        (Words::new("minibatch discrimination", "미니배치 판별"), "remedies = { minibatch-discrimination = { kernels = 4, dims = 3 } }"),
        (Words::new("packing, m = 4", "패킹, m = 4"), "remedies = { packing = { m = 4 } }"),
    ] },
    Ward { ground: WEAK, ill: Ill::Restless, arms: &[
        (Words::new("plain", "처방 없음"), ""),
        (Words::new("historical averaging", "과거 평균"), "remedies = { historical-averaging = { weight = 0.01 } }"),
        (Words::new("replay", "리플레이"), "remedies = { replay = {} }"),
    ] },
    Ward { ground: STRONG, ill: Ill::Overconfident, arms: &[
        (Words::new("plain", "처방 없음"), ""),
        (Words::new("label smoothing", "라벨 스무딩"), "remedies = { label-smoothing = {} }"),
    ] },
    Ward { ground: STRONG, ill: Ill::Steep, arms: &[
        (Words::new("plain", "처방 없음"), ""),
        (Words::new("spectral norm", "스펙트럴 정규화"), "remedies = { spectral-norm = { players = \"discriminator\" } }"),
    ] },
    Ward { ground: STRONG, ill: Ill::Uneven, arms: &[
        (Words::new("plain", "처방 없음"), ""),
        (Words::new("instance noise", "인스턴스 잡음"), "remedies = { instance-noise = { std = 0.3 } }"),
    ] },
];
/// Steps between two looks.
const EVERY: u64 = 100;

impl Ill {
    fn words(self) -> Words {
        match self {
            Ill::Uneven => Words::new("reverse KL over modes (nats)", "모드에 대한 역방향 KL (nat)"),
            Ill::Restless => Words::new("way of a sample in 100 steps", "100걸음 동안 표본이 움직인 거리"),
            Ill::Overconfident => Words::new("mean logit of real items", "실제 데이터의 평균 로짓"),
            Ill::Steep => Words::new("norm of dJ/dx at the samples", "표본에서 dJ/dx의 크기"),
        }
    }

    fn name(self) -> Words {
        match self {
            Ill::Uneven => Words::new("unevenness", "치우침"),
            Ill::Restless => Words::new("restlessness", "불안정"),
            Ill::Overconfident => Words::new("overconfidence", "과신"),
            Ill::Steep => Words::new("steepness", "가파름"),
        }
    }

    /// The mean over the second half of a run.
    fn of(self, run: &Followed) -> f64 {
        let late = &run.moments[run.moments.len() / 2..];
        let read =
            |name: &str| mean(&late.iter().filter_map(|m| m.readings.get(name).copied()).collect::<Vec<_>>());
        match self {
            Ill::Uneven => read("samples/reverse_kl"),
            Ill::Restless => mean(&late.windows(2).map(|pair| way(&pair[0], &pair[1])).collect::<Vec<_>>()),
            Ill::Overconfident => read("discriminator/logit_real"),
            Ill::Steep => read("generator/output_gradient_norm"),
        }
    }
}

/// How far the samples of the same latent points moved, on average.
fn way(before: &Moment, after: &Moment) -> f64 {
    let pairs = before.samples.chunks_exact(2).zip(after.samples.chunks_exact(2));
    mean(&pairs.map(|(a, b)| f64::from((a[0] - b[0]).hypot(a[1] - b[1]))).collect::<Vec<_>>())
}

/// The runs of one arm of one ward.
struct Treated {
    name: &'static Words,
    runs: Vec<Followed>,
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds) = bench.pick((1500, 4), (3000, 10));
    let own = format!("steps = {steps}\n");
    let mut wards: Vec<Vec<Treated>> = Vec::new();
    for (i, ward) in WARDS.iter().enumerate() {
        let mut treated = Vec::new();
        for (name, over) in ward.arms {
            // Wards with the same ground share one plain game.
            let known = (0..i).find(|j| name.en == "plain" && WARDS[*j].ground == ward.ground);
            let specs = bench.seeds(if known.is_some() { 0 } else { n_seeds }).into_iter();
            let specs = specs
                .map(|seed| bench.spec(&[BASE, ward.ground, over, &own], seed))
                .collect::<Result<Vec<_>, _>>()?;
            treated.push(Treated { name, runs: bench.follow(&name.en, &specs, EVERY, 256)? });
        }
        wards.push(treated);
    }
    let mut found = Findings::new();
    found.fact("steps", steps as f64, 5);
    found.fact("n-seeds", n_seeds as f64, 2);
    let measured: Vec<Vec<(&Words, Vec<f64>)>> = (0..WARDS.len()).map(|i| measure(&wards, i)).collect();
    found.figure(
        "wards",
        Figure::row(
            (
                "Each remedy against its ill: mean and 95 % interval over seeds; less is better",
                "처방과 그 병: 시드 평균과 95 % 신뢰구간, 작을수록 좋음",
            ),
            (0..WARDS.len()).map(|i| chart(i, &measured[i])).collect(),
        ),
    );
    found.figure("modes", modes(&wards));
    for (i, ward) in measured.iter().enumerate() {
        for (name, values) in ward {
            let name = name.en.split(',').next().unwrap_or_default().replace(' ', "-");
            found.fact(
                format!("{}-{name}", ["uneven", "restless", "sure", "steep", "uneven-strong"][i]),
                mean(values),
                2,
            );
        }
    }
    checks(&mut found, &measured);
    sharpness(&mut found, &wards[0]);
    dirac(&mut found)?;
    Ok(found)
}

/// The runs of an arm; the plain game of a ground is kept with the first ward on it.
fn runs(wards: &[Vec<Treated>], ward: usize, arm: usize) -> &[Followed] {
    let own = &wards[ward][arm].runs;
    let first = (0..ward).find(|j| WARDS[*j].ground == WARDS[ward].ground);
    match first {
        Some(first) if own.is_empty() => &wards[first][0].runs,
        _ => own,
    }
}

fn measure<'a>(wards: &'a [Vec<Treated>], i: usize) -> Vec<(&'a Words, Vec<f64>)> {
    let one = |(k, arm): (usize, &'a Treated)| {
        (arm.name, runs(wards, i, k).iter().map(|run| WARDS[i].ill.of(run)).collect())
    };
    wards[i].iter().enumerate().map(one).collect()
}

fn ground(i: usize) -> Words {
    let name = WARDS[i].ill.name();
    if WARDS[i].ground == WEAK {
        Words::of(format!("{}, weak D", name.en), format!("{}, 약한 판별자", name.ko))
    } else {
        Words::of(format!("{}, strong D", name.en), format!("{}, 강한 판별자", name.ko))
    }
}

fn chart(i: usize, measured: &[(&Words, Vec<f64>)]) -> Chart {
    let item = |(k, (_, values)): (usize, &(&Words, Vec<f64>))| {
        let interval = interval(values);
        [k as f64, interval.low, interval.mean, interval.high]
    };
    let items: Vec<[f64; 4]> = measured.iter().enumerate().map(item).collect();
    let (plain, others) = items.split_at(1);
    Chart::new(
        Scale::of(WARDS[i].ill.words()),
        Scale::names(Words::NONE, measured.iter().map(|(name, _)| (*name).clone())),
    )
    .titled(ground(i))
    .with(Words::NONE, Hue::Fake, Shape::Intervals(plain.to_vec()))
    .with(Words::NONE, Hue::Real, Shape::Intervals(others.to_vec()))
}

/// Modes captured at the end, arm by arm.
fn modes(wards: &[Vec<Treated>]) -> Figure {
    let mut charts = Vec::new();
    for (of, title) in [(WEAK, ("weak D", "약한 판별자")), (STRONG, ("strong D", "강한 판별자"))] {
        let arms: Vec<(&Words, &[Followed])> = (0..WARDS.len())
            .filter(|i| WARDS[*i].ground == of)
            .flat_map(|i| (0..wards[i].len()).map(move |k| (i, k)))
            .filter(|(i, k)| !wards[*i][*k].runs.is_empty())
            .map(|(i, k)| (wards[i][k].name, runs(wards, i, k)))
            .collect();
        let item = |(k, (_, runs)): (usize, &(&Words, &[Followed]))| {
            let interval = interval(&runs.iter().map(|run| run.last("samples/n_modes")).collect::<Vec<_>>());
            [k as f64, interval.low, interval.mean, interval.high]
        };
        let items = arms.iter().enumerate().map(item).collect();
        let axis = Scale::of(("modes captured, of 8", "잡은 모드 수 (8개 중)")).within(0.0, 9.0);
        let names = Scale::names(Words::NONE, arms.iter().map(|(name, _)| (*name).clone()));
        charts.push(Chart::new(axis, names).titled(title).with(
            Words::NONE,
            Hue::Real,
            Shape::Intervals(items),
        ));
    }
    Figure::row(("Modes captured at the end", "마지막에 잡은 모드 수"), charts)
}

fn checks(found: &mut Findings, measured: &[Vec<(&Words, Vec<f64>)>]) {
    let ratio = |ward: usize, arm: usize| mean(&measured[ward][arm].1) / mean(&measured[ward][0].1);
    for (name, ward, arm, most) in [
        ("feature-matching", 0, 1, 0.5),
        ("minibatch-discrimination", 0, 2, 0.5),
        ("packing", 0, 3, 0.6),
        ("label-smoothing", 2, 1, 0.9),
        ("spectral-norm", 3, 1, 0.2),
        ("instance-noise", 4, 1, 0.6),
    ] {
        let ill = ground(ward);
        let claim = Words::of(
            format!("{}: {} as a share of the plain game's", measured[ward][arm].0.en, ill.en),
            format!("{}: 처방 없는 게임에 대한 비율 ({})", measured[ward][arm].0.ko, ill.ko),
        );
        found.check(
            Check::new(format!("{name}-share"), claim, ratio(ward, arm), Wanted::AtMost(most)).digits(2),
        );
    }
    let shares = [ratio(1, 1), ratio(1, 2)];
    found.fact("historical-share", shares[0], 2);
    found.fact("replay-share", shares[1], 2);
    let claim = Words::new(
        "historical averaging and replay, weak D: way of a sample as a share of the plain game's, the smaller",
        "과거 평균과 리플레이, 약한 판별자: 표본이 움직인 거리의 처방 없는 게임에 대한 비율, 더 작은 것",
    );
    let calmer = shares[0].min(shares[1]);
    found.check(Check::new("chase-goes-on", claim, calmer, Wanted::AtLeast(0.9)).digits(2));
}

/// Feature matching gives up sharp samples for even ones.
fn sharpness(found: &mut Findings, ward: &[Treated]) {
    let sharp = |arm: &Treated| {
        mean(&arm.runs.iter().map(|run| run.last("samples/high_quality_share")).collect::<Vec<_>>())
    };
    found.fact("sharp-plain", sharp(&ward[0]), 2);
    let claim = Words::new(
        "share of sharp samples (within 3 standard deviations of a mode) with feature matching",
        "특징 맞추기에서 또렷한 표본(모드에서 표준편차 3배 이내)의 비율",
    );
    found.check(Check::new("sharp-matching", claim, sharp(&ward[1]), Wanted::AtMost(0.2)).digits(2));
}

/// Historical averaging where theory explains why it helps: the smallest GAN, whose players only circle.
fn dirac(found: &mut Findings) -> Result<(), LessonError> {
    let mut chart = Chart::new(
        Scale::of(("step", "걸음")),
        Scale::log(("distance to the equilibrium", "균형점까지의 거리")),
    );
    let mut ends = Vec::new();
    for (i, (name, remedy)) in [
        (("plain", "처방 없음"), ""),
        (("historical averaging", "과거 평균"), "remedies = { historical-averaging = { weight = 0.1 } }\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let spec = format!(
            "steps = 2000\nloss = {{ kind = \"minimax\" }}\ngame = {{ kind = \"dirac\" }}\n\
            scheme = {{ kind = \"simultaneous\" }}\nupdate = {{ kind = \"sgd\", lr = 0.1 }}\n{remedy}"
        );
        let radii = SmallPlan::new(&RunSpec::parse(&spec, "the lesson")?)?.play(None)?.radii();
        ends.push(radii.last().copied().unwrap_or(f64::NAN) / radii[0]);
        let line = radii.iter().enumerate().step_by(5).map(|(t, r)| [t as f64, *r]).collect();
        chart = chart.with(name, Hue::Nth(i), Shape::Line(line));
    }
    found.figure("dirac", Figure::one(("The Dirac GAN, simultaneous steps", "Dirac GAN, 동시 갱신"), chart));
    let claim = Words::new(
        "Dirac GAN: distance after 2,000 steps by the start's, plain",
        "Dirac GAN: 2,000걸음 뒤의 거리 ÷ 처음 거리, 보통",
    );
    found.check(Check::new("dirac-plain", claim, ends[0], Wanted::AtLeast(1.5)));
    let claim = Words::new("the same with historical averaging", "같은 게임에 과거 평균을 더했을 때");
    found.check(Check::new("dirac-averaged", claim, ends[1], Wanted::AtMost(0.1)));
    Ok(())
}
