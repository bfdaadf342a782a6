//! Private keys: keys that lie, keys of another certificate, encodings, sizes and kinds.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, put, put_key, row};
use crate::chain;
use crate::curve::octets;
use crate::der::{self, Node, oid};
use crate::form::Form;
use crate::key::{self, Ec, Key, Pkcs8, Rsa as Parts, Sec1};
use crate::pem;
use num_bigint::{BigInt, BigUint};

/// The key field as this key, the certificate unchanged.
fn key(form: &mut Form, key: impl Into<Key>) {
    form.private_key = Some(key.into().pem());
}

/// A lie built on the RSA key of the form's certificate and another of the same size.
pub(super) fn rsa_lie(form: &mut Form, lie: fn(Parts, Parts) -> Parts) {
    key(form, lie(key::rsa2048(0).rsa(), key::rsa2048(1).rsa()));
}

/// The point of one key beside the scalar of another.
fn ec_lie(victim: Key, other: Key) -> Ec {
    Ec { scalar: other.ec().scalar, ..victim.ec() }
}

fn sec1(form: &mut Form, change: impl FnOnce(&Ec, Sec1) -> Sec1) {
    let ec = key::p256(0).ec();
    let node = change(&ec, ec.sec1()).node();
    form.private_key = Some(pem::encode("EC PRIVATE KEY", &node.encode()));
}

pub(super) fn pkcs8(form: &mut Form, change: impl FnOnce(&Ec, Pkcs8) -> Pkcs8) {
    let ec = key::p256(0).ec();
    form.private_key = Some(change(&ec, ec.pkcs8()).pem());
}

fn sm2_pkcs8(form: &mut Form, algorithm: fn(&Ec) -> Node) {
    let ec = key::sm2_enc().ec();
    form.private_key = Some(Pkcs8 { algorithm: algorithm(&ec), ..ec.pkcs8() }.pem());
}

/// The encryption certificate with this SubjectPublicKeyInfo.
fn sm2_spki(form: &mut Form, spki: fn(&Ec) -> Node) {
    let (ca, _) = chain::sm2_issuers();
    let ec = key::sm2_enc().ec();
    let leaf = chain::sm2_leaf(key::sm2_enc(), chain::SM2_ENC_USAGE).spki(spki(&ec)).issued_by(&ca);
    form.cert_content = Some(leaf.pem() + &ca.pem());
}

/// SEC1 with these octets as the scalar, its point that of the certificate.
fn scalar(form: &mut Form, value: impl FnOnce(&Ec) -> BigUint) {
    sec1(form, |ec, sec1| Sec1 { scalar: octets(&value(ec), ec.curve.size), ..sec1 });
}

/// The certificate's curve key computed from the scalar, on both sides.
fn sm2_scalar(form: &mut Form, value: fn(BigUint) -> BigUint) {
    let curve = key::sm2_enc().ec().curve;
    let ec = Ec::new(curve, value(curve.n()));
    let (ca, _) = chain::sm2_issuers();
    let leaf = chain::sm2_leaf(ec.into(), chain::SM2_ENC_USAGE).issued_by(&ca);
    form.cert_content = Some(leaf.pem() + &ca.pem());
    form.private_key = Some(leaf.key_pem());
}

fn trailing(form: &mut Form, bytes: &[u8]) {
    let der = pem::decode(form.private_key.as_deref().unwrap());
    form.private_key = Some(pem::encode("PRIVATE KEY", &[&der, bytes].concat()));
}

/// The RSA leaf and its key with these numbers.
pub(super) fn numbers(form: &mut Form, parts: Parts, e: impl Into<BigInt>) {
    put_key(form, Parts { e: e.into(), ..parts }.complete());
}

/// The least common multiple of p − 1 and q − 1.
pub(super) fn lambda(parts: &Parts) -> BigInt {
    let (p, q): (BigInt, BigInt) = (&parts.p - 1, &parts.q - 1);
    let (mut a, mut b) = (p.clone(), q.clone());
    while b != BigInt::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    p * q / a
}

fn small(value: i64) -> BigInt {
    BigInt::from(value)
}

