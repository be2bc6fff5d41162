//! Random programs: compiled ones against what the interpreter and interval arithmetic allow.
//!
//! [`generate`] and [`templates`] write a [`plan`]; [`check`] runs it in both element types, on one thread and on two,
//! for two steps, and asks the [`judge`]; a failure is made small by [`shrink`] and printed as a Rust test for
//! `exam/found.rs`. `cargo xtask fuzz --minutes N` goes on from random seeds.

use std::time::{Duration, Instant};

use crate::Tensor;
use crate::cpu::Level;

mod check;
mod dice;
mod generate;
mod judge;
mod plan;
mod shrink;
mod spans;
mod templates;

pub(super) use check::Devices;
use check::{Tally, examine};
use plan::Plan;
pub(super) use plan::{slope, table};

/// Programs of the usual tests.
const PROGRAMS: u64 = 1_500;

/// What is wrong with outputs of a trace, in either element type.
pub(super) fn trouble(
    trace: &crate::Trace,
    outputs: &[(&str, &Tensor)],
    devices: &Devices,
) -> Result<Tally, String> {
    let single = examine::<f32>(trace, outputs, devices).map_err(|why| format!("f32: {why}"))?;
    let double = examine::<f64>(trace, outputs, devices).map_err(|why| format!("f64: {why}"))?;
    Ok(Tally { judged: single.judged + double.judged, anything: single.anything + double.anything })
}

/// What is wrong with a program in one element type.
fn examined(plan: &Plan, devices: &Devices, single: bool) -> Result<Tally, String> {
    let (trace, outputs) = plan.build();
    let named: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    if single {
        examine::<f32>(&trace, &named, devices).map_err(|why| format!("f32: {why}"))
    } else {
        examine::<f64>(&trace, &named, devices).map_err(|why| format!("f64: {why}"))
    }
}

/// Runs the program of a seed; a failure comes as a Rust test.
fn try_seed(seed: u64, devices: &[(Level, Devices)]) -> Result<Tally, String> {
    let plan = templates::program(seed);
    // Levels take turns, and so do element types.
    let n = devices.len() as u64;
    let ((level, devices), single) = (&devices[(seed % n) as usize], (seed / n).is_multiple_of(2));
    examined(&plan, devices, single).map_err(|why| {
        let small = shrink::shrink(&plan, &|plan| examined(plan, devices, single).is_err());
        let why_small = examined(&small, devices, single).err().unwrap_or_default();
        format!(
            "// seed {seed} at {level}: {why}\n// smaller: {why_small}\n{}",
            small.rust(&format!("seed_{seed}"))
        )
    })
}

/// The devices of every level that the machine has, or of the one that is forced.
fn devices() -> Vec<(Level, Devices)> {
    let levels = Level::forced().unwrap().map_or_else(Level::available, |level| vec![level]);
    levels.into_iter().map(|level| (level, Devices::new(level))).collect()
}

/// Every program of a range of seeds.
fn check(seeds: std::ops::Range<u64>) {
    let devices = devices();
    let (mut judged, mut anything, mut failures) = (0, 0, Vec::new());
    for seed in seeds {
        match try_seed(seed, &devices) {
            Ok(tally) => (judged, anything) = (judged + tally.judged, anything + tally.anything),
            Err(failure) => failures.push(failure),
        }
    }
    assert!(failures.is_empty(), "{} programs differ:\n{}", failures.len(), failures.join("\n"));
    // The judge must have an opinion of most elements, or it would let everything pass.
    assert!(judged > 4 * anything, "only {judged} elements were judged, and {anything} could be anything");
}

// Two tests, so that two cores share them.
#[test]
fn random_programs_agree_with_the_interpreter() {
    check(0..PROGRAMS / 2);
}

#[test]
fn more_random_programs_agree_with_the_interpreter() {
    check(PROGRAMS / 2..PROGRAMS);
}

/// The number that an environment variable holds.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Programs of other seeds for as long as is asked: run by `cargo xtask fuzz`.
#[test]
#[ignore = "runs for as long as `cargo xtask fuzz` asks"]
fn random_programs_for_some_time() {
    let seconds = asked("GANATOMY_FUZZ_SECS").unwrap_or(5);
    let first = asked("GANATOMY_FUZZ_SEED").unwrap_or(PROGRAMS);
    let current = std::env::var_os("GANATOMY_FUZZ_CURRENT");
    let (devices, began) = (devices(), Instant::now());
    let (mut n, mut judged, mut anything, mut failures) = (0, 0, 0, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let seed = first + n;
        // What a crash would not say.
        if let Some(file) = &current {
            std::fs::write(file, seed.to_string()).unwrap();
        }
        match try_seed(seed, &devices) {
            Ok(tally) => (judged, anything) = (judged + tally.judged, anything + tally.anything),
            Err(failure) => {
                failures += 1;
                println!("{failure}");
            }
        }
        n += 1;
    }
    let levels: Vec<String> = devices.iter().map(|(level, _)| level.to_string()).collect();
    let levels = levels.join(", ");
    println!(
        "fuzz: {levels}: {n} programs from seed {first}, {judged} elements judged, {anything} not, {failures} failures"
    );
    assert!(failures == 0, "{failures} programs differ");
}
