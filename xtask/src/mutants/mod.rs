//! `cargo xtask mutants`: puts one mistake at a time into a copy of the code, and tells which the tests do not notice.

mod list;
mod scratch;
mod tests_of;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Trouble;
use list::Mistake;
use scratch::{Ran, Scratch};

const USAGE: &str = "takes the names of lists in xtask/mistakes (all where none is named), \
                     and perhaps --only N for the N-th of them, --quick for the narrow tests alone";

/// What the tests said of a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// A test failed: the command that noticed.
    Noticed(String),
    /// The compiler refused it: no mistake that could be made.
    NotBuilt,
    /// Every test passed.
    Survived,
}

/// Tries each mistake of the lists, and prints those that no test noticed.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Trouble> {
    let asked = Asked::of(arguments)?;
    let mistakes = list::read(&root.join("xtask/mistakes"), &asked.lists)?;
    let chosen: Vec<(usize, &Mistake)> =
        mistakes.iter().enumerate().filter(|(n, _)| asked.only.is_none_or(|only| only == n + 1)).collect();
    if chosen.is_empty() {
        return Err(Trouble::Request(format!("there are {} mistakes: {USAGE}", mistakes.len())));
    }
    // Every mistake must be one before hours are spent.
    chosen.iter().try_for_each(|(_, mistake)| mistake.applied(root).map(|_| ()))?;
    let scratch = Scratch::make(root, &root.join("target/mutants"))?;
    without(&scratch, &chosen, asked.quick)?;
    let began = Instant::now();
    let (mut noticed, mut built, mut survivors) = (0, 0, Vec::<&Mistake>::new());
    for (done, (n, mistake)) in chosen.iter().enumerate() {
        let outcome = tried(root, &scratch, mistake, asked.quick)?;
        let left = began.elapsed().mul_f64((chosen.len() - done - 1) as f64 / (done + 1) as f64);
        println!("{:>4}/{} {} {} ({} left)", n + 1, mistakes.len(), mistake, said(&outcome), minutes(left));
        built += usize::from(outcome != Outcome::NotBuilt);
        noticed += usize::from(matches!(outcome, Outcome::Noticed(_)));
        survivors.extend((outcome == Outcome::Survived).then_some(*mistake));
    }
    println!("\n{noticed} of {built} were noticed");
    survivors.iter().for_each(|mistake| println!("survived: {mistake}"));
    match survivors.len() {
        0 if built > 0 => Ok(()),
        0 => Err(Trouble::Failed("none of the mistakes builds".to_owned())),
        n => Err(Trouble::Failed(format!("{n} survived"))),
    }
}

/// Without a mistake the tests must pass, and what they need is built.
fn without(scratch: &Scratch, chosen: &[(usize, &Mistake)], quick: bool) -> Result<(), String> {
    let rounds: BTreeSet<String> =
        chosen.iter().flat_map(|(_, mistake)| tests_of::file(&mistake.file, quick)).collect();
    for arguments in rounds {
        if scratch.run(&arguments)? != Ran::Passed {
            return Err(format!("without any mistake, this fails already: cargo {arguments}"));
        }
    }
    Ok(())
}

/// One mistake's way through the tests: narrow ones first, and all at last.
fn tried(root: &Path, scratch: &Scratch, mistake: &Mistake, quick: bool) -> Result<Outcome, String> {
    scratch.write(&mistake.file, &mistake.applied(root)?)?;
    let mut outcome = Outcome::Survived;
    for arguments in tests_of::file(&mistake.file, quick) {
        outcome = match scratch.run(&arguments)? {
            Ran::Passed => continue,
            Ran::Failed => Outcome::Noticed(arguments),
            Ran::NotBuilt => Outcome::NotBuilt,
        };
        break;
    }
    scratch.restore(&mistake.file)?;
    Ok(outcome)
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Noticed(by) => format!("noticed by {by}"),
        Outcome::NotBuilt => "does not build".to_owned(),
        Outcome::Survived => "SURVIVED".to_owned(),
    }
}

fn minutes(time: Duration) -> String {
    format!("{} min", time.as_secs().div_ceil(60))
}

/// What the arguments ask for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    lists: Vec<PathBuf>,
    only: Option<usize>,
    quick: bool,
}

impl Asked {
    fn of(arguments: &[String]) -> Result<Asked, Trouble> {
        let mut asked = Asked::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => asked.quick = true,
                "--only" => {
                    let n = arguments.next().and_then(|n| n.parse().ok()).filter(|&n: &usize| n > 0);
                    asked.only = Some(n.ok_or_else(|| Trouble::Request(USAGE.to_owned()))?);
                }
                name if name.starts_with('-') => {
                    return Err(Trouble::Request(format!("{USAGE}; found {name}")));
                }
                name => asked.lists.push(format!("{name}.toml").into()),
            }
        }
        Ok(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_name_lists_and_one_of_their_mistakes() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let asked = Asked::of(&words("tensor game --only 3 --quick")).unwrap();
        let lists = vec![PathBuf::from("tensor.toml"), PathBuf::from("game.toml")];
        assert_eq!(asked, Asked { lists, only: Some(3), quick: true });
        for wrong in ["--only", "--only 0", "--only x", "--fast"] {
            assert!(Asked::of(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
