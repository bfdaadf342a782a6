//! Containers: what is understood, and by what name the rest is refused.

use super::*;
use crate::read::key::error::Envelope;

#[test]
fn every_form_of_a_key_is_understood() {
    let p256 = pair(Curve::P256, 0x11);
    let sm2 = pair(Curve::Sm2, 0x11);
    let inner = |curve: Curve, pair: &(Vec<u8>, Vec<u8>)| sec1(&pair.0, Some(curve.oid()), Some(&pair.1));
    let attribute = {
        let one = [encode(tag::OID, &[0x2a, 3]), encode(tag::SET, &[])].concat();
        encode(tag::CONTEXT_0, &encode(tag::SEQUENCE, &one))
    };
    let sm2_oid = encode(tag::OID, crate::crypto::ec::SM2);
    let rsa = der!("rsa2048.pkcs1");
    let numbers = nine(rsa);
    let rsa_beside = {
        let public =
            encode(tag::SEQUENCE, &[encode_integer(&numbers[N]), encode_integer(&numbers[E])].concat());
        encode(tag::CONTEXT_1_PRIMITIVE, &[&[0][..], &public].concat())
    };
    let cases: Vec<(Vec<u8>, KeyForm, &str)> = vec![
        (rsa.to_vec(), KeyForm::Pkcs1, "RSA"),
        (pkcs8(0, &rsa_algorithm(), rsa, &[]), KeyForm::Pkcs8, "RSA"),
        (pkcs8(0, &rsa_algorithm()[..11], rsa, &[]), KeyForm::Pkcs8, "RSA"),
        (pkcs8(0, &rsa_algorithm(), rsa, &attribute), KeyForm::Pkcs8, "RSA"),
        (pkcs8(1, &rsa_algorithm(), rsa, &rsa_beside), KeyForm::Pkcs8, "RSA"),
        (inner(Curve::P256, &p256), KeyForm::Sec1, "P-256"),
        (sec1(&p256.0, None, None), KeyForm::Sec1, "EC"),
        (sec1(&p256.0[1..], Some(Curve::P256.oid()), None), KeyForm::Sec1, "P-256"),
        (sec1(&[&[0][..], &p256.0].concat(), Some(Curve::P256.oid()), None), KeyForm::Sec1, "P-256"),
        (
            pkcs8(0, &ec_algorithm(Curve::P256.oid()), &inner(Curve::P256, &p256), &[]),
            KeyForm::Pkcs8,
            "P-256",
        ),
        (
            pkcs8(1, &ec_algorithm(Curve::P256.oid()), &sec1(&p256.0, None, None), &attribute),
            KeyForm::Pkcs8,
            "P-256",
        ),
        (inner(Curve::Sm2, &sm2), KeyForm::Sec1, "SM2"),
        (pkcs8(0, &ec_algorithm(Curve::Sm2.oid()), &inner(Curve::Sm2, &sm2), &[]), KeyForm::Pkcs8, "SM2"),
        (pkcs8(0, &sm2_oid, &sec1(&sm2.0, None, None), &[]), KeyForm::Pkcs8, "SM2"),
        (
            pkcs8(0, &[sm2_oid.clone(), encode(tag::NULL, &[])].concat(), &inner(Curve::Sm2, &sm2), &[]),
            KeyForm::Pkcs8,
            "SM2",
        ),
    ];
    for (index, (der, form, name)) in cases.into_iter().enumerate() {
        let key = PrivateKey::from_der(&der).unwrap_or_else(|error| panic!("{index}: {error:?}"));
        assert_eq!((key.form(), key.name()), (form, name), "{index}");
    }
}

#[test]
fn attributes_beside_a_key_must_be_some() {
    let oid = encode(tag::OID, &[0x2a, 3]);
    let set = encode(tag::SET, &[]);
    let attributes =
        |list: &[u8]| pkcs8(0, &rsa_algorithm(), der!("rsa2048.pkcs1"), &encode(tag::CONTEXT_0, list));
    let one = encode(tag::SEQUENCE, &[oid.clone(), set.clone()].concat());
    for (list, is_read) in [
        (Vec::new(), true),
        (one.clone(), true),
        ([one.clone(), one.clone()].concat(), true),
        (oid.clone(), false),
        (encode(tag::SEQUENCE, &oid), false),
        (encode(tag::SEQUENCE, &[oid.clone(), set.clone(), set.clone()].concat()), false),
        ([one, encode(tag::SEQUENCE, &[set, oid].concat())].concat(), false),
    ] {
        assert_eq!(PrivateKey::from_der(&attributes(&list)).is_ok(), is_read, "{list:02x?}");
    }
}

