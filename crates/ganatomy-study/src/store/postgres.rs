//! A store for several machines: Postgres, one schema a study.

use std::error::Error;

use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Row, Statement};

use super::sql::{Cell, Dialect, Sql};
use crate::StudyError;

static DIALECT: Dialect = Dialect {
    now: "extract(epoch from clock_timestamp())::float8",
    skip_locked: "FOR UPDATE SKIP LOCKED",
    key: "BIGINT PRIMARY KEY",
};

/// A connection to the server.
pub(super) struct Postgres {
    url: String,
    password: Option<String>,
    schema: String,
    client: Client,
    prepared: std::collections::BTreeMap<String, Statement>,
}

impl Postgres {
    /// Connects, and takes the study's schema; with `makes`, makes it where it is missing.
    pub(super) fn open(
        url: &str,
        password: Option<String>,
        study: &str,
        makes: bool,
    ) -> Result<Postgres, StudyError> {
        let schema = schema(study);
        let client =
            connect(url, password.as_deref(), &schema, makes).map_err(|error| failed(url, &error))?;
        let mut open =
            Postgres { url: url.to_owned(), password, schema, client, prepared: Default::default() };
        let mut known = false;
        let there = "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?1";
        let name = open.schema.clone();
        open.query(there, &[name.as_str().into()], &mut |_| {
            known = true;
            Ok(())
        })?;
        match known {
            true => Ok(open),
            false => {
                let why = format!("it holds no study \"{study}\"");
                Err(StudyError::Store { store: url.to_owned(), why, passing: false, request: true })
            }
        }
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, StudyError> {
        if let Some(known) = self.prepared.get(sql) {
            return Ok(known.clone());
        }
        let made = self.client.prepare(&numbered(sql)).map_err(|error| failed(&self.url, &error))?;
        self.prepared.insert(sql.to_owned(), made.clone());
        Ok(made)
    }
}

fn connect(url: &str, password: Option<&str>, schema: &str, makes: bool) -> Result<Client, postgres::Error> {
    let mut config: Config = url.parse()?;
    if let Some(password) = password {
        config.password(password);
    }
    let mut client = config.connect(NoTls)?;
    if makes {
        client.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))?;
    }
    client.batch_execute(&format!("SET search_path TO \"{schema}\"; SET client_min_messages TO warning"))?;
    Ok(client)
}

/// Names of schemas are plain; a study's name has no quotes.
fn schema(study: &str) -> String {
    format!("ganatomy_{study}")
}

/// `?1` is `$1` there.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn failed(url: &str, error: &postgres::Error) -> StudyError {
    let mut why = error.to_string();
    if let Some(cause) = error.source() {
        why = format!("{why}: {cause}");
    }
    let code = error.code().map(postgres::error::SqlState::code);
    // Without a code the connection is gone; 57: the server goes down or comes up, 40: to be tried again, 53: too many, 08: broken.
    let passing =
        code.is_none_or(|code| ["57", "40", "53", "08"].iter().any(|class| code.starts_with(class)));
    let request = code.is_some_and(|code| ["3D", "28", "42"].iter().any(|class| code.starts_with(class)));
    StudyError::Store { store: url.to_owned(), why, passing, request }
}

impl Sql for Postgres {
    fn change(&mut self, sql: &str, values: &[Cell]) -> Result<u64, StudyError> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &values).map_err(|error| failed(&self.url, &error))
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Cell],
        row: &mut dyn FnMut(Vec<Cell>) -> Result<(), StudyError>,
    ) -> Result<(), StudyError> {
        use postgres::fallible_iterator::FallibleIterator as _;
        let statement = self.prepared(sql)?;
        let url = self.url.clone();
        let mut rows = self.client.query_raw(&statement, values).map_err(|error| failed(&url, &error))?;
        while let Some(found) = rows.next().map_err(|error| failed(&url, &error))? {
            row(cells(&found))?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StudyError> {
        self.client.batch_execute("BEGIN").map_err(|error| failed(&self.url, &error))
    }

    fn commit(&mut self) -> Result<(), StudyError> {
        self.client.batch_execute("COMMIT").map_err(|error| failed(&self.url, &error))
    }

    fn rollback(&mut self) {
        // A connection that is broken has rolled back already.
        let _ = self.client.batch_execute("ROLLBACK");
    }

    fn renew(&mut self) -> Result<(), StudyError> {
        if self.client.is_closed() || self.client.is_valid(std::time::Duration::from_secs(5)).is_err() {
            self.client = connect(&self.url, self.password.as_deref(), &self.schema, false)
                .map_err(|error| failed(&self.url, &error))?;
            self.prepared.clear();
        }
        Ok(())
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }
}

fn cells(row: &Row) -> Vec<Cell> {
    let cell = |(i, column): (usize, &postgres::Column)| match *column.type_() {
        Type::INT8 => row.get::<_, Option<i64>>(i).map_or(Cell::Null, Cell::Int),
        Type::INT4 => row.get::<_, Option<i32>>(i).map_or(Cell::Null, |n| Cell::Int(n.into())),
        Type::FLOAT8 => row.get::<_, Option<f64>>(i).map_or(Cell::Null, Cell::Real),
        Type::TEXT | Type::VARCHAR | Type::NAME => {
            row.get::<_, Option<String>>(i).map_or(Cell::Null, Cell::Text)
        }
        _ => Cell::Null,
    };
    row.columns().iter().enumerate().map(cell).collect()
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Cell::Int(n), &Type::FLOAT8) => (*n as f64).to_sql(ty, out),
            (Cell::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Cell::Int(n), _) => n.to_sql(ty, out),
            (Cell::Real(x), _) => x.to_sql(ty, out),
            (Cell::Text(text), _) => text.to_sql(ty, out),
            (Cell::Null, _) => Ok(IsNull::Yes),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::FLOAT8 | Type::TEXT | Type::VARCHAR | Type::NAME)
    }

    to_sql_checked!();
}
