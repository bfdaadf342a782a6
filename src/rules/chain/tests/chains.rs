//! Chains, in order and not, whole and not.

use super::{NOW, check, check_with, found, policy};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::sign::{Hash, Scheme};
use certgate_forge::{chain, der, ext, key};

pub(super) fn plain() -> (Issued, Issued, Issued) {
    let plain = chain::plain(key::rsa2048(0));
    (plain.leaf, plain.intermediate, plain.root)
}

#[track_caller]
pub(super) fn assert_found(certificates: &[&Issued], wanted: &[&str]) {
    let checked = check(certificates);
    assert_eq!(found(&checked), wanted, "{:#?}", checked.findings);
}

#[test]
fn what_is_in_order_is_accepted_in_silence() {
    let (leaf, intermediate, _) = plain();
    assert_found(&[&leaf, &intermediate], &[]);
    let lone = Cert::leaf("a.example").self_signed();
    assert_found(&[&lone], &["cert-self-signed note 1"]);
    for set in [chain::sm2(), chain::sm2_under_p256()] {
        assert_found(&[&set.enc, &set.ca], &[]);
        assert_found(&[&set.sign, &set.ca], &[]);
    }
    for crossed in [chain::lets_encrypt(key::rsa2048(0)), chain::lets_encrypt(key::p256(0)), chain::google()]
    {
        assert_found(&[&crossed.leaf, &crossed.intermediate], &[]);
        assert_found(&[&crossed.leaf, &crossed.intermediate, &crossed.cross], &[]);
    }
}

#[test]
fn every_kind_of_link_is_verified() {
    for (issuer, scheme) in [
        (key::rsa2048(2), Scheme::Rsa(Hash::Sha1)),
        (key::rsa2048(2), Scheme::Pss(Hash::Sha384)),
        (key::rsa4096(), Scheme::Rsa(Hash::Sha512)),
        (key::p256(1), Scheme::Ecdsa(Hash::Sha512)),
        (key::p384(1), Scheme::Ecdsa(Hash::Sha256)),
        (key::p521(1), Scheme::Ecdsa(Hash::Sha512)),
        (key::ed25519(), Scheme::Ed25519),
        (key::sm2_ca(), Scheme::sm2()),
    ] {
        let ca = Cert::ca("Rare CA").key(issuer.clone()).issued_by(&chain::plain_issuers().1);
        let leaf = chain::plain_leaf(key::rsa2048(0)).scheme(scheme.clone()).issued_by(&ca);
        assert_found(&[&leaf, &ca], &[]);
        let mut damaged = leaf.clone();
        *damaged.der.last_mut().unwrap() ^= 1;
        let wanted = match scheme {
            Scheme::Sm2(_) => "chain-link-not-verified warning 1",
            _ => "chain-signature error 1",
        };
        assert_found(&[&damaged, &ca], &[wanted]);
    }
}

#[test]
fn a_link_that_cannot_be_verified_is_not_called_invalid() {
    let unknown = Scheme::Garbage(der::seq([der::oid("2.16.840.1.101.3.4.3.17")]));
    for (issuer, scheme, wanted) in [
        (key::ed448(), Scheme::of(&key::ed448()), "chain-link-not-verified warning 1"),
        (key::ml_dsa44(), unknown, "chain-link-not-verified warning 1"),
        (key::sm2_ca(), Scheme::Sm2(b"forge@example".to_vec()), "chain-link-not-verified warning 1"),
        (key::sm2_ca(), Scheme::Sm2(Vec::new()), "chain-sm2-empty-id warning 1"),
    ] {
        let ca = Cert::ca("Rare CA").key(issuer).issued_by(&chain::plain_issuers().1);
        let leaf = chain::plain_leaf(key::rsa2048(0)).scheme(scheme).issued_by(&ca);
        let checked = check(&[&leaf, &ca]);
        assert_eq!(found(&checked), [wanted]);
        let said = checked.not_evaluated.iter().any(|entry| entry.code == "link");
        assert_eq!(said, wanted.starts_with("chain-link"), "{:?}", checked.not_evaluated);
    }
}

