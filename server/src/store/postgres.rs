//! PostgreSQL. Each transaction has a connection of its own from a small pool; a connection that broke is not used again.
//!
//! Without TLS: the server and its database are on one machine or in one private network. The password stands in the URL, or in the file that
//! `PGPASSFILE` would name for other programs: this one does not read it.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::migrate::Dialect;
use super::{Database, Job, Row, StoreError, Transaction, Value};

static DIALECT: Dialect = Dialect {
    serial: "BIGSERIAL PRIMARY KEY",
    octets: "BYTEA",
    append_only: "
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    EXECUTE FUNCTION audit_is_append_only();",
};

/// How long a new connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Postgres {
    config: Config,
    free: Mutex<Vec<Connection>>,
}

/// A connection, and the statements that it has prepared.
struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Connection {
    /// Runs a job in a transaction. The outer error is one of the connection, which is then not used again.
    fn run(
        &mut self,
        read_only: bool,
        job: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), StoreError>,
    ) -> Result<Result<(), StoreError>, StoreError> {
        let transaction = self.client.build_transaction().read_only(read_only).start()?;
        let mut open = Open { transaction, statements: &mut self.statements };
        let result = job(&mut open);
        match result {
            Ok(()) => open.transaction.commit()?,
            Err(_) => open.transaction.rollback()?,
        }
        Ok(result)
    }
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let wrong = || StoreError::Unable("its URL is not postgres://USER:PASSWORD@HOST/NAME".to_owned());
        let mut config: Config = url.parse().map_err(|_| wrong())?;
        config.connect_timeout(PATIENCE).application_name("certgate-server");
        // An answered write is on the disk, whatever the database's own default.
        config.options("-c synchronous_commit=on -c statement_timeout=10000 -c lock_timeout=5000");
        Ok(Self { config, free: Mutex::new(Vec::new()) })
    }

    fn connection(&self) -> Result<Connection, StoreError> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = free.pop() {
            if !connection.client.is_closed() {
                return Ok(connection);
            }
        }
        drop(free);
        Ok(Connection { client: self.config.connect(NoTls)?, statements: HashMap::new() })
    }

    fn in_transaction(
        &self,
        read_only: bool,
        job: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection()?;
        let result = connection.run(read_only, job)?;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }
}

impl Database for Postgres {
    fn read(
        &self,
        job: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.in_transaction(true, job)
    }

    fn write(&self, job: Job) -> Result<(), StoreError> {
        let mut job = Some(job);
        self.in_transaction(false, &mut |transaction| {
            job.take().map_or(Err(StoreError::Shape), |job| job(transaction))
        })
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn backup(&self, _: &Path) -> Result<(), StoreError> {
        Err(StoreError::Unable("PostgreSQL has its own command for a backup, pg_dump".to_owned()))
    }
}

struct Open<'c> {
    transaction: postgres::Transaction<'c>,
    statements: &'c mut HashMap<&'static str, Statement>,
}

impl Open<'_> {
    fn prepared(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.transaction.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Transaction for Open<'_> {
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let rows = self.transaction.query(&statement, &values)?;
        let read =
            |row: &postgres::Row| (0..row.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>();
        rows.iter().map(|row| Ok(Row::new(read(row)?))).collect()
    }

    fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepared(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        Ok(self.transaction.execute(&statement, &values)?)
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.transaction.batch_execute(sql)?)
    }

    fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        self.rows(
            "SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 0))) AS locked",
            &[name.into()],
        )?;
        Ok(())
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Octets(octets) => octets.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Number),
            Type::TEXT => String::from_sql(kind, raw).map(Self::Text),
            _ => Vec::from_sql(kind, raw).map(Self::Octets),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(kind)
    }
}

impl From<postgres::Error> for StoreError {
    fn from(error: postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => Self::Taken,
            Some(code) => Self::Unable(format!("PostgreSQL answers {}", code.code())),
            None => Self::Unable("PostgreSQL does not answer".to_owned()),
        }
    }
}
