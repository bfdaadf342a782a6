//! The tables, version by version. A version that was released never changes: what is new is a further step.

use super::{StoreError, Transaction, values};

/// How the databases name the types.
pub(super) struct Dialect {
    /// A number that counts by itself.
    pub(super) serial: &'static str,
    /// Octets.
    pub(super) octets: &'static str,
    /// What makes the table `audit` refuse to change or delete a row.
    pub(super) append_only: &'static str,
}

/// The steps from nothing on. Step N makes schema N.
const STEPS: &[&str] = &[
    "
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
",
    "
CREATE TABLE audit (
    seq {serial},
    at BIGINT NOT NULL,
    project TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    certificate TEXT,
    result TEXT NOT NULL,
    fingerprint TEXT,
    request TEXT NOT NULL
);
{append_only}
",
];

/// The schema of this version.
fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Makes the tables, or brings them to this version.
pub(super) fn migrate(transaction: &mut dyn Transaction, dialect: &Dialect) -> Result<(), StoreError> {
    to(transaction, dialect, STEPS.len())
}

/// Brings the tables to the schema `wanted`, or to this version's where that is less.
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
        let step = step.replace("{serial}", dialect.serial).replace("{octets}", dialect.octets);
        transaction.script(&step.replace("{append_only}", dialect.append_only))?;
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

#[cfg(test)]
mod tests {
    use super::super::{Database, sqlite};
    use super::*;
    use crate::store::certificates::{self, Filter, Record};
    use crate::store::{Store, audit};

    fn record() -> Record {
        Record {
            project: "p".to_owned(),
            id: "1".to_owned(),
            name: "the_name".to_owned(),
            created: 1,
            kind: "global".to_owned(),
            instance_id: "common".to_owned(),
            algorithm_type: "ECC".to_owned(),
            common_name: String::new(),
            signature_algorithm: String::new(),
            not_after: 2,
            fingerprint: String::new(),
            response: "{}".to_owned(),
            content: "{}".to_owned(),
            key_id: "k".to_owned(),
            sealed: vec![1],
        }
    }

    #[test]
    fn each_schema_is_brought_to_this_one_with_what_is_in_it() {
        for schema in 1..=STEPS.len() {
            let path =
                std::env::temp_dir().join(format!("certgate-schema-{schema}-{}.db", std::process::id()));
            let old = sqlite::Sqlite::open(&path).unwrap();
            old.write(Box::new(move |transaction| {
                to(transaction, old_dialect(), schema)?;
                set_key_id(transaction, "k")?;
                certificates::insert(transaction, record(), 10).map(|_| ())
            }))
            .unwrap();
            drop(old);
            let url = format!("sqlite://{}", path.display());
            let store = Store::open(&url).unwrap();
            let (total, _) = store
                .read(|transaction| certificates::list(transaction, "p", &Filter::default(), 0, 10))
                .unwrap();
            assert_eq!(total, 1);
            assert!(store.read(|transaction| audit::after(transaction, 0, 10)).unwrap().is_empty());
            // A second start changes nothing.
            Store::open(&url).unwrap();
            // A later version's database is left alone.
            store
                .write(|transaction| {
                    transaction.run("UPDATE meta SET value = '99' WHERE name = 'schema'", &[]).map(|_| ())
                })
                .unwrap();
            assert!(matches!(Store::open(&url), Err(StoreError::Newer { found: 99, .. })));
            std::fs::remove_file(&path).unwrap();
        }
    }

    fn old_dialect() -> &'static Dialect {
        &sqlite::DIALECT
    }

    #[test]
    fn the_audit_refuses_to_change() {
        let path = std::env::temp_dir().join(format!("certgate-audit-{}.db", std::process::id()));
        let store = Store::open(&format!("sqlite://{}", path.display())).unwrap();
        let entry = audit::Entry {
            at: 1,
            project: "p".to_owned(),
            who: "w".to_owned(),
            action: "create".to_owned(),
            certificate: None,
            result: "ok".to_owned(),
            fingerprint: None,
            request: "r".to_owned(),
        };
        store.write(|transaction| audit::add(transaction, entry)).unwrap();
        for sql in ["DELETE FROM audit", "UPDATE audit SET who = 'x'"] {
            assert!(store.write(move |transaction| transaction.run(sql, &[])).is_err(), "{sql}");
        }
        assert_eq!(store.read(|transaction| audit::after(transaction, 0, 10)).unwrap().len(), 1);
        std::fs::remove_file(&path).unwrap();
    }
}
