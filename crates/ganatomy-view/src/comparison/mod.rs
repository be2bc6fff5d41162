//! Runs side by side: what differs in their plans, their curves, their readings, their samples at the same step.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ganatomy_record::{Event, RecordError, RunFolder, RunReader, Summary};
use toml::{Table, Value};

/// Tables of a plan that are about the machine and the past, not about the run.
const ASIDE: [&str; 2] = ["session", "origin"];

/// A run that is compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What it is called here: the end of its path by which it differs from the others.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Where it stands, and its readings.
    pub summary: Summary,
    /// Every field of its plan by its dotted name.
    fields: BTreeMap<String, Value>,
    events: Vec<Event>,
}

/// Runs side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// At least one, in the order asked for.
    pub runs: Vec<Compared>,
}

/// A field in which runs differ, with the value of each that has it.
pub type Differing = (String, Vec<Option<Value>>);

impl Comparison {
    /// Reads the runs of these folders.
    ///
    /// # Errors
    /// A folder that is no run, or whose record cannot be read.
    pub fn read(folders: &[PathBuf]) -> Result<Comparison, RecordError> {
        let names = names(folders);
        let runs = folders.iter().zip(names).map(|(folder, name)| {
            let run = RunFolder::open(folder)?;
            let reader = RunReader::open(&run);
            let mut fields = BTreeMap::new();
            let mut plan = run.plan()?;
            ASIDE.iter().for_each(|name| drop(plan.remove(*name)));
            flatten("", &plan, &mut fields);
            let (events, summary) = (reader.read_all()?, reader.summary()?);
            Ok(Compared { name, folder: folder.clone(), summary, fields, events })
        });
        Ok(Comparison { runs: runs.collect::<Result<_, RecordError>>()? })
    }

    /// The fields in which they differ, by name.
    pub fn differing(&self) -> Vec<Differing> {
        let names: BTreeSet<&String> = self.runs.iter().flat_map(|run| run.fields.keys()).collect();
        let values = |name: &String| -> Vec<Option<Value>> {
            self.runs.iter().map(|run| run.fields.get(name).cloned()).collect()
        };
        let all = names.into_iter().map(|name| (name.clone(), values(name)));
        all.filter(|(_, values)| values.windows(2).any(|pair| pair[0] != pair[1])).collect()
    }

    /// The readings that at least one of them has, by name.
    pub fn readings(&self) -> BTreeSet<String> {
        self.runs.iter().flat_map(|run| run.summary.readings.keys().cloned()).collect()
    }

    /// The last step at which every run that has samples has some.
    pub fn common_step(&self) -> Option<u64> {
        let of = |run: &Compared| run.samples().into_keys().collect::<BTreeSet<u64>>();
        let sets = self.runs.iter().map(of).filter(|steps| !steps.is_empty());
        sets.reduce(|a, b| a.intersection(&b).copied().collect())?.pop_last()
    }
}

impl Compared {
    /// A reading over the steps.
    fn series(&self, reading: &str) -> Vec<[f64; 2]> {
        let point = |event: &Event| match event {
            Event::Readings { step, values, .. } => Some([*step as f64, *values.get(reading)?]),
            _ => None,
        };
        self.events.iter().filter_map(point).collect()
    }

    /// Its files of samples by their step.
    fn samples(&self) -> BTreeMap<u64, PathBuf> {
        let file = |event: &Event| match event {
            Event::Samples { step, file, .. } => Some((*step, self.folder.join(file))),
            _ => None,
        };
        self.events.iter().filter_map(file).collect()
    }
}

/// The shortest ends of the paths that tell them apart.
fn names(folders: &[PathBuf]) -> Vec<String> {
    let end = |path: &Path, n: usize| -> String {
        let parts: Vec<String> =
            path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        parts[parts.len().saturating_sub(n)..].join("/")
    };
    let deepest = folders.iter().map(|path| path.components().count()).max().unwrap_or(1);
    let ends = |n: usize| folders.iter().map(|path| end(path, n)).collect::<Vec<_>>();
    let differ = |names: &Vec<String>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    (1..=deepest).map(ends).find(differ).unwrap_or_else(|| ends(deepest))
}

fn flatten(path: &str, table: &Table, into: &mut BTreeMap<String, Value>) {
    for (name, value) in table {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Table(table) => flatten(&key, table, into),
            value => drop(into.insert(key, value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ganatomy_record::{Direction, Outcome, RunWriter, Sink};

    fn run(folder: &Path, lr: &str, scores: &[f64]) -> PathBuf {
        let plan = format!("seed = 1\n[update]\nlr = {lr}\n[session]\nhost = \"{lr}\"\n");
        let made = RunFolder::create(folder, false, &plan, &plan).unwrap();
        let mut writer = RunWriter::open(&made, 1.7e9, "here").unwrap();
        let directions = BTreeMap::from([("modes".to_owned(), Direction::Up)]);
        let (version, host) = (String::new(), String::new());
        let started = Event::Started { step: 0, secs: 0.0, version, host, threads: 1, directions };
        let _flow = writer.receive(&started).unwrap();
        for (step, score) in (1..).zip(scores) {
            let values = BTreeMap::from([("modes".to_owned(), *score)]);
            let _flow = writer.receive(&Event::Readings { step, secs: 1.0, values }).unwrap();
        }
        let end = Event::Finished { step: scores.len() as u64, secs: 1.0, outcome: Outcome::Done };
        let _flow = writer.receive(&end).unwrap();
        folder.to_owned()
    }

    #[test]
    fn what_differs_is_told_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let folders = [
            run(&place.path().join("a/x"), "0.1", &[1.0, 2.0]),
            run(&place.path().join("b/x"), "0.2", &[3.0, 1.0]),
        ];
        let comparison = Comparison::read(&folders).unwrap();
        let names: Vec<&str> = comparison.runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["a/x", "b/x"]);
        let lr = vec![Some(Value::Float(0.1)), Some(Value::Float(0.2))];
        assert_eq!(comparison.differing(), [("update.lr".to_owned(), lr)]);
        assert_eq!(comparison.runs[1].series("modes"), [[1.0, 3.0], [2.0, 1.0]]);
        assert_eq!((comparison.common_step(), comparison.readings().len()), (None, 1));
        let page = comparison.page("the command").unwrap();
        for text in ["update.lr", "a/x", "b/x", "modes"] {
            assert!(page.contains(text), "{text}");
        }
        assert!(!page.contains("session.host"));
    }
}
