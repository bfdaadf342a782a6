//! Signature algorithms: their schemes, hashes and names.

use certgate_forge::sign::Scheme;

use super::*;
use crate::crypto::hash::Hash;
use crate::read::certificate::SignatureScheme;

/// RSASSA-PSS with this hash, the same in its mask, and a salt of so many octets.
fn pss(hash: &str, salt: i64) -> Node {
    let algorithm = || der::seq([der::oid(hash)]);
    let mask = der::seq([der::oid("1.2.840.113549.1.1.8"), algorithm()]);
    let parameters =
        der::seq([der::ctx(0, [algorithm()]), der::ctx(1, [mask]), der::ctx(2, [der::small(salt)])]);
    der::seq([der::oid("1.2.840.113549.1.1.10"), parameters])
}

#[test]
fn every_scheme_has_its_hash_and_its_name() {
    use SignatureScheme::{Dsa, Ecdsa, Ed25519, RsaPkcs1, RsaPss, Sm2Sm3};
    let bare = |oid: &str| der::seq([der::oid(oid)]);
    let (sha224, sha256) = ("2.16.840.1.101.3.4.2.4", "2.16.840.1.101.3.4.2.1");
    let (sha384, sha512) = ("2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3");
    for (algorithm, scheme, hash, name) in [
        (
            bare("1.2.840.113549.1.1.2"),
            Some(RsaPkcs1(Hash::Md2)),
            Some((Hash::Md2, "MD2", true)),
            "1.2.840.113549.1.1.2",
        ),
        (bare("1.2.840.113549.1.1.4"), Some(RsaPkcs1(Hash::Md5)), Some((Hash::Md5, "MD5", true)), "MD5-RSA"),
        (bare("1.3.14.3.2.29"), Some(RsaPkcs1(Hash::Sha1)), Some((Hash::Sha1, "SHA-1", true)), "SHA1-RSA"),
        (
            bare("1.2.840.113549.1.1.14"),
            Some(RsaPkcs1(Hash::Sha224)),
            Some((Hash::Sha224, "SHA-224", false)),
            "1.2.840.113549.1.1.14",
        ),
        (bare("1.2.840.10045.4.1"), Some(Ecdsa(Hash::Sha1)), Some((Hash::Sha1, "SHA-1", true)), "ECDSA-SHA1"),
        (
            bare("1.2.840.10045.4.3.3"),
            Some(Ecdsa(Hash::Sha384)),
            Some((Hash::Sha384, "SHA-384", false)),
            "ECDSA-SHA384",
        ),
        (bare("1.2.840.10040.4.3"), Some(Dsa(Hash::Sha1)), Some((Hash::Sha1, "SHA-1", true)), "DSA-SHA1"),
        (
            bare("2.16.840.1.101.3.4.3.2"),
            Some(Dsa(Hash::Sha256)),
            Some((Hash::Sha256, "SHA-256", false)),
            "DSA-SHA256",
        ),
        // Go has no name for it.
        (
            pss("1.3.14.3.2.26", 20),
            Some(RsaPss(Hash::Sha1)),
            Some((Hash::Sha1, "SHA-1", true)),
            "1.2.840.113549.1.1.10",
        ),
        (bare("1.3.101.112"), Some(Ed25519), None, "Ed25519"),
        (bare("1.2.156.10197.1.501"), Some(Sm2Sm3), Some((Hash::Sm3, "SM3", false)), "SM2-SM3"),
        (
            pss(sha224, 28),
            Some(RsaPss(Hash::Sha224)),
            Some((Hash::Sha224, "SHA-224", false)),
            "1.2.840.113549.1.1.10",
        ),
        (
            pss(sha256, 32),
            Some(RsaPss(Hash::Sha256)),
            Some((Hash::Sha256, "SHA-256", false)),
            "SHA256-RSAPSS",
        ),
        (
            pss(sha384, 48),
            Some(RsaPss(Hash::Sha384)),
            Some((Hash::Sha384, "SHA-384", false)),
            "SHA384-RSAPSS",
        ),
        (
            pss(sha512, 64),
            Some(RsaPss(Hash::Sha512)),
            Some((Hash::Sha512, "SHA-512", false)),
            "SHA512-RSAPSS",
        ),
        // Another length of the salt: the hash is known, the scheme is none of the usual.
        (pss(sha512, 32), None, Some((Hash::Sha512, "SHA-512", false)), "1.2.840.113549.1.1.10"),
        // Parameters that end too early.
        (
            der::seq([der::oid("1.2.840.113549.1.1.10"), Node::raw([0x30, 5])]),
            None,
            None,
            "1.2.840.113549.1.1.10",
        ),
        (bare("1.2.3.4"), None, None, "1.2.3.4"),
    ] {
        let issued = leaf(|c| c.scheme(Scheme::Garbage(algorithm)));
        let certificate = read(&issued.der);
        let algorithm = certificate.signature_algorithm();
        assert_eq!(algorithm.name(), name);
        assert_eq!(algorithm.scheme(), scheme, "{name}");
        assert_eq!(algorithm.hash().map(|hash| (hash, hash.name(), hash.is_weak())), hash, "{name}");
    }
}
