//! Verification of RSA signatures (RFC 8017, 8.1.2 and 8.2.2): by ring where it can, else by the `rsa` crate, for moduli below 2048 bits
//! and for the parameters of RSASSA-PSS that ring does not know. Only public values: nothing here is secret.

use ::rsa::traits::SignatureScheme;
use ::rsa::{BoxedUint, Pkcs1v15Sign, PublicKey as Verifier};
use der_parser::oid;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::link::{Hash, Outcome, Signed, verdict};
use crate::crypto::spki::{PublicKey, RsaPublicKey};
use crate::der::tlv::{self, Reader, tag};
use crate::read::certificate::RSA_PSS;

/// Parameters of RSASSA-PSS (RFC 4055, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pss {
    hash: Hash,
    mask_hash: Hash,
    salt_octets: usize,
}

impl Pss {
    const DEFAULT: Self = Self { hash: Hash::Sha1, mask_hash: Hash::Sha1, salt_octets: 20 };

    /// Whether a signature with these parameters is one that a key with `restriction` may make (RFC 4055, 3.3).
    pub(crate) fn keeps_to(self, restriction: Self) -> bool {
        self.hash == restriction.hash
            && self.mask_hash == restriction.mask_hash
            && self.salt_octets >= restriction.salt_octets
    }

    /// Reads RSASSA-PSS-params, of which all fields have defaults.
    pub(crate) fn read(parameters: Option<&[u8]>) -> Result<Self, String> {
        let mut pss = Self::DEFAULT;
        let parameters = parameters.ok_or("RSASSA-PSS without parameters is not supported")?;
        pss.read_params(Reader::new(parameters))
            .ok_or_else(|| "these parameters of RSASSA-PSS are not supported".to_owned())
            .map(|()| pss)
    }

