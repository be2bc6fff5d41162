//! Studies made up for tests.

use std::error::Error;

use ganatomy_data::keyed::Keyed;
use ganatomy_record::Direction;

use crate::{Config, Curves, Point, Results, Row, Setting, Settings, State};

/// Runs without scores on their way.
pub(crate) struct Bare;

impl Curves for Bare {
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
        Ok(vec![Vec::new(); runs.len()])
    }
}

/// A study of these arms, one configuration each, whose runs ended with these scores; `None` failed.
pub(crate) fn study(arms: &[(&str, &[Option<f64>])]) -> Results {
    let mut results = Results {
        name: "made up".to_owned(),
        question: "Which?".to_owned(),
        reading: "samples/n_modes".to_owned(),
        better: Direction::Up,
        also: vec![],
        budget: "2000 steps".to_owned(),
        arms: arms.iter().map(|(name, _)| (*name).to_owned()).collect(),
        forks: vec![],
        stages: vec!["all".to_owned()],
        configs: vec![],
        runs: vec![],
    };
    for (arm, (_, scores)) in arms.iter().enumerate() {
        let config = add_config(&mut results, arm, 0, 0, &[]);
        for (seed, score) in scores.iter().enumerate() {
            add_run(&mut results, config, seed as u64, *score);
        }
    }
    results
}

/// Adds a configuration, and says which it is.
pub(crate) fn add_config(
    results: &mut Results,
    arm: usize,
    stage: usize,
    number: u32,
    settings: &[(&str, f64)],
) -> usize {
    let settings: Settings =
        settings.iter().map(|(name, value)| ((*name).to_owned(), Setting::Number(*value))).collect();
    let config = Config { arm, stage, number, settings, gradients_per_step: 2.0, images_per_step: 64.0 };
    results.configs.push(config);
    results.configs.len() - 1
}

/// Adds a run that is done with a score, or that failed.
pub(crate) fn add_run(results: &mut Results, config: usize, seed: u64, score: Option<f64>) {
    let id = results.runs.len() as u64;
    results.runs.push(Row {
        id,
        config,
        seed,
        state: if score.is_some() { State::Done } else { State::Failed },
        score,
        also: Box::default(),
        steps: 2000,
        secs: 10.0,
        why: score.is_none().then(|| "diverged: generator/loss".into()),
        folder: Some(format!("runs/{id:05}").into()),
    });
}

/// Scores of seeds that come from one law whatever the arm: numbers, or counts of few values (ties), some of them failures.
pub(crate) fn equal_scores(draws: &mut Keyed, n: usize, ties: bool, failing: f32) -> Vec<Option<f64>> {
    let one = |_| {
        let score = f64::from(draws.normal());
        let failed = draws.uniform() < failing;
        (!failed).then_some(if ties { (score * 1.5).round() } else { score })
    };
    (0..n).map(one).collect()
}
