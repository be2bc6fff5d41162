//! The score against steps, seconds and gradients.

use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Figure, Scale, Shape};
use ganatomy_view::page::Exhibit;

use super::{Part, axis};
use crate::answer::{Answer, Course, Curve};

pub(super) fn part(answer: &Answer) -> Option<Part> {
    if answer.curves.iter().all(|curve| curve.by_steps.len() < 2) {
        return None;
    }
    let charts = vec![
        chart(answer, ("steps", "걸음"), |curve| &curve.by_steps),
        chart(answer, ("seconds of training", "학습한 시간(초)"), |curve| &curve.by_secs),
        chart(answer, ("gradients of a player", "기울기 계산 수"), |curve| &curve.by_gradients),
    ];
    let most = answer.curves.iter().map(|curve| curve.n_runs).max().unwrap_or(0);
    let (band, band_ko) = match answer.curves.len() <= 4 {
        true => (" and the middle half", "과 가운데 절반"),
        false => ("", ""),
    };
    let text = Words::of(
        format!(
            "## On the way\n\nThe median{band} of the finished runs (up to {most} an arm), wherever at least half of them have a score. Seconds are those of the machines that ran them; gradients \
             are what methods with several critic steps pay for.\n\n![](course)"
        ),
        format!(
            "## 학습 도중\n\n끝까지 간 실행(군마다 {most}개까지)의 중앙값{band_ko}이며, 적어도 절반에 점수가 있는 곳만 그립니다. 시간은 실행한 기계의 것이고, 기울기 계산 수는 비평자를 여러 번 움직이는 방법이 \
             치르는 값입니다.\n\n![](course)"
        ),
    );
    Some(Part { text, shows: vec![("course", Exhibit::Figure(Figure::row(Words::NONE, charts)))] })
}

fn chart(answer: &Answer, over: (&'static str, &'static str), pick: fn(&Curve) -> &Vec<Course>) -> Chart {
    let medians: Vec<f64> =
        answer.curves.iter().flat_map(|curve| pick(curve).iter().map(|at| at.median)).collect();
    let mut chart = Chart::new(Scale::of(over), axis::score(answer, &medians))
        .titled(Words::of(format!("Against {}", over.0), format!("{} 기준", over.1)));
    if answer.curves.len() <= 4 {
        for curve in &answer.curves {
            let band = pick(curve).iter().map(|at| [at.at, at.low, at.high]).collect();
            chart = chart.with(Words::NONE, axis::hue(curve.arm), Shape::Band(band));
        }
    }
    for curve in &answer.curves {
        let points = pick(curve).iter().map(|at| [at.at, at.median]).collect();
        let name = answer.arms.get(curve.arm).map(|arm| arm.name.clone()).unwrap_or_default();
        chart = chart.with(name, axis::hue(curve.arm), axis::line(curve.arm, points));
    }
    chart
}
