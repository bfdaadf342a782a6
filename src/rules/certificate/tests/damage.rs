//! Damaged certificates: no panic, and nothing accepted that a parser cannot read.

use x509_parser::prelude::{FromDer, X509Certificate};

use super::*;

/// Reads damaged DER; what has no error must be readable by x509-parser too, and to its end.
fn survives(der: &[u8]) {
    let checked = check(der, Role::Leaf, &policy(), NOW);
    if checked.is_ok() {
        let rest = X509Certificate::from_der(der).map(|(rest, _)| rest.len());
        assert!(matches!(rest, Ok(0)), "accepted, but x509-parser says {rest:?}: {der:02x?}");
        let certificate = checked.value.unwrap();
        assert!(certificate.public_key().is_some());
        assert!(certificate.not_before().is_some() && certificate.not_after().is_some());
    }
    if let Some(certificate) = check(der, Role::Issuer, &policy(), NOW).value {
        let _ = crate::tell::metadata::CertificateMetadata::of(&certificate);
        let _ = format!("{certificate:?} {} {}", certificate.subject(), certificate.issuer());
    }
}

#[test]
fn every_flipped_bit_is_survived() {
    let issued = leaf(|c| {
        c.with(ext::aia(None, Some("http://c.example/ca.crt")))
            .with(ext::crl_distribution_points(&["http://c.example/"]))
    });
    for index in 0..issued.der.len() {
        for bit in 0..8 {
            let mut der = issued.der.clone();
            der[index] ^= 1 << bit;
            survives(&der);
        }
    }
}

#[test]
fn every_cut_is_an_error() {
    let issued = leaf(|c| c);
    for length in 0..issued.der.len() {
        let checked = check(&issued.der[..length], Role::Leaf, &policy(), NOW);
        assert!(checked.value.is_none());
        assert_eq!(checked.findings[0].code(), "cert-unreadable");
    }
}

#[test]
fn every_octet_removed_or_doubled_is_survived() {
    let issued = leaf(|c| c);
    for index in 0..issued.der.len() {
        let mut shorter = issued.der.clone();
        shorter.remove(index);
        survives(&shorter);
        let mut longer = issued.der.clone();
        longer.insert(index, longer[index]);
        survives(&longer);
    }
}

/// Why the library reads DER itself (`der`): x509-parser accepts these silently.
#[test]
fn faults_that_a_general_parser_accepts_are_found() {
    let padded = |at: &'static [usize]| tbs(|t| t.at(at).length = der::Length::Padded(1));
    for (fault, issued) in [
        ("a padded length", padded(&[5])),
        ("a padded length of an extension", padded(&[7, 0, 3])),
        ("a padded serial number", leaf(|c| c.serial([0, 0, 1]))),
        (
            "a BOOLEAN of 0x01",
            leaf(|c| c.with(ext::basic_constraints(false, None).critical_node(der::boolean_raw(1)))),
        ),
        (
            "a default value",
            leaf(|c| c.with(ext::san_dns(&["a.example"]).critical_node(der::boolean(false)))),
        ),
        ("octets after an extension", leaf(|c| c.with(ext::san_dns(&["a.example"]).trailing(&[5, 0])))),
        ("set bits after the end", leaf(|c| c.with(ext::Ext::new(ext::KEY_USAGE, Node::prim(3, [5, 0xBF]))))),
    ] {
        assert!(check(&issued.der, Role::Leaf, &policy(), NOW).findings.len() == 1, "{fault}");
        assert!(X509Certificate::from_der(&issued.der).is_ok(), "{fault}");
    }
}

/// Where an extension cannot be read, it may be the subject alternative name: that is not said to be missing.
#[test]
fn nothing_is_missing_that_may_be_in_what_cannot_be_read() {
    let count = Cert::leaf("www.forge.example").extensions.len();
    assert!(count > 2);
    for index in 0..count {
        let issued = tbs(|t| {
            let value = t.at(&[7, 0, index]).children().len() - 1;
            t.at(&[7, 0, index, value]).tag = vec![0x82];
        });
        let told = tell(&issued.der, Role::Leaf, &policy(), NOW);
        assert!(told.iter().any(|line| line.contains("cert-der")), "{index}: {told:?}");
        assert!(!told.iter().any(|line| line.contains("missing")), "{index}: {told:?}");
    }
}
