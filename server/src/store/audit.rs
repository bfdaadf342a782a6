//! The audit: who tried to change what, when, and what came of it. Rows are only ever added; the database refuses to change or delete one.

use serde::Serialize;

use super::{Row, StoreError, Transaction, values};

/// One attempt.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// In seconds since 1970.
    pub(crate) at: i64,
    pub(crate) project: String,
    /// The identifier of the token or access key.
    pub(crate) who: String,
    /// `create`, `update` or `delete`.
    pub(crate) action: String,
    /// The identifier of the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<String>,
    /// `ok`, or the error code that was answered.
    pub(crate) result: String,
    /// SHA-256 of the certificate that was stored or deleted, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    /// The request's identifier, as in the log and in the answer.
    pub(crate) request: String,
}

pub(crate) fn add(transaction: &mut dyn Transaction, entry: Entry) -> Result<(), StoreError> {
    let Entry { at, project, who, action, certificate, result, fingerprint, request } = entry;
    transaction.run(
        "INSERT INTO audit (at, project, who, action, certificate, result, fingerprint, request) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![at, project, who, action, certificate, result, fingerprint, request],
    )?;
    Ok(())
}

/// The entries after that number, oldest first, with the number of each.
pub(crate) fn after(
    transaction: &mut dyn Transaction,
    number: i64,
    most: i64,
) -> Result<Vec<(i64, Entry)>, StoreError> {
    let rows = transaction.rows(
        "SELECT seq, at, project, who, action, certificate, result, fingerprint, request FROM audit \
         WHERE seq > $1 ORDER BY seq LIMIT $2",
        values![number, most],
    )?;
    let read = |mut row: Row| {
        let number = row.take()?;
        let entry = Entry {
            at: row.take()?,
            project: row.take()?,
            who: row.take()?,
            action: row.take()?,
            certificate: row.maybe()?,
            result: row.take()?,
            fingerprint: row.maybe()?,
            request: row.take()?,
        };
        Ok((number, entry))
    };
    rows.into_iter().map(read).collect()
}
