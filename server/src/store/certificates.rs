//! The certificates of a project.

use super::{Row, StoreError, Transaction, key_id, values};

/// A certificate as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) project: String,
    pub(crate) id: String,
    pub(crate) name: String,
    /// In seconds since 1970.
    pub(crate) created: i64,
    pub(crate) kind: String,
    pub(crate) instance_id: String,
    pub(crate) algorithm_type: String,
    pub(crate) common_name: String,
    pub(crate) signature_algorithm: String,
    /// In seconds since 1970.
    pub(crate) not_after: i64,
    /// SHA-256 of the server's certificate, in hexadecimal.
    pub(crate) fingerprint: String,
    /// The answer of the API, as JSON.
    pub(crate) response: String,
    /// The fields of the form that are public, as JSON.
    pub(crate) content: String,
    /// The master key that `sealed` opens with.
    pub(crate) key_id: String,
    /// The private keys.
    pub(crate) sealed: Vec<u8>,
}

/// What is told of a certificate without its keys.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// From 1, one more with each update.
    pub(crate) version: i64,
    pub(crate) created: i64,
    pub(crate) response: String,
    pub(crate) content: String,
}

/// Which certificates a list has. An empty text means any.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) name: String,
    pub(crate) common_name: String,
    pub(crate) signature_algorithm: String,
    pub(crate) kind: String,
    pub(crate) instance_id: String,
    /// Up to three: the API knows no more.
    pub(crate) algorithm_types: Vec<String>,
    pub(crate) expires_before: Option<i64>,
}

/// No secret is written with another master key than the one that the database names: after a change of keys, an old process writes nothing.
fn check_key(transaction: &mut dyn Transaction, id: &str) -> Result<(), StoreError> {
    if key_id(transaction)?.as_deref() == Some(id) { Ok(()) } else { Err(StoreError::OtherKey) }
}

/// Adds a certificate, unless the project has as many as `quota`: then `false`. [`StoreError::Taken`] where it has one of that name.
pub(crate) fn insert(
    transaction: &mut dyn Transaction,
    record: Record,
    quota: i64,
) -> Result<bool, StoreError> {
    transaction.lock(&record.project)?;
    check_key(transaction, &record.key_id)?;
    let count = transaction
        .rows("SELECT count(*) FROM certificates WHERE project = $1", values![&*record.project])?;
    if one::<i64>(count)?.unwrap_or_default() >= quota {
        return Ok(false);
    }
    let Record { project, id, name, created, kind, instance_id, algorithm_type, .. } = record;
    let Record {
        common_name,
        signature_algorithm,
        not_after,
        fingerprint,
        response,
        content,
        key_id,
        sealed,
        ..
    } = record;
    transaction.run(
        "INSERT INTO certificates (project, id, name, version, created, type, instance_id, algorithm_type, common_name, \
         signature_algorithm, not_after, fingerprint, response, content, key_id, sealed) \
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        values![
            project, id, name, created, kind, instance_id, algorithm_type, common_name,
            signature_algorithm, not_after, fingerprint, response, content, key_id, sealed
        ],
    )?;
    Ok(true)
}

/// Replaces a certificate, and returns its new version. `None` where there is none; with `expected`, where it does not have that version.
pub(crate) fn update(
    transaction: &mut dyn Transaction,
    record: Record,
    expected: Option<i64>,
) -> Result<Option<i64>, StoreError> {
    check_key(transaction, &record.key_id)?;
    let Record { project, id, name, kind, instance_id, algorithm_type, common_name, .. } = record;
    let Record { signature_algorithm, not_after, fingerprint, response, content, key_id, sealed, .. } =
        record;
    one(transaction.rows(
        "UPDATE certificates SET version = version + 1, name = $1, type = $2, instance_id = $3, algorithm_type = $4, \
         common_name = $5, signature_algorithm = $6, not_after = $7, fingerprint = $8, response = $9, content = $10, \
         key_id = $11, sealed = $12 WHERE project = $13 AND id = $14 AND (CAST($15 AS BIGINT) = 0 OR version = $15) RETURNING version",
        values![
            name, kind, instance_id, algorithm_type, common_name, signature_algorithm, not_after, fingerprint,
            response, content, key_id, sealed, project, id, expected.unwrap_or(ANY)
        ],
    )?)
}

