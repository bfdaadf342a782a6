#![allow(clippy::indexing_slicing, clippy::panic, clippy::type_complexity, clippy::unwrap_used)]

use super::*;
use crate::crypto::rsa::bit_length;
use crate::der::{DerFault, encode, encode_integer};

macro_rules! key {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/data/keys/", $name, ".spki.der"))
    };
}

#[test]
fn keys_of_openssl_are_read_and_named() {
    let cases: [(&[u8], &str, Option<AlgorithmType>, Option<usize>); 15] = [
        (key!("rsa2048"), "RSA", Some(AlgorithmType::Rsa), Some(2048)),
        (key!("p256"), "P-256", Some(AlgorithmType::Ecc), Some(256)),
        (key!("p384"), "P-384", Some(AlgorithmType::Ecc), Some(384)),
        (key!("p521"), "P-521", Some(AlgorithmType::Ecc), Some(521)),
        (key!("sm2"), "SM2", Some(AlgorithmType::Sm2), Some(256)),
        (key!("p256-compressed"), "P-256", Some(AlgorithmType::Ecc), Some(256)),
        (key!("sm2-compressed"), "SM2", Some(AlgorithmType::Sm2), Some(256)),
        (key!("secp256k1"), "EC secp256k1", None, None),
        (key!("p224"), "EC P-224", None, None),
        (key!("brainpool256"), "EC brainpoolP256r1", None, None),
        (key!("ed25519"), "Ed25519", None, None),
        (key!("ed448"), "Ed448", None, None),
        (key!("x25519"), "X25519", None, None),
        (key!("dh"), "Diffie-Hellman", None, None),
        (key!("pss"), "RSA-PSS", None, None),
    ];
    for (der, name, algorithm, bits) in cases {
        let key = PublicKey::from_spki_der(der).unwrap();
        assert_eq!((key.name(), key.algorithm_type(), key.bits()), (name, algorithm, bits));
    }
}

#[test]
fn encodings_of_the_same_key_are_equal_and_have_one_canonical_form() {
    let pairs: [(&[u8], &[u8]); 5] = [
        (key!("rsa2048"), key!("rsa2048")),
        (key!("p256"), key!("p256-compressed")),
        (key!("p384"), key!("p384-compressed")),
        (key!("p521"), key!("p521-compressed")),
        (key!("sm2"), key!("sm2-compressed")),
    ];
    for (plain, other) in pairs {
        let (a, b) = (PublicKey::from_spki_der(plain).unwrap(), PublicKey::from_spki_der(other).unwrap());
        assert_eq!(a, b);
        assert_eq!(a.to_spki_der().unwrap(), plain);
        assert_eq!(b.to_spki_der().unwrap(), plain);
        if let (PublicKey::Ec(a), PublicKey::Ec(b)) = (a, b) {
            assert!(!a.was_compressed() && b.was_compressed());
        }
    }
}

#[test]
fn sm2_is_known_under_each_identifier() {
    let reference = PublicKey::from_spki_der(key!("sm2")).unwrap();
    let PublicKey::Ec(ec) = &reference else { panic!("not EC") };
    let oid = encode(tag::OID, ec::SM2);
    let null = encode(tag::NULL, &[]);
    for parameters in [Vec::new(), null, oid.clone()] {
        let der = spki(&[oid.clone(), parameters].concat(), ec.point());
        assert_eq!(PublicKey::from_spki_der(&der).unwrap(), reference);
    }
    let wrong = spki(&[oid, encode(tag::OID, Curve::P256.oid())].concat(), ec.point());
    assert_eq!(fault(&wrong), SpkiErrorKind::Parameters);
}

#[test]
fn numbers_that_no_rsa_key_has_are_refused() {
    use SpkiErrorKind::*;
    let odd = [0xc1; 256];
    let mut even = odd;
    even[255] = 0xc2;
    let huge = [0xff; 1025];
    let cases: [(Vec<u8>, Vec<u8>, SpkiErrorKind); 10] = [
        (encode_integer(&even), encode_integer(&[3]), ModulusEven),
        (encode_integer(&[]), encode_integer(&[3]), ModulusZero),
        (encode(tag::INTEGER, &odd), encode_integer(&[3]), ModulusNegative),
        (encode_integer(&huge), encode_integer(&[3]), ModulusTooLarge { bits: 8200 }),
        (encode_integer(&odd), encode_integer(&[]), ExponentTrivial(0)),
        (encode_integer(&odd), encode_integer(&[1]), ExponentTrivial(1)),
        (encode_integer(&odd), encode_integer(&[4]), ExponentEven),
        (encode_integer(&odd), encode(tag::INTEGER, &[0xfd]), ExponentNegative),
        (encode_integer(&odd), encode_integer(&odd), ExponentTooLarge),
        (encode_integer(&[&[0][..], &odd].concat()), encode_integer(&[3]), Der(DerFault::NonMinimalInteger)),
    ];
    for (n, e, expected) in cases {
        // A magnitude with a leading zero that is not needed is a fault of the encoding.
        let n = if expected == Der(DerFault::NonMinimalInteger) {
            encode(tag::INTEGER, &[&[0, 0][..], &odd].concat())
        } else {
            n
        };
        assert_eq!(fault(&rsa_spki(&n, &e, true)), expected);
    }
    let largest = [0xff; 1024];
    let der = rsa_spki(&encode_integer(&largest), &encode_integer(&[1, 0, 1]), true);
    assert_eq!(PublicKey::from_spki_der(&der).unwrap().bits(), Some(8192));
}

