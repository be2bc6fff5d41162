//! Seconds of the Fréchet distance, and of precision, recall, density and coverage, for features made here.
//!
//! `cargo run --release -p ganatomy-score --example speed -- fid 10000 2048 2`: score (fid, balls), items a side, features, threads.

use std::time::Instant;

use ganatomy_score::{Rows, Sides, scores};
use ganatomy_tensor::Cpu;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize, usual: usize| arguments.get(i).map_or(Ok(usual), |text| text.parse());
    let (n, dims, threads) = (number(1, 10_000)?, number(2, 2048)?, number(3, 2)?);
    let wanted: &[&str] = match arguments.first().map(String::as_str) {
        Some("balls") => &["precision-recall", "density-coverage"],
        _ => &["fid"],
    };
    let (a, b) = (normal(1, n * dims), normal(2, n * dims));
    let cpu = Cpu::new(threads);
    let start = Instant::now();
    let sides = Sides::new(Rows::new(&a, dims)?, Rows::new(&b, dims)?)?;
    let spec = ganatomy_record::RunSpec::parse("", "speed")?;
    for row in scores().iter().filter(|row| wanted.contains(&row.name())) {
        for value in row.read(&mut spec.root())?.score(&sides, &cpu)? {
            println!("{} {}", value.name, value.value);
        }
    }
    println!("{n} x {dims}, {threads} threads: {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn normal(seed: u64, n: usize) -> Vec<f32> {
    let mut random = ganatomy_data::keyed::Keyed::new(&[seed]);
    (0..n).map(|_| random.normal()).collect()
}
