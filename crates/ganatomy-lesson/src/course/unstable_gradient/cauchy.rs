//! The ratio of two centred Gaussians: a Cauchy variable, whose mean over any number of draws is as wild as one draw.

use ganatomy_data::keyed::Keyed;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::stats::{median, quantile};
use crate::{Bench, Check, Findings, LessonError, Wanted, Words};

/// Standard deviations above and below the line.
const STDS: [f64; 2] = [2.0, 1.0];
/// The upper quartile of a normal variable.
const QUARTILE: f64 = 0.674_489_75;
/// Streams that are drawn.
const N_DRAWN: usize = 5;

/// One stream of ratios: the mean of its first 10, 30, 100, .. and the first draws themselves.
struct Stream {
    means: Vec<f64>,
    /// Of normal numbers with the same quartiles.
    normal_means: Vec<f64>,
    first: Vec<f64>,
}

fn stream(key: &[u64], sizes: &[usize]) -> Stream {
    let mut random = Keyed::new(key);
    let mut draw = |std: f64| std * f64::from(random.normal());
    let (mut sum, mut normal_sum, mut n) = (0.0, 0.0, 0);
    let mut stream = Stream { means: Vec::new(), normal_means: Vec::new(), first: Vec::new() };
    for &size in sizes {
        while n < size {
            let ratio = draw(STDS[0]) / draw(STDS[1]);
            sum += ratio;
            normal_sum += draw(STDS[0] / STDS[1] / QUARTILE);
            n += 1;
            if n <= sizes[0] {
                stream.first.push(ratio);
            }
        }
        stream.means.push(sum / n as f64);
        stream.normal_means.push(normal_sum / n as f64);
    }
    stream
}

/// The distance between the quartiles.
fn width(values: &[f64]) -> f64 {
    quantile(values, 0.75) - quantile(values, 0.25)
}

pub(super) fn show(found: &mut Findings, bench: &Bench<'_>) -> Result<(), LessonError> {
    let n_streams = bench.pick(1000, 4000);
    // Three sizes a decade from 10 on.
    let last = bench.pick(9, 12);
    let sizes: Vec<usize> = (3..=3 + last).map(|i| 10f64.powf(f64::from(i) / 3.0).round() as usize).collect();
    let keys: Vec<u64> = (0..n_streams).collect();
    let streams = bench.each("ratios", &keys, |i| Ok(stream(&[bench.seed, 6, *i], &sizes)))?;
    let column = |of: &dyn Fn(&Stream) -> f64| streams.iter().map(of).collect::<Vec<f64>>();
    let widths: Vec<f64> = (0..sizes.len()).map(|i| width(&column(&|s| s.means[i]))).collect();
    let normal: Vec<f64> = (0..sizes.len()).map(|i| width(&column(&|s| s.normal_means[i]))).collect();
    found.figure("cauchy", figure(&sizes, &streams, &widths, &normal));
    let sizes_of: Vec<f64> = streams.iter().flat_map(|s| s.first.iter().map(|ratio| ratio.abs())).collect();
    let gamma = STDS[0] / STDS[1];
    found.fact("n-streams", n_streams as f64, 5);
    found.fact("n-largest", sizes.last().copied().unwrap_or_default() as f64, 7);
    found.fact("gamma", gamma, 2);
    let theory = ("theory: Cauchy(0, s₁/s₂)", "이론: 코시(0, s₁/s₂)");
    let claim = Words::new("median of |a / b|: s₁ / s₂", "|a / b|의 중앙값: s₁ / s₂");
    let wanted = Wanted::Near { value: gamma, within: 0.15 };
    found.check(Check::new("cauchy-median", claim, median(&sizes_of), wanted).from(theory));
    let share = |widths: &[f64]| widths.last().copied().unwrap_or(f64::NAN) / (2.0 * gamma);
    let claim = Words::new(
        "width of the mean of the most ratios by that of a single one: it does not shrink",
        "가장 많은 비를 평균했을 때의 폭 ÷ 비 하나의 폭: 줄어들지 않는다",
    );
    let wanted = Wanted::Near { value: 1.0, within: 0.3 };
    found.check(Check::new("mean-width", claim, share(&widths), wanted).from(theory));
    let claim = Words::new("the same for normal numbers", "정규 난수의 경우");
    let shrunk = 1.0 / (sizes.last().copied().unwrap_or(1) as f64).sqrt();
    let wanted = Wanted::Near { value: shrunk, within: 0.2 * shrunk };
    found.check(
        Check::new("normal-width", claim, share(&normal), wanted).from(("theory: 1/√n", "이론: 1/√n")),
    );
    Ok(())
}

fn figure(sizes: &[usize], streams: &[Stream], widths: &[f64], normal: &[f64]) -> Figure {
    let n = || Scale::log(("draws that are averaged", "평균한 개수"));
    let over = |values: &[f64]| sizes.iter().zip(values).map(|(n, y)| [*n as f64, *y]).collect::<Vec<_>>();
    let gamma = STDS[0] / STDS[1];
    let mut means = Chart::new(n(), Scale::of(("running mean", "누적 평균")).within(-12.0, 12.0))
        .titled(("five streams of ratios, one of normal numbers", "비의 흐름 다섯 개와 정규 난수 하나"));
    for (i, stream) in streams.iter().take(N_DRAWN).enumerate() {
        means = means.with(Words::NONE, Hue::Nth(i), Shape::Line(over(&stream.means)));
    }
    if let Some(stream) = streams.first() {
        means =
            means.with(("normal numbers", "정규 난수"), Hue::Theory, Shape::Line(over(&stream.normal_means)));
    }
    let theory =
        |f: &dyn Fn(f64) -> f64| Shape::Dashes(sizes.iter().map(|n| [*n as f64, f(*n as f64)]).collect());
    let width = Chart::new(
        n(),
        Scale::log(("distance between quartiles of the mean", "평균의 사분위수 범위")).within(0.02, 20.0),
    )
    .titled((
        "how far apart the means of many streams lie; dashed: theory",
        "여러 흐름의 평균이 흩어진 폭 (점선: 이론)",
    ))
    .with(("ratio of two Gaussians", "두 가우스 변수의 비"), Hue::Fake, Shape::Dots(over(widths), 4.0))
    .with(
        ("normal numbers, same quartiles", "사분위수가 같은 정규 난수"),
        Hue::Real,
        Shape::Dots(over(normal), 4.0),
    )
    .with(Words::NONE, Hue::Theory, theory(&|_| 2.0 * gamma))
    .with(Words::NONE, Hue::Theory, theory(&|n| 2.0 * gamma / n.sqrt()));
    Figure::row(
        ("Averaging does not tame a Cauchy variable", "코시 변수는 평균해도 길들지 않는다"),
        vec![means, width],
    )
}