#[test]
fn missing_null_parameters_are_remarked() {
    for null in [true, false] {
        let der = rsa_spki(&encode_integer(&[0xc1; 256]), &encode_integer(&[3]), null);
        let PublicKey::Rsa(key) = PublicKey::from_spki_der(&der).unwrap() else { panic!("not RSA") };
        assert_eq!(key.is_missing_null(), !null);
    }
}

#[test]
fn points_that_are_none_are_refused() {
    let PublicKey::Ec(key) = PublicKey::from_spki_der(key!("p256")).unwrap() else { panic!("not EC") };
    let good = key.point().to_vec();
    let mut off = good.clone();
    off[64] ^= 1;
    let mut hybrid = good.clone();
    hybrid[0] = 6 | (good[64] & 1);
    let mut above_prime = vec![4];
    above_prime.extend([0xff; 64]);
    let cases: [(&[u8], SpkiErrorKind); 7] = [
        (&off, SpkiErrorKind::PointOffCurve(Curve::P256)),
        (&above_prime, SpkiErrorKind::PointOffCurve(Curve::P256)),
        (&[0], SpkiErrorKind::PointAtInfinity),
        (&[], SpkiErrorKind::PointEncoding(Curve::P256)),
        (&hybrid, SpkiErrorKind::PointEncoding(Curve::P256)),
        (&good[..64], SpkiErrorKind::PointEncoding(Curve::P256)),
        (&[&[5][..], &good[1..33]].concat(), SpkiErrorKind::PointEncoding(Curve::P256)),
    ];
    let algorithm = [encode(tag::OID, EC_PUBLIC_KEY), encode(tag::OID, Curve::P256.oid())].concat();
    for (point, expected) in cases {
        assert_eq!(fault(&spki(&algorithm, point)), expected);
    }
    // The point of one curve is off every other.
    let sm2 = [encode(tag::OID, EC_PUBLIC_KEY), encode(tag::OID, ec::SM2)].concat();
    assert_eq!(fault(&spki(&sm2, &good)), SpkiErrorKind::PointOffCurve(Curve::Sm2));
}

#[test]
fn structure_is_strict() {
    assert_eq!(fault(key!("explicit")), SpkiErrorKind::ExplicitCurve);
    let good = key!("p256");
    let mut trailing = good.to_vec();
    trailing.push(0);
    assert_eq!(
        PublicKey::from_spki_der(&trailing).unwrap_err(),
        SpkiError { kind: SpkiErrorKind::Der(DerFault::Trailing(1)), offset: 91 }
    );
    for length in 0..good.len() {
        assert!(PublicKey::from_spki_der(&good[..length]).is_err(), "{length}");
    }
    let no_parameters = spki(&encode(tag::OID, EC_PUBLIC_KEY), &[4]);
    assert_eq!(fault(&no_parameters), SpkiErrorKind::Parameters);
    let of_curve = [encode(tag::OID, RSA_ENCRYPTION), encode(tag::OID, Curve::P256.oid())].concat();
    assert_eq!(
        PublicKey::from_spki_der(&spki(&of_curve, &[4])).unwrap_err(),
        SpkiError { kind: SpkiErrorKind::Parameters, offset: 15 }
    );
    let unknown = spki(&encode(tag::OID, &[0x2a, 0x03, 0x04]), &[4]);
    assert_eq!(PublicKey::from_spki_der(&unknown).unwrap().name(), "1.2.3.4");
    assert_eq!(PublicKey::from_spki_der(&unknown).unwrap().to_spki_der(), None);
}

#[test]
fn bits_are_counted_from_the_first_that_is_set() {
    for (number, bits) in [
        (&[][..], 0),
        (&[0], 0),
        (&[0, 0], 0),
        (&[1], 1),
        (&[0, 1], 1),
        (&[0x80], 8),
        (&[1, 0], 9),
        (&[0xff; 3], 24),
    ] {
        assert_eq!(bit_length(number), bits, "{number:02x?}");
    }
}

fn fault(der: &[u8]) -> SpkiErrorKind {
    PublicKey::from_spki_der(der).unwrap_err().kind
}

fn spki(algorithm: &[u8], bits: &[u8]) -> Vec<u8> {
    let body = [encode(tag::SEQUENCE, algorithm), encode(tag::BIT_STRING, &[&[0][..], bits].concat())];
    encode(tag::SEQUENCE, &body.concat())
}

fn rsa_spki(n: &[u8], e: &[u8], null: bool) -> Vec<u8> {
    let mut algorithm = encode(tag::OID, RSA_ENCRYPTION);
    if null {
        algorithm.extend(encode(tag::NULL, &[]));
    }
    spki(&algorithm, &encode(tag::SEQUENCE, &[n, e].concat()))
}
