//! The registry: everything that a spec can name, one table a kind of idea.

use std::borrow::Cow;

use ganatomy_data::{DataSpec, data_sets};
use ganatomy_game::average::{Average, averages};
use ganatomy_game::game::{GameSpec, games};
use ganatomy_game::loss::{Loss, losses};
use ganatomy_game::network::{NetworkSpec, networks};
use ganatomy_game::remedy::{Remedy, remedies};
use ganatomy_game::scheme::{Scheme, schemes};
use ganatomy_game::small::{SmallGame, small_games};
use ganatomy_game::step::{Schedule, Update};
use ganatomy_game::update::{schedules, updates};
use ganatomy_record::{Entry, FieldDoc, declared};
use ganatomy_score::extract::{ExtractorSpec, extractors};
use ganatomy_score::{Score, scores};

use crate::probe::{ProbeKind, probes};
use crate::reading::{ReadingDoc, readings};

/// The kind of a reading, whose row is no part of a spec.
pub const READING: &str = "reading";

/// The kind of a score, of samples or of a run while it trains.
pub const SCORE: &str = "score";
/// The kind of what makes the features that are scored.
pub const EXTRACTOR: &str = "extractor";

/// What a spec can name, what readings are, and what samples are scored by. Start from [`Registry::builtin`] and push what is yours.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Data sets.
    pub data: Vec<Entry<dyn DataSpec>>,
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
    /// What readings are.
    pub readings: Vec<ReadingDoc>,
    /// Scores of samples, which `ganatomy score` gives, and a run that has a table for them.
    pub scores: Vec<Entry<dyn Score>>,
    /// What makes the features that are scored.
    pub extractors: Vec<Entry<dyn ExtractorSpec>>,
    /// Small games.
    pub small_games: Vec<Entry<dyn SmallGame>>,
}

/// A name that stands twice among the rows of one kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two rows of the registry are both the {kind} \"{name}\"; each needs a name of its own")]
pub struct DuplicateName {
    /// Which kind.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

impl Registry {
    /// Everything that comes with Ganatomy.
    pub fn builtin() -> Self {
        Registry {
            data: data_sets(),
            games: games(),
            networks: networks(),
            losses: losses(),
            remedies: remedies(),
            schemes: schemes(),
            updates: updates(),
            schedules: schedules(),
            averages: averages(),
            probes: probes(),
            readings: readings(),
            scores: scores(),
            extractors: extractors(),
            small_games: small_games(),
        }
    }

    /// All rows, kind by kind, in the order of the tables.
    pub fn listing(&self) -> Vec<Listing> {
        let mut all = Vec::new();
        rows(&mut all, "data", &self.data);
        rows(&mut all, "game", &self.games);
        rows(&mut all, "network", &self.networks);
        rows(&mut all, "loss", &self.losses);
        rows(&mut all, "remedy", &self.remedies);
        rows(&mut all, "scheme", &self.schemes);
        rows(&mut all, "update", &self.updates);
        rows(&mut all, "schedule", &self.schedules);
        rows(&mut all, "average", &self.averages);
        all.extend(self.probes.iter().map(|probe| Listing::of("probe", probe.entry())));
        all.extend(self.readings.iter().map(|reading| Listing {
            kind: READING,
            name: reading.name.into(),
            doc: reading.doc.into(),
            source: reading.page().into(),
        }));
        rows(&mut all, SCORE, &self.scores);
        rows(&mut all, EXTRACTOR, &self.extractors);
        rows(&mut all, "small game", &self.small_games);
        all
    }

    /// What can be set in a row's own table; nothing if there is no such row.
    pub fn fields(&self, kind: &str, name: &str) -> Vec<FieldDoc> {
        match kind {
            "data" => of_row(&self.data, name),
            "game" => of_row(&self.games, name),
            "network" => of_row(&self.networks, name),
            "loss" => of_row(&self.losses, name),
            "remedy" => of_row(&self.remedies, name),
            "scheme" => of_row(&self.schemes, name),
            "update" => of_row(&self.updates, name),
            "schedule" => of_row(&self.schedules, name),
            "average" => of_row(&self.averages, name),
            "probe" => {
                let probe = self.probes.iter().find(|probe| probe.entry().name() == name);
                probe.map_or(Vec::new(), |probe| declared(|fields| probe.read(fields)))
            }
            SCORE => of_row(&self.scores, name),
            EXTRACTOR => of_row(&self.extractors, name),
            "small game" => of_row(&self.small_games, name),
            _ => Vec::new(),
        }
    }

    /// Refuses names that stand twice within a kind: only the first of them would ever be read.
    pub(crate) fn check(&self) -> Result<(), DuplicateName> {
        let all = self.listing();
        let twin = |(i, row): (usize, &Listing)| {
            all[..i].iter().any(|other| (other.kind, &other.name) == (row.kind, &row.name))
        };
        match all.iter().enumerate().find(|row| twin(*row)) {
            Some((_, row)) => Err(DuplicateName { kind: row.kind, name: row.name.clone().into_owned() }),
            None => Ok(()),
        }
    }
}

fn of_row<T: ?Sized>(entries: &[Entry<T>], name: &str) -> Vec<FieldDoc> {
    entries.iter().find(|entry| entry.name() == name).map_or(Vec::new(), Entry::fields)
}

fn rows<T: ?Sized>(all: &mut Vec<Listing>, kind: &'static str, entries: &[Entry<T>]) {
    all.extend(entries.iter().map(|entry| Listing::of(kind, entry)));
}

/// One row of a registry, as `ganatomy list` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which registry.
    pub kind: &'static str,
    /// The name.
    pub name: Cow<'static, str>,
    /// One line of doc.
    pub doc: Cow<'static, str>,
    /// The source file that documents it, or a reading's page; empty where there is none.
    pub source: Cow<'static, str>,
}

impl Listing {
    fn of<T: ?Sized>(kind: &'static str, entry: &Entry<T>) -> Listing {
        let (name, doc, source) = entry.texts();
        Listing { kind, name, doc, source }
    }
}

/// Every built-in row, kind by kind.
pub fn listing() -> Vec<Listing> {
    Registry::builtin().listing()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_within_a_kind_and_every_row_has_a_line() {
        for row in listing() {
            assert!(!row.doc.is_empty() && !row.doc.contains('\n'), "{}", row.name);
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused() {
        let mut registry = Registry::builtin();
        assert_eq!(registry.check(), Ok(()));
        registry.losses.push(ganatomy_game::loss::Row::new("hinge", "mine", |_| {
            Ok(Box::new(ganatomy_game::loss::Minimax))
        }));
        let twice = registry.check().unwrap_err().to_string();
        assert_eq!(
            twice,
            "two rows of the registry are both the loss \"hinge\"; each needs a name of its own"
        );
    }

    #[test]
    fn rows_say_what_can_be_set() {
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
            assert!(rows.into_iter().any(|row| !names(kind, &row.name).is_empty()), "no {kind} has fields");
        }
    }
}
