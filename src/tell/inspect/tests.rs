//! What is reported about a file.
#![allow(clippy::panic, clippy::unwrap_used)]

use ::time::macros::datetime;
use certgate_forge::key::Sec1;
use certgate_forge::sign::Scheme;
use certgate_forge::{
    cert::{Cert, Issued},
    chain, foreign, key, pem as text_of,
};

use super::*;
use crate::finding::Finding;

fn codes(found: &Inspection) -> Vec<&str> {
    found.findings.iter().map(Finding::code).collect()
}

#[test]
fn a_key_that_contradicts_itself_is_an_error() {
    let victim = key::p256(0).ec();
    let liar = key::Ec { scalar: key::p256(1).ec().scalar, ..victim };
    for (pem, ok) in [(key::p256(0).pem(), true), (key::Key::from(liar).pem(), false)] {
        let found = inspect(pem.as_bytes(), &Policy::default(), At::NotEvaluated);
        assert_eq!(found.is_ok(), ok, "{:?}", found.findings);
        assert_eq!(codes(&found).contains(&"match-key-contradicts-itself"), !ok);
        assert_eq!(found.keys.first().unwrap().key.spki_sha256.is_some(), ok);
    }
}

#[test]
fn what_is_nothing_known_is_not_ok() {
    for bytes in [&b""[..], b"text", b"\x30\x03\x02\x01\x00", b"\x00\xff"] {
        assert!(!inspect(bytes, &Policy::default(), At::NotEvaluated).is_ok());
    }
}

#[test]
fn an_empty_file_is_called_a_file() {
    let found = inspect(b"", &Policy::default(), At::NotEvaluated);
    let told: Vec<_> =
        found.findings.iter().map(|finding| (finding.code(), finding.message.as_ref())).collect();
    assert_eq!(told, [("pem-empty", "the file is empty")]);
    assert!(!found.findings.iter().any(|finding| finding.hint.contains("Paste")));
}

#[test]
fn several_issuers_of_one_name_are_distinguished_by_their_signature() {
    let one = Cert::ca("Same CA").key(key::p256(1)).self_signed();
    let other = Cert::ca("Same CA").key(key::p256(2)).self_signed();
    let leaf = Cert::leaf("a.example").key(key::p256(0)).issued_by(&other);
    let text: String = [&leaf, &one, &other].map(|certificate| certificate.pem()).concat();
    let leaf = inspect(text.as_bytes(), &Policy::default(), At::NotEvaluated).certificate.unwrap();
    assert_eq!((leaf.issued_by, leaf.issuer_signature), (Some(3), Some(LinkSignature::Verified)));
}

#[test]
fn days_are_whole_and_negative_once_it_is_over() {
    let issued = Cert::leaf("a.example").key(key::p256(0)).not_after("350101000000Z").self_signed();
    let left =
        |at: At| inspect(issued.pem().as_bytes(), &Policy::default(), at).certificate.unwrap().days_left;
    for (time, days) in [
        (datetime!(2034-12-30 00:00 UTC), 2),
        (datetime!(2034-12-31 00:00 UTC), 1),
        (datetime!(2034-12-31 00:00:01 UTC), 0),
        (datetime!(2035-01-01 00:00 UTC), 0),
        (datetime!(2035-01-01 00:00:01 UTC), -1),
        (datetime!(2035-01-02 00:00:01 UTC), -2),
    ] {
        assert_eq!(left(time.into()), Some(days), "{time}");
    }
    assert_eq!(left(At::NotEvaluated), None);
}

#[test]
fn what_is_neither_certificate_nor_key_is_reported_by_its_kind() {
    let rsa = key::rsa2048(0);
    let facts = |kind: &str, bits, key: &key::Key| {
        let spki = key.spki().encode();
        let fingerprint = fingerprint(Hash::Sha256, &spki);
        KeyFacts {
            kind: Some(kind.to_owned()),
            bits: Some(bits),
            pin_sha256: Hash::Sha256.digest(&spki).as_deref().map(base64),
            tlsa: Some(format!("3 1 1 {fingerprint}")),
            spki_sha256: Some(fingerprint),
        }
    };
    let rsa_facts = facts("RSA", 2048, &rsa);
    let p256 = key::p256(0);
    let p256_facts = facts("P-256", 256, &p256);
    let odd_request = text_of::encode("CERTIFICATE REQUEST", &[0x30, 0]);
    for (text, kind, key, told) in [
        (foreign::CSR.as_bytes(), "certificate request", Some(rsa_facts), vec![]),
        (odd_request.as_bytes(), "certificate request", None, vec![]),
        (p256.public_pem().as_bytes(), "public key", Some(p256_facts), vec![]),
        (foreign::CRL.as_bytes(), "certificate revocation list", None, vec![]),
        (foreign::PKCS7.as_bytes(), "PKCS#7", None, vec!["pasted-pkcs7"]),
    ] {
        let found = inspect(text, &Policy::default(), At::NotEvaluated);
        let subject = key.as_ref().filter(|_| kind == "certificate request");
        let subject = subject.map(|_| "CN=forge.example".to_owned());
        let want = OtherFacts { kind, block: Some(1), line: Some(1), subject, key, ..OtherFacts::default() };
        assert_eq!(found.others, [want]);
        assert_eq!(codes(&found), told);
        assert!(found.certificate.is_none() && found.keys.is_empty());
        assert_eq!(found.is_ok(), told.is_empty());
    }
    // A file of DER has no lines.
    let found = inspect(foreign::PKCS12, &Policy::default(), At::NotEvaluated);
    assert_eq!(found.others, [OtherFacts { kind: "PKCS#12", block: Some(1), ..OtherFacts::default() }]);
    assert_eq!(codes(&found), ["pasted-pkcs12"]);
}

