//! What is expected decides what is wrong and what to do; what is found beyond the bound is counted.

use super::*;

fn parse_as(text: &[u8], expected: Expected) -> Vec<Finding> {
    parse(&Content::from_bytes(text), expected, &Policy::default()).findings
}

/// Where a file is looked into, what can be in a file by itself breaks no rule.
#[test]
fn what_may_be_in_a_file_is_not_wrong_there() {
    for (label, code) in [
        ("CERTIFICATE REQUEST", "pasted-request"),
        ("PUBLIC KEY", "pasted-public-key"),
        ("X509 CRL", "pasted-crl"),
    ] {
        let text = pem(label, &[0x30, 0]);
        for (expected, want) in [
            (Expected::Anything, vec![]),
            (Expected::Certificates, vec![code]),
            (Expected::PrivateKey, vec![code]),
        ] {
            let findings = parse_as(text.as_bytes(), expected);
            assert_eq!(findings.iter().map(Finding::code).collect::<Vec<_>>(), want, "{label}");
        }
    }
    for (text, message, hint) in [
        (&b""[..], "the file is empty", "Give a file"),
        (b" \n", "there are only spaces and line ends", "Give a file"),
        (b"hello", "a certificate or key is expected, but there is no BEGIN line", "Paste the PEM text"),
        (
            &[0xFE, 0xED, 0xFE, 0xED],
            "this is a Java keystore, but a certificate or key in PEM is expected",
            "Convert it",
        ),
    ] {
        let findings = parse_as(text, Expected::Anything);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].message, message);
        assert!(findings[0].hint.starts_with(hint), "{findings:?}");
    }
}

/// What is base64 only must be decoded first, whatever is expected.
#[test]
fn pkcs12_in_base64_is_decoded_first() {
    let der = sequence(&[&[2, 1, 3], &sequence(&[&[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1]])]);
    for (expected, want) in [
        (
            Expected::Anything,
            "Convert it: `openssl pkcs12 -in FILE.p12 -nokeys -out new-chain.pem` for the certificates, `openssl pkcs12 -in \
                              FILE.p12 -nocerts -nodes -out new-key.pem` for the key (for an old file, OpenSSL 3 also needs `-legacy`).",
        ),
        (
            Expected::Certificates,
            "Convert it: `openssl pkcs12 -in FILE.p12 -nokeys -out new-chain.pem` (for an old file, OpenSSL 3 also needs `-legacy`).",
        ),
        (
            Expected::PrivateKey,
            "Convert it: `openssl pkcs12 -in FILE.p12 -nocerts -nodes -out new-key.pem` (for an old file, OpenSSL 3 also \
                                needs `-legacy`).",
        ),
    ] {
        let findings = parse_as(base64(&der).as_bytes(), expected);
        assert_eq!(codes(&findings), ["pasted-pkcs12@1:1"]);
        assert_eq!(findings[0].hint, format!("Decode the base64 first: `base64 -d FILE > FILE.p12`. {want}"));
    }
}

/// Each is counted, also those that reading does not keep; in a public field a key that cannot be read is two findings.
#[test]
fn all_findings_are_counted() {
    let text = "-----END PRIVATE KEY-----\n".repeat(3000);
    for (expected, left_out) in [(Expected::PrivateKey, 3000 - 200), (Expected::Certificates, 6000 - 200)] {
        let findings = judged(&text, expected);
        assert_eq!(findings.len(), 202);
        assert_eq!(findings[200].code(), "pem-missing-begin", "the first error of those left out");
        assert_eq!(findings[201].code(), "too-many-findings");
        assert!(findings[201].message.starts_with(&left_out.to_string()), "{}", findings[201].message);
    }
}

/// The sentences keep their values.
#[test]
fn messages_carry_their_values() {
    let text = "-----BEGIN CERTIFICATE-----\nMAMCAQ\n-----END CERTIFICATE-----\n";
    let findings = parse_text(text).0;
    assert_eq!(serde_json::to_string(&findings[0].facts).unwrap(), r#"{"characters":6}"#);
    let text = "-----BEGIN CERTIFICATE-----\nMAMC\n-----END X509 CRL-----\n";
    let findings = parse_text(text).0;
    assert_eq!(
        serde_json::to_string(&findings[0].facts).unwrap(),
        r#"{"label":"CERTIFICATE","begin_line":1,"end_label":"X509 CRL"}"#
    );
}
