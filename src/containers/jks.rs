//! Java keystores of the type JKS. The format is that of `sun.security.provider.JavaKeyStore`: big-endian lengths, and keys hidden by a stream of
//! SHA-1 over the passphrase. JCEKS is named and not opened.

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::opening::Opening;
use super::{Reason, archive};
use crate::der::{DerError, Reader, tag};

const JCEKS: &[u8] = &[0xCE; 4];
const DAMAGED: Reason = Reason::Damaged("the keystore ends early or has an entry of an unknown kind");

pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], bytes: &[u8]) {
    if bytes.starts_with(JCEKS) {
        let instead = "convert it with `keytool -importkeystore -srckeystore FILE -srcstoretype JCEKS -destkeystore new.p12 -deststoretype PKCS12`";
        return opening.leave(inside, None, Reason::NotSupported { what: "a JCEKS keystore", instead });
    }
    if entries(opening, inside, bytes).is_none() {
        opening.leave(inside, None, DAMAGED);
    }
}

/// `None` where the store is damaged.
fn entries(opening: &mut Opening<'_>, inside: &[String], bytes: &[u8]) -> Option<()> {
    let mut store = Store { rest: bytes.get(4..)? };
    let version = store.number()?;
    for _ in 0..store.number()? {
        let kind = store.number()?;
        let alias = String::from_utf8_lossy(store.short()?).into_owned();
        store.take(8)?;
        if !opening.may_enter(inside) {
            return Some(());
        }
        let way = archive::step(inside, &alias);
        match kind {
            1 => {
                key(opening, &way, store.long()?);
                for number in 0..store.number()? {
                    let number = usize::try_from(number).ok()?.saturating_add(2);
                    let der = store.certificate(version)?;
                    opening.der(&way, number, Zeroizing::new(der.to_vec()));
                }
            }
            2 => {
                let der = store.certificate(version)?;
                opening.der(&way, 1, Zeroizing::new(der.to_vec()));
            }
            _ => return None,
        }
    }
    Some(())
}

fn key(opening: &mut Opening<'_>, way: &[String], der: &[u8]) {
    let Ok(hidden) = hidden(der) else { return opening.leave(way, Some(1), DAMAGED) };
    let Some(passphrase) = opening.passphrase else {
        return opening.leave(way, Some(1), Reason::NeedsPassphrase);
    };
    match reveal(hidden, passphrase) {
        Some(der) => opening.der(way, 1, der),
        None => opening.leave(way, Some(1), Reason::WrongPassphrase),
    }
}

/// The octets of the key: EncryptedPrivateKeyInfo with an algorithm of Java's own.
fn hidden(der: &[u8]) -> Result<&[u8], DerError> {
    let mut info = Reader::new(der).expect(tag::SEQUENCE)?.inside();
    info.expect(tag::SEQUENCE)?;
    Ok(info.expect(tag::OCTET_STRING)?.value)
}

/// Salt, hidden key, check: 20 octets around the key. `None` where the passphrase is not the one.
fn reveal(hidden: &[u8], passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    const DIGEST: usize = 20;
    let (salt, rest) = hidden.split_at_checked(DIGEST)?;
    let (hidden, check) = rest.split_at_checked(rest.len().checked_sub(DIGEST)?)?;
    // Twice the letters, reserved up front so that nothing moves.
    let mut password = Zeroizing::new(Vec::with_capacity(passphrase.len().saturating_mul(2)));
    password.extend(passphrase.encode_utf16().flat_map(u16::to_be_bytes));
    let digest = |more: &[u8]| -> Zeroizing<[u8; DIGEST]> {
        Zeroizing::new(Sha1::new().chain_update(&*password).chain_update(more).finalize().into())
    };
    let mut key = Zeroizing::new(Vec::with_capacity(hidden.len()));
    let mut stream = digest(salt);
    for chunk in hidden.chunks(DIGEST) {
        key.extend(chunk.iter().zip(stream.iter()).map(|(octet, mask)| octet ^ mask));
        if chunk.len() == DIGEST {
            stream = digest(&*stream);
        }
    }
    (digest(&key).as_slice() == check).then_some(key)
}

/// What is left of a keystore.
struct Store<'s> {
    rest: &'s [u8],
}

impl<'s> Store<'s> {
    fn take(&mut self, count: usize) -> Option<&'s [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    /// Octets behind a length of two.
    fn short(&mut self) -> Option<&'s [u8]> {
        let length = self.take(2)?.try_into().ok().map(u16::from_be_bytes)?;
        self.take(length.into())
    }

    /// Octets behind a length of four.
    fn long(&mut self) -> Option<&'s [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// A certificate; from version 2 on with its type before it.
    fn certificate(&mut self, version: u32) -> Option<&'s [u8]> {
        if version > 1 {
            self.short()?;
        }
        self.long()
    }
}