#[test]
fn an_sm2_signature_by_another_key_than_the_one_it_names_is_invalid() {
    let set = chain::sm2();
    // The same name with another key: the certificate's own key identifier tells, no ID can.
    let impostor = set.ca.cert.clone().key(key::sm2_other1()).issued_by(&set.root);
    assert_found(&[&set.enc, &impostor], &["chain-signature error 1"]);
}

#[test]
fn the_policys_ids_are_tried() {
    let ca = Cert::ca("Rare CA").key(key::sm2_ca()).issued_by(&chain::plain_issuers().1);
    let scheme = Scheme::Sm2(b"forge@example".to_vec());
    let leaf = chain::plain_leaf(key::rsa2048(0)).scheme(scheme).issued_by(&ca);
    let policy = crate::Policy::with(|settings| settings.sm2_ids.push("forge@example".to_owned()));
    assert_eq!(found(&check_with(&[&leaf, &ca], None, &policy, NOW)), Vec::<String>::new());
}

#[test]
fn order_is_found_with_the_rest() {
    let (leaf, intermediate, root) = plain();
    let [c1, c2, c3] = [&leaf, &intermediate, &root];
    for (given, key_fits, wanted, order, mended, message, hint) in [
        (
            vec![c3, c2, c1],
            Some(2),
            vec!["chain-leaf-not-first error 1 fix", "chain-root-included warning 1 fix"],
            vec![2, 1, 0],
            vec![2, 1],
            "the private key belongs to block 3 \"CN=www.forge.example\"; the right order of the blocks is 3, 2, 1",
            "Put the blocks in the order 3, 2, 1.",
        ),
        (
            vec![c2, c1],
            None,
            vec!["chain-leaf-not-first error 1 fix"],
            vec![1, 0],
            vec![1, 0],
            "the server certificate is block 2 \"CN=www.forge.example\"; the right order \
             of the blocks is 2, 1",
            "Move block 2 before block 1.",
        ),
        (
            vec![c1, c3, c2],
            Some(0),
            vec!["chain-order error 2 fix", "chain-root-included warning 2 fix"],
            vec![0, 2, 1],
            vec![0, 2],
            "the private key belongs to block 1 \"CN=www.forge.example\"; the right order of the blocks is 1, 3, 2",
            "Move block 3 before block 2.",
        ),
        (
            vec![c2, c3, c1],
            None,
            vec!["chain-leaf-not-first error 1 fix", "chain-root-included warning 2 fix"],
            vec![2, 0, 1],
            vec![2, 0],
            "the server certificate is block 3 \"CN=www.forge.example\"; the right order \
             of the blocks is 3, 1, 2",
            "Move block 3 before block 1.",
        ),
    ] {
        let checked = check_with(&given, key_fits, &policy(), NOW);
        assert_eq!(found(&checked), wanted);
        let found = checked.value.unwrap();
        assert_eq!((&found.order, found.mended()), (&order, mended));
        assert_eq!((checked.findings[0].message.as_ref(), &*checked.findings[0].hint), (message, hint));
        assert_eq!(
            checked.findings[0].location.line,
            Some(checked.findings[0].location.block.unwrap() * 20 - 19)
        );
    }
}

#[test]
fn gaps_and_unrelated_certificates() {
    let (leaf, intermediate, root) = plain();
    let unrelated = chain::google();
    assert_found(&[&leaf, &root], &["chain-gap error 2"]);
    assert_found(&[&leaf, &intermediate, &unrelated.intermediate], &["chain-gap error 3"]);
    // Another chain is one finding.
    assert_found(&[&leaf, &unrelated.intermediate, &unrelated.cross], &["chain-gap error 2"]);
    assert_found(
        &[&leaf, &intermediate, &root, &unrelated.leaf],
        &["chain-gap error 4", "chain-root-included warning 3 fix"],
    );
    // Two server certificates of one CA: the key decides, else the first.
    let other = Cert::leaf("b.example").key(key::p256(0)).issued_by(&intermediate);
    assert_found(&[&leaf, &other, &intermediate], &["chain-gap error 2"]);
    let checked = check_with(&[&leaf, &other, &intermediate], Some(1), &policy(), NOW);
    // Without the other one, the order is right.
    assert_eq!(found(&checked), ["chain-gap error 1"]);
    assert_eq!(checked.value.unwrap().order, [1, 2, 0]);
    // The key of an issuer does not make it the server certificate.
    assert_eq!(found(&check_with(&[&leaf, &intermediate], Some(1), &policy(), NOW)), Vec::<String>::new());
}

