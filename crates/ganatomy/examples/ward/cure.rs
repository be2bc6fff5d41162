//! Treats runs of the ward and says how often that helped: `ward cure PART --out DIR [--sick N] [--healthy N] [--most N]`.
//!
//! Which runs these are is a rule that looks at no result: of the runs on points of a part, by their numbers (all arms of the first
//! seed, then of the next), the first N that its labels call ill, and the first N that they call healthy. Each is made anew, treated by
//! the command that people use, with one seed, and judged by what neither the clinic nor the choice has seen: on other samples, the
//! share that is like data times the share of the modes (`truth/quality` and `truth/effective`), the middle of the last three readings.
//! Of data with one mode the width of samples beside that of the data takes the place of the share of modes.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ganatomy::clinic::{Chart, cures, diagnose, is_well, verdicts, ward};
use ganatomy::record::{Event, Outcome, RunFolder, RunReader, RunSpec};
use ganatomy::study::{Expanded, Ground, Study, file, stats::wilson};
use ganatomy::train::Registry;
use serde_json::Value;

/// Less than this is no difference.
const MARGIN: f64 = 0.02;
/// A healthy run that ends so much lower was harmed.
const HARM: f64 = 0.1;

type Res<T> = Result<T, Box<dyn Error>>;

/// A run of the ward that is treated.
struct Case {
    cause: String,
    seed: u64,
    is_sick: bool,
    spec: String,
}

/// What came of one.
struct Treated {
    verdicts: Vec<String>,
    loss: String,
    /// The untreated run's worth, and that of each remedy in the order of suggestion.
    untreated: f64,
    arms: Vec<(String, f64)>,
    /// The one that the run's own score calls best, by its place.
    best: Option<usize>,
    /// Is the best better than the untreated one by the run's own score, so that a person would take it?
    taken: bool,
}

pub fn run(arguments: &[String], registry: &Registry) -> Res<()> {
    let option =
        |name: &str| arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1));
    let count = |name: &str, default: usize| option(name).map_or(Ok(default), |n| n.parse());
    let part = arguments.first().ok_or("name a part of the ward: tuning, test or fresh")?;
    let out = PathBuf::from(option("--out").ok_or("--out DIR names the folder of the runs")?);
    let chosen = [count("--sick", 60)?, count("--healthy", 20)?];
    let most = option("--most").map_or("3", String::as_str);
    let mut all = Vec::new();
    for case in cases(part, chosen, registry)? {
        let treated = treat(&case, &out.join(part), most)?;
        println!("{}", line(&case, &treated));
        all.push((case, treated));
    }
    report(&all);
    Ok(())
}

/// The runs, by the rule.
fn cases(part: &str, [sick, healthy]: [usize; 2], registry: &Registry) -> Res<Vec<Case>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut written = file::read(&root.join(format!("studies/ward/{part}.toml")), None)?;
    // Images take too long to be treated by the dozen.
    written.file.arms.retain(|arm| arm.base.is_none());
    let ground = Ground { registry, data: None, cache: PathBuf::new() };
    let expanded = Expanded::new(Study::new(written)?, &ground)?;
    let kept = ward::read(&root.join(format!("crates/ganatomy-clinic/ward/{part}")))?;
    let (mut all, mut left) = (Vec::new(), [sick, healthy]);
    let n_seeds = expanded.configs.first().map_or(0, |config| config.seeds.len());
    for place in 0..n_seeds {
        for config in &expanded.configs {
            let (seed, cause) = (config.seeds[place], &expanded.study.arms[config.arm].name);
            let Some(known) = kept.iter().find(|case| case.cause == *cause && case.seed == seed) else {
                continue;
            };
            let labels = ward::labels(known);
            let is_sick = labels.iter().any(|label| !is_well(label));
            let left = &mut left[usize::from(!is_sick)];
            if labels.is_empty() || *left == 0 {
                continue;
            }
            *left -= 1;
            all.push(Case { cause: cause.clone(), seed, is_sick, spec: config.spec.clone() });
        }
    }
    Ok(all)
}

/// The answer of this program to arguments: what it prints. It is 3 of a command that finds a run sick.
fn ask(arguments: &[&str]) -> Res<String> {
    let program = std::env::current_exe()?;
    let told = Command::new(program).args(arguments).stderr(Stdio::piped()).output()?;
    match told.status.code() {
        Some(0 | 3) => Ok(String::from_utf8(told.stdout)?),
        // A run that has diverged has failed, and is there.
        Some(1) if arguments[0] == "train" => Ok(String::new()),
        _ => Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&told.stderr)).into()),
    }
}

fn treat(case: &Case, out: &Path, most: &str) -> Res<Treated> {
    let home = out.join(format!("{}-{}", case.cause, case.seed));
    let [run, treatment, spec] =
        ["run", "treatment", "spec.toml"].map(|name| home.join(name).display().to_string());
    if !Path::new(&run).exists() {
        fs::create_dir_all(&home)?;
        let mut written = RunSpec::parse(&case.spec, "the study")?;
        for set in [&format!("seed={}", case.seed), "checkpoint.every_steps=300", "checkpoint.keep_last=10"] {
            written.set(set)?;
        }
        fs::write(&spec, written.source())?;
        ask(&["train", &spec, "--out", &run, "--threads", "1"])?;
    }
    let chart = Chart::of(&RunFolder::open(Path::new(&run))?)?;
    let verdicts = diagnose(&chart).verdicts.iter().map(|finding| finding.name.to_owned()).collect();
    let loss = chart.facts.loss.clone().unwrap_or_default();
    let mut treated = Treated { verdicts, loss, untreated: 0.0, arms: Vec::new(), best: None, taken: false };
    if !diagnose(&chart).is_sick() {
        // The clinic sees nothing wrong, and nothing is tried.
        return Ok(treated);
    }
    let told = ask(&["treat", &run, "--out", &treatment, "--seeds", "1", "--most", most, "--json"]);
    let Ok(told) = told else {
        eprintln!("{}: {}", home.display(), told.err().map(|error| error.to_string()).unwrap_or_default());
        return Ok(treated);
    };
    let told: Value = serde_json::from_str(&told)?;
    let one_mode = chart.facts.n_modes == Some(1);
    let worth =
        |arm: &str| worth(&Path::new(&treatment).join(format!("runs/{arm}/0-seed-{}", case.seed)), one_mode);
    treated.untreated = worth("untreated")?;
    for arm in told["arms"].as_array().into_iter().flatten() {
        let name = arm["name"].as_str().unwrap_or_default().to_owned();
        let value = worth(&name)?;
        if Some(name.as_str()) == told["best"].as_str() {
            treated.best = Some(treated.arms.len());
            treated.taken = arm["better"].as_f64().is_some_and(|share| share > 0.5);
        }
        treated.arms.push((name, value));
    }
    Ok(treated)
}