    fn read_params(&mut self, mut fields: Reader<'_>) -> Option<()> {
        const MGF1: &[u8] = &oid!(raw 1.2.840.113549.1.1.8);
        let mut params = fields.expect(tag::SEQUENCE).ok()?.inside();
        if let Some(hash) = params.optional(tag::CONTEXT_0).ok()? {
            self.hash = read_hash(&mut hash.inside())?;
        }
        if let Some(mask) = params.optional(tag::CONTEXT_1).ok()? {
            let mut mask = mask.inside().expect(tag::SEQUENCE).ok()?.inside();
            if mask.expect(tag::OID).ok()?.value != MGF1 {
                return None;
            }
            self.mask_hash = read_hash(&mut mask)?;
        }
        if let Some(salt) = params.optional(0xA2).ok()? {
            let salt = salt.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            self.salt_octets = match (salt.sign, salt.magnitude) {
                (tlv::Sign::Zero, _) => 0,
                (tlv::Sign::Positive, [low]) => usize::from(*low),
                (tlv::Sign::Positive, [high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
                _ => return None,
            };
        }
        // trailerField has one value only.
        if let Some(trailer) = params.optional(0xA3).ok()? {
            let trailer = trailer.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            if trailer.magnitude != [1] {
                return None;
            }
        }
        params.finish().ok()
    }
}

/// The hash function of an AlgorithmIdentifier; its parameters are NULL or absent.
fn read_hash(reader: &mut Reader<'_>) -> Option<Hash> {
    let mut algorithm = reader.expect(tag::SEQUENCE).ok()?.inside();
    Hash::from_oid(algorithm.expect(tag::OID).ok()?.value)
}

/// The RSA key of a SubjectPublicKeyInfo whose algorithm is RSASSA-PSS, and the parameters that it is bound to, where there are any
/// (RFC 4055, 1.2).
pub(crate) fn key_of_pss_spki(spki: &[u8]) -> Option<(RsaPublicKey, Option<Pss>)> {
    let mut fields = Reader::new(spki).expect(tag::SEQUENCE).ok()?.inside();
    let mut algorithm = fields.expect(tag::SEQUENCE).ok()?.inside();
    if algorithm.expect(tag::OID).ok()?.value != RSA_PSS {
        return None;
    }
    let mut restriction = None;
    if !algorithm.is_empty() {
        let mut pss = Pss::DEFAULT;
        pss.read_params(algorithm)?;
        restriction = Some(pss);
    }
    let bits = fields.expect(tag::BIT_STRING).ok()?;
    // The same key under the identifier that the key reader knows: rsaEncryption and NULL.
    let mut plain = tlv::encode(tag::OID, crate::crypto::spki::oid::RSA_ENCRYPTION);
    plain.extend(tlv::encode(tag::NULL, &[]));
    let mut body = tlv::encode(tag::SEQUENCE, &plain);
    body.extend(tlv::encode(tag::BIT_STRING, bits.value));
    match PublicKey::from_spki_der(&tlv::encode(tag::SEQUENCE, &body)) {
        Ok(PublicKey::Rsa(key)) => Some((key, restriction)),
        _ => None,
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2).
pub(crate) fn verify_pkcs1(key: &RsaPublicKey, hash: Hash, signed: Signed<'_>) -> Outcome {
    let by_ring = match hash {
        Hash::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    // ring demands the NULL that a few old signers leave out, so its "no" is not the last word.
    if ring_takes(key) && fits_by_ring(key, by_ring, signed) {
        return Outcome::Fits;
    }
    let digest = hash.of(signed.tbs);
    let with_null = pkcs1_scheme(hash, &[tag::NULL, 0]);
    match verify(key, with_null, digest.as_ref(), signed) {
        Outcome::DoesNotFit => verify(key, pkcs1_scheme(hash, &[]), digest.as_ref(), signed),
        outcome => outcome,
    }
}

/// The scheme whose DigestInfo names the hash with these parameters (RFC 8017, 9.2).
fn pkcs1_scheme(hash: Hash, parameters: &[u8]) -> Pkcs1v15Sign {
    let mut algorithm = tlv::encode(tag::OID, hash.oid());
    algorithm.extend_from_slice(parameters);
    let mut info = tlv::encode(tag::SEQUENCE, &algorithm);
    info.extend(tlv::encode(tag::OCTET_STRING, &vec![0; hash.octets()]));
    let mut prefix = tlv::encode(tag::SEQUENCE, &info);
    prefix.truncate(prefix.len().saturating_sub(hash.octets()));
    Pkcs1v15Sign { hash_len: Some(hash.octets()), prefix: prefix.into() }
}

/// RSASSA-PSS (RFC 8017, 8.1.2).
pub(crate) fn verify_pss(key: &RsaPublicKey, pss: Pss, signed: Signed<'_>) -> Outcome {
    if pss.hash != pss.mask_hash {
        return Outcome::NotSupported("RSASSA-PSS with another hash in its mask is not supported".to_owned());
    }
    let by_ring = match pss.hash {
        _ if pss.salt_octets != pss.hash.octets() || !ring_takes(key) => None,
        Hash::Sha1 => None,
        Hash::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
    };
    if let Some(by_ring) = by_ring {
        return verdict(fits_by_ring(key, by_ring, signed));
    }
    let digest = pss.hash.of(signed.tbs);
    let digest = digest.as_ref();
    let salt = pss.salt_octets;
    match pss.hash {
        Hash::Sha1 => verify(key, ::rsa::Pss::<Sha1>::new_with_salt(salt), digest, signed),
        Hash::Sha256 => verify(key, ::rsa::Pss::<Sha256>::new_with_salt(salt), digest, signed),
        Hash::Sha384 => verify(key, ::rsa::Pss::<Sha384>::new_with_salt(salt), digest, signed),
        Hash::Sha512 => verify(key, ::rsa::Pss::<Sha512>::new_with_salt(salt), digest, signed),
    }
}

/// Whether ring computes with this key: its bounds are 2048 to 8192 bits and an exponent of at most 33 bits.
fn ring_takes(key: &RsaPublicKey) -> bool {
    (2048..=8192).contains(&key.bits()) && key.exponent().len() <= 4
}

fn fits_by_ring(key: &RsaPublicKey, parameters: &RsaParameters, signed: Signed<'_>) -> bool {
    let key = RsaPublicKeyComponents { n: key.modulus(), e: key.exponent() };
    key.verify(parameters, signed.tbs, signed.signature).is_ok()
}

/// The `rsa` crate takes moduli of 1024 to 8192 bits and exponents of at most 33 bits; other keys are not supported.
fn verify(key: &RsaPublicKey, scheme: impl SignatureScheme, digest: &[u8], signed: Signed<'_>) -> Outcome {
    let n = BoxedUint::from_be_slice_vartime(key.modulus());
    let e = BoxedUint::from_be_slice_vartime(key.exponent());
    match Verifier::new(n, e) {
        Ok(verifier) => verdict(verifier.verify(scheme, digest, signed.signature).is_ok()),
        Err(_) => Outcome::NotSupported(format!(
            "RSA with a modulus of {} bits and an exponent of {} octets is not supported",
            key.bits(),
            key.exponent().len()
        )),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::der::{Node, ctx, int_raw, oid, seq, small};

    use super::*;

    const SHA256: &str = "2.16.840.1.101.3.4.2.1";

    fn read(parameters: &Node) -> Result<Pss, String> {
        Pss::read(Some(&parameters.encode()))
    }

    #[test]
    fn parameters_of_pss_are_read_with_their_defaults() {
        let hash = || seq([oid(SHA256)]);
        let mask = || seq([oid("1.2.840.113549.1.1.8"), hash()]);
        let salt = |salt_octets| Pss { salt_octets, ..Pss::DEFAULT };
        for (parameters, want) in [
            (seq([]), Pss::DEFAULT),
            (seq([ctx(0, [hash()])]), Pss { hash: Hash::Sha256, ..Pss::DEFAULT }),
            (seq([ctx(1, [mask()])]), Pss { mask_hash: Hash::Sha256, ..Pss::DEFAULT }),
            (seq([ctx(2, [small(0)])]), salt(0)),
            (seq([ctx(2, [small(255)])]), salt(255)),
            (seq([ctx(2, [small(256)])]), salt(256)),
            (seq([ctx(2, [small(65_535)])]), salt(65_535)),
            (seq([ctx(3, [small(1)])]), Pss::DEFAULT),
        ] {
            assert_eq!(read(&parameters), Ok(want), "{parameters:?}");
        }
    }

    #[test]
    fn other_parameters_of_pss_are_not_supported() {
        let why = "these parameters of RSASSA-PSS are not supported".to_owned();
        for parameters in [
            small(1),
            seq([ctx(0, [seq([oid("1.2.3.4")])])]),
            seq([ctx(1, [seq([oid("1.2.3.4"), seq([oid(SHA256)])])])]),
            seq([ctx(2, [small(65_536)])]),
            seq([ctx(2, [small(-1)])]),
            seq([ctx(3, [small(2)])]),
            seq([ctx(3, [small(-1)])]),
            seq([ctx(3, [int_raw([0, 1])])]),
            seq([ctx(4, [small(1)])]),
        ] {
            assert_eq!(read(&parameters), Err(why.clone()), "{parameters:?}");
        }
        let absent = Pss::read(None).unwrap_err();
        assert_eq!(absent, "RSASSA-PSS without parameters is not supported");
    }
}
