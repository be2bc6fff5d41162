//! KL, JS and Wasserstein between two Gaussians that move apart, and what each asks of a model that is too small.

use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape, sampled};

use crate::gaussians::{At, js_of, normal};
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, stats};

mod fit;
mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "divergences",
    title: Words::new("Divergences: what a loss can feel", "발산: 손실 함수가 느낄 수 있는 것"),
    question: Words::new(
        "A loss measures how far the model is from the data. When does that number stop telling which way to go?",
        "손실 함수는 모형이 데이터에서 얼마나 떨어져 있는지를 잽니다. 그 값은 언제부터 방향을 알려 주지 못하게 될까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Distances between the means that are drawn.
const APART: f64 = 30.0;
/// Quadrature and finite differences agree with closed forms to within this share.
const CLOSE: f64 = 1e-6;

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let mut found = Findings::new();
    let n = bench.pick(121, 601);
    let points: Vec<At> = (0..n).map(|i| At::of(APART * f64::from(i) / f64::from(n - 1))).collect();
    found.figure("densities", densities());
    found.figure("values", values(&points));
    found.figure("gradients", gradients(&points));
    anchors(&mut found);
    rounding(&mut found);
    fit::likelihood(&mut found, bench);
    fit::one_to_two(&mut found);
    Ok(found)
}

fn densities() -> Figure {
    let chart = |mu: f64| {
        let x = Scale::of("x").within(-4.0, mu.max(4.0) + 4.0);
        let (low, high) = (-4.0, mu.max(4.0) + 4.0);
        let js = js_of(mu);
        let title = Words::of(format!("μ = {mu}: JS = {js:.4}"), format!("μ = {mu}: JS = {js:.4}"));
        Chart::new(x, Scale::of(("density", "확률 밀도")).within(0.0, 0.45))
            .titled(title)
            .with(
                ("data p = N(0, 1)", "데이터 p = N(0, 1)"),
                Hue::Real,
                Shape::Line(sampled(low, high, 241, |x| normal(x, 0.0, 1.0))),
            )
            .with(
                ("model q = N(μ, 1)", "모형 q = N(μ, 1)"),
                Hue::Fake,
                Shape::Line(sampled(low, high, 241, |x| normal(x, mu, 1.0))),
            )
    };
    let charts = [0.5, 1.0, 2.0, 4.0, 8.0, 15.0].map(chart).to_vec();
    Figure::steps(("Data and model, moving apart", "점점 멀어지는 데이터와 모형"), charts)
}

fn line(points: &[At], value: impl Fn(&At) -> f64) -> Shape {
    Shape::Line(points.iter().map(|at| [at.mu, value(at)]).collect())
}

fn apart() -> Scale {
    Scale::of(("distance μ between the means", "두 평균 사이의 거리 μ"))
}

fn values(points: &[At]) -> Figure {
    let all = Chart::new(
        apart(),
        Scale::log(("divergence (nats; W in units of x)", "발산 (nat, W는 x의 단위)")).within(1e-3, 1e3),
    )
    .with("KL(p‖q) = KL(q‖p)", Hue::Nth(0), line(points, |at| at.kl))
    .with("JS", Hue::Nth(1), line(points, |at| at.js))
    .with("Wasserstein", Hue::Nth(2), line(points, |at| at.mu));
    let left = Chart::new(apart(), Scale::log("log 2 − JS").within(1e-55, 1.0)).with(
        "log 2 − JS",
        Hue::Nth(1),
        line(points, |at| at.below_log_2),
    );
    Figure::row(
        ("Value of the divergences", "발산의 값"),
        vec![
            all.titled(("all three", "세 가지")),
            left.titled(("what JS has left to its ceiling log 2", "JS와 상한 log 2 사이의 간격")),
        ],
    )
}