#[test]
fn a_missing_issuer_is_named_with_its_address() {
    let (intermediate, root) = chain::plain_issuers();
    for (url, command) in [
        (
            "http://crt.forge.example/tls1.crt",
            Some(
                "curl -fL -o issuer.der http://crt.forge.example/tls1.crt && openssl x509 -inform DER -in issuer.der >> chain.pem",
            ),
        ),
        (
            "http://x.example/a?b=1&c",
            Some("curl -fL -o issuer.der 'http://x.example/a?b=1&c' && openssl x509"),
        ),
        (
            "https://x.example/ca.p7c",
            Some("curl -fL -o issuer.der https://x.example/ca.p7c && openssl pkcs7 -inform DER -print_certs"),
        ),
        ("http://x.example/$(reboot)", None),
        ("http://x.example/'; reboot", None),
        ("http://x.example/\u{1b}[2J", None),
        ("ldap://x.example/", None),
        ("-o /etc/passwd", None),
    ] {
        let leaf =
            chain::plain_leaf(key::rsa2048(0)).with(ext::aia(None, Some(url))).issued_by(&intermediate);
        for (chain, code) in [(vec![&leaf], "chain-leaf-alone"), (vec![&leaf, &root], "chain-gap")] {
            let checked = check(&chain);
            let finding = &checked.findings[0];
            assert_eq!(finding.code(), code);
            assert!(finding.message.contains("CN=Forge TLS CA 1"), "{}", finding.message);
            let command = command.map(|command| command.trim_end_matches(" >> chain.pem"));
            match command {
                Some(command) => assert!(finding.hint.contains(command), "{}", finding.hint),
                None => assert!(!finding.hint.contains("curl"), "{}", finding.hint),
            }
            assert!(!finding.message.contains('\u{1b}'));
            assert!(finding.message.contains("published at"), "{}", finding.message);
        }
    }
}

#[test]
fn the_name_fits_and_the_signature_does_not() {
    let (leaf, intermediate, root) = plain();
    let impostor = intermediate.cert.clone().key(key::rsa2048(1)).issued_by(&root);
    assert_found(&[&leaf, &impostor], &["chain-signature error 1"]);
    // The right one is found among two of the same name.
    assert_found(&[&leaf, &impostor, &intermediate], &["chain-gap error 2"]);
    // Without key identifiers only the signature tells.
    let bare = leaf.cert.clone().without_key_ids().issued_by(&intermediate);
    assert_found(&[&bare, &impostor, &intermediate], &["chain-gap error 2"]);
    assert_found(&[&bare, &impostor], &["chain-signature error 1"]);
    // Another kind of key.
    let other = intermediate.cert.clone().key(key::p256(1)).issued_by(&root);
    assert_found(&[&bare, &other], &["chain-signature error 1"]);
    // A root whose own signature is wrong.
    let mut damaged = root.clone();
    *damaged.der.last_mut().unwrap() ^= 1;
    assert_found(&[&leaf, &intermediate, &damaged], &["chain-signature error 3"]);
}

#[test]
fn a_long_chain_is_refused_and_costs_no_more_than_a_full_one() {
    let mut chain = vec![Cert::ca("Long CA 0").key(key::p256(1)).issued_by(&chain::plain_issuers().1)];
    for number in 1..12 {
        let ca = Cert::ca(&format!("Long CA {number}"))
            .key(key::p256(1 + number % 2))
            .issued_by(&chain[number - 1]);
        chain.push(ca);
    }
    chain.reverse();
    let certificates: Vec<&Issued> = chain.iter().collect();
    assert_found(&certificates[2..], &[]);
    assert_found(&certificates[1..], &["chain-too-long error 11"]);
    let checked = check(&certificates);
    assert_eq!(found(&checked), ["chain-too-long error 11"]);
    assert!(checked.not_evaluated.iter().any(|entry| entry.code == "link"));
    assert_eq!(checked.findings[0].message, "the chain has 12 certificates; at most 10 are allowed");
    let softened = crate::Policy::with(|settings| {
        settings.severity.insert("chain-too-long".to_owned(), crate::Severity::Warning);
    });
    assert!(check_with(&certificates, None, &softened, NOW).is_ok());
}

