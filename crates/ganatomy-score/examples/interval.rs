//! How often the interval of `fid_unbiased` holds the truth, where the truth is known: both sides are drawn anew from Gaussians of known moments.
//!
//! `cargo run --release -p ganatomy-score --example interval -- 400`: repetitions. One line for every size: how far `fid` and `fid_unbiased` are off the
//! truth on average, what they vary by, the mean of the spread that is given, and the share of intervals (the 95 % of Student's t with 9 degrees of freedom) with the truth inside.

use ganatomy_data::keyed::Keyed;
use ganatomy_record::RunSpec;
use ganatomy_score::frechet::Frechet;
use ganatomy_score::{Rows, Score, Sides};
use ganatomy_tensor::Cpu;

/// Beyond so many spreads of ten groups lie five of a hundred values.
const QUANTILE: f64 = 2.262;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds: usize = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let spec = RunSpec::parse("groups = 10", "interval")?;
    let (score, cpu) = (Frechet::read(&mut spec.root())?, Cpu::new(2));
    println!(
        "| features | items | truth | fid is off by | fid_unbiased is off by | it varies by | spread | truth inside |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (dims, n) in [(16, 200), (64, 200), (64, 1000), (256, 1000)] {
        for apart in [0.0, 0.3] {
            // Scales of both sides, and the distance of axes that are independent.
            let [own, other] =
                [0.0, apart].map(|apart| move |j: usize| (1.0 + apart) / (1.0 + j as f64 / 8.0));
            let truth: f64 =
                (0..dims).map(|j| (own(j) - other(j)).powi(2) + (apart / dims as f64).powi(2)).sum();
            let mut found = Vec::new();
            for round in 0..rounds {
                let mut random = Keyed::new(&[round as u64, dims as u64, n as u64]);
                let mut side = |scale: &dyn Fn(usize) -> f64, mean: f64| -> Vec<f32> {
                    (0..n * dims)
                        .map(|i| (mean + scale(i % dims) * f64::from(random.normal())) as f32)
                        .collect()
                };
                let (a, b) = (side(&own, 0.0), side(&other, apart / dims as f64));
                let sides = Sides::new(Rows::new(&a, dims)?, Rows::new(&b, dims)?)?;
                let values = score.score(&sides, &cpu)?;
                let unbiased =
                    values.iter().find(|value| value.name == "fid_unbiased").ok_or("no fid_unbiased")?;
                found.push([values[0].value, unbiased.value, unbiased.spread.unwrap_or(f64::NAN)]);
            }
            let mean = |of: &dyn Fn(&[f64; 3]) -> f64| found.iter().map(of).sum::<f64>() / rounds as f64;
            let (biased, middle) = (mean(&|x| x[0]), mean(&|x| x[1]));
            let varies = mean(&|x| (x[1] - middle).powi(2)).sqrt();
            let inside = mean(&|x| f64::from((x[1] - truth).abs() <= QUANTILE * x[2]));
            println!(
                "| {dims} | {n} | {truth:.4} | {:+.4} | {:+.4} | {varies:.4} | {:.4} | {:.1} % |",
                biased - truth,
                middle - truth,
                mean(&|x| x[2]),
                100.0 * inside
            );
        }
    }
    Ok(())
}
