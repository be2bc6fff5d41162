//! The device check: four workloads on a PJRT plugin's device beside this processor, whether they agree and how long a step takes, made one by
//! one and many in a call; and populations of ring games.
//!
//!     cargo run --release --example device -- [PLUGIN] [--devices N] [--secs N] [--json FILE] [--populations] [--ahead CUDA]
//!
//! PLUGIN is the plugin's file, else the variable GANATOMY_PJRT names it; N of its devices share each step, else one makes it. Workloads are left
//! out once the seconds are used up; `--populations` leaves all of them out. With `--ahead`, nothing runs: the steps are compiled for an H100 by
//! NVIDIA's plugin, on any machine, and what they would launch there is counted. CUDA is the folder with `bin/ptxas` and `nvvm/libdevice`, as
//! NVIDIA's wheels of nvcc and nvvm have it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ganatomy::tensor::{Cpu, Device};
use ganatomy::train::Training;
use ganatomy_xla::{Options, Xla};

use populations::{GAMES, MOST_HERE, SIZES, STEPS, Took, took};
use workloads::{WORKLOADS, training};

mod ahead;
mod populations;
mod workloads;

type Failure = Box<dyn std::error::Error>;

/// Steps after which the readings are compared: later a game carries rounding on.
const COMPARED: u64 = 5;
/// More than this apart is no rounding; one item of a batch that D judges otherwise is a hundredth.
const MOST_APART: f64 = 0.05;
/// Rounds of steps that are timed, and about how long one takes.
const ROUNDS: usize = 5;
const ROUND_SECS: f64 = 1.0;
/// Steps that one call makes at most; none makes many where a single one takes longer than this.
const TOGETHER: u64 = 64;
const SLOW_MS: f64 = 500.0;

fn main() -> Result<(), Failure> {
    let mut plugin = std::env::var_os("GANATOMY_PJRT").map(PathBuf::from);
    let (mut options, mut secs, mut json, mut cuda) = (Options::default(), 420.0, None, None);
    let mut alone = false;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--ahead" => cuda = Some(PathBuf::from(words.next().ok_or("--ahead wants a folder")?)),
            "--populations" => alone = true,
            "--devices" => {
                options.n_devices = Some(words.next().ok_or("--devices wants a number")?.parse()?);
            }
            "--secs" => secs = words.next().ok_or("--secs wants a number")?.parse()?,
            "--json" => json = Some(PathBuf::from(words.next().ok_or("--json wants a file")?)),
            file => plugin = Some(file.into()),
        }
    }
    let plugin = plugin.ok_or("no plugin: name its file, or set GANATOMY_PJRT")?;
    if let Some(cuda) = cuda {
        return ahead::check(&plugin, &cuda);
    }
    let began = Instant::now();
    let device: Arc<dyn Device> = Arc::new(Xla::open(&plugin, &options)?);
    let cpu = Arc::new(Cpu::new(std::thread::available_parallelism()?.get()));
    println!("{}; {} threads of this processor", device.name(), cpu.threads());
    let mut lines = if alone { Vec::new() } else { workloads(&device, &cpu, secs)? };
    lines.extend(populations(&device, &cpu, secs - began.elapsed().as_secs_f64())?);
    if let Some(path) = json {
        std::fs::write(path, lines.join("\n") + "\n")?;
    }
    Ok(())
}

/// The workloads there and here; answers lines of JSON. They are left out once the seconds are used up.
fn workloads(device: &Arc<dyn Device>, cpu: &Arc<Cpu>, secs: f64) -> Result<Vec<String>, Failure> {
    let (began, mut lines) = (Instant::now(), Vec::new());
    println!(
        "{:<10} {:>10} {:>11} {:>11} {:>11} {:>10}",
        "workload", "compile s", "singly ms", "many ms", "here ms", "apart by"
    );
    for (name, spec, images) in WORKLOADS {
        if began.elapsed().as_secs_f64() > secs {
            println!("{name:<10} left out: {secs} s are used up");
            continue;
        }
        let compiling = Instant::now();
        let mut there = training(spec, images, cpu, Some(device), 1)?;
        let compile_secs = compiling.elapsed().as_secs_f64();
        let mut here = training(spec, images, cpu, None, 1)?;
        let apart = compare(&mut there, &mut here)?;
        if apart.is_nan() || apart > MOST_APART {
            return Err(format!("{name} reads otherwise there: {apart:e} apart").into());
        }
        let [there_ms, here_ms] = [step_ms(&mut there)?, step_ms(&mut here)?];
        let many_ms = match there_ms < SLOW_MS {
            true => Some(step_ms(&mut training(spec, images, cpu, Some(device), TOGETHER)?)?),
            false => None,
        };
        let shown = many_ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.3}"));
        println!(
            "{name:<10} {compile_secs:>10.1} {there_ms:>11.3} {shown:>11} {here_ms:>11.3} {apart:>10.1e}"
        );
        let many = many_ms.map_or_else(|| "null".to_owned(), |ms| ms.to_string());
        lines.push(format!(
            "{{\"workload\": \"{name}\", \"device\": {:?}, \"compile_s\": {compile_secs}, \"there_ms\": {there_ms}, \"many_ms\": {many}, \"here_ms\": {here_ms}, \"apart\": {apart:e}}}",
            device.name()
        ));
    }
    Ok(lines)
}

