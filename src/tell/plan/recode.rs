//! A private key in the encoding that every program loads: PKCS#8 version 1, on a curve with its public point.

use zeroize::Zeroizing;

use crate::crypto::algorithm::{EC_PUBLIC_KEY, RSA_ENCRYPTION};
use crate::crypto::ec::EcPublicKey;
use crate::crypto::ec::private::{EcNumbers, normalise_scalar};
use crate::crypto::proof::{Numbers, Secret};
use crate::crypto::rsa::private::RsaNumbers;
use crate::crypto::spki::PublicKey;
use crate::crypto::stack;
use crate::der::{Reader, tag};
use crate::read::key::{KeyForm, PrivateKey};

/// `key`, read from `der`, as PKCS#8 version 1. `None` where `public` is not proven to be its public key, or where the octets are those of
/// `der`.
///
/// Nothing is lost: the public key that version 2 carries beside the private one is compared first, and follows from it; attributes stay.
pub(crate) fn recode(key: &PrivateKey, der: &[u8], public: &PublicKey) -> Option<Secret> {
    stack::clean_after_proof(|| {
        crate::crypto::proof::prove(public, key.numbers()).ok()?;
        // Besides the numbers that `der` has: a longer scalar, the point, and the headers around them.
        let mut out = Backwards::new(der.len().saturating_add(512));
        let attributes = if key.form() == KeyForm::Pkcs8 { attributes(der)? } else { None };
        pkcs8(&mut out, key.numbers(), public, attributes)?;
        out.finish().filter(|new| new.as_slice() != der)
    })
}

/// `key` in the encoding of its algorithm: PKCS#1, or SEC1 with its curve. `None` where `public` is not proven to be its public key, and where
/// it has attributes, which have no place there.
pub(crate) fn traditional(key: &PrivateKey, der: &[u8], public: &PublicKey) -> Option<(KeyForm, Secret)> {
    stack::clean_after_proof(|| {
        crate::crypto::proof::prove(public, key.numbers()).ok()?;
        if key.form() == KeyForm::Pkcs8 && attributes(der)?.is_some() {
            return None;
        }
        let mut out = Backwards::new(der.len().saturating_add(512));
        let form = match (key.numbers(), public) {
            (Numbers::Rsa(rsa), PublicKey::Rsa(_)) => {
                pkcs1(&mut out, rsa)?;
                KeyForm::Pkcs1
            }
            (Numbers::Ec(ec), PublicKey::Ec(public)) => {
                sec1(&mut out, ec, public, true)?;
                KeyForm::Sec1
            }
            _ => return None,
        };
        Some((form, out.finish()?))
    })
}

/// What PKCS#8 has in its attributes; empty where it has none.
fn attributes(der: &[u8]) -> Option<Option<&[u8]>> {
    let mut fields = Reader::new(der).expect(tag::SEQUENCE).ok()?.inside();
    for tag in [tag::INTEGER, tag::SEQUENCE, tag::OCTET_STRING] {
        fields.expect(tag).ok()?;
    }
    Some(fields.optional(tag::CONTEXT_0).ok()?.map(|attributes| attributes.value))
}

/// PrivateKeyInfo (RFC 5208, section 5).
fn pkcs8(
    out: &mut Backwards,
    numbers: &Numbers,
    public: &PublicKey,
    attributes: Option<&[u8]>,
) -> Option<()> {
    out.wrap(tag::SEQUENCE, |out| {
        if let Some(attributes) = attributes {
            out.element(tag::CONTEXT_0, attributes);
        }
        match (numbers, public) {
            (Numbers::Rsa(rsa), PublicKey::Rsa(_)) => {
                out.wrap(tag::OCTET_STRING, |out| pkcs1(out, rsa))?;
                out.wrap(tag::SEQUENCE, |out| {
                    out.element(tag::NULL, &[]);
                    out.element(tag::OID, RSA_ENCRYPTION);
                    Some(())
                })?;
            }
            (Numbers::Ec(ec), PublicKey::Ec(public)) => {
                out.wrap(tag::OCTET_STRING, |out| sec1(out, ec, public, false))?;
                out.wrap(tag::SEQUENCE, |out| {
                    out.element(tag::OID, public.curve().oid());
                    out.element(tag::OID, EC_PUBLIC_KEY);
                    Some(())
                })?;
            }
            _ => return None,
        }
        out.element(tag::INTEGER, &[0]);
        Some(())
    })
}

/// RSAPrivateKey (RFC 8017, A.1.2).
fn pkcs1(out: &mut Backwards, rsa: &RsaNumbers) -> Option<()> {
    out.wrap(tag::SEQUENCE, |out| {
        for number in [&rsa.qinv, &rsa.dq, &rsa.dp, &rsa.q, &rsa.p, &rsa.d] {
            out.integer(number);
        }
        out.integer(rsa.public.exponent());
        out.integer(rsa.public.modulus());
        out.element(tag::INTEGER, &[0]);
        Some(())
    })
}

/// ECPrivateKey (RFC 5915, section 3), the scalar in the curve's full length. It names its curve where PKCS#8 does not do so around it.
fn sec1(out: &mut Backwards, ec: &EcNumbers, public: &EcPublicKey, names_curve: bool) -> Option<()> {
    let scalar = normalise_scalar(Some(public.curve()), &ec.scalar).ok()?;
    out.wrap(tag::SEQUENCE, |out| {
        out.wrap(tag::CONTEXT_1, |out| {
            out.wrap(tag::BIT_STRING, |out| {
                out.put(public.point());
                out.put(&[0]);
                Some(())
            })
        })?;
        if names_curve {
            out.wrap(tag::CONTEXT_0, |out| {
                out.element(tag::OID, public.curve().oid());
                Some(())
            })?;
        }
        out.element(tag::OCTET_STRING, &scalar);
        out.element(tag::INTEGER, &[1]);
        Some(())
    })
}

