//! The store of a study: what is to be done, who does it, what came of it. Whatever dies, every run is done exactly once.

mod address;
mod claim;
mod expand;
#[cfg(feature = "postgres")]
mod postgres;
mod read;
mod rungs;
mod schema;
mod sql;
mod sqlite;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use address::{Address, FILE, network_file_system};
pub use claim::{Claim, Ended};
pub use expand::NewConfig;
pub use read::{Count, StoredCurves};

use crate::StudyError;
use sql::{Cell, Sql};

/// For how long, in all, a store that does not answer is asked again: a server that restarts is back by then.
const PATIENCE: [u64; 12] = [10, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 10_000, 15_000, 15_000];

/// The same for opening it, where an address that is wrong looks like a server that restarts.
const PATIENCE_TO_OPEN: [u64; 7] = [100, 200, 500, 1000, 2000, 3000, 3000];

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Made if it is not there.
    Make,
    /// To work on what is there.
    Work,
    /// To read only: nothing is ever written, whatever happens.
    Read,
}

/// An open store.
pub struct Store {
    sql: Box<dyn Sql>,
    address: Address,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A study as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Founding {
    /// Its name.
    pub name: String,
    /// Its file, in the size that was chosen, as TOML.
    pub file: String,
    /// The folder of its data, if one was given.
    pub data: Option<String>,
}

impl Store {
    /// Opens a store, and brings its tables up to date where it may write.
    ///
    /// # Errors
    /// A store that is not there, cannot be reached, is none, or was made by a later version.
    pub fn open(address: &Address, mode: Mode) -> Result<Store, StudyError> {
        let mut waits = PATIENCE_TO_OPEN.iter();
        loop {
            match (Store::open_once(address, mode), waits.next()) {
                (Err(StudyError::Store { passing: true, .. }), Some(wait)) => {
                    std::thread::sleep(Duration::from_millis(*wait));
                }
                (opened, _) => return opened,
            }
        }
    }

    fn open_once(address: &Address, mode: Mode) -> Result<Store, StudyError> {
        let sql: Box<dyn Sql> = match address {
            Address::Sqlite(path) => {
                Box::new(sqlite::Sqlite::open(path, mode != Mode::Read, mode == Mode::Make)?)
            }
            #[cfg(feature = "postgres")]
            Address::Postgres { url, password, study } => {
                let password = password.clone().or_else(|| std::env::var("PGPASSWORD").ok());
                Box::new(postgres::Postgres::open(url, password, study, mode == Mode::Make)?)
            }
            #[cfg(not(feature = "postgres"))]
            Address::Postgres { .. } => {
                let why =
                    "this program was built without Postgres; `cargo install` it with --features postgres";
                return Err(refused(address, why));
            }
        };
        let mut store = Store { sql, address: address.clone() };
        store.check_version(mode)?;
        Ok(store)
    }

    fn check_version(&mut self, mode: Mode) -> Result<(), StudyError> {
        let found = schema::version(&mut *self.sql)?;
        if found > schema::VERSION {
            let why = format!(
                "it was made by a later version of this program (tables of version {found}, this one knows {})",
                schema::VERSION
            );
            return Err(refused(&self.address, &why));
        }
        match mode {
            Mode::Make if found == 0 => Ok(()),
            _ if found == 0 => Err(refused(&self.address, "it holds no study")),
            Mode::Read if found < schema::VERSION => Err(refused(
                &self.address,
                "it is of an earlier version; `ganatomy study run` brings it up to date",
            )),
            Mode::Read => Ok(()),
            _ if found == schema::VERSION => Ok(()),
            _ => self.atomic(|sql| schema::migrate(sql, found)),
        }
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The study it holds; nothing before one was begun.
    ///
    /// # Errors
    /// A store that cannot be read.
    pub fn founding(&mut self) -> Result<Option<Founding>, StudyError> {
        if schema::version(&mut *self.sql)? == 0 {
            return Ok(None);
        }
        self.atomic(founding)
    }

    /// Begins a study with its first configurations; where one was begun before, or by another process at this moment, returns
    /// that one and changes nothing.
    ///
    /// # Errors
    /// A store that cannot be written.
    pub fn found(
        &mut self,
        founding: &Founding,
        configs: &[NewConfig],
    ) -> Result<Option<Founding>, StudyError> {
        if let Some(before) = self.founding()? {
            return Ok(Some(before));
        }
        let made = self.atomic(|sql| {
            schema::migrate(sql, 0)?;
            let begin = sql.dialect().fill(
                "INSERT INTO study (id, version, name, file, stage, data, began) VALUES (1, ?1, ?2, ?3, 0, ?4, {now})",
            );
            let data = Cell::from(founding.data.as_deref());
            let values =
                [Cell::Int(schema::VERSION), founding.name.as_str().into(), founding.file.as_str().into(), data];
            sql.change(&begin, &values)?;
            expand::insert(sql, configs)
        });
        match (made, self.founding()?) {
            (Ok(()), _) => Ok(None),
            // Another process was faster.
            (Err(_), Some(before)) => Ok(Some(before)),
            (Err(error), None) => Err(error),
        }
    }

    /// Does all of `work` or nothing; again, where the store was busy, restarted or lost its connection.
    fn atomic<T>(
        &mut self,
        mut work: impl FnMut(&mut dyn Sql) -> Result<T, StudyError>,
    ) -> Result<T, StudyError> {
        let mut waits = PATIENCE.iter();
        loop {
            let tried = self.sql.renew().and_then(|()| once(&mut *self.sql, &mut work));
            match (tried, waits.clone().next()) {
                (Err(StudyError::Store { passing: true, .. }), Some(wait)) => {
                    waits.next();
                    std::thread::sleep(Duration::from_millis(*wait));
                }
                (tried, _) => return tried,
            }
        }
    }
}

fn once<T>(
    sql: &mut dyn Sql,
    work: &mut impl FnMut(&mut dyn Sql) -> Result<T, StudyError>,
) -> Result<T, StudyError> {
    sql.begin()?;
    let done = work(sql).and_then(|done| sql.commit().map(|()| done));
    if done.is_err() {
        sql.rollback();
    }
    done
}

fn founding(sql: &mut dyn Sql) -> Result<Option<Founding>, StudyError> {
    let mut found = None;
    sql.query("SELECT name, file, data FROM study", &[], &mut |row| {
        let text = |i: usize| row.get(i).and_then(Cell::text).map(str::to_owned);
        let (name, file) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
        found = Some(Founding { name, file, data: text(2) });
        Ok(())
    })?;
    Ok(found)
}

fn refused(address: &Address, why: &str) -> StudyError {
    StudyError::Store { store: address.to_string(), why: why.to_owned(), passing: false, request: true }
}
