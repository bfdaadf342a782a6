//! What is read, whatever there is to find.

use certgate_forge::ext::Ext;
use certgate_forge::name::name;
use certgate_forge::sign::{Hash as ForgeHash, Scheme};
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

use super::*;

fn read(der: &[u8]) -> Certificate<'_> {
    Certificate::check(der, Role::Leaf, &policy()).value.unwrap()
}

#[test]
fn facts_are_those_that_x509_parser_reads() {
    let set = chain::sm2();
    let corp = chain::enterprise(|c| c);
    let google = chain::google();
    let issued = [
        leaf(|c| c.with(ext::aia(Some("http://o.example"), Some("http://c.example/ca.crt")))),
        set.enc,
        set.sign,
        set.ca,
        corp.leaf,
        corp.intermediate,
        google.leaf,
        google.intermediate,
        google.cross,
    ];
    for issued in &issued {
        let ours = read(&issued.der);
        let (_, theirs) = X509Certificate::from_der(&issued.der).unwrap();
        assert_eq!(ours.tbs(), theirs.tbs_certificate.as_ref());
        assert_eq!(ours.signature(), &*theirs.signature_value.data);
        assert_eq!(ours.version(), theirs.version().0 + 1);
        assert_eq!(ours.serial().to_string(), theirs.serial.to_string());
        assert_eq!(
            ours.signature_algorithm().oid().as_bytes(),
            theirs.signature_algorithm.algorithm.as_bytes()
        );
        assert_eq!(ours.subject().der(), theirs.subject().as_raw());
        assert_eq!(ours.issuer().der(), theirs.issuer().as_raw());
        assert_eq!(ours.not_before().unwrap(), theirs.validity().not_before.to_datetime());
        assert_eq!(ours.not_after().unwrap(), theirs.validity().not_after.to_datetime());
        assert_eq!(ours.spki_der(), theirs.public_key().raw);
        assert_eq!(ours.is_ca(), theirs.is_ca());
        let path_len = theirs.basic_constraints().unwrap().and_then(|c| c.value.path_len_constraint);
        assert_eq!(ours.basic_constraints().and_then(|c| c.path_len), path_len);
        let names: Vec<_> = theirs.subject().iter_common_name().map(|cn| cn.as_str().unwrap()).collect();
        assert_eq!(ours.subject().values(attribute::COMMON_NAME).collect::<Vec<_>>(), names);
        assert_eq!(ours.extensions().len(), theirs.extensions().len());
        for (our, their) in ours.extensions().iter().zip(theirs.extensions()) {
            assert_eq!(
                (our.oid.as_bytes(), our.critical, our.value),
                (their.oid.as_bytes(), their.critical, their.value)
            );
            match their.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => assert_eq!(ours.subject_key_id(), Some(id.0)),
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    let key_id = id.key_identifier.as_ref().map(|id| id.0);
                    assert_eq!(ours.authority_key_id().unwrap().key_id, key_id);
                }
                ParsedExtension::SubjectAlternativeName(san) => {
                    assert_eq!(ours.san().len(), san.general_names.len());
                }
                ParsedExtension::NameConstraints(names) => {
                    let ours = ours.name_constraints().unwrap();
                    assert_eq!(ours.permitted.len(), names.permitted_subtrees.as_ref().map_or(0, Vec::len));
                    assert_eq!(ours.excluded.len(), names.excluded_subtrees.as_ref().map_or(0, Vec::len));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn extensions_are_understood() {
    let names = [
        ext::dns("www.forge.example"),
        ext::ip("192.0.2.1"),
        ext::ip("2001:db8::1"),
        ext::email("a@forge.example"),
        ext::uri("https://forge.example/"),
        ext::directory(name(&[("C", "CN"), ("CN", "forge")])),
        ext::other_name("a@forge.example"),
        ext::registered_id("1.2.3.4"),
    ];
    let issued = leaf(|c| {
        c.with(ext::san(names))
            .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_AGREEMENT))
            .with(ext::ext_key_usage(&[ext::SERVER_AUTH, "1.3.6.1.4.1.311.20.2.2"]))
            .with(ext::aia(Some("http://o.example"), Some("http://c.example/ca.crt")))
    });
    let by_serial = leaf(|c| c.with(ext::aki_of_issuer(name(&[("CN", "Test CA")]), &[1, 2, 3])));
    let authority = read(&by_serial.der).authority_key_id().unwrap();
    assert_eq!(authority, AuthorityKeyId { key_id: None, serial: Some(&[1, 2, 3]) });
    let certificate = read(&issued.der);
    let san: Vec<_> = certificate.san().iter().map(ToString::to_string).collect();
    assert_eq!(
        san,
        [
            "DNS:www.forge.example",
            "IP:192.0.2.1",
            "IP:2001:db8::1",
            "email:a@forge.example",
            "URI:https://forge.example/",
            "dirName:C=CN, CN=forge",
            "otherName:1.3.6.1.4.1.311.20.2.3",
            "RID:1.2.3.4",
        ]
    );
    let usage: Vec<_> = certificate.key_usage().unwrap().names().collect();
    assert_eq!(usage, ["digitalSignature", "keyAgreement"]);
    let purposes: Vec<_> = certificate.ext_key_usage().unwrap().names().collect();
    assert_eq!(purposes, ["serverAuth", "1.3.6.1.4.1.311.20.2.2"]);
    assert_eq!(certificate.ca_issuers_urls(), ["http://c.example/ca.crt"]);
    assert_eq!(
        certificate.subject().to_string(),
        "C=CN, ST=Guangdong, L=Shenzhen, O=Forge Ltd, CN=www.forge.example"
    );
    assert!(!certificate.is_self_issued());
}

#[test]
fn faults_leave_the_facts_readable() {
    let issued = leaf(|c| {
        c.serial([0x85, 1])
            .not_before("250230000000Z")
            .with(ext::san_dns(&["a.example"]).trailing(&[5, 0]))
            .with(Ext::new(ext::BASIC_CONSTRAINTS, der::seq([der::boolean_raw(1)])))
            .with_another(ext::san_dns(&["b.example"]))
    });
    let checked = Certificate::check(&issued.der, Role::Leaf, &policy());
    let certificate = checked.value.unwrap();
    assert_eq!(certificate.serial().to_string(), "-31487");
    assert_eq!(certificate.not_before(), None);
    assert_eq!(certificate.not_after(), Some(datetime!(2035-01-01 0:00 UTC)));
    assert_eq!(certificate.san(), [GeneralName::Dns("a.example".into())]);
    assert!(certificate.is_ca());
    let codes: Vec<_> = checked.findings.iter().map(crate::finding::Finding::code).collect();
    assert_eq!(
        codes,
        [
            "cert-serial-number",
            "cert-time-invalid",
            "cert-lax-encoding",
            "cert-trailing-data",
            "cert-duplicate-extension",
            "cert-ca-as-leaf",
        ]
    );
}

/// One name for subject and issuer is not enough: the key must be of a kind that can have made the signature.
#[test]
fn a_key_of_another_kind_has_not_signed_its_certificate() {
    let one_name = |key: keys::Key, signer: keys::Key| {
        let same = Cert::leaf("a.example").key(signer).without_key_ids();
        Cert::leaf("a.example").key(key).without_key_ids().signed_by(&same)
    };
    for (key, signer, want) in [
        (keys::rsa2048(0), keys::rsa2048(1), true),
        (keys::p256(0), keys::p384(1), true),
        (keys::sm2_enc(), keys::sm2_sign(), true),
        (keys::ed25519(), keys::ed25519(), true),
        (keys::rsa2048(0), keys::p256(1), false),
        (keys::p256(0), keys::rsa2048(1), false),
        (keys::p256(0), keys::sm2_sign(), false),
        (keys::sm2_enc(), keys::p256(1), false),
        (keys::p256(0), keys::ed25519(), false),
        (keys::x25519(), keys::ed25519(), false),
        (keys::x25519(), keys::rsa2048(0), false),
    ] {
        let issued = one_name(key, signer);
        let certificate = Certificate::check(&issued.der, Role::Issuer, &policy()).value.unwrap();
        assert!(certificate.is_self_issued());
        assert_eq!(certificate.looks_self_signed(), want, "{:?}", certificate.public_key());
        // A note where it looks so, and only there.
        let told = tell(&issued.der, Role::Leaf, &policy());
        let note = told.iter().any(|told| told.starts_with("note cert-self-signed"));
        assert_eq!(note, want, "{told:?}");
    }
}

#[test]
fn an_issuer_is_judged_by_its_encoding_only_and_milder() {
    let old = |c: Cert| {
        c.serial([])
            .not_before("150101000000Z")
            .not_after("20480101000000Z")
            .scheme(Scheme::Rsa(ForgeHash::Sha1))
    };
    let ca = old(Cert::ca("Old CA").key(keys::rsa1024())).issued_by(&Cert::ca("Root").self_signed());
    for role in [Role::Issuer, Role::Root] {
        assert_eq!(
            tell(&ca.der, role, &policy()),
            [
                "warning cert-der tbsCertificate.serialNumber",
                "warning cert-time-lax tbsCertificate.validity.notAfter",
                "warning cert-rsa-short tbsCertificate.subjectPublicKeyInfo",
            ]
        );
    }
    assert_eq!(tell(&[0x30, 3, 2, 1, 1], Role::Issuer, &policy()), ["error cert-unreadable tbsCertificate"]);
}

#[test]
fn without_a_time_validity_is_not_evaluated() {
    let issued = dates("150101000000Z", "160101000000Z");
    let checked = Certificate::check(&issued.der, Role::Leaf, &Policy::default());
    assert_eq!(checked.findings, []);
    assert_eq!(checked.not_evaluated.len(), 1);
    assert_eq!(checked.not_evaluated[0].code, "validity");
    // The limit of 2038 needs no clock.
    let issued = dates("150101000000Z", "380119031408Z");
    assert_eq!(
        tell(&issued.der, Role::Leaf, &Policy::default()),
        ["error cert-expires-after-2038 tbsCertificate.validity.notAfter"]
    );
}

#[test]
fn the_last_second_counts() {
    let issued = dates("260101000000Z", "270101000000Z");
    let at = |time| tell(&issued.der, Role::Leaf, &Policy::default().at(time));
    assert_eq!(
        at(datetime!(2025-12-31 23:59:59 UTC)),
        ["warning cert-not-yet-valid tbsCertificate.validity.notBefore"]
    );
    assert_eq!(at(datetime!(2026-01-01 0:00 UTC)), [""; 0]);
    assert_eq!(at(datetime!(2026-12-01 23:59:59 UTC)), [""; 0]);
    assert_eq!(
        at(datetime!(2026-12-02 0:00 UTC)),
        ["warning cert-expires-soon tbsCertificate.validity.notAfter"]
    );
    assert_eq!(
        at(datetime!(2027-01-01 0:00 UTC)),
        ["warning cert-expires-soon tbsCertificate.validity.notAfter"]
    );
    assert_eq!(
        at(datetime!(2027-01-01 0:00:01 UTC)),
        ["error cert-expired tbsCertificate.validity.notAfter"]
    );
}

#[test]
fn a_fault_without_end_is_told_20_times_and_counted() {
    let issued = san((0..500).map(|_| ext::dns("")));
    let checked = Certificate::check(&issued.der, Role::Leaf, &policy());
    assert_eq!(checked.findings.len(), 21);
    assert_eq!(checked.findings[20].message, "the same at 480 more places of the certificate");
}

#[test]
fn messages_say_what_is_wrong_where() {
    let rsa = keys::rsa1024().rsa().spki().encode();
    for (issued, element, path, want) in [
        (
            dates("240101000000Z", "260531000000Z"),
            b"\x17\x0D260531000000Z".as_slice(),
            "tbsCertificate.validity.notAfter",
            "the certificate expired at 2026-05-31T00:00:00Z, 24 hours before 2026-06-01T00:00:00Z",
        ),
        (
            leaf(|c| c.key(keys::rsa1024())),
            &rsa,
            "tbsCertificate.subjectPublicKeyInfo",
            "the RSA modulus has 1024 bits, fewer than 2048",
        ),
        (
            subject(der::utf8("a\0b")),
            b"\x0C\x03a\0b",
            "tbsCertificate.subject[1][0].value",
            "CN \"a\\u{0}b\" holds a NUL character",
        ),
        (
            san([ext::dns("a.example"), ext::ip_raw(&[1, 2, 3])]),
            b"\x87\x03\x01\x02\x03",
            "tbsCertificate.extensions[3].extnValue[1]",
            "iPAddress has 3 octets, not 4 (IPv4) or 16 (IPv6)",
        ),
        (
            leaf(|c| c.serial([0x85, 1])),
            b"\x02\x02\x85\x01",
            "tbsCertificate.serialNumber",
            "the serial number is negative",
        ),
    ] {
        let checked = Certificate::check(&issued.der, Role::Leaf, &policy());
        assert_eq!(checked.findings.len(), 1);
        let finding = &checked.findings[0];
        let offset = issued.der.windows(element.len()).position(|window| window == element);
        assert_eq!(finding.location, Location::none().der(offset.unwrap(), path));
        assert_eq!(finding.message, want);
    }
}
