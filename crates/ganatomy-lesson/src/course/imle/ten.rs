//! Ten points of the plane, matched plainly and adaptively.

use ganatomy_train::recipe;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use super::{reach, target};
use crate::points::points;
use crate::stats::median;
use crate::{Bench, Check, Findings, Followed, LessonError, Wanted, Words};

/// How points are matched: the adaptive recipe as it is, or with the plain game in its place.
const GAMES: [(&str, &str); 2] =
    [("plain", "game = { kind = \"imle\", latent_noise = 0.1 }\n"), ("adaptive", "")];
const N_SAMPLES: usize = 1000;
/// A point with a sample this near is covered.
const NEAR: f64 = 0.03;

/// Both ways of matching, over seeds, with the same learning rate.
struct Arm {
    lr: f64,
    runs: [Vec<Followed>; 2],
}

impl Arm {
    fn play(bench: &Bench<'_>, lr: f64, steps: u64, n_seeds: usize) -> Result<Arm, LessonError> {
        let base = recipe::find("adaptive-imle").unwrap_or_default();
        let own = format!(
            "steps = {steps}\nprobes = {{ modes = {{ every_steps = 0 }} }}\n\
            generator = {{ update = {{ lr = {lr} }} }}\n"
        );
        let mut specs = Vec::new();
        for (_, game) in GAMES {
            for seed in bench.seeds(n_seeds) {
                specs.push(bench.spec(&[base, game, &own], seed)?);
            }
        }
        let mut plain = bench.follow("ten points", &specs, (steps / 20).max(1), N_SAMPLES)?;
        let adaptive = plain.split_off(n_seeds);
        Ok(Arm { lr, runs: [plain, adaptive] })
    }

    /// Runs that cover all points at the end.
    fn covered(&self, game: usize, data: &[f32]) -> f64 {
        let last = |run: &&Followed| run.moments.last().is_some_and(|m| reach(data, &m.samples) < NEAR);
        self.runs[game].iter().filter(last).count() as f64
    }
}

/// What the runs found.
pub(super) fn look(bench: &Bench<'_>, found: &mut Findings) -> Result<(), LessonError> {
    let (n_short, n_long, long_steps) = bench.pick((8, 4, 1000), (10, 10, 3000));
    let short = Arm::play(bench, 0.06, 300, n_short)?;
    let long = Arm::play(bench, 0.3, long_steps, n_long)?;
    let spec = bench.spec(&[recipe::find("adaptive-imle").unwrap_or_default()], bench.seed)?;
    let data = target(bench, &spec, 10)?;
    found.fact("ten-steps", 300.0, 3);
    found.fact("n-ten", n_short as f64, 2);
    found.fact("n-long", n_long as f64, 2);
    let covered = |arm: &Arm, game: usize| arm.covered(game, &data);
    for (key, value) in [
        ("covered-plain", covered(&short, 0)),
        ("covered-adaptive", covered(&short, 1)),
        ("covered-plain-long", covered(&long, 0)),
        ("covered-adaptive-long", covered(&long, 1)),
    ] {
        found.fact(key, value, 2);
    }
    found.figure("ten", clouds(&short, &data));
    found.figure("covered", curves(&[short, long], &data));
    Ok(())
}

