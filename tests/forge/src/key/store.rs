//! The fixed keys, by name. `keys/make.sh` made them.

use super::{Ec, Key, Other, Rsa};
use crate::curve::{self, Curve};
use crate::der::{Node, octets, seq, small};
use crate::pem::decode;

/// Name, PKCS#8 as PEM, SPKI as PEM.
const KEYS: &[(&str, &str, &str)] = &[
    (
        "brainpool256",
        include_str!("../../keys/brainpool256.pem"),
        include_str!("../../keys/brainpool256.pub.pem"),
    ),
    ("dsa", include_str!("../../keys/dsa.pem"), include_str!("../../keys/dsa.pub.pem")),
    ("ed25519", include_str!("../../keys/ed25519.pem"), include_str!("../../keys/ed25519.pub.pem")),
    ("ed448", include_str!("../../keys/ed448.pem"), include_str!("../../keys/ed448.pub.pem")),
    ("p224", include_str!("../../keys/p224.pem"), include_str!("../../keys/p224.pub.pem")),
    ("p256a", include_str!("../../keys/p256a.pem"), include_str!("../../keys/p256a.pub.pem")),
    ("p256b", include_str!("../../keys/p256b.pem"), include_str!("../../keys/p256b.pub.pem")),
    ("p256c", include_str!("../../keys/p256c.pem"), include_str!("../../keys/p256c.pub.pem")),
    ("p384a", include_str!("../../keys/p384a.pem"), include_str!("../../keys/p384a.pub.pem")),
    ("p384b", include_str!("../../keys/p384b.pem"), include_str!("../../keys/p384b.pub.pem")),
    ("p521a", include_str!("../../keys/p521a.pem"), include_str!("../../keys/p521a.pub.pem")),
    ("p521b", include_str!("../../keys/p521b.pem"), include_str!("../../keys/p521b.pub.pem")),
    ("rsa1024", include_str!("../../keys/rsa1024.pem"), include_str!("../../keys/rsa1024.pub.pem")),
    ("rsa2040", include_str!("../../keys/rsa2040.pem"), include_str!("../../keys/rsa2040.pub.pem")),
    ("rsa2048a", include_str!("../../keys/rsa2048a.pem"), include_str!("../../keys/rsa2048a.pub.pem")),
    ("rsa2048b", include_str!("../../keys/rsa2048b.pem"), include_str!("../../keys/rsa2048b.pub.pem")),
    ("rsa2048c", include_str!("../../keys/rsa2048c.pem"), include_str!("../../keys/rsa2048c.pub.pem")),
    ("rsa2048e3", include_str!("../../keys/rsa2048e3.pem"), include_str!("../../keys/rsa2048e3.pub.pem")),
    (
        "rsa2048multi",
        include_str!("../../keys/rsa2048multi.pem"),
        include_str!("../../keys/rsa2048multi.pub.pem"),
    ),
    ("rsa3072", include_str!("../../keys/rsa3072.pem"), include_str!("../../keys/rsa3072.pub.pem")),
    ("rsa4096", include_str!("../../keys/rsa4096.pem"), include_str!("../../keys/rsa4096.pub.pem")),
    ("rsa4096b", include_str!("../../keys/rsa4096b.pem"), include_str!("../../keys/rsa4096b.pub.pem")),
    ("rsa8192", include_str!("../../keys/rsa8192.pem"), include_str!("../../keys/rsa8192.pub.pem")),
    ("rsa8200", include_str!("../../keys/rsa8200.pem"), include_str!("../../keys/rsa8200.pub.pem")),
    ("rsapss", include_str!("../../keys/rsapss.pem"), include_str!("../../keys/rsapss.pub.pem")),
    ("secp256k1", include_str!("../../keys/secp256k1.pem"), include_str!("../../keys/secp256k1.pub.pem")),
    ("sm2ca", include_str!("../../keys/sm2ca.pem"), include_str!("../../keys/sm2ca.pub.pem")),
    ("sm2enc", include_str!("../../keys/sm2enc.pem"), include_str!("../../keys/sm2enc.pub.pem")),
    ("sm2other1", include_str!("../../keys/sm2other1.pem"), include_str!("../../keys/sm2other1.pub.pem")),
    ("sm2other2", include_str!("../../keys/sm2other2.pem"), include_str!("../../keys/sm2other2.pub.pem")),
    ("sm2root", include_str!("../../keys/sm2root.pem"), include_str!("../../keys/sm2root.pub.pem")),
    ("sm2sign", include_str!("../../keys/sm2sign.pem"), include_str!("../../keys/sm2sign.pub.pem")),
    ("x25519", include_str!("../../keys/x25519.pem"), include_str!("../../keys/x25519.pub.pem")),
];

/// The names of all fixed keys.
pub fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().map(|k| k.0)
}

/// The files of a fixed key as OpenSSL wrote them: PKCS#8 and SPKI, PEM.
///
/// # Panics
/// If no key has this name.
pub fn files(name: &str) -> (&'static str, &'static str) {
    let found = KEYS.iter().find(|k| k.0 == name).expect("a key of this name");
    (found.1, found.2)
}

