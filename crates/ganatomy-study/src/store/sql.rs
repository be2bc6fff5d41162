//! The little that a study asks of a database, so that one store stands on any.

use crate::StudyError;

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Int(i64),
    Real(f64),
    Text(String),
    Null,
}

/// A connection.
pub(crate) trait Sql: Send {
    /// Carries out one statement, and returns how many rows it changed. Values are `?1`, `?2`, ...
    fn change(&mut self, sql: &str, values: &[Cell]) -> Result<u64, StudyError>;
    /// Hands every row that a statement returns to `row`.
    fn query(
        &mut self,
        sql: &str,
        values: &[Cell],
        row: &mut dyn FnMut(Vec<Cell>) -> Result<(), StudyError>,
    ) -> Result<(), StudyError>;
    /// Begins a transaction that may write.
    fn begin(&mut self) -> Result<(), StudyError>;
    /// Makes all of it happen.
    fn commit(&mut self) -> Result<(), StudyError>;
    /// Makes nothing of it happen, whatever state it is in.
    fn rollback(&mut self);
    /// Connects anew, where the connection may be broken.
    fn renew(&mut self) -> Result<(), StudyError>;
    /// What it says differently.
    fn dialect(&self) -> &'static Dialect;
}

/// What databases say differently.
pub(crate) struct Dialect {
    /// Its own clock, in seconds since 1970: clocks of workers may differ.
    pub now: &'static str,
    /// Passes over rows that another claims at this moment.
    pub skip_locked: &'static str,
    /// The type of a table's numbers.
    pub key: &'static str,
}

impl Dialect {
    /// A statement with `{now}`, `{skip_locked}` and `{key}` filled in.
    pub(crate) fn fill(&self, sql: &str) -> String {
        sql.replace("{now}", self.now).replace("{skip_locked}", self.skip_locked).replace("{key}", self.key)
    }
}

impl Cell {
    pub(crate) fn int(&self) -> i64 {
        match self {
            Cell::Int(n) => *n,
            Cell::Real(x) => *x as i64,
            _ => 0,
        }
    }

    pub(crate) fn real(&self) -> Option<f64> {
        match self {
            Cell::Int(n) => Some(*n as f64),
            Cell::Real(x) => Some(*x),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Cell {
        Cell::Int(n as i64)
    }
}

impl From<f64> for Cell {
    fn from(x: f64) -> Cell {
        Cell::Real(x)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}
