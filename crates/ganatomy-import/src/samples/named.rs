//! Which pictures of a folder hold samples, and which step each is of.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::clock::{self, Clock};
use crate::error::ImportError;
use crate::imported::Imported;
use crate::settle::Unit;

/// Endings of pictures.
const ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"];
/// Folders in folders that are looked into.
const DEEPEST: usize = 3;
/// No step is as large.
const LAST: u64 = 1 << 48;
/// Words of kinds of pictures that are made, and of those that are not.
const MADE: [&str; 5] = ["fake", "gen", "sample", "synth", "ema"];
const REAL: [&str; 8] = ["real", "rec", "idt", "input", "target", "truth", "orig", "loss"];

/// The pictures of a folder that hold samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// The pictures of each step, as the log counts them, steps ascending.
    pub steps: Vec<(u64, Vec<PathBuf>)>,
    /// Do their names count epochs alone?
    pub are_epochs: bool,
    /// What a person should know, one sentence each.
    pub notes: Vec<String>,
}

/// A picture, and what its name says.
#[derive(Clone, Debug)]
struct Named {
    path: PathBuf,
    /// The name with its numbers left out.
    kind: String,
    clock: Clock,
    numbers: Vec<u64>,
}

/// Where a picture stands in training.
type At = (Option<u64>, Option<u64>);

/// The pictures of a folder by step, as a log counts it.
///
/// A step stands in a picture's name (`fakes_epoch_003.png`, `00012.png`) or in that of its folder (`step_500/7.png`).
///
/// # Errors
/// A folder that cannot be read, holds no picture, or pictures without steps in their names.
pub fn pictures(folder: &Path, log: &Imported) -> Result<Pictures, ImportError> {
    let mut files = Vec::new();
    list(folder, DEEPEST, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(ImportError::NoPictures { path: folder.to_owned() });
    }
    let all: Vec<Named> = files.into_iter().map(|path| named(folder, path)).collect();
    let example = all[0].path.clone();
    let mut notes = Vec::new();
    let chosen = of_one_kind(all, &mut notes);
    let placed = placed(&chosen);
    if placed.iter().map(|one| one.0).collect::<BTreeSet<_>>().len() < 2 {
        return Err(ImportError::NoSteps { path: folder.to_owned(), example });
    }
    let are_epochs = placed.iter().all(|(at, _)| at.0.is_some() && at.1.is_none());
    let scale = Scale::of(&placed, log);
    notes.extend(scale.note(&placed));
    let mut steps: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
    for (at, path) in placed {
        steps.entry(scale.step(at)).or_default().push(path);
    }
    Ok(Pictures { steps: steps.into_iter().collect(), are_epochs, notes })
}

fn list(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) -> Result<(), ImportError> {
    let failed = ImportError::read(folder);
    for entry in fs::read_dir(folder).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
            continue;
        }
        if path.is_dir() {
            if deep > 0 {
                list(&path, deep - 1, files)?;
            }
        } else if path
            .extension()
            .is_some_and(|end| ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known)))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn named(root: &Path, path: PathBuf) -> Named {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let above = path.parent().filter(|parent| *parent != root).and_then(Path::file_name);
    let above = above.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Numbers of pictures in a folder of one step count samples.
    let by_folder = words(&stem) == Clock::default() && !numbers(&above).is_empty();
    let text = if by_folder { above } else { stem };
    let kind = text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>().to_lowercase();
    Named { path, kind, clock: words(&text), numbers: numbers(&text) }
}

/// What words in a name say: `epoch_003`, `iter-200`.
fn words(name: &str) -> Clock {
    let mut text = "of ".to_owned();
    let mut before = ' ';
    for c in name.chars() {
        let c = if c.is_alphanumeric() { c } else { ' ' };
        if c.is_ascii_digit() != before.is_ascii_digit() {
            text.push(' ');
        }
        text.push(c);
        before = c;
    }
    clock::find(text.as_bytes(), &mut false)
}

