//! `ganatomy study check`: what a study would do, and how long it would take.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use ganatomy_data::{DataContext, Silent};
use ganatomy_record::RunSpec;
use ganatomy_study::file::Budget;
use ganatomy_study::fork::Fork;
use ganatomy_study::store::NewConfig;
use ganatomy_study::{Arm, Expanded};
use ganatomy_tensor::Cpu;
use ganatomy_train::{Pace, Plan, Registry, Session, Training};
use serde_json::json;

use super::asked::Asked;
use super::failed;
use crate::cli::failure::Failure;
use crate::cli::screen::{self, Screen};
use crate::cli::sink::{Interrupt, Preparing, Waiting};
use crate::cli::text::{brief, counted, secs, styled, table, whole};
use crate::cli::threads::{thread_count, threads};
use crate::cli::{HEADING, places};

/// Time for which each arm's steps are tried.
const TIMED: Duration = Duration::from_secs(1);

/// Check a study, count its runs, and estimate how long they take; train and write nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ganatomy study check study.toml")]
pub(crate) struct Check {
    #[command(flatten)]
    asked: Asked,
    /// Workers to estimate the time for [default: one per processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = thread_count)]
    workers: Option<u64>,
    /// Print JSON: {"name", "runs", "secs", "workers", "arms": [{"name", "configs", "runs", "steps", "run_secs", ..}]}.
    #[arg(long)]
    json: bool,
}

/// What an arm costs.
pub(in crate::cli) struct Cost {
    name: String,
    configs: u64,
    runs: u64,
    steps: [u64; 2],
    gradients: f64,
    images: f64,
    run_secs: f64,
    diverged: Option<String>,
    fork: Option<Fork>,
}

impl Check {
    pub(super) fn run(&self, registry: &Registry) -> Result<(), Failure> {
        let screen = Screen::new();
        let expanded = self.asked.expand(registry, &screen)?;
        let data = self.asked.data_of(&expanded.study);
        let costs = costs(&expanded, registry, data.as_deref(), &screen)?;
        print(&expanded, &costs, threads(self.workers) as u64, self.json)
    }
}

/// Times some steps of each arm's first configuration.
pub(in crate::cli) fn costs(
    expanded: &Expanded,
    registry: &Registry,
    data: Option<&Path>,
    screen: &Screen,
) -> Result<Vec<Cost>, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::run)?;
    let _shown = Waiting::new(screen, "timing some steps of each arm");
    let arms = expanded.study.arms.iter().enumerate();
    arms.map(|(arm, of)| {
        if interrupt.is_asked(screen, "stopping") {
            return Err(Failure::run("interrupted; nothing was done".to_owned()));
        }
        let own: Vec<_> = expanded.configs.iter().filter(|config| config.arm == arm).collect();
        let runs = own.iter().map(|config| config.seeds.len() as u64).sum();
        let pace =
            own.first().map(|config| pace(config, of, registry, data, &interrupt, screen)).transpose()?;
        let steps =
            [own.iter().map(|config| config.steps).min(), own.iter().map(|config| config.steps).max()];
        let budget = match expanded.study.file.budget {
            Budget::Seconds(secs) => Some(secs),
            _ => None,
        };
        Ok(Cost {
            name: of.name.clone(),
            configs: own.len() as u64,
            runs,
            steps: steps.map(Option::unwrap_or_default),
            gradients: own.first().map_or(0.0, |config| config.gradients_per_step),
            images: own.first().map_or(0.0, |config| config.images_per_step),
            run_secs: budget.or(pace.as_ref().map(|pace| pace.total_secs)).unwrap_or_default(),
            diverged: pace.and_then(|pace| pace.broken),
            fork: of.fork.clone(),
        })
    })
    .collect()
}

fn pace(
    config: &NewConfig,
    arm: &Arm,
    registry: &Registry,
    data: Option<&Path>,
    interrupt: &Interrupt,
    screen: &Screen,
) -> Result<Pace, Failure> {
    let spec = RunSpec::parse(&config.spec, "the study").map_err(Failure::request)?;
    let context = DataContext {
        data_dir: data.map(Path::to_owned),
        cache_dir: places::cache(),
        threads: 1,
        progress: &Silent,
    };
    let plan = Plan::with_registry(&spec, &context, registry).map_err(Failure::request)?;
    let session = Session {
        cache_dir: places::cache(),
        progress: Arc::new(Preparing::new(screen, Some(interrupt))),
        parent: arm.fork.as_ref().map(Fork::checkpoint).transpose().map_err(failed)?.flatten(),
        ..Session::in_memory(Cpu::new(1))
    };
    let mut run = Training::new(plan, session).map_err(Failure::request)?;
    run.pace(arm.fork.as_ref().map_or(0, Fork::begins_after), TIMED).map_err(Failure::run)
}

