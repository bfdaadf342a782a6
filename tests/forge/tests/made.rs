//! What the forge makes is read by OpenSSL and x509-parser, verifies, and is the same at each run.

use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::key::{self, Key};
use certgate_forge::sign::{Hash, Scheme};
use certgate_forge::{chain, der, ext, fault, foreign, form, name, pem};
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs OpenSSL with `input`; its output, or `None` where there is no OpenSSL.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<(bool, String)> {
    let child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: no openssl");
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

fn accepted(arguments: &[&str], input: &str) {
    if let Some((ok, text)) = openssl(arguments, input.as_bytes()) {
        assert!(ok, "openssl {arguments:?}: {text}\n{input}");
    }
}

/// OpenSSL verifies `leaf` through `intermediates` to `root`.
fn verifies(folder: &str, leaf: &Issued, intermediates: &[&Issued], root: &Issued) {
    let folder = std::env::temp_dir().join(format!("certgate-forge-{folder}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let root_file = file("root.pem", root.pem());
    let middle = file("middle.pem", bundle(intermediates.iter().copied()));
    // 2026-06-01T00:00:00Z
    let mut arguments = vec!["verify", "-attime", "1780272000", "-partial_chain", "-CAfile", &root_file];
    // OpenSSL takes the empty ID unless told, and refuses the option for other keys.
    if matches!(&root.cert.key, Key::Ec(ec) if ec.curve.name == "SM2") {
        arguments.extend(["-vfyopt", "distid:1234567812345678"]);
    }
    if !intermediates.is_empty() {
        arguments.extend(["-untrusted", &middle]);
    }
    accepted(&arguments, &leaf.pem());
    std::fs::remove_dir_all(folder).unwrap();
}

fn parsed(issued: &Issued) {
    accepted(&["x509", "-noout", "-text"], &issued.pem());
    let (rest, certificate) = x509_parser::parse_x509_certificate(&issued.der).expect("x509-parser reads it");
    assert!(rest.is_empty());
    assert_eq!(certificate.version().0, 2);
}

#[test]
fn every_key_is_read_and_is_as_openssl_wrote_it() {
    for name in key::names() {
        let (pkcs8, spki) = key::files(name);
        let key = key::named(name);
        assert_eq!(key.spki().encode(), pem::decode(spki), "{name}");
        assert_eq!(key.pkcs8(), pem::decode(pkcs8), "{name}");
        accepted(&["pkey", "-noout"], &key.pem());
        accepted(&["pkey", "-noout"], &key.traditional_pem());
        accepted(&["pkey", "-pubin", "-noout"], &key.public_pem());
        if let Key::Ec(ec) = key {
            assert_eq!(ec.curve.base(&ec.scalar), ec.point, "{name}");
        }
    }
}

#[test]
fn completed_rsa_parts_are_a_key() {
    let (a, b) = (key::rsa2048(0).rsa(), key::rsa2048(1).rsa());
    assert_eq!(key::Rsa { q: b.q.clone(), ..a.clone() }.complete().q, b.q);
    let mixed = key::Rsa { q: b.q, ..a }.complete();
    accepted(&["pkey", "-check", "-noout"], &Key::from(mixed).pem());
}

#[test]
fn key_variants_are_read() {
    let ec = key::p256(0).ec();
    let sec1 = ec.sec1();
    let variants = [
        ("EC PRIVATE KEY", key::Sec1 { public: None, ..sec1.clone() }.node()),
        ("EC PRIVATE KEY", key::Sec1 { public: Some(ec.compressed()), ..sec1.clone() }.node()),
        ("EC PRIVATE KEY", key::Sec1 { parameters: Some(key::explicit(ec.curve)), ..sec1.clone() }.node()),
        ("PRIVATE KEY", key::Pkcs8 { algorithm: ec.algorithm_explicit(), ..ec.pkcs8() }.node()),
        ("PRIVATE KEY", key::Pkcs8 { attributes: Some(der::ctx(0, [])), ..ec.pkcs8() }.node()),
    ];
    for (label, node) in variants {
        accepted(&["pkey", "-noout"], &pem::encode(label, &node.encode()));
    }
    for (text, reader) in
        [(key::RSA_ENCRYPTED, "pkey"), (key::P256_PROC_TYPE, "pkey"), (key::RSA_PROC_TYPE, "rsa")]
    {
        accepted(&[reader, "-noout", "-passin", "pass:forge"], text);
    }
    accepted(&["pkey", "-noout", "-passin", "pass:forge"], key::P256_ENCRYPTED);
}

#[test]
fn every_scheme_signs() {
    let schemes = [
        (key::rsa2048(0), Scheme::Rsa(Hash::Sha256)),
        (key::rsa2048(0), Scheme::Rsa(Hash::Sha384)),
        (key::rsa3072(), Scheme::Rsa(Hash::Sha512)),
        (key::rsa8192(), Scheme::Rsa(Hash::Sha256)),
        (key::rsa2048e3(), Scheme::Rsa(Hash::Sha256)),
        (key::rsa2048multi(), Scheme::Rsa(Hash::Sha256)),
        (key::rsa2048(1), Scheme::Pss(Hash::Sha256)),
        (key::rsa2048(1), Scheme::Pss(Hash::Sha384)),
        (key::rsa4096(), Scheme::Pss(Hash::Sha512)),
        (key::rsapss(), Scheme::Pss(Hash::Sha256)),
        (key::p256(0), Scheme::Ecdsa(Hash::Sha256)),
        (key::p256(0), Scheme::Ecdsa(Hash::Sha512)),
        (key::p384(0), Scheme::Ecdsa(Hash::Sha384)),
        (key::p521(0), Scheme::Ecdsa(Hash::Sha512)),
        (key::secp256k1(), Scheme::Ecdsa(Hash::Sha256)),
        (key::brainpool256(), Scheme::Ecdsa(Hash::Sha256)),
        (key::ed25519(), Scheme::Ed25519),
        (key::sm2_root(), Scheme::sm2()),
    ];
    for (i, (key, scheme)) in schemes.into_iter().enumerate() {
        let root = Cert::ca("Scheme Root").key(key).scheme(scheme).self_signed();
        parsed(&root);
        let leaf = Cert::leaf("scheme.example").issued_by(&root);
        verifies(&format!("scheme{i}"), &leaf, &[], &root);
    }
    for (name, weak) in [("sha1", Scheme::Rsa(Hash::Sha1)), ("ecdsa-sha1", Scheme::Ecdsa(Hash::Sha1))] {
        let key = if name == "sha1" { key::rsa2048(0) } else { key::p256(0) };
        parsed(&Cert::ca(name).key(key).scheme(weak).self_signed());
    }
}

#[test]
fn the_chains_verify() {
    let plain = chain::plain(key::p256(0));
    verifies("plain", &plain.leaf, &[&plain.intermediate], &plain.root);
    let crossed = [
        chain::lets_encrypt(key::rsa2048(0)),
        chain::lets_encrypt(key::p256(0)),
        chain::google(),
        chain::amazon(),
    ];
    for (i, c) in crossed.iter().enumerate() {
        parsed(&c.leaf);
        verifies(&format!("crossed{i}"), &c.leaf, &[&c.intermediate], &c.root);
        // No RSA-SHA1 root is checked: a trust anchor's own signature is not.
        verifies(&format!("old{i}"), &c.leaf, &[&c.intermediate, &c.cross], &c.old_root);
    }
    let corp = chain::enterprise(|leaf| leaf);
    verifies("corp", &corp.leaf, &[&corp.intermediate], &corp.root);
    // Link by link, as OpenSSL passes the ID to the first certificate only.
    for (i, set) in [chain::sm2(), chain::sm2_under_p256()].iter().enumerate() {
        verifies(&format!("sign{i}"), &set.sign, &[], &set.ca);
        verifies(&format!("enc{i}"), &set.enc, &[], &set.ca);
        verifies(&format!("ca{i}"), &set.ca, &[], &set.root);
    }
}

#[test]
fn a_broken_name_constraint_does_not_verify() {
    let corp = chain::enterprise(|leaf| leaf.with(ext::san_dns(&["other.example"])));
    let root = std::env::temp_dir().join(format!("certgate-forge-nc-{}", std::process::id()));
    std::fs::write(&root, bundle([&corp.root, &corp.intermediate])).unwrap();
    let arguments = ["verify", "-attime", "1780272000", "-CAfile", root.to_str().unwrap()];
    if let Some((ok, text)) = openssl(&arguments, corp.leaf.pem().as_bytes()) {
        assert!(!ok && text.contains("permitted subtree violation"), "{text}");
    }
    std::fs::remove_file(root).unwrap();
}

#[test]
fn rich_certificates_are_read() {
    let plain = chain::plain(key::rsa2048(0));
    let subject = name::name_of([
        ("C", der::printable("CN")),
        ("O", der::bmp("锻造")),
        ("OU", der::universal("部门")),
        ("L", der::t61("Z\u{fc}rich")),
        ("CN", der::utf8("www.example.com")),
        ("emailAddress", der::ia5("a@example.com")),
    ]);
    let leaf = Cert::leaf("x")
        .subject(subject)
        .with(ext::san([
            ext::dns("a.example"),
            ext::ip("192.0.2.1"),
            ext::ip("2001:db8::1"),
            ext::email("a@example.com"),
            ext::uri("spiffe://example/a"),
            ext::directory(name::name(&[("CN", "dir")])),
            ext::other_name("upn@example"),
            ext::registered_id("1.2.3.4"),
        ]))
        .with(ext::sct_list(3))
        .with(ext::policies(&["2.23.140.1.2.2"]))
        .with(ext::must_staple())
        .with(ext::issuer_alt_name("alt"))
        .with(ext::inhibit_any_policy(0))
        .with(ext::policy_constraints(0))
        .with(ext::unknown().critical())
        .with(ext::poison())
        .with(ext::private_key_usage_period("20250101000000Z", "20260101000000Z"))
        .issued_by(&plain.intermediate);
    parsed(&leaf);
    let text = openssl(&["x509", "-noout", "-text"], leaf.pem().as_bytes()).map(|t| t.1);
    for word in
        ["192.0.2.1", "2001:DB8", "CT Precertificate Poison: critical", "status_request", "Registered ID"]
    {
        assert!(text.as_ref().is_none_or(|t| t.contains(word)), "{word}: {text:?}");
    }
}

#[test]
fn key_usage_bits_are_minimal() {
    assert_eq!(ext::key_usage(ext::DIGITAL_SIGNATURE).value, [3, 2, 7, 0x80]);
    assert_eq!(ext::key_usage(ext::KEY_CERT_SIGN | ext::CRL_SIGN).value, [3, 2, 1, 6]);
    assert_eq!(ext::key_usage(0).value, [3, 1, 0]);
    assert_eq!(ext::key_usage(1 << 8).value, [3, 3, 7, 0, 0x80]);
}

#[test]
fn wrong_der_is_as_described() {
    assert_eq!(der::seq([der::null()]).indefinite().encode(), [0x30, 0x80, 5, 0, 0, 0]);
    assert_eq!(der::seq([der::null()]).padded(1).encode(), [0x30, 0x82, 0, 2, 5, 0]);
    assert_eq!(der::seq([der::null()]).padded(0).encode(), [0x30, 0x81, 2, 5, 0]);
    assert_eq!(der::null().claim(300).encode(), [5, 0x82, 1, 44]);
    assert_eq!(der::null().trailing(&[1]).encode(), [5, 0, 1]);
    assert_eq!(der::small(-1).encode(), [2, 1, 0xff]);
    assert_eq!(der::small(128).encode(), [2, 2, 0, 128]);
    assert_eq!(der::oid("1.2.840.113549").encode(), [6, 6, 42, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
    assert_eq!(der::oid("2.999").encode(), [6, 2, 0x88, 0x37]);
}

#[test]
fn surgery_before_signing_verifies() {
    let root = Cert::ca("Surgery Root").key(key::p256(1)).self_signed();
    // Path: extensions [3] > SEQUENCE > basicConstraints > extnValue > SEQUENCE > cA
    let odd = Cert::ca("Odd CA").key(key::p256(0)).issued_after(&root, |tbs| {
        *tbs.at(&[7, 0, 0, 2, 0, 0]) = der::boolean_raw(1);
    });
    assert!(odd.der.windows(5).any(|w| w == [0x30, 3, 1, 1, 1]));
    verifies("surgery", &odd, &[], &root);
    let cut = root.operated(|cert| cert.at(&[2]).body = der::Body::Bytes(vec![0, 1, 2]));
    assert_ne!(cut.der, root.der);
}

#[test]
fn other_files_are_what_they_say() {
    let readers: [(&[&str], &str); 5] = [
        (&["pkcs7", "-noout"], foreign::PKCS7),
        (&["req", "-noout"], foreign::CSR),
        (&["crl", "-noout"], foreign::CRL),
        (&["x509", "-noout"], foreign::TRUSTED),
        (&["x509", "-noout"], foreign::X509_TEXT),
    ];
    for (arguments, text) in readers {
        accepted(arguments, text);
    }
    if let Some((ok, text)) = openssl(&["pkcs12", "-noout", "-passin", "pass:forge"], foreign::PKCS12) {
        assert!(ok, "{text}");
    }
}

#[test]
fn damages_change_the_text() {
    let text = bundle(&[chain::plain(key::p256(0)).leaf]);
    for (name, damage) in pem::DAMAGES {
        assert_ne!(damage(&text), text, "{name}");
    }
    assert_eq!(pem::without_begin("-----BEGIN X-----\nAA==\n-----END X-----\n"), "AA==\n-----END X-----\n");
    assert_eq!(pem::non_canonical_bits("X", &[0]).unwrap(), "-----BEGIN X-----\nAB==\n-----END X-----\n");
    assert_eq!(
        pem::wrong_padding("-----BEGIN X-----\nAA==\n-----END X-----\n"),
        "-----BEGIN X-----\nAA=\n-----END X-----\n"
    );
    assert_eq!(pem::inside("-----BEGIN X-----\nAAAAAA==\n", "*"), "-----BEGIN X-----\nAAAA*AA==\n");
}

#[test]
fn forms_carry_the_reference_names() {
    let value = form::sm2().instance("gw-1").trusting(&[chain::sm2().root]).value();
    let fields =
        ["name", "cert_content", "private_key", "type", "instance_id", "trusted_root_ca", "algorithm_type"];
    for field in fields.iter().chain(&["cert_content_sign", "private_key_sign"]) {
        assert!(value[field].is_string(), "{field}");
    }
    assert!(value["cert_content_sign"].as_str().unwrap().chars().count() <= 8092);
    assert!(form::rsa().value().get("cert_content_sign").is_none());
}

/// The bytes of everything, in one number. It changes only when the forge's output does, and with it every expected value.
#[test]
fn the_same_bytes_at_each_run() {
    let all = || {
        [
            form::rsa().json(),
            form::ecc().json(),
            form::ecc_p384().json(),
            form::ecc_p521().json(),
            form::sm2().json(),
            bundle(&[chain::google().leaf, chain::amazon().leaf, chain::enterprise(|l| l).leaf]),
        ]
        .concat()
    };
    let (first, second) = (all(), all());
    assert!(first == second);
    let hash: String = Hash::Sha256.of(first.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hash, "11e26eb4bd75243b87db4a224efd8f86568fe22acc1b910d9890fbf69268655e");
}

#[test]
fn each_row_has_a_name_of_its_own_and_changes_the_form() {
    let mut seen = std::collections::HashSet::new();
    let unchanged = ["rsa", "ecc", "sm2"];
    for row in fault::all() {
        assert!(seen.insert(row.row), "{} twice", row.row);
        assert_eq!(row.fields(&row.form()).is_empty(), unchanged.contains(&row.row), "{}", row.row);
    }
    assert!(seen.len() > 200, "{}", seen.len());
}
