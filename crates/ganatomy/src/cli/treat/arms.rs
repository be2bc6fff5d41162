//! What is tried: the remedies of what is wrong, or what is asked for, as arms of a study.

use std::collections::BTreeSet;

use ganatomy_clinic::{cures, is_well};
use ganatomy_record::nearest;
use ganatomy_study::Arm as StudyArm;
use ganatomy_train::recipe;

use super::patient::Patient;
use crate::cli::failure::Failure;
use crate::cli::mend::{Mend, is_another_command};

/// Arms that a treatment may have.
const MOST_ARMS: usize = 20;
/// The name of the arm that goes on as it was.
pub(super) const CONTROL: &str = "untreated";

/// What an arm is called that begins at the first step, behind the name of its remedy.
const ANEW: &str = "anew";

/// One of the things tried.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arm {
    pub(super) name: String,
    /// What is typed after `ganatomy train`.
    pub(super) change: String,
    /// Does it begin at the first step, though others are forked?
    pub(super) anew: bool,
}

impl Arm {
    fn new(name: String, change: String) -> Arm {
        Arm { name, change, anew: false }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Untried {
    #[error(
        "nothing that may mend {verdict} can be tried by a fork of {run}; ganatomy diagnose {run} says what can be done, and --remedies tries what you name"
    )]
    Nothing { verdict: String, run: String },
    #[error(
        "there is no remedy \"{asked}\"{}; those of verdicts are {known}, and KEY=VALUE changes a field",
        hint.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
    )]
    Unknown { asked: String, hint: Option<String>, known: String },
    #[error("the remedy {asked} does not go with {run}: {why}")]
    Misfit { asked: String, run: String, why: String },
    #[error("--remedies names {asked} twice")]
    Twice { asked: String },
    #[error("--remedies must name at most {MOST_ARMS}, found {found}")]
    Many { found: usize },
}

