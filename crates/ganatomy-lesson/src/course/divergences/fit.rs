//! One Gaussian fitted to two: likelihood is KL, and the direction of KL decides between covering and seeking.

use ganatomy_data::keyed::Keyed;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape, sampled};

use crate::gaussians::{integral, normal};
use crate::{Bench, Check, Findings, Wanted, Words, fixed, stats};

/// Half the distance between the two modes of the data, and their standard deviation.
const MODE: f64 = 4.0;
const STD: f64 = 0.7;
const ENDS: (f64, f64) = (-14.0, 14.0);

fn data(x: f64) -> f64 {
    0.5 * normal(x, -MODE, STD) + 0.5 * normal(x, MODE, STD)
}

/// `integral a log(a / b)`; zero where `a` is zero.
fn kl(a: impl Fn(f64) -> f64, b: impl Fn(f64) -> f64) -> f64 {
    integral(ENDS.0, ENDS.1, |x| {
        let (a, b) = (a(x), b(x));
        if a > 0.0 { a * (a / b.max(f64::MIN_POSITIVE)).ln() } else { 0.0 }
    })
}

fn js(a: impl Fn(f64) -> f64, b: impl Fn(f64) -> f64) -> f64 {
    let middle = |x: f64| 0.5 * (a(x) + b(x));
    0.5 * kl(&a, middle) + 0.5 * kl(&b, middle)
}

/// Maximum likelihood on a sample, beside KL by quadrature, over the mean of the model.
pub(super) fn likelihood(found: &mut Findings, bench: &Bench<'_>) {
    let n = bench.pick(20_000, 1_000_000);
    let mut random = Keyed::new(&[bench.seed, 4]);
    let sample: Vec<f64> = (0..n)
        .map(|_| if random.uniform() < 0.5 { -MODE } else { MODE } + STD * f64::from(random.normal()))
        .collect();
    let std = (MODE * MODE + STD * STD).sqrt();
    // The mean log-likelihood of a Gaussian needs two moments of the sample only.
    let (first, second) =
        (stats::mean(&sample), stats::mean(&sample.iter().map(|x| x * x).collect::<Vec<_>>()));
    let constant = (std * (2.0 * std::f64::consts::PI).sqrt()).ln();
    let nll = |mu: f64| constant + (second - 2.0 * mu * first + mu * mu) / (2.0 * std * std);
    let entropy = -integral(ENDS.0, ENDS.1, |x| data(x) * data(x).max(f64::MIN_POSITIVE).ln());
    let means: Vec<f64> = (0..=48).map(|i| -6.0 + 0.25 * f64::from(i)).collect();
    let kls: Vec<f64> = means.iter().map(|mu| kl(data, |x| normal(x, *mu, std))).collect();
    let gap = stats::largest(means.iter().zip(&kls).map(|(mu, kl)| (nll(*mu) - kl - entropy).abs()));
    found.fact("entropy", entropy, 4);
    found.fact("n-sample", f64::from(n), 6);
    let claim = Words::new(
        "negative log-likelihood less KL is the entropy of the data: largest difference over the model's mean",
        "음의 로그 가능도에서 KL을 빼면 데이터의 엔트로피이다: 모형 평균에 따른 가장 큰 차이",
    );
    found.check(
        Check::new("likelihood-is-kl", claim, gap, Wanted::AtMost(bench.pick(0.08, 0.02)))
            .from(("theory", "이론")),
    );
    let line =
        |values: Vec<f64>| Shape::Line(means.iter().copied().zip(values).map(|(x, y)| [x, y]).collect());
    let dots = means.iter().map(|mu| [*mu, nll(*mu) - entropy]).collect();
    let chart = Chart::new(Scale::of(("mean of the model", "모형의 평균")), Scale::of(("nats", "nat")))
        .with("KL(p‖q)", Hue::Theory, line(kls))
        .with(
            ("negative log-likelihood of the sample − entropy", "표본의 음의 로그 가능도 − 엔트로피"),
            Hue::Fake,
            Shape::Dots(dots, 3.0),
        );
    found.figure(
        "likelihood",
        Figure::one(
            ("Maximum likelihood is minimising KL(p‖q)", "최대 가능도는 KL(p‖q)의 최소화이다"),
            chart,
        ),
    );
}

