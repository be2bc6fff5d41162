//! What the store tells of its runs: counts while a study goes on, and everything for its report.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;

use super::Store;
use super::claim::state;
use super::sql::Cell;
use crate::StudyError;
use crate::runs::{Config, Curves, Point, Row, State};

/// How many runs of a stage's arm are in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// The stage.
    pub stage: usize,
    /// The arm.
    pub arm: usize,
    /// Their state.
    pub state: State,
    /// How many.
    pub runs: u64,
    /// Seconds of training, of those that ended.
    pub secs: f64,
    /// The least and the largest score among them.
    pub range: Option<[f64; 2]>,
}

const COUNT: &str = "SELECT c.stage, c.arm, r.state, count(*), sum(r.secs), min(r.score), max(r.score) \
     FROM runs r JOIN configs c ON c.id = r.config GROUP BY c.stage, c.arm, r.state ORDER BY c.stage, c.arm, r.state";
const CONFIGS: &str = "SELECT id, stage, arm, number, settings, gradients, images FROM configs ORDER BY id";
const RUNS: &str =
    "SELECT id, config, seed, state, score, also, steps, secs, why, folder FROM runs ORDER BY id";

impl Store {
    /// How many runs are in which state.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn counts(&mut self) -> Result<Vec<Count>, StudyError> {
        self.atomic(|sql| {
            let mut counts = Vec::new();
            sql.query(COUNT, &[], &mut |row| {
                let real = |i: usize| row.get(i).and_then(Cell::real);
                let int = |i: usize| row.get(i).map_or(0, Cell::int);
                counts.push(Count {
                    stage: int(0) as usize,
                    arm: int(1) as usize,
                    state: state(int(2)),
                    runs: int(3) as u64,
                    secs: real(4).unwrap_or(0.0),
                    range: real(5).zip(real(6)).map(|(low, high)| [low, high]),
                });
                Ok(())
            })?;
            Ok(counts)
        })
    }

    /// All configurations and runs.
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn all(&mut self) -> Result<(Vec<Config>, Vec<Row>), StudyError> {
        self.atomic(|sql| {
            let (mut configs, mut index, mut runs) = (Vec::new(), BTreeMap::new(), Vec::new());
            sql.query(CONFIGS, &[], &mut |row| {
                index.insert(row.first().map_or(0, Cell::int), configs.len());
                configs.push(config(&row));
                Ok(())
            })?;
            sql.query(RUNS, &[], &mut |row| {
                let config = index.get(&row.get(1).map_or(0, Cell::int)).copied();
                runs.extend(config.map(|config| run(&row, config)));
                Ok(())
            })?;
            Ok((configs, runs))
        })
    }

    /// The specs and steps of all configurations, in the order of [`Store::all`].
    ///
    /// # Errors
    /// A store that does not answer.
    pub fn specs(&mut self) -> Result<Vec<(String, u64)>, StudyError> {
        self.atomic(|sql| {
            let mut specs = Vec::new();
            sql.query("SELECT spec, steps FROM configs ORDER BY id", &[], &mut |row| {
                let text = row.first().and_then(Cell::text).unwrap_or_default().to_owned();
                specs.push((text, row.get(1).map_or(0, Cell::int) as u64));
                Ok(())
            })?;
            Ok(specs)
        })
    }

    fn curve(&mut self, id: u64) -> Result<Vec<Point>, StudyError> {
        self.atomic(|sql| {
            let mut points = Vec::new();
            sql.query("SELECT points FROM curves WHERE run = ?1", &[id.into()], &mut |row| {
                let text = row.first().and_then(Cell::text).unwrap_or_default();
                let triples: Vec<(u64, f64, Option<f64>)> = serde_json::from_str(text).unwrap_or_default();
                let point = |(step, secs, score): (u64, f64, Option<f64>)| Point {
                    step,
                    secs,
                    score: score.unwrap_or(f64::NAN),
                };
                points = triples.into_iter().map(point).collect();
                Ok(())
            })?;
            Ok(points)
        })
    }
}

fn config(row: &[Cell]) -> Config {
    let int = |i: usize| row.get(i).map_or(0, Cell::int);
    let real = |i: usize| row.get(i).and_then(Cell::real).unwrap_or(0.0);
    let settings = row.get(4).and_then(Cell::text).and_then(|text| serde_json::from_str(text).ok());
    Config {
        stage: int(1) as usize,
        arm: int(2) as usize,
        number: int(3) as u32,
        settings: settings.unwrap_or_default(),
        gradients_per_step: real(5),
        images_per_step: real(6),
    }
}

fn run(row: &[Cell], config: usize) -> Row {
    let int = |i: usize| row.get(i).map_or(0, Cell::int);
    let text = |i: usize| row.get(i).and_then(Cell::text);
    let also: Vec<Option<f64>> = text(5).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    Row {
        id: int(0) as u64,
        config,
        seed: int(2) as u64,
        state: state(int(3)),
        score: row.get(4).and_then(Cell::real),
        also: also.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
        steps: int(6) as u64,
        secs: row.get(7).and_then(Cell::real).unwrap_or(0.0),
        why: text(8).map(Into::into),
        folder: text(9).map(Into::into),
    }
}

/// The curves of a store.
#[derive(Debug)]
pub struct StoredCurves(RefCell<Store>);

impl StoredCurves {
    /// Of this store.
    pub fn new(store: Store) -> StoredCurves {
        StoredCurves(RefCell::new(store))
    }
}

impl Curves for StoredCurves {
    fn curves(&self, runs: &[u64]) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
        let mut store = self.0.borrow_mut();
        runs.iter().map(|run| Ok(store.curve(*run)?)).collect()
    }
}
