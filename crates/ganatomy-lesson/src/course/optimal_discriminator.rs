//! D trained to convergence against a generator that stands still: it becomes `p / (p + q)`, and its value is JS.

use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape, sampled};
use ganatomy_view::page::Table;

use crate::gaussians::{At, best_logit, normal, sigmoid};
use crate::stats::largest;
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, fixed, number};

mod learn;
mod text;

use learn::{Effort, Kind, Learned, learn};

pub(super) const LESSON: Lesson = Lesson {
    name: "optimal-discriminator",
    title: Words::new("The best discriminator: D* and what it is worth", "최적의 판별자: D*와 그 값"),
    question: Words::new(
        "Hold the generator still and train D until it gets no better. What has it become, and what does it tell G?",
        "생성자를 멈춰 두고 판별자를 더 나아지지 않을 때까지 학습시킵니다. 판별자는 무엇이 되며, 생성자에게 무엇을 알려 줄까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Means of the generator; the value is measured and shown at all of them, and checked up to [`CHECKED`].
const MUS: [f64; 6] = [0.5, 1.0, 2.0, 3.0, 4.0, 6.0];
const CHECKED: f64 = 4.0;

/// Both kinds of discriminator at one mean.
struct Pair {
    theory: At,
    network: Learned,
    line: Learned,
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let effort = bench.pick(
        Effort { steps: 4000, batch: 512, n_keys: 256 },
        Effort { steps: 20_000, batch: 4096, n_keys: 512 },
    );
    let runs: Vec<(f64, Kind)> =
        MUS.iter().flat_map(|mu| [(*mu, Kind::Network), (*mu, Kind::Line)]).collect();
    let learned = bench.each("discriminators", &runs, |(mu, kind)| learn(bench, &effort, *kind, *mu))?;
    let mut pairs = Vec::new();
    let mut learned = learned.into_iter();
    while let (Some(network), Some(line)) = (learned.next(), learned.next()) {
        pairs.push(Pair { theory: At::of(network.mu), network, line });
    }
    let mut found = Findings::new();
    found.fact("steps", effort.steps as f64, 6);
    found.fact("batch", effort.batch as f64, 6);
    found.fact("n-items", (effort.n_keys * effort.batch as u64) as f64, 8);
    found.figure("shapes", shapes(&pairs));
    found.table("values", values(&pairs));
    found.figure("climb", climb(&pairs));
    found.figure("gradients", gradients(&pairs));
    found.table("sums", sums(&pairs));
    checks(&mut found, &pairs);
    Ok(found)
}

/// `2 JS - 2 log 2`, without the rounding of that difference.
fn best_value(pair: &Pair) -> f64 {
    -2.0 * pair.theory.below_log_2
}

fn off(learned: &Learned) -> f64 {
    learned.off(|x| sigmoid(best_logit(learned.mu, x)))
}

fn shapes(pairs: &[Pair]) -> Figure {
    let chart = |pair: &Pair| {
        let mu = pair.theory.mu;
        let (low, high) = (-4.0, mu + 4.0);
        let seen = |[x, c]: &[f64; 2]| (low..=high).contains(x).then(|| [*x, sigmoid(*c)]);
        let learned = |of: &Learned| of.logits.iter().filter_map(seen).step_by(4).collect::<Vec<_>>();
        let density = |mean: f64| sampled(low, high, 161, |x| normal(x, mean, 1.0)).into_iter();
        let under = |mean: f64| Shape::Band(density(mean).map(|[x, y]| [x, 0.0, y]).collect());
        let best = sampled(low, high, 161, |x| sigmoid(best_logit(mu, x)));
        Chart::new(
            Scale::of("x").within(low, high),
            Scale::of(("D(x); density", "D(x), 확률 밀도")).within(0.0, 1.05),
        )
        .titled(Words::both(format!("μ = {mu}: V = {}", fixed(pair.network.value(), 4))))
        .with(("density of the data p", "데이터의 밀도 p"), Hue::Real, under(0.0))
        .with(("density of the generator q", "생성자의 밀도 q"), Hue::Fake, under(mu))
        .with(
            ("D learned, network", "학습된 판별자 (신경망)"),
            Hue::Nth(2),
            Shape::Line(learned(&pair.network)),
        )
        .with(("D* = p / (p + q)", "D* = p / (p + q)"), Hue::Theory, Shape::Dashes(best))
    };
    Figure::steps(
        ("What D has become, over what it should be", "학습된 판별자와 최적의 판별자"),
        pairs.iter().map(chart).collect(),
    )
}

fn values(pairs: &[Pair]) -> Table {
    let row = |pair: &Pair| {
        let nine = |value: f64| Words::both(fixed(value, 9));
        let theory = &pair.theory;
        let short = |learned: &Learned| Words::both(number(best_value(pair) - learned.value(), 2));
        vec![
            Words::both(number(theory.mu, 2)),
            nine(theory.js),
            nine(best_value(pair)),
            nine(pair.network.value()),
            short(&pair.network),
            nine(pair.line.value()),
            short(&pair.line),
        ]
    };
    Table {
        title: Words::new("The value V that D reaches, beside theory", "판별자가 도달한 값 V와 이론값"),
        head: vec![
            "μ".into(),
            "JS".into(),
            "2 JS − 2 log 2".into(),
            Words::new("V, network", "V (신경망)"),
            Words::new("short by", "모자란 값"),
            Words::new("V, straight line", "V (직선)"),
            Words::new("short by", "모자란 값"),
        ],
        rows: pairs.iter().map(row).collect(),
    }
}

/// V over the steps, and how far it is from the best value.
fn climb(pairs: &[Pair]) -> Figure {
    let steps = || Scale::log(("step of D", "판별자의 걸음"));
    let mut value = Chart::new(steps(), Scale::of("V(D)").within(-2.0, 0.1))
        .titled(("value; dashed: its bound", "값 (점선: 상한)"));
    let mut short = Chart::new(steps(), Scale::log("V(D*) − V(D)").within(1e-5, 3.0))
        .titled(("short of the bound", "상한까지 모자란 값"));
    for (i, pair) in pairs.iter().filter(|pair| pair.theory.mu <= CHECKED).enumerate() {
        let (best, name) = (best_value(pair), Words::both(format!("μ = {}", pair.theory.mu)));
        let points: Vec<[f64; 2]> = pair.network.climb[1..].to_vec();
        let ends = [points.first(), points.last()].into_iter().flatten().map(|p| [p[0], best]).collect();
        let left = points.iter().map(|[t, v]| [*t, best - v]).collect();
        value = value.with(name.clone(), Hue::Nth(i), Shape::Line(points)).with(
            Words::NONE,
            Hue::Nth(i),
            Shape::Dashes(ends),
        );
        short = short.with(name, Hue::Nth(i), Shape::Line(left));
    }
    Figure::row(
        ("D climbs to its bound, and never past it", "판별자는 상한까지 올라가며 넘지 못한다"),
        vec![value, short],
    )
}

fn gradients(pairs: &[Pair]) -> Figure {
    let theory: Vec<At> = (1..=130).map(|i| At::of(0.05 * f64::from(i))).collect();
    let curve = |f: &dyn Fn(&At) -> f64| theory.iter().map(|at| [at.mu, f(at)]).collect::<Vec<_>>();
    let dots =
        |of: &dyn Fn(&Pair) -> f64| pairs.iter().map(|pair| [pair.theory.mu, of(pair)]).collect::<Vec<_>>();
    let chart = |axis: Scale, i: usize, f: &dyn Fn(&At) -> f64| {
        Chart::new(Scale::of(("mean μ of the generator", "생성자의 평균 μ")).within(0.0, 6.5), axis)
            .with(("theory", "이론"), Hue::Theory, Shape::Dashes(curve(f)))
            .with(
                ("D is a network", "판별자: 신경망"),
                Hue::Nth(2),
                Shape::Dots(dots(&|pair| pair.network.gradients[i]), 5.0),
            )
            .with(
                ("D is a straight line", "판별자: 직선"),
                Hue::Nth(1),
                Shape::Dots(dots(&|pair| pair.line.gradients[i]), 3.0),
            )
    };
    let name = || Words::new("derivative of G's loss by μ", "생성자 손실의 μ에 대한 미분");
    let minimax = chart(Scale::of(name()).within(0.0, 0.6), 0, &|at| at.minimax);
    let other = chart(Scale::of(name()).within(0.0, 7.0), 1, &|at| at.non_saturating);
    Figure::row(
        ("What the trained D tells G", "학습된 판별자가 생성자에게 주는 기울기"),
        vec![
            minimax.titled(("minimax, log(1 − D)", "미니맥스, log(1 − D)")),
            other.titled(("non-saturating, −log D", "비포화, −log D")),
        ],
    )
}

fn sum(learned: &Learned) -> f64 {
    learned.gradients.iter().sum()
}

fn sums(pairs: &[Pair]) -> Table {
    let row = |pair: &Pair| {
        let shown = |value: f64| Words::both(fixed(value, 3));
        let [minimax, other] = pair.line.gradients;
        vec![
            Words::both(number(pair.theory.mu, 2)),
            shown(pair.theory.minimax),
            shown(minimax),
            shown(pair.theory.non_saturating),
            shown(other),
            shown(sum(&pair.line)),
            shown(sum(&pair.network)),
        ]
    };
    Table {
        title: Words::new("The two gradients and their sum", "두 기울기와 그 합"),
        head: vec![
            Words::new("μ: what the sum should be", "μ (합의 이론값)"),
            Words::new("minimax, theory", "미니맥스 (이론)"),
            Words::new("minimax, straight line", "미니맥스 (직선)"),
            Words::new("non-saturating, theory", "비포화 (이론)"),
            Words::new("non-saturating, straight line", "비포화 (직선)"),
            Words::new("sum, straight line", "합 (직선)"),
            Words::new("sum, network", "합 (신경망)"),
        ],
        rows: pairs.iter().map(row).collect(),
    }
}

fn worst(pairs: &[Pair], of: impl Fn(&Pair) -> f64) -> f64 {
    largest(pairs.iter().filter(|pair| pair.theory.mu <= CHECKED).map(of))
}

fn checks(found: &mut Findings, pairs: &[Pair]) {
    let goodfellow = ("Goodfellow et al. 2014, theorem 1", "Goodfellow 등 2014, 정리 1");
    for pair in pairs.iter().filter(|pair| pair.theory.mu <= CHECKED) {
        let mu = pair.theory.mu;
        let claim = Words::of(
            format!("V of the learned D at μ = {mu}: 2 JS − 2 log 2"),
            format!("μ = {mu}에서 학습된 판별자의 V: 2 JS − 2 log 2"),
        );
        let wanted = Wanted::Near { value: best_value(pair), within: 0.01 };
        let check = Check::new(format!("value-{mu}"), claim, pair.network.value(), wanted);
        found.check(check.from(goodfellow).digits(6));
    }
    let past = |learned: &Learned, best: f64| largest(learned.climb.iter().map(|p| p[1] - best));
    let past = pairs.iter().flat_map(|pair| [&pair.network, &pair.line].map(|of| past(of, best_value(pair))));
    let claim = Words::new(
        "largest V − (2 JS − 2 log 2) of any D at any step: none passes its bound",
        "모든 판별자와 모든 걸음에서 V − (2 JS − 2 log 2)의 최댓값: 상한을 넘지 못한다",
    );
    let past = Check::new("past-the-bound", claim, largest(past), Wanted::AtMost(1e-6));
    found.check(past.from(goodfellow).digits(2));
    let claim = Words::new(
        "mean |D − D*| on data and samples: the largest over μ ≤ 4",
        "데이터와 표본 위에서 |D − D*|의 평균: μ ≤ 4에서 가장 큰 값",
    );
    let off = Check::new("off", claim, worst(pairs, |pair| off(&pair.network)), Wanted::AtMost(0.02));
    found.check(off.from(("Goodfellow et al. 2014, proposition 1", "Goodfellow 등 2014, 명제 1")));
    pulls(found, pairs);
}

/// The gradients that the generator receives.
fn pulls(found: &mut Findings, pairs: &[Pair]) {
    let theory = ("theory: E[μ D*], E[μ (1 − D*)]", "이론: E[μ D*], E[μ (1 − D*)]");
    let apart = worst(pairs, |pair| (pair.network.gradients[0] - pair.theory.minimax).abs());
    let claim = Words::new(
        "minimax gradient through the network less theory's: largest error over μ ≤ 4",
        "신경망을 통한 미니맥스 기울기와 이론값의 차이: μ ≤ 4에서 가장 큰 오차",
    );
    found.check(Check::new("minimax-error", claim, apart, Wanted::AtMost(0.03)).from(theory));
    let apart = worst(pairs, |pair| (pair.line.gradients[1] / pair.theory.non_saturating - 1.0).abs());
    let claim = Words::new(
        "non-saturating gradient through the straight line by theory's: largest relative error over μ ≤ 4",
        "직선을 통한 비포화 기울기와 이론값: μ ≤ 4에서 가장 큰 상대 오차",
    );
    found
        .check(Check::new("non-saturating-error", claim, apart, Wanted::AtMost(0.12)).from(theory).digits(2));
    let apart = worst(pairs, |pair| (sum(&pair.line) / pair.theory.mu - 1.0).abs());
    let claim = Words::new(
        "the two gradients sum to μ (straight line): largest relative error over μ ≤ 4",
        "두 기울기의 합은 μ이다 (직선): μ ≤ 4에서 가장 큰 상대 오차",
    );
    let sums = Check::new("sum-error", claim, apart, Wanted::AtMost(0.12));
    found.check(sums.from(("theory: the sum is −E C′", "이론: 합은 −E C′")).digits(2));
    let at_four = pairs.iter().find(|pair| pair.theory.mu == CHECKED);
    let (short, share) = at_four.map_or((f64::NAN, f64::NAN), |pair| {
        let share = pair.network.gradients[1] / pair.theory.non_saturating;
        (best_value(pair) - pair.network.value(), share)
    });
    let claim = Words::new(
        "the network's V at μ = 4 is short of its bound by",
        "μ = 4에서 신경망의 V가 상한에 모자란 값",
    );
    found.check(Check::new("short-4", claim, short, Wanted::Between(0.0, 0.002)).digits(2));
    let claim = Words::new(
        "and yet its non-saturating gradient is only this share of theory's",
        "그런데도 비포화 기울기는 이론값에 대한 이 비율에 그친다",
    );
    found.check(Check::new("share-4", claim, share, Wanted::Between(0.3, 0.85)).digits(2));
    found.fact("minimax-theory-4", at_four.map_or(f64::NAN, |pair| pair.theory.minimax), 3);
    found.fact("minimax-network-4", at_four.map_or(f64::NAN, |pair| pair.network.gradients[0]), 3);
    found.fact("non-saturating-theory-4", at_four.map_or(f64::NAN, |pair| pair.theory.non_saturating), 3);
    found.fact("non-saturating-network-4", at_four.map_or(f64::NAN, |pair| pair.network.gradients[1]), 3);
    found.fact("non-saturating-line-4", at_four.map_or(f64::NAN, |pair| pair.line.gradients[1]), 3);
}
