//! Keys that lie about what they are, and proofs that must hold.

use crypto_bigint::Resize;

use super::*;
use crate::crypto::proof::Relation;
use Mismatch::SelfContradiction;

#[test]
fn rsa_keys_of_openssl_belong_to_their_numbers() {
    let files = [
        der!("rsa1024.pkcs1"),
        der!("rsa2048.pkcs1"),
        der!("rsa2048e3.pkcs1"),
        der!("rsa3072.pkcs1"),
        der!("rsa4096.pkcs1"),
        der!("rsa8192.pkcs1"),
    ];
    for file in files {
        let numbers = nine(file);
        let key = PrivateKey::from_der(file).unwrap();
        let public = rsa_public(&numbers[N], &numbers[E]);
        assert_eq!(prove(&public, &key), Ok(()));
        assert_eq!(key.public_key(), Ok(public));
        let other = nine(der!("rsa2048b.pkcs1"));
        assert_eq!(prove(&rsa_public(&other[N], &other[E]), &key), Err(Mismatch::OtherKey));
    }
    let spki = PublicKey::from_spki_der(der!("rsa2048.spki")).unwrap();
    assert_eq!(prove(&spki, &PrivateKey::from_der(der!("rsa2048.pkcs8")).unwrap()), Ok(()));
}

#[test]
fn each_number_of_another_key_beside_those_of_the_victim_is_reported() {
    let victim = nine(der!("rsa2048.pkcs1"));
    let other = nine(der!("rsa2048b.pkcs1"));
    let public = rsa_public(&victim[N], &victim[E]);
    let cases: [(&[usize], Relation); 9] = [
        (&[D, P, Q, DP, DQ, QINV], Relation::Modulus),
        (&[P, Q], Relation::Modulus),
        (&[P], Relation::Modulus),
        (&[Q], Relation::Modulus),
        (&[D], Relation::PrivateExponent),
        (&[DP], Relation::Dp),
        (&[DQ], Relation::Dq),
        (&[QINV], Relation::QInv),
        (&[D, DP, DQ, QINV], Relation::Dp),
    ];
    for (lies, relation) in cases {
        let mut numbers = victim.clone();
        for &index in lies {
            numbers[index] = other[index].clone();
        }
        let mut modulus_length = numbers.clone();
        // The parser refuses what is longer than the modulus; a lie of the same length must reach the proof.
        modulus_length[N] = victim[N].clone();
        let key = PrivateKey::from_der(&pkcs1(&modulus_length)).unwrap();
        assert_eq!(prove(&public, &key), Err(SelfContradiction(relation)), "{lies:?}");
        assert_eq!(key.public_key(), Err(SelfContradiction(relation)), "{lies:?}");
    }
}

/// RFC 8017, 3.2: d is below n. A larger one that leaves the same remainders signs as well.
#[test]
fn a_private_exponent_that_fits_and_is_not_below_the_modulus_is_told_from_one_that_does_not_fit() {
    let mut parts = certgate_forge::key::rsa2048(0).rsa();
    let public = PublicKey::from_spki_der(&parts.spki().encode()).unwrap();
    let phi = (&parts.p - 1) * (&parts.q - 1);
    parts.d += &phi;
    while parts.d < parts.n {
        parts.d += &phi;
    }
    let reported = |parts: &certgate_forge::key::Rsa| {
        let key = PrivateKey::from_der(&parts.pkcs1().encode()).map_err(|error| error.fault.to_string());
        key.map(|key| prove(&public, &key))
    };
    let too_large = Err(SelfContradiction(Relation::PrivateExponentTooLarge));
    assert_eq!(reported(&parts), Ok(too_large));
    parts.d += 2;
    assert_eq!(reported(&parts), Ok(Err(SelfContradiction(Relation::PrivateExponent))));
    parts.d <<= 8;
    assert_eq!(reported(&parts), Err("private exponent is longer than the modulus".to_owned()));
}

