//! Which rule a key breaks.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::type_complexity,
    clippy::unwrap_used
)]

use zeroize::Zeroizing;

use super::*;
use crate::crypto::spki::{Curve, SpkiError, SpkiErrorKind};
use crate::der::{DerFault, encode, tag};
use crate::location::{Field, Location};
use crate::read::block::BlockKind;
use crate::read::key::tests::{E, der, ec_algorithm, nine, pair, pkcs1, pkcs8, sec1};

fn block(kind: BlockKind, label: &str, der: &[u8]) -> Block {
    Block {
        kind,
        label: label.to_owned(),
        location: Location::field(Field::PrivateKey).block(1).line(1),
        last_line: 9,
        der: Zeroizing::new(der.to_vec()),
    }
}

fn key_block(label: &str, der: &[u8]) -> Block {
    block(BlockKind::PrivateKey, label, der)
}

fn verdict(block: &Block, policy: &Policy) -> (bool, Vec<Finding>) {
    let checked = check(block, policy);
    (checked.value.is_some(), checked.findings)
}

#[test]
fn refusals_have_the_codes_that_the_user_can_act_on() {
    let trailing = [der!("p256.pkcs8"), &[0]].concat();
    let p256 = der!("p256.pkcs8");
    let ber = [&[0x30, 0x82, 0x00][..], &p256[2..]].concat();
    let cut = &p256[..p256.len() - 5];
    let (scalar, _) = pair(Curve::P256, 0x11);
    let contradiction =
        pkcs8(0, &ec_algorithm(Curve::P256.oid()), &sec1(&scalar, Some(Curve::Sm2.oid()), None), &[]);
    // A text where nothing more, or the public key, is expected.
    let wrong_end = {
        let curve = encode(tag::CONTEXT_0, &encode(tag::OID, Curve::P256.oid()));
        let version = encode(tag::INTEGER, &[1]);
        encode(tag::SEQUENCE, &[version, encode(tag::OCTET_STRING, &scalar), curve, vec![0x0C, 0]].concat())
    };
    let zero = sec1(&[0; 32], Some(Curve::P256.oid()), None);
    let mut envelope = vec![0; 388];
    envelope[..12].copy_from_slice(&[1, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0]);
    let cases: [(&[u8], &str, ApiCode, Option<usize>); 15] = [
        (der!("encrypted.pkcs8"), "key-encrypted", ApiCode::Encrypted, None),
        (&envelope, "key-enveloped", ApiCode::Invalid, None),
        (der!("ed25519.pkcs8"), "key-algorithm", ApiCode::Algorithm, Some(5)),
        (der!("secp256k1.sec1"), "key-algorithm", ApiCode::Algorithm, Some(41)),
        (der!("p256.spki"), "key-foreign", ApiCode::Invalid, None),
        (b"text", "key-foreign", ApiCode::Invalid, None),
        (&trailing, "key-trailing-bytes", ApiCode::Invalid, Some(138)),
        (&ber, "key-not-der", ApiCode::Invalid, Some(0)),
        (cut, "key-malformed", ApiCode::Invalid, Some(0)),
        (&contradiction, "key-malformed", ApiCode::Invalid, Some(69)),
        (&wrong_end, "key-malformed", ApiCode::Invalid, Some(51)),
        (&zero, "key-impossible-number", ApiCode::Invalid, Some(5)),
        (der!("explicit.pkcs8"), "key-explicit-curve", ApiCode::Invalid, Some(20)),
        (der!("rsa3p.pkcs1"), "key-multi-prime", ApiCode::Invalid, Some(4)),
        (der!("rsa8208.pkcs1"), "key-rsa-too-large", ApiCode::Invalid, None),
    ];
    for (der, code, api, offset) in cases {
        let (is_read, findings) = verdict(&key_block("PRIVATE KEY", der), &Policy::default());
        assert!(!is_read, "{code}");
        let [finding] = findings.as_slice() else { panic!("{code}: {findings:?}") };
        assert_eq!((finding.code(), finding.rule.api, finding.severity), (code, api, Severity::Error));
        assert_eq!(finding.location.der_offset, offset, "{code}");
        assert_eq!(finding.location.field, Some(Field::PrivateKey));
    }
}

