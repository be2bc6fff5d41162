//! A store in one file: SQLite with a write-ahead log, which readers never block.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use super::sql::{Cell, Dialect, Sql};
use crate::StudyError;

/// A writer waits this long for another.
const BUSY: Duration = Duration::from_secs(30);

static DIALECT: Dialect = Dialect { now: "unixepoch('subsec')", skip_locked: "", key: "INTEGER PRIMARY KEY" };

/// A connection to the file.
pub(super) struct Sqlite {
    path: PathBuf,
    writes: bool,
    connection: Connection,
}

impl Sqlite {
    /// Opens the file; with `makes`, makes it where it is missing; without `writes`, only to read.
    pub(super) fn open(path: &Path, writes: bool, makes: bool) -> Result<Sqlite, StudyError> {
        if !makes && !path.is_file() {
            let why = "there is no such file; `ganatomy study run FILE` begins a study".to_owned();
            return Err(StudyError::Store {
                store: path.display().to_string(),
                why,
                passing: false,
                request: true,
            });
        }
        let connection = connect(path, writes, makes).map_err(|error| failed(path, &error))?;
        Ok(Sqlite { path: path.to_owned(), writes, connection })
    }

    fn failed(&self, error: rusqlite::Error) -> StudyError {
        failed(&self.path, &error)
    }
}

fn connect(path: &Path, writes: bool, makes: bool) -> rusqlite::Result<Connection> {
    let mut flags = match writes {
        true => OpenFlags::SQLITE_OPEN_READ_WRITE,
        false => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    flags.set(OpenFlags::SQLITE_OPEN_CREATE, makes);
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(64);
    if writes {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
    }
    // Also finds out whether it is a database at all.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

fn failed(path: &Path, error: &rusqlite::Error) -> StudyError {
    let code = error.sqlite_error_code();
    let passing = matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked));
    let request = matches!(
        code,
        Some(
            ErrorCode::NotADatabase
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
        )
    );
    let why = match code {
        Some(ErrorCode::NotADatabase) => "this is not a SQLite database".to_owned(),
        Some(ErrorCode::ReadOnly) => "it cannot be written to".to_owned(),
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::CannotOpen) => "it cannot be opened".to_owned(),
        _ => error.to_string(),
    };
    StudyError::Store { store: path.display().to_string(), why, passing, request }
}

impl Sql for Sqlite {
    fn change(&mut self, sql: &str, values: &[Cell]) -> Result<u64, StudyError> {
        let changed = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(values)));
        changed.map(|n| n as u64).map_err(|error| self.failed(error))
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Cell],
        row: &mut dyn FnMut(Vec<Cell>) -> Result<(), StudyError>,
    ) -> Result<(), StudyError> {
        let fail = |error: rusqlite::Error| failed(&self.path, &error);
        let mut statement = self.connection.prepare_cached(sql).map_err(fail)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(fail)?;
        while let Some(found) = rows.next().map_err(fail)? {
            let cells =
                (0..columns).map(|i| Ok(cell(found.get_ref(i)?))).collect::<rusqlite::Result<Vec<Cell>>>();
            row(cells.map_err(fail)?)?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StudyError> {
        // A transaction that first reads and then writes could not wait for another writer.
        let begin = if self.writes { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.change(begin, &[]).map(drop)
    }

    fn commit(&mut self) -> Result<(), StudyError> {
        self.change("COMMIT", &[]).map(drop)
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            // What cannot be rolled back is rolled back when the connection closes.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn renew(&mut self) -> Result<(), StudyError> {
        Ok(())
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Integer(n) => Cell::Int(n),
        ValueRef::Real(x) => Cell::Real(x),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Cell::Null,
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Cell::Int(n) => ToSqlOutput::Owned(Value::Integer(*n)),
            Cell::Real(x) => ToSqlOutput::Owned(Value::Real(*x)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Null => ToSqlOutput::Owned(Value::Null),
        })
    }
}