#[test]
fn what_has_a_signature_is_distinguished_from_an_envelope() {
    let (oid, bits) = (encode(tag::OID, &[0x2a, 3]), encode(tag::BIT_STRING, &[0]));
    let algorithm = encode(tag::SEQUENCE, &oid);
    let envelope = KeyFault::Enveloped(Envelope::Gmt0009);
    let signed = KeyFault::Foreign(Foreign::Certificate);
    // An OID first, and two BIT STRINGs behind the two sequences: an SM2EnvelopedKey. Less than that is something signed.
    for (first, rest, want) in [
        (&algorithm, vec![&bits, &bits], envelope.clone()),
        (&algorithm, vec![&bits], signed.clone()),
        (&algorithm, vec![&bits, &oid], signed.clone()),
        (&algorithm, vec![&oid, &bits], signed.clone()),
        (&encode(tag::SEQUENCE, &bits), vec![&bits, &bits], signed),
    ] {
        let rest: Vec<u8> = rest.into_iter().flatten().copied().collect();
        let der = encode(tag::SEQUENCE, &[first.clone(), algorithm.clone(), rest].concat());
        assert_eq!(PrivateKey::from_der(&der).unwrap_err(), want.at(0), "{der:02x?}");
    }
}

/// The same key in another encoding is the same; a key that only looks like it is not.
#[test]
fn a_key_is_known_again_in_other_encodings() {
    let block = |der: Vec<u8>| Block {
        kind: crate::read::block::BlockKind::PrivateKey,
        label: "PRIVATE KEY".to_owned(),
        location: Location::none(),
        last_line: 1,
        der: der.into(),
    };
    for curve in CURVES {
        let (scalar, point) = pair(curve, 0x11);
        let (other_scalar, other_point) = pair(curve, 0x22);
        let oid = Some(curve.oid());
        let first = block(sec1(&scalar, oid, Some(&point)));
        let known = Known::of(&first);
        assert_eq!(PrivateKey::from_der(&first.der).unwrap().curve(), Some(curve));
        for (der, same) in [
            (sec1(&scalar, oid, Some(&point)), true),
            (sec1(&scalar, oid, None), true),
            (sec1(&scalar, oid, Some(&compressed(&point))), true),
            (pkcs8(0, &ec_algorithm(curve.oid()), &sec1(&scalar, None, None), &[]), true),
            (sec1(&other_scalar, oid, Some(&other_point)), false),
            (sec1(&other_scalar, oid, Some(&point)), false),
            (sec1(&scalar, oid, Some(&other_point)), false),
            (sec1(&scalar, None, Some(&point)), false),
            (der!("rsa2048.pkcs1").to_vec(), false),
        ] {
            assert_eq!(known.is_in(&block(der)), same, "{curve}");
        }
    }
}

#[test]
fn what_is_not_a_usable_key_is_refused_by_name() {
    let algorithm =
        |name: &'static str| KeyFault::Algorithm(crate::crypto::spki::UnsupportedKey::new(name.into()));
    let ml_dsa = encode(tag::OID, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12]);
    let pkcs7_enveloped =
        |oid: &[u8]| encode(tag::SEQUENCE, &[encode(tag::OID, oid), encode(tag::CONTEXT_0, &[])].concat());
    let gmt_0009 = encode(
        tag::SEQUENCE,
        &[
            encode(tag::SEQUENCE, &encode(tag::OID, &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x68])),
            encode(tag::SEQUENCE, &[]),
            encode(tag::BIT_STRING, &[0, 4]),
            encode(tag::BIT_STRING, &[0, 1]),
        ]
        .concat(),
    );
    let mut gmt_0016 = vec![0; 388];
    gmt_0016[..12].copy_from_slice(&[1, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0]);
    let dsa = pkcs1(&std::array::from_fn::<_, 6, _>(|index| vec![7; index]));
    let cases: Vec<(Vec<u8>, KeyFault)> = vec![
        (der!("encrypted.pkcs8").to_vec(), KeyFault::Encrypted),
        (gmt_0009, KeyFault::Enveloped(Envelope::Gmt0009)),
        (gmt_0016, KeyFault::Enveloped(Envelope::Gmt0016)),
        (
            pkcs7_enveloped(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 3]),
            KeyFault::Enveloped(Envelope::Pkcs7),
        ),
        (
            pkcs7_enveloped(&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 4]),
            KeyFault::Enveloped(Envelope::Pkcs7),
        ),
        (
            pkcs7_enveloped(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 2]),
            KeyFault::Foreign(Foreign::Pkcs7),
        ),
        (der!("p256.spki").to_vec(), KeyFault::Foreign(Foreign::PublicKey)),
        (b"garbage".to_vec(), KeyFault::Foreign(Foreign::Unknown)),
        (Vec::new(), KeyFault::Foreign(Foreign::Unknown)),
        (der!("pss.pkcs8").to_vec(), algorithm("RSA-PSS")),
        (der!("ed25519.pkcs8").to_vec(), algorithm("Ed25519")),
        (der!("ed448.pkcs8").to_vec(), algorithm("Ed448")),
        (der!("x25519.pkcs8").to_vec(), algorithm("X25519")),
        (der!("dh.pkcs8").to_vec(), algorithm("Diffie-Hellman")),
        (dsa, algorithm("DSA")),
        (pkcs8(0, &ml_dsa, &[0; 32], &[]), algorithm("ML-DSA-65")),
        (der!("secp256k1.sec1").to_vec(), algorithm("EC secp256k1")),
        (der!("secp256k1.pkcs8").to_vec(), algorithm("EC secp256k1")),
        (der!("p224.sec1").to_vec(), algorithm("EC P-224")),
        (der!("p224.pkcs8").to_vec(), algorithm("EC P-224")),
        (der!("brainpool256.pkcs8").to_vec(), algorithm("EC brainpoolP256r1")),
        (der!("explicit.sec1").to_vec(), KeyFault::ExplicitCurve),
        (der!("explicit.pkcs8").to_vec(), KeyFault::ExplicitCurve),
        (der!("rsa3p.pkcs1").to_vec(), KeyFault::MultiPrime),
        (der!("rsa8208.pkcs1").to_vec(), KeyFault::ModulusTooLarge { bits: 8208 }),
    ];
    for (index, (der, fault)) in cases.into_iter().enumerate() {
        assert_eq!(PrivateKey::from_der(&der).unwrap_err().fault, fault, "{index}");
    }
}