#[test]
fn names_are_compared_as_people_read_them() {
    use certgate_forge::name::name;
    let (_, _, root) = plain();
    let ca = Cert::ca("x")
        .subject(name(&[("O", "Forge  Trust"), ("CN", "Mixed Case CA")]))
        .key(key::p256(1))
        .issued_by(&root);
    let issuer = name(&[("O", "forge trust "), ("CN", "MIXED CASE CA")]);
    let leaf = Cert::leaf("a.example").issuer(issuer).issued_by(&ca);
    assert_found(&[&leaf, &ca], &[]);
    let issuer = name(&[("CN", "Mixed Case CA"), ("O", "Forge Trust")]);
    let leaf = Cert::leaf("a.example").issuer(issuer).issued_by(&ca);
    assert_found(&[&leaf, &ca], &["chain-gap error 2"]);
}

#[test]
fn many_certificates_of_one_name_cost_little() {
    // All self-issued under one name, none signed by another: the worst case of the search.
    let root = Cert::ca("Same").key(key::p256(1)).self_signed();
    let many: Vec<Issued> = (0..1500_u32)
        .map(|serial| {
            root.operated(|node| *node.at(&[0, 1]) = der::int_raw([&[1][..], &serial.to_be_bytes()].concat()))
        })
        .collect();
    let leaf = Cert::leaf("a.example").issuer(root.cert.subject.clone()).self_signed();
    let mut certificates = vec![&leaf];
    certificates.extend(&many);
    let started = std::time::Instant::now();
    let checked = check(&certificates);
    assert!(checked.findings.iter().any(|finding| finding.code() == "chain-too-long"));
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

#[test]
fn no_change_to_a_server_certificate_goes_unnoticed() {
    let (leaf, intermediate, _) = plain();
    let policy = policy();
    let mut read = 0;
    for position in (0..leaf.der.len()).step_by(7) {
        for bit in [0, 5] {
            let mut der = leaf.der.clone();
            der[position] ^= 1 << bit;
            let mut findings = crate::finding::Findings::at(&policy, NOW.into());
            let place = crate::Location::none();
            let role = crate::rules::certificate::Role::Leaf;
            let changed = crate::read::certificate::Certificate::read(&der, &place);
            crate::rules::certificate::judge(changed.as_ref().map_err(Box::as_ref), role, &mut findings);
            let Ok(changed) = changed else { continue };
            let issuer = super::read(&[&intermediate.der], crate::Field::CertContent);
            crate::rules::chain::read(&[changed, issuer[0].clone()], None, true, &mut findings);
            let (findings, _) = findings.finish();
            let rejected = findings.iter().any(|finding| finding.severity == crate::Severity::Error);
            assert!(rejected, "bit {bit} of octet {position}: {findings:?}");
            read += 1;
        }
    }
    assert!(read > 100, "only {read} changed certificates could be read");
}

#[test]
fn nothing_is_said_of_gaps_where_a_certificate_could_not_be_read() {
    let (leaf, intermediate, root) = plain();
    let policy = policy();
    for given in [vec![&leaf], vec![&leaf, &root], vec![&leaf, &intermediate]] {
        let ders: Vec<&[u8]> = given.iter().map(|issued| issued.der.as_slice()).collect();
        let mut findings = crate::finding::Findings::at(&policy, NOW.into());
        let certificates = super::read(&ders, crate::Field::CertContent);
        let chain = crate::rules::chain::read(&certificates, None, false, &mut findings);
        let checked = findings.checked(chain);
        assert_eq!(found(&checked), Vec::<String>::new());
        assert!(checked.not_evaluated.iter().any(|entry| entry.code == "chain"));
    }
}
