//! Signatures that OpenSSL made (tests/data/links/make.sh), each verified with its own key, with another one and with a flipped bit.

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::signature::{NotSupported, Outcome, Signed, Signer, verify};
use crate::crypto::spki::PublicKey;
use crate::der::oid::Oid;
use crate::der::{Reader, encode, tag};

#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) tbs: Vec<u8>,
    pub(crate) algorithm: Vec<u8>,
    pub(crate) parameters: Option<Vec<u8>>,
    pub(crate) signature: Vec<u8>,
    pub(crate) spki: Vec<u8>,
}

pub(crate) fn load(name: &str) -> Parts {
    let path = format!("{}/tests/data/links/{name}.der", env!("CARGO_MANIFEST_DIR"));
    let der = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    take_apart(&der)
}

fn take_apart(der: &[u8]) -> Parts {
    let mut certificate = Reader::new(der).expect(tag::SEQUENCE).unwrap().inside();
    let mut raw = || {
        let from = certificate.offset();
        let element = certificate.any().unwrap();
        (element, der[from..certificate.offset()].to_vec())
    };
    let (tbs, tbs_der) = raw();
    let (algorithm, _) = raw();
    let (signature, _) = raw();
    let mut algorithm = algorithm.inside();
    let identifier = algorithm.any().unwrap();
    let parameters = algorithm.any().ok().map(|parameters| encode(parameters.tag, parameters.value));
    let mut fields = tbs.inside();
    // version, serialNumber, signature, issuer, validity, subject
    for _ in 0..6 {
        fields.any().unwrap();
    }
    let from = fields.offset();
    fields.any().unwrap();
    let spki = der[from..fields.offset()].to_vec();
    let signature = signature.bit_string().unwrap().to_vec();
    Parts { tbs: tbs_der, algorithm: identifier.value.to_vec(), parameters, signature, spki }
}

impl Parts {
    fn verify_with(&self, spki: &[u8], ids: &[&str]) -> Outcome {
        let key = PublicKey::from_spki_der(spki).unwrap();
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let algorithm = SignatureAlgorithm::new(Oid::new(&self.algorithm), self.parameters.as_deref());
        let signed = Signed { algorithm: &algorithm, signature: &self.signature, tbs: &self.tbs };
        let with = |keys: &PreparedKeys| verify(signed, Signer { key: &key, spki }, &ids, keys);
        let (outcome, kept) = (with(&PreparedKeys::default()), PreparedKeys::kept(1));
        // Prepared now, and prepared before.
        assert_eq!([with(&kept), with(&kept)], [outcome.clone(), outcome.clone()]);
        outcome
    }
}

const ID: &[&str] = &["1234567812345678"];

/// A file, and another with a key of the same kind where there is one.
const FIT: [(&str, Option<&str>); 36] = [
    ("rsa1024-sha1", Some("rsa2048-sha256")),
    ("rsa1024-sha256", Some("rsa1025-pss-sha256-sha256-32")),
    ("rsa1024-sha384", Some("rsa2048-sha256")),
    ("rsa1024-sha512", Some("rsa2048-sha256")),
    ("rsa2048-sha1", Some("rsa2048e3-sha256")),
    ("rsa2048-sha256", Some("rsa2048e3-sha256")),
    ("rsa2048-sha384", Some("rsa2048e3-sha256")),
    ("rsa2048-sha512", Some("rsa2048e3-sha256")),
    ("rsa2049-sha256", Some("rsa4096-sha512")),
    ("rsa4096-sha512", Some("rsa2048-sha256")),
    ("rsa2048e3-sha256", Some("rsa2048-sha256")),
    ("rsa2048-pss-sha256-sha256-32", Some("rsa2048e3-sha256")),
    ("rsa2048-pss-sha384-sha384-48", Some("rsa2048e3-sha256")),
    ("rsa2048-pss-sha512-sha512-64", Some("rsa2048e3-sha256")),
    ("rsa2048-pss-sha1-sha1-20", Some("rsa2048e3-sha256")),
    ("rsa2048-pss-sha256-sha256-0", Some("rsa2048e3-sha256")),
    ("rsa2048-pss-sha256-sha256-222", Some("rsa2048e3-sha256")),
    ("rsa2049-pss-sha256-sha256-32", Some("rsa4096-sha512")),
    ("rsa1024-pss-sha256-sha256-32", Some("rsa1025-pss-sha256-sha256-32")),
    ("rsa1025-pss-sha256-sha256-32", Some("rsa1024-sha256")),
    ("rsapss-pss-sha256-sha256-32", Some("rsa2048-sha256")),
    ("P-256-sha1", Some("P-384-sha384")),
    ("P-256-sha256", Some("P-384-sha384")),
    ("P-256-sha384", Some("P-521-sha512")),
    ("P-256-sha512", Some("P-521-sha512")),
    ("P-384-sha1", Some("P-256-sha256")),
    ("P-384-sha256", Some("P-256-sha256")),
    ("P-384-sha384", Some("P-256-sha256")),
    ("P-384-sha512", Some("P-256-sha256")),
    ("P-521-sha1", Some("P-256-sha256")),
    ("P-521-sha256", Some("P-256-sha256")),
    ("P-521-sha384", Some("P-256-sha256")),
    ("P-521-sha512", Some("P-256-sha256")),
    ("ed25519", Some("rsa2048-sha256")),
    ("sm2-default", Some("rsa2048-sha256")),
    ("sm2-empty", None),
];

