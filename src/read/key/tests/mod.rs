#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::type_complexity,
    clippy::unwrap_used
)]

use super::*;
use crate::crypto::ec::private as ec;
use crate::der::{encode, encode_integer, tag};

mod containers;
mod lies;
mod public;

/// A key file that OpenSSL wrote.
macro_rules! der {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/", $name, ".der")).as_slice()
    };
}
pub(crate) use der;

/// The nine numbers of a PKCS#1 key, magnitudes in the order of the structure.
pub(crate) type Nine = [Vec<u8>; 9];

pub(crate) const N: usize = 1;
pub(crate) const E: usize = 2;
pub(crate) const D: usize = 3;
pub(crate) const P: usize = 4;
pub(crate) const Q: usize = 5;
pub(crate) const DP: usize = 6;
pub(crate) const DQ: usize = 7;
pub(crate) const QINV: usize = 8;

pub(crate) fn nine(pkcs1: &[u8]) -> Nine {
    let mut fields = crate::der::Reader::new(pkcs1).any().unwrap().inside();
    std::array::from_fn(|_| fields.any().unwrap().integer().unwrap().magnitude.to_vec())
}

pub(crate) fn pkcs1(numbers: &[Vec<u8>]) -> Vec<u8> {
    encode(tag::SEQUENCE, &numbers.iter().flat_map(|number| encode_integer(number)).collect::<Vec<_>>())
}

/// The SubjectPublicKeyInfo of two RSA numbers, as a key.
pub(crate) fn rsa_public(n: &[u8], e: &[u8]) -> PublicKey {
    PublicKey::Rsa(RsaPublicKey::new(n, e).unwrap())
}

pub(crate) fn sec1(scalar: &[u8], curve: Option<&[u8]>, point: Option<&[u8]>) -> Vec<u8> {
    let mut body = encode_integer(&[1]);
    body.extend(encode(tag::OCTET_STRING, scalar));
    if let Some(oid) = curve {
        body.extend(encode(tag::CONTEXT_0, &encode(tag::OID, oid)));
    }
    if let Some(point) = point {
        let bits = encode(tag::BIT_STRING, &[&[0][..], point].concat());
        body.extend(encode(tag::CONTEXT_1, &bits));
    }
    encode(tag::SEQUENCE, &body)
}

pub(crate) fn pkcs8(version: u8, algorithm: &[u8], key: &[u8], rest: &[u8]) -> Vec<u8> {
    let version = encode(tag::INTEGER, &[version]);
    let body = [version, encode(tag::SEQUENCE, algorithm), encode(tag::OCTET_STRING, key), rest.to_vec()];
    encode(tag::SEQUENCE, &body.concat())
}

pub(crate) fn rsa_algorithm() -> Vec<u8> {
    [encode(tag::OID, crate::crypto::algorithm::RSA_ENCRYPTION), encode(tag::NULL, &[])].concat()
}

pub(crate) fn ec_algorithm(curve: &[u8]) -> Vec<u8> {
    [encode(tag::OID, crate::crypto::algorithm::EC_PUBLIC_KEY), encode(tag::OID, curve)].concat()
}

/// A scalar for tests, and its point.
pub(crate) fn pair(curve: Curve, seed: u8) -> (Vec<u8>, Vec<u8>) {
    let mut scalar = vec![seed; curve.octets()];
    scalar[0] = 0;
    let point = ec::public_point(curve, &scalar).unwrap();
    (scalar, point)
}

pub(crate) fn ec_public(curve: Curve, point: &[u8]) -> PublicKey {
    PublicKey::Ec(crate::crypto::spki::EcPublicKey::decode(curve, point).unwrap())
}

pub(crate) fn compressed(point: &[u8]) -> Vec<u8> {
    let half = (point.len() - 1) / 2;
    [&[2 | (point[point.len() - 1] & 1)][..], &point[1..=half]].concat()
}

pub(crate) const CURVES: [Curve; 4] = [Curve::P256, Curve::P384, Curve::P521, Curve::Sm2];
