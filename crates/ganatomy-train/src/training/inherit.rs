//! What a fork has from its parent: every tensor of the parent's state that has a place here, by name. What only means something
//! together, such as an optimiser's moments and the count of its moves, is carried over together or begins anew together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ganatomy_game::average;
use ganatomy_record::CheckpointFile;
use ganatomy_tensor::Store;

use crate::checkpoint::read;
use crate::error::TrainError;
use crate::plan::Plan;
use crate::rules::Rules;
use crate::state::{initial, is_state};

/// What a fork carries over from its parent's checkpoint, what starts anew in it, and what it has no place for: tensors by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inherited {
    /// The steps that the parent had made.
    pub step: u64,
    /// The parent's checkpoint.
    pub checkpoint: String,
    /// In both, with one shape.
    pub carried: Vec<String>,
    /// Only here, or of another shape there, or together with such.
    pub anew: Vec<String>,
    /// What the parent's checkpoint holds beside what is carried over.
    pub dropped: Vec<String>,
    /// The fingerprints of the parent's data and of these, where they differ.
    pub other_data: Option<(String, String)>,
}

/// Fills a store with a parent's tensors; answers the steps that the parent had made, and what went where.
pub(super) fn inherit(
    parent: &CheckpointFile,
    rules: &Rules,
    store: &mut Store<f32>,
) -> Result<(u64, Inherited), TrainError> {
    let (found, description) = read(parent)?;
    let (step, checkpoint) = (description.step, parent.path.display().to_string());
    let mut inherited = Inherited { step, checkpoint, ..Inherited::default() };
    let own: Vec<String> = store.iter().map(|(name, _)| name.to_owned()).filter(|n| is_state(n)).collect();
    let missing = |name: &&String| {
        let shape = store.get(name).map(|array| array.shape().clone()).ok();
        found.get(name).map(|array| array.shape().clone()).ok() != shape
    };
    let broken: BTreeSet<String> = own.iter().filter(missing).filter_map(|name| whole(name)).collect();
    for name in own {
        if whole(&name).is_some_and(|whole| broken.contains(&whole)) {
            inherited.anew.push(name);
            continue;
        }
        let shape = store.get(&name)?.shape().clone();
        let fits = |from: &str| found.get(from).ok().filter(|array| *array.shape() == shape);
        match (fits(&name), fits(averaged(&name).unwrap_or_default())) {
            (Some(array), _) => {
                store.insert(&name, shape.clone(), array.values().to_vec())?;
                inherited.carried.push(name);
            }
            // An average that the parent had none of begins at the parent's generator, not at the random one.
            (None, Some(array)) => {
                store.insert(&name, shape.clone(), array.values().to_vec())?;
                inherited.anew.push(name);
            }
            (None, None) => inherited.anew.push(name),
        }
    }
    let lost = found.iter().map(|(name, _)| name).filter(|name| !inherited.carried.iter().any(|n| n == name));
    inherited.dropped = lost.map(str::to_owned).collect();
    let data = rules.data.fingerprint();
    inherited.other_data = (description.data != data).then_some((description.data, data));
    Ok((step, inherited))
}

/// The tensors of the players' networks that a fork of a checkpoint could not have from it, or would have no place for: of another
/// shape, or only in one of the two. A player whose network is another one has nothing of what its parent learned.
///
/// # Errors
/// A checkpoint that cannot be read, or players that cannot be begun.
pub fn misfits(plan: &Plan, parent: &CheckpointFile) -> Result<Vec<String>, TrainError> {
    let (found, own) = (read(parent)?.0, initial(&plan.rules)?);
    let players =
        |name: &&str| ["generator.", "discriminator."].iter().any(|player| name.starts_with(player));
    let names: BTreeSet<&str> =
        found.iter().chain(own.iter()).map(|(name, _)| name).filter(players).collect();
    let shape = |store: &Store<f32>, name: &str| store.get(name).ok().map(|array| array.shape().clone());
    Ok(names.into_iter().filter(|name| shape(&found, name) != shape(&own, name)).map(str::to_owned).collect())
}

/// What a tensor only means something together with: the moments and moves of one player's update, what a scheme keeps, what one
/// remedy keeps.
fn whole(name: &str) -> Option<String> {
    let mut parts = name.split('.');
    match (parts.next()?, parts.next()?) {
        ("update", _) if name.ends_with(".lr_factor") => None,
        (kind @ ("update" | "remedy"), part) => Some(format!("{kind}.{part}")),
        (kind @ ("scheme" | "game" | "loss"), _) => Some(kind.to_owned()),
        _ => None,
    }
}

/// The tensor that an averaged one is the average of.
fn averaged(name: &str) -> Option<&str> {
    let prefix = average::name("");
    name.strip_prefix(prefix.as_str())
}

/// `forked from FILE, after 500 steps; carried over: ...; starts anew: ...; dropped: ...`.
impl fmt::Display for Inherited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "forked from {}, after {} steps", self.checkpoint, self.step)?;
        for (what, names) in
            [("carried over", &self.carried), ("starts anew", &self.anew), ("dropped", &self.dropped)]
        {
            if !names.is_empty() {
                write!(f, "; {what}: {}", grouped(names))?;
            }
        }
        match &self.other_data {
            Some((parent, own)) => write!(f, "; the parent's data was {parent}, and this is {own}"),
            None => Ok(()),
        }
    }
}

/// `discriminator (6 tensors), update.generator.m (6 tensors)`: names by what they belong to.
fn grouped(names: &[String]) -> String {
    let mut groups = BTreeMap::<String, usize>::new();
    for name in names {
        *groups.entry(group(name)).or_default() += 1;
    }
    let say = |(group, n): (String, usize)| match n {
        1 => group,
        n => format!("{group} ({n} tensors)"),
    };
    groups.into_iter().map(say).collect::<Vec<_>>().join(", ")
}

/// The part of a name that tells what a tensor is for.
fn group(name: &str) -> String {
    let mut parts = name.split('.');
    let n_parts = if name.starts_with("update.") { 3 } else { 1 };
    parts.by_ref().take(n_parts).collect::<Vec<_>>().join(".")
}