/// What a run's samples are worth at its end, by what only the ward knows; less than nothing of one that diverged.
fn worth(run: &Path, one_mode: bool) -> Res<f64> {
    let events = RunReader::open(&RunFolder::open(run)?).read_all()?;
    let is_over = |event: &Event| matches!(event, Event::Finished { outcome: Outcome::Diverged { .. }, .. });
    if events.iter().any(is_over) {
        return Ok(-1.0);
    }
    let good = events.iter().filter_map(|event| match event {
        Event::Readings { values, .. } => {
            let spread = *values.get("truth/spread")?;
            let variety = if one_mode { spread.min(1.0 / spread) } else { *values.get("truth/effective")? };
            Some(values.get("truth/quality")?.min(1.0) * variety)
        }
        _ => None,
    });
    let mut last: Vec<f64> = good.collect::<Vec<_>>().into_iter().rev().take(3).collect();
    last.sort_by(f64::total_cmp);
    Ok(last.get(last.len() / 2).copied().unwrap_or(0.0))
}

fn line(case: &Case, treated: &Treated) -> String {
    let Treated { verdicts, loss, untreated, arms, best, taken } = treated;
    let arms: Vec<String> = arms.iter().map(|(name, worth)| format!("{name} {worth:.2}")).collect();
    let best = best.map_or("-", |place| arms[place].split(' ').next().unwrap_or("-"));
    let (kind, taken) =
        (if case.is_sick { "sick" } else { "healthy" }, if *taken { "taken" } else { "left" });
    format!(
        "{kind}\t{}-{}\t{loss}\t{}\tuntreated {untreated:.2}\t{}\tbest {best}, {taken}",
        case.cause,
        case.seed,
        verdicts.join(","),
        arms.join(", ")
    )
}

/// How often it helped, and what each remedy did.
fn report(all: &[(Case, Treated)]) {
    let share = |what: &str, of: &[bool]| {
        let n = of.iter().filter(|one| **one).count();
        let interval = wilson(n, of.len()).map_or((0.0, 1.0), |interval| (interval.low, interval.high));
        println!(
            "# {what}: {n} of {}, {:.2} ({:.2} to {:.2})",
            of.len(),
            n as f64 / of.len().max(1) as f64,
            interval.0,
            interval.1
        );
    };
    let gain = |treated: &Treated, place: usize| treated.arms[place].1 - treated.untreated;
    let sick: Vec<&Treated> =
        all.iter().filter(|(case, _)| case.is_sick).map(|(_, treated)| treated).collect();
    let best: Vec<bool> =
        sick.iter().map(|one| one.best.is_some_and(|best| gain(one, best) > MARGIN)).collect();
    let first: Vec<bool> = sick.iter().map(|one| !one.arms.is_empty() && gain(one, 0) > MARGIN).collect();
    let any: Vec<bool> =
        sick.iter().map(|one| (0..one.arms.len()).any(|arm| gain(one, arm) > MARGIN)).collect();
    let harmed: Vec<bool> =
        sick.iter().map(|one| one.taken && one.best.is_some_and(|best| gain(one, best) < -HARM)).collect();
    share("sick: the best suggested remedy beats the untreated control", &best);
    share("sick: the first suggestion alone does", &first);
    share("sick: any suggested remedy does", &any);
    share("sick: what one would take is clearly worse than no treatment", &harmed);
    let healthy = all.iter().filter(|(case, _)| !case.is_sick).map(|(_, treated)| treated);
    let unharmed: Vec<bool> =
        healthy.map(|one| !one.taken || one.best.is_none_or(|best| gain(one, best) >= -HARM)).collect();
    share("healthy: no harm", &unharmed);
    let mut learned = BTreeMap::<[String; 3], [usize; 2]>::new();
    for treated in &sick {
        for verdict in
            verdicts().iter().filter(|verdict| treated.verdicts.iter().any(|name| name == verdict.name))
        {
            for (place, (name, _)) in treated.arms.iter().enumerate() {
                let is_listed = cures().iter().any(|cure| cure.name == *name)
                    && verdict.remedies.iter().any(|cure| cure.name == *name);
                if is_listed {
                    let key = [verdict.name.to_owned(), treated.loss.clone(), name.clone()];
                    let counts = learned.entry(key).or_default();
                    *counts = [counts[0] + usize::from(gain(treated, place) > MARGIN), counts[1] + 1];
                }
            }
        }
    }
    for ([verdict, loss, remedy], [helped, of]) in learned {
        println!(
            "  {{ verdict = \"{verdict}\", loss = \"{loss}\", remedy = \"{remedy}\", helped = {helped}, of = {of} }},"
        );
    }
}
