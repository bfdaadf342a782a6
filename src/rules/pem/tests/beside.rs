//! Blocks and text beside the certificates, and labels that only have to be written again.

use super::damaged::{ONE, THREE, check_filled};
use super::*;

/// A body that is a certificate and nothing else needs only the right label.
#[test]
fn a_certificate_under_a_label_of_its_own_is_read() {
    for label in ["X509 CERTIFICATE", "CA CERTIFICATE", "CERTFICATE", "certificate", "MESSAGE"] {
        let der = certificate(30);
        let (findings, blocks) = parse_text(&pem(label, &der));
        assert_eq!(codes(&findings), ["pem-label@1:1~"], "{label}");
        assert_eq!((blocks[0].kind, blocks[0].der.as_slice()), (BlockKind::Certificate, der.as_slice()));
    }
    // What follows the certificate is kept, so that another check finds it.
    let longer = [certificate(30), vec![0x30, 0]].concat();
    assert_eq!(parse_text(&pem("X509 CERTIFICATE", &longer)).1[0].der.as_slice(), longer);
}

/// Parameters of a server are left out; a private key under their label is not.
#[test]
fn parameters_for_diffie_hellman_are_not_needed() {
    let prime = element(2, &noise(3, 65));
    let pkcs3 = sequence(&[&prime, &[2, 1, 2]]);
    let x942 = sequence(&[&prime, &[2, 1, 2], &element(2, &noise(4, 33)), &element(2, &noise(5, 33))]);
    for (label, der) in [("DH PARAMETERS", &pkcs3), ("X9.42 DH PARAMETERS", &x942)] {
        let (findings, blocks) = parse_text(&pem(label, der));
        assert_eq!(codes(&findings), ["pem-needless-block@1:1~"], "{label}");
        assert_eq!(blocks[0].kind, BlockKind::DhParameters);
        assert!(parse(&pem(label, der).into(), Expected::Anything, &Policy::default()).findings.is_empty());
    }
    let (findings, blocks) = parse_text(&pem("DH PARAMETERS", &key(40)));
    assert_eq!(codes(&findings), ["pem-unknown-label@1:1"]);
    assert_eq!(blocks[0].kind, BlockKind::PrivateKey);
}

/// A long word is text; what is left of a cut block is not.
#[test]
fn a_long_line_of_text_is_not_taken_for_base64() {
    let block = pem("CERTIFICATE", &certificate(90));
    let body = base64(&noise(1, 150));
    for (line, want) in [
        ("x".repeat(64), "pem-text-around"),
        ("WebServerCertificateOfTheSecondGatewayInTheThirdRegion".repeat(3), "pem-text-around"),
        (
            "subject=/C=CN/ST=Beijing/O=Example2/OU=Gateway/CN=www/serialNumber=1".to_owned(),
            "pem-text-around",
        ),
        (format!("gateway2Certificate{}", "OfTheServer".repeat(4)), "pem-text-around"),
        (format!("the token is {}", &body[..80]), "pem-text-around"),
        (body[..88].to_owned(), "pem-text-around"),
        (body[..64].to_owned(), "pem-stray-base64"),
        (body[..76].to_owned(), "pem-stray-base64"),
        (body[..200].to_owned(), "pem-stray-base64"),
        (format!("{}\r\n{}", &body[..70], &body[70..140]), "pem-stray-base64"),
        (format!("{}\n{}", &body[..72], &body[72..80]), "pem-stray-base64"),
        (format!("{}\nserver", &body[..72]), "pem-text-around"),
        (base64(&certificate(60)), "pem-stray-base64"),
        (base64(&key(60)), "pem-stray-base64"),
    ] {
        let (findings, blocks) = parse_text(&format!("{line}\n{block}"));
        let codes: Vec<&str> = findings.iter().map(Finding::code).collect();
        assert_eq!((codes, blocks.len()), (vec![want], 1), "{line}");
    }
}

/// Fences and quotes on lines of their own are text; next to a marker, or around it all, they are not.
#[test]
fn fences_and_quoted_text_are_text_around() {
    let one = "1 Certificate CERTIFICATE 2-4";
    check_filled(&[
        ("```\n<B>\nMAMCAQE=\n<E>\n```\n", &["pem-text-around@1:1"], &[one]),
        ("```pem\r\n<B>\r\nMAMCAQE=\r\n<E>\r\n```", &["pem-text-around@1:1"], &[one]),
        ("````\n<B>\nMAMCAQE=\n<E>\n````\n", &["pem-text-around@1:1"], &[one]),
        ("<B>\nMAMCAQE=\n<E>\n```\n", &["pem-text-around@4:1"], &[THREE]),
        ("\"my server\"\n<B>\nMAMCAQE=\n<E>\n", &["pem-text-around@1:2"], &[one]),
        ("'a' 'b'\n<B>\nMAMCAQE=\n<E>\n'end'", &["pem-text-around@1:2"], &[one]),
        (
            "<B>\nMAMCAQE=\n<E>\n\"my CA\"\n<B>\nMAMCAQE=\n<E>\n",
            &["pem-text-around@4:2"],
            &[THREE, "2 Certificate CERTIFICATE 5-7"],
        ),
        ("```<B>\nMAMCAQE=\n<E>\n", &["pem-quoted@1:1~"], &[THREE]),
        ("<B>\nMAMCAQE=\n<E>```\n", &["pem-quoted@3:26~"], &[THREE]),
        (r"```\n<B>\nMAMCAQE=\n<E>", &["pem-quoted@1:1~", "pem-escaped-newlines@1:4~"], &[ONE]),
    ]);
}
