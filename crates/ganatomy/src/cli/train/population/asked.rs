//! Which runs a population has: seeds by the values of `--over`, each in a folder of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::cli::train::Train;

/// What a population's folder says of its runs.
pub(super) const MANIFEST: &str = "population.json";
/// Runs of one population at most.
const MOST: usize = 10_000;

/// One run of a population.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::cli) struct Member {
    /// Its folder, in the population's.
    pub(in crate::cli) folder: String,
    /// What is set in its spec, as the first run's is otherwise.
    pub(in crate::cli) set: Vec<String>,
}

/// The runs of a population, as they are kept in its folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::cli) struct Manifest {
    pub(in crate::cli) members: Vec<Member>,
}

#[derive(Debug, thiserror::Error)]
enum Unclear {
    #[error("--over is written KEY=A,B,C, such as generator.update.lr=1e-4,1e-3, found {0}")]
    Over(String),
    #[error("--over names {0} twice")]
    Twice(String),
    #[error(
        "--over seed=... says which seeds are played, and so does --population {0}; leave one of them out"
    )]
    Seeds(u64),
    #[error("a population has {MOST} runs at most, and --population with --over asks for {0}")]
    Many(usize),
    #[error("{} is damaged: {why}", path.display())]
    Damaged { path: PathBuf, why: String },
}

/// One `--over`: a key and its values.
struct Over {
    key: String,
    values: Vec<String>,
}

impl Over {
    fn read(text: &str) -> Result<Over, Failure> {
        let unclear = || Failure::request(Unclear::Over(text.to_owned()));
        let (key, values) = text.split_once('=').ok_or_else(unclear)?;
        let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
        match key.trim().is_empty() || values.iter().any(String::is_empty) {
            true => Err(unclear()),
            false => Ok(Over { key: key.trim().to_owned(), values }),
        }
    }
}

/// The values of `--over`, all combined, in the order that they were asked for.
pub(super) fn settings(train: &Train) -> Result<Vec<Vec<String>>, Failure> {
    let over: Vec<Over> = train.over.iter().map(|text| Over::read(text)).collect::<Result<_, _>>()?;
    let mut keys = BTreeSet::new();
    if let Some(twice) = over.iter().find(|over| !keys.insert(&over.key)) {
        return Err(Failure::request(Unclear::Twice(twice.key.clone())));
    }
    if let (true, Some(n)) = (keys.iter().any(|key| *key == SEED), train.population) {
        return Err(Failure::request(Unclear::Seeds(n)));
    }
    let n = over.iter().map(|over| over.values.len()).chain(train.population.map(|n| n as usize));
    let n = n.fold(1usize, usize::saturating_mul);
    if n > MOST {
        return Err(Failure::request(Unclear::Many(n)));
    }
    let mut all = vec![Vec::new()];
    for Over { key, values } in &over {
        let with = |set: &Vec<String>, value: &String| [set.clone(), vec![format!("{key}={value}")]].concat();
        all = all.iter().flat_map(|set| values.iter().map(move |value| with(set, value))).collect();
    }
    Ok(all)
}

/// Of each setting the seeds from this one on, unless the settings say which.
pub(super) fn seeded(train: &Train, settings: Vec<Vec<String>>, seed: u64) -> Vec<Vec<String>> {
    if settings.iter().flatten().any(|set| set.split_once('=').is_some_and(|(key, _)| key == SEED)) {
        return settings;
    }
    let seeds =
        || (0..train.population.unwrap_or(1)).map(|nth| format!("{SEED}={}", seed.saturating_add(nth)));
    settings.into_iter().flat_map(|set| seeds().map(move |seed| [set.clone(), vec![seed]].concat())).collect()
}

/// The field of the seed.
const SEED: &str = "seed";

impl Manifest {
    /// Runs in folders 1, 2, ..., as wide as the last.
    pub(super) fn new(settings: Vec<Vec<String>>) -> Manifest {
        let width = settings.len().to_string().len().max(2);
        let member = |(at, set)| Member { folder: format!("{:0width$}", at + 1), set };
        Manifest { members: settings.into_iter().enumerate().map(member).collect() }
    }

    /// What a folder says, if it is that of a population.
    pub(in crate::cli) fn of(folder: &Path) -> Result<Option<Manifest>, Failure> {
        let path = folder.join(MANIFEST);
        let damaged = |why: String| Failure::request(Unclear::Damaged { path: path.clone(), why });
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(damaged(error.to_string())),
            Ok(text) => text,
        };
        let manifest: Manifest = serde_json::from_str(&text).map_err(|why| damaged(why.to_string()))?;
        let is_folder = |member: &&Member| member.folder.bytes().all(|byte| byte.is_ascii_digit());
        match manifest.members.iter().find(|member| !is_folder(member) || member.folder.is_empty()) {
            Some(member) => Err(damaged(format!("{:?} is no run of a population", member.folder))),
            None => Ok(Some(manifest)),
        }
    }

    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(Failure::run)?;
        ganatomy_record::write_whole(&folder.join(MANIFEST), text.as_bytes()).map_err(Failure::request)
    }
}

impl Train {
    /// Are several runs to be made together?
    pub(in crate::cli::train) fn is_population(&self) -> bool {
        let is_there = |run: &PathBuf| run.join(MANIFEST).is_file();
        self.population.is_some() || !self.over.is_empty() || self.resume.as_ref().is_some_and(is_there)
    }

    /// The options of one run of the population.
    pub(super) fn member(&self, set: &[String]) -> Train {
        let set = self.set.iter().chain(set).cloned().collect();
        Train { set, seed: None, population: None, over: Vec::new(), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        train: Train,
    }

    fn all(line: &str) -> Result<Vec<String>, String> {
        let Line { train } = Line::try_parse_from(["x"].into_iter().chain(line.split(' '))).unwrap();
        match settings(&train) {
            Ok(settings) => Ok(seeded(&train, settings, 7).into_iter().map(|set| set.join(" ")).collect()),
            Err(Failure::Request(error)) => Err(error.to_string()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn settings_are_combined_and_each_has_its_seeds() {
        assert_eq!(all("--population 2").unwrap(), ["seed=7", "seed=8"]);
        assert_eq!(
            all("--population 2 --over a.lr=1e-4,1e-3 --over b=1").unwrap(),
            ["a.lr=1e-4 b=1 seed=7", "a.lr=1e-4 b=1 seed=8", "a.lr=1e-3 b=1 seed=7", "a.lr=1e-3 b=1 seed=8"]
        );
        assert_eq!(all("--over seed=3,9").unwrap(), ["seed=3", "seed=9"]);
        let folders = Manifest::new(vec![Vec::new(); 100]).members;
        assert_eq!((folders[0].folder.as_str(), folders[99].folder.as_str()), ("001", "100"));
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for (line, said) in [
            ("--over lr", "--over is written KEY=A,B,C, such as generator.update.lr=1e-4,1e-3, found lr"),
            ("--over lr=1,,2", "found lr=1,,2"),
            ("--over a=1 --over a=2", "--over names a twice"),
            ("--population 3 --over seed=1,2", "so does --population 3; leave one of them out"),
            (
                "--population 5001 --over a=1,2",
                "has 10000 runs at most, and --population with --over asks for 10002",
            ),
        ] {
            let found = all(line).unwrap_err();
            assert!(found.contains(said), "{found}");
        }
    }
}