fn numbers(name: &str) -> Vec<u64> {
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers.filter(|number| *number < LAST).collect()
}

/// The pictures of one kind: a folder may hold real ones and others beside those that are made.
fn of_one_kind(all: Vec<Named>, notes: &mut Vec<String>) -> Vec<Named> {
    let mut kinds: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    for one in all.into_iter().filter(|one| !one.numbers.is_empty()) {
        kinds.entry(one.kind.clone()).or_default().push(one);
    }
    let has = |kind: &str, words: &[&str]| words.iter().any(|word| kind.contains(word));
    let rank = |kind: &str| (has(kind, &MADE), !has(kind, &REAL));
    let n_kinds = kinds.len();
    let best = kinds.into_iter().rev().max_by_key(|(kind, some)| (rank(kind), some.len()));
    let chosen = best.map(|(_, some)| some).unwrap_or_default();
    if let Some(one) = chosen.first().filter(|_| n_kinds > 1) {
        let name = one.path.file_name().unwrap_or_default().to_string_lossy();
        notes.push(format!(
            "pictures of {n_kinds} kinds stand there: those named like {name} are read as samples"
        ));
    }
    chosen
}

/// Where each picture stands: by words, else by the numbers that are not the same in all names.
fn placed(all: &[Named]) -> Vec<(At, PathBuf)> {
    let is_told = all.iter().all(|one| one.clock.epoch.is_some() || one.clock.step.is_some());
    let most = all.iter().map(|one| one.numbers.len()).min().unwrap_or(0);
    let varies = |i: &usize| all.iter().any(|one| one.numbers[*i] != all[0].numbers[*i]);
    let varying: Vec<usize> = (0..most).filter(varies).collect();
    let at = |one: &Named| match varying[..] {
        _ if is_told => (one.clock.epoch, one.clock.step),
        [] => (None, None),
        [only] => (None, Some(one.numbers[only])),
        [first, second, ..] => (Some(one.numbers[first]), Some(one.numbers[second])),
    };
    all.iter().map(|one| (at(one), one.path.clone())).collect()
}

/// How the pictures' steps become those of the log.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scale {
    /// They are those.
    Same,
    /// Epochs of so many steps, and the first epoch's number; a picture without a step is of the end of its epoch.
    Epochs(u64, u64),
    /// The last picture is taken to be of the log's last step: so much is counted for one, over so much.
    Stretched(u64, u64),
}

impl Scale {
    fn of(placed: &[(At, PathBuf)], log: &Imported) -> Scale {
        let has = |part: fn(&At) -> bool| placed.iter().all(|one| part(&one.0));
        let most =
            |part: fn(&At) -> Option<u64>| placed.iter().filter_map(|one| part(&one.0)).max().unwrap_or(0);
        let first = placed.iter().filter_map(|one| one.0.0).min().unwrap_or(0).min(1);
        let per = log.per_epoch;
        let last = log.last_step();
        if has(|at| at.0.is_some() && at.1.is_some()) {
            return match per {
                Some((per, first)) => Scale::Epochs(per, first),
                None => Scale::Epochs(most(|at| at.1) + 1, first),
            };
        }
        let is_epochs = has(|at| at.0.is_some());
        let top = most(|at| at.0.or(at.1));
        match per {
            Some((per, first)) if is_epochs || top <= last / per + 1 => Scale::Epochs(per, first),
            _ if last == 0 || is_epochs && log.unit == Unit::Epoch => Scale::Same,
            // Without a word their numbers are those of the log, if they reach as far.
            _ if !is_epochs && (last / 2..=last + last / 2).contains(&top) => Scale::Same,
            _ => Scale::Stretched(last, top.max(1)),
        }
    }

    fn step(self, (epoch, step): At) -> u64 {
        let only = step.or(epoch).unwrap_or(0);
        match self {
            Scale::Same => only,
            Scale::Epochs(per, first) => match (epoch, step) {
                (Some(epoch), Some(step)) => {
                    epoch.saturating_sub(first).saturating_mul(per).saturating_add(step)
                }
                _ => (only + 1).saturating_sub(first).saturating_mul(per),
            },
            Scale::Stretched(last, top) => (u128::from(only) * u128::from(last) / u128::from(top)) as u64,
        }
    }

