//! Studies of arms that are equal by construction, and how many of them claim a difference: `false_claims 1000`.

use std::error::Error;

use ganatomy_data::keyed::Keyed;
use ganatomy_record::Direction;
use ganatomy_study::answer::Answer;
use ganatomy_study::{Config, Curves, Point, Results, Row, Settings, State};

/// Runs without scores on their way.
struct Bare;

impl Curves for Bare {
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
        Ok(vec![Vec::new(); runs.len()])
    }
}

/// How the runs of a study are drawn, all arms alike.
#[derive(Clone, Copy)]
struct Law {
    name: &'static str,
    /// Scores are whole numbers, and so often equal.
    ties: bool,
    /// How often a run fails.
    failing: f32,
    /// Configurations, all alike, of which the luckiest is the one that answers, with the seed of its luck among others; 1 for no search.
    searched: u32,
    /// Configurations in the last stage.
    last: u32,
}

const LAWS: [Law; 6] = [
    Law { name: "numbers", ties: false, failing: 0.0, searched: 1, last: 1 },
    Law { name: "ties", ties: true, failing: 0.0, searched: 1, last: 1 },
    Law { name: "failures", ties: false, failing: 0.3, searched: 1, last: 1 },
    Law { name: "ties and failures", ties: true, failing: 0.3, searched: 1, last: 1 },
    Law { name: "best of 8 settings", ties: false, failing: 0.1, searched: 8, last: 1 },
    Law { name: "12 settings", ties: false, failing: 0.1, searched: 1, last: 12 },
];

fn main() -> Result<(), Box<dyn Error>> {
    let n: u32 = std::env::args().nth(1).map_or(Ok(200), |n| n.parse())?;
    println!("{:<20} arms seeds  studies  claims", "scores");
    for law in LAWS {
        for (n_arms, n_seeds) in [(2, 10), (4, 5), (4, 10), (8, 10)] {
            let mut draws = Keyed::new(&[u64::from(n), n_arms as u64, n_seeds, law.name.len() as u64]);
            let mut claims = 0;
            for _ in 0..n {
                let answer = Answer::of(&study(law, n_arms, n_seeds, &mut draws), &Bare)?;
                claims += u32::from(answer.pairs.iter().any(|pair| pair.different));
            }
            let share = 100.0 * f64::from(claims) / f64::from(n);
            println!("{:<20} {n_arms:>4} {n_seeds:>5} {n:>8}  {share:.1} %", law.name);
        }
    }
    Ok(())
}

/// A study with or without a search before its last stage.
fn study(law: Law, n_arms: usize, n_seeds: u64, draws: &mut Keyed) -> Results {
    let mut results = Results {
        name: String::new(),
        question: String::new(),
        reading: "score".to_owned(),
        better: Direction::Up,
        also: vec![],
        budget: String::new(),
        arms: (0..n_arms).map(|arm| arm.to_string()).collect(),
        stages: vec!["all".to_owned()],
        configs: vec![],
        runs: vec![],
    };
    for arm in 0..n_arms {
        for number in 0..law.last {
            // A search with one seed: the luckiest setting goes on, and its first seed is the one that was lucky.
            let tried = (0..law.searched).map(|_| score(law, draws));
            let lucky = tried.reduce(|best, other| if other > best { other } else { best });
            results.configs.push(Config {
                arm,
                stage: 0,
                number,
                settings: Settings::new(),
                gradients_per_step: 2.0,
                images_per_step: 1.0,
            });
            for seed in 0..n_seeds {
                let first = lucky.filter(|_| seed == 0);
                let found = first.unwrap_or_else(|| score(law, draws));
                let id = results.runs.len() as u64;
                results.runs.push(Row {
                    id,
                    config: results.configs.len() - 1,
                    seed,
                    state: if found.is_some() { State::Done } else { State::Failed },
                    score: found,
                    also: Box::default(),
                    steps: 1,
                    secs: 1.0,
                    why: None,
                    folder: None,
                });
            }
        }
    }
    results
}

/// The score of a run; `None` if it fails.
fn score(law: Law, draws: &mut Keyed) -> Option<f64> {
    let score = f64::from(draws.normal());
    let failed = draws.uniform() < law.failing;
    (!failed).then_some(if law.ties { (score * 1.5).round() } else { score })
}
