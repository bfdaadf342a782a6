//! Secrets at rest: sealed with AES-256-GCM under the master key, a random nonce for each record. What a record belongs to is associated
//! data, so that a sealed key that is moved to another record does not open.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use data_encoding::HEXLOWER;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The first octet of a sealed record: AES-256-GCM, nonce of 12 octets, text, tag.
const VERSION: u8 = 1;

/// The longest file that can hold a master key, in octets.
const MOST: u64 = 256;

/// The key that all secrets in the database are sealed with.
pub(crate) struct MasterKey {
    key: LessSafeKey,
    id: String,
}

/// A secret that could not be sealed or opened. Why is not said: there is nothing that helps.
#[derive(Debug, thiserror::Error)]
#[error("a stored secret cannot be opened with this master key")]
pub(crate) struct Unsealed;

impl MasterKey {
    fn new(octets: &[u8; 32]) -> Result<Self, Failure> {
        let id = digest(&SHA256, &[b"certgate master key\0", octets.as_slice()].concat());
        let id = HEXLOWER.encode(id.as_ref().get(..8).unwrap_or_default());
        let key = UnboundKey::new(&AES_256_GCM, octets)
            .map_err(|_| Failure::new("the master key is not usable"))?;
        Ok(Self { key: LessSafeKey::new(key), id })
    }

    /// The key in a file: 64 hexadecimal digits. Nobody but the owner may read the file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let name = path.display();
        let because = |error: std::io::Error| {
            Failure::new(format!("the master key {name} cannot be read: {}", error.kind()))
        };
        let file = fs::File::open(path).map_err(because)?;
        let about = file.metadata().map_err(because)?;
        if !about.is_file() {
            return Err(Failure::new(format!("the master key {name} is not a file")));
        }
        if about.mode() & 0o077 != 0 {
            let mode = about.mode() & 0o777;
            return Err(Failure::new(format!(
                "others may read the master key {name} (mode {mode:03o}): run chmod 600 on it, and think about a new key"
            )));
        }
        let mut text = Zeroizing::new(String::with_capacity(usize::try_from(MOST).unwrap_or_default()));
        file.take(MOST).read_to_string(&mut text).map_err(because)?;
        let mut octets = Zeroizing::new([0; 32]);
        let digits = text.trim_ascii().as_bytes();
        let is_key =
            HEXLOWER.decode_len(digits.len()) == Ok(32) && HEXLOWER.decode_mut(digits, &mut *octets).is_ok();
        if !is_key {
            return Err(Failure::new(format!(
                "the master key {name} is not 64 hexadecimal digits in lower case"
            )));
        }
        Self::new(&octets)
    }

    /// A new key in a new file of mode 600.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let mut octets = Zeroizing::new([0; 32]);
        random(&mut *octets)?;
        let mut text = Zeroizing::new([0; 65]);
        if let Some((newline, digits)) = text.split_last_mut() {
            HEXLOWER.encode_mut(&*octets, digits);
            *newline = b'\n';
        }
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        made.and_then(|mut file| file.write_all(&*text).and_then(|()| file.sync_all())).map_err(|error| {
            Failure::new(format!("the master key {} cannot be written: {}", path.display(), error.kind()))
        })?;
        Self::new(&octets)
    }

    /// What the database stores to know the key by: it says nothing about the key.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Seals a secret of the record that `owner` names.
    pub(crate) fn seal(&self, owner: &Owner<'_>, secret: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce).map_err(|_| Unsealed)?;
        // The text is sealed in the buffer that it is copied to, so that no copy in clear is left.
        let mut sealed = Vec::with_capacity(secret.len().saturating_add(1 + NONCE_LEN + 16));
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(secret);
        let (_, text) = sealed.split_at_mut(1 + NONCE_LEN);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(owner.octets()), text);
        sealed.extend_from_slice(tag.map_err(|_| Unsealed)?.as_ref());
        Ok(sealed)
    }

    /// Opens a secret of the record that `owner` names.
    pub(crate) fn open(&self, owner: &Owner<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealed> {
        let (VERSION, rest) = sealed.split_first().map(|(version, rest)| (*version, rest)).ok_or(Unsealed)?
        else {
            return Err(Unsealed);
        };
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Unsealed)?;
        let mut text = Zeroizing::new(text.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(owner.octets()), &mut text);
        let length = opened.map_err(|_| Unsealed)?.len();
        text.truncate(length);
        Ok(text)
    }
}

/// The record that a sealed secret belongs to.
pub(crate) enum Owner<'a> {
    /// The private keys of a certificate.
    Certificate { project: &'a str, id: &'a str },
    /// The secret key of an access key.
    AccessKey { project: &'a str, id: &'a str },
}

impl Owner<'_> {
    fn octets(&self) -> Vec<u8> {
        let (kind, project, id) = match self {
            Self::Certificate { project, id } => ("certificate", project, id),
            Self::AccessKey { project, id } => ("access key", project, id),
        };
        // Neither a project nor an identifier has a zero octet.
        format!("{kind}\0{project}\0{id}").into_bytes()
    }
}

/// Fills a buffer from the system's source of randomness.
pub(crate) fn random(buffer: &mut [u8]) -> Result<(), Failure> {
    use ring::rand::{SecureRandom, SystemRandom};
    SystemRandom::new().fill(buffer).map_err(|_| Failure::new("the system gives no random numbers"))
}

/// An identifier of 32 hexadecimal digits.
pub(crate) fn random_id() -> Result<String, Failure> {
    let mut octets = [0; 16];
    random(&mut octets)?;
    Ok(HEXLOWER.encode(&octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Owner<'_> = Owner::Certificate { project: "p", id: "1" };

    #[test]
    fn a_secret_opens_only_with_its_key_for_its_record_and_unchanged() {
        let (key, other) = (MasterKey::new(&[1; 32]).unwrap(), MasterKey::new(&[2; 32]).unwrap());
        let sealed = key.seal(&OWNER, b"secret").unwrap();
        assert_eq!(&**key.open(&OWNER, &sealed).unwrap(), b"secret");
        assert!(other.open(&OWNER, &sealed).is_err());
        for owner in [
            Owner::Certificate { project: "p", id: "2" },
            Owner::Certificate { project: "q", id: "1" },
            Owner::AccessKey { project: "p", id: "1" },
        ] {
            assert!(key.open(&owner, &sealed).is_err());
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(&OWNER, &changed).is_err(), "octet {at}");
            assert!(key.open(&OWNER, &sealed[..at]).is_err(), "cut at {at}");
        }
        assert_ne!(sealed, key.seal(&OWNER, b"secret").unwrap(), "the nonce is random");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
    }

    #[test]
    fn a_master_key_is_read_back_and_only_from_a_file_that_others_cannot_read() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("certgate-master-{}", random_id().unwrap()));
        let made = MasterKey::create(&path).unwrap();
        assert_eq!(MasterKey::read(&path).unwrap().id(), made.id());
        assert!(MasterKey::create(&path).is_err(), "a key is never written over");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = MasterKey::read(&path).err().unwrap().to_string();
        assert!(refused.contains("mode 640"), "{refused}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "abc").unwrap();
        assert!(MasterKey::read(&path).is_err());
        fs::remove_file(&path).unwrap();
    }
}
