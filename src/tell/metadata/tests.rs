//! Certificates to response fields.
#![allow(clippy::unwrap_used)]

use certgate_forge::cert::{Cert, Issued};
use certgate_forge::der::{bmp, printable, t61, universal, utf8};
use certgate_forge::name::{name, name_of};
use certgate_forge::sign::{Hash, Scheme, md5_algorithm};
use certgate_forge::{chain, der, ext, key};
use time::macros::datetime;

use super::*;
use crate::algorithm::AlgorithmType;
use crate::policy::Policy;
use crate::read::form::{CertificateForm, FormRemark};
use crate::rules::certificate::Role;
use crate::tell::metadata::response::CertificateResponse;

fn of(issued: &Issued) -> CertificateMetadata {
    let checked = crate::rules::certificate::check(
        &issued.der,
        Role::Leaf,
        &Policy::default(),
        crate::At::NotEvaluated,
    );
    CertificateMetadata::of(&checked.value.unwrap())
}

/// The example of the reference's page, made again from a certificate with those fields.
#[test]
fn the_example_of_the_reference_is_reproduced() {
    let issuer = Cert::ca("x").subject(name(&[("O", "XXSSL Inc")])).self_signed();
    let subject = name(&[
        ("C", "XX"),
        ("ST", "XX"),
        ("L", "XX"),
        ("O", "XX"),
        ("OU", "IT"),
        ("CN", "apigtest.example.com"),
    ]);
    let issued = Cert::leaf("x")
        .subject(subject)
        .serial([0x32, 0xD2])
        .not_before("190601000000Z")
        .not_after("310816063613Z")
        .with(ext::san_dns(&["apigtest.example.com", "*.san.com"]))
        .issued_by(&issuer);
    let mut response = CertificateResponse::new(of(&issued));
    response.id = Some("a27be832f2e9441c8127fe48e3b5ac67".to_owned());
    response.name = Some("cert_demo".to_owned());
    response.create_time = Some(datetime!(2021-08-20 2:03:53 UTC));
    response.update_time = Some(datetime!(2021-08-20 10:03:53 +8));
    response.algorithm_type = Some(AlgorithmType::Rsa);
    let want = r#"{"id":"a27be832f2e9441c8127fe48e3b5ac67","name":"cert_demo","common_name":"apigtest.example.com","san":["apigtest.example.com","*.san.com"],"version":3,"organization":["XX"],"organizational_unit":["IT"],"locality":["XX"],"state":["XX"],"country":["XX"],"not_before":"2019-06-01T00:00:00Z","not_after":"2031-08-16T06:36:13Z","serial_number":"13010","issuer":["XXSSL Inc"],"signature_algorithm":"SHA256-RSA","create_time":"2021-08-20T02:03:53Z","update_time":"2021-08-20T02:03:53Z","algorithm_type":"RSA"}"#;
    assert_eq!(serde_json::to_string(&response).unwrap(), want);
}

#[test]
fn a_gateway_certificate_says_so() {
    let mut response = CertificateResponse::new(CertificateMetadata::default()).instance("gw-1");
    response.is_has_trusted_root_ca = Some(true);
    response.project_id = Some("p".to_owned());
    assert_eq!(
        serde_json::to_string(&response).unwrap(),
        r#"{"type":"instance","instance_id":"gw-1","project_id":"p","is_has_trusted_root_ca":true}"#
    );
}

#[test]
fn what_is_absent_is_left_out() {
    let issued = Cert::leaf("x")
        .subject(name(&[]))
        .issuer(name(&[("CN", "Nobody")]))
        .version(None)
        .without_extensions()
        .without_key_ids()
        .serial([0xFF])
        .self_signed();
    assert_eq!(
        serde_json::to_string(&of(&issued)).unwrap(),
        r#"{"version":1,"not_before":"2025-01-01T00:00:00Z","not_after":"2035-01-01T00:00:00Z","serial_number":"-1","signature_algorithm":"SHA256-RSA"}"#
    );
}

#[test]
fn every_string_type_is_decoded_in_order_and_escaped() {
    let subject = name_of([
        ("O", t61(b"Z\xFCrich AG")),
        ("O", bmp("锻造")),
        ("OU", universal("部门")),
        ("OU", utf8("a\u{1b}[31m\u{202e}b")),
        ("OU", utf8(b"\xB9\xE3")),
        ("CN", printable("first")),
        ("CN", utf8("last")),
    ]);
    let metadata = of(&Cert::leaf("x").subject(subject).self_signed());
    assert_eq!(metadata.organization, ["Zürich AG", "锻造"]);
    assert_eq!(metadata.organizational_unit, ["部门", "a\\u{1B}[31m\\u{202E}b", "\u{FFFD}\u{FFFD}"]);
    assert_eq!(metadata.common_name.as_deref(), Some("last"));
}

