//! The spec of a run that goes on: what it was, and what may change.

use std::path::{Path, PathBuf};

use ganatomy_record::{Difference, Dropped, RunFolder, RunSpec, SpecError, sum};
use toml::{Table, Value};

use super::Train;
use super::plan::{ORIGIN, SESSION};
use crate::cli::failure::Failure;
use crate::cli::{spec, text};

/// The field a resume may change.
pub(super) const STEPS: &str = "steps";
/// The field that keeps schedules where they were, although the steps change.
pub(super) const SCHEDULE_STEPS: &str = "schedule_steps";
/// The table whose entries are on if they are written.
const REMEDIES: &str = "remedies";
/// Tables that turn something on by being there.
const ON_IF_WRITTEN: [&str; 2] = [REMEDIES, "scores"];

/// A request that does not fit the run it is to go on with.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misfit {
    #[error(
        "{} cannot be resumed with another spec: {difference}; a new run can begin at its checkpoint with {}",
        run.display(), fork(run, Some(difference))
    )]
    Plan { run: PathBuf, difference: Box<Difference> },
    #[error(
        "{} was edited since the run began{}, and a resumed run keeps its spec; put it back, or begin a new run at its \
         checkpoint with {}",
        run.join("spec.toml").display(),
        difference.as_ref().map(|difference| format!(": {difference}")).unwrap_or_default(),
        fork(run, difference.as_deref())
    )]
    Edited { run: PathBuf, difference: Option<Box<Difference>> },
    #[error("{} has made {made} steps already, so steps must be at least {made}, found {steps}", run.display())]
    Steps { run: PathBuf, made: u64, steps: u64 },
    #[error(
        "{parent} has made {made} steps, so a run that begins there must have more: steps is {steps}; --steps sets it"
    )]
    Over { parent: String, made: u64, steps: u64 },
    #[error("a run cannot take the place of {}, at whose checkpoint it is to begin; choose another --out", run.display())]
    Itself { run: PathBuf },
}

/// What to type to go on differently.
pub(super) fn fork(run: &Path, difference: Option<&Difference>) -> String {
    let set = difference.and_then(|Difference { key, new, .. }| Some(format!("{key}={}", new.as_ref()?)));
    let set = set.as_deref().unwrap_or("KEY=VALUE");
    text::command(&["train", "--from", &run.display().to_string(), "--set", set])
}

/// The run's plan as a spec, every default pinned to what it was when the run began, and what is asked on top.
///
/// Whatever is asked for must agree with the plan, apart from the number of steps.
pub(super) fn pinned(train: &Train, folder: &RunFolder) -> Result<RunSpec, Failure> {
    let mut old = known_plan(folder)?;
    for about in [SESSION, ORIGIN] {
        old.remove(about);
    }
    let asked = leaves(&asked(train)?);
    let differing = asked.iter().find_map(|(key, new)| differs(&old, key, new));
    if let Some(difference) = differing.map(Box::new) {
        return Err(Failure::request(Misfit::Plan { run: folder.path().to_owned(), difference }));
    }
    let origin = folder.path().join("plan.toml").display().to_string();
    let mut spec = RunSpec::parse(&old.to_string(), &origin).map_err(Failure::request)?;
    // An empty table only asks to be there, and it is.
    let values = asked.iter().filter(|(_, value)| !value.is_table());
    let assignments: Vec<String> = values.map(|(key, value)| format!("{key}={value}")).collect();
    spec::apply(&mut spec, &assignments).map_err(Failure::request)?;
    if train.keep_schedule {
        let kept = format!("{SCHEDULE_STEPS}={}", schedule_steps(&old));
        spec.set(&kept).map_err(Failure::request)?;
    }
    Ok(spec)
}

/// A run's plan as it is meant today: classes were asked for evenly before there was a choice.
pub(super) fn known_plan(folder: &RunFolder) -> Result<Table, Failure> {
    let mut plan = folder.plan().map_err(Failure::request)?;
    let conditioning = plan.get_mut(REMEDIES).and_then(|remedies| remedies.get_mut("class-conditioning"));
    if let Some(Value::Table(fields)) = conditioning {
        fields.entry("labels").or_insert_with(|| "even".into());
    }
    Ok(plan)
}

/// The step after which the schedules of a plan stay as they are.
pub(super) fn schedule_steps(plan: &Table) -> u64 {
    let of = |key: &str| plan.get(key).and_then(Value::as_integer).filter(|n| *n > 0);
    of(SCHEDULE_STEPS).or_else(|| of(STEPS)).map_or(0, i64::unsigned_abs)
}