#[test]
fn signatures_fit_their_key_and_no_other() {
    for (name, other) in FIT {
        let parts = load(name);
        let wanted = if name == "sm2-empty" { Outcome::FitsEmptyId } else { Outcome::Fits };
        assert_eq!(parts.verify_with(&parts.spki, ID), wanted, "{name}");
        if let Some(other) = other {
            assert_eq!(parts.verify_with(&load(other).spki, ID), Outcome::DoesNotFit, "{name} by {other}");
        }
    }
}

#[test]
fn a_flipped_bit_does_not_fit() {
    for (name, _) in FIT {
        let wanted = if name.starts_with("sm2") { Outcome::UnknownId } else { Outcome::DoesNotFit };
        let mut parts = load(name);
        *parts.tbs.last_mut().unwrap() ^= 1;
        assert_eq!(parts.verify_with(&parts.spki, ID), wanted, "{name}: certificate");
        let mut parts = load(name);
        *parts.signature.last_mut().unwrap() ^= 1;
        assert_eq!(parts.verify_with(&parts.spki, ID), wanted, "{name}: signature");
        for cut in [0, 1, parts.signature.len() - 1] {
            let mut parts = load(name);
            parts.signature.truncate(cut);
            assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::DoesNotFit, "{name}: cut to {cut}");
        }
    }
}

/// A key that is for PSS alone makes no other signature (RFC 4055, 1.2), so one of PKCS#1 is not its own.
#[test]
fn a_pss_key_makes_no_pkcs1_signature() {
    let pss = load("rsapss-pss-sha256-sha256-32");
    assert_eq!(load("rsa2048-sha256").verify_with(&pss.spki, ID), Outcome::DoesNotFit);
}

