//! Seconds and memory of the Fréchet distance, or of precision, recall, density and coverage, as one line of JSON.
//!
//! `cargo run --release -p ganatomy-score --example speed -- fid A.npy B.npy 2`: score (fid, balls), features, threads. `speed.py` beside it runs
//! this by turns with the references; `fid 50000 2048 2` makes up features instead, of so many items a side.

use std::path::Path;
use std::time::Instant;

use ganatomy_record::{NpyNumbers, RunSpec, read_npy};
use ganatomy_score::{Rows, Sides, scores};
use ganatomy_tensor::Cpu;

type Wrong = Box<dyn std::error::Error>;

fn main() -> Result<(), Wrong> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, first, second, threads] = arguments.as_slice() else {
        return Err("speed fid|balls A.npy B.npy THREADS, or N DIMS in place of the files".into());
    };
    let (a, b, dims) = match (first.parse::<usize>(), second.parse::<usize>()) {
        (Ok(n), Ok(dims)) => (normal(1, n * dims), normal(2, n * dims), dims),
        _ => {
            let ((a, dims), (b, _)) = (read(first)?, read(second)?);
            (a, b, dims)
        }
    };
    let wanted: &[&str] = match what.as_str() {
        "balls" => &["precision-recall", "density-coverage"],
        _ => &["fid"],
    };
    let cpu = Cpu::new(threads.parse()?);
    let (spec, start) = (RunSpec::parse("", "speed")?, Instant::now());
    let sides = Sides::new(Rows::new(&a, dims)?, Rows::new(&b, dims)?)?;
    let mut found = String::new();
    for row in scores().iter().filter(|row| wanted.contains(&row.name())) {
        for value in row.read(&mut spec.root())?.score(&sides, &cpu)? {
            found += &format!(", \"{}\": {}", value.name, value.value);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{{\"seconds\": {seconds:.3}, \"peak_mb\": {}{found}}}", peak_mb()?);
    Ok(())
}

fn read(path: &str) -> Result<(Vec<f32>, usize), Wrong> {
    let array = read_npy(Path::new(path))?;
    match (array.numbers, array.shape.as_slice()) {
        (NpyNumbers::Floats(values), [_, dims]) => Ok((values, *dims)),
        (_, shape) => Err(format!("{path} must hold [n, features] floats, found {shape:?}").into()),
    }
}

fn normal(seed: u64, n: usize) -> Vec<f32> {
    let mut random = ganatomy_data::keyed::Keyed::new(&[seed]);
    (0..n).map(|_| random.normal()).collect()
}

/// The most that the process ever held.
fn peak_mb() -> Result<u64, Wrong> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}