#[test]
fn a_request_shows_the_names_that_it_asks_for() {
    let found = inspect(foreign::CSR_WITH_NAMES.as_bytes(), &Policy::default(), At::NotEvaluated);
    let [request] = found.others.as_slice() else { panic!("{found:?}") };
    assert_eq!(request.subject.as_deref(), Some("O=Forge, CN=forge.example"));
    let names = ["DNS:forge.example", "DNS:www.forge.example", "IP:192.0.2.1"];
    assert_eq!(request.subject_alternative_names, names);
    assert_eq!(request.key.as_ref().and_then(|key| key.kind.as_deref()), Some("P-256"));
    // Cut anywhere, it shows less, and nothing panics.
    let der = text_of::decode(foreign::CSR_WITH_NAMES);
    for end in 0..der.len() {
        let _ = inspect(
            text_of::encode("CERTIFICATE REQUEST", &der[..end]).as_bytes(),
            &Policy::default(),
            At::NotEvaluated,
        );
    }
}

#[test]
fn a_key_of_which_little_is_known_is_reported_too() {
    let encrypted = inspect(key::P256_ENCRYPTED.as_bytes(), &Policy::default(), At::NotEvaluated);
    assert_eq!(codes(&encrypted), ["key-encrypted"]);
    let want = PrivateKeyFacts {
        block: Some(1),
        line: Some(1),
        form: Some("encrypted"),
        ..PrivateKeyFacts::default()
    };
    assert_eq!(encrypted.keys, [want]);

    let bare = Sec1 { parameters: None, ..key::p256(0).ec().sec1() }.node().encode();
    let found =
        inspect(text_of::encode("EC PRIVATE KEY", &bare).as_bytes(), &Policy::default(), At::NotEvaluated);
    assert_eq!(codes(&found), ["key-without-curve"]);
    let key = KeyFacts { kind: Some("EC".to_owned()), ..KeyFacts::default() };
    assert_eq!(found.keys, [PrivateKeyFacts { block: Some(1), line: Some(1), form: Some("SEC1"), key }]);
    let told: Vec<_> = found.not_evaluated.iter().map(|entry| (&*entry.code, &*entry.why)).collect();
    assert_eq!(told, [("public-key", "the key names no curve, so that its public half is not known")]);
}

#[test]
fn certificates_come_in_the_order_of_the_file() {
    let plain = chain::plain(key::p256(0));
    let text = plain.intermediate.pem() + &plain.leaf.pem() + &plain.root.pem();
    let found = inspect(text.as_bytes(), &Policy::default(), At::NotEvaluated);
    let all: Vec<_> = found.certificates().map(|facts| (facts.block, facts.is_ca)).collect();
    assert_eq!(all, [(Some(1), true), (Some(2), false), (Some(3), true)]);
    assert_eq!(inspect(b"", &Policy::default(), At::NotEvaluated).certificates().count(), 0);
}

/// The first example of GB/T 32905, appendix A, and the certificates that it is reported for.
#[test]
fn only_certificates_of_sm2_keys_have_a_fingerprint_of_sm3() {
    assert_eq!(
        fingerprint(Hash::Sm3, b"abc"),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    let sm2 = chain::sm2().enc;
    let p256 = Cert::leaf("a.example").key(key::p256(0)).self_signed();
    for (issued, want) in [(&sm2, Some(fingerprint(Hash::Sm3, &sm2.der))), (&p256, None)] {
        let facts =
            inspect(issued.pem().as_bytes(), &Policy::default(), At::NotEvaluated).certificate.unwrap();
        assert_eq!(facts.fingerprint_sm3, want);
        assert_eq!(facts.fingerprint_sha256, fingerprint(Hash::Sha256, &issued.der));
    }
}

#[test]
fn what_the_issuers_key_did_not_sign_is_distinguished_from_what_cannot_be_verified() {
    let ca = |number| Cert::ca("Same CA").key(key::p256(number)).without_key_ids().self_signed();
    let odd = Cert::ca("Same CA").key(key::ed448()).without_key_ids().self_signed();
    let sm2 = Cert::ca("Same CA").key(key::sm2_ca()).without_key_ids().self_signed();
    let leaf =
        |issuer: &Issued| Cert::leaf("a.example").key(key::p256(0)).without_key_ids().issued_by(issuer);
    let other_id = Cert::leaf("a.example")
        .key(key::p256(0))
        .without_key_ids()
        .scheme(Scheme::Sm2(b"forge@example".to_vec()))
        .issued_by(&sm2);
    for (leaf, issuers, want) in [
        (leaf(&ca(1)), vec![ca(1)], (2, LinkSignature::Verified)),
        (leaf(&ca(1)), vec![ca(2)], (2, LinkSignature::Wrong)),
        (leaf(&odd), vec![odd.clone()], (2, LinkSignature::NotVerified)),
        (other_id, vec![sm2], (2, LinkSignature::NotVerified)),
        // Of several that did not sign, the first.
        (leaf(&ca(1)), vec![ca(2), odd], (2, LinkSignature::Wrong)),
        (leaf(&ca(1)), vec![ca(2), ca(1)], (3, LinkSignature::Verified)),
    ] {
        let text = issuers.iter().fold(leaf.pem(), |text, issuer| text + &issuer.pem());
        let facts = inspect(text.as_bytes(), &Policy::default(), At::NotEvaluated).certificate.unwrap();
        assert_eq!((facts.issued_by, facts.issuer_signature), (Some(want.0), Some(want.1)));
    }
    let alone =
        inspect(leaf(&ca(1)).pem().as_bytes(), &Policy::default(), At::NotEvaluated).certificate.unwrap();
    assert_eq!((alone.issued_by, alone.issuer_signature), (None, None));
}