fn gradients(points: &[At]) -> Figure {
    let moved = &points[1..];
    let chart =
        Chart::new(apart(), Scale::log(("|gradient| by μ", "|μ에 대한 기울기|")).within(1e-20, 100.0))
            .with("KL", Hue::Nth(0), line(moved, |at| at.mu))
            .with(
                ("2 JS: G's minimax loss, D optimal", "2 JS: 최적 판별자일 때 미니맥스 손실"),
                Hue::Nth(1),
                line(moved, |at| at.minimax),
            )
            .with(
                ("non-saturating loss, D optimal", "최적 판별자일 때 비포화 손실"),
                Hue::Nth(3),
                line(moved, |at| at.non_saturating),
            )
            .with("Wasserstein", Hue::Nth(2), line(moved, |_| 1.0));
    Figure::one(
        ("How strongly each pulls the model home", "각 발산이 모형을 데이터 쪽으로 당기는 세기"),
        chart,
    )
}

/// Known numbers.
fn anchors(found: &mut Findings) {
    let theory = ("theory", "이론");
    for (mu, js) in [(1.0, 0.111421482), (3.0, 0.526777307), (6.0, 0.689297933)] {
        let claim = Words::of(format!("JS at μ = {mu}"), format!("μ = {mu}에서 JS"));
        let wanted = Wanted::Near { value: js, within: CLOSE };
        found.check(
            Check::new(format!("js-{mu}"), claim, js_of(mu), wanted)
                .from(("quadrature with 160,001 points", "160,001점 구적법"))
                .digits(7),
        );
    }
    let far = At::of(10.0);
    let claim = Words::new("gradient of 2 JS at μ = 10", "μ = 10에서 2 JS의 기울기");
    found.check(
        Check::new("minimax-10", claim, far.minimax, Wanted::Near { value: 4.4641e-6, within: 1e-9 })
            .from(theory)
            .digits(4),
    );
    let drop = (At::of(2.0).minimax / At::of(20.0).minimax).log10();
    let claim = Words::new(
        "decades that the gradient of JS loses from μ = 2 to 20",
        "μ = 2에서 20까지 JS의 기울기가 줄어든 자릿수",
    );
    found.check(Check::new("js-decades", claim, drop, Wanted::AtLeast(20.0)));
    // The slope of KL by finite differences of its value by quadrature.
    let step = 1e-3;
    let slope = (At::of(5.0 + step).kl - At::of(5.0 - step).kl) / (2.0 * step);
    let claim =
        Words::new("slope of KL at μ = 5, by finite differences", "유한 차분으로 구한 μ = 5에서 KL의 기울기");
    found.check(
        Check::new("kl-slope", claim, slope, Wanted::Near { value: 5.0, within: 1e-4 })
            .from(theory)
            .digits(5),
    );
    let worst = [0.5, 1.0, 3.0, 8.0].map(|mu| {
        let at = At::of(mu);
        (at.minimax + at.non_saturating - mu).abs()
    });
    let claim = Words::new(
        "minimax and non-saturating gradients sum to μ: largest error",
        "미니맥스 기울기와 비포화 기울기의 합은 μ이다: 가장 큰 오차",
    );
    let worst = stats::largest(worst);
    found.check(Check::new("gradients-sum", claim, worst, Wanted::AtMost(CLOSE)).from(theory).digits(2));
    let ratios: Vec<f64> = [5.0, 15.0, 30.0].map(|mu| At::of(mu).w / mu).to_vec();
    let claim = Words::new(
        "Wasserstein distance by μ, computed from the distribution functions",
        "누적분포함수로 계산한 바서슈타인 거리 ÷ μ",
    );
    found.check(
        Check::new("wasserstein", claim, stats::mean(&ratios), Wanted::Near { value: 1.0, within: CLOSE })
            .from(theory)
            .digits(6),
    );
}

/// Where D(x) rounds to 1 in single precision.
fn rounding(found: &mut Findings) {
    let exact = |logit: f32| 1.0f32 / (1.0 + (-logit).exp()) < 1.0;
    let last =
        (0..4000).map(|i| 0.01 * i as f32).take_while(|logit| exact(*logit)).last().unwrap_or(f32::NAN);
    let claim = Words::new(
        "largest logit at which D(x) < 1 in single precision",
        "단정밀도에서 D(x) < 1인 가장 큰 로짓",
    );
    let wanted = Wanted::Near { value: 24.0 * std::f64::consts::LN_2, within: 0.02 };
    found.check(
        Check::new("last-logit", claim, f64::from(last), wanted)
            .from(("1 + 2⁻²⁴ rounds to 1: 24 log 2", "1 + 2⁻²⁴은 1로 반올림됨: 24 log 2")),
    );
}
