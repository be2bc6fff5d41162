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
    #[error("checkpoint {path} is damaged: {why}{}", advice(before.as_deref()))]
    Damaged {
        /// The file.
        path: String,
        /// What shows it.
        why: String,
        /// The checkpoint before it, if there is one.
        before: Option<String>,
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

fn advice(before: Option<&str>) -> String {
    before.map_or_else(String::new, |before| format!("; without this file the run goes on from {before}"))
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
    let sum = checksum(store);
    // As TOML, since a folder's name may hold anything.
    let names = toml::Value::from(class_names.clone());
    let text = format!(
        "step = {step}\nitem = {item:?}\nn_classes = {n_classes}\nclass_names = {names}\nclass_shares = {class_shares:?}\n\
         data = {data:?}\n{CHECKSUM} = {sum:?}\n"
    );
    store.to_safetensors(is_state, &BTreeMap::from([(METADATA.to_owned(), text)]))
}

/// Reads a checkpoint into a store, which is left as it was where that fails.
pub(crate) fn load(file: &CheckpointFile, store: &mut Store<f32>) -> Result<Description, CheckpointError> {
    let path = file.path.display().to_string();
    let bytes = read_whole(&file.path)?;
    let fit = |source| CheckpointError::Fit { path: path.clone(), source };
    let wanted: Vec<String> = store.iter().map(|(name, _)| name.to_owned()).filter(|n| is_state(n)).collect();
    let mut found = Store::<f32>::new();
    let damaged = |why: &str| {
        let before = Checkpoints::before(file).ok().flatten().map(|file| file.path.display().to_string());
        CheckpointError::Damaged { path: path.clone(), why: why.to_owned(), before }
    };
    let metadata = found.load_safetensors(&bytes).map_err(|error| match error {
        StoreError::Format { .. } => damaged("it is not a whole safetensors file"),
        error => fit(error),
    })?;
    if !wanted.is_empty() {
        check_names(&path, &wanted, &found)?;
    }
    let text = metadata.get(METADATA).and_then(|text| text.parse::<toml::Table>().ok());
    let foreign = || CheckpointError::Foreign { path: path.clone() };
    let description = text.as_ref().and_then(describe).ok_or_else(foreign)?;
    // Checkpoints of before there were checksums have none.
    let sum = text.as_ref().and_then(|table| table.get(CHECKSUM)?.as_str());
    if sum.is_some_and(|sum| sum != checksum(&found)) {
        return Err(damaged("its numbers are not those that were written"));
    }
    store.load_safetensors(&bytes).map_err(fit)?;
    Ok(description)
}

/// The key of the checksum among what a checkpoint says about itself.
const CHECKSUM: &str = "checksum";

/// The SHA-256 of names, shapes and numbers of the state, 64 hex digits.
fn checksum(store: &Store<f32>) -> String {
    let mut hash = Sha256::new();
    for (name, array) in store.iter().filter(|(name, _)| is_state(name)) {
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