/// The first value of a run's spec that is not the one the run was planned with.
pub(super) fn edited(folder: &RunFolder) -> Result<Option<Misfit>, Failure> {
    let plan = folder.plan().map_err(Failure::request)?;
    let written: Table =
        folder.spec().map_err(Failure::request)?.source().parse().map_err(Failure::request)?;
    let differing = leaves(&written).iter().find_map(|(key, new)| {
        let known =
            key.split('.').try_fold(&Value::Table(plan.clone()), |value, name| value.get(name)).is_some();
        match known {
            true => unlike(&plan, key, new),
            false => Some(Difference { key: key.clone(), old: None, new: Some(new.clone()) }),
        }
    });
    let difference = differing.map(Box::new);
    // What was taken out shows in the sum alone.
    let before = plan.get(ORIGIN).and_then(|origin| origin.get(SPEC)?.as_str());
    let is_other = before.is_some_and(|before| before != spec_sum(&written));
    let run = folder.path().to_owned();
    Ok((difference.is_some() || is_other).then_some(Misfit::Edited { run, difference }))
}

/// The key of the origin by which an edited spec is told.
pub(super) const SPEC: &str = "spec_sum";

/// The sum of all that a spec writes, whatever its order and its comments.
pub(super) fn spec_sum(spec: &Table) -> String {
    let mut lines: Vec<String> =
        leaves(spec).iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    lines.sort();
    sum(lines.concat().as_bytes())
}

/// The spec that takes the place of the folder's: the same, with as many steps as are wanted now.
pub(super) fn renewed(folder: &RunFolder, plan: &Table) -> Result<String, SpecError> {
    let mut spec = folder.spec()?;
    let before: Table = folder.plan().unwrap_or_default();
    for key in [STEPS, SCHEDULE_STEPS] {
        let (old, new) =
            (before.get(key).and_then(Value::as_integer), plan.get(key).and_then(Value::as_integer));
        if let Some(new) = new.filter(|new| *new != old.unwrap_or_default()) {
            spec.set(&format!("{key}={new}"))?;
        }
    }
    Ok(spec.source())
}

/// What the command line asks for: a spec if it names one, without its number of steps, and the assignments.
fn asked(train: &Train) -> Result<Table, Failure> {
    let mut spec = match &train.spec {
        Some(asked) => {
            let mut spec = spec::find(asked)?;
            // How far the run goes is its own, unless it is asked for by itself.
            let steps = Dropped { key: STEPS.to_owned(), value: String::new() };
            spec.discard(&[steps]);
            spec
        }
        None => RunSpec::parse("", "the command line").map_err(Failure::request)?,
    };
    spec::apply(&mut spec, &train.assignments()).map_err(Failure::request)?;
    spec.source().parse().map_err(Failure::request)
}

/// The values of a table and of those in it, by their dotted names; an empty table counts as a value.
fn leaves(table: &Table) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (name, value) in table {
        match value {
            Value::Table(inner) if !inner.is_empty() => {
                found.extend(leaves(inner).into_iter().map(|(key, value)| (format!("{name}.{key}"), value)));
            }
            value => found.push((name.clone(), value.clone())),
        }
    }
    found
}

/// How a value differs from the plan's, apart from the steps. A key the plan does not know is left for the plan to refuse,
/// unless it would turn on what was off: a plan holds only the remedies and scores that are on.
fn differs(plan: &Table, key: &str, new: &Value) -> Option<Difference> {
    unlike(plan, key, new).filter(|_| key != STEPS)
}

fn unlike(plan: &Table, key: &str, new: &Value) -> Option<Difference> {
    let mut names = key.split('.');
    let first = names.next()?;
    let old = names.fold(plan.get(first), |value, name| value?.get(name));
    let same = match (old, new) {
        (None, _) => !ON_IF_WRITTEN.contains(&first),
        // A plan holds 1.0 where a person writes 1.
        (Some(Value::Float(old)), Value::Integer(new)) => *old == *new as f64,
        // Only empty tables come here.
        (Some(Value::Table(_)), Value::Table(_)) => true,
        (Some(old), new) => old == new,
    };
    (!same).then(|| Difference { key: key.to_owned(), old: old.cloned(), new: Some(new.clone()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: &str, expected: Option<&str>) {
        let plan: Table =
            "steps = 10\nbatch = 8\n[update]\nlr = 1.0\nbetas = [1, 2]\n[remedies.r1]\ngamma = 1.0"
                .parse()
                .unwrap();
        let asked: Table = asked.parse().unwrap();
        let found = leaves(&asked).iter().find_map(|(key, new)| differs(&plan, key, new));
        assert_eq!(found.map(|difference| difference.to_string()).as_deref(), expected);
    }

    #[test]
    fn what_is_asked_must_agree_with_the_plan() {
        check("", None);
        check("steps = 20\nbatch = 8\nupdate.lr = 1\nupdate.betas = [1, 2]", None);
        check("batch = 9", Some("batch was 8 and is now 9"));
        check("[update]\nlr = 2", Some("update.lr was 1.0 and is now 2"));
        check("[update]\nbetas = [1]", Some("update.betas was [1, 2] and is now [1]"));
        check("unknown = 1\nupdate.other = 2", None);
        check("[remedies.r1]\ngamma = 1", None);
        check("[remedies.r1]", None);
        check("[scores.fid]", Some("scores.fid was not there and is now {}"));
        check("[remedies.r2]", Some("remedies.r2 was not there and is now {}"));
        check("remedies.r2.gamma = 1", Some("remedies.r2.gamma was not there and is now 1"));
    }
}
