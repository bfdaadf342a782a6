//! The database and its master key, as every command opens them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::failure::Failure;
use crate::seal::MasterKey;
use crate::settings::Settings;
use crate::store::{Store, StoreError, key_id, set_key_id};

/// Opens the database that the settings name.
pub(crate) fn open_store(settings: &Settings) -> Result<Store, Failure> {
    if let Some(path) = settings.database.strip_prefix("sqlite://") {
        let path = Path::new(path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        // The files that SQLite puts beside it have the same mode.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(Failure::new(format!(
                    "the database {} cannot be made: {}",
                    path.display(),
                    error.kind()
                )));
            }
            _ => {}
        }
    }
    Store::open(&settings.database)
        .map_err(|error| Failure::new(format!("the database cannot be opened: {error}")))
}

/// Reads the master key. Where there is none yet and none is named, it is made in the data folder: then `true`.
pub(crate) fn open_master_key(settings: &Settings, store: &Store) -> Result<(MasterKey, bool), Failure> {
    let path = &settings.master_key;
    let known = store.read(|transaction| key_id(transaction))?;
    let is_missing = matches!(fs::exists(path), Ok(false));
    if is_missing && known.is_some() {
        return Err(Failure::new(format!(
            "the secrets of the database are sealed, and their master key {} is not there: name its file with --master-key",
            path.display()
        )));
    }
    let is_new = is_missing && path.parent() == Some(settings.data.as_path());
    let key = if is_new {
        make_folder(&settings.data)?;
        MasterKey::create(path)?
    } else {
        MasterKey::read(path)?
    };
    let id = key.id().to_owned();
    let found = store.write(move |transaction| {
        transaction.lock("certgate master key")?;
        let known = key_id(transaction)?;
        if known.is_none() {
            set_key_id(transaction, &id)?;
        }
        match known {
            Some(other) if other != id => Err(StoreError::OtherKey),
            _ => Ok(()),
        }
    });
    match found {
        Err(StoreError::OtherKey) => Err(Failure::new(format!(
            "the secrets of the database are sealed with another master key than {}",
            path.display()
        ))),
        other => Ok(other.map(|()| (key, is_new))?),
    }
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    if folder.as_os_str().is_empty() {
        return Ok(());
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| {
        Failure::new(format!("the folder {} cannot be made: {}", folder.display(), error.kind()))
    })
}
