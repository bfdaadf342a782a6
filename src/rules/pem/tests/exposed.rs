//! Keys in a public field, however they are damaged.

use super::*;
use crate::Severity;

fn read(expected: Expected, text: &str) -> Vec<Finding> {
    judged(text, expected)
}

/// The start of a key in PKCS#8, and of nothing else.
const KEY: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDFqXq4bJ0mHk5s\n";
/// The start of a certificate.
const CERTIFICATE: &str = "MIIDazCCAlOgAwIBAgIUQm9uam91cjANBgkqhkiG9w0BAQsFADASMRAwDgYDVQQD\n";

/// Whatever keeps a key from being read, no hint asks for the rest of it in a public field.
#[test]
fn a_key_that_cannot_be_read_is_exposed_all_the_same() {
    for text in [
        format!("-----BEGIN PRIVATE KEY-----\n{KEY}"),
        format!("-----BEGIN PRIVATE KEY-----\n{KEY}?\n-----END PRIVATE KEY-----\n"),
        format!("-----BEGIN CERTIFICATE-----\n{KEY}?\n-----END CERTIFICATE-----\n"),
        format!("-----BEGIN RSA PRIVATE KEY-----\n{KEY}-----END PRIVATE KEY-----\n"),
        format!("----BEGIN PRIVATE KEY----\n{KEY}----END PRIVATE KEY----\n"),
        format!("{KEY}-----END PRIVATE KEY-----\n"),
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n-----END OPENSSH PRIVATE KEY-----\n"
            .to_owned(),
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n".to_owned(),
        KEY.to_owned(),
        // By the label alone.
        "-----BEGIN PRIVATE KEY-----\n?\n".to_owned(),
        "-----BEGIN EC PRIVATE KEY-----\n?\n-----END CERTIFICATE-----\n".to_owned(),
        format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}-----END PRIVATE KEY-----\n"),
        "?\n-----END EC PRIVATE KEY-----\n".to_owned(),
        "----BEGIN PRIVATE KEY----\n?\n".to_owned(),
        // By its start alone.
        format!("-----BEGIN CERTIFICATE-----\n{KEY}"),
        format!("-----BEGIN CERTIFICATE-----\n{KEY}-----END X509 CRL-----\n"),
        format!("{KEY}-----END CERTIFICATE-----\n"),
        format!("----BEGIN CERTIFICATE----\n{KEY}"),
    ] {
        let findings = read(Expected::Certificates, &text);
        assert!(findings.iter().any(|finding| finding.code() == KEY_EXPOSED.code), "{text} {findings:?}");
        let is_loud = |finding: &&Finding| finding.severity == Severity::Error && finding.mend.is_none();
        assert!(
            findings.iter().filter(is_loud).all(|finding| finding.hint == KEY_EXPOSED.hint),
            "{text} {findings:?}"
        );
        let findings = read(Expected::PrivateKey, &text);
        assert!(findings.iter().all(|finding| finding.code() != KEY_EXPOSED.code), "{text}");
    }
}

/// What is not a key is not called one, damaged as it may be.
#[test]
fn what_is_not_a_key_is_not_exposed() {
    let whole = base64(&certificate(100));
    for text in [
        format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}"),
        format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}-----END X509 CRL-----\n"),
        // The label at the end is wrong: all of a certificate is before it.
        format!("-----BEGIN CERTIFICATE-----\n{whole}\n-----END PRIVATE KEY-----\n"),
        format!("{CERTIFICATE}-----END CERTIFICATE-----\n"),
        format!("{whole}\n-----END CERTIFICATE-----\n"),
        format!("----BEGIN CERTIFICATE----\n{CERTIFICATE}"),
        "-----BEGIN PKCS7-----\nMAsGCSqGSIb3DQEHAg==\n-----END PKCS7-----\n".to_owned(),
        CERTIFICATE.to_owned(),
    ] {
        let findings = read(Expected::Certificates, &text);
        assert!(!findings.is_empty(), "{text}");
        for finding in &findings {
            assert!(
                finding.code() != KEY_EXPOSED.code && finding.hint != KEY_EXPOSED.hint,
                "{text} {finding:?}"
            );
        }
    }
}

/// The numbers of a key in words are reported once, at their place, and not as mere text; a key field is not a public one.
#[test]
fn a_printed_key_is_exposed() {
    let block = pem("CERTIFICATE", &certificate(100));
    let text = format!("Private-Key: (2048 bit, 2 primes)\nprivateExponent:\n    00:b3:0c\n{block}");
    let findings = read(Expected::Certificates, &text);
    assert_eq!(codes(&findings), ["key-exposed@1:1"]);
    assert!(findings[0].message.contains("the numbers of a PRIVATE KEY as readable text"), "{findings:?}");
    assert_eq!(codes(&read(Expected::PrivateKey, &text)), ["pem-text-around@1:1"]);
    let other = text.replace("rivate-Key", "ublic-Key").replace("privateExponent", "Modulus");
    assert_eq!(codes(&read(Expected::Certificates, &other)), ["pem-text-around@1:1"]);
}

/// A wrong label over a key in a public field is not a label to be corrected; one over a certificate is.
#[test]
fn a_key_under_another_label_is_not_advised_on() {
    for (label, der, is_exposed) in [("CERTIFICATE", key(40), true), ("PRIVATE KEY", certificate(40), false)]
    {
        let findings = read(Expected::Certificates, &pem(label, &der));
        assert_eq!(findings[0].code(), "pem-wrong-label");
        assert_eq!(findings[0].hint == KEY_EXPOSED.hint, is_exposed, "{findings:?}");
    }
}

/// A block without its BEGIN that holds a key is fixed in its own field, and not advised on in a public one.
#[test]
fn a_whole_key_without_its_begin_is_read() {
    let text = format!("{}\n-----END PRIVATE KEY-----\n", base64(&key(40)));
    for (expected, is_exposed) in [(Expected::PrivateKey, false), (Expected::Certificates, true)] {
        let findings = read(expected, &text);
        let finding = findings.iter().find(|finding| finding.code() == "pem-missing-begin").unwrap();
        assert_eq!(finding.hint == KEY_EXPOSED.hint, is_exposed, "{findings:?}");
    }
}

#[test]
fn a_plus_that_became_a_space_is_named() {
    let text = "-----BEGIN CERTIFICATE-----\nMIIE vQI\nAAAA\nAAAA\n-----END CERTIFICATE-----\n";
    let findings = read(Expected::Certificates, text);
    assert!(findings.iter().any(|finding| finding.hint.contains("%2B")), "{findings:?}");
    // What nothing fixes offers no repair.
    let text = "-----END CERTIFICATE-----\n";
    let findings = read(Expected::Certificates, text);
    assert!(findings.iter().all(|finding| !finding.hint.contains("certgate fix")), "{findings:?}");
}
