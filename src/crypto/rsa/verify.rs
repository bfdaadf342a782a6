//! Verification of RSA signatures (RFC 8017, 8.1.2 and 8.2.2): by `ring` where it can, else by the crate `rsa`, for moduli below 2048
//! bits and for the parameters of RSASSA-PSS that `ring` does not know.

use ::rsa::traits::SignatureScheme;
use ::rsa::{BoxedUint, Pkcs1v15Sign, PublicKey as Verifier};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::RsaPublicKey;
use super::pss::Pss;
use crate::crypto::hash::Hash;
use crate::crypto::signature::{NotSupported, Outcome, Signed};
use crate::der::{self, tag};

/// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2).
pub(crate) fn pkcs1(key: &RsaPublicKey, hash: Hash, signed: Signed<'_>) -> Outcome {
    let by_ring = match hash {
        Hash::Sha1 => Some(&signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
        Hash::Sha256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Hash::Md2 | Hash::Md5 | Hash::Sha224 | Hash::Sm3 => None,
    };
    let by_ring = by_ring.filter(|_| ring_takes(key)).map(|by_ring| fits_by_ring(key, by_ring, signed));
    if by_ring == Some(true) {
        return Outcome::Fits;
    }
    let Some(digest) = hash.digest(signed.tbs) else {
        return NotSupported::Algorithm(hash.name().into()).into();
    };
    let with_null = match by_ring {
        Some(fits) => fits.into(),
        None => verify(key, pkcs1_scheme(hash, &[tag::NULL, 0]), &digest, signed),
    };
    match with_null {
        // A few old signers leave the NULL out, which ring demands.
        Outcome::DoesNotFit => verify(key, pkcs1_scheme(hash, &[]), &digest, signed),
        outcome => outcome,
    }
}

/// The scheme whose DigestInfo names the hash with these parameters (RFC 8017, 9.2).
fn pkcs1_scheme(hash: Hash, parameters: &[u8]) -> Pkcs1v15Sign {
    let mut algorithm = der::encode(tag::OID, hash.oid());
    algorithm.extend_from_slice(parameters);
    let mut info = der::encode(tag::SEQUENCE, &algorithm);
    info.extend(der::encode(tag::OCTET_STRING, &vec![0; hash.octets()]));
    let mut prefix = der::encode(tag::SEQUENCE, &info);
    prefix.truncate(prefix.len().saturating_sub(hash.octets()));
    Pkcs1v15Sign { hash_len: Some(hash.octets()), prefix: prefix.into() }
}

/// RSASSA-PSS (RFC 8017, 8.1.2).
pub(crate) fn pss(key: &RsaPublicKey, pss: Pss, signed: Signed<'_>) -> Outcome {
    if pss.hash != pss.mask_hash {
        return NotSupported::PssMask.into();
    }
    let by_ring = match pss.hash {
        _ if pss.salt_octets != pss.hash.octets() || !ring_takes(key) => None,
        Hash::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    };
    if let Some(by_ring) = by_ring {
        return fits_by_ring(key, by_ring, signed).into();
    }
    let Some(digest) = pss.hash.digest(signed.tbs) else { return NotSupported::PssParameters.into() };
    let salt = pss.salt_octets;
    match pss.hash {
        Hash::Sha1 => verify(key, ::rsa::Pss::<Sha1>::new_with_salt(salt), &digest, signed),
        Hash::Sha256 => verify(key, ::rsa::Pss::<Sha256>::new_with_salt(salt), &digest, signed),
        Hash::Sha384 => verify(key, ::rsa::Pss::<Sha384>::new_with_salt(salt), &digest, signed),
        Hash::Sha512 => verify(key, ::rsa::Pss::<Sha512>::new_with_salt(salt), &digest, signed),
        Hash::Md2 | Hash::Md5 | Hash::Sha224 | Hash::Sm3 => NotSupported::PssParameters.into(),
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
        Ok(verifier) => verifier.verify(scheme, digest, signed.signature).is_ok().into(),
        Err(_) => NotSupported::RsaSize { bits: key.bits(), exponent_octets: key.exponent().len() }.into(),
    }
}