/// One Gaussian fitted to two by each divergence.
pub(super) fn one_to_two(found: &mut Findings) {
    let model = |[mu, log_std]: [f64; 2]| move |x: f64| normal(x, mu, log_std.exp());
    // Off the middle, so that no symmetry decides.
    let start = [1.0, 0.0];
    let forward = descend(start, |p| kl(data, model(p)));
    let reverse = descend(start, |p| kl(model(p), data));
    let covering = (MODE * MODE + STD * STD).sqrt();
    // JS has a minimum on each mode and one over both: the lowest counts.
    let distance = |p| js(data, model(p));
    let ends = [[MODE, STD.ln()], [0.0, covering.ln()]].map(|start| descend(start, distance));
    let middle = if distance(ends[0]) < distance(ends[1]) { ends[0] } else { ends[1] };
    found.fact("js-one", distance(ends[0]), 3);
    found.fact("js-both", distance(ends[1]), 3);
    found.told("reverse-mean", fixed(reverse[0], 2));
    found.told("js-mean", fixed(middle[0], 2));
    let theory = ("theory: moments match", "이론: 적률 일치");
    let claim = Words::new("standard deviation that minimises KL(p‖q)", "KL(p‖q)를 최소화하는 표준편차");
    found.check(
        Check::new("covering-std", claim, forward[1].exp(), Wanted::Near { value: covering, within: 0.01 })
            .from(theory)
            .digits(4),
    );
    let claim = Words::new(
        "|mean| that minimises KL(p‖q): between the modes",
        "KL(p‖q)를 최소화하는 평균의 크기: 두 모드 사이",
    );
    found.check(Check::new("covering-mean", claim, forward[0].abs(), Wanted::AtMost(0.01)).from(theory));
    let claim = Words::new(
        "standard deviation that minimises KL(q‖p): that of one mode",
        "KL(q‖p)를 최소화하는 표준편차: 모드 하나의 것",
    );
    found.check(
        Check::new("seeking-std", claim, reverse[1].exp(), Wanted::Near { value: STD, within: 0.02 })
            .digits(4),
    );
    let claim = Words::new(
        "|mean| that minimises KL(q‖p): on one mode",
        "KL(q‖p)를 최소화하는 평균의 크기: 모드 하나 위",
    );
    found.check(
        Check::new("seeking-mean", claim, reverse[0].abs(), Wanted::Near { value: MODE, within: 0.02 })
            .digits(4),
    );
    let shown = |f: &dyn Fn(f64) -> f64| Shape::Line(sampled(-8.0, 8.0, 321, f));
    let chart = Chart::new(Scale::of("x"), Scale::of(("density", "확률 밀도")))
        .with(("data: two modes", "데이터: 모드 두 개"), Hue::Real, shown(&data))
        .with(("least KL(p‖q): covers", "KL(p‖q) 최소: 모두 덮음"), Hue::Nth(2), shown(&model(forward)))
        .with(("least KL(q‖p): seeks", "KL(q‖p) 최소: 하나를 고름"), Hue::Fake, shown(&model(reverse)))
        .with(("least JS", "JS 최소"), Hue::Nth(3), shown(&model(middle)));
    found.figure(
        "fits",
        Figure::one(("One Gaussian fitted to two", "가우스 분포 하나를 두 모드에 맞추기"), chart),
    );
}

/// Gradient descent with central differences and a step that shrinks where it does not help.
fn descend(start: [f64; 2], f: impl Fn([f64; 2]) -> f64) -> [f64; 2] {
    const H: f64 = 1e-5;
    let (mut at, mut value, mut step) = (start, f(start), 0.5);
    for _ in 0..300 {
        let slope = [0, 1].map(|i| {
            let moved = |by: f64| {
                let mut there = at;
                there[i] += by;
                f(there)
            };
            (moved(H) - moved(-H)) / (2.0 * H)
        });
        let there = [at[0] - step * slope[0], at[1] - step * slope[1]];
        let next = f(there);
        if next < value {
            (at, value, step) = (there, next, step * 1.3);
        } else {
            step *= 0.4;
        }
        if step < 1e-12 {
            break;
        }
    }
    at
}
