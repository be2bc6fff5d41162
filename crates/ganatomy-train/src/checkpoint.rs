//! Checkpoints: a run's whole state as named tensors, and the line that says what they belong to.

use std::collections::BTreeMap;

use ganatomy_record::{CheckpointFile, Checkpoints, RecordError, read_whole};
use ganatomy_tensor::{Store, StoreError};
use sha2::{Digest, Sha256};

use crate::state::is_state;

/// One key, because a map with several is written in no fixed order.
const METADATA: &str = "ganatomy";

/// A checkpoint that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] RecordError),
    /// It does not hold what this run needs.
    #[error("checkpoint {path} does not fit this run: {source}")]
    Fit {
        /// The file.
        path: String,
        /// What does not fit.
        source: StoreError,
    },
    /// It is not what was written.
    #[error("checkpoint {path} is damaged: {why}{}", advice(before.as_ref()))]
    Damaged {
        /// The file.
        path: String,
        /// What shows it.
        why: String,
        /// The last whole checkpoint before it, if there is one.
        before: Option<CheckpointFile>,
    },
    /// Its description is missing or damaged.
    #[error("checkpoint {path} was not written by Ganatomy: its description is missing or damaged")]
    Foreign {
        /// The file.
        path: String,
    },
    /// It was trained on other data.
    #[error("checkpoint {path} was trained on other data: {found}, and this is {wanted}")]
    Data {
        /// The file.
        path: String,
        /// The fingerprint it names.
        found: String,
        /// The fingerprint of this run's data.
        wanted: String,
    },
    /// It lacks a tensor, or has one too many.
    #[error("checkpoint {path} does not fit this run: {what}")]
    Names {
        /// The file.
        path: String,
        /// What is missing or too much.
        what: String,
    },
}

fn advice(before: Option<&CheckpointFile>) -> String {
    let say =
        |before: &CheckpointFile| format!("; the last whole one before it is that of step {}", before.step);
    before.map_or_else(|| "; no earlier one is whole".to_owned(), say)
}

/// What a checkpoint says about itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Description {
    /// Steps done.
    pub step: u64,
    /// The shape of an item.
    pub item: Vec<usize>,
    /// Classes that the data's labels name.
    pub n_classes: usize,
    /// Their names, in the order of the labels.
    pub class_names: Vec<String>,
    /// How often the generator is asked for each; empty where all are alike.
    pub class_shares: Vec<f64>,
    /// The fingerprint of the data.
    pub data: String,
}

/// The bytes of a checkpoint.
pub(crate) fn encode(store: &Store<f32>, description: &Description) -> Result<Vec<u8>, StoreError> {
    let Description { step, item, n_classes, data, class_names, class_shares } = description;
    // As TOML, since a folder's name may hold anything.
    let names = toml::Value::from(class_names.clone());
    let text = format!(
        "step = {step}\nitem = {item:?}\nn_classes = {n_classes}\nclass_names = {names}\nclass_shares = {class_shares:?}\n\
         data = {data:?}\n"
    );
    store.to_safetensors(is_state, &about(&text, &checksum(&text, store, is_state)))
}

/// What an array file says about itself, with the sum that its text and its arrays must have.
pub(crate) fn about(text: &str, sum: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(METADATA.to_owned(), format!("{text}{SUM} = {sum:?}\n"))])
}

/// Reads a checkpoint into a store, which is left as it was where that fails.
pub(crate) fn load(file: &CheckpointFile, store: &mut Store<f32>) -> Result<Description, CheckpointError> {
    let path = file.path.display().to_string();
    let wanted: Vec<String> = store.iter().map(|(name, _)| name.to_owned()).filter(|n| is_state(n)).collect();
    let (found, description) = read(file)?;
    if !wanted.is_empty() {
        check_names(&path, &wanted, &found)?;
    }
    let fit = |source| CheckpointError::Fit { path: path.clone(), source };
    let mut next = store.clone();
    for (name, array) in found.iter() {
        next.insert(name, array.shape().clone(), array.values().to_vec()).map_err(fit)?;
    }
    *store = next;
    Ok(description)
}

/// The whole state that a checkpoint holds, and what it says about itself; a damaged one is answered with the last whole one
/// before it.
pub(crate) fn read(file: &CheckpointFile) -> Result<(Store<f32>, Description), CheckpointError> {
    read_one(file).map_err(|error| match error {
        CheckpointError::Damaged { path, why, .. } => {
            CheckpointError::Damaged { path, why, before: whole_before(file) }
        }
        error => error,
    })
}