/// DER written from its last octet to its first, so that each length is known once it is due. The buffer is wiped and never grows, for growing
/// would leave a copy of what is there.
struct Backwards {
    buffer: Secret,
    /// Where what is written begins; `None` once there was no room.
    start: Option<usize>,
}

impl Backwards {
    fn new(capacity: usize) -> Self {
        Self { buffer: Zeroizing::new(vec![0; capacity]), start: Some(capacity) }
    }

    fn put(&mut self, octets: &[u8]) {
        self.start = self.start.and_then(|end| {
            let start = end.checked_sub(octets.len())?;
            self.buffer.get_mut(start..end)?.copy_from_slice(octets);
            Some(start)
        });
    }

    /// The header of what was written since `end`.
    fn header(&mut self, tag: u8, end: usize) {
        let length = end.saturating_sub(self.start.unwrap_or(end));
        let octets = length.to_be_bytes();
        let significant = octets.iter().position(|octet| *octet != 0).and_then(|from| octets.get(from..));
        match significant.unwrap_or(&[0]) {
            [single] if *single < 0x80 => self.put(&[*single]),
            many => {
                self.put(many);
                self.put(&[0x80 | u8::try_from(many.len()).unwrap_or(8)]);
            }
        }
        self.put(&[tag]);
    }

    fn element(&mut self, tag: u8, value: &[u8]) {
        if let Some(end) = self.start {
            self.put(value);
            self.header(tag, end);
        }
    }

    /// The INTEGER of a big-endian magnitude.
    fn integer(&mut self, magnitude: &[u8]) {
        if let Some(end) = self.start {
            self.put(magnitude);
            if magnitude.first().is_none_or(|first| first & 0x80 != 0) {
                self.put(&[0]);
            }
            self.header(tag::INTEGER, end);
        }
    }

    /// An element with what `write` writes, last first.
    fn wrap(&mut self, tag: u8, write: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        let end = self.start?;
        write(self)?;
        self.header(tag, end);
        Some(())
    }

    fn finish(self) -> Option<Secret> {
        Some(Zeroizing::new(self.buffer.get(self.start?..)?.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::der::{bits_raw, ctx, oid, seq, set};
    use certgate_forge::key::{self, Key, Pkcs8, Sec1};

    use super::*;

    /// The DER once more, with the public key that it has itself or is given.
    fn again(der: &[u8], public: Option<&Key>) -> Option<Vec<u8>> {
        let key = PrivateKey::from_der(der).unwrap();
        let public = match public {
            Some(other) => PublicKey::from_spki_der(&other.spki().encode()).unwrap(),
            None => key.public_key().unwrap(),
        };
        recode(&key, der, &public).map(|der| der.to_vec())
    }

    fn attributes() -> certgate_forge::der::Node {
        ctx(0, [seq([oid("2.5.29.15"), set([bits_raw(7, &[0x80])])])])
    }

    #[test]
    fn version_2_becomes_what_openssl_writes() {
        let rsa = key::rsa2048(0).rsa();
        let with_public = Pkcs8 { version: 1, public: Some(rsa.public().encode()), ..rsa.pkcs8() };
        let mut keys = vec![(with_public.clone(), rsa.pkcs8())];
        for key in [key::p256(0), key::p384(0), key::p521(0), key::sm2_enc()] {
            let ec = key.ec();
            let bare = Sec1 { parameters: None, public: None, ..ec.sec1() }.node().encode();
            let outside = Pkcs8 { version: 1, public: Some(ec.uncompressed()), key: bare, ..ec.pkcs8() };
            keys.push((outside, ec.pkcs8()));
            keys.push((Pkcs8 { version: 1, ..ec.pkcs8() }, ec.pkcs8()));
        }
        keys.push((
            Pkcs8 { attributes: Some(attributes()), ..with_public },
            Pkcs8 { attributes: Some(attributes()), ..rsa.pkcs8() },
        ));
        for (given, wanted) in keys {
            let wanted = wanted.node().encode();
            assert_eq!(again(&given.node().encode(), None), Some(wanted.clone()));
            assert_eq!(again(&wanted, None), None, "it is right already");
        }
    }

    #[test]
    fn sec1_becomes_pkcs8_with_the_curve_and_the_point_of_the_certificate() {
        for key in [key::p256(0), key::p384(0), key::p521(0), key::sm2_enc()] {
            let ec = key.ec();
            let whole = ec.pkcs8().node().encode();
            for public in [None, Some(ec.compressed()), Some(ec.uncompressed())] {
                let bare = Sec1 { parameters: None, public, ..ec.sec1() }.node().encode();
                assert_eq!(again(&bare, Some(&key)), Some(whole.clone()));
                assert_eq!(again(&bare, Some(&key::p256(1))), None, "another's key is left alone");
            }
            assert_eq!(again(&ec.sec1().node().encode(), None), Some(whole.clone()));
            let short = Sec1 { parameters: None, scalar: ec.scalar.to_bytes_be(), ..ec.sec1() };
            assert_eq!(again(&short.node().encode(), Some(&key)), Some(whole.clone()));
            assert_eq!(again(&whole, Some(&key)), None, "it is right already");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_written() {
        let mut out = Backwards::new(3);
        out.element(tag::OCTET_STRING, &[1]);
        out.element(tag::OCTET_STRING, &[1]);
        assert_eq!(out.finish(), None);
    }
}