/// The remedies of all that is wrong, those of the gravest first and of each verdict in turn; the first two that go together; and
/// of forks the first of all from the first step on, since what is broken may not mend.
pub(super) fn suggested(
    patient: &Patient,
    mend: &Mend,
    most: u64,
    forked: bool,
) -> Result<Vec<Arm>, Failure> {
    let most = (most as usize).min(MOST_ARMS);
    let sick = patient.found.verdicts.iter().filter(|finding| !is_well(finding.name));
    let mut lists: Vec<Vec<Arm>> = sick
        .map(|finding| {
            let fitting = finding
                .remedies
                .iter()
                .filter(|remedy| can_be_tried(&remedy.change) && mend.fits(&remedy.change));
            fitting.map(|remedy| Arm::new(remedy.name.to_owned(), remedy.change.clone())).collect()
        })
        .collect();
    let mut arms: Vec<Arm> = Vec::new();
    while arms.len() < most && lists.iter().any(|list| !list.is_empty()) {
        for list in lists.iter_mut().filter(|list| !list.is_empty()) {
            let arm = list.remove(0);
            let is_new = arms.iter().all(|known| known.name != arm.name && known.change != arm.change);
            if is_new && arms.len() < most {
                arms.push(arm);
            }
        }
    }
    if arms.is_empty() {
        let verdict = patient.gravest().map(|finding| finding.name.to_owned()).unwrap_or_default();
        let run = patient.folder.path().display().to_string();
        return Err(Failure::request(Untried::Nothing { verdict, run }));
    }
    let pairs = (1..arms.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let both = pairs.filter_map(|(a, b)| together(&arms[a], &arms[b])).find(|both| mend.fits(&both.change));
    let first = &arms[0];
    let anew = Arm { name: format!("{}-{ANEW}", first.name), change: first.change.clone(), anew: true };
    arms.extend(both);
    arms.extend(forked.then_some(anew));
    Ok(arms)
}

/// The place of an arm that begins anew by its name though the one that it repeats cannot but begin anew.
pub(super) fn doubled(arms: &[StudyArm]) -> Option<usize> {
    let is_anew = |arm: &StudyArm| arm.fork.as_ref().is_some_and(|fork| fork.anew);
    let behind = format!("-{ANEW}");
    let first = |name: &str| arms.iter().find(|arm| Some(arm.name.as_str()) == name.strip_suffix(&behind));
    arms.iter().position(|arm| first(&arm.name).is_some_and(is_anew))
}

/// Is it a change that runs on the same data can be compared by?
fn can_be_tried(change: &str) -> bool {
    !is_another_command(change) && fields(change).all(|field| !field.starts_with("data."))
}

/// The fields that a change sets, and the methods that it lays over.
fn fields(change: &str) -> impl Iterator<Item = &str> {
    change
        .split_whitespace()
        .filter(|word| !word.starts_with("--"))
        .map(|word| word.split('=').next().unwrap_or(word))
}

/// Two changes that act on different causes, as one: where they set nothing alike.
fn together(a: &Arm, b: &Arm) -> Option<Arm> {
    let own: BTreeSet<&str> = fields(&a.change).collect();
    let is_method = |arm: &Arm| arm.change.contains("--with ");
    if is_method(a) || is_method(b) || fields(&b.change).any(|field| own.contains(field)) {
        return None;
    }
    Some(Arm::new(format!("{}+{}", a.name, b.name), format!("{} {}", a.change, b.change)))
}

/// What is asked for by name.
pub(super) fn arms(asked: &[String], patient: &Patient, mend: &Mend) -> Result<Vec<Arm>, Failure> {
    if asked.len() > MOST_ARMS {
        return Err(Failure::request(Untried::Many { found: asked.len() }));
    }
    let mut arms: Vec<Arm> = Vec::new();
    for asked in asked {
        let arm = arm(asked, patient)?;
        if let Some(why) = mend.misfit(&arm.change) {
            let run = patient.folder.path().display().to_string();
            return Err(Failure::request(Untried::Misfit { asked: asked.clone(), run, why }));
        }
        if arms.iter().any(|known| known.name == arm.name) {
            return Err(Failure::request(Untried::Twice { asked: asked.clone() }));
        }
        arms.push(arm);
    }
    Ok(arms)
}

/// One that is asked for: a cure, a method, or an assignment.
fn arm(asked: &str, patient: &Patient) -> Result<Arm, Failure> {
    let name = |name: &str| {
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+') { c } else { '-' };
        name.chars().map(plain).take(60).collect::<String>().trim_matches('.').to_owned()
    };
    if asked.contains('=') {
        return Ok(Arm::new(name(asked), format!("--set {asked}")));
    }
    let known: Vec<_> = cures().into_iter().filter(|cure| can_be_tried(cure.usual)).collect();
    if let Some(cure) = known.iter().find(|cure| cure.name == asked) {
        let change =
            cure.remedy(&patient.chart.facts).map_or_else(|| cure.usual.to_owned(), |remedy| remedy.change);
        return Ok(Arm::new(name(asked), change));
    }
    if recipe::methods().contains(&asked) {
        return Ok(Arm::new(name(asked), format!("--with {asked}")));
    }
    let names: Vec<&str> = known.iter().map(|cure| cure.name).collect();
    let all = names.iter().copied().chain(recipe::methods());
    let hint = nearest(asked, all).map(str::to_owned);
    Err(Failure::request(Untried::Unknown { asked: asked.to_owned(), hint, known: names.join(", ") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: Option<&str>) {
        let arm = |name: &str, change: &str| Arm::new(name.to_owned(), change.to_owned());
        let both = together(&arm("a", a), &arm("b", b));
        assert_eq!(both.as_ref().map(|both| both.change.as_str()), expected, "{a} {b}");
        assert!(both.is_none_or(|both| both.name == "a+b"));
    }

    #[test]
    fn changes_of_different_fields_go_together() {
        check("--set a=1", "--set b.c=2", Some("--set a=1 --set b.c=2"));
        check("--set a=1 --set b=1", "--set b=2", None);
        check("--with r3gan", "--set b=2", None);
    }

    #[test]
    fn what_changes_the_data_or_is_another_command_is_not_tried() {
        let tried =
            ["--set data.held_out=0.1", "sample RUN --best", "--with r3gan", "--set remedies.r1.gamma=1"];
        assert_eq!(tried.map(can_be_tried), [false, false, true, true]);
    }
}