/// What the lesson claims of them.
pub(super) fn checks(found: &mut Findings) {
    let read = |found: &Findings, name: &str| {
        found.facts.get(name).and_then(|words| words.en.parse::<f64>().ok()).unwrap_or(f64::NAN)
    };
    let n = read(found, "n-long");
    for (name, en, ko) in [
        (
            "covered-plain-long",
            "long steps: seeds for which plain matching covers all ten points",
            "긴 걸음: 보통의 짝짓기가 열 점을 모두 덮은 시드 수",
        ),
        (
            "covered-adaptive-long",
            "long steps: the same for adaptive matching",
            "긴 걸음: 적응적 짝짓기의 같은 값",
        ),
    ] {
        let measured = read(found, name);
        found.check(Check::new(name, Words::new(en, ko), measured, Wanted::AtLeast(n - 1.0)));
    }
    let lead = read(found, "covered-adaptive") - read(found, "covered-plain");
    let claim = Words::new(
        "learning rate 0.06: seeds that adaptive matching covers and plain matching does not, net",
        "학습률 0.06: 적응적 짝짓기가 덮은 시드 수 − 보통의 짝짓기가 덮은 시드 수",
    );
    let verdict = if lead >= read(found, "n-ten") / 2.0 {
        Words::new("**The published difference shows here too.**", "**발표된 차이가 여기서도 나타납니다.**")
    } else {
        Words::new(
            "**The published difference does not show here.**",
            "**발표된 차이는 여기서 나타나지 않습니다.**",
        )
    };
    found.told("verdict", verdict);
    let paper = Check::new("adaptive-lead", claim, lead, Wanted::AtLeast(read(found, "n-ten") / 2.0));
    found.check(paper.published("Aghabozorgi et al. 2023, notebook"));
}

fn clouds(arm: &Arm, data: &[f32]) -> Figure {
    let chart = |((name, _), runs): (&(&'static str, &str), &Vec<Followed>)| {
        let last = runs.first().and_then(|run| run.moments.last());
        let axis = |name: &'static str, low: f64| Scale::of(name).within(low, low + 0.8);
        let title = if *name == "plain" {
            Words::new("plain matching", "보통의 짝짓기")
        } else {
            Words::new("adaptive matching", "적응적 짝짓기")
        };
        let samples = points(last.map_or(&[], |moment| &moment.samples));
        Chart::new(axis("x₁", -0.4), axis("x₂", -0.3))
            .titled(title)
            .with(("samples", "표본"), Hue::Fake, Shape::Dots(samples, 1.6))
            .with(("data points", "데이터 점"), Hue::Real, Shape::Dots(points(data), 5.0))
            .squared()
    };
    Figure::row(
        ("Ten points, learning rate 0.06, first seed", "점 열 개, 학습률 0.06, 첫 번째 시드"),
        GAMES.iter().zip(&arm.runs).map(chart).collect(),
    )
}

fn curves(arms: &[Arm], data: &[f32]) -> Figure {
    let chart = |arm: &Arm| {
        let axis = Scale::log(("farthest point's way to a sample", "가장 먼 점에서 표본까지의 거리"));
        let mut chart = Chart::new(Scale::of(("step", "걸음")), axis)
            .titled(Words::of(format!("learning rate {}", arm.lr), format!("학습률 {}", arm.lr)));
        let names = [
            Words::new("plain, median of seeds", "보통, 시드 중앙값"),
            Words::new("adaptive, median of seeds", "적응적, 시드 중앙값"),
        ];
        let mut end = 0.0f64;
        for (i, (runs, name)) in arm.runs.iter().zip(names).enumerate() {
            let n = runs.iter().map(|run| run.moments.len()).min().unwrap_or(0);
            let at = |j: usize| {
                let all: Vec<f64> = runs.iter().map(|run| reach(data, &run.moments[j].samples)).collect();
                [runs[0].moments[j].step as f64, median(&all)]
            };
            let line: Vec<[f64; 2]> = (0..n).map(at).collect();
            end = line.last().map_or(end, |point| point[0]);
            let shape = if i == 0 { Shape::Line(line) } else { Shape::Dashes(line) };
            chart = chart.with(name, Hue::Nth(i), shape);
        }
        chart.with(
            ("counts as covered", "덮은 것으로 침"),
            Hue::Quiet,
            Shape::Line(vec![[0.0, NEAR], [end, NEAR]]),
        )
    };
    Figure::row(
        ("The farthest of the ten points over time", "열 점 가운데 가장 먼 점의 변화"),
        arms.iter().map(chart).collect(),
    )
}
