//! What is read, whatever there is to find.

use certgate_forge::name::name;
use x509_parser::prelude::{FromDer, ParsedExtension, X509Certificate};

use super::*;

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
fn a_long_name_is_cut_after_sixteen_attributes() {
    let names: Vec<String> = (0..17).map(|number| format!("unit {number}")).collect();
    let attributes = |count| names.iter().take(count).map(|unit| ("OU", unit.as_str())).collect::<Vec<_>>();
    let shown = |count| read(&leaf(|c| c.subject(name(&attributes(count)))).der).subject().to_string();
    let sixteen = (0..16).map(|number| format!("OU=unit {number}")).collect::<Vec<_>>().join(", ");
    assert_eq!(shown(16), sixteen);
    assert_eq!(shown(17), format!("{sixteen}, …"));
}

#[test]
fn purposes_are_distinguished() {
    const ANY: &str = "2.5.29.37.0";
    for (purposes, server, name) in [
        (&[ext::SERVER_AUTH][..], true, "serverAuth"),
        (&[ext::CLIENT_AUTH], false, "clientAuth"),
        (&[ANY], false, "anyExtendedKeyUsage"),
        (&["1.3.6.1.5.5.7.3.3"], false, "codeSigning"),
    ] {
        let issued = leaf(|c| c.with(ext::ext_key_usage(purposes)));
        let certificate = read(&issued.der);
        let usage = certificate.ext_key_usage().unwrap();
        assert_eq!(usage.server_auth(), server, "{purposes:?}");
        assert_eq!(usage.names().collect::<Vec<_>>(), [name], "{purposes:?}");
    }
}

#[test]
fn an_identifier_is_shown_dotted() {
    let issued = leaf(|c| c);
    let identifier = read(&issued.der).extensions()[0].oid;
    assert_eq!(format!("{identifier:?}"), "Oid(2.5.29.19)");
}
