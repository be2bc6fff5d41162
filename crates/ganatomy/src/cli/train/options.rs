//! The options of `ganatomy train`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use ganatomy_record::Which;

use crate::cli::device::{Choice, share};
use crate::cli::text::{at_least_one, whole_number};
use crate::cli::threads::thread_count;

/// Train a GAN, measure it while it trains, and leave a run folder with samples, readings and checkpoints.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("earlier").args(["resume", "from"]).multiple(true)))]
#[command(after_help = "Example:\n  ganatomy train ring --set generator.update.lr=1e-3 --steps 2000\n  \
    ganatomy train ring --with wgan-gp\n  \
    ganatomy train ring --population 4 --over generator.update.lr=1e-4,1e-3\n\n\
    `ganatomy list recipe` names the recipes and methods, and --dry-run shows every field that --set can change. \
    Without --data, the variable GANATOMY_DATA names the data folder, or else the one that `ganatomy data fetch` \
    fills. Ctrl-C stops a run with a checkpoint, and --resume goes on. A changed spec goes on in a run of its own:\n  \
    ganatomy train --from runs/ring-0@5000 --set generator.update.lr=1e-4 --steps 8000\n\
    What is wrong with a run is said while it goes; `ganatomy diagnose RUN` tells more. Exit codes: 0 done, 1 the run failed \
    or was interrupted, 2 the request was wrong, 3 a verdict of --stop-when stopped it.")]
pub(crate) struct Train {
    /// A recipe, a method, or the path of a TOML file [default: ring].
    pub(super) spec: Option<String>,
    /// Lay a method, such as wgan-gp, or another TOML file over the recipe; may be given again and again.
    #[arg(long, value_name = "NAME", conflicts_with = "resume")]
    pub(super) with: Vec<String>,
    /// Set a field of the spec; may be given again and again.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// The folder of the data; for `folder`, of the images themselves.
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// The run folder to make [default: runs/NAME-SEED, or the first free runs/NAME-SEED-2, -3, ...].
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How many steps to train for; the same as --set steps=N.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one)]
    pub(super) steps: Option<u64>,
    /// The seed of every random number; the same as --set seed=N.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole_number)]
    pub(super) seed: Option<u64>,
    /// How many threads to use; they change the pace, never a result [default: one per processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = thread_count)]
    pub(super) threads: Option<u64>,
    #[command(flatten)]
    pub(super) device: Choice,
    /// Train so many runs together, in one program: with the seed, the next one, and so on; each in a folder of its own within --out, which
    /// --resume goes on with.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one, conflicts_with_all = ["resume", "treat", "time"])]
    pub(super) population: Option<u64>,
    /// Train runs together that differ in a number of the spec, one (or --population N) for each value; may be given again, and all are
    /// combined. Numbers of networks' sizes, of the batch or of the data cannot differ.
    #[arg(long, value_name = "KEY=A,B,C", conflicts_with_all = ["resume", "treat", "time"])]
    pub(super) over: Vec<String>,
    /// Go on with the run in this folder from its latest checkpoint, with its own spec; --steps may take it further.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "overwrite"])]
    pub(super) resume: Option<PathBuf>,
    /// With --resume: go on from the checkpoint of this step; later checkpoints are removed.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole_number, requires = "resume")]
    pub(super) step: Option<u64>,
    /// With --resume: go on from the checkpoint that scored best; later checkpoints are removed.
    #[arg(long, requires = "resume", conflicts_with = "step")]
    pub(super) best: bool,
    /// Begin a new run, a fork, at the checkpoint of another: RUN, RUN@STEP or RUN@best; --with and --set change its spec.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["resume", "spec"])]
    pub(super) from: Option<String>,
    /// With --resume or --from: schedules end where they would have ended, though --steps goes further.
    #[arg(long, requires = "earlier")]
    pub(super) keep_schedule: bool,
    /// Replace the run that is in the way.
    #[arg(long)]
    pub(super) overwrite: bool,
    /// Stop, with a checkpoint and exit code 3, when one of these verdicts begins to hold, such as past-its-best,complete-collapse.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',')]
    pub(super) stop_when: Vec<String>,
    /// When something has been wrong for a while, try what may mend it on forks, one seed each, and go on with the best of them in
    /// RUN-mended; the forks are in RUN-treat and made on the processor, and the run goes on as it is where none of them is better.
    /// Ten checkpoints are kept, so that forks can go back, unless the spec says otherwise (checkpoint.keep_last).
    #[arg(long, conflicts_with = "stop_when")]
    pub(super) treat: bool,
    /// With --treat: how many steps something must be wrong for [default: a tenth of the run's].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one, requires = "treat")]
    pub(super) treat_after: Option<u64>,
    /// With --treat: the least steps of a fork, as a share of the run's [default: 0.2].
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share, requires = "treat")]
    pub(super) treat_share: Option<f64>,
    /// Check everything, print the plan with every field explained and the memory it needs, and train nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With --dry-run: play some steps, in memory, and say how long the run will take.
    #[arg(long, requires = "dry_run")]
    pub(super) time: bool,
    /// Print JSON at the end, of the shape `show --json` prints; with --dry-run, the plan.
    #[arg(long)]
    pub(super) json: bool,
}

impl Train {
    /// The assignments over the spec, shorthands last.
    pub(super) fn assignments(&self) -> Vec<String> {
        let steps = self.steps.map(|steps| format!("steps={steps}"));
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        self.set.iter().cloned().chain(steps).chain(seed).collect()
    }

    /// The checkpoint that a resumed run goes on from.
    pub(super) fn which(&self) -> Which {
        match (self.step, self.best) {
            (Some(step), _) => Which::Step(step),
            (None, true) => Which::Best,
            (None, false) => Which::Latest,
        }
    }

    /// The threads asked for, or one for each processor.
    pub(super) fn threads(&self) -> usize {
        crate::cli::threads::threads(self.threads)
    }
}