/// Ring games together, there and on one thread here; answers lines of JSON. Larger populations are left out once the seconds are used up, or where
/// they would be.
fn populations(device: &Arc<dyn Device>, cpu: &Arc<Cpu>, secs: f64) -> Result<Vec<String>, Failure> {
    let (began, mut lines, thread) = (Instant::now(), Vec::new(), Arc::new(Cpu::new(1)));
    println!(
        "\n{:<8} {:>6} {:>9} {:>13} {:>15} {:>17} {:>15}",
        "game", "games", "begin s", "lockstep ms", "game steps / s", "one thread ms", "game steps / s"
    );
    for (game, spec) in GAMES {
        let mut game_secs = 0.0;
        for n in SIZES {
            // A game is expected to take what it took in the population before.
            let expected = game_secs * n as f64;
            if began.elapsed().as_secs_f64() + expected > secs {
                println!("{game:<8} {n:>6} left out: it would take about {expected:.0} s");
                continue;
            }
            let there = took(spec, n, cpu, Some(device))?;
            let here = if n <= MOST_HERE { Some(took(spec, n, &thread, None)?) } else { None };
            let both = |took: &Took| (took.lockstep_ms, 1e3 * n as f64 / took.lockstep_ms);
            let ((ms, speed), here) = (both(&there), here.as_ref().map(both));
            let shown = here.map_or_else(String::new, |(ms, speed)| format!("{ms:>17.3} {speed:>15.0}"));
            println!("{game:<8} {n:>6} {:>9.1} {ms:>13.3} {speed:>15.0} {shown}", there.begin_secs);
            lines.push(format!(
                "{{\"game\": \"{game}\", \"games\": {n}, \"device\": {:?}, \"begin_s\": {}, \"lockstep_ms\": {ms}, \"one_thread_ms\": {}}}",
                device.name(),
                there.begin_secs,
                here.map_or_else(|| "null".to_owned(), |(ms, _)| ms.to_string())
            ));
            game_secs = STEPS as f64 * (ms + here.map_or(0.0, |(ms, _)| ms)) / 1e3 / n as f64;
        }
    }
    Ok(lines)
}

/// The largest difference of the losses and outputs of both after the same steps, beside their size.
fn compare(there: &mut Training, here: &mut Training) -> Result<f64, Failure> {
    for run in [&mut *there, &mut *here] {
        if let Some(broken) = run.advance(COMPARED)? {
            return Err(format!("{broken} is no longer finite").into());
        }
    }
    let pairs = there.readings().into_values().zip(here.readings().into_values());
    let apart = pairs.map(|(a, b)| (a - b).abs() / (1.0 + b.abs()));
    Ok(apart.fold(0.0, |most, one| if one.is_nan() || one > most { one } else { most }))
}

/// Milliseconds of a step: the median of some rounds, or of those that there is time for. The state stays where it is.
fn step_ms(run: &mut Training) -> Result<f64, Failure> {
    let round = Duration::from_secs_f64(ROUND_SECS);
    let (began, mut rounds) = (Instant::now(), Vec::new());
    while rounds.len() < ROUNDS && (rounds.is_empty() || began.elapsed() < ROUNDS as u32 * round) {
        rounds.push(run.pace(0, round)?.step_secs);
    }
    rounds.sort_by(f64::total_cmp);
    Ok(1e3 * rounds[rounds.len() / 2])
}
