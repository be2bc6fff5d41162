//! Moments of the game: D's surface, what G makes of its plane, and where D's slope pushes samples.

use ganatomy_train::Training;
use ganatomy_view::figure::{Chart, Colours, Heat, Hue, Scale, Shape};

use crate::judged::{Judged, logits, sigmoid, softplus};
use crate::points::points;
use crate::stats::{mean, quantile};
use crate::{LessonError, Words, fixed};

/// Half the side of what is shown, and cells along the side.
const REACH: f64 = 2.8;
const CELLS: usize = 57;
/// Samples with an arrow, and how long the longest arrows are drawn.
const N_ARROWS: usize = 48;
const ARROW: f64 = 0.6;
/// Latent lines of one direction, and points of a line.
const N_LINES: usize = 13;
const N_POINTS: usize = 61;
/// How far the latent lines reach: two standard deviations of z.
const LATENT: f32 = 2.0;
/// Samples that are nudged, and how far.
const N_NUDGED: usize = 512;
const NUDGE: f64 = 1e-3;

/// What is seen at one moment.
pub(super) struct Seen {
    pub step: u64,
    pub value: f64,
    pub modes: f64,
    surface: Vec<f64>,
    lines: Vec<[f64; 2]>,
    samples: Vec<[f64; 2]>,
    arrows: Vec<[f64; 4]>,
    /// The change of G's loss when samples were nudged along their arrows, by the change that the slopes promised.
    pub kept_promise: f64,
    /// The share of samples whose own loss fell.
    pub fell: f64,
}

impl Seen {
    pub(super) fn now(training: &mut Training, modes: f64) -> Result<Seen, LessonError> {
        let side = side();
        let plane: Vec<f32> =
            side.iter().flat_map(|y| side.iter().flat_map(|x| [*x as f32, *y as f32])).collect();
        let surface = logits(training, &plane)?.into_iter().map(sigmoid).collect();
        let lines = lines(training)?;
        let step = training.step();
        let value = Judged::fresh(training, 4096, step)?.value();
        let slopes = training.slopes_at_samples(N_NUDGED, step)?;
        let slopes = slopes.ok_or_else(|| LessonError::Other("this game makes no batch".to_owned()))?;
        let (samples, ways) = (points(&slopes.samples), points(&slopes.slopes));
        let [kept_promise, fell] = nudge(training, &samples, &ways)?;
        let arrows = arrows(&samples[..N_ARROWS], &ways[..N_ARROWS]);
        Ok(Seen { step, value, modes, surface, lines, samples, arrows, kept_promise, fell })
    }

    /// The moment as a chart, with the data behind it.
    pub(super) fn chart(&self, real: &[[f64; 2]]) -> Chart {
        let axis = |name: &'static str| Scale::of(name).within(-REACH, REACH);
        let heat = Heat {
            x: side(),
            y: side(),
            z: self.surface.clone(),
            unit: "D(x)".into(),
            colours: Colours::Diverging,
            range: Some([0.0, 1.0]),
            numbers: false,
        };
        let value = fixed(self.value, 3);
        Chart::new(axis("x₁"), axis("x₂"))
            .titled(Words::of(
                format!("step {}: V = {value}, {} of 8 modes", self.step, self.modes),
                format!("{}걸음: V = {value}, 모드 8개 중 {}개", self.step, self.modes),
            ))
            .with(Words::NONE, Hue::Quiet, Shape::Heat(heat))
            .with(("G's folded plane", "G가 접은 평면"), Hue::Nth(2), Shape::Line(self.lines.clone()))
            .with(("data", "데이터"), Hue::Real, Shape::Dots(real.to_vec(), 3.0))
            .with(("generated", "생성된 표본"), Hue::Fake, Shape::Dots(self.samples.clone(), 1.8))
            .with(
                ("where D's slope sends samples", "판별자의 기울기가 표본을 보내는 방향"),
                Hue::Theory,
                Shape::Arrows(self.arrows.clone()),
            )
            .squared()
    }
}

fn side() -> Vec<f64> {
    (0..CELLS).map(|i| REACH * (2.0 * i as f64 / (CELLS - 1) as f64 - 1.0)).collect()
}

/// A grid of lines of the latent plane, as G maps them; gaps between the lines.
fn lines(training: &mut Training) -> Result<Vec<[f64; 2]>, LessonError> {
    let at = |i: usize, n: usize| LATENT * (2.0 * i as f32 / (n - 1) as f32 - 1.0);
    let mut latent = Vec::new();
    for i in 0..2 * N_LINES {
        for k in 0..N_POINTS {
            let (fixed, along) = (at(i / 2, N_LINES), at(k, N_POINTS));
            latent.extend(if i % 2 == 0 { [fixed, along] } else { [along, fixed] });
        }
    }
    let mapped = points(&training.samples_at(&latent)?);
    let gap = [[f64::NAN; 2]];
    Ok(mapped.chunks(N_POINTS).flat_map(|line| line.iter().chain(&gap).copied()).collect())
}

/// Arrows against the slopes; the longest tenth are drawn equally long, so that one steep place does not hide the others.
fn arrows(samples: &[[f64; 2]], slopes: &[[f64; 2]]) -> Vec<[f64; 4]> {
    let lengths: Vec<f64> = slopes.iter().map(|s| s[0].hypot(s[1])).collect();
    let longest = quantile(&lengths, 0.9).max(f64::MIN_POSITIVE);
    let drawn = |((p, s), length): ((&[f64; 2], &[f64; 2]), &f64)| {
        let by = -ARROW / longest.max(*length);
        [p[0], p[1], by * s[0], by * s[1]]
    };
    samples.iter().zip(slopes).zip(&lengths).map(drawn).collect()
}

/// Moves every sample a little along its arrow: the change of G's loss by what the slopes promise, and the share of
/// samples whose loss falls.
fn nudge(
    training: &mut Training,
    samples: &[[f64; 2]],
    slopes: &[[f64; 2]],
) -> Result<[f64; 2], LessonError> {
    let squares = mean(&slopes.iter().map(|s| s[0] * s[0] + s[1] * s[1]).collect::<Vec<_>>());
    let by = NUDGE / squares.sqrt();
    let at = |by: f64| -> Vec<f32> {
        let moved = |(p, s): (&[f64; 2], &[f64; 2])| [p[0] - by * s[0], p[1] - by * s[1]];
        samples.iter().zip(slopes).flat_map(moved).map(|x| x as f32).collect()
    };
    let before = logits(training, &at(0.0))?;
    let after = logits(training, &at(by))?;
    let falls: Vec<f64> = before.iter().zip(&after).map(|(b, a)| softplus(-b) - softplus(-a)).collect();
    let share = falls.iter().filter(|fall| **fall > 0.0).count() as f64 / falls.len() as f64;
    Ok([mean(&falls) / (by * squares), share])
}
