//! Registries: one table a kind of idea, each row a name, a line of doc and a reader.

use ganatomy_record::{FieldDoc, Fields, RunSpec, SpecError};

use crate::average::{AVERAGES, Average};
use crate::data::{DataKind, KINDS};
use crate::game::{GAMES, GameSpec};
use crate::loss::{LOSSES, Loss};
use crate::network::{NETWORKS, NetworkSpec};
use crate::probe::{PROBES, ProbeKind};
use crate::remedy::{REMEDIES, Remedy};
use crate::scheme::{SCHEMES, Scheme};
use crate::small::{SMALL_GAMES, SmallGame};
use crate::update::{SCHEDULES, Schedule, UPDATES, Update};

/// One row: how a method is called, what it is, and how it is read from its table of the spec.
pub struct Entry<T: ?Sized> {
    /// The name that `kind` takes.
    pub name: &'static str,
    /// One line of doc.
    pub doc: &'static str,
    /// Reads the method's own fields.
    pub read: Read<T>,
    /// The source file of the method, whose documentation explains it; empty where there is none.
    pub source: &'static str,
}

/// Reads a method's own fields from its table.
pub type Read<T> = fn(&mut Fields<'_>) -> Result<Box<T>, SpecError>;

impl<T: ?Sized> Entry<T> {
    /// A row.
    pub const fn new(name: &'static str, doc: &'static str, read: Read<T>) -> Self {
        Entry { name, doc, read, source: "" }
    }

    /// A row that is explained by the documentation of the first public struct in a source file.
    pub const fn documented(
        name: &'static str,
        doc: &'static str,
        source: &'static str,
        read: Read<T>,
    ) -> Self {
        Entry { name, doc, read, source }
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
    /// Games that are trained.
    pub games: Vec<Entry<dyn GameSpec>>,
    /// Networks.
    pub networks: Vec<Entry<dyn NetworkSpec>>,
    /// Adversarial losses.
    pub losses: Vec<Entry<dyn Loss>>,
    /// What is added to a game.
    pub remedies: Vec<Entry<dyn Remedy>>,
    /// Who moves when.
    pub schemes: Vec<Entry<dyn Scheme>>,
    /// Parameter updates.
    pub updates: Vec<Entry<dyn Update>>,
    /// Learning-rate schedules.
    pub schedules: Vec<Entry<dyn Schedule>>,
    /// Averages of the generator.
    pub averages: Vec<Entry<dyn Average>>,
    /// Readings of the live game.
    pub probes: Vec<ProbeKind>,
    /// Small games.
    pub small_games: Vec<Entry<dyn SmallGame>>,
}

impl Registry {
    /// Everything that comes with Ganatomy.
    pub fn builtin() -> Self {
        Registry {
            data: KINDS.to_vec(),
            games: GAMES.to_vec(),
            networks: NETWORKS.to_vec(),
            losses: LOSSES.to_vec(),
            remedies: REMEDIES.to_vec(),
            schemes: SCHEMES.to_vec(),
            updates: UPDATES.to_vec(),
            schedules: SCHEDULES.to_vec(),
            averages: AVERAGES.to_vec(),
            probes: PROBES.to_vec(),
            small_games: SMALL_GAMES.to_vec(),
        }
    }

    /// All rows, kind by kind.
    pub fn listing(&self) -> Vec<Listing> {
        let mut all: Vec<Listing> = Vec::new();
        all.extend(self.data.iter().map(|data| Listing::of("data", data.name, data.doc)));
        rows(&mut all, "game", &self.games);
        rows(&mut all, "network", &self.networks);
        rows(&mut all, "loss", &self.losses);
        rows(&mut all, "remedy", &self.remedies);
        rows(&mut all, "scheme", &self.schemes);
        rows(&mut all, "update", &self.updates);
        rows(&mut all, "schedule", &self.schedules);
        rows(&mut all, "average", &self.averages);
        all.extend(self.probes.iter().map(|probe| Listing::of("probe", probe.name, probe.doc)));
        rows(&mut all, "small game", &self.small_games);
        all
    }

    /// What can be set in a row's own table; nothing if there is no such row.
    pub fn fields(&self, kind: &str, name: &str) -> Vec<FieldDoc> {
        match kind {
            "data" => {
                self.data.iter().find(|row| row.name == name).map_or(Vec::new(), |row| declared(row.read))
            }
            "game" => of_row(&self.games, name),
            "network" => of_row(&self.networks, name),
            "loss" => of_row(&self.losses, name),
            "remedy" => of_row(&self.remedies, name),
            "scheme" => of_row(&self.schemes, name),
            "update" => of_row(&self.updates, name),
            "schedule" => of_row(&self.schedules, name),
            "average" => of_row(&self.averages, name),
            "probe" => self
                .probes
                .iter()
                .find(|row| row.name == name)
                .map_or(Vec::new(), |row| declared(|fields| row.read(fields))),
            "small game" => of_row(&self.small_games, name),
            _ => Vec::new(),
        }
    }
}

fn of_row<T: ?Sized>(entries: &[Entry<T>], name: &str) -> Vec<FieldDoc> {
    entries.iter().find(|entry| entry.name == name).map_or(Vec::new(), |entry| declared(entry.read))
}

/// The fields that a reader asks an empty table for; a reader that refuses an empty table has asked for them all the same.
fn declared<T>(read: impl FnOnce(&mut Fields<'_>) -> Result<T, SpecError>) -> Vec<FieldDoc> {
    let resolved = RunSpec::parse("", "nothing").and_then(|nothing| {
        let mut fields = nothing.root();
        // What it says of the values is no matter here.
        let _ = read(&mut fields);
        fields.finish()
    });
    resolved.map_or(Vec::new(), |resolved| resolved.fields)
}

fn rows<T: ?Sized>(all: &mut Vec<Listing>, kind: &'static str, entries: &[Entry<T>]) {
    all.extend(
        entries
            .iter()
            .map(|entry| Listing { source: entry.source, ..Listing::of(kind, entry.name, entry.doc) }),
    );
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
    /// The source file that documents it; empty where there is none.
    pub source: &'static str,
}

impl Listing {
    fn of(kind: &'static str, name: &'static str, doc: &'static str) -> Listing {
        Listing { kind, name, doc, source: "" }
    }
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
    #[test]
    fn rows_tell_what_can_be_set() {
        let registry = Registry::builtin();
        let names = |kind: &str, name: &str| -> Vec<String> {
            registry.fields(kind, name).into_iter().map(|field| field.name).collect()
        };
        assert_eq!(names("remedy", "gradient-penalty"), ["lambda", "target", "one_sided"]);
        assert_eq!(names("probe", "modes"), ["every_steps", "n_samples"]);
        assert_eq!(names("small game", "bilinear"), ["dims", "scale"]);
        assert_eq!(names("loss", "minimax"), [""; 0]);
        assert_eq!(names("loss", "adam"), [""; 0]);
        for kind in ["data", "network", "scheme", "update", "schedule", "average"] {
            let rows = registry.listing().into_iter().filter(|row| row.kind == kind);
            assert!(rows.into_iter().any(|row| !names(kind, row.name).is_empty()), "no {kind} has fields");
        }
    }
}
