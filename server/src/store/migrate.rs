//! The tables, version by version. A version that was released never changes: what is new is a further step.

use super::{StoreError, Transaction, values};

/// How the databases name the types.
pub(super) struct Dialect {
    /// A number that counts by itself.
    pub(super) serial: &'static str,
    /// Octets.
    pub(super) octets: &'static str,
}

/// The steps from nothing on. Step N makes schema N.
const STEPS: &[&str] = &["
CREATE TABLE certificates (
    seq {serial},
    project TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    type TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    algorithm_type TEXT NOT NULL,
    common_name TEXT NOT NULL,
    signature_algorithm TEXT NOT NULL,
    not_after BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    response TEXT NOT NULL,
    content TEXT NOT NULL,
    key_id TEXT NOT NULL,
    sealed {octets} NOT NULL,
    UNIQUE (project, name)
);
CREATE INDEX certificates_in_order ON certificates (project, seq);
CREATE INDEX certificates_by_end ON certificates (not_after);
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash {octets} NOT NULL UNIQUE,
    project TEXT NOT NULL,
    actions TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT
);
CREATE TABLE access_keys (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    actions TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT,
    revoked BIGINT,
    key_id TEXT NOT NULL,
    sealed {octets} NOT NULL
);
"];

/// The schema of this version.
fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Makes the tables, or brings them to this version.
pub(super) fn migrate(transaction: &mut dyn Transaction, dialect: &Dialect) -> Result<(), StoreError> {
    to(transaction, dialect, STEPS.len())
}

fn to(transaction: &mut dyn Transaction, dialect: &Dialect, wanted: usize) -> Result<(), StoreError> {
    transaction.lock("certgate schema")?;
    transaction.script("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")?;
    let found = match read(transaction, "SELECT value FROM meta WHERE name = 'schema'")? {
        Some(text) => text.parse().map_err(|_| StoreError::Shape)?,
        None => 0,
    };
    if found > known() {
        return Err(StoreError::Newer { found, known: known() });
    }
    let done = usize::try_from(found).map_err(|_| StoreError::Shape)?;
    for step in STEPS.iter().take(wanted).skip(done) {
        transaction.script(&step.replace("{serial}", dialect.serial).replace("{octets}", dialect.octets))?;
    }
    let now = done.max(wanted).to_string();
    transaction.run(
        "INSERT INTO meta (name, value) VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        values![now],
    )?;
    Ok(())
}

fn read(transaction: &mut dyn Transaction, sql: &'static str) -> Result<Option<String>, StoreError> {
    transaction.rows(sql, &[])?.into_iter().next().map(|mut row| row.take()).transpose()
}

/// The identifier of the master key that the secrets are sealed with, where there is one.
pub(crate) fn key_id(transaction: &mut dyn Transaction) -> Result<Option<String>, StoreError> {
    read(transaction, "SELECT value FROM meta WHERE name = 'key_id'")
}

/// Notes the master key that the secrets are sealed with.
pub(crate) fn set_key_id(transaction: &mut dyn Transaction, id: &str) -> Result<(), StoreError> {
    transaction.run(
        "INSERT INTO meta (name, value) VALUES ('key_id', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        values![id],
    )?;
    Ok(())
}
