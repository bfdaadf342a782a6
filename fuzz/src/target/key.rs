use certgate::internals::PublicKey;
use certgate::key::PrivateKey;
use certgate::pem::{Block, BlockKind};
use certgate::{Location, key};

use crate::bounds::bounded;
use crate::secrets::{Secrets, assert_untold};
use crate::{policy, subject, told};

/// The reader of private keys.
///
/// # Panics
/// If a property is broken.
pub fn key(data: &[u8]) {
    let checked = bounded(data.len(), || key::check(&block(data), &policy()));
    told::checked(&checked, data);
    let read = PrivateKey::from_der(data);
    assert_eq!(read.is_ok(), checked.value.is_some());
    let body = certgate_forge::pem::base64(data);
    let key = match read {
        Ok(key) => key,
        Err(error) => {
            let told = format!("{error} {error:?}");
            assert_untold(&told, "a key's error");
            Secrets::of([body.as_str()].into_iter()).assert_untold(&told, "a key's error");
            told::assert_clean(&error.to_string());
            return;
        }
    };
    Secrets::of([body.as_str()].into_iter()).assert_untold(&format!("{key:?} {checked:?}"), "a key");
    is_exact(data);
    match bounded(data.len(), || subject::prove_itself(&key, data)) {
        Ok(public) => {
            assert_eq!(
                certgate::internals::prove(&public, &key),
                Ok(()),
                "a key does not fit its own public half"
            );
            let spki = public.to_spki_der().expect("a supported key");
            assert_eq!(PublicKey::from_spki_der(&spki).as_ref(), Ok(&public));
            #[cfg(feature = "openssl")]
            assert_ne!(crate::oracle::is_pair(&public, data), Some(false), "OpenSSL finds the key unsound");
        }
        Err(mismatch) => assert_untold(&format!("{mismatch} {mismatch:?}"), "a mismatch"),
    }
}

/// A byte more or less is never read.
fn is_exact(data: &[u8]) {
    assert!(PrivateKey::from_der(&[data, &[0]].concat()).is_err(), "a byte more is read");
    assert!(PrivateKey::from_der(&data[..data.len() - 1]).is_err(), "a byte less is read");
}

/// A block that holds this key.
pub(crate) fn block(der: &[u8]) -> Block {
    Block {
        kind: BlockKind::PrivateKey,
        label: "PRIVATE KEY".to_owned(),
        location: Location::default(),
        last_line: 1,
        der: der.to_vec().into(),
    }
}