pub(super) const ROWS: &[Fault] = &[
    // Lies.
    row(Rsa, "lie-rsa-n-e", |f| rsa_lie(f, |v, o| Parts { n: v.n, e: v.e, ..o })),
    row(Rsa, "lie-rsa-d", |f| rsa_lie(f, |v, o| Parts { d: o.d, ..v })),
    row(Rsa, "lie-rsa-p", |f| rsa_lie(f, |v, o| Parts { p: o.p, ..v })),
    row(Rsa, "lie-rsa-q", |f| rsa_lie(f, |v, o| Parts { q: o.q, ..v })),
    row(Rsa, "lie-rsa-dp", |f| rsa_lie(f, |v, o| Parts { dp: o.dp, ..v })),
    row(Rsa, "lie-rsa-dq", |f| rsa_lie(f, |v, o| Parts { dq: o.dq, ..v })),
    row(Rsa, "lie-rsa-qinv", |f| rsa_lie(f, |v, o| Parts { qinv: o.qinv, ..v })),
    row(Rsa, "lie-rsa-d-plus-2", |f| rsa_lie(f, |v, _| Parts { d: &v.d + 2, ..v })),
    row(Rsa, "lie-rsa-dp-plus-1", |f| rsa_lie(f, |v, _| Parts { dp: &v.dp + 1, ..v })),
    row(Rsa, "lie-rsa-qinv-plus-1", |f| rsa_lie(f, |v, _| Parts { qinv: &v.qinv + 1, ..v })),
    // It fits the primes, but is not below the modulus.
    row(Rsa, "rsa-d-above-n", |f| {
        rsa_lie(f, |v, _| {
            let (lambda, n) = (lambda(&v), v.n.clone());
            let more: BigInt = (n - &v.d) / &lambda + 1;
            Parts { d: &v.d + more * lambda, ..v }
        });
    }),
    row(Rsa, "lie-rsa-primes-exchanged", |f| rsa_lie(f, |v, _| Parts { p: v.q, q: v.p, ..v })),
    row(Ecc, "lie-p256", |f| key(f, ec_lie(key::p256(0), key::p256(1)))),
    row(Ecc, "lie-p384", |f| {
        put_key(f, key::p384(0));
        key(f, ec_lie(key::p384(0), key::p384(1)));
    }),
    row(Ecc, "lie-p521", |f| {
        put_key(f, key::p521(0));
        key(f, ec_lie(key::p521(0), key::p521(1)));
    }),
    row(Sm2, "lie-sm2", |f| key(f, ec_lie(key::sm2_enc(), key::sm2_other1()))),
    row(Sm2, "lie-sm2-sign", |f| {
        f.private_key_sign = Some(Key::from(ec_lie(key::sm2_sign(), key::sm2_other1())).pem());
    }),
    // The scalar is right, the point beside it is somebody else's.
    row(Ecc, "lie-p256-foreign-point", |f| key(f, ec_lie(key::p256(1), key::p256(0)))),
    // Keys of another certificate.
    row(Rsa, "same-n-other-e", |f| {
        let parts = key::rsa2048(0).rsa();
        key(f, Parts { e: small(65539), ..parts }.complete());
    }),
    row(Rsa, "other-rsa-key", |f| key(f, key::rsa2048(1))),
    row(Rsa, "other-rsa-size", |f| key(f, key::rsa3072())),
    row(Ecc, "other-p256-key", |f| key(f, key::p256(1))),
    row(Ecc, "other-curve", |f| key(f, key::p384(0))),
    row(Rsa, "other-type-ec", |f| key(f, key::p256(0))),
    row(Ecc, "other-type-rsa", |f| key(f, key::rsa2048(0))),
    row(Ecc, "other-type-sm2", |f| key(f, key::sm2_enc())),
    row(Sm2, "other-sm2-key", |f| key(f, key::sm2_other1())),
    row(Rsa, "other-rsa-key-of-1024", |f| key(f, key::rsa1024())),
    row(Rsa, "other-rsa-key-of-8200", |f| key(f, key::rsa8200())),
    row(Rsa, "other-rsa-key-with-e-3", |f| key(f, key::rsa2048e3())),
    row(Rsa, "other-type-ed25519", |f| f.private_key = Some(key::ed25519().pem())),
    // Encodings that are fine.
    row(Ecc, "sec1-without-point", |f| sec1(f, |_, s| Sec1 { public: None, ..s })),
    row(Ecc, "sec1-without-curve", |f| sec1(f, |_, s| Sec1 { parameters: None, ..s })),
    row(Ecc, "sec1-without-both", |f| sec1(f, |_, s| Sec1 { parameters: None, public: None, ..s })),
    row(Ecc, "sec1-compressed", |f| sec1(f, |ec, s| Sec1 { public: Some(ec.compressed()), ..s })),
    row(Ecc, "spki-compressed", |f| {
        let ec = key::p256(0).ec();
        put(f, chain::plain_leaf(key::p256(0)).spki(ec.spki_compressed()));
    }),
    row(Ecc, "pkcs8-inner-curve", |f| pkcs8(f, |ec, p| Pkcs8 { key: ec.sec1().node().encode(), ..p })),
    row(Ecc, "pkcs8-v2", |f| {
        pkcs8(f, |ec, p| Pkcs8 { version: 1, public: Some(ec.uncompressed()), ..p });
    }),
    row(Ecc, "pkcs8-v2-without-point-inside", |f| {
        pkcs8(f, |ec, p| {
            let bare = Sec1 { parameters: None, public: None, ..ec.sec1() };
            Pkcs8 { version: 1, key: bare.node().encode(), public: Some(ec.uncompressed()), ..p }
        });
    }),
    row(Rsa, "pkcs8-v2-rsa", |f| {
        let rsa = key::rsa2048(0).rsa();
        let key = Pkcs8 { version: 1, public: Some(rsa.public().encode()), ..rsa.pkcs8() };
        f.private_key = Some(key.pem());
    }),
    row(Sm2, "pkcs8-v2-sm2", |f| {
        let ec = key::sm2_enc().ec();
        let key = Pkcs8 { version: 1, public: Some(ec.uncompressed()), ..ec.pkcs8() };
        f.private_key = Some(key.pem());
    }),
    row(Ecc, "pkcs8-v2-of-another-key", |f| {
        let ec = key::p256(1).ec();
        f.private_key = Some(Pkcs8 { version: 1, public: Some(ec.uncompressed()), ..ec.pkcs8() }.pem());
    }),
    row(Ecc, "pkcs8-v2-that-lies", |f| {
        pkcs8(f, |_, p| Pkcs8 { version: 1, public: Some(key::p256(1).ec().uncompressed()), ..p });
    }),
    row(Ecc, "sec1-without-curve-of-another-key", |f| {
        let node = Sec1 { parameters: None, ..key::p256(1).ec().sec1() }.node();
        f.private_key = Some(pem::encode("EC PRIVATE KEY", &node.encode()));
    }),
    row(Ecc, "pkcs8-attributes", |f| {
        let usage = der::seq([oid("2.5.29.15"), der::set([der::bits_raw(7, &[0x80])])]);
        pkcs8(f, |_, p| Pkcs8 { attributes: Some(der::ctx(0, [usage])), ..p });
    }),
    row(Sm2, "sm2-key-own-oid", |f| sm2_pkcs8(f, |ec| ec.algorithm_by_curve(None))),
    row(Sm2, "sm2-key-own-oid-twice", |f| {
        sm2_pkcs8(f, |ec| ec.algorithm_by_curve(Some(oid(ec.curve.oid))));
    }),
    row(Sm2, "sm2-spki-own-oid", |f| {
        sm2_spki(f, |ec| key::spki(ec.algorithm_by_curve(None), &ec.uncompressed()));
    }),
    row(Sm2, "sm2-spki-compressed", |f| sm2_spki(f, Ec::spki_compressed)),
    row(Sm2, "sm2-sec1", |f| f.private_key = Some(key::sm2_enc().traditional_pem())),
    // Encodings that are not.
    row(Rsa, "trailing-byte", |f| trailing(f, &[0])),
    row(Ecc, "trailing-bytes", |f| trailing(f, &[5, 0])),
    row(Ecc, "key-padded-length", |f| {
        let node = key::p256(0).ec().pkcs8().node().padded(1);
        f.private_key = Some(pem::encode("PRIVATE KEY", &node.encode()));
    }),
    row(Rsa, "key-of-nothing-known", |f| {
        f.private_key =
            Some(pem::encode("PRIVATE KEY", &der::seq([der::utf8("not"), der::utf8("a key")]).encode()));
    }),
    row(Rsa, "key-cut-off", |f| {
        let der = pem::decode(f.private_key.as_deref().unwrap());
        // Another row may have left less.
        f.private_key = Some(pem::encode("PRIVATE KEY", &der[..der.len().min(300)]));
    }),
    row(Rsa, "rsa-negative-n", |f| rsa_lie(f, |v, _| Parts { n: -v.n, ..v })),
    row(Rsa, "rsa-negative-d", |f| rsa_lie(f, |v, _| Parts { d: -v.d, ..v })),
    row(Rsa, "rsa-zero-d", |f| rsa_lie(f, |v, _| Parts { d: small(0), ..v })),
    row(Rsa, "rsa-zero-n", |f| rsa_lie(f, |v, _| Parts { n: small(0), ..v })),
    row(Rsa, "rsa-p-is-1", |f| {
        rsa_lie(f, |v, _| Parts { q: v.n.clone(), p: small(1), ..v });
    }),
    row(Rsa, "rsa-q-is-1", |f| {
        rsa_lie(f, |v, _| Parts { p: v.n.clone(), q: small(1), ..v });
    }),
    row(Rsa, "rsa-even-n", |f| rsa_lie(f, |v, _| Parts { n: v.n - 1, ..v })),
    row(Ecc, "scalar-zero", |f| scalar(f, |_| BigUint::ZERO)),
    row(Ecc, "scalar-n", |f| scalar(f, |ec| ec.curve.n())),
    row(Ecc, "scalar-all-ones", |f| scalar(f, |_| (BigUint::from(1u8) << 256) - 1u8)),
    row(Sm2, "sm2-scalar-n-minus-1", |f| sm2_scalar(f, |n| n - 1u8)),
    row(Sm2, "sm2-scalar-n-minus-2", |f| sm2_scalar(f, |n| n - 2u8)),
    row(Sm2, "sm2-scalar-1", |f| sm2_scalar(f, |_| BigUint::from(1u8))),
    row(Ecc, "explicit-curve-sec1", |f| {
        sec1(f, |ec, s| Sec1 { parameters: Some(key::explicit(ec.curve)), ..s });
    }),
    row(Ecc, "explicit-curve-pkcs8", |f| {
        pkcs8(f, |ec, p| Pkcs8 { algorithm: ec.algorithm_explicit(), ..p });
    }),
    row(Ecc, "explicit-curve-spki", |f| {
        let ec = key::p256(0).ec();
        let spki = key::spki(ec.algorithm_explicit(), &ec.uncompressed());
        put(f, chain::plain_leaf(key::p256(0)).spki(spki));
    }),
    row(Ecc, "explicit-curve-both", |f| {
        let ec = key::p256(0).ec();
        let spki = key::spki(ec.algorithm_explicit(), &ec.uncompressed());
        put(f, chain::plain_leaf(key::p256(0)).spki(spki));
        pkcs8(f, |ec, p| Pkcs8 { algorithm: ec.algorithm_explicit(), ..p });
    }),
    // Sizes.
    row(Rsa, "rsa1024", |f| put_key(f, key::rsa1024())),
    row(Rsa, "rsa2040", |f| put_key(f, key::rsa2040())),
    row(Rsa, "rsa3072", |f| put_key(f, key::rsa3072())),
    row(Rsa, "rsa4096", |f| put_key(f, key::rsa4096())),
    row(Rsa, "rsa8192", |f| put_key(f, key::rsa8192())),
    row(Rsa, "rsa8200", |f| put_key(f, key::rsa8200())),
    row(Rsa, "rsa-multi-prime", |f| put_key(f, key::rsa2048multi())),
    row(Rsa, "rsa-e-of-33-bits", |f| numbers(f, key::rsa2048(0).rsa(), (1_u64 << 32) + 15)),
    row(Rsa, "rsa-e-of-65-bits", |f| numbers(f, key::rsa2048(0).rsa(), (1_u128 << 64) + 13)),
    row(Rsa, "rsa-e-3", |f| put_key(f, key::rsa2048e3())),
    row(Ecc, "p384", |f| put_key(f, key::p384(0))),
    row(Ecc, "p521", |f| put_key(f, key::p521(0))),
    // Kinds that the gateway does not take.
    row(Rsa, "kind-rsa-pss", |f| put_key(f, key::rsapss())),
    row(Rsa, "kind-ed25519", |f| put_key(f, key::ed25519())),
    row(Rsa, "kind-ed448", |f| put_key(f, key::ed448())),
    row(Rsa, "kind-x25519", |f| put_key(f, key::x25519())),
    row(Rsa, "kind-dsa", |f| put_key(f, key::dsa())),
    row(Rsa, "kind-secp256k1", |f| put_key(f, key::secp256k1())),
    row(Rsa, "kind-p224", |f| put_key(f, key::p224())),
    row(Rsa, "kind-brainpool", |f| put_key(f, key::brainpool256())),
    row(Rsa, "kind-ml-dsa", |f| put_key(f, key::ml_dsa44())),
    // Encryption keys in an envelope.
    row(Sm2, "envelope-gmt-0009", |f| {
        let node = key::sm2_enveloped_key(&key::sm2_enc().ec());
        f.private_key = Some(pem::encode("PRIVATE KEY", &node.encode()));
    }),
    row(Sm2, "envelope-gmt-0009-base64", |f| {
        f.private_key = Some(pem::base64(&key::sm2_enveloped_key(&key::sm2_enc().ec()).encode()));
    }),
    row(Sm2, "envelope-gmt-0016-base64", |f| {
        f.private_key = Some(pem::base64(&key::enveloped_key_blob(&key::sm2_enc().ec())));
    }),
    row(Sm2, "envelope-pkcs7", |f| {
        f.private_key = Some(pem::encode("PKCS7", &key::enveloped_data("1.2.840.113549.1.7.3").encode()));
    }),
    row(Sm2, "envelope-gmt-0010", |f| {
        f.private_key = Some(pem::encode("PKCS7", &key::enveloped_data("1.2.156.10197.6.1.4.2.3").encode()));
    }),
];
