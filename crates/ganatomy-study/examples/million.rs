//! The answer of a study of very many runs, with its time: `million [CONFIGURATIONS OF EACH ARM] [SEEDS]`; 10 arms.

use std::error::Error;
use std::time::Instant;

use ganatomy_data::keyed::Keyed;
use ganatomy_record::Direction;
use ganatomy_study::answer::Answer;
use ganatomy_study::page::{Place, report};
use ganatomy_study::{Config, Curves, Point, Results, Row, Setting, Settings, State};

const N_ARMS: usize = 10;

/// Runs without scores on their way.
struct Bare;

impl Curves for Bare {
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
        Ok(vec![Vec::new(); runs.len()])
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|word| word.parse::<u32>());
    let n_configs = arguments.next().unwrap_or(Ok(10_000))?;
    let n_seeds = arguments.next().unwrap_or(Ok(10))?;
    let results = results(n_configs, n_seeds);
    println!("{} runs, {} MiB before", results.runs.len(), memory());
    let begun = Instant::now();
    let answer = Answer::of(&results, &Bare)?;
    println!("answer: {:.1} s, {} MiB at most", begun.elapsed().as_secs_f64(), memory());
    let begun = Instant::now();
    let place = Place { study: "/nowhere".as_ref(), links: "", command: String::new() };
    let html = report(&answer, &place)?;
    let json = serde_json::to_vec(&answer)?;
    let secs = begun.elapsed().as_secs_f64();
    println!(
        "page and JSON: {secs:.1} s, {} and {} KiB, {} MiB at most",
        html.len() >> 10,
        json.len() >> 10,
        memory()
    );
    println!("{}", answer.conclusion.en);
    Ok(())
}

fn results(n_configs: u32, n_seeds: u32) -> Results {
    let mut draws = Keyed::new(&[1]);
    let mut results = Results {
        name: "million".to_owned(),
        question: String::new(),
        reading: "score".to_owned(),
        better: Direction::Up,
        also: vec!["other".to_owned()],
        budget: "1 step".to_owned(),
        arms: (0..N_ARMS).map(|arm| format!("arm {arm}")).collect(),
        forks: vec![],
        stages: vec!["all".to_owned()],
        configs: vec![],
        runs: vec![],
    };
    for arm in 0..N_ARMS {
        for number in 0..n_configs {
            let x = f64::from(draws.uniform());
            let mut settings = Settings::new();
            settings.insert("lr".to_owned(), Setting::Number(x));
            settings.insert("beta".to_owned(), Setting::Number(f64::from(draws.uniform())));
            results.configs.push(Config {
                arm,
                stage: 0,
                number,
                settings,
                gradients_per_step: 2.0,
                images_per_step: 64.0,
            });
            for seed in 0..n_seeds {
                let failed = draws.uniform() < 0.05;
                let score = x + f64::from(draws.normal()) + 0.02 * arm as f64;
                let id = results.runs.len() as u64;
                results.runs.push(Row {
                    id,
                    config: results.configs.len() - 1,
                    seed: seed.into(),
                    state: if failed { State::Failed } else { State::Done },
                    score: (!failed).then_some(score),
                    also: [score].into(),
                    steps: 1,
                    secs: 1.0,
                    why: failed.then(|| "diverged: loss".into()),
                    folder: Some(format!("runs/{id:07}").into()),
                });
            }
        }
    }
    results
}

/// The most memory that this process has had, in MiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) >> 10
}