/// A PKCS#12 file has the outline of PKCS#8 (RFC 7292, section 4).
#[test]
fn a_pkcs12_file_is_named_with_the_command_that_opens_it() {
    let data = encode(tag::OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
    let info =
        encode(tag::SEQUENCE, &[data, encode(tag::CONTEXT_0, &encode(tag::OCTET_STRING, &[]))].concat());
    let der = encode(tag::SEQUENCE, &[encode(tag::INTEGER, &[3]), info].concat());
    let (is_read, findings) = verdict(&key_block("PRIVATE KEY", &der), &Policy::default());
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert!(!is_read);
    assert_eq!((finding.code(), finding.location.der_offset), ("key-foreign", None));
    assert_eq!(finding.message, "the block holds a PKCS#12 file, not a private key");
    assert_eq!(
        finding.hint,
        "Take the private key out of the file: `openssl pkcs12 -in file.p12 -nocerts -nodes -out new-key.pem` (for an old file, OpenSSL 3 also \
         needs `-legacy`)"
    );
}

#[test]
fn an_encrypted_key_is_one_by_its_label_only_if_its_body_is_not_a_plain_key() {
    let encrypted = |label, der| block(BlockKind::EncryptedKey, label, der);
    let (is_read, findings) = verdict(&encrypted("RSA PRIVATE KEY", b"ciphertext"), &Policy::default());
    assert!(!is_read && findings.iter().all(|finding| finding.code() == "key-encrypted"));
    assert_eq!(findings[0].message, "the private key is encrypted (Proc-Type: 4,ENCRYPTED)");
    // Where the body itself says how it is encrypted, or the label does, there are no such headers.
    for (label, der) in [
        ("RSA PRIVATE KEY", der!("encrypted.pkcs8")),
        ("ENCRYPTED PRIVATE KEY", der!("encrypted.pkcs8")),
        ("ENCRYPTED PRIVATE KEY", b"ciphertext".as_slice()),
    ] {
        let (_, findings) = verdict(&encrypted(label, der), &Policy::default());
        assert_eq!(findings.len(), 1);
        assert!(!findings[0].message.contains("Proc-Type"), "{label}: {}", findings[0].message);
    }
    let plain = encrypted("ENCRYPTED PRIVATE KEY", der!("p256.pkcs8"));
    let (is_read, findings) = verdict(&plain, &Policy::default());
    assert!(is_read && findings.iter().all(|finding| finding.code() == "key-label"));
}

#[test]
fn a_wrong_label_can_be_fixed_and_weighs_what_most_programs_make_of_it() {
    let right = [
        ("PRIVATE KEY", der!("rsa2048.pkcs8")),
        ("PRIVATE KEY", der!("sm2.pkcs8")),
        ("RSA PRIVATE KEY", der!("rsa2048.pkcs1")),
        ("EC PRIVATE KEY", der!("p384.sec1")),
        ("EC PRIVATE KEY", der!("sm2.sec1")),
        ("", der!("p384.sec1")),
    ];
    for (label, der) in right {
        assert_eq!(verdict(&key_block(label, der), &Policy::default()), (true, Vec::new()), "{label}");
    }
    let (warning, error) = (Severity::Warning, Severity::Error);
    let wrong = [
        ("RSA PRIVATE KEY", der!("rsa2048.pkcs8"), warning),
        ("EC PRIVATE KEY", der!("rsa2048.pkcs8"), warning),
        ("PRIVATE KEY", der!("rsa2048.pkcs1"), error),
        ("PRIVATE KEY", der!("p256.sec1"), error),
        ("EC PRIVATE KEY", der!("p256.pkcs8"), warning),
        ("EC PRIVATE KEY", der!("rsa2048.pkcs1"), error),
        ("RSA PRIVATE KEY", der!("p256.sec1"), error),
        ("SM2 PRIVATE KEY", der!("sm2.sec1"), warning),
        ("SM2 PRIVATE KEY", der!("sm2.pkcs8"), warning),
        ("ANY PRIVATE KEY", der!("p256.pkcs8"), error),
        ("DSA PRIVATE KEY", der!("rsa2048.pkcs1"), error),
    ];
    for (label, der, severity) in wrong {
        let (is_read, findings) = verdict(&key_block(label, der), &Policy::default());
        let [finding] = findings.as_slice() else { panic!("{label}: {findings:?}") };
        assert!(is_read);
        assert_eq!((finding.code(), finding.severity), ("key-label", severity), "{label}");
        assert!(finding.message.contains(label) && finding.mend.is_some(), "{finding}");
    }
}

#[test]
fn rsa_keys_are_judged_by_the_policy() {
    let policy = Policy::default();
    let wide = Policy::with(|settings| settings.rsa_min_bits = 1024);
    let narrow = Policy::with(|settings| (settings.rsa_min_bits, settings.rsa_max_bits) = (3072, 4096));
    let soft = Policy::with(|settings| {
        settings.severity.insert("key-rsa-too-small".to_owned(), Severity::Warning);
    });
    let cases: [(&[u8], &Policy, Option<(&str, Severity)>); 11] = [
        (der!("rsa1024.pkcs1"), &policy, Some(("key-rsa-too-small", Severity::Error))),
        (der!("rsa1024.pkcs1"), &soft, Some(("key-rsa-too-small", Severity::Warning))),
        (der!("rsa1024.pkcs1"), &wide, None),
        (der!("rsa2048.pkcs1"), &policy, None),
        (der!("rsa2048.pkcs1"), &narrow, Some(("key-rsa-too-small", Severity::Error))),
        (der!("rsa4096.pkcs1"), &narrow, None),
        (der!("rsa8192.pkcs1"), &policy, None),
        (der!("rsa8192.pkcs1"), &narrow, Some(("key-rsa-too-large", Severity::Error))),
        (der!("rsa8208.pkcs1"), &policy, Some(("key-rsa-too-large", Severity::Error))),
        (der!("rsa8208.pkcs1"), &wide, Some(("key-rsa-too-large", Severity::Error))),
        (der!("rsa2048e3.pkcs1"), &policy, Some(("key-rsa-exponent-small", Severity::Warning))),
    ];
    for (index, (der, policy, expected)) in cases.into_iter().enumerate() {
        let (_, findings) = verdict(&key_block("RSA PRIVATE KEY", der), policy);
        let actual: Vec<_> = findings.iter().map(|finding| (finding.code(), finding.severity)).collect();
        assert_eq!(actual, expected.into_iter().collect::<Vec<_>>(), "{index}");
    }
    let (_, findings) = verdict(&key_block("RSA PRIVATE KEY", der!("rsa8208.pkcs1")), &wide);
    assert_eq!(findings[0].message, "the RSA modulus has 8208 bits; at most 8192 are allowed");
}

#[test]
fn exponents_below_65537_are_reported() {
    let numbers = nine(der!("rsa2048.pkcs1"));
    for (exponent, remarked) in
        [(vec![3], true), (vec![0xff, 0xff], true), (vec![1, 0, 1], false), (vec![1; 9], false)]
    {
        let mut numbers = numbers.clone();
        numbers[E] = exponent;
        let value = numbers[E].iter().fold(0_u128, |value, octet| value * 256 + u128::from(*octet));
        let (_, findings) = verdict(&key_block("RSA PRIVATE KEY", &pkcs1(&numbers)), &Policy::default());
        let finding = findings.iter().find(|finding| finding.code() == "key-rsa-exponent-small");
        let message = format!("the RSA public exponent is {value}, below 65537");
        assert_eq!(finding.map(|finding| finding.message.to_string()), remarked.then_some(message));
    }
}

#[test]
fn no_finding_quotes_a_key() {
    for (label, der) in [("PRIVATE KEY", der!("p256.sec1")), ("EC PRIVATE KEY", der!("explicit.sec1"))] {
        let (_, findings) = verdict(&key_block(label, der), &Policy::default());
        let text = format!("{findings:?}");
        let hex: String = der[7..15].iter().map(|octet| format!("{octet:02x}")).collect();
        assert!(!text.contains(&hex));
    }
}

#[test]
fn every_fault_of_a_public_key_is_said_of_the_private_one() {
    use SpkiErrorKind::*;
    for (kind, want) in [
        (Der(DerFault::Cut), "the private key is not DER: the encoding ends too early"),
        (ExplicitCurve, "the private key describes its curve by explicit parameters instead of naming it"),
        (ExponentEven, "the private key's public exponent is even"),
        (ExponentNegative, "the private key's public exponent is negative"),
        (ExponentTooLarge, "the private key's public exponent is not below the modulus"),
        (ExponentTrivial(0), "the private key's public exponent is zero"),
        (ExponentTrivial(1), "the private key's public exponent is one"),
        (ModulusEven, "the private key's modulus is even"),
        (ModulusNegative, "the private key's modulus is negative"),
        (ModulusTooLarge { bits: 8200 }, "the RSA modulus has 8200 bits"),
        (ModulusZero, "the private key's modulus is zero"),
        (Parameters, "the private key is malformed: the algorithm parameters are not those of the algorithm"),
        (PointAtInfinity, "the private key's public point is the point at infinity"),
        (PointEncoding(Curve::P256), "the private key's public point is not encoded as a point of its curve"),
        (PointOffCurve(Curve::P256), "the private key's public point is not on its curve"),
    ] {
        let error = KeyError::from(SpkiError { kind, offset: 0 });
        assert_eq!(refusal::told(&error.fault).text, want);
    }
}

#[test]
fn what_is_missing_is_counted_in_lines() {
    use crate::der::announced;
    use crate::rules::certificate::encoding::cut_short;

    let told = |header: &[u8], left: usize| {
        let bytes = [header, &vec![7; left]].concat();
        let announced = announced(&bytes).filter(|announced| *announced > bytes.len())?;
        Some(cut_short("it", announced, bytes.len()).text.into_owned())
    };
    for (header, left, want) in [
        (&[0x30, 10][..], 10, None),
        (&[0x30, 10], 11, None),
        (&[0x30, 10], 9, Some("it is cut short: 1 of 12 octets are missing")),
        (
            &[0x30, 0x7F],
            79,
            Some("it is cut short: 48 of 129 octets are missing, as many as one line of base64 holds"),
        ),
        (
            &[0x30, 0x81, 0xC8],
            56,
            Some("it is cut short: 144 of 203 octets are missing, as many as 3 lines of base64 hold"),
        ),
        (&[0x30, 0x83, 1, 0, 0], 65_535, Some("it is cut short: 1 of 65541 octets are missing")),
        // No length that could be right, or none at all.
        (&[0x30, 0x80], 9, None),
        (&[0x30, 0x84, 0, 0, 1, 0], 9, None),
        (&[0x30, 0x82, 1], 0, None),
        (&[0x04, 10], 9, None),
        (&[0x30], 0, None),
    ] {
        assert_eq!(told(header, left).as_deref(), want, "{header:02x?}");
    }
}
