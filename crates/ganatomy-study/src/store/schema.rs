//! The tables of a store, and how those of an earlier version become today's.

use super::sql::{Cell, Sql};
use crate::StudyError;

/// The version of the tables below.
pub(super) const VERSION: i64 = 1;

/// What makes the tables of each version from those of the one before.
const STEPS: &[&[&str]] = &[&[
    "CREATE TABLE study (id {key}, version BIGINT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, stage BIGINT NOT NULL, \
     data TEXT, began DOUBLE PRECISION NOT NULL, ended DOUBLE PRECISION)",
    "CREATE TABLE configs (id {key}, stage BIGINT NOT NULL, arm BIGINT NOT NULL, number BIGINT NOT NULL, \
     settings TEXT NOT NULL, spec TEXT NOT NULL, steps BIGINT NOT NULL, gradients DOUBLE PRECISION NOT NULL, \
     images DOUBLE PRECISION NOT NULL)",
    "CREATE TABLE runs (id {key}, config BIGINT NOT NULL, seed BIGINT NOT NULL, state BIGINT NOT NULL, \
     attempt BIGINT NOT NULL, worker TEXT, beat DOUBLE PRECISION, score DOUBLE PRECISION, steps BIGINT, \
     secs DOUBLE PRECISION, why TEXT, folder TEXT, also TEXT)",
    "CREATE INDEX runs_waiting ON runs (id) WHERE state = 0",
    "CREATE INDEX runs_running ON runs (id) WHERE state = 1",
    "CREATE TABLE curves (run {key}, points TEXT NOT NULL)",
    "CREATE TABLE rungs (id {key}, run BIGINT NOT NULL, rung BIGINT NOT NULL, stage BIGINT NOT NULL, arm BIGINT NOT NULL, \
     score DOUBLE PRECISION NOT NULL)",
    "CREATE INDEX rungs_of ON rungs (stage, arm, rung)",
]];

/// The version of the store's tables; 0 where it has none.
pub(super) fn version(sql: &mut dyn Sql) -> Result<i64, StudyError> {
    let mut found = 0;
    // A table that is not there is an error, and in Postgres the end of the transaction.
    sql.rollback();
    let mut read = |row: Vec<Cell>| {
        found = row.first().map_or(0, Cell::int);
        Ok(())
    };
    match sql.query("SELECT version FROM study", &[], &mut read) {
        Ok(()) => Ok(found),
        Err(error @ StudyError::Store { passing: true, .. }) => Err(error),
        Err(_) => {
            sql.rollback();
            Ok(0)
        }
    }
}

/// Makes today's tables of those of `from`, within a transaction.
pub(super) fn migrate(sql: &mut dyn Sql, from: i64) -> Result<(), StudyError> {
    for step in STEPS.iter().skip(from as usize) {
        for statement in *step {
            sql.change(&sql.dialect().fill(statement), &[])?;
        }
    }
    if from > 0 {
        sql.change("UPDATE study SET version = ?1", &[Cell::Int(VERSION)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_step() {
        assert_eq!(STEPS.len() as i64, VERSION);
    }
}
