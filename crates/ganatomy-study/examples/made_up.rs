//! The page of a made-up study of six arms, to look at: `made_up FOLDER` writes `report.html`, `answer.json` and two tables.

use std::error::Error;
use std::fs;
use std::path::Path;

use ganatomy_data::keyed::Keyed;
use ganatomy_record::Direction;
use ganatomy_study::answer::{Answer, csv_runs};
use ganatomy_study::page::{Place, report};
use ganatomy_study::{Config, Curves, Point, Results, Row, Setting, Settings, State};
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Exhibit;

/// Arms with how good they are, how much their settings matter, and how often they fail.
const ARMS: [(&str, f64, f64, f64); 6] = [
    ("minimax", 4.0, 1.5, 0.25),
    ("ns-gan", 6.2, 1.0, 0.05),
    ("lsgan", 6.1, 1.2, 0.1),
    ("wgan-gp", 7.2, 0.5, 0.0),
    ("dragan", 7.3, 0.5, 0.02),
    ("began", 5.0, 2.0, 0.4),
];

/// Scores that rise towards the last one.
struct Rising<'a>(&'a Results);

impl Curves for Rising<'_> {
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
        let curve = |run: &u64| {
            let row = &self.0.runs[*run as usize];
            let mut draws = Keyed::new(&[9, *run]);
            let point = |i: u32| {
                let share = f64::from(i) / 20.0;
                let noise = 0.4 * f64::from(draws.normal()) * (1.0 - share);
                let score = (row.score.unwrap_or(0.0) * (1.0 - (-4.0 * share).exp()) + noise).clamp(0.0, 8.0);
                Point { step: u64::from(100 * i), secs: share * row.secs, score }
            };
            (0..=20).map(point).collect()
        };
        Ok(runs.iter().map(curve).collect())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("names no folder")?;
    let folder = Path::new(&folder);
    let results = results();
    fs::create_dir_all(folder)?;
    pictures(&results, folder)?;
    let answer = Answer::of(&results, &Rising(&results))?;
    let place = Place { study: folder, links: "", command: "ganatomy study report made-up".to_owned() };
    fs::write(folder.join("report.html"), report(&answer, &place)?)?;
    fs::write(folder.join("answer.json"), serde_json::to_vec_pretty(&answer)?)?;
    fs::write(folder.join("arms.csv"), answer.csv_arms())?;
    csv_runs(&results, &mut fs::File::create(folder.join("runs.csv"))?)?;
    println!("{}\n\n{}", answer.conclusion.en, answer.conclusion.ko);
    Ok(())
}

/// Forty settings of each arm with one seed, and then the best of each with ten.
fn results() -> Results {
    let mut results = Results {
        name: "created-equal".to_owned(),
        question: "Which of six GANs finds most of eight modes at an equal budget?".to_owned(),
        reading: "samples/n_modes".to_owned(),
        better: Direction::Up,
        also: vec!["samples/high_quality_share".to_owned()],
        budget: "2000 steps".to_owned(),
        arms: ARMS.map(|arm| arm.0.to_owned()).to_vec(),
        forks: vec![],
        stages: vec!["wide".to_owned(), "final".to_owned()],
        configs: vec![],
        runs: vec![],
    };
    let mut draws = Keyed::new(&[3]);
    for (arm, (_, good, spread, failing)) in ARMS.into_iter().enumerate() {
        let mut best: Option<(f64, Settings)> = None;
        for number in 0..40 {
            let settings = settings(&mut draws);
            let rate = match settings.get("lr_g") {
                Some(Setting::Number(rate)) => (rate.log10() + 3.3).powi(2),
                _ => 0.0,
            };
            add(&mut results, arm, 0, number, &settings);
            let score = good - spread * rate + 0.5 * f64::from(draws.normal());
            let failed = f64::from(draws.uniform()) < failing + 0.1;
            run(&mut results, number.into(), (!failed).then_some(score), &mut draws);
            if !failed && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, settings));
            }
        }
        add(&mut results, arm, 1, 0, &best.map(|best| best.1).unwrap_or_default());
        for seed in 100..110 {
            let score = good + 0.6 * f64::from(draws.normal());
            let failed = f64::from(draws.uniform()) < failing;
            run(&mut results, seed, (!failed).then_some(score), &mut draws);
        }
    }
    results
}

fn settings(draws: &mut Keyed) -> Settings {
    let mut log =
        |low: f64, high: f64| Setting::Number(10f64.powf(low + (high - low) * f64::from(draws.uniform())));
    let mut settings = Settings::new();
    settings.insert("lr_g".to_owned(), log(-5.0, -2.0));
    settings.insert("lr_d".to_owned(), log(-5.0, -2.0));
    settings.insert("adam.beta1".to_owned(), Setting::Number(f64::from(draws.uniform())));
    let choice = ["batch-norm", "none"][draws.below(2) as usize];
    settings.insert("normalise".to_owned(), Setting::Text(choice.to_owned()));
    settings
}

fn add(results: &mut Results, arm: usize, stage: usize, number: u32, settings: &Settings) {
    let gradients_per_step = if arm == 3 { 6.0 } else { 2.0 };
    let settings = settings.clone();
    results.configs.push(Config { arm, stage, number, settings, gradients_per_step, images_per_step: 64.0 });
}

/// A run of the last configuration.
fn run(results: &mut Results, seed: u64, score: Option<f64>, draws: &mut Keyed) {
    let id = results.runs.len() as u64;
    let score = score.map(|score| score.round().clamp(0.0, 8.0));
    let why = ["diverged: generator/loss at step 412", "collapsed: samples/n_modes < 1 at step 2000"];
    results.runs.push(Row {
        id,
        config: results.configs.len() - 1,
        seed,
        state: if score.is_some() { State::Done } else { State::Failed },
        score,
        also: [score.map_or(f64::NAN, |score| score / 8.5)].into(),
        steps: if score.is_some() { 2000 } else { 412 },
        secs: 9.0 + f64::from(draws.uniform()),
        why: score.is_none().then(|| why[draws.below(2) as usize].into()),
        folder: Some(format!("runs/{id:05}").into()),
    });
}

/// A picture of samples in the folders of the last stage's runs, but for one arm.
fn pictures(results: &Results, folder: &Path) -> Result<(), Box<dyn Error>> {
    for row in results.runs.iter().filter(|row| results.configs[row.config].stage == 1) {
        let (Some(run), false) = (&row.folder, results.configs[row.config].arm == 5) else { continue };
        let mut draws = Keyed::new(&[4, row.id]);
        let mode = |draws: &mut Keyed| {
            let turn = draws.below(row.score.unwrap_or(1.0) as u64) as f64 / 8.0 * std::f64::consts::TAU;
            [turn.cos(), turn.sin()].map(|x| x + 0.05 * f64::from(draws.normal()))
        };
        let dots = Shape::Dots((0..300).map(|_| mode(&mut draws)).collect(), 2.0);
        let axis = || Scale::of("").within(-1.4, 1.4);
        let chart = Chart::new(axis(), axis()).squared().with("", Hue::Fake, dots);
        let files = Exhibit::Figure(Figure::one("", chart)).files()?;
        let samples = folder.join(&**run).join("samples");
        fs::create_dir_all(&samples)?;
        for (end, bytes) in files.into_iter().filter(|(end, _)| *end == "png") {
            fs::write(samples.join(format!("002000.{end}")), bytes)?;
        }
    }
    Ok(())
}
