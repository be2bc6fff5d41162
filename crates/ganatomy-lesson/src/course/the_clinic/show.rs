//! What is seen of a patient: its curves and its last samples.

use ganatomy_view::figure::{Chart as Drawn, Figure, Hue, Scale, Shape};

use super::patients::Seen;
use crate::Words;
use crate::points::{cloud, points};

/// A patient's curves and samples; nothing of it says what it has.
pub(super) fn patient(number: usize, run: &Seen) -> Figure {
    let real = points(&run.real);
    let reach = real.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()));
    let title = Words::of(format!("Patient {number}"), format!("환자 {number}"));
    let last = Words::new("the last samples", "마지막 표본");
    let charts = vec![losses(run), shares(run), cloud(last, &real, &points(&run.samples), 1.3 * reach)];
    Figure::row(title, charts)
}

fn steps() -> Scale {
    Scale::of(("steps", "걸음 수"))
}

fn losses(run: &Seen) -> Drawn {
    let line = |name: &str| Shape::Line(series(run, name, 1.0));
    Drawn::new(steps(), Scale::of(("loss", "손실")))
        .titled(Words::new("losses", "손실"))
        .with(Words::both("D"), Hue::Nth(0), line("discriminator/loss"))
        .with(Words::both("G"), Hue::Nth(1), line("generator/loss"))
}

fn shares(run: &Seen) -> Drawn {
    let line = |name: &str, whole: f64| Shape::Line(series(run, name, whole));
    Drawn::new(steps(), Scale::of(("share", "비율")).within(0.0, 1.05))
        .titled(Words::new("what is known of the samples", "표본에 대해 아는 것"))
        .with(("of modes found", "찾은 모드"), Hue::Nth(2), line("samples/n_modes", 8.0))
        .with(
            ("of samples near a mode", "모드 근처의 표본"),
            Hue::Nth(3),
            line("samples/high_quality_share", 1.0),
        )
        .with(("of items D is right on", "판별자가 맞힌 것"), Hue::Theory, accuracy(run))
}

/// The share of items, real and generated alike, that D is right on.
fn accuracy(run: &Seen) -> Shape {
    let real = series(run, "discriminator/accuracy_real", 2.0);
    let fake = series(run, "discriminator/accuracy_fake", 2.0);
    Shape::Dashes(real.iter().zip(fake).map(|(a, b)| [a[0], a[1] + b[1]]).collect())
}

/// A reading over the steps, divided by a whole.
fn series(run: &Seen, name: &str, whole: f64) -> Vec<[f64; 2]> {
    let points = run.chart.reading(name).map_or(&[][..], |series| series.points());
    points.iter().map(|&(step, value)| [step as f64, value / whole]).collect()
}
