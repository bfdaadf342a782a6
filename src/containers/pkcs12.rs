//! PKCS#12 (RFC 7292): modern, with PBES2, and old, with RC2 or triple DES.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use zeroize::Zeroizing;

use super::Reason;
use super::opening::Opening;

/// A PKCS#12 file larger than this is none that holds a server's certificate.
const MOST: usize = 4 << 20;

pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], block: Option<usize>, der: &[u8]) {
    if der.len() > MOST {
        let limit = format!("a PKCS#12 file may have {} MiB", MOST >> 20);
        return opening.leave(inside, block, Reason::TooMuch(limit));
    }
    if !opening.may_derive(inside, block) {
        return;
    }
    // Without a passphrase, the empty one is tried: it is what tools write where none is wanted.
    let passphrase = opening.passphrase;
    match Pkcs12Archive::from_pkcs12(der, passphrase.unwrap_or_default()) {
        Ok(archive) => take(opening, inside, archive),
        Err(error) => opening.leave(inside, block, reason(&error, passphrase.is_some())),
    }
}

fn take(opening: &mut Opening<'_>, inside: &[String], archive: Pkcs12Archive) {
    let Pkcs12Archive { keys, certs, secrets } = archive;
    let keys = keys.into_iter().map(|bag| Zeroizing::new(bag.key.as_der().to_vec()));
    let certs = certs.into_iter().map(|bag| Zeroizing::new(bag.cert.as_der().to_vec()));
    for (at, der) in keys.chain(certs).enumerate() {
        if !opening.may_enter(inside) {
            return;
        }
        opening.der(inside, at.saturating_add(1), der);
    }
    for _ in secrets {
        opening.leave(inside, None, Reason::NotNeeded("a secret that is no private key of a certificate"));
    }
}

/// The text of the error is never passed on: it may hold what it failed on.
fn reason(error: &Error, has_passphrase: bool) -> Reason {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            if has_passphrase {
                Reason::WrongPassphrase
            } else {
                Reason::NeedsPassphrase
            }
        }
        Error::InvalidParameters => {
            Reason::TooMuch("it asks for more than a million rounds to derive a key".to_owned())
        }
        Error::UnsupportedContentType
        | Error::UnsupportedCertificateType
        | Error::UnsupportedEncryptionScheme
        | Error::UnsupportedMacAlgorithm => Reason::NotSupported {
            what: "a PKCS#12 file with this encryption",
            instead: "convert it with `openssl pkcs12 -in FILE -nodes -out plain.pem` (add -legacy where it asks for it)",
        },
        _ => Reason::Damaged("the PKCS#12 file is cut off or damaged: export or download it again"),
    }
}
