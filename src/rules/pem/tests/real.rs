//! Real certificates, keys and files of other formats, under the damage that people do to them.

use super::*;
use certgate_forge::{chain, foreign, key as keys, pem as forge};

/// The damage by its name in the list of the fixtures, and all codes that it must yield on two certificates, with the blocks left.
const DAMAGES: &[(&str, &[&str], usize)] = &[
    ("truncated", &["pem-truncated@24:1"], 1),
    ("without-end", &["pem-truncated@24:1"], 1),
    ("without-begin", &["pem-missing-begin@22:1~"], 2),
    ("begin-inside-body", &["pem-truncated@1:1"], 2),
    ("quoted", &["pem-quoted@1:1~"], 2),
    ("literal-n", &["pem-escaped-newlines@1:28~"], 2),
    ("literal-rn", &["pem-escaped-newlines@1:28~"], 2),
    ("one-line", &["pem-joined-lines@1:28~"], 2),
    ("space-joined", &["pem-joined-lines@1:29~"], 2),
    ("indented", &["pem-mid-line@1:5~"], 2),
    ("begin-mid-line", &["pem-text-around@1:1", "pem-mid-line@1:7~"], 2),
    ("cr-only", &["pem-cr-only@1:28~"], 2),
    ("crlf", &[], 2),
    ("bom", &["pem-bom@1:1~"], 2),
    ("blank-line-inside", &["pem-blank-line@4:1~"], 2),
    ("double-spaced", &["pem-blank-line@4:1~"], 2),
    ("trailing-spaces", &["pem-body-space@2:65~"], 2),
    ("without-final-newline", &[], 2),
    ("bag-attributes", &["pem-text-around@1:1"], 2),
    ("wrong-padding", &["pem-padding@48:29"], 1),
    ("base64-of-der", &["pem-bare-base64@1:1~"], 1),
    ("base64-of-text", &["pem-base64-of-pem@1:1~"], 2),
];

fn two_certificates() -> String {
    let plain = chain::plain(keys::rsa2048(0));
    plain.leaf.pem() + &plain.intermediate.pem()
}

#[test]
fn each_damage_is_reported_at_its_place_and_the_rest_is_read() {
    let text = two_certificates();
    let clean = parse_text(&text).1;
    assert_eq!(DAMAGES.len(), forge::DAMAGES.len(), "a damage without its row");
    for (name, want, left) in DAMAGES {
        let (_, damage) = forge::DAMAGES.iter().find(|(other, _)| other == name).unwrap();
        let (findings, blocks) = parse_text(&damage(&text));
        assert_eq!(codes(&findings), *want, "{name}");
        assert_eq!(blocks.len(), *left, "{name}");
        if *left == 2 && *name != "begin-inside-body" {
            for (block, clean) in blocks.iter().zip(&clean) {
                assert_eq!((block.kind, &block.der), (clean.kind, &clean.der), "{name}");
            }
        }
    }
}

#[test]
fn no_two_damages_pass_in_silence_or_show_the_key() {
    let text = keys::rsa2048(0).pem();
    let body: Vec<_> = text.lines().filter(|line| !line.starts_with('-')).collect();
    for (one, first) in forge::DAMAGES {
        for (two, second) in forge::DAMAGES {
            // Some fixtures cannot damage what has no lines left.
            let Ok(damaged) = std::panic::catch_unwind(|| second(&first(&text))) else { continue };
            let (findings, blocks) = parse_text(&damaged);
            let harmless = |name: &str| ["crlf", "without-final-newline"].contains(&name);
            assert!(
                !findings.is_empty() || (harmless(one) && harmless(two)) || damaged == text,
                "{one} and {two}: nothing is told"
            );
            assert!(blocks.len() <= 2);
            let told = format!("{findings:?}{blocks:?}");
            for line in &body {
                let shown = line
                    .as_bytes()
                    .windows(12)
                    .any(|piece| told.contains(std::str::from_utf8(piece).unwrap()));
                assert!(!shown, "{one} and {two} show the key");
            }
        }
    }
}

