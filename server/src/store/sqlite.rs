//! SQLite, built in. WAL and `synchronous = FULL`: what was answered is on the disk.
//!
//! One thread writes. What waits for it goes into one transaction, each job in a savepoint of its own, so that many writers share the one
//! wait for the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, TransactionBehavior, params_from_iter};

use super::migrate::Dialect;
use super::{Database, Job, Row, StoreError, Transaction, Value};

pub(super) static DIALECT: Dialect = Dialect {
    serial: "INTEGER PRIMARY KEY AUTOINCREMENT",
    octets: "BLOB",
    append_only: "
CREATE TRIGGER audit_not_updated BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;",
};

/// The most jobs of one transaction.
const TOGETHER: usize = 64;

/// How long another process (a command that makes a token) may hold the lock.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    writes: SyncSender<Write>,
}

struct Write {
    job: Job,
    done: SyncSender<Result<(), StoreError>>,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = connect(path)?;
        let (writes, waiting) = sync_channel(TOGETHER);
        let named = thread::Builder::new().name("sqlite-writer".to_owned());
        named
            .spawn(move || write_all(writer, &waiting))
            .map_err(|error| StoreError::Unable(error.kind().to_string()))?;
        Ok(Self { path: path.to_owned(), readers: Mutex::new(Vec::new()), writes })
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Database for Sqlite {
    fn read(
        &self,
        job: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let free = self.readers().pop();
        let mut connection = match free {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.path)?;
                connection.pragma_update(None, "query_only", true)?;
                connection
            }
        };
        let transaction = connection.transaction()?;
        job(&mut Open(&transaction))?;
        transaction.commit()?;
        // After an error the connection is not kept.
        self.readers().push(connection);
        Ok(())
    }

    fn write(&self, job: Job) -> Result<(), StoreError> {
        let gone = || StoreError::Unable("the writer has stopped".to_owned());
        let (done, result) = sync_channel(1);
        self.writes.send(Write { job, done }).map_err(|_| gone())?;
        result.recv().map_err(|_| gone())?
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let to_text =
            to.to_str().ok_or_else(|| StoreError::Unable("the file's name is not UTF-8".to_owned()))?;
        connect(&self.path)?.execute("VACUUM INTO ?1", [to_text])?;
        let file = std::fs::File::open(to).and_then(|file| file.sync_all());
        file.map_err(|error| StoreError::Unable(error.kind().to_string()))
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Writes what comes, until the last sender is gone.
fn write_all(mut connection: Connection, waiting: &Receiver<Write>) {
    while let Ok(first) = waiting.recv() {
        let mut together = vec![first];
        together.extend(waiting.try_iter().take(TOGETHER.saturating_sub(1)));
        write_together(&mut connection, together);
    }
}

fn write_together(connection: &mut Connection, writes: Vec<Write>) {
    let mut answers = Vec::with_capacity(writes.len());
    let mut doors = Vec::with_capacity(writes.len());
    let mut transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => {
            let error = StoreError::from(error);
            return writes.into_iter().for_each(|write| _ = write.done.send(Err(error.clone())));
        }
    };
    for Write { job, done } in writes {
        doors.push(done);
        answers.push(write_one(&mut transaction, job));
    }
    let committed = transaction.commit().map_err(StoreError::from);
    for (done, answer) in doors.into_iter().zip(answers) {
        // Nobody waits any more where the send fails.
        let _ = done.send(answer.and(committed.clone()));
    }
}

fn write_one(transaction: &mut rusqlite::Transaction<'_>, job: Job) -> Result<(), StoreError> {
    let savepoint = transaction.savepoint()?;
    let result = catch_unwind(AssertUnwindSafe(|| job(&mut Open(&savepoint))));
    match result {
        Ok(Ok(())) => Ok(savepoint.commit()?),
        // Dropped, a savepoint is rolled back.
        Ok(Err(error)) => Err(error),
        Err(_) => Err(StoreError::Unable("an internal error".to_owned())),
    }
}

struct Open<'c>(&'c Connection);

impl Transaction for Open<'_> {
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values: Result<Vec<_>, _> =
                (0..columns).map(|column| row.get_ref(column).map(value)).collect();
            found.push(Row::new(values?));
        }
        Ok(found)
    }

    fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        let changed = self.0.prepare_cached(sql)?.execute(params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.0.execute_batch(sql)?)
    }

    fn lock(&mut self, _: &str) -> Result<(), StoreError> {
        // There is only one writer.
        Ok(())
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Number(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(octets) => Value::Octets(octets.to_vec()),
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Number(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Octets(octets) => ValueRef::Blob(octets),
        }))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Taken,
            Some(code) => Self::Unable(format!("SQLite says {code:?}")),
            None => Self::Unable("SQLite does not take the statement".to_owned()),
        }
    }
}
