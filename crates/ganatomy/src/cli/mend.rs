//! What to type to try a remedy on a run.

use std::path::{Path, PathBuf};

use ganatomy_record::{Checkpoints, Outcome, RunFolder, RunSpec};
use ganatomy_train::{Registry, recipe};
use toml::{Table, Value};

use super::import::is_imported;
use super::{spec, text};
use crate::uses;

/// What of a plan is about the session that made it.
const ABOUT: [&str; 2] = ["session", "origin"];

/// Is it a command of its own, such as `sample RUN --best`, and no change of the spec?
pub(crate) fn is_another_command(change: &str) -> bool {
    change.contains("RUN")
}

/// A run that is to be mended.
pub(crate) struct Mend<'a> {
    run: PathBuf,
    plan: Table,
    /// The steps of its checkpoints.
    checkpoints: Vec<u64>,
    /// After this step its numbers grew out of bounds.
    healthy: Option<u64>,
    registry: &'a Registry,
    /// What its plan comes to, where that can be told without its data.
    resolved: Option<Table>,
}

impl<'a> Mend<'a> {
    /// As [`Mend::new`]; nothing of a run that was imported, which cannot be gone on with here.
    pub(crate) fn of_own(
        folder: &RunFolder,
        outcome: Option<&Outcome>,
        registry: &'a Registry,
    ) -> Option<Mend<'a>> {
        (!is_imported(folder)).then(|| Mend::new(folder, outcome, registry))
    }

    /// A run's folder, of which whatever cannot be read is left out, and how the run ended.
    pub(crate) fn new(folder: &RunFolder, outcome: Option<&Outcome>, registry: &'a Registry) -> Mend<'a> {
        let plan = folder.plan().unwrap_or_default();
        let checkpoints = Checkpoints::list(folder).unwrap_or_default();
        let has_diverged = matches!(outcome, Some(Outcome::Diverged { .. }));
        let healthy = Checkpoints::healthy(folder).ok().flatten().filter(|_| has_diverged);
        let mut mend = Mend {
            run: folder.path().to_owned(),
            plan,
            checkpoints: checkpoints.iter().map(|file| file.step).collect(),
            healthy: healthy.map(|file| file.step),
            registry,
            resolved: None,
        };
        mend.resolved = mend.changed("").ok();
        mend
    }

    /// Why a change makes no other plan of this run's, if it does not.
    pub(crate) fn misfit(&self, change: &str) -> Option<String> {
        // Where the run's own plan cannot be told here, no change of it can.
        self.resolved.as_ref()?;
        match self.changed(change) {
            Err(why) => Some(why),
            Ok(plan) => (Some(plan) == self.resolved).then(|| "it has all of it already".to_owned()),
        }
    }

    /// Does a change make another plan of this run's that goes? Where that cannot be told, it is taken to.
    pub(crate) fn fits(&self, change: &str) -> bool {
        is_another_command(change)
            || self.resolved.is_none()
            || self.changed(change).is_ok_and(|plan| Some(plan) != self.resolved)
    }

    /// The command that goes on from before a step with a change, or begins anew with it.
    pub(crate) fn command(&self, change: &str, since_step: u64) -> String {
        let run = self.run.display().to_string();
        if is_another_command(change) {
            let words: Vec<&str> = change
                .split_whitespace()
                .map(|word| if word == "RUN" { run.as_str() } else { word })
                .collect();
            return text::command(&words);
        }
        let spec = self.run.join("spec.toml").display().to_string();
        let (from, data);
        let mut words = vec!["train"];
        match self.before(since_step) {
            Some(step) => {
                from = format!("{run}@{step}");
                words.extend(["--from", &from]);
            }
            None => {
                words.push(&spec);
                data = self.data();
                words.extend(data.iter().flat_map(|data| ["--data", data]));
            }
        }
        words.extend(change.split_whitespace());
        text::command(&words)
    }

    /// The last checkpoint before a step, if a run that begins there has steps to make.
    pub(crate) fn before(&self, since_step: u64) -> Option<u64> {
        let steps = self.plan.get("steps").and_then(Value::as_integer).map_or(u64::MAX, i64::unsigned_abs);
        let last = since_step.min(self.healthy.unwrap_or(u64::MAX));
        self.checkpoints.iter().copied().filter(|step| *step <= last && *step < steps).max()
    }

    /// The folder of its data, where the spec does not name it.
    fn data(&self) -> Option<&str> {
        let is_asked_for = self.plan.get("data")?.get("path")?.as_str()?.is_empty();
        self.plan.get("session")?.get("data")?.as_str().filter(|_| is_asked_for)
    }

    /// What the plan comes to with a change laid over it, or why that does not go. Its name is no part of it.
    fn changed(&self, change: &str) -> Result<Table, String> {
        let mut plan = self.plan.clone();
        ABOUT.iter().for_each(|about| drop(plan.remove(*about)));
        let spec = RunSpec::parse(&plan.to_string(), "the plan").map_err(|error| error.to_string())?;
        let (mut with, mut set) = (Vec::new(), Vec::new());
        let mut words = change.split_whitespace();
        while let Some(word) = words.next() {
            let list = if word == "--with" { &mut with } else { &mut set };
            list.extend(words.next().map(str::to_owned));
        }
        let mut spec = recipe::lay(spec, "run", &with, Path::new("")).map_err(|error| error.to_string())?;
        spec::apply(&mut spec, &set).map_err(|error| error.to_string())?;
        let plan = uses::plan(spec, self.registry).map_err(|error| error.to_string())?;
        let mut table = plan.resolved().table.clone();
        table.remove("name");
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mend<'a>(plan: &str, checkpoints: &[u64], healthy: Option<u64>, registry: &'a Registry) -> Mend<'a> {
        let (run, plan) = ("runs/a".into(), plan.parse().unwrap());
        let mut mend =
            Mend { run, plan, checkpoints: checkpoints.to_vec(), healthy, registry, resolved: None };
        mend.resolved = mend.changed("").ok();
        mend
    }

    #[test]
    fn a_command_of_its_own_names_the_run() {
        let registry = Registry::builtin();
        let mend = mend("steps = 90\n[data]\n", &[20], None, &registry);
        assert!(mend.fits("sample RUN --best"));
        assert!(mend.command("sample RUN --best", 50).ends_with(" sample runs/a --best"));
    }

    #[test]
    fn a_remedy_begins_before_the_onset() {
        let registry = Registry::builtin();
        let check = |plan: &str, checkpoints: &[u64], healthy, since, expected: &str| {
            let found = mend(plan, checkpoints, healthy, &registry).command("--with x --set a={}", since);
            assert!(found.ends_with(&format!(" train {expected} --with x --set 'a={{}}'")), "{found}");
        };
        let plan = "steps = 90\n[session]\ndata = \"/d\"\n[data]\n";
        check(plan, &[20, 40, 60], None, 50, "--from runs/a@40");
        check(plan, &[20, 40, 60], None, 40, "--from runs/a@40");
        check(plan, &[20, 40, 60], Some(20), 90, "--from runs/a@20");
        // There is no step left to make after the last.
        check(plan, &[60, 90], None, 90, "--from runs/a@60");
        check(plan, &[20], None, 5, "runs/a/spec.toml");
        check(&format!("{plan}path = \"\""), &[], None, 5, "runs/a/spec.toml --data /d");
        check(&format!("{plan}path = \"/e\""), &[], None, 5, "runs/a/spec.toml");
    }

    #[test]
    fn a_remedy_that_is_on_or_does_not_go_does_not_fit() {
        let registry = Registry::builtin();
        let check = |plan: &str, change: &str, expected: bool| {
            assert_eq!(mend(plan, &[], None, &registry).fits(change), expected, "{change} on {plan}");
        };
        check("", "--with r3gan", true);
        check("", "--set remedies.r1.gamma=1", true);
        check("[remedies.r1]\ngamma = 1.0", "--set remedies.r1.gamma=1", false);
        check("[remedies.r1]\ngamma = 1.0", "--set remedies.r1.gamma=2", true);
        check("", "--set remedies.no-such.gamma=1", false);
        check("", "--set loss.kind=began", false);
        // Of a plan that cannot be made here nothing is known.
        check("loss.kind = \"of another version\"", "--set remedies.r1.gamma=1", true);
    }
}
