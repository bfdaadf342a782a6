//! The rows of tricky input: certificate to findings.

use certgate_forge::der::Length;
use certgate_forge::ext::Ext;
use certgate_forge::name::name;
use certgate_forge::sign::{Hash as ForgeHash, Scheme, md5_algorithm, rsa_algorithm};

use super::*;

#[test]
fn a_good_leaf_has_no_finding() {
    let rsa = Cert::ca("CA").self_signed();
    for issued in [
        leaf(|c| c),
        Cert::leaf("a.example").issued_by(&rsa),
        chain::sm2().enc,
        chain::sm2().sign,
        leaf(|c| c.serial([0x55; 20])),
        leaf(|c| c.subject(name(&[])).with(ext::san_dns(&["a.example"]).critical())),
        san([ext::ip("192.0.2.1"), ext::ip("2001:db8::1")]),
        san((0..5000).map(|i| ext::dns(format!("h{i}.forge.example")))),
        subject(der::bmp("锻造有限公司")),
        subject(der::universal("锻造有限公司")),
        subject(der::printable("www.forge.example")),
        dates("500101000000Z", "350101000000Z"),
        dates("260510000000Z", "260616000000Z"),
        leaf(|c| c.with(ext::policies(&["2.23.140.1.2.2"]).critical()).with(ext::inhibit_any_policy(0))),
        leaf(|c| Cert { issuer_uid: Some(vec![1]), subject_uid: Some(vec![2]), ..c }),
        leaf(|c| {
            c.with(ext::aia(Some("http://o.example"), Some("http://c.example/ca.crt")))
                .with(ext::crl_distribution_points(&["http://c.example/ca.crl"]))
                .with(ext::policy_with_cps("2.23.140.1.2.2", "https://cps.example"))
                .with(ext::policy_constraints(0))
                .with(ext::name_constraints(
                    vec![ext::dns("forge.example")],
                    vec![ext::ip_raw(&[10, 0, 0, 0, 255, 0, 0, 0])],
                ))
                .with(ext::sct_list(2))
                .with(ext::must_staple())
                .with(ext::aki_of_issuer(name(&[("CN", "Test CA")]), &[1, 2, 3]))
                .with(ext::issuer_alt_name("Test CA"))
                .with(ext::private_key_usage_period("20250101000000Z", "20260101000000Z"))
        }),
        san([
            ext::dns("www.forge.example"),
            ext::email("a@forge.example"),
            ext::uri("https://forge.example/"),
            ext::directory(name(&[("CN", "forge")])),
            ext::other_name("a@forge.example"),
            ext::registered_id("1.2.3.4"),
        ]),
    ] {
        assert_eq!(tell(&issued.der, Role::Leaf, &policy(), NOW), [""; 0]);
    }
}