#[test]
fn files_of_other_formats_are_named() {
    let text = |text: &str| parse_text(text);
    let bare = |bytes: &[u8]| parse_text(&forge::base64(bytes));
    for (read, code, kind) in [
        (text(foreign::PKCS7), "pasted-pkcs7", Some(BlockKind::Pkcs7)),
        (text(foreign::CSR), "pasted-request", Some(BlockKind::Request)),
        (text(foreign::CRL), "pasted-crl", Some(BlockKind::Crl)),
        (text(foreign::TRUSTED), "pem-label", Some(BlockKind::Certificate)),
        (text(foreign::OPENSSH), "pasted-openssh-key", Some(BlockKind::Other)),
        (text(foreign::OPENSSH_PUBLIC), "pasted-public-key", None),
        (text(foreign::PUTTY), "pasted-putty-key", None),
        (text(foreign::PGP), "pasted-pgp", Some(BlockKind::Other)),
        (text(&keys::rsa2048(0).public_pem()), "pasted-public-key", Some(BlockKind::PublicKey)),
        (text(foreign::PATHS[0]), "pasted-path", None),
        (text(foreign::PATHS[1]), "pasted-path", None),
        (text(foreign::PATHS[2]), "pasted-path", None),
        (text(foreign::PATHS[3]), "pasted-path", None),
        (bare(foreign::PKCS12), "pasted-pkcs12", Some(BlockKind::Pkcs12)),
        (parse_file(foreign::PKCS12), "pasted-pkcs12", Some(BlockKind::Pkcs12)),
        (bare(&foreign::jks()), "pasted-keystore", Some(BlockKind::Other)),
        (parse_file(&foreign::jks()), "pasted-keystore", Some(BlockKind::Other)),
        (bare(&forge::decode(foreign::PKCS7)), "pasted-pkcs7", Some(BlockKind::Pkcs7)),
        (bare(&forge::decode(foreign::CSR)), "pasted-request", Some(BlockKind::Request)),
        (bare(&forge::decode(foreign::CRL)), "pasted-crl", Some(BlockKind::Crl)),
    ] {
        let (findings, blocks) = read;
        assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), [code]);
        assert_eq!(blocks.first().map(|block| block.kind), kind, "{code}");
    }
}

#[test]
fn keys_of_all_forms_are_known_without_a_label() {
    for (name, pem, kind) in [
        ("PKCS#8", keys::rsa2048(0).pem(), BlockKind::PrivateKey),
        ("PKCS#1", keys::rsa2048(0).traditional_pem(), BlockKind::PrivateKey),
        ("SEC1", keys::p256(0).traditional_pem(), BlockKind::PrivateKey),
        ("PKCS#8 of SM2", keys::sm2_enc().pem(), BlockKind::PrivateKey),
        ("encrypted", keys::RSA_ENCRYPTED.to_owned(), BlockKind::EncryptedKey),
    ] {
        let der = forge::decode(&pem);
        let (findings, blocks) = parse_text(&forge::base64(&der));
        assert_eq!(codes(&findings), ["pem-bare-base64@1:1~"], "{name}");
        assert_eq!((blocks[0].kind, blocks[0].der.as_slice()), (kind, der.as_slice()), "{name}");
    }
    for pem in [keys::RSA_PROC_TYPE, keys::P256_PROC_TYPE] {
        let (findings, blocks) = parse_text(pem);
        assert!(findings.is_empty());
        assert_eq!(blocks.last().unwrap().kind, BlockKind::EncryptedKey);
    }
}

#[test]
fn what_openssl_writes_is_read_with_a_note() {
    for (text, want) in [
        (foreign::PKCS12_AS_TEXT, &[BlockKind::Certificate, BlockKind::PrivateKey][..]),
        (foreign::X509_TEXT, &[BlockKind::Certificate]),
    ] {
        let (findings, blocks) = parse_text(text);
        assert_eq!(codes(&findings), ["pem-text-around@1:1"]);
        assert_eq!(blocks.iter().map(|block| block.kind).collect::<Vec<_>>(), want);
    }
}
