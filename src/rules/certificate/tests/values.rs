//! What single values of a certificate may not be, told with place and message; and how facts are named.

use certgate_forge::ext::Ext;

use super::*;

/// `warning cert-der tbsCertificate.version: message`, each finding of a leaf.
fn messages(issued: &Issued) -> Vec<String> {
    let checked = check(&issued.der, Role::Leaf, &policy(), NOW);
    let told = tell(&issued.der, Role::Leaf, &policy(), NOW);
    told.iter().zip(checked.findings).map(|(told, finding)| format!("{told}: {}", finding.message)).collect()
}

fn read<'a>(issued: &'a Issued) -> Certificate<'a> {
    check(&issued.der, Role::Leaf, &policy(), NOW).value.unwrap()
}

#[test]
fn values_that_no_certificate_may_have_are_reported_with_their_place() {
    let extensions = "tbsCertificate.extensions";
    let padded_dns = Node { length: der::Length::Padded(1), ..ext::dns("a.example") };
    let no_san = format!(
        "error cert-san-missing {extensions}: no subject alternative name; clients do not look at the common name \
         \"www.forge.example\""
    );
    for (issued, want) in [
        (
            leaf(|c| Cert { issuer_uid: Some(vec![1]), ..c.version(None).without_extensions() }),
            vec![
                "error cert-version tbsCertificate.version: version 1 with a unique identifier, which needs version 2"
                    .to_owned(),
                format!(
                    "error cert-san-missing {extensions}: no subject alternative name; a certificate of version 1 cannot have one"
                ),
            ],
        ),
        (
            tbs(|t| *t.at(&[7, 0]) = der::seq([])),
            vec![
                format!("error cert-der {extensions}: SEQUENCE is missing"),
                no_san,
            ],
        ),
        (
            leaf(|c| {
                let negative = der::seq([der::boolean(false), der::int_raw([0x80])]);
                c.with(Ext::new(ext::BASIC_CONSTRAINTS, negative).critical())
            }),
            vec![
                format!(
                    "warning cert-lax-encoding {extensions}[0].extnValue.cA: default value is encoded, which DER leaves out \
                     (X.690, 11.5)"
                ),
                format!(
                    "error cert-der {extensions}[0].extnValue.pathLenConstraint: value is not of the form that RFC 5280 gives it"
                ),
            ],
        ),
        (
            leaf(|c| c.with(Ext::new(ext::NAME_CONSTRAINTS, der::seq([der::ctx(0, [der::seq([])])])))),
            vec![format!("error cert-der {extensions}[4].extnValue.permittedSubtrees[0]: [2] is missing")],
        ),
        (
            leaf(|c| {
                let bare = der::seq([der::ctx(0, [ext::dns("a.example")])]);
                c.with(Ext::new(ext::NAME_CONSTRAINTS, bare))
            }),
            vec![format!(
                "error cert-der {extensions}[4].extnValue.permittedSubtrees[0]: [2] where SEQUENCE belongs"
            )],
        ),
        (
            leaf(|c| {
                let padded = der::seq([ext::dns("a.example")]).padded(1);
                c.with(Ext::new(ext::NAME_CONSTRAINTS, der::seq([der::ctx(0, [padded])])))
            }),
            vec![format!(
                "error cert-der {extensions}[4].extnValue[0][0]: length is not in its shortest form (X.690, 10.1)"
            )],
        ),
        (
            leaf(|c| {
                let cut = der::seq([Node::raw([0x82, 9, b'a'])]);
                c.with(Ext::new(ext::NAME_CONSTRAINTS, der::seq([der::ctx(1, [cut])])))
            }),
            vec![format!(
                "error cert-der {extensions}[4].extnValue[0][0][0]: element is cut short: 9 octets announced, 1 left"
            )],
        ),
        (
            leaf(|c| c.with(Ext::new(ext::SAN, der::seq([ext::dns("a.example")]).padded(1)))),
            vec![format!(
                "error cert-der {extensions}[3].extnValue: length is not in its shortest form (X.690, 10.1)"
            )],
        ),
        (
            leaf(|c| {
                let purposes = der::seq([der::oid(ext::SERVER_AUTH), der::int_raw([1, 2, 3])]);
                c.with(Ext::new(ext::EXT_KEY_USAGE, purposes))
            }),
            vec![format!(
                "error cert-der {extensions}[2].extnValue: value is not of the form that RFC 5280 gives it"
            )],
        ),
        (
            leaf(|c| c.with(ext::ext_key_usage(&[]))),
            vec![format!(
                "warning cert-not-for-servers {extensions}[2]: extended key usage is empty, without serverAuth"
            )],
        ),
        (
            san([padded_dns]),
            vec![format!(
                "error cert-der {extensions}[3].extnValue[0]: length is not in its shortest form (X.690, 10.1)"
            )],
        ),
        (
            san([ext::dns("a.example"), der::ctx_prim(8, [0x2A, 0x80])]),
            vec![format!(
                "error cert-der {extensions}[3].extnValue[1]: OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)"
            )],
        ),
        (
            san([ext::dns("a.example"), Node::prim(0x1A, b"a")]),
            vec![format!("error cert-der {extensions}[3].extnValue[1]: VisibleString where [2] belongs")],
        ),
    ] {
        assert_eq!(messages(&issued), want);
    }
}

