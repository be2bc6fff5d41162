//! `--treat`: a run that has been ill for a while is treated, and what did best goes on.

use std::path::{Path, PathBuf};

use ganatomy_record::{Outcome, RecordError, RunFolder};
use ganatomy_train::Registry;
use toml::{Table, Value};

use super::Train;
use super::plan::Planned;
use crate::cli::failure::{Failure, sentence};
use crate::cli::screen::Screen;
use crate::cli::sink::{Halt, Interrupt};
use crate::cli::text::{command, whole};
use crate::cli::treat::{GoOn, Treat, Within, beside};

/// A run is treated once, and the one that goes on may be treated again, so many times in all.
const MOST: usize = 3;
/// Steps of a fork, as a share of the run's.
const SHARE: f64 = 0.2;
/// Checkpoints that are kept, so that there is one from before an illness that has lasted a while.
pub(super) const N_KEPT: u64 = 10;
/// What a run that goes on is called by.
const MENDED: &str = "mended";
/// What is named, kept and drawn of a fork is not what is named, kept and drawn of the run that goes on.
const OWN: [&[&str]; 3] = [&["name"], &["checkpoint", "keep_last"], &["samples", "every_steps"]];

/// A folder that a treatment would need.
#[derive(Debug, thiserror::Error)]
#[error("{} is in the way of --treat; remove it, or choose another --out", .0.display())]
struct InTheWay(PathBuf);

#[derive(Debug, thiserror::Error)]
#[error("the treatment failed: {why}; go on without one: {without}")]
struct Untreated {
    why: String,
    without: String,
}

/// What is needed of a planned run once it is treated; the rest of it, data and device, is given back.
pub(super) struct Treated {
    steps: u64,
    threads: usize,
    /// What is named, kept and drawn of it.
    own: Vec<String>,
}

impl Treated {
    pub(super) fn of(planned: &Planned) -> Treated {
        Treated { steps: planned.plan.steps(), threads: planned.threads, own: own(&planned.table()) }
    }
}

/// The folders of a new run's treatments must be free, as far as one may follow another.
pub(super) fn check_free(run: &Path) -> Result<(), RecordError> {
    let mut run = run.to_owned();
    for _ in treatments(&run)..MOST {
        let mended = beside(&run, MENDED);
        if let Some(taken) = [beside(&run, "treat"), mended.clone()].into_iter().find(|path| path.exists()) {
            return Err(RecordError::other(InTheWay(taken)));
        }
        run = mended;
    }
    Ok(())
}

impl Train {
    /// After how many steps of illness a run is treated, if it is.
    pub(super) fn patience(&self, planned: &Planned, folder: &RunFolder) -> Option<u64> {
        let usual = planned.plan.steps().div_ceil(10);
        self.may_treat(folder.path()).then(|| self.treat_after.unwrap_or(usual).max(1))
    }

    fn may_treat(&self, run: &Path) -> bool {
        self.treat && treatments(run) < MOST && !Treat::came_to_nothing(run)
    }

    /// The run that is to go on, where its treatment was begun.
    pub(super) fn in_treatment(&self) -> Option<&Path> {
        let run = self.resume.as_deref().filter(|run| self.may_treat(run))?;
        Treat::has_begun(run).then_some(run)
    }

    /// Why a run that has ended or was stopped is to be treated, if it is.
    pub(super) fn ill(
        &self,
        outcome: &Outcome,
        halt: Option<&Halt>,
        run: &Path,
        interrupt: &Interrupt,
    ) -> Option<String> {
        if !self.may_treat(run) || interrupt.was_asked() {
            return None;
        }
        match (outcome, halt) {
            (Outcome::Diverged { .. }, _) => Some("has diverged".to_owned()),
            (Outcome::Interrupted, Some(Halt::Ill(name))) => {
                Some(format!("has been ill for a while ({name}) and is treated"))
            }
            _ => None,
        }
    }

    /// What to type to go on with a run.
    pub(super) fn again(&self, run: &Path) -> String {
        let run = run.display().to_string();
        let after = self.treat_after.map(|after| after.to_string());
        let share = self.treat_share.map(|share| share.to_string());
        let mut words = vec!["train", "--resume", &run];
        words.extend(self.treat.then_some("--treat"));
        words.extend(after.iter().flat_map(|after| ["--treat-after", after]));
        words.extend(share.iter().flat_map(|share| ["--treat-share", share]));
        command(&words)
    }

