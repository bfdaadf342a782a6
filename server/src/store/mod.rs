//! What the server keeps: certificates, tokens, access keys. All SQL is here and in the files beside; the two databases differ only in how a
//! transaction is opened (`sqlite`, `postgres`).
//!
//! `rusqlite` and `postgres` behind one small trait, not `sqlx`: the SQL is the same text for both (`$1` means the first value in either), the
//! calls block anyway.

pub(crate) mod audit;
pub(crate) mod certificates;
pub(crate) mod credentials;
mod migrate;
mod postgres;
mod sqlite;

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

pub(crate) use migrate::{key_id, set_key_id};

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Number(i64),
    Text(String),
    Octets(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(octets: Vec<u8>) -> Self {
        Self::Octets(octets)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of a result; columns are taken from the left.
pub(crate) struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next column, where it is not null.
    pub(crate) fn maybe<T: FromValue>(&mut self) -> Result<Option<T>, StoreError> {
        match self.0.next() {
            Some(Value::Null) => Ok(None),
            Some(value) => T::from_value(value).map(Some).ok_or(StoreError::Shape),
            None => Err(StoreError::Shape),
        }
    }

    /// The next column, which is never null.
    pub(crate) fn take<T: FromValue>(&mut self) -> Result<T, StoreError> {
        self.maybe()?.ok_or(StoreError::Shape)
    }
}

/// What a column can be read as.
pub(crate) trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Number(number) = value { Some(number) } else { None }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        if let Value::Octets(octets) = value { Some(octets) } else { None }
    }
}

/// Why the database did not do something. What the database's driver says is kept to its kind: its text can quote values.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum StoreError {
    /// A value that must be unique is there already.
    #[error("the value is taken")]
    Taken,
    /// The database does not answer, is full or cannot be written.
    #[error("the database cannot do it: {0}")]
    Unable(String),
    /// A row is not as this version writes it.
    #[error("a row of the database is not as this version writes it")]
    Shape,
    /// The database was made by a later version.
    #[error("the database has schema {found}, and this version knows {known}: use the newer certgate-server")]
    Newer { found: i64, known: i64 },
    /// The secrets are sealed with another key than this process has.
    #[error("the master key of the database was changed: start the server with the new one")]
    OtherKey,
}

/// A transaction.
pub(crate) trait Transaction {
    /// The rows of a query.
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError>;
    /// How many rows a statement changed.
    fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError>;
    /// Statements without values.
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;
    /// Lets no other transaction that locks the same name go on until this one ends.
    fn lock(&mut self, name: &str) -> Result<(), StoreError>;
}

/// A job in a transaction: what it wrote is kept where it returns `Ok`.
type Job = Box<dyn FnOnce(&mut dyn Transaction) -> Result<(), StoreError> + Send>;

/// A database: how it opens transactions.
trait Database: Send + Sync {
    /// Runs a job that only reads.
    fn read(
        &self,
        job: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
    /// Runs a job, and returns once what it wrote is on the disk.
    fn write(&self, job: Job) -> Result<(), StoreError>;
    /// What types its columns have.
    fn dialect(&self) -> &'static migrate::Dialect;
    /// Writes a copy of everything to a new file, consistent while others write.
    fn backup(&self, to: &std::path::Path) -> Result<(), StoreError>;
}

/// The database in use.
#[derive(Clone)]
pub(crate) struct Store(Arc<dyn Database>);

impl Store {
    /// Opens `sqlite://PATH` or `postgres://…`, and brings its tables to this version.
    pub(crate) fn open(url: &str) -> Result<Self, StoreError> {
        let database: Arc<dyn Database> = match url.strip_prefix("sqlite://") {
            Some(path) => Arc::new(sqlite::Sqlite::open(path.as_ref())?),
            None => Arc::new(postgres::Postgres::open(url)?),
        };
        let store = Self(database);
        let dialect = store.0.dialect();
        store.write(move |transaction| migrate::migrate(transaction, dialect))?;
        Ok(store)
    }

    /// The result of a job that only reads.
    pub(crate) fn read<T>(
        &self,
        job: impl Fn(&mut dyn Transaction) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut result = None;
        self.0.read(&mut |transaction| {
            result = Some(job(transaction)?);
            Ok(())
        })?;
        result.ok_or(StoreError::Shape)
    }

    /// The result of a job that writes, once it is on the disk. The job may run on another thread.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Transaction) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let result = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&result);
        self.0.write(Box::new(move |transaction| {
            let value = job(transaction)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        }))?;
        let value = result.lock().unwrap_or_else(PoisonError::into_inner).take();
        value.ok_or(StoreError::Shape)
    }

    /// Whether the database answers.
    pub(crate) fn is_ready(&self) -> Result<(), StoreError> {
        self.read(|transaction| {
            transaction.rows("SELECT value FROM meta WHERE name = 'schema'", &[]).map(|_| ())
        })
    }

    /// Writes a copy of the database to a new file.
    pub(crate) fn backup(&self, to: &std::path::Path) -> Result<(), StoreError> {
        self.0.backup(to)
    }
}

/// `values![a, b]`: the values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::store::Value::from($value)),*] };
}
pub(crate) use values;
