//! `rekey`: all stored secrets are opened with the old master key and sealed with a new one, in one transaction.

use std::path::Path;

use crate::failure::Failure;
use crate::keys::{open_master_key, open_store};
use crate::seal::{MasterKey, Owner};
use crate::settings::Settings;
use crate::store::{StoreError, Transaction, certificates, credentials, key_id, set_key_id};

/// How many secrets are in memory at once.
const TOGETHER: i64 = 100;

/// Seals everything with the key in the file `new`, which is made where it is not there.
pub(crate) fn run(settings: &Settings, new: &Path) -> Result<(), Failure> {
    let store = open_store(settings)?;
    let (old, _) = open_master_key(settings, &store)?;
    let new_key = if matches!(std::fs::exists(new), Ok(false)) {
        MasterKey::create(new)?
    } else {
        MasterKey::read(new)?
    };
    let count = store.write(move |transaction| reseal_all(transaction, &old, &new_key))?;
    let line =
        format!("{count} secrets are sealed with {}: start the server with --master-key {0}", new.display());
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{line}\n").as_bytes());
    Ok(())
}

fn reseal_all(
    transaction: &mut dyn Transaction,
    old: &MasterKey,
    new: &MasterKey,
) -> Result<u64, StoreError> {
    transaction.lock("certgate master key")?;
    if key_id(transaction)?.as_deref() != Some(old.id()) {
        return Err(StoreError::OtherKey);
    }
    // From here on a server with the old key writes nothing.
    set_key_id(transaction, new.id())?;
    let reseal = |owner: &Owner<'_>, sealed: &[u8]| {
        let secret = old.open(owner, sealed).map_err(|_| StoreError::OtherKey)?;
        new.seal(owner, &secret).map_err(|_| StoreError::OtherKey)
    };
    let (mut count, mut after) = (0_u64, 0);
    loop {
        let some = certificates::sealed(transaction, after, TOGETHER)?;
        let Some((last, ..)) = some.last() else { break };
        after = *last;
        for (seq, project, id, sealed) in some {
            let sealed = reseal(&Owner::Certificate { project: &project, id: &id }, &sealed)?;
            certificates::reseal(transaction, seq, new.id(), sealed)?;
            count = count.saturating_add(1);
        }
    }
    for (project, id, sealed) in credentials::sealed(transaction)? {
        let sealed = reseal(&Owner::AccessKey { project: &project, id: &id }, &sealed)?;
        credentials::reseal(transaction, &id, new.id(), sealed)?;
        count = count.saturating_add(1);
    }
    Ok(count)
}