    fn note(self, placed: &[(At, PathBuf)]) -> Option<String> {
        match self {
            Scale::Same => None,
            Scale::Epochs(per, _) => Some(format!("the pictures' epochs are counted as {per} steps each")),
            Scale::Stretched(last, top) => Some(format!(
                "the {} pictures count to {top} and the log to {last}: the last picture is taken to be of the last step",
                placed.len()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps of pictures of these names beside a log of 100 steps, of which none counts epochs.
    fn check(names: &[&str], expected: &[(u64, usize)]) {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = pictures(folder.path(), &Imported::empty());
        let steps: Vec<(u64, usize)> = match &found {
            Ok(found) => found.steps.iter().map(|(step, files)| (*step, files.len())).collect(),
            Err(_) => Vec::new(),
        };
        assert_eq!(steps, expected, "{names:?}: {found:?}");
    }

    #[test]
    fn a_step_stands_in_a_name_or_in_that_of_the_folder() {
        check(
            &["fake_samples_epoch_000.png", "fake_samples_epoch_001.png", "real_samples.png"],
            &[(0, 1), (1, 1)],
        );
        check(&["sample-1200.png", "sample-200.png"], &[(200, 1), (1200, 1)]);
        check(&["00012.png", "00007.PNG", "notes.txt"], &[(7, 1), (12, 1)]);
        check(&["fakes000200.png", "fakes000400.png", "reals.png"], &[(200, 1), (400, 1)]);
        check(&["step_500/0.png", "step_500/1.png", "step_1000/0.png"], &[(500, 2), (1000, 1)]);
        check(&["64x64_it10.png", "64x64_it20.png"], &[(10, 1), (20, 1)]);
        check(&["run2_10.png", "run2_30.png"], &[(10, 1), (30, 1)]);
        check(
            &["train_00_0050.png", "train_00_0099.png", "train_01_0050.png"],
            &[(50, 1), (99, 1), (150, 1)],
        );
        check(
            &["epoch001_fake_A.png", "epoch001_real_A.png", "epoch002_fake_A.png", "epoch002_real_A.png"],
            &[(1, 1), (2, 1)],
        );
        check(&["a.png", "b.png"], &[]);
        check(&["18446744073709551615.png", "3.png"], &[]);
        check(&["fake_1.png"], &[]);
        check(&["notes.txt"], &[]);
    }

    #[test]
    fn pictures_count_as_the_log_does() {
        let at = |steps: &[At]| steps.iter().map(|at| (*at, PathBuf::new())).collect::<Vec<_>>();
        let log = |unit, last: u64, per_epoch| {
            let mut log = Imported { unit, per_epoch, ..Imported::empty() };
            log.series.insert("discriminator/loss".to_owned(), vec![(last, 1.0)]);
            log
        };
        let check = |steps: &[At], log: &Imported, expected: &[u64]| {
            let scale = Scale::of(&at(steps), log);
            let found: Vec<u64> = steps.iter().map(|at| scale.step(*at)).collect();
            assert_eq!(found, expected, "{scale:?}");
        };
        let epochs = [(Some(0), None), (Some(24), None)];
        check(&epochs, &log(Unit::Iteration, 9775, Some((391, 0))), &[391, 9775]);
        check(&epochs, &log(Unit::Epoch, 24, None), &[0, 24]);
        check(&epochs, &log(Unit::Iteration, 9600, None), &[0, 9600]);
        let bare = [(None, Some(1)), (None, Some(25))];
        check(&bare, &log(Unit::Iteration, 9775, Some((391, 1))), &[391, 9775]);
        check(&[(None, Some(500)), (None, Some(9500))], &log(Unit::Iteration, 9775, None), &[500, 9500]);
    }
}
