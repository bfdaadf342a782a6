//! What is accepted without a finding, and how it decodes.

use super::*;

#[test]
fn accepted_forms() {
    check(&[
        (
            "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n",
            &[],
            &["1 Certificate CERTIFICATE 1-3"],
        ),
        (
            "-----BEGIN CERTIFICATE-----\r\nMAMCAQE=\r\n-----END CERTIFICATE-----\r\n",
            &[],
            &["1 Certificate CERTIFICATE 1-3"],
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMAMC\nAQE=\n-----END PRIVATE KEY-----",
            &[],
            &["1 PrivateKey PRIVATE KEY 1-4"],
        ),
        (
            "\n\n-----BEGIN A PRIVATE KEY-----\nMAMCAQE=\n-----END A PRIVATE KEY-----\n\n\n",
            &[],
            &["1 PrivateKey A PRIVATE KEY 3-5"],
        ),
        (
            "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n",
            &[],
            &["1 EcParameters EC PARAMETERS 1-3", "2 PrivateKey EC PRIVATE KEY 4-6"],
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            &[],
            &["1 EncryptedKey RSA PRIVATE KEY 1-6"],
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: DES-EDE3-CBC,00\r\n\r\nA*A\r\n-----END RSA PRIVATE KEY-----",
            &[],
            &["1 EncryptedKey RSA PRIVATE KEY 1-6"],
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAMCAQE=\n-----END ENCRYPTED PRIVATE KEY-----\n",
            &[],
            &["1 EncryptedKey ENCRYPTED PRIVATE KEY 1-3"],
        ),
    ]);
}

/// `text` with its base64 in lines of `width` and `end` for line ends.
fn wrapped(text: &str, width: usize, end: &str) -> String {
    let mut lines = Vec::new();
    let mut body = String::new();
    for line in text.lines() {
        if line.starts_with("-----") {
            lines.extend(body.as_bytes().chunks(width).map(|line| String::from_utf8(line.to_vec()).unwrap()));
            body.clear();
            lines.push(line.to_owned());
        } else {
            body += line;
        }
    }
    lines.join(end) + end
}

#[test]
fn any_width_and_line_end_decodes_as_the_pem_crate_does() {
    for length in (0..200).chain([700, 1200, 1275, 4000]) {
        let der = noise(length as u64, length + 1);
        let text = pem("CERTIFICATE", &der) + &pem("CERTIFICATE", &certificate(length));
        let oracle = ::pem::parse_many(&text).unwrap();
        for width in [1, 2, 3, 4, 5, 60, 63, 64, 65, 67, 76, 128, 100_000] {
            for end in ["\n", "\r\n"] {
                let (findings, blocks) = parse_text(&wrapped(&text, width, end));
                assert_eq!(codes(&findings), [""; 0], "{length} bytes, width {width}");
                assert_eq!(blocks.len(), 2);
                for (block, oracle) in blocks.iter().zip(&oracle) {
                    assert_eq!(block.der.as_slice(), oracle.contents(), "{length} bytes, width {width}");
                }
            }
        }
    }
}

#[test]
fn the_buffer_of_a_body_never_moves() {
    for length in 0..300 {
        let (_, blocks) = parse_text(&pem("PRIVATE KEY", &noise(7, length + 1)));
        let reserved = blocks[0].der.capacity();
        assert!(reserved >= length && reserved <= length + length / 16 + 8, "{length}: {reserved}");
    }
}

#[test]
fn what_is_read_is_never_shown() {
    let (_, blocks) = parse_text(&pem("PRIVATE KEY", &key(40)));
    assert!(format!("{blocks:?}").contains("redacted"));
}

#[test]
fn size_is_bounded() {
    let policy = Policy::with(|settings| settings.content_max_bytes = 10);
    for (text, want) in [("AAAAAAAAAA", "pem-not-pem"), ("AAAAAAAAAAA", "content-too-large")] {
        let read = parse(&text.into(), Expected::PrivateKey, &policy);
        assert_eq!(read.findings[0].code(), want);
        assert!(read.value.is_none());
    }
}

/// Twice the input must not cost four times as much: every row here once could have.
#[test]
fn cost_is_linear() {
    let rows = [
        ("-----BEGIN CERTIFICATE-----", ""),
        ("-----END CERTIFICATE-----", ""),
        ("-----BEGIN A----------END A-----", ""),
        ("-----BEGIN A----------END B-----\n", ""),
        ("-----BEGIN A-----\n*\n-----END A-----", ""),
        ("-----BEGIN A-----*-----END A-----", ""),
        ("-", ""),
        ("\\", ""),
        ("\\n", "-----BEGIN A-----"),
        ("\n", "-----BEGIN A-----"),
        (" ", ""),
        ("\u{3000}", "-----BEGIN A-----"),
        ("'", ""),
        ("BEGIN ", ""),
        ("-----BEGIN ", ""),
        ("a: b\n", "-----BEGIN A-----\n"),
        ("=", "-----BEGIN A-----\n"),
        ("\r", "-----BEGIN A-----\r"),
    ];
    for (piece, head) in rows {
        let text = head.to_owned() + &piece.repeat(100_000 / piece.len());
        let start = std::time::Instant::now();
        let _ = parse_text(&text);
        // Unoptimised and on a busy machine; what is quadratic takes minutes.
        assert!(start.elapsed().as_secs() < 20, "{piece:?} after {head:?}");
    }
}
