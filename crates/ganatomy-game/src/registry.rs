//! Registries: one table a kind of idea, each row a name, a line of doc and a reader.

use ganatomy_record::{Fields, SpecError};

use crate::data::{DataKind, KINDS};
use crate::loss::{LOSSES, Loss};
use crate::network::{NETWORKS, NetworkSpec};
use crate::probe::{PROBES, ProbeKind};
use crate::scheme::{SCHEMES, Scheme};
use crate::update::{SCHEDULES, Schedule, UPDATES, Update};

/// One row: how a method is called, what it is, and how it is read from its table of the spec.
pub struct Entry<T: ?Sized> {
    /// The name that `kind` takes.
    pub name: &'static str,
    /// One line of doc.
    pub doc: &'static str,
    /// Reads the method's own fields.
    pub read: Read<T>,
}

/// Reads a method's own fields from its table.
pub type Read<T> = fn(&mut Fields<'_>) -> Result<Box<T>, SpecError>;

impl<T: ?Sized> Entry<T> {
    /// A row.
    pub const fn new(name: &'static str, doc: &'static str, read: Read<T>) -> Self {
        Entry { name, doc, read }
    }
}

impl<T: ?Sized> Clone for Entry<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: ?Sized> Copy for Entry<T> {}

/// What a spec can name. Start from [`Registry::builtin`] and push what is yours.
pub struct Registry {
    /// Data sets.
    pub data: Vec<DataKind>,
    /// Networks.
    pub networks: Vec<Entry<dyn NetworkSpec>>,
    /// Adversarial losses.
    pub losses: Vec<Entry<dyn Loss>>,
    /// Parameter updates.
    pub updates: Vec<Entry<dyn Update>>,
    /// Learning-rate schedules.
    pub schedules: Vec<Entry<dyn Schedule>>,
    /// Who moves when.
    pub schemes: Vec<Entry<dyn Scheme>>,
    /// Readings of the live game.
    pub probes: Vec<ProbeKind>,
}

impl Registry {
    /// Everything that comes with Ganatomy.
    pub fn builtin() -> Self {
        Registry {
            data: KINDS.to_vec(),
            networks: NETWORKS.to_vec(),
            losses: LOSSES.to_vec(),
            updates: UPDATES.to_vec(),
            schedules: SCHEDULES.to_vec(),
            schemes: SCHEMES.to_vec(),
            probes: PROBES.to_vec(),
        }
    }

    /// All rows, kind by kind.
    pub fn listing(&self) -> Vec<Listing> {
        fn rows<T: ?Sized>(kind: &'static str, entries: &[Entry<T>]) -> Vec<Listing> {
            entries.iter().map(|entry| Listing { kind, name: entry.name, doc: entry.doc }).collect()
        }
        let mut all: Vec<Listing> =
            self.data.iter().map(|data| Listing { kind: "data", name: data.name, doc: data.doc }).collect();
        all.extend(rows("network", &self.networks));
        all.extend(rows("loss", &self.losses));
        all.extend(rows("scheme", &self.schemes));
        all.extend(rows("update", &self.updates));
        all.extend(rows("schedule", &self.schedules));
        all.extend(self.probes.iter().map(|probe| Listing {
            kind: "probe",
            name: probe.name,
            doc: probe.doc,
        }));
        all
    }
}

/// One row of a registry, as `ganatomy list` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which registry.
    pub kind: &'static str,
    /// The name.
    pub name: &'static str,
    /// One line of doc.
    pub doc: &'static str,
}

/// Every built-in row, kind by kind.
pub fn listing() -> Vec<Listing> {
    Registry::builtin().listing()
}

/// Reads `kind` and then the chosen method's own fields.
pub(crate) fn choose<T: ?Sized>(
    entries: &[Entry<T>],
    fields: &mut Fields<'_>,
    doc: &'static str,
    default: &str,
) -> Result<Box<T>, SpecError> {
    let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let name = fields.choice("kind", doc, default, &names)?;
    match entries.iter().find(|entry| entry.name == name) {
        Some(entry) => (entry.read)(fields),
        None => Err(fields.refuse("kind", format!("must be one of {}, found \"{name}\"", names.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_within_a_kind_and_every_row_has_a_line() {
        let all = listing();
        for (i, row) in all.iter().enumerate() {
            assert!(!row.doc.is_empty() && !row.doc.contains('\n'), "{}", row.name);
            let twin = all[..i].iter().find(|other| other.kind == row.kind && other.name == row.name);
            assert!(twin.is_none(), "{} {} stands twice", row.kind, row.name);
        }
    }
}
