//! What was pasted instead of PEM.

use super::*;

const PKCS7_DATA: &[u8] = &[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
const ENVELOPED: &[u8] = &[6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2, 3];

fn objects() -> Vec<(&'static str, Vec<u8>, BlockKind)> {
    let algorithm = sequence(&[&[6, 1, 42]]);
    let bits: &[u8] = &[3, 1, 0];
    let info = sequence(&[PKCS7_DATA, &[0xA0, 0]]);
    let request = sequence(&[&[2, 1, 0], &sequence(&[]), &algorithm, &[0xA0, 0]]);
    let list = sequence(&[&[2, 1, 1], &algorithm, &sequence(&[]), &[0x17, 0]]);
    vec![
        ("pasted-pkcs12", sequence(&[&[2, 1, 3], &info]), BlockKind::Pkcs12),
        ("pasted-pkcs7", info, BlockKind::Pkcs7),
        ("pasted-pkcs7", sequence(&[ENVELOPED, &[0xA0, 0]]), BlockKind::Pkcs7),
        ("pasted-request", sequence(&[&request, &algorithm, bits]), BlockKind::Request),
        ("pasted-crl", sequence(&[&list, &algorithm, bits]), BlockKind::Crl),
        ("pasted-public-key", sequence(&[&algorithm, bits]), BlockKind::PublicKey),
        ("pasted-keystore", vec![0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 0], BlockKind::Other),
        ("pasted-openssh-key", b"openssh-key-v1\0\0\0\0\x04none".to_vec(), BlockKind::Other),
    ]
}

#[test]
fn other_objects_are_named_as_file_as_base64_and_under_the_label_certificate() {
    for (code, der, kind) in objects() {
        let (findings, blocks) = parse_file(&der);
        assert_eq!(codes(&findings), [code]);
        assert_eq!(blocks[0].kind, kind);
        let (findings, blocks) = parse_text(&base64(&der));
        assert_eq!(findings[0].code(), code);
        assert_eq!(findings.len(), 1);
        assert!(blocks.iter().all(|block| block.kind == kind));
        let (findings, blocks) = parse_text(&pem("CERTIFICATE", &der));
        assert_eq!(codes(&findings), [format!("{code}@1:1")]);
        assert_eq!(blocks[0].kind, kind);
    }
}

/// The advice is for what was pasted and for what is wanted.
#[test]
fn the_hint_fits_what_was_pasted_where() {
    let objects = objects();
    let [(_, pkcs12, _), (_, pkcs7, _), (_, enveloped, _), (_, request, _), _, (_, public_key, _), ..] =
        objects.as_slice()
    else {
        panic!("the list is shorter");
    };
    for (der, certificates, key) in [
        (pkcs12, "-nokeys", "-nocerts"),
        (pkcs7, "pkcs7 -print_certs", "holds certificates, not the key"),
        (enveloped, "Open the envelope", "Open the envelope"),
        (request, "that the CA sent back", "`openssl req -keyout`"),
        (public_key, "has no names", "the public half"),
    ] {
        for (expected, want) in [(Expected::Certificates, certificates), (Expected::PrivateKey, key)] {
            let read = parse(&Content::from_bytes(der.as_slice()), expected, &Policy::default());
            assert!(read.findings[0].hint.contains(want), "{want}: {:?}", read.findings);
        }
    }
}

#[test]
fn labels_name_other_blocks() {
    for (label, code, kind) in [
        ("CERTIFICATE REQUEST", "pasted-request", BlockKind::Request),
        ("NEW CERTIFICATE REQUEST", "pasted-request", BlockKind::Request),
        ("X509 CRL", "pasted-crl", BlockKind::Crl),
        ("PUBLIC KEY", "pasted-public-key", BlockKind::PublicKey),
        ("RSA PUBLIC KEY", "pasted-public-key", BlockKind::PublicKey),
        ("PKCS7", "pasted-pkcs7", BlockKind::Pkcs7),
        ("CMS", "pasted-pkcs7", BlockKind::Pkcs7),
        ("PKCS12", "pasted-pkcs12", BlockKind::Pkcs12),
        ("OPENSSH PRIVATE KEY", "pasted-openssh-key", BlockKind::Other),
        ("PGP PUBLIC KEY BLOCK", "pasted-pgp", BlockKind::Other),
    ] {
        let (findings, blocks) = parse_text(&pem(label, &[0x30, 0]));
        assert_eq!(codes(&findings), [format!("{code}@1:1")]);
        assert_eq!(blocks[0].kind, kind);
    }
    let (findings, _) = parse_text(&pem("SSH2 PUBLIC KEY", &[0x30, 0]));
    assert!(findings[0].message.contains("a public key in OpenSSH's format"), "{findings:?}");
    let pgp = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: X\n\ntext\n-----BEGIN PGP SIGNATURE-----\nAA\n=AAAA\n-----END PGP SIGNATURE-----\n";
    assert!(parse_text(pgp).0.iter().any(|finding| finding.code() == "pasted-pgp"));
}

#[test]
fn texts_are_named() {
    check(&[
        ("C:\\certs\\server.pem", &["pasted-path@1:1"], &[]),
        ("  \"/etc/nginx/ssl/server.crt\"\n", &["pasted-path@1:4"], &[]),
        ("./x.pem", &["pasted-path@1:1"], &[]),
        ("file:///etc/x.pem", &["pasted-path@1:1"], &[]),
        ("https://ca.example/x.crt", &["pasted-url@1:1"], &[]),
        ("{\"cert\": 1}", &["pasted-other@1:1"], &[]),
        ("<!DOCTYPE html>", &["pasted-other@1:1"], &[]),
        ("ssh-rsa AAAAB3NzaC1yc2E= me", &["pasted-public-key@1:1"], &[]),
        ("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n", &["pasted-putty-key@1:1"], &[]),
        (
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n",
            &["pasted-public-key@1:1"],
            &[],
        ),
    ]);
}

#[test]
fn der_is_taken_from_a_file_and_not_from_a_form() {
    for (der, kind) in [
        (certificate(300), BlockKind::Certificate),
        (key(48), BlockKind::PrivateKey),
        (key(300), BlockKind::PrivateKey),
    ] {
        let (findings, blocks) = parse_file(&der);
        assert_eq!(codes(&findings), ["pem-der-file~"]);
        assert_eq!((blocks[0].kind, blocks[0].der.as_slice()), (kind, der.as_slice()));
        let (findings, blocks) = parse_text(&base64(&der));
        assert_eq!(codes(&findings), ["pem-bare-base64@1:1~"]);
        assert_eq!((blocks[0].kind, blocks[0].der.as_slice()), (kind, der.as_slice()));
        let wrapped = format!(
            "'{}\\n'",
            pem("X", &der).lines().filter(|l| !l.starts_with('-')).collect::<Vec<_>>().join("\\n")
        );
        let (findings, blocks) = parse_text(&wrapped);
        assert!(findings.iter().all(|finding| finding.is_fixable()), "{:?}", codes(&findings));
        assert_eq!(blocks[0].der.as_slice(), der);
    }
}

#[test]
fn what_no_block_is_in_is_reported_by_what_it_shows() {
    let message = |text: &str| parse_text(text).0[0].message.clone();
    for text in ["0\u{FFFD}\u{1}", "MIIB\0"] {
        assert_eq!(message(text), "this is a binary file that was read as text; that destroyed its content");
    }
    assert_eq!(message("MIIB%2BAA%0A"), "this is URL-encoded");
    // A file of indefinite length (BER), as some PKCS#12 are, is not text that begins with a 0.
    let (findings, _) = parse_file(&[0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 1, 42]);
    assert_eq!(codes(&findings), ["pasted-pkcs12"]);
    // Base64 of a PEM whose markers are not exact.
    let near = pem("CERTIFICATE", &certificate(40)).replace("-----BEGIN", "----BEGIN");
    let (findings, _) = parse_text(&base64(near.as_bytes()));
    assert_eq!(codes(&findings), ["pem-marker@1:1", "pem-base64-of-pem@1:1~"]);
}

#[test]
fn base64_that_is_cut_off_is_reported() {
    let text = base64(&certificate(300));
    let (findings, blocks) = parse_text(&text[..200]);
    assert!(codes(&findings).contains(&"pem-truncated@1:1".to_owned()), "{:?}", codes(&findings));
    assert!(blocks.is_empty());
}

#[test]
fn base64_of_a_pem_is_read_through() {
    let inner = pem("CERTIFICATE", &certificate(90)) + "\n " + &pem("CERTIFICATE", &certificate(80));
    let (findings, blocks) = parse_text(&format!("\n {}\n", base64(inner.as_bytes())));
    assert_eq!(codes(&findings), ["pem-base64-of-pem@2:2~", "pem-mid-line@2:2~"]);
    assert_eq!(blocks.len(), 2);
    assert_eq!(blocks[1].der.as_slice(), certificate(80));
    assert_eq!(outline(&blocks)[1], "2 Certificate CERTIFICATE 2-2");
    let twice = base64(base64(inner.as_bytes()).as_bytes());
    assert_eq!(codes(&parse_text(&twice).0), ["pem-base64-of-pem@1:1~"]);
    let deep = (0..4).fold(twice, |text, _| base64(text.as_bytes()));
    assert_eq!(codes(&parse_text(&deep).0), ["pem-not-pem@1:1"], "three levels are enough");
}

#[test]
fn utf16_is_read_through() {
    let text = pem("CERTIFICATE", &certificate(90));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [[&[0xFF, 0xFE], &little[..]].concat(), [&[0xFE, 0xFF], &big[..]].concat(), little, big] {
        let (findings, blocks) = parse_file(&bytes);
        assert_eq!(codes(&findings), ["pem-utf16@1~"]);
        assert_eq!(blocks[0].der.as_slice(), certificate(90));
    }
}

#[test]
fn bytes_that_are_nothing_known() {
    for bytes in [&[0xFF, 0x00, 0x80][..], &[0x30, 0x82, 0xFF, 0xFF, 0x05], b"\x7fELF\x02\x01\xff"] {
        assert_eq!(codes(&parse_file(bytes).0), ["pem-not-pem@1:1"]);
    }
    assert_eq!(codes(&parse_file(b"PK\x03\x04rest").0), ["pasted-other"]);
}