#[test]
fn what_is_not_supported_is_named() {
    for (name, why) in [
        ("rsa2048-md5", "RSA and MD5"),
        ("rsa2048-sha224", "RSA and SHA-224"),
        ("P-256-sha224", "ECDSA and SHA-224"),
        ("P-521-sha3-256", "ECDSA and SHA3-256"),
        ("ed448", "Ed448"),
        ("rsa2048-pss-sha256-sha1-20", "another hash in its mask"),
        ("secp256k1-sha256", "EC secp256k1"),
        ("brainpoolP256r1-sha256", "EC brainpoolP256r1"),
    ] {
        let parts = load(name);
        match parts.verify_with(&parts.spki, ID) {
            Outcome::NotSupported(reason) => assert!(reason.to_string().contains(why), "{name}: {reason}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// An identifier that has a name is reported by its name, another by its numbers.
#[test]
fn signature_algorithms_are_reported_by_name() {
    for (identifier, want) in [
        ("1.2.840.113549.1.1.2", "RSA and MD2"),
        ("1.2.840.113549.1.1.15", "RSA and SHA-512/224"),
        ("1.2.840.113549.1.1.16", "RSA and SHA-512/256"),
        ("1.2.840.10040.4.3", "DSA and SHA-1"),
        ("2.16.840.1.101.3.4.3.1", "DSA and SHA-224"),
        ("2.16.840.1.101.3.4.3.2", "DSA and SHA-256"),
        ("2.16.840.1.101.3.4.3.9", "ECDSA and SHA3-224"),
        ("2.16.840.1.101.3.4.3.11", "ECDSA and SHA3-384"),
        ("2.16.840.1.101.3.4.3.12", "ECDSA and SHA3-512"),
        ("2.16.840.1.101.3.4.3.13", "RSA and SHA3-224"),
        ("2.16.840.1.101.3.4.3.14", "RSA and SHA3-256"),
        ("2.16.840.1.101.3.4.3.15", "RSA and SHA3-384"),
        ("2.16.840.1.101.3.4.3.16", "RSA and SHA3-512"),
        ("1.2.156.10197.1.502", "SM2 and SHA-1"),
        ("1.2.156.10197.1.503", "SM2 and SHA-256"),
        ("1.2.156.10197.1.504", "RSA and SM3"),
        ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
        ("1.2.3.4", "1.2.3.4"),
    ] {
        let mut parts = load("rsa2048-sha256");
        parts.algorithm = certgate_forge::der::oid(identifier).encode().split_off(2);
        let reason = NotSupported::Algorithm(want.into());
        assert_eq!(reason.to_string(), format!("signatures with {want} are not supported"));
        assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::NotSupported(reason));
    }
}

#[test]
fn parameters_of_pss_that_cannot_be_used_are_named() {
    let mut parts = load("rsa2048-pss-sha256-sha256-32");
    parts.parameters = None;
    let outcome = parts.verify_with(&parts.spki, ID);
    assert_eq!(outcome, Outcome::NotSupported(NotSupported::PssWithoutParameters));
    parts.parameters = Some(vec![tag::NULL, 0]);
    assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::NotSupported(NotSupported::PssParameters));
    parts.algorithm = vec![0x80];
    assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::NotSupported(NotSupported::MalformedAlgorithm));
}

#[test]
fn sm2_ids_are_tried_in_order_and_an_unknown_one_is_not_called_invalid() {
    let other = load("sm2-other");
    assert_eq!(other.verify_with(&other.spki, ID), Outcome::UnknownId);
    assert_eq!(other.verify_with(&other.spki, &["1234567812345678", "another"]), Outcome::Fits);
    let default = load("sm2-default");
    assert_eq!(default.verify_with(&default.spki, &[]), Outcome::UnknownId);
    // An empty ID in the policy's own list is an empty ID all the same.
    let empty = load("sm2-empty");
    assert_eq!(empty.verify_with(&empty.spki, &[""]), Outcome::FitsEmptyId);
    // r and s must be numbers in 1..n: no ID makes others fit.
    let mut zero = load("sm2-other");
    zero.signature = vec![0x30, 6, 2, 1, 0, 2, 1, 1];
    assert_eq!(zero.verify_with(&zero.spki, ID), Outcome::DoesNotFit);
}

#[test]
fn an_exponent_that_costs_too_much_is_not_raised_to() {
    let parts = load("rsa2048-sha256");
    let Ok(PublicKey::Rsa(key)) = PublicKey::from_spki_der(&parts.spki) else { panic!() };
    let mut exponent = key.modulus().to_vec();
    *exponent.last_mut().unwrap() -= 2;
    let mut numbers = crate::der::encode_integer(key.modulus());
    numbers.extend(crate::der::encode_integer(&exponent));
    let mut bits = vec![0];
    bits.extend(encode(tag::SEQUENCE, &numbers));
    let mut spki = vec![0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    spki.extend(encode(tag::BIT_STRING, &bits));
    let spki = encode(tag::SEQUENCE, &spki);
    assert!(matches!(parts.verify_with(&spki, ID), Outcome::NotSupported(_)));
}

/// The signature `rsapss-pss-sha256-sha256-32` by a key whose SPKI is bound to other parameters (RFC 4055, 1.2).
#[test]
fn an_rsa_pss_key_keeps_to_its_restriction() {
    let parts = load("rsapss-pss-sha256-sha256-32");
    let own = parts.parameters.as_deref().expect("RSASSA-PSS-params");
    let sha1_by_default = encode(tag::SEQUENCE, &[]);
    let salt_33 = {
        let mut longer = own.to_vec();
        assert_eq!(longer.pop(), Some(32));
        longer.push(33);
        longer
    };
    let cases = [
        (vec![], Outcome::Fits),
        (own.to_vec(), Outcome::Fits),
        (sha1_by_default, Outcome::DoesNotFit),
        (salt_33, Outcome::DoesNotFit),
    ];
    for (restriction, wanted) in cases {
        let mut fields = Reader::new(&parts.spki).expect(tag::SEQUENCE).unwrap().inside();
        let mut algorithm = fields.expect(tag::SEQUENCE).unwrap().inside();
        let mut bound = encode(tag::OID, algorithm.any().unwrap().value);
        bound.extend(&restriction);
        let mut body = encode(tag::SEQUENCE, &bound);
        body.extend(encode(tag::BIT_STRING, fields.any().unwrap().value));
        let spki = encode(tag::SEQUENCE, &body);
        assert_eq!(parts.verify_with(&spki, ID), wanted, "{restriction:02x?}");
    }
}

#[test]
fn a_number_beyond_the_curve_does_not_fit() {
    for (name, octets) in [("P-256-sha512", 32), ("P-384-sha512", 48), ("P-521-sha512", 66)] {
        let mut parts = load(name);
        let beyond = crate::der::encode_integer(&vec![0xff; octets]);
        parts.signature = encode(tag::SEQUENCE, &[beyond, crate::der::encode_integer(&[1])].concat());
        assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::DoesNotFit, "{name}");
    }
}

#[test]
fn keys_that_cannot_make_such_a_signature_are_named() {
    let ecdsa = load("P-256-sha256").verify_with(&load("sm2-default").spki, ID);
    assert_eq!(ecdsa, Outcome::NotSupported(NotSupported::EcdsaOnSm2));

    let pss = load("rsapss-pss-sha256-sha256-32");
    let why = |kind: &str| Outcome::NotSupported(NotSupported::Key(kind.to_owned()));
    assert_eq!(pss.verify_with(&load("ed25519").spki, ID), why("Ed25519"));
    assert_eq!(load("ed25519").verify_with(&load("ed448").spki, ID), why("Ed448"));
    assert_eq!(load("rsa2048-sha256").verify_with(&load("ed25519").spki, ID), why("Ed25519"));
    // No key of another curve makes a signature of SM2, under whatever ID.
    assert_eq!(load("sm2-default").verify_with(&load("P-256-sha256").spki, ID), Outcome::DoesNotFit);
    // A key for RSASSA-PSS whose modulus is even is none.
    let mut even = pss.spki.clone();
    let exponent = [2, 3, 1, 0, 1];
    assert!(even.ends_with(&exponent));
    let last = even.len() - exponent.len() - 1;
    even[last] &= 0xfe;
    assert_eq!(pss.verify_with(&even, ID), why("RSA-PSS"));
}

/// ring takes no modulus below 2048 bits, so the other crate verifies.
#[test]
fn pss_of_every_hash_is_verified_for_short_keys() {
    use certgate_forge::sign::{Hash, Scheme};
    for (hash, name) in [(Hash::Sha256, "SHA-256"), (Hash::Sha384, "SHA-384"), (Hash::Sha512, "SHA-512")] {
        let key = certgate_forge::key::rsa2040();
        let issued = certgate_forge::cert::Cert::ca("Short").key(key).scheme(Scheme::Pss(hash)).self_signed();
        let mut parts = take_apart(&issued.der);
        assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::Fits, "{name}");
        parts.tbs[20] ^= 1;
        assert_eq!(parts.verify_with(&parts.spki, ID), Outcome::DoesNotFit, "{name}");
    }
}