#[test]
fn times_are_utc() {
    let times = (der::utc_time("250101080000+0800"), der::generalized_time("99991231235959Z"));
    let metadata = of(&Cert::leaf("x").validity(times.0, times.1).self_signed());
    let json = serde_json::to_value(&metadata).unwrap();
    assert_eq!(json.get("not_before").unwrap(), "2025-01-01T00:00:00Z");
    assert_eq!(json.get("not_after").unwrap(), "9999-12-31T23:59:59Z");
}

#[test]
fn signature_algorithms_have_their_names_in_go() {
    let under = |key: key::Key, scheme| {
        Cert::leaf("x").scheme(scheme).issued_by(&Cert::ca("y").key(key).self_signed())
    };
    let dotted = "1.2.840.10045.4.3.1";
    let ml_dsa = |last: u8| Scheme::Garbage(der::seq([der::oid(&format!("2.16.840.1.101.3.4.3.{last}"))]));
    // RSASSA-PSS with SHA-256 and a mask that is not MGF1: Go has no name for it.
    let pss = "1.2.840.113549.1.1.10";
    let hash = || der::seq([der::oid("2.16.840.1.101.3.4.2.1"), der::null()]);
    let mask = der::seq([der::oid("1.2.3.4"), hash()]);
    let parameters = der::seq([der::ctx(0, [hash()]), der::ctx(1, [mask]), der::ctx(2, [der::small(32)])]);
    let other_mask = Scheme::Garbage(der::seq([der::oid(pss), parameters]));
    for (issued, want) in [
        (under(key::rsa2048(0), Scheme::Rsa(Hash::Sha256)), "SHA256-RSA"),
        (under(key::rsa2048(0), Scheme::Rsa(Hash::Sha1)), "SHA1-RSA"),
        (under(key::rsa2048(0), Scheme::Rsa(Hash::Sha384)), "SHA384-RSA"),
        (under(key::rsa2048(0), Scheme::Rsa(Hash::Sha512)), "SHA512-RSA"),
        (under(key::rsa2048(0), Scheme::Garbage(md5_algorithm())), "MD5-RSA"),
        (under(key::rsa2048(0), Scheme::Pss(Hash::Sha256)), "SHA256-RSAPSS"),
        (under(key::rsa2048(0), Scheme::Pss(Hash::Sha384)), "SHA384-RSAPSS"),
        (under(key::p256(0), Scheme::Ecdsa(Hash::Sha256)), "ECDSA-SHA256"),
        (under(key::p384(0), Scheme::Ecdsa(Hash::Sha384)), "ECDSA-SHA384"),
        (under(key::p521(0), Scheme::Ecdsa(Hash::Sha512)), "ECDSA-SHA512"),
        (under(key::ed25519(), Scheme::Ed25519), "Ed25519"),
        (chain::sm2().enc, "SM2-SM3"),
        (under(key::ml_dsa44(), ml_dsa(17)), "ML-DSA-44"),
        (under(key::ml_dsa44(), ml_dsa(18)), "ML-DSA-65"),
        (under(key::ml_dsa44(), ml_dsa(19)), "ML-DSA-87"),
        (under(key::rsa2048(0), other_mask), pss),
        (under(key::p256(0), Scheme::Garbage(der::seq([der::oid(dotted)]))), dotted),
    ] {
        assert_eq!(of(&issued).signature_algorithm.as_deref(), Some(want));
    }
}

/// A client may send back what it was given: the form knows each name of a response.
#[test]
fn each_name_of_a_response_is_known_to_the_form() {
    let text = || Some("x".to_owned());
    let now = Some(datetime!(2026-06-01 00:00 UTC));
    let list = || vec!["x".to_owned()];
    let certificate = CertificateMetadata {
        common_name: text(),
        san: list(),
        version: Some(3),
        organization: list(),
        organizational_unit: list(),
        locality: list(),
        state: list(),
        country: list(),
        not_before: now,
        not_after: now,
        serial_number: text(),
        issuer: list(),
        signature_algorithm: Some("x".into()),
    };
    let response = CertificateResponse {
        id: text(),
        name: text(),
        project_id: text(),
        create_time: now,
        update_time: now,
        is_has_trusted_root_ca: Some(false),
        algorithm_type: Some(AlgorithmType::Rsa),
        ..CertificateResponse::new(certificate).global()
    };
    let json = serde_json::to_string(&response).unwrap();
    let form: CertificateForm = serde_json::from_str(&json).unwrap();
    let is_of_response = |remark: &FormRemark| matches!(remark, FormRemark::Response { .. });
    assert!(form.remarks.iter().all(is_of_response), "{:?}", form.remarks);
    assert_eq!(form.remarks.len(), 18);
}