#[test]
fn a_duplicate_is_named_and_dotted() {
    let value = |oid: &str| match oid {
        ext::INHIBIT_ANY_POLICY => ext::inhibit_any_policy(0),
        ext::CERTIFICATE_POLICIES => ext::policies(&["2.23.140.1.2.2"]),
        ext::POLICY_CONSTRAINTS => ext::policy_constraints(0),
        ext::CRL_DISTRIBUTION_POINTS => ext::crl_distribution_points(&["http://c.example/ca.crl"]),
        ext::AIA => ext::aia(None, Some("http://c.example/ca.crt")),
        ext::NAME_CONSTRAINTS => ext::name_constraints(vec![ext::dns("forge.example")], vec![]),
        ext::ISSUER_ALT_NAME => ext::issuer_alt_name("Test CA"),
        ext::BASIC_CONSTRAINTS => ext::basic_constraints(false, None),
        ext::KEY_USAGE => ext::key_usage(ext::DIGITAL_SIGNATURE),
        ext::EXT_KEY_USAGE => ext::ext_key_usage(&[ext::SERVER_AUTH]),
        ext::SAN => ext::san_dns(&["a.example"]),
        ext::SKI => ext::ski(&[1, 2, 3]),
        ext::AKI => ext::aki(&[1, 2, 3]),
        ext::POLICY_MAPPINGS => {
            let policy = || der::oid("2.23.140.1.2.2");
            Ext::new(oid, der::seq([der::seq([policy(), policy()])]))
        }
        _ => Ext::new(oid, der::utf8("unknown")),
    };
    for (oid, shown) in [
        (ext::SKI, "subjectKeyIdentifier (2.5.29.14)"),
        (ext::KEY_USAGE, "keyUsage (2.5.29.15)"),
        (ext::SAN, "subjectAltName (2.5.29.17)"),
        (ext::ISSUER_ALT_NAME, "issuerAltName (2.5.29.18)"),
        (ext::BASIC_CONSTRAINTS, "basicConstraints (2.5.29.19)"),
        (ext::NAME_CONSTRAINTS, "nameConstraints (2.5.29.30)"),
        (ext::CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints (2.5.29.31)"),
        (ext::CERTIFICATE_POLICIES, "certificatePolicies (2.5.29.32)"),
        (ext::POLICY_MAPPINGS, "policyMappings (2.5.29.33)"),
        (ext::AKI, "authorityKeyIdentifier (2.5.29.35)"),
        (ext::POLICY_CONSTRAINTS, "policyConstraints (2.5.29.36)"),
        (ext::EXT_KEY_USAGE, "extKeyUsage (2.5.29.37)"),
        (ext::INHIBIT_ANY_POLICY, "inhibitAnyPolicy (2.5.29.54)"),
        (ext::AIA, "authorityInfoAccess (1.3.6.1.5.5.7.1.1)"),
        ("1.3.6.1.4.1.99999.1.2.3", "1.3.6.1.4.1.99999.1.2.3"),
    ] {
        // The last two of the list, whatever is there already.
        let issued = leaf(|c| c.without(oid).with_another(value(oid)).with_another(value(oid)));
        let checked = check(&issued.der, Role::Leaf, &policy(), NOW);
        let told: Vec<_> =
            checked.findings.iter().map(|finding| (finding.code(), finding.message.as_ref())).collect();
        let want = format!("extension {shown} occurs more than once");
        assert_eq!(told, [("cert-duplicate-extension", want.as_str())]);
    }
}

#[test]
fn general_names_of_every_kind_are_shown() {
    let issued = san([ext::dns("a.example"), der::ctx(3, [der::seq([])]), der::ctx(5, [])]);
    let certificate = read(&issued);
    assert_eq!(messages(&issued), [""; 0]);
    let shown: Vec<_> = certificate.san().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["DNS:a.example", "X400:(not shown)", "EdiParty:(not shown)"]);
}

#[test]
fn a_modulus_above_the_policys_limit_is_reported_with_both_numbers() {
    let issued = leaf(|c| c.key(keys::rsa3072()));
    let narrow = Policy::with(|settings| settings.rsa_max_bits = 2048);
    assert_eq!(tell(&issued.der, Role::Leaf, &policy(), NOW), [""; 0]);
    let checked = check(&issued.der, Role::Leaf, &narrow, NOW);
    let [finding] = checked.findings.as_slice() else { panic!("{:?}", checked.findings) };
    assert_eq!(finding.code(), "cert-rsa-long");
    assert_eq!(finding.message, "the RSA modulus has 3072 bits, more than 2048");
    assert_eq!(
        finding.hint,
        "Make a key of 2048 bits or less: `openssl genrsa -out new-key.pem 2048`. Then request a new certificate for it."
    );
}