/// The last checkpoint before this one that is whole.
fn whole_before(file: &CheckpointFile) -> Option<CheckpointFile> {
    let before = Checkpoints::before(file).ok()??;
    match read_one(&before) {
        Ok(_) => Some(before),
        Err(_) => whole_before(&before),
    }
}

fn read_one(file: &CheckpointFile) -> Result<(Store<f32>, Description), CheckpointError> {
    let path = file.path.display().to_string();
    let bytes = read_whole(&file.path)?;
    let damaged =
        |why: &str| CheckpointError::Damaged { path: path.clone(), why: why.to_owned(), before: None };
    let mut found = Store::<f32>::new();
    let metadata = found.load_safetensors(&bytes).map_err(|error| match error {
        StoreError::Format { .. } => damaged("it is not a whole safetensors file"),
        source => CheckpointError::Fit { path: path.clone(), source },
    })?;
    let foreign = || CheckpointError::Foreign { path: path.clone() };
    let text = metadata.get(METADATA).ok_or_else(foreign)?;
    let table =
        text.parse::<toml::Table>().map_err(|_| damaged("its description is not what was written"))?;
    match is_as_written(text, &table, &found) {
        true => Ok((found, describe(&table).ok_or_else(foreign)?)),
        false => Err(damaged("its numbers are not those that were written")),
    }
}

/// The key of the sum of everything in an array file, among what the file says about itself.
const SUM: &str = "sha256";
/// The same of files from before descriptions were summed too.
const OLD_SUM: &str = "checksum";

/// Has nothing changed since it was written? The oldest checkpoints cannot tell.
fn is_as_written(text: &str, table: &toml::Table, found: &Store<f32>) -> bool {
    let sum = |key: &str| table.get(key).and_then(toml::Value::as_str);
    match (sum(SUM), sum(OLD_SUM)) {
        (Some(sum), _) => {
            let before = text.split_inclusive('\n').filter(|line| !line.starts_with(SUM)).collect::<String>();
            sum == checksum(&before, found, is_state)
        }
        (None, Some(sum)) => sum == checksum("", found, is_state),
        // Whoever wrote the classes' names wrote a sum too.
        (None, None) => !table.contains_key("class_names"),
    }
}

/// The SHA-256 of a text, and of the names, shapes and numbers of some arrays, 64 hex digits.
pub(crate) fn checksum(text: &str, store: &Store<f32>, keep: impl Fn(&str) -> bool) -> String {
    let mut hash = Sha256::new();
    hash.update(text);
    for (name, array) in store.iter().filter(|(name, _)| keep(name)) {
        hash.update(format!("{name} {:?}\n", array.shape()));
        hash.update(bytemuck::cast_slice::<f32, u8>(array.values()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn check_names(path: &str, wanted: &[String], found: &Store<f32>) -> Result<(), CheckpointError> {
    let names = |what: String| Err(CheckpointError::Names { path: path.to_owned(), what });
    // Older checkpoints have no factors of learning rates, which are one then.
    let is_new = |name: &str| name.starts_with("update.") && name.ends_with(".lr_factor");
    if let Some(name) = wanted.iter().find(|name| found.get(name).is_err() && !is_new(name)) {
        return names(format!("it lacks {name}"));
    }
    match found.iter().find(|(name, _)| !wanted.iter().any(|known| known == name)) {
        Some((name, _)) => names(format!("it holds {name}, which this run does not have")),
        None => Ok(()),
    }
}

fn describe(table: &toml::Table) -> Option<Description> {
    let item =
        table.get("item")?.as_array()?.iter().map(|n| n.as_integer().and_then(|n| usize::try_from(n).ok()));
    // Checkpoints of before there were names have none.
    let list = |key: &str| table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
    Some(Description {
        class_names: list("class_names").filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        class_shares: list("class_shares").filter_map(toml::Value::as_float).collect(),
        step: u64::try_from(table.get("step")?.as_integer()?).ok()?,
        item: item.collect::<Option<_>>()?,
        n_classes: usize::try_from(table.get("n_classes")?.as_integer()?).ok()?,
        data: table.get("data")?.as_str()?.to_owned(),
    })
}

#[cfg(test)]
mod tests;