    /// Treats a run; answers how the best of its forks goes on, and nothing where none is better than the run.
    pub(super) fn treated(
        &self,
        run: &Path,
        kept: &Treated,
        registry: &Registry,
        interrupt: &Interrupt,
        screen: &Screen,
    ) -> Result<Option<Train>, Failure> {
        let (share, workers) = (self.treat_share.unwrap_or(SHARE), kept.threads);
        let treat = Treat::within(run, Within { share, workers, command: self.again(run) });
        let found =
            treat.best(registry, interrupt, screen).map_err(|failure| self.untreated(run, failure))?;
        if interrupt.was_asked() {
            return Err(treat.interrupted());
        }
        Ok(match found {
            Ok((sentence, best)) => {
                screen.line(&sentence);
                best.map(|best| self.go_on_with(&best, run, kept, screen))
            }
            Err(why) => {
                screen.note(&why);
                None
            }
        })
    }

    /// A run whose treatment failed can go on without one.
    fn untreated(&self, run: &Path, failure: Failure) -> Failure {
        let without = Train { treat: false, ..self.resumed(run) }.again(run);
        match failure {
            Failure::Run(error) if !Treat::was_interrupted(error.as_ref()) => {
                Failure::run(Untreated { why: sentence(error.as_ref()), without })
            }
            Failure::Request(error) => Failure::run(Untreated { why: sentence(error.as_ref()), without }),
            failure => failure,
        }
    }

    /// The command that goes on with a run for which nothing better was found.
    pub(super) fn as_it_was(&self, run: &Path, screen: &Screen) -> Train {
        screen.line(&format!("{} goes on as it was", run.display()));
        Train { treat: false, treat_after: None, treat_share: None, ..self.resumed(run) }
    }

    /// The command that goes on with a fork in a folder of its own, which may be there already.
    fn go_on_with(&self, best: &GoOn, run: &Path, kept: &Treated, screen: &Screen) -> Train {
        let steps = Some(kept.steps.max(best.made + 1));
        let mended = beside(run, MENDED);
        let (made, into) = (whole(best.made), mended.display());
        screen.line(&format!("going on with {} after step {made}, into {into}", best.arm));
        if goes_on_from(&mended, &best.run) {
            return Train { steps, ..self.resumed(&mended) };
        }
        Train {
            set: kept.own.clone(),
            from: Some(best.run.display().to_string()),
            out: Some(mended),
            resume: None,
            steps,
            ..self.resumed(run)
        }
    }

    /// The same command for a run that goes on where it is.
    fn resumed(&self, run: &Path) -> Train {
        Train {
            spec: None,
            with: Vec::new(),
            set: Vec::new(),
            from: None,
            out: None,
            resume: Some(run.to_owned()),
            step: None,
            best: false,
            overwrite: false,
            keep_schedule: false,
            seed: None,
            ..self.clone()
        }
    }
}

/// How often the runs that one comes from were treated.
fn treatments(run: &Path) -> usize {
    let name = run.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split('-').rev().take_while(|word| *word == MENDED).count()
}

/// The fields of the treated run's plan that its forks had otherwise.
fn own(plan: &Table) -> Vec<String> {
    let value = |path: &[&str]| {
        let (last, tables) = path.split_last()?;
        tables.iter().try_fold(plan, |table, name| table.get(*name)?.as_table())?.get(*last).cloned()
    };
    OWN.into_iter().filter_map(|path| Some(format!("{}={}", path.join("."), value(path)?))).collect()
}

/// Is there a run in this folder that began at a checkpoint of this other?
fn goes_on_from(folder: &Path, parent: &Path) -> bool {
    let own = RunFolder::open(folder).ok().and_then(|folder| {
        let plan = folder.plan().ok()?;
        Path::new(plan.get("origin")?.get("parent").and_then(Value::as_str)?).canonicalize().ok()
    });
    own.is_some() && own == parent.canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_treated_so_many_times_in_all() {
        let count = |run: &str| treatments(Path::new(run));
        assert_eq!(
            ["runs/ring-0", "runs/a-mended", "runs/mended-a", "b-mended-mended"].map(count),
            [0, 1, 0, 2]
        );
    }
}