#[test]
fn numbers_that_no_key_has_are_refused() {
    let good = nine(der!("rsa1024.pkcs1"));
    let value = |number, problem| KeyFault::Value { number, problem };
    let altered = |index: usize, octets: &[u8]| {
        let mut fields: Vec<Vec<u8>> = good.iter().map(|number| encode_integer(number)).collect();
        fields[index] = encode(tag::INTEGER, octets);
        encode(tag::SEQUENCE, &fields.concat())
    };
    let mut even = good[N].clone();
    *even.last_mut().unwrap() &= 0xfe;
    even.insert(0, 0);
    let names = [
        "",
        "modulus",
        "public exponent",
        "private exponent",
        "prime p",
        "prime q",
        "exponent dP",
        "exponent dQ",
        "coefficient qInv",
    ];
    for (index, name) in names.into_iter().enumerate().skip(1) {
        assert_eq!(fault(&altered(index, &[0])), value(name, "is zero"));
        assert_eq!(fault(&altered(index, &[0x81])), value(name, "is negative"));
        assert_eq!(fault(&altered(index, &[0, 0])), KeyFault::Der(crate::der::DerFault::NonMinimalInteger));
    }
    for (index, name) in [(P, "prime p"), (Q, "prime q")] {
        assert_eq!(fault(&altered(index, &[1])), value(name, "is one"));
    }
    assert_eq!(fault(&altered(N, &even)), value("modulus", "is even"));
    assert_eq!(fault(&altered(E, &[1])), value("public exponent", "is one"));
    assert_eq!(fault(&altered(E, &[4])), value("public exponent", "is even"));
    assert_eq!(fault(&altered(D, &[1; 129])), value("private exponent", "is longer than the modulus"));

    for curve in CURVES {
        let last = last_scalar(curve);
        let mut order = last.clone();
        *order.last_mut().unwrap() += 1;
        let mut last_but_one = last.clone();
        *last_but_one.last_mut().unwrap() -= 1;
        let named = |scalar: &[u8]| {
            PrivateKey::from_der(&sec1(scalar, Some(curve.oid()), None)).map_err(|error| error.fault)
        };
        assert_eq!(named(&vec![0; curve.octets()]).unwrap_err(), value("scalar", "is zero"));
        assert_eq!(named(&[]).unwrap_err(), value("scalar", "is zero"));
        assert_eq!(named(&order).unwrap_err(), value("scalar", "is not below the order of the base point"));
        assert_eq!(
            named(&[0xff; 70]).unwrap_err(),
            value("scalar", "is not below the order of the base point")
        );
        assert!(named(&last_but_one).is_ok());
        assert_eq!(named(&last).is_ok(), curve != Curve::Sm2, "{curve}");
    }
}