#[test]
fn each_number_with_one_wrong_bit_is_reported() {
    for file in [der!("rsa1024.pkcs1"), der!("rsa2048e3.pkcs1"), der!("rsa8192.pkcs1")] {
        let good = nine(file);
        let public = rsa_public(&good[N], &good[E]);
        let cases = [
            (D, Relation::PrivateExponent),
            (P, Relation::Modulus),
            (Q, Relation::Modulus),
            (DP, Relation::Dp),
            (DQ, Relation::Dq),
            (QINV, Relation::QInv),
        ];
        for (index, relation) in cases {
            for (octet, bit) in [(0, 0x01), (good[index].len() - 1, 0x02), (good[index].len() / 2, 0x10)] {
                let mut numbers = good.clone();
                numbers[index][octet] ^= bit;
                let key = PrivateKey::from_der(&pkcs1(&numbers)).unwrap();
                assert_eq!(prove(&public, &key), Err(SelfContradiction(relation)), "{index} {octet}");
            }
        }
    }
}

#[test]
fn no_bit_of_a_key_file_can_be_changed_unnoticed() {
    // A multiplication of a point takes long without optimisation: there one bit of each octet has to do.
    let files = [(der!("rsa1024.pkcs1"), 1), (der!("p256.sec1"), 8), (der!("sm2.pkcs8"), 8)];
    for (file, step) in files {
        let public = PrivateKey::from_der(file).unwrap().public_key().unwrap();
        for index in 0..file.len() {
            for bit in (index % step..8).step_by(step) {
                let mut altered = file.to_vec();
                altered[index] ^= 1 << bit;
                let verdict = PrivateKey::from_der(&altered).map(|key| prove(&public, &key));
                // The version of PKCS#8 may be 1 or 2.
                assert!(verdict != Ok(Ok(())) || (index, bit) == (5, 0), "octet {index}, bit {bit}");
            }
        }
    }
}