/// The fixed key of this name.
///
/// # Panics
/// If no key has this name.
pub fn named(name: &str) -> Key {
    let found = KEYS.iter().find(|k| k.0 == name).expect("a key of this name");
    let (pkcs8, spki) = (decode(found.1), decode(found.2));
    let inner = Node::parse(&pkcs8).unwrap().at(&[2]).content();
    match curve_of(name) {
        Some(curve) => Key::Ec(Ec::parse(curve, &inner)),
        None if name == "rsapss" => {
            Key::Other(Other { name: found.0, spki, pkcs8, rsa: Some(Rsa::parse(&inner)) })
        }
        None if name.starts_with("rsa") => Key::Rsa(Rsa::parse(&inner)),
        None => Key::Other(Other { name: found.0, spki, pkcs8, rsa: None }),
    }
}

fn curve_of(name: &str) -> Option<&'static Curve> {
    Some(match name.get(..4)? {
        "p224" => &curve::P224,
        "p256" => &curve::P256,
        "p384" => &curve::P384,
        "p521" => &curve::P521,
        "secp" => &curve::SECP256K1,
        "brai" => &curve::BRAINPOOL256,
        _ if name.starts_with("sm2") => &curve::SM2,
        _ => return None,
    })
}

/// RSA, 2048 bits; `i` from 0 to 2.
pub fn rsa2048(i: usize) -> Key {
    named(["rsa2048a", "rsa2048b", "rsa2048c"][i])
}

/// P-256; `i` from 0 to 2.
pub fn p256(i: usize) -> Key {
    named(["p256a", "p256b", "p256c"][i])
}

/// P-384; `i` from 0 to 1.
pub fn p384(i: usize) -> Key {
    named(["p384a", "p384b"][i])
}

/// P-521; `i` from 0 to 1.
pub fn p521(i: usize) -> Key {
    named(["p521a", "p521b"][i])
}
/// RSA, 1024 bits: weak.
pub fn rsa1024() -> Key {
    named("rsa1024")
}
/// RSA, 2040 bits: just weak.
pub fn rsa2040() -> Key {
    named("rsa2040")
}
/// RSA, 3072 bits.
pub fn rsa3072() -> Key {
    named("rsa3072")
}
/// RSA, 4096 bits.
pub fn rsa4096() -> Key {
    named("rsa4096")
}
/// Another of 4096 bits.
pub fn rsa4096_other() -> Key {
    named("rsa4096b")
}
/// RSA, 8192 bits: the largest that is admitted.
pub fn rsa8192() -> Key {
    named("rsa8192")
}
/// RSA, 8200 bits: too large.
pub fn rsa8200() -> Key {
    named("rsa8200")
}
/// RSA, 2048 bits, e = 3.
pub fn rsa2048e3() -> Key {
    named("rsa2048e3")
}
/// RSA, 2048 bits, three primes.
pub fn rsa2048multi() -> Key {
    named("rsa2048multi")
}
/// secp256k1.
pub fn secp256k1() -> Key {
    named("secp256k1")
}
/// P-224.
pub fn p224() -> Key {
    named("p224")
}
/// brainpoolP256r1.
pub fn brainpool256() -> Key {
    named("brainpool256")
}
/// RSA, 2048 bits, under `id-RSASSA-PSS`.
pub fn rsapss() -> Key {
    named("rsapss")
}
/// Ed25519.
pub fn ed25519() -> Key {
    named("ed25519")
}
/// Ed448.
pub fn ed448() -> Key {
    named("ed448")
}
/// X25519, cannot sign.
pub fn x25519() -> Key {
    named("x25519")
}
/// DSA, 2048 bits.
pub fn dsa() -> Key {
    named("dsa")
}
/// SM2, for the root CA.
pub fn sm2_root() -> Key {
    named("sm2root")
}
/// SM2, for the sub CA.
pub fn sm2_ca() -> Key {
    named("sm2ca")
}
/// SM2, for the signature certificate.
pub fn sm2_sign() -> Key {
    named("sm2sign")
}
/// SM2, for the encryption certificate.
pub fn sm2_enc() -> Key {
    named("sm2enc")
}
/// SM2, for somebody else.
pub fn sm2_other1() -> Key {
    named("sm2other1")
}
/// SM2, for somebody else.
pub fn sm2_other2() -> Key {
    named("sm2other2")
}

/// The shape of an ML-DSA-44 key (RFC 9881); its octets are made up.
pub fn ml_dsa44() -> Key {
    let algorithm = seq([crate::der::oid("2.16.840.1.101.3.4.3.17")]);
    let seed = Node::prim(0x80, [0x42; 32]);
    let pkcs8 = seq([small(0), algorithm.clone(), octets(seed.encode())]);
    let spki = super::spki(algorithm, &[0x42; 1312]);
    Key::Other(Other { name: "mldsa44", spki: spki.encode(), pkcs8: pkcs8.encode(), rsa: None })
}

/// PKCS#8 of `rsa2048a`, encrypted under the passphrase `forge`: label `ENCRYPTED PRIVATE KEY`.
pub const RSA_ENCRYPTED: &str = include_str!("../../keys/rsa2048a.encrypted.pem");
/// PKCS#8 of `p256a`, encrypted: label `ENCRYPTED PRIVATE KEY`.
pub const P256_ENCRYPTED: &str = include_str!("../../keys/p256a.encrypted.pem");
/// PKCS#1 of `rsa2048a`, encrypted: `Proc-Type: 4,ENCRYPTED`.
pub const RSA_PROC_TYPE: &str = include_str!("../../keys/rsa2048a.proctype.pem");
/// SEC1 of `p256a`, encrypted: `Proc-Type: 4,ENCRYPTED`.
pub const P256_PROC_TYPE: &str = include_str!("../../keys/p256a.proctype.pem");