#[test]
fn curves_inside_and_outside_must_agree() {
    let (scalar, _) = pair(Curve::P256, 0x11);
    let der = pkcs8(0, &ec_algorithm(Curve::P256.oid()), &sec1(&scalar, Some(Curve::Sm2.oid()), None), &[]);
    assert_eq!(fault(&der), KeyFault::CurveContradiction { outer: Curve::P256, inner: "SM2".into() });
    // Curves that the API does not take are named all the same.
    for (curve, name) in
        [(&[0x2b, 0x81, 0x04, 0x00, 0x0a][..], "EC secp256k1"), (&[0x2a, 0x03, 0x04], "EC curve 1.2.3.4")]
    {
        let der = pkcs8(0, &ec_algorithm(Curve::P256.oid()), &sec1(&scalar, Some(curve), None), &[]);
        let want = KeyFault::CurveContradiction { outer: Curve::P256, inner: name.into() };
        assert_eq!(fault(&der), want);
        assert_eq!(want.to_string(), format!("two curves, P-256 outside and {name} inside"));
    }
}

#[test]
fn a_scalar_without_a_curve_is_kept_up_to_a_length() {
    assert!(PrivateKey::from_der(&sec1(&[1; 128], None, None)).is_ok());
    let want = KeyFault::Value { number: "scalar", problem: "is longer than that of any curve" };
    assert_eq!(fault(&sec1(&[1; 129], None, None)), want);
}

#[test]
fn encodings_are_strict_and_faults_have_offsets() {
    let good = der!("p256.pkcs8");
    let mut trailing = good.to_vec();
    trailing.extend([0x0a, 0x0b]);
    assert_eq!(PrivateKey::from_der(&trailing).unwrap_err(), KeyFault::TrailingBytes(2).at(good.len()));
    for length in 0..good.len() {
        assert!(PrivateKey::from_der(&good[..length]).is_err(), "{length}");
    }
    // 30 81 87 becomes 30 82 00 87: a length that is not in its shortest form.
    let long = [&[0x30, 0x82, 0x00][..], &good[2..]].concat();
    let error = PrivateKey::from_der(&long).unwrap_err();
    assert_eq!(error, KeyFault::Der(crate::der::DerFault::NonMinimalLength).at(0));
}

#[test]
fn debug_shows_no_number() {
    let (scalar, _) = pair(Curve::P256, 0x5a);
    let key = PrivateKey::from_der(&sec1(&scalar, Some(Curve::P256.oid()), None)).unwrap();
    assert_eq!(format!("{key:?}"), r#"PrivateKey { form: Sec1, name: "P-256", .. }"#);
}

#[test]
fn a_key_knows_its_form_and_its_place() {
    for (form, name, label) in [
        (KeyForm::Pkcs1, "PKCS#1", "RSA PRIVATE KEY"),
        (KeyForm::Pkcs8, "PKCS#8", "PRIVATE KEY"),
        (KeyForm::Sec1, "SEC1", "EC PRIVATE KEY"),
    ] {
        assert_eq!((form.name(), form.label()), (name, label));
    }
    let (scalar, _) = pair(Curve::P256, 0x5a);
    let key = PrivateKey::from_der(&sec1(&scalar, Some(Curve::P256.oid()), None)).unwrap();
    assert_eq!(key.location(), &Location::none());
    let place = Location::field(crate::location::Field::PrivateKey);
    assert_eq!(key.at(place.clone()).location(), &place);
}

/// PKCS#12 has the version 3 too, but data where a key has its algorithm.
#[test]
fn a_version_alone_makes_no_pkcs12() {
    let (scalar, _) = pair(Curve::P256, 0x5a);
    let algorithm =
        [encode(tag::OID, crate::crypto::algorithm::EC_PUBLIC_KEY), encode(tag::OID, Curve::P256.oid())]
            .concat();
    let key = sec1(&scalar, None, None);
    let wrong = KeyFault::Structure("the PKCS#8 version is neither 1 nor 2");
    assert_eq!(fault(&pkcs8(3, &algorithm, &key, &[])), wrong);
    assert!(PrivateKey::from_der(&pkcs8(0, &algorithm, &key, &[])).is_ok());
}

fn fault(der: &[u8]) -> KeyFault {
    PrivateKey::from_der(der).unwrap_err().fault
}

/// The order of the base point less one.
fn last_scalar(curve: Curve) -> Vec<u8> {
    use p256::elliptic_curve::PrimeField;
    match curve {
        Curve::P256 => (-p256::Scalar::ONE).to_repr().to_vec(),
        Curve::P384 => (-p384::Scalar::ONE).to_repr().to_vec(),
        Curve::P521 => (-p521::Scalar::ONE).to_repr().to_vec(),
        Curve::Sm2 => (-sm2::Scalar::ONE).to_repr().to_vec(),
    }
}
