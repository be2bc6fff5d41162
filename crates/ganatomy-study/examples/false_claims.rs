//! Studies of arms that are equal by construction, and how many of them would tell two arms apart: `false_claims 2000`.

use std::error::Error;

use ganatomy_data::keyed::Keyed;
use ganatomy_study::stats::{holm, median, rank_sum_p};

/// How the runs of a study are drawn, all arms alike.
#[derive(Clone, Copy)]
struct Law {
    name: &'static str,
    /// Scores are whole numbers, and so often equal.
    ties: bool,
    /// How often a run fails.
    failing: f32,
    /// Configurations, all alike, of which the luckiest is the one that answers, with the seed of its luck among others; 1 for no search.
    searched: usize,
    /// Configurations in the last stage, which are compared by their medians if there are several.
    last: u32,
}

const LAWS: [Law; 6] = [
    Law { name: "numbers", ties: false, failing: 0.0, searched: 1, last: 1 },
    Law { name: "ties", ties: true, failing: 0.0, searched: 1, last: 1 },
    Law { name: "failures", ties: false, failing: 0.3, searched: 1, last: 1 },
    Law { name: "ties and failures", ties: true, failing: 0.3, searched: 1, last: 1 },
    Law { name: "luckiest of 8 settings", ties: false, failing: 0.1, searched: 8, last: 1 },
    Law { name: "12 settings", ties: false, failing: 0.1, searched: 1, last: 12 },
];

fn main() -> Result<(), Box<dyn Error>> {
    let n: u32 = std::env::args().nth(1).map_or(Ok(200), |n| n.parse())?;
    println!("{:<22} arms seeds  studies  claims", "scores");
    for law in LAWS {
        for (n_arms, n_seeds) in [(2, 10), (4, 5), (4, 10), (8, 10)] {
            let mut draws = Keyed::new(&[u64::from(n), n_arms as u64, n_seeds as u64, law.name.len() as u64]);
            let claims = (0..n).filter(|_| claims(law, n_arms, n_seeds, &mut draws)).count();
            let share = 100.0 * claims as f64 / f64::from(n);
            println!("{:<22} {n_arms:>4} {n_seeds:>5} {n:>8}  {share:.1} %", law.name);
        }
    }
    Ok(())
}

/// Does a study tell any two of its arms apart?
fn claims(law: Law, n_arms: usize, n_seeds: usize, draws: &mut Keyed) -> bool {
    let arms: Vec<Vec<f64>> = (0..n_arms).map(|_| arm(law, n_seeds, draws)).collect();
    let pairs = (0..n_arms).flat_map(|a| (a + 1..n_arms).map(move |b| (a, b)));
    let p: Vec<f64> = pairs.filter_map(|(a, b)| rank_sum_p(&arms[a], &arms[b])).collect();
    holm(&p).iter().any(|p| *p <= 0.05)
}

/// What is compared of an arm: its runs, or the medians of its configurations.
fn arm(law: Law, n_seeds: usize, draws: &mut Keyed) -> Vec<f64> {
    let mut runs = |n: usize| (0..n).map(|_| score(law, draws)).collect::<Vec<f64>>();
    if law.last > 1 {
        let middle = |_| {
            let mut runs = runs(n_seeds);
            runs.sort_by(f64::total_cmp);
            median(&runs).unwrap_or(f64::NEG_INFINITY)
        };
        return (0..law.last).map(middle).collect();
    }
    let lucky = runs(law.searched).into_iter().fold(f64::NEG_INFINITY, f64::max);
    [vec![lucky], runs(n_seeds - 1)].concat()
}

/// The score of a run, below all others if it fails.
fn score(law: Law, draws: &mut Keyed) -> f64 {
    let score = f64::from(draws.normal());
    let failed = draws.uniform() < law.failing;
    match failed {
        true => f64::NEG_INFINITY,
        false if law.ties => (score * 1.5).round(),
        false => score,
    }
}
