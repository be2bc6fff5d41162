//! `cargo xtask results`: every arm of `docs/results/arms.toml` for every seed, as tables with standard errors.

mod arms;
mod scores;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Trouble;
use arms::Arm;
use scores::Scores;

/// What the command line asks for.
struct Request {
    seeds: usize,
    /// Only groups whose title begins with this.
    group: String,
    /// Runs at a time, each on one thread.
    jobs: usize,
}

/// Trains and prints; if a run fails, its row fails.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let request = parse(arguments).map_err(Trouble::Request)?;
    let groups = arms::read(&root.join("docs/results/arms.toml"))?;
    let chosen: Vec<_> = groups.into_iter().filter(|group| group.title.starts_with(&request.group)).collect();
    if chosen.is_empty() {
        return Err(Trouble::Request(format!("no group's title begins with {:?}", request.group)));
    }
    build(root)?;
    for group in chosen {
        println!("### {}\n\n{}", group.title, scores::HEAD);
        for arm in &group.arms {
            let found = play(root, arm, &request)?;
            println!("{}", scores::row(arm, &found));
        }
        println!();
    }
    Ok(())
}

fn parse(arguments: &[String]) -> Result<Request, String> {
    let mut request = Request { seeds: 10, group: String::new(), jobs: 2 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} wants a value"))?;
        let number =
            || value.parse().ok().filter(|n| *n > 0).ok_or(format!("{word} wants 1 or more, found {value}"));
        match word.as_str() {
            "--seeds" => request.seeds = number()?,
            "--jobs" => request.jobs = number()?,
            "--group" => request.group = value.clone(),
            other => {
                return Err(format!(
                    "unknown argument {other}; it takes --seeds N, --jobs N and --group TITLE"
                ));
            }
        }
    }
    Ok(request)
}

fn build(root: &Path) -> Result<(), Trouble> {
    let status = Command::new("cargo")
        .args(["build", "--quiet", "--release", "-p", "ganatomy"])
        .current_dir(root)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(Trouble::Failed("the release build failed".to_owned())),
    }
}

/// One arm for all seeds, a few at a time, in the order of the seeds.
fn play(root: &Path, arm: &Arm, request: &Request) -> Result<Vec<Scores>, Trouble> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || -> Result<(), String> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= request.seeds {
                return Ok(());
            }
            let scores = train(root, arm, seed)?;
            found.lock().map_err(|error| error.to_string())?.push((seed, scores));
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..request.jobs).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Err("a worker died".to_owned())))
    })?;
    let mut found = found.into_inner().map_err(|error| error.to_string())?;
    found.sort_by_key(|(seed, _)| *seed);
    Ok(found.into_iter().map(|(_, scores)| scores).collect())
}

/// One run in a folder of its own, which is removed.
fn train(root: &Path, arm: &Arm, seed: usize) -> Result<Scores, String> {
    let folder =
        std::env::temp_dir().join(format!("ganatomy-results-{}-{seed}-{}", std::process::id(), arm.id));
    let mut command = Command::new(root.join("target/release/ganatomy"));
    command.current_dir(root).args(["train", &arm.spec, "--json", "--threads", "1", "--overwrite"]);
    command.arg("--seed").arg(seed.to_string()).arg("--out").arg(&folder);
    for assignment in &arm.set {
        command.args(["--set", assignment]);
    }
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| format!("the run does not start: {error}"))?;
    // A folder that cannot be removed stays in the temporary folder, which does no harm.
    let _removed = std::fs::remove_dir_all(&folder);
    let text = String::from_utf8_lossy(&output.stdout);
    scores::read(&text).ok_or_else(|| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        format!("{}, seed {seed}: {}", arm.name, stderr.lines().last().unwrap_or("no answer"))
    })
}