/// Deletes a certificate, and returns its fingerprint. `None` as with [`update`].
pub(crate) fn delete(
    transaction: &mut dyn Transaction,
    project: &str,
    id: &str,
    expected: Option<i64>,
) -> Result<Option<String>, StoreError> {
    one(transaction.rows(
        "DELETE FROM certificates WHERE project = $1 AND id = $2 AND (CAST($3 AS BIGINT) = 0 OR version = $3) RETURNING fingerprint",
        values![project, id, expected.unwrap_or(ANY)],
    )?)
}

/// No certificate has this version.
const ANY: i64 = 0;

/// A certificate of a project.
pub(crate) fn get(
    transaction: &mut dyn Transaction,
    project: &str,
    id: &str,
) -> Result<Option<Known>, StoreError> {
    let rows = transaction.rows(
        "SELECT version, created, response, content FROM certificates WHERE project = $1 AND id = $2",
        values![project, id],
    )?;
    let read = |mut row: Row| {
        Ok(Known { version: row.take()?, created: row.take()?, response: row.take()?, content: row.take()? })
    };
    rows.into_iter().next().map(read).transpose()
}

/// How many certificates a filter finds, and the answers of those on one page, oldest first.
pub(crate) fn list(
    transaction: &mut dyn Transaction,
    project: &str,
    filter: &Filter,
    offset: i64,
    limit: i64,
) -> Result<(i64, Vec<String>), StoreError> {
    /// The certificates that a filter finds.
    macro_rules! found {
        ($select:literal, $page:literal) => {
            concat!(
                "SELECT ", $select, " FROM certificates WHERE project = $1 \
                 AND ($2 = '' OR name = $2) AND ($3 = '' OR common_name = $3) AND ($4 = '' OR signature_algorithm = $4) \
                 AND ($5 = '' OR type = $5) AND ($6 = '' OR instance_id = $6) \
                 AND ($7 = '' OR algorithm_type = $7 OR algorithm_type = $8 OR algorithm_type = $9) AND not_after < $10",
                $page
            )
        };
    }
    let Filter { name, common_name, signature_algorithm, kind, instance_id, algorithm_types, expires_before } =
        filter;
    let algorithm = |at: usize| algorithm_types.get(at).map_or("", String::as_str);
    let before = expires_before.unwrap_or(i64::MAX);
    let mut values = values![
        project,
        &**name,
        &**common_name,
        &**signature_algorithm,
        &**kind,
        &**instance_id,
        algorithm(0),
        algorithm(1),
        algorithm(2),
        before
    ]
    .to_vec();
    let total = one(transaction.rows(found!("count(*)", ""), &values)?)?.unwrap_or_default();
    values.extend([limit.into(), offset.into()]);
    let rows = transaction.rows(found!("response", " ORDER BY seq LIMIT $11 OFFSET $12"), &values)?;
    let page: Result<_, _> = rows.into_iter().map(|mut row| row.take()).collect();
    Ok((total, page?))
}

/// The certificates that end first, of all projects: project, identifier, notAfter.
pub(crate) fn ending(
    transaction: &mut dyn Transaction,
    most: i64,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    let rows = transaction
        .rows("SELECT project, id, not_after FROM certificates ORDER BY not_after LIMIT $1", values![most])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?, row.take()?))).collect()
}

/// A number in order, project, identifier, sealed keys.
pub(crate) type Sealed = (i64, String, String, Vec<u8>);

/// The sealed keys of the certificates after that number, `most` of them.
pub(crate) fn sealed(
    transaction: &mut dyn Transaction,
    after: i64,
    most: i64,
) -> Result<Vec<Sealed>, StoreError> {
    let rows = transaction.rows(
        "SELECT seq, project, id, sealed FROM certificates WHERE seq > $1 ORDER BY seq LIMIT $2",
        values![after, most],
    )?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?, row.take()?, row.take()?))).collect()
}

/// Replaces the sealed keys of a certificate.
pub(crate) fn reseal(
    transaction: &mut dyn Transaction,
    seq: i64,
    key_id: &str,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    transaction.run(
        "UPDATE certificates SET key_id = $1, sealed = $2 WHERE seq = $3",
        values![key_id, sealed, seq],
    )?;
    Ok(())
}

/// The number of a result that is one.
fn one<T: super::FromValue>(rows: Vec<Row>) -> Result<Option<T>, StoreError> {
    rows.into_iter().next().map(|mut row| row.take()).transpose()
}
