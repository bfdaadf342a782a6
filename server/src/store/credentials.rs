//! Tokens and access keys.

use super::{Row, StoreError, Transaction, values};

/// What a token or an access key allows.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    pub(crate) id: String,
    pub(crate) project: String,
    /// As they were given, separated by commas.
    pub(crate) actions: String,
    /// All times in seconds since 1970.
    pub(crate) created: i64,
    pub(crate) expires: Option<i64>,
    pub(crate) revoked: Option<i64>,
}

impl Credential {
    /// Whether it still counts at that time.
    pub(crate) fn is_valid(&self, now: i64) -> bool {
        self.revoked.is_none() && self.expires.is_none_or(|expires| now < expires)
    }

    fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.take()?,
            project: row.take()?,
            actions: row.take()?,
            created: row.take()?,
            expires: row.maybe()?,
            revoked: row.maybe()?,
        })
    }
}

/// The two kinds of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Token,
    AccessKey,
}

pub(crate) fn add_token(
    transaction: &mut dyn Transaction,
    token: Credential,
    hash: Vec<u8>,
) -> Result<(), StoreError> {
    let Credential { id, project, actions, created, expires, .. } = token;
    transaction.run(
        "INSERT INTO tokens (id, hash, project, actions, created, expires) VALUES ($1, $2, $3, $4, $5, $6)",
        values![id, hash, project, actions, created, expires],
    )?;
    Ok(())
}

pub(crate) fn add_access_key(
    transaction: &mut dyn Transaction,
    key: Credential,
    key_id: &str,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    let Credential { id, project, actions, created, expires, .. } = key;
    transaction.run(
        "INSERT INTO access_keys (id, project, actions, created, expires, key_id, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![id, project, actions, created, expires, key_id, sealed],
    )?;
    Ok(())
}

/// The token of that hash.
pub(crate) fn token(
    transaction: &mut dyn Transaction,
    hash: &[u8],
) -> Result<Option<Credential>, StoreError> {
    let rows = transaction.rows(
        "SELECT id, project, actions, created, expires, revoked FROM tokens WHERE hash = $1",
        values![hash.to_vec()],
    )?;
    rows.into_iter().next().map(|mut row| Credential::read(&mut row)).transpose()
}

/// The access key of that identifier, and its sealed secret.
pub(crate) fn access_key(
    transaction: &mut dyn Transaction,
    id: &str,
) -> Result<Option<(Credential, Vec<u8>)>, StoreError> {
    let rows = transaction.rows(
        "SELECT id, project, actions, created, expires, revoked, sealed FROM access_keys WHERE id = $1",
        values![id],
    )?;
    rows.into_iter().next().map(|mut row| Ok((Credential::read(&mut row)?, row.take()?))).transpose()
}

/// All credentials of a kind, oldest first.
pub(crate) fn all(transaction: &mut dyn Transaction, kind: Kind) -> Result<Vec<Credential>, StoreError> {
    let sql = match kind {
        Kind::Token => {
            "SELECT id, project, actions, created, expires, revoked FROM tokens ORDER BY created, id"
        }
        Kind::AccessKey => {
            "SELECT id, project, actions, created, expires, revoked FROM access_keys ORDER BY created, id"
        }
    };
    transaction.rows(sql, &[])?.iter_mut().map(Credential::read).collect()
}

/// Revokes a credential; whether there was one to revoke.
pub(crate) fn revoke(
    transaction: &mut dyn Transaction,
    kind: Kind,
    id: &str,
    now: i64,
) -> Result<bool, StoreError> {
    let sql = match kind {
        Kind::Token => "UPDATE tokens SET revoked = $1 WHERE id = $2 AND revoked IS NULL",
        Kind::AccessKey => "UPDATE access_keys SET revoked = $1 WHERE id = $2 AND revoked IS NULL",
    };
    Ok(transaction.run(sql, values![now, id])? == 1)
}

/// Whether anybody could be let in.
pub(crate) fn is_any(transaction: &mut dyn Transaction) -> Result<bool, StoreError> {
    let rows = transaction.rows("SELECT id FROM tokens UNION ALL SELECT id FROM access_keys LIMIT 1", &[])?;
    Ok(!rows.is_empty())
}

/// The sealed secrets of all access keys: project, identifier, sealed.
pub(crate) fn sealed(
    transaction: &mut dyn Transaction,
) -> Result<Vec<(String, String, Vec<u8>)>, StoreError> {
    let rows = transaction.rows("SELECT project, id, sealed FROM access_keys ORDER BY id", &[])?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?, row.take()?))).collect()
}

/// Replaces the sealed secret of an access key.
pub(crate) fn reseal(
    transaction: &mut dyn Transaction,
    id: &str,
    key_id: &str,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    transaction
        .run("UPDATE access_keys SET key_id = $1, sealed = $2 WHERE id = $3", values![key_id, sealed, id])?;
    Ok(())
}
