//! Random programs: compiled ones against what the interpreter and interval arithmetic allow.
//!
//! [`generate`] and [`templates`] write a [`plan`]; [`check`] runs it in one element type and at one level, on one thread (and on
//! two in one seed of eight), for two steps, and asks the [`judge`]; a failure is made small by [`shrink`] and printed as a case
//! of `exam/found/`. `cargo xtask fuzz --minutes N` goes on from random seeds.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::cpu::Level;
use crate::{Cpu, Tensor};

mod check;
mod dice;
mod generate;
mod judge;
mod plan;
mod print;
mod shrink;
mod spans;
mod templates;
mod totals;
mod views;

use check::{Devices, Tally, examine};
use plan::Plan;
pub(super) use plan::{slope, table};

/// Programs of the usual tests.
const PROGRAMS: u64 = 6_000;

/// What is wrong with outputs of a trace, in either element type.
pub(super) fn trouble(
    trace: &crate::Trace,
    outputs: &[(&str, &Tensor)],
    devices: Devices<'_>,
) -> Result<Tally, String> {
    let single = examine::<f32>(trace, outputs, devices).map_err(|why| format!("f32: {why}"))?;
    let double = examine::<f64>(trace, outputs, devices).map_err(|why| format!("f64: {why}"))?;
    Ok(Tally { judged: single.judged + double.judged, anything: single.anything + double.anything })
}

/// What is wrong with a program in one element type.
fn examined(plan: &Plan, devices: Devices<'_>, single: bool) -> Result<Tally, String> {
    let (trace, outputs) = plan.build();
    let named: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    if single {
        examine::<f32>(&trace, &named, devices).map_err(|why| format!("f32: {why}"))
    } else {
        examine::<f64>(&trace, &named, devices).map_err(|why| format!("f64: {why}"))
    }
}

/// The devices of one level.
pub(super) struct Pair {
    level: Level,
    alone: Cpu,
    together: Cpu,
}

impl Pair {
    pub fn new(level: Level) -> Pair {
        Pair { level, alone: Cpu::with_level(1, level), together: Cpu::with_level(2, level) }
    }

    pub fn both(&self) -> Devices<'_> {
        Devices { alone: &self.alone, together: Some(&self.together) }
    }
}

/// One program in so many runs on two threads too: meeting takes longer than all else.
const TOGETHER: u64 = 8;

/// A program that fails, made small: its seed, and the text of its case.
struct Failure {
    seed: u64,
    case: String,
}

/// Runs the program of a seed.
fn try_seed(seed: u64, pairs: &[Pair]) -> Result<Tally, Failure> {
    let plan = templates::program(seed);
    // Levels take turns, and so do element types, and threads.
    let n = pairs.len() as u64;
    let (pair, single) = (&pairs[(seed % n) as usize], (seed / n).is_multiple_of(2));
    let together = (seed / (2 * n)).is_multiple_of(TOGETHER);
    let devices = Devices { alone: &pair.alone, together: together.then_some(&pair.together) };
    examined(&plan, devices, single).map_err(|why| {
        let small = shrink::shrink(&plan, &|plan| examined(plan, devices, single).is_err());
        let why_small = examined(&small, devices, single).err().unwrap_or_default();
        let whole = format!("Seed {seed} at {}: {why}", pair.level);
        let lines = [&*format!("{whole}."), "", &format!("As small as it could be made: {why_small}")];
        Failure { seed, case: print::case(&small, &format!("seed_{seed}"), &lines) }
    })
}

/// Writes a failure as a case of the exam: a file, and its line in `mod.rs`.
fn keep(failure: &Failure, folder: &Path) {
    let (name, list) = (format!("seed_{}", failure.seed), folder.join("mod.rs"));
    std::fs::write(folder.join(format!("{name}.rs")), &failure.case).unwrap();
    let known = std::fs::read_to_string(&list).unwrap();
    let line = format!("mod {name};\n");
    if !known.contains(&line) {
        std::fs::write(&list, known.replacen("mod every_step;\n", &format!("mod every_step;\n{line}"), 1))
            .unwrap();
    }
}

/// The devices of every level that the machine has, or of the one that is forced.
fn pairs() -> Vec<Pair> {
    let levels = Level::forced().unwrap().map_or_else(Level::available, |level| vec![level]);
    levels.into_iter().map(Pair::new).collect()
}

/// Every program of a range of seeds.
fn check(seeds: std::ops::Range<u64>) {
    let pairs = pairs();
    let (mut judged, mut anything, mut failures) = (0, 0, Vec::new());
    for seed in seeds {
        match try_seed(seed, &pairs) {
            Ok(tally) => (judged, anything) = (judged + tally.judged, anything + tally.anything),
            Err(failure) => failures.push(failure.case),
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
    let found = std::env::var_os("GANATOMY_FUZZ_FOUND");
    let (pairs, began) = (pairs(), Instant::now());
    let (mut n, mut judged, mut anything, mut failures) = (0, 0, 0, 0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let seed = first + n;
        // What a crash would not say.
        if let Some(file) = &current {
            std::fs::write(file, seed.to_string()).unwrap();
        }
        match try_seed(seed, &pairs) {
            Ok(tally) => (judged, anything) = (judged + tally.judged, anything + tally.anything),
            Err(failure) => {
                failures += 1;
                println!("{}", failure.case);
                if let Some(folder) = &found {
                    keep(&failure, Path::new(folder));
                }
            }
        }
        n += 1;
    }
    let levels: Vec<String> = pairs.iter().map(|pair| pair.level.to_string()).collect();
    let levels = levels.join(", ");
    println!(
        "fuzz: {levels}: {n} programs from seed {first}, {judged} elements judged, {anything} not, {failures} failures"
    );
    assert!(failures == 0, "{failures} programs differ");
}
