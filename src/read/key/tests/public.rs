//! The public half: beside the private one in a file, and derived from it.

use super::*;
use crate::crypto::ec::private as ec;
use crate::crypto::proof::Relation;
use crate::der::DerFault;

/// A PKCS#8 key of version 2 with these two INTEGERs beside it as RSAPublicKey (RFC 5958, section 2).
fn with_beside(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = encode(tag::SEQUENCE, &[modulus, exponent].concat());
    let beside = encode(tag::CONTEXT_1_PRIMITIVE, &[&[0][..], &numbers].concat());
    pkcs8(1, &rsa_algorithm(), der!("rsa2048.pkcs1"), &beside)
}

#[test]
fn the_rsa_key_beside_the_private_one_must_be_its_own() {
    let own = nine(der!("rsa2048.pkcs1"));
    let other = nine(der!("rsa2048b.pkcs1"));
    let public = rsa_public(&own[N], &own[E]);
    for (modulus, exponent, want) in [
        (&own[N], own[E].clone(), Ok(())),
        (&own[N], vec![3], Err(Mismatch::SelfContradiction(Relation::PublicKey))),
        (&other[N], own[E].clone(), Err(Mismatch::SelfContradiction(Relation::PublicKey))),
    ] {
        let der = with_beside(&encode_integer(modulus), &encode_integer(&exponent));
        let key = PrivateKey::from_der(&der).unwrap();
        assert_eq!(prove(&public, &key), want);
        assert_eq!(key.public_key(), want.map(|()| public.clone()));
    }
    let message = Mismatch::SelfContradiction(Relation::PublicKey).to_string();
    assert!(message.ends_with("the public key it carries beside the private one is another"), "{message}");
}

#[test]
fn numbers_beside_the_key_that_no_key_has_are_refused_where_they_stand() {
    let good = nine(der!("rsa2048.pkcs1"));
    let (n, e) = (encode_integer(&good[N]), encode_integer(&good[E]));
    let mut even = good[N].clone();
    *even.last_mut().unwrap() &= 0xfe;
    let value = |number, problem| KeyFault::Value { number, problem };
    // The numbers are the last of the file; the exponent is at its end.
    for (modulus, exponent, is_modulus, want) in [
        (n.clone(), encode(tag::INTEGER, &[0x83]), false, value("public exponent", "is negative")),
        (n.clone(), encode_integer(&[]), false, value("public exponent", "is zero")),
        (n.clone(), encode_integer(&[1]), false, value("public exponent", "is one")),
        (n.clone(), encode_integer(&[4]), false, value("public exponent", "is even")),
        (n.clone(), n.clone(), false, value("public exponent", "is not below the modulus")),
        (encode(tag::INTEGER, &[0x83]), e.clone(), true, value("modulus", "is negative")),
        (encode_integer(&[]), e.clone(), true, value("modulus", "is zero")),
        (encode_integer(&even), e.clone(), true, value("modulus", "is even")),
        (encode_integer(&[0xff; 1025]), e.clone(), true, KeyFault::ModulusTooLarge { bits: 8200 }),
        (encode(tag::INTEGER, &[0, 1]), e.clone(), true, KeyFault::Der(DerFault::NonMinimalInteger)),
    ] {
        let der = with_beside(&modulus, &exponent);
        let place = der.len() - exponent.len() - if is_modulus { modulus.len() } else { 0 };
        assert_eq!(PrivateKey::from_der(&der).unwrap_err(), want.at(place));
    }
}

#[test]
fn a_scalar_of_another_length_has_no_point() {
    for curve in CURVES {
        let (scalar, point) = pair(curve, 0x55);
        assert!(ec::is_public_point(curve, &scalar, &point), "{curve}");
        let mut off = point.clone();
        *off.last_mut().unwrap() ^= 1;
        for (scalar, point) in [(&scalar[1..], &point), (&scalar[..], &off), (&[], &point)] {
            assert!(!ec::is_public_point(curve, scalar, point), "{curve}");
        }
        assert_eq!(ec::public_point(curve, &scalar), Some(point), "{curve}");
        assert_eq!(ec::public_point(curve, &scalar[1..]), None, "{curve}");
        assert_eq!(ec::public_point(curve, &vec![0xff; curve.octets()]), None, "{curve}");
    }
}

#[test]
fn an_rsa_key_has_bits_and_no_curve() {
    let rsa = PrivateKey::from_der(der!("rsa2048.pkcs1")).unwrap();
    assert_eq!((rsa.name(), rsa.curve(), rsa.bits()), ("RSA", None, Some(2048)));
    let p256 = PrivateKey::from_der(der!("p256.pkcs8")).unwrap();
    assert_eq!((p256.name(), p256.curve(), p256.bits()), ("P-256", Some(Curve::P256), Some(256)));
}