#[test]
fn each_fault_of_a_leaf_is_reported_where_it_is() {
    let ec = || keys::p256(0).ec();
    let point = |octets: &[u8]| leaf(|c| c.spki(keys::spki(ec().algorithm(), octets)));
    let rsa = |change: fn(keys::Rsa) -> keys::Rsa| leaf(|c| c.spki(change(keys::rsa2048(0).rsa()).spki()));
    let spki = "tbsCertificate.subjectPublicKeyInfo";
    let cases: Vec<(&str, Issued, Vec<String>)> = [
        // Structure.
        ("trailing", leaf(|c| c).trailing(&[0]), "error cert-trailing-data certificate"),
        ("indefinite", whole(|c| c.length = Length::Indefinite), "error cert-der certificate"),
        (
            "indefinite inside",
            tbs(|t| t.at(&[5]).length = Length::Indefinite),
            "error cert-der tbsCertificate.subject",
        ),
        ("padded", whole(|c| c.length = Length::Padded(1)), "error cert-der certificate"),
        (
            "padded inside",
            tbs(|t| t.at(&[7, 0, 3]).length = Length::Padded(1)),
            "error cert-der tbsCertificate.extensions[3]",
        ),
        ("claims too much", whole(|c| c.length = Length::Claim(60_000)), "error cert-unreadable certificate"),
        (
            "duplicate",
            leaf(|c| c.with_another(ext::san_dns(&["b.example"]))),
            "error cert-duplicate-extension tbsCertificate.extensions[4]",
        ),
        (
            "algorithms",
            leaf(|c| c.algorithms(rsa_algorithm(ForgeHash::Sha256), rsa_algorithm(ForgeHash::Sha384))),
            "error cert-signature-algorithms-differ signatureAlgorithm",
        ),
        ("version 1", leaf(|c| c.version(None)), "error cert-version tbsCertificate.version"),
        ("version 2", leaf(|c| c.version(Some(1))), "error cert-version tbsCertificate.version"),
        ("version 4", leaf(|c| c.version(Some(3))), "error cert-version tbsCertificate.version"),
        (
            "reversed",
            dates("350101000000Z", "270101000000Z"),
            "error cert-validity-reversed tbsCertificate.validity",
        ),
        (
            "February 30",
            dates("250230000000Z", "350101000000Z"),
            "error cert-time-invalid tbsCertificate.validity.notBefore",
        ),
        (
            "second 60",
            dates("250101000000Z", "350101000060Z"),
            "error cert-time-invalid tbsCertificate.validity.notAfter",
        ),
        (
            "no Z",
            dates("250101000000", "350101000000Z"),
            "error cert-time-invalid tbsCertificate.validity.notBefore",
        ),
        ("no serial", leaf(|c| c.serial([])), "error cert-der tbsCertificate.serialNumber"),
        // Names.
        (
            "NUL in a name",
            subject(der::utf8("a.example\0.evil.example")),
            "error cert-name-nul tbsCertificate.subject[1][0].value",
        ),
        (
            "NUL in SAN",
            san([ext::dns("a.example\0.evil.example")]),
            "error cert-name-nul tbsCertificate.extensions[3].extnValue[0]",
        ),
        ("no SAN entry", san([]), "error cert-san-invalid tbsCertificate.extensions[3].extnValue"),
        (
            "empty dNSName",
            san([ext::dns("a.example"), ext::dns("")]),
            "error cert-san-invalid tbsCertificate.extensions[3].extnValue[1]",
        ),
        (
            "after SAN",
            leaf(|c| c.with(ext::san_dns(&["a.example"]).trailing(&[5, 0]))),
            "error cert-trailing-data tbsCertificate.extensions[3].extnValue",
        ),
        (
            "IP of 5",
            san([ext::ip_raw(&[10, 0, 0, 1, 2])]),
            "error cert-san-invalid tbsCertificate.extensions[3].extnValue[0]",
        ),
        (
            "not UTF-8",
            subject(der::utf8(b"\xb9\xe3\xb6\xab")),
            "error cert-name-not-utf8 tbsCertificate.subject[1][0].value",
        ),
        (
            "critical",
            leaf(|c| c.with(ext::unknown().critical())),
            "error cert-critical-extension tbsCertificate.extensions[4]",
        ),
        (
            "precertificate",
            leaf(|c| c.with(ext::poison())),
            "error cert-precertificate tbsCertificate.extensions[4]",
        ),
        // Keys.
        (
            "off the curve",
            point(&[&[4], [7; 64].as_slice()].concat()),
            &format!("error cert-key-invalid {spki}"),
        ),
        ("infinity", point(&[0]), &format!("error cert-key-invalid {spki}")),
        ("even modulus", rsa(|k| keys::Rsa { n: k.n - 1, ..k }), &format!("error cert-key-invalid {spki}")),
        ("zero modulus", rsa(|k| keys::Rsa { n: 0.into(), ..k }), &format!("error cert-key-invalid {spki}")),
        ("negative modulus", rsa(|k| keys::Rsa { n: -k.n, ..k }), &format!("error cert-key-invalid {spki}")),
        ("exponent 0", rsa(|k| keys::Rsa { e: 0.into(), ..k }), &format!("error cert-key-invalid {spki}")),
        ("exponent 1", rsa(|k| keys::Rsa { e: 1.into(), ..k }), &format!("error cert-key-invalid {spki}")),
        (
            "exponent even",
            rsa(|k| keys::Rsa { e: 65536.into(), ..k }),
            &format!("error cert-key-invalid {spki}"),
        ),
        ("1024 bits", leaf(|c| c.key(keys::rsa1024())), &format!("error cert-rsa-short {spki}")),
        ("8200 bits", leaf(|c| c.key(keys::rsa8200())), &format!("error cert-rsa-long {spki}")),
        ("exponent 3", leaf(|c| c.key(keys::rsa2048e3())), &format!("warning cert-rsa-exponent {spki}")),
        ("Ed25519", leaf(|c| c.key(keys::ed25519())), &format!("error cert-key-unsupported {spki}")),
        ("P-224", leaf(|c| c.key(keys::p224())), &format!("error cert-key-unsupported {spki}")),
        // What most programs bear.
        ("negative", leaf(|c| c.serial([0x85, 1])), "warning cert-serial-number tbsCertificate.serialNumber"),
        ("zero", leaf(|c| c.serial([0])), "warning cert-serial-number tbsCertificate.serialNumber"),
        (
            "21 octets",
            leaf(|c| c.serial([0x55; 21])),
            "warning cert-serial-number tbsCertificate.serialNumber",
        ),
        (
            "BOOLEAN 01",
            leaf(|c| c.with(ext::basic_constraints(false, None).critical_node(der::boolean_raw(1)))),
            "warning cert-lax-encoding tbsCertificate.extensions[0].critical",
        ),
        (
            "critical FALSE",
            leaf(|c| c.with(ext::san_dns(&["a.example"]).critical_node(der::boolean(false)))),
            "warning cert-lax-encoding tbsCertificate.extensions[3].critical",
        ),
        (
            "cA FALSE",
            leaf(|c| c.with(Ext::new(ext::BASIC_CONSTRAINTS, der::seq([der::boolean(false)])).critical())),
            "warning cert-lax-encoding tbsCertificate.extensions[0].extnValue.cA",
        ),
        (
            "no seconds",
            dates("2501010000Z", "350101000000Z"),
            "warning cert-time-lax tbsCertificate.validity.notBefore",
        ),
        (
            "early GeneralizedTime",
            dates("250101000000Z", "20350101000000Z"),
            "warning cert-time-lax tbsCertificate.validity.notAfter",
        ),
        (
            "no NULL beside the key",
            leaf(|c| {
                let public = keys::rsa2048(0).rsa().public().encode();
                c.spki(keys::spki(keys::Rsa::algorithm_without_null(), &public))
            }),
            "warning cert-lax-encoding tbsCertificate.subjectPublicKeyInfo.algorithm",
        ),
        (
            "escape sequence",
            subject(der::utf8("\x1b[31mred")),
            "warning cert-name-deceptive tbsCertificate.subject[1][0].value",
        ),
        ("T61", subject(der::t61(b"Z\xfcrich")), "warning cert-name-t61 tbsCertificate.subject"),
        (
            "PrintableString",
            subject(der::printable("my_host")),
            "warning cert-name-string-type tbsCertificate.subject[1][0].value",
        ),
        (
            "dNSName not ASCII",
            san([ext::dns("www.例子.example")]),
            "warning cert-dns-name-not-ascii tbsCertificate.extensions[3].extnValue[0]",
        ),
        (
            "wildcard",
            san([ext::dns("*.*.forge.example")]),
            "warning cert-wildcard-shape tbsCertificate.extensions[3].extnValue[0]",
        ),
        // Time and purpose.
        ("no SAN", leaf(|c| c.without(ext::SAN)), "error cert-san-missing tbsCertificate.extensions"),
        (
            "expired",
            dates("240101000000Z", "260531235959Z"),
            "error cert-expired tbsCertificate.validity.notAfter",
        ),
        (
            "not yet valid",
            dates("260602000000Z", "350101000000Z"),
            "warning cert-not-yet-valid tbsCertificate.validity.notBefore",
        ),
        (
            "after 2038",
            dates("250101000000Z", "380119031408Z"),
            "error cert-expires-after-2038 tbsCertificate.validity.notAfter",
        ),
        (
            "soon",
            dates("260401000000Z", "260630000000Z"),
            "warning cert-expires-soon tbsCertificate.validity.notAfter",
        ),
        (
            "client",
            leaf(|c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH]))),
            "warning cert-not-for-servers tbsCertificate.extensions[2]",
        ),
        (
            "MD5",
            leaf(|c| c.scheme(Scheme::Garbage(md5_algorithm()))),
            "error cert-weak-signature signatureAlgorithm",
        ),
        (
            "CA",
            leaf(|c| c.with(ext::basic_constraints(true, Some(0)))),
            "warning cert-ca-as-leaf tbsCertificate.extensions[0]",
        ),
        (
            "keyUsage of a CA",
            leaf(|c| c.with(ext::key_usage(ext::KEY_CERT_SIGN))),
            "warning cert-usage-not-for-tls tbsCertificate.extensions[1]",
        ),
        (
            "a CA with its keyUsage",
            leaf(|c| c.with(ext::basic_constraints(true, Some(0))).with(ext::key_usage(ext::KEY_CERT_SIGN))),
            "warning cert-ca-as-leaf tbsCertificate.extensions[0]",
        ),
    ]
    .map(|(row, issued, want)| (row, issued, vec![want.to_owned()]))
    .into();
    let wrong: Vec<_> = cases
        .iter()
        .map(|(row, issued, want)| (row, tell(&issued.der, Role::Leaf, &policy(), NOW), want))
        .filter(|(_, told, want)| told != *want)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_weak_hash_does_not_matter_in_a_self_signed_certificate() {
    let issued = Cert::ca("CA")
        .with(ext::san_dns(&["a.example"]))
        .with(ext::key_usage(ext::KEY_CERT_SIGN | ext::DIGITAL_SIGNATURE))
        .scheme(Scheme::Rsa(ForgeHash::Sha1))
        .self_signed();
    assert_eq!(tell(&issued.der, Role::Leaf, &policy(), NOW), Vec::<String>::new());
}

/// The API's own codes, where it has one; those of all rules stand in the reports of their cases. Which errors are soft, `tests/cases.rs`
/// tells row by row; that no warning is, `tests/tidy.rs`.
#[test]
fn api_codes_fit() {
    for (code, api) in [
        ("cert-key-unsupported", "APIG.3709"),
        ("cert-expires-after-2038", "APIG.3148"),
        ("cert-expired", "APIG.2102"),
        ("cert-expires-soon", "APIG.2102"),
        ("cert-san-missing", "APIG.2109"),
        ("cert-rsa-short", "APIG.2106"),
    ] {
        assert_eq!(crate::rules::catalogue::find(code).map(|rule| rule.api.as_str()), Some(api), "{code}");
    }
}
