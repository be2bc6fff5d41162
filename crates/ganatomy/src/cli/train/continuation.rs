//! The spec of a run that goes on: what it was, and what may change.

use std::path::PathBuf;

use ganatomy_record::{Difference, RunFolder, RunSpec, SpecError};
use toml::{Table, Value};

use super::Train;
use super::plan::SESSION;
use crate::cli::failure::Failure;
use crate::cli::spec;

/// The one field a resume may change.
const STEPS: &str = "steps";
/// The table whose entries are on if they are written.
const REMEDIES: &str = "remedies";

/// A request that does not fit the run it is to go on with.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misfit {
    #[error("{} cannot be resumed with another spec: {difference}; start a new run for that", run.display())]
    Plan { run: PathBuf, difference: Box<Difference> },
    #[error("{} has made {made} steps already, so steps must be at least {made}, found {steps}", run.display())]
    Steps { run: PathBuf, made: u64, steps: u64 },
}

/// The run's plan as a spec, every default pinned to what it was when the run began, and what is asked on top.
///
/// Whatever is asked for must agree with the plan, apart from the number of steps.
pub(super) fn pinned(train: &Train, folder: &RunFolder) -> Result<RunSpec, Failure> {
    let mut old = folder.plan().map_err(Failure::request)?;
    old.remove(SESSION);
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
    Ok(spec)
}

/// The spec that takes the place of the folder's: the same, with as many steps as are wanted now.
pub(super) fn renewed(folder: &RunFolder, steps: u64) -> Result<String, SpecError> {
    let mut spec = folder.spec()?;
    let before: Option<Table> = folder.plan().ok();
    let as_before = before.and_then(|plan| plan.get(STEPS)?.as_integer()) == i64::try_from(steps).ok();
    if !as_before {
        spec.set(&format!("{STEPS}={steps}"))?;
    }
    Ok(spec.source())
}

/// What the command line asks for: a spec if it names one, and the assignments.
fn asked(train: &Train) -> Result<Table, Failure> {
    let mut spec = match &train.spec {
        Some(asked) => spec::find(asked)?,
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

/// How a value differs from the plan's. A key the plan does not know is left for the plan to refuse, unless it would turn
/// on what was off: a plan holds only the remedies that are on.
fn differs(plan: &Table, key: &str, new: &Value) -> Option<Difference> {
    let mut names = key.split('.');
    let first = names.next()?;
    let old = names.fold(plan.get(first), |value, name| value?.get(name));
    let same = match (old, new) {
        (None, _) => first != REMEDIES,
        // A plan holds 1.0 where a person writes 1.
        (Some(Value::Float(old)), Value::Integer(new)) => *old == *new as f64,
        // Only empty tables come here.
        (Some(Value::Table(_)), Value::Table(_)) => true,
        (Some(old), new) => old == new,
    };
    let difference = || Difference { key: key.to_owned(), old: old.cloned(), new: Some(new.clone()) };
    (!same && key != STEPS).then(difference)
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
        check("[remedies.r2]", Some("remedies.r2 was not there and is now {}"));
        check("remedies.r2.gamma = 1", Some("remedies.r2.gamma was not there and is now 1"));
    }
}