#[test]
fn small_and_odd_numbers_do_not_upset_the_arithmetic() {
    let good = nine(der!("rsa2048.pkcs1"));
    let public = rsa_public(&good[N], &good[E]);
    for index in [D, P, Q, DP, DQ, QINV] {
        for value in [vec![1], vec![2], vec![3], vec![0xff; 8], vec![1; 9], good[N].clone()] {
            let mut numbers = good.clone();
            numbers[index].clone_from(&value);
            let verdict = PrivateKey::from_der(&pkcs1(&numbers)).map(|key| prove(&public, &key));
            match verdict {
                Ok(Err(SelfContradiction(_))) | Err(KeyError { fault: KeyFault::Value { .. }, .. }) => {}
                other => panic!("{index} {value:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn numbers_that_are_congruent_but_too_large_are_reported() {
    let good = nine(der!("rsa1024.pkcs1"));
    let public = rsa_public(&good[N], &good[E]);
    // dP + (p − 1), dQ + (q − 1) and qInv + p solve the congruences too; d + n does not, but must not wrap.
    let cases = [(DP, P, 1, Relation::Dp), (DQ, Q, 1, Relation::Dq), (QINV, P, 0, Relation::QInv)];
    for (index, modulus, less, relation) in cases {
        let mut numbers = good.clone();
        numbers[index] = add(&good[index], &good[modulus], less);
        let key = PrivateKey::from_der(&pkcs1(&numbers)).unwrap();
        assert_eq!(prove(&public, &key), Err(SelfContradiction(relation)));
    }
}

#[test]
fn swapped_primes_make_only_the_coefficient_wrong() {
    let mut numbers = nine(der!("rsa2048.pkcs1"));
    let public = rsa_public(&numbers[N], &numbers[E]);
    numbers.swap(P, Q);
    numbers.swap(DP, DQ);
    let key = PrivateKey::from_der(&pkcs1(&numbers)).unwrap();
    assert_eq!(prove(&public, &key), Err(SelfContradiction(Relation::QInv)));
}

#[test]
fn the_private_exponent_may_be_taken_modulo_phi() {
    // RFC 8017 allows any d with d·e ≡ 1 mod λ(n); OpenSSL and Go compute it modulo λ(n) and modulo φ(n).
    let mut numbers = nine(der!("rsa1024.pkcs1"));
    let (p, q) = (number(&numbers[P]), number(&numbers[Q]));
    let one = crypto_bigint::BoxedUint::one_with_precision(1024);
    let phi = p.wrapping_sub(&one).resize(1024).wrapping_mul(q.wrapping_sub(&one));
    let e = number(&numbers[E]).resize(1024);
    let nz = phi.to_nz().unwrap();
    let d = e.invert_mod(&nz).unwrap();
    numbers[D] = d.to_be_bytes_trimmed_vartime().to_vec();
    let key = PrivateKey::from_der(&pkcs1(&numbers)).unwrap();
    assert_eq!(prove(&rsa_public(&numbers[N], &numbers[E]), &key), Ok(()));
}

#[test]
fn same_modulus_with_another_exponent_is_reported() {
    let good = nine(der!("rsa2048.pkcs1"));
    let key = PrivateKey::from_der(der!("rsa2048.pkcs1")).unwrap();
    assert_eq!(prove(&rsa_public(&good[N], &[3]), &key), Err(Mismatch::SameModulusOtherExponent));
    // The same lie from the key's side: its own numbers no longer fit.
    let mut lying = good.clone();
    lying[E] = vec![3];
    let key = PrivateKey::from_der(&pkcs1(&lying)).unwrap();
    assert_eq!(prove(&rsa_public(&good[N], &[3]), &key), Err(SelfContradiction(Relation::Dp)));
}

#[test]
fn ec_keys_of_openssl_belong_to_their_points() {
    let files = [
        (der!("p256.spki"), der!("p256-compressed.spki"), der!("p256.sec1"), der!("p256.pkcs8")),
        (der!("p384.spki"), der!("p384-compressed.spki"), der!("p384.sec1"), der!("p384.pkcs8")),
        (der!("p521.spki"), der!("p521-compressed.spki"), der!("p521.sec1"), der!("p521.pkcs8")),
        (der!("sm2.spki"), der!("sm2-compressed.spki"), der!("sm2.sec1"), der!("sm2.pkcs8")),
    ];
    for (spki, compressed, sec1, pkcs8) in files {
        for public in [spki, compressed] {
            let public = PublicKey::from_spki_der(public).unwrap();
            for (file, form) in [(sec1, KeyForm::Sec1), (pkcs8, KeyForm::Pkcs8)] {
                let key = PrivateKey::from_der(file).unwrap();
                assert_eq!(prove(&public, &key), Ok(()));
                assert_eq!(key.public_key().as_ref(), Ok(&public));
                assert_eq!((key.form(), key.name(), key.bits()), (form, public.name(), public.bits()));
            }
        }
    }
}

#[test]
fn scalars_and_points_of_other_keys_are_reported() {
    for curve in CURVES {
        let (scalar, point) = pair(curve, 0x11);
        let (other_scalar, other_point) = pair(curve, 0x22);
        let public = ec_public(curve, &point);
        let oid = Some(curve.oid());
        let contradiction = Err(SelfContradiction(Relation::Point));
        let mut off = point.clone();
        *off.last_mut().unwrap() ^= 1;
        let packed = compressed(&point);
        let (_, third_point) = pair(curve, 0x44);
        let cases: [(&[u8], Option<&[u8]>, Result<(), Mismatch>); 9] = [
            (&scalar, Some(&point), Ok(())),
            (&scalar, Some(&packed), Ok(())),
            (&scalar, None, Ok(())),
            (&other_scalar, Some(&point), contradiction.clone()),
            (&scalar, Some(&other_point), contradiction.clone()),
            (&scalar, Some(&off), contradiction.clone()),
            (&other_scalar, None, Err(Mismatch::OtherKey)),
            (&other_scalar, Some(&other_point), Err(Mismatch::OtherKey)),
            (&other_scalar, Some(&third_point), contradiction.clone()),
        ];
        for (scalar, point, expected) in cases {
            let sec1_key = sec1(scalar, oid, point);
            let wrapped = pkcs8(0, &ec_algorithm(curve.oid()), &sec1(scalar, None, point), &[]);
            for der in [sec1_key, wrapped] {
                let key = PrivateKey::from_der(&der).unwrap();
                assert_eq!(prove(&public, &key), expected, "{curve}");
            }
        }
        // The point that a PKCS#8 version 2 key has beside it counts as well.
        for (beside, expected) in [(&point, Ok(())), (&other_point, contradiction)] {
            let beside = encode(tag::CONTEXT_1_PRIMITIVE, &[&[0][..], beside].concat());
            let der = pkcs8(1, &ec_algorithm(curve.oid()), &sec1(&scalar, None, Some(&point)), &beside);
            let key = PrivateKey::from_der(&der).unwrap();
            assert_eq!(prove(&public, &key), expected, "{curve}");
            assert_eq!(key.public_key().is_ok(), expected.is_ok(), "{curve}");
        }
    }
}

#[test]
fn a_key_without_a_curve_takes_the_certificates() {
    for curve in CURVES {
        let (scalar, point) = pair(curve, 0x33);
        // Its scalar fits, and it carries the point of another key.
        let (_, other_point) = pair(curve, 0x44);
        let key = PrivateKey::from_der(&sec1(&scalar, None, Some(&other_point))).unwrap();
        assert_eq!(prove(&ec_public(curve, &point), &key), Err(SelfContradiction(Relation::Point)));
        for carried in [None, Some(point.as_slice())] {
            let key = PrivateKey::from_der(&sec1(&scalar, None, carried)).unwrap();
            assert_eq!((key.name(), key.curve()), ("EC", None));
            assert_eq!(prove(&ec_public(curve, &point), &key), Ok(()));
            assert_eq!(key.public_key(), Err(Mismatch::NoCurve));
        }
    }
    let (scalar, point) = pair(Curve::P384, 0x33);
    let (_, p256) = pair(Curve::P256, 0x33);
    let (sm2_scalar, sm2) = pair(Curve::Sm2, 0x34);
    let key = PrivateKey::from_der(&sec1(&scalar, None, Some(&point))).unwrap();
    assert!(matches!(
        prove(&ec_public(Curve::P256, &p256), &key),
        Err(Mismatch::ScalarOutOfRange { curve: Curve::P256, .. })
    ));
    let key = PrivateKey::from_der(&sec1(&sm2_scalar, None, Some(&sm2))).unwrap();
    assert_eq!(prove(&ec_public(Curve::P256, &p256), &key), Err(Mismatch::OtherKey));
}

#[test]
fn other_curves_and_other_types_are_named() {
    let (scalar, _) = pair(Curve::P256, 0x44);
    let ec_key = PrivateKey::from_der(&sec1(&scalar, Some(Curve::P256.oid()), None)).unwrap();
    let rsa_key = PrivateKey::from_der(der!("rsa2048.pkcs1")).unwrap();
    let (_, sm2) = pair(Curve::Sm2, 0x44);
    let cases = [
        (
            ec_public(Curve::Sm2, &sm2),
            &ec_key,
            Mismatch::OtherCurve { certificate: Curve::Sm2, key: Curve::P256 },
        ),
        (
            ec_public(Curve::Sm2, &sm2),
            &rsa_key,
            Mismatch::OtherType { certificate: "SM2".into(), key: "RSA" },
        ),
        (
            PublicKey::from_spki_der(der!("rsa2048.spki")).unwrap(),
            &ec_key,
            Mismatch::OtherType { certificate: "RSA".into(), key: "P-256" },
        ),
        (
            PublicKey::from_spki_der(der!("ed25519.spki")).unwrap(),
            &ec_key,
            Mismatch::OtherType { certificate: "Ed25519".into(), key: "P-256" },
        ),
    ];
    for (public, key, expected) in cases {
        assert_eq!(prove(&public, key), Err(expected));
    }
}

fn number(octets: &[u8]) -> crypto_bigint::BoxedUint {
    crypto_bigint::BoxedUint::from_be_slice_vartime(octets)
}

/// a + b − less, as a key would carry it.
fn add(a: &[u8], b: &[u8], less: u8) -> Vec<u8> {
    let wide = |octets| number(octets).resize(1024);
    let sum = wide(a).wrapping_add(wide(b)).wrapping_sub(crypto_bigint::BoxedUint::from(less).resize(1024));
    sum.to_be_bytes_trimmed_vartime().to_vec()
}
