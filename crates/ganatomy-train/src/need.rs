//! What a run will take in memory, found before it begins.

mod available;

use std::fmt;
use std::path::Path;

use ganatomy_tensor::{ByteCount, Cpu};
use toml::{Table, Value};

use crate::error::TrainError;
use crate::judge::Judge;
use crate::plan::Plan;
use crate::probe::Needed;
use crate::room::Room;
use crate::snapshot::Snapshot;
use crate::state::{initial_shapes, is_state};
use crate::steps::Steps;

pub use available::available_bytes;

/// The program's own code, libraries and small things.
const OWN: u64 = 15_000_000;

/// Drawing a run's charts and animation, as measured: canvases, letters, frames. It is over before a checkpoint is written.
const DRAWING: u64 = 22_000_000;

/// Letters of a field with its value.
const LONGEST_FIELD: usize = 60;

/// Parts that runs which are made together share.
const SHARED: [&str; 2] = ["Ganatomy itself", "the data"];

/// What a run will take in memory, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The parts, the order of a run.
    pub parts: Vec<Part>,
}

/// One part of what a run takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What takes it.
    pub name: String,
    /// How much, in bytes.
    pub bytes: u64,
    /// The fields of the spec that make it smaller, with their values.
    pub fields: Vec<String>,
    /// Does it give way where there is less room?
    pub yields: bool,
}

impl Need {
    /// All parts together, in bytes.
    pub fn total(&self) -> u64 {
        sum(self.parts.iter())
    }

    /// What `n` such runs take that share their data, in bytes.
    pub fn together(&self, n: u64) -> u64 {
        let of = |shared: bool| {
            sum(self.parts.iter().filter(|part| !part.yields && SHARED.contains(&&*part.name) == shared))
        };
        of(true).saturating_add(of(false).saturating_mul(n))
    }

    /// Why the run does not fit into so many bytes, in one sentence; nothing if it fits.
    pub fn refusal(&self, available: u64) -> Option<String> {
        let total = sum(self.parts.iter().filter(|part| !part.yields));
        // Of equals the last is found, and the first is meant.
        let most = self.parts.iter().rev().filter(|part| !part.yields).max_by_key(|part| part.bytes);
        let most = most.filter(|_| total > available)?;
        let smaller = match &most.fields[..] {
            [] => String::new(),
            [only] => format!("; make {only} smaller"),
            [first @ .., last] => format!("; make {} or {last} smaller", first.join(", ")),
        };
        let [total, free, part] = [total, available, most.bytes].map(ByteCount);
        Some(format!(
            "this run needs about {total} of memory and {free} are free; most of it, {part}, is for {}{smaller}",
            most.name
        ))
    }
}

impl Plan {
    /// What the run will take in memory; `cache_dir` is where a classifier may have been kept.
    ///
    /// # Errors
    /// Parts that do not make a program.
    pub fn need(&self, cpu: &Cpu, cache_dir: &Path) -> Result<Need, TrainError> {
        let rules = &self.rules;
        let mut room = Room::new(rules, cpu, cache_dir);
        let table = &self.resolved().table;
        let (batch, players) = (fields(table, &["batch"]), sizes(table));
        let mut parts = vec![part(SHARED[0], OWN, &[])];
        parts.push(part(SHARED[1], rules.data.memory_bytes(), &[]));
        let mapped = part("the data's file, as far as there is room", rules.data.mapped_bytes(), &[]);
        parts.push(Part { yields: true, ..mapped });
        let shapes = initial_shapes(rules);
        let kept: u64 = shapes.iter().map(|(name, shape)| room.tensor(name, shape)).sum();
        let traced = self.traced()?;
        self.probes.check(rules, traced.names())?;
        let program = &traced.program;
        let named = program.named().into_iter().filter(|(name, _)| is_state(name));
        let state = named.fold(kept, |sum, (name, shape)| sum.saturating_add(room.tensor(name, shape)));
        parts.push(part("the run's state", state, &players));
        let both: Vec<String> = batch.iter().chain(&players).cloned().collect();
        let mut step = 0u64;
        Steps::of(rules, program)?.each(|program| {
            step = step.saturating_add(room.program(program));
            Ok::<(), TrainError>(())
        })?;
        parts.push(part("a step", step, &both));
        parts.push(part("sampling", Snapshot::needs(&mut room)?, &players));
        let cadence = &self.cadence;
        if rules.generator.item == [2] && cadence.samples_every_steps > 0 {
            parts.push(part("the judge's surface", Judge::needs(&mut room)?, &players));
        }
        let probes = self.probes.needs(&mut room)?;
        let is_copied = room.beside && probes.iter().any(|needed| needed.is_late);
        for Needed { said, bytes, n, .. } in probes {
            let own = fields(table, &[&n]);
            let smaller = if own.is_empty() { &both } else { &own };
            parts.push(part(&said, bytes, smaller));
        }
        if is_copied {
            parts.push(part("the state that is being scored", state, &players));
        }
        let pictures = room.items(cadence.n_samples);
        parts.push(part("pictures", pictures, &fields(table, &["samples.n"])));
        let passing = "a checkpoint being written, or pictures being drawn";
        parts.push(part(passing, state.max(DRAWING), &players));
        parts.retain(|part| part.bytes > 0);
        Ok(Need { parts })
    }
}

fn sum<'a>(parts: impl Iterator<Item = &'a Part>) -> u64 {
    parts.fold(0, |sum, part| sum.saturating_add(part.bytes))
}

fn part(name: &str, bytes: u64, fields: &[String]) -> Part {
    Part { name: name.to_owned(), bytes, fields: fields.to_vec(), yields: false }
}

/// The fields of a plan that are there, with their values: `batch=512`.
fn fields(table: &Table, keys: &[&str]) -> Vec<String> {
    let value = |key: &str| {
        let mut names = key.split('.');
        let first = table.get(names.next()?);
        names.fold(first, |value, name| value?.get(name))
    };
    let shown = |key: &&str| {
        let text = format!("{key}={}", value(key)?);
        // A long list would hide the rest of the sentence.
        Some(if text.len() > LONGEST_FIELD { (*key).to_owned() } else { text })
    };
    keys.iter().filter_map(shown).collect()
}

/// The fields that say how large the players are.
fn sizes(table: &Table) -> Vec<String> {
    const SIZES: [&str; 6] = ["z_dims", "hidden", "width", "dense", "code", "maxout"];
    let small = |value: &Value| matches!(value, Value::Integer(1));
    let mut found = Vec::new();
    for player in ["generator", "discriminator"] {
        let Some(own) = table.get(player).and_then(Value::as_table) else { continue };
        for name in SIZES.iter().filter(|name| own.get(**name).is_some_and(|value| !small(value))) {
            found.extend(fields(table, &[&format!("{player}.{name}")]));
        }
    }
    found
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} for {}", ByteCount(self.bytes), self.name)
    }
}