/// Prints what the study costs.
pub(in crate::cli) fn print(
    expanded: &Expanded,
    costs: &[Cost],
    workers: u64,
    as_json: bool,
) -> Result<(), Failure> {
    let file = &expanded.study.file;
    let known: f64 = costs.iter().map(|cost| cost.run_secs * cost.runs as f64).sum();
    let per_run = known / costs.iter().map(|cost| cost.runs).sum::<u64>().max(1) as f64;
    let total = (known + per_run * expanded.later_runs as f64) / workers as f64;
    if as_json {
        return screen::print_json(&described(expanded, costs, workers, total));
    }
    let mut rows = vec![
        ["arm", "configs", "runs", "steps", "gradients a step", "images a step", "a run"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for cost in costs {
        let [least, most] = cost.steps.map(whole);
        let steps = if least == most { least } else { format!("{least} to {most}") };
        rows.push(vec![
            cost.name.clone(),
            whole(cost.configs),
            whole(cost.runs),
            steps,
            brief(cost.gradients),
            brief(cost.images),
            secs(cost.run_secs),
        ]);
    }
    let later = match expanded.later_runs {
        0 => String::new(),
        n => format!(", {} of them of the best configurations", whole(n)),
    };
    let heading = styled(HEADING, &file.name);
    let question = if file.question.is_empty() { String::new() } else { format!("{}\n", file.question) };
    let all = format!(
        "{}{later}, each of {}; about {} with {}\n",
        counted(expanded.n_runs(), "run"),
        file.budget,
        secs(total),
        counted(workers, "worker")
    );
    let warned: String = costs
        .iter()
        .filter_map(|cost| {
            Some(format!("arm {} diverged within its first steps: {}\n", cost.name, cost.diverged.as_ref()?))
        })
        .collect();
    screen::print(&format!(
        "{heading}\n{question}\n{}\n{}{all}{warned}{}",
        table(&rows, "  ", 1),
        begin(expanded),
        shared_seeds(expanded)
    ))
}

/// Where forks begin.
fn begin(expanded: &Expanded) -> String {
    let line = |arm: &Arm| {
        let Fork { run, step, anew, .. } = arm.fork.as_ref()?;
        Some(match anew {
            true => format!(
                "arm {} begins anew, at the first step, with the plan of {}\n",
                arm.name,
                run.display()
            ),
            false => format!("arm {} begins at {} after step {}\n", arm.name, run.display(), whole(*step)),
        })
    };
    expanded.study.arms.iter().filter_map(line).collect()
}

/// The same for programs.
fn described(expanded: &Expanded, costs: &[Cost], workers: u64, total: f64) -> serde_json::Value {
    let file = &expanded.study.file;
    let arms: Vec<_> = costs
        .iter()
        .map(|cost| {
            json!({ "name": cost.name, "configs": cost.configs, "runs": cost.runs, "steps": cost.steps,
                    "gradients_per_step": cost.gradients, "images_per_step": cost.images,
                    "run_secs": cost.run_secs, "diverged": cost.diverged, "fork": cost.fork })
        })
        .collect();
    json!({ "name": file.name, "runs": expanded.n_runs(), "later_runs": expanded.later_runs,
            "workers": workers, "secs": total, "arms": arms })
}

/// A warning where a stage that takes the best of others uses seeds by which they were chosen.
fn shared_seeds(expanded: &Expanded) -> String {
    let stages = &expanded.study.stages;
    let shares = |stage: &ganatomy_study::Stage| {
        stage.best_of.iter().any(|of| stages[*of].seeds.iter().any(|seed| stage.seeds.contains(seed)))
    };
    let note = |stage: &ganatomy_study::Stage| {
        format!(
            "note: stage \"{}\" runs seeds by which its configurations were chosen, so that their scores look better than they are\n",
            stage.name
        )
    };
    stages.iter().filter(|stage| shares(stage)).map(note).collect()
}
