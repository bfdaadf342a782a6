//! What reading returns: blocks and faults. That each fault breaks its rule is tested in `rules::pem`.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use super::container::Container;
use super::damage::{Damage, Extent};
use super::fault::*;
use super::*;
use crate::location::Field;

const BLOCK: &str = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
const PRINTED: &str = "Private-Key: (2048 bit, 2 primes)\n";

fn read_in(text: &str, place: &Location) -> Reading {
    read(&text.into(), place, 1 << 20)
}

fn read_text(text: &str) -> Reading {
    read_in(text, &Location::none())
}

#[test]
fn a_fault_says_what_is_wrong_and_where() {
    let old = |label: &str| FaultKind::Label(LabelFault::OldCertificate { label: label.to_owned() });
    for (text, line, kind, secret) in [
        ("", None, FaultKind::Text(TextFault::Empty), Secret::None),
        (
            "-----BEGIN CERTIFICATE-----\nMAMC?QE=\n-----END CERTIFICATE-----\n",
            Some(2),
            FaultKind::Base64(Base64Fault::Character { character: Some('?'.into()), count: 1 }),
            Secret::None,
        ),
        (
            "-----BEGIN CERTIFICATE-----\n\n\n\nMAMCAQE=\n-----END CERTIFICATE-----\n",
            Some(3),
            FaultKind::Damage(Damage::BlankLine, Extent { count: 2, last_line: 3 }),
            Secret::None,
        ),
        (
            "-----BEGIN X509 CERTIFICATE-----\nMAMCAQE=\n-----END X509 CERTIFICATE-----\n",
            Some(1),
            old("X509 CERTIFICATE"),
            Secret::None,
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMAMC\n",
            Some(1),
            FaultKind::Marker(MarkerFault::NoEnd {
                label: "PRIVATE KEY".to_owned(),
                next: Next::Nothing { line: 2 },
            }),
            Secret::Unread,
        ),
        (
            "PuTTY-User-Key-File-3: ssh-rsa",
            Some(1),
            FaultKind::Pasted(Pasted::of(Container::PuttyKey)),
            Secret::Unread,
        ),
        ("/etc/ssl/server.key", Some(1), FaultKind::Pasted(Pasted::Path), Secret::None),
    ] {
        let Reading { faults, beyond, .. } = read_text(text);
        let [fault] = faults.as_slice() else { panic!("{text}: {faults:?}") };
        assert_eq!((fault.place.line, &fault.kind, fault.secret), (line, &kind, secret), "{text}");
        assert_eq!(beyond, Beyond::default());
    }
}

#[test]
fn what_has_one_reading_is_whole() {
    let quoted = format!("'{BLOCK}'");
    let lost_begin = BLOCK.split_once('\n').unwrap().1;
    let beside = format!("{BLOCK}text\n");
    let encrypted = BLOCK.replace("CERTIFICATE", "ENCRYPTED PRIVATE KEY");
    let foreign = BLOCK.replace("CERTIFICATE", "PKCS7");
    for (text, want) in [
        (BLOCK, true),
        (&quoted, true),
        (lost_begin, true),
        (&beside, true),
        (&encrypted, true),
        (&foreign, false),
        ("-----END CERTIFICATE-----\n", false),
        // Base64 of what is a private key by its outline, but not one that can be read.
        ("MAgCAQAwAAQBAA==", false),
        ("", false),
    ] {
        assert_eq!(read_text(text).is_whole(), want, "{text}");
    }
}

/// The numbers of a key in words are text outside the blocks. In a field that is published they must not be left out silently.
#[test]
fn a_printed_key_is_looked_at_where_it_is_published() {
    let text = format!("{PRINTED}{BLOCK}");
    for (field, want) in [
        (Field::CertContent, false),
        (Field::CertContentSign, false),
        (Field::TrustedRootCa, false),
        (Field::PrivateKey, true),
        (Field::PrivateKeySign, true),
    ] {
        assert_eq!(read_in(&text, &Location::field(field)).is_whole(), want, "{field}");
    }
}

#[test]
fn more_than_is_allowed_is_not_read() {
    let Reading { blocks, faults, .. } = read(&BLOCK.into(), &Location::none(), BLOCK.len() - 1);
    assert!(blocks.is_empty());
    let kind = FaultKind::Text(TextFault::TooLarge { bytes: BLOCK.len(), allowed: BLOCK.len() - 1 });
    assert_eq!((faults.len(), &faults[0].kind), (1, &kind));
    assert_eq!(read(&BLOCK.into(), &Location::none(), BLOCK.len()).blocks.len(), 1);
}

/// A hostile text has as many faults as lines; those beyond the bound are counted.
#[test]
fn faults_are_bounded() {
    let reading = read_text(&"-----END PRIVATE KEY-----\n".repeat(3000));
    assert_eq!(reading.faults.len(), 1024);
    assert_eq!(reading.beyond, Beyond { count: 1976, not_understood: 1976, unread_keys: 1976 });
    let understood = BLOCK.split_once('\n').unwrap().1.repeat(1025);
    let reading = read_text(&understood);
    assert_eq!(reading.beyond, Beyond { count: 1, not_understood: 0, unread_keys: 0 });
    assert!(reading.is_whole());
    let reading = read_text(&format!("{understood}-----END CERTIFICATE-----\n"));
    assert_eq!(reading.beyond, Beyond { count: 2, not_understood: 1, unread_keys: 0 });
    assert!(!reading.is_whole());
}
