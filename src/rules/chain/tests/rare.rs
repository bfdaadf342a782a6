//! Chains that are seldom met.

use super::chains::{assert_found, plain};
use super::{NOW, check, check_ders, check_with, found, policy, read};
use crate::Field;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::name::name;
use certgate_forge::sign::Scheme;
use certgate_forge::{chain, der, key};

#[test]
fn unrelated_certificates_that_name_each_other_as_issuers_are_one_finding() {
    let (leaf, intermediate, _) = plain();
    let subject = |common_name| name(&[("O", "Forge"), ("CN", common_name)]);
    let half = |own, other, number| {
        Cert::ca("x").key(key::p256(number)).subject(subject(own)).issuer(subject(other)).self_signed()
    };
    let (one, other) = (half("One", "Other", 1), half("Other", "One", 2));
    let checked = check(&[&leaf, &intermediate, &one, &other]);
    assert_eq!(found(&checked), ["chain-gap error 3"]);
    assert_eq!(
        checked.findings[0].message,
        "block 3 \"CN=One\" did not issue block 2 \"CN=Forge TLS CA 1\", which names \"C=CN, O=Forge CA, CN=Forge Root CA\" as \
         its issuer"
    );
}

/// The issuers of an expired cross-sign are not unrelated: they stand above another way up.
#[test]
fn the_root_above_a_needless_cross_sign_can_go_too() {
    let c = chain::lets_encrypt(key::rsa2048(0));
    let expired = c.cross.cert.clone().not_after("240930181403Z").issued_by(&c.old_root);
    let given = [&c.leaf, &c.intermediate, &c.root, &expired, &c.old_root];
    assert_found(
        &given,
        &[
            "chain-root-included warning 3 fix",
            "chain-issuer-expired warning 4 fix",
            "chain-root-included warning 5 fix",
        ],
    );
    assert_eq!(check(&given).value.unwrap().mended(), [0, 1]);
    // Another root of the same name did not sign it.
    let impostor = c.old_root.cert.clone().key(key::rsa2048(1)).without_key_ids().self_signed();
    assert_found(
        &[&c.leaf, &c.intermediate, &c.root, &expired, &impostor],
        &["chain-gap error 5", "chain-root-included warning 3 fix", "chain-issuer-expired warning 4 fix"],
    );
}

#[test]
fn an_expired_root_whose_signature_below_is_wrong_is_not_removed() {
    let root = Cert::ca("Old Root").key(key::p256(1)).not_before("150101000000Z").not_after("250101000000Z");
    let root = root.self_signed();
    let leaf = Cert::leaf("a.example").key(key::p256(0)).issued_by(&root);
    assert_found(
        &[&leaf, &root],
        &["chain-issuer-expired warning 2 fix", "chain-root-included warning 2 fix"],
    );
    let mut damaged = leaf.clone();
    *damaged.der.last_mut().unwrap() ^= 1;
    let checked = check(&[&damaged, &root]);
    assert_eq!(found(&checked), ["chain-signature error 1", "chain-issuer-expired warning 2"]);
    assert_eq!(
        checked.findings[1].message,
        "block 2 \"CN=Old Root\" expired on 2025-01-01T00:00:00Z (checked at 2026-06-01T00:00:00Z), and the chain does not need it"
    );
    assert_eq!(checked.value.unwrap().mended(), [0, 1]);
}

/// Where more blocks are to be moved than a message lists, it lists the first, and the hint names no single move.
#[test]
fn the_order_of_many_blocks_is_cut() {
    let mut certificates = vec![Cert::ca("Long CA 0").key(key::p256(1)).issued_by(&chain::plain_issuers().1)];
    for number in 1..=12 {
        let ca = Cert::ca(&format!("Long CA {number}")).key(key::p256(1 + number % 2));
        certificates.push(ca.issued_by(&certificates[number - 1]));
    }
    certificates.reverse();
    let policy = crate::Policy::with(|settings| settings.chain_max_certificates = 20);
    let finding = |count: usize| {
        // The last one is put first; to move it back would be one move.
        let mut given: Vec<&Issued> = certificates.iter().take(count).collect();
        given.rotate_right(1);
        let checked = check_with(&given, None, &policy, NOW);
        assert_eq!(found(&checked), ["chain-leaf-not-first error 1 fix"]);
        (checked.findings[0].message.clone(), checked.findings[0].hint.clone().into_owned())
    };
    let (message, hint) = finding(12);
    assert_eq!(
        message,
        "the server certificate is block 2 \"CN=Long CA 12\"; the right order of the blocks is 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1"
    );
    assert_eq!(hint, "Move block 1 to the end.");
    let (message, hint) = finding(13);
    assert_eq!(
        message,
        "the server certificate is block 2 \"CN=Long CA 12\"; the right order of the blocks is 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, …"
    );
    assert_eq!(hint, "Put the blocks in the order 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, ….");
}

/// An algorithm that nobody verifies leaves the link open, also to a root, so that no root is asked for.
#[test]
fn a_root_whose_link_is_open_is_a_root() {
    let unknown = Scheme::Garbage(der::seq([der::oid("2.16.840.1.101.3.4.3.17")]));
    let root = Cert::ca("Rare Root").key(key::ml_dsa44()).scheme(unknown.clone()).self_signed();
    let leaf = Cert::leaf("a.example").key(key::p256(0)).scheme(unknown).issued_by(&root);
    assert_found(&[&leaf, &root], &["chain-link-not-verified warning 1", "chain-root-included warning 2"]);
}

/// A certificate that names itself as its issuer is self-signed where its own key signed it, damaged where it did not; unless it names
/// another key of that issuer.
#[test]
fn a_lone_certificate_of_its_own_name() {
    let own = Cert::leaf("a.example").self_signed();
    let mut damaged = own.clone();
    *damaged.der.last_mut().unwrap() ^= 1;
    assert_found(&[&own], &["cert-self-signed note 1"]);
    assert_found(&[&damaged], &["cert-self-signature error 1"]);
    let (_, root) = chain::plain_issuers();
    let by_another = Cert::leaf("a.example").issuer(own.cert.subject.clone()).issued_by(&root);
    assert_found(&[&by_another], &["cert-issuer-same-name error 1"]);
}

/// A self-signed certificate that names hosts is a server's own, never a needless root, even where no key is known.
#[test]
fn a_self_signed_server_is_not_a_needless_root() {
    let server = chain::plain_leaf(key::rsa2048(0))
        .with(certgate_forge::ext::basic_constraints(true, None))
        .with(certgate_forge::ext::key_usage(certgate_forge::ext::KEY_CERT_SIGN))
        .self_signed();
    let client = Cert::leaf("client.forge.example").key(key::p256(1)).issued_by(&server);
    for key_fits in [None, Some(1)] {
        let checked = check_with(&[&client, &server], key_fits, &policy(), NOW);
        assert_eq!(found(&checked), Vec::<String>::new(), "{key_fits:?}");
        assert_eq!(checked.value.unwrap().mended(), [0, 1]);
    }
    // Nor is another one of the same name and key a needless alternative.
    let again = server.cert.clone().serial([0x7f, 1]).self_signed();
    let checked = check_with(&[&client, &server, &again], None, &policy(), NOW);
    assert_eq!(found(&checked), Vec::<String>::new());
    assert_eq!(checked.value.unwrap().mended(), [0, 1, 2]);
}

/// Among certificates that issue no other the private key decides, whatever is first, and whichever of two copies it was found to fit.
#[test]
fn the_server_certificate_is_the_one_that_the_key_fits() {
    let own = Cert::leaf("own.example").key(key::p256(1)).self_signed();
    let other = Cert::leaf("b.example").key(key::p256(2)).self_signed();
    for (given, key_fits, leaf) in [
        (vec![&own, &other], Some(0), 0),
        (vec![&own, &other], Some(1), 1),
        (vec![&own, &other], None, 0),
        (vec![&own, &other, &other], Some(2), 1),
    ] {
        assert_eq!(check_with(&given, key_fits, &policy(), NOW).value.unwrap().leaf, leaf, "{key_fits:?}");
    }
}

/// Of two certificates of the same CA that are both as good, the next in the input is taken.
#[test]
fn the_issuer_behind_is_taken_before_the_one_in_front() {
    let (leaf, intermediate, root) = plain();
    let renewed = intermediate.cert.clone().not_after("360101000000Z").issued_by(&root);
    let checked = check_with(&[&renewed, &leaf, &intermediate], Some(1), &policy(), NOW);
    assert_eq!(checked.value.unwrap().path, [1, 2]);
}

#[test]
fn another_server_certificate_is_called_one() {
    let (leaf, intermediate, _) = plain();
    let other = Cert::leaf("b.example").key(key::p256(2)).issued_by(&intermediate);
    let ca = Cert::ca("Other CA").key(key::p384(1)).issued_by(&chain::google().root);
    for (unrelated, want) in [
        (&other, "it is another server certificate"),
        (
            &ca,
            "did not issue block 2 \"CN=Forge TLS CA 1\", which names \"C=CN, O=Forge CA, CN=Forge Root CA\" as its issuer",
        ),
    ] {
        let checked = check_with(&[&leaf, &intermediate, unrelated], Some(0), &policy(), NOW);
        assert_eq!(found(&checked), ["chain-gap error 3"]);
        assert!(checked.findings[0].message.ends_with(want), "{}", checked.findings[0].message);
        assert_eq!(checked.findings[0].hint, "Remove block 3: it belongs to another chain.");
    }
    // Right above the server certificate the issuer is missing, which is to be put there.
    for (unrelated, want) in [
        (&other, "Remove block 2. Ask your CA for the certificate of"),
        (&ca, "Remove block 2. Ask your CA for the certificate of"),
    ] {
        let checked = check_with(&[&leaf, unrelated], Some(0), &policy(), NOW);
        assert_eq!(found(&checked), ["chain-gap error 2"]);
        assert!(checked.findings[0].hint.starts_with(want), "{}", checked.findings[0].hint);
    }
}

/// Also of keys that are known by name only: they are the same if their encoding is.
#[test]
fn a_cross_sign_has_the_same_key() {
    let (_, _, root) = plain();
    let ca = |key: key::Key| Cert::ca("Named CA").key(key);
    let issuer = ca(key::ed25519()).issued_by(&root);
    let cross = ca(key::ed25519()).not_after("360101000000Z").issued_by(&chain::google().root);
    let impostor = ca(key::ed448()).without_key_ids().issued_by(&chain::google().root);
    let leaf = Cert::leaf("a.example").key(key::p256(2)).issued_by(&issuer);
    assert_found(&[&leaf, &issuer, &cross], &["chain-cross-sign warning 3"]);
    assert_found(&[&leaf, &issuer, &impostor], &["chain-gap error 3"]);
}

#[test]
fn an_issuer_is_valid_from_its_first_second_on() {
    let (leaf, intermediate, root) = plain();
    for (begin, wanted) in [
        ("260601000001Z", vec!["chain-issuer-not-yet-valid warning 2"]),
        ("260601000000Z", vec![]),
        ("260531235959Z", vec![]),
    ] {
        let issuer = intermediate.cert.clone().not_before(begin).issued_by(&root);
        assert_found(&[&leaf, &issuer], &wanted);
    }
}

#[test]
fn a_wrong_signature_says_what_to_replace() {
    let (leaf, intermediate, root) = plain();
    let impostor = intermediate.cert.clone().key(key::p384(1)).without_key_ids().issued_by(&root);
    let hint = |leaf: &Issued| check(&[leaf, &impostor]).findings[0].hint.clone();
    let message = |issuer: &Issued| check(&[&leaf, issuer]).findings[0].message.clone();
    let named = intermediate.cert.clone().key(key::p384(1)).issued_by(&root);
    assert!(message(&named).ends_with("; it names another key of that issuer"), "{}", message(&named));
    assert!(message(&impostor).ends_with("issuer's key P-384)"), "{}", message(&impostor));
    let hinted = hint(&leaf);
    assert!(
        hinted.starts_with("Replace block 2 with the certificate of \"") && hinted.contains("copy block 1"),
        "{hinted}"
    );
    let aia = certgate_forge::ext::aia(None, Some("http://ca.example/1.crt"));
    let hinted = hint(&leaf.cert.clone().with(aia).issued_by(&intermediate));
    assert!(hinted.starts_with("Replace block 2 with the certificate that `curl "), "{hinted}");
}

/// Which of the two is that of the signature, nothing shows.
#[test]
fn a_certificate_of_two_signature_algorithms_is_not_verified() {
    use certgate_forge::sign::{Hash, rsa_algorithm};
    let (leaf, intermediate, root) = plain();
    let [inner, outer] = [Hash::Sha256, Hash::Sha384].map(rsa_algorithm);
    let issuer = intermediate.cert.clone().algorithms(inner, outer).issued_by(&root);
    let checked = check(&[&leaf, &issuer, &root]);
    assert_eq!(found(&checked), ["chain-issuer-broken error 2"]);
    let why: Vec<_> = checked.not_evaluated.iter().map(|entry| entry.why.to_string()).collect();
    assert!(
        why.contains(&"whether block 3 signed block 2: it names two signature algorithms".to_owned()),
        "{why:?}"
    );
}

/// Whose key identifier is still that of its key was not changed there.
#[test]
fn of_a_signature_that_does_not_fit_the_block_is_blamed_that_was_changed() {
    let ca = Cert::ca("CA").key(key::rsa2048(1)).self_signed();
    let leaf = Cert::leaf("a.example.com").key(key::rsa2048(0)).issued_by(&ca);
    let changed = |der: &[u8], at: usize| {
        let mut der = der.to_vec();
        der[at] ^= 1;
        der
    };
    let read = read(&[&ca.der], Field::CertContent);
    let inside_modulus = read[0].outline().spki_offset + 100;
    let hint = |ders: &[&[u8]]| {
        let checked = check_ders(ders, Some(0), &policy(), NOW);
        let found = checked.findings.iter().find(|finding| finding.code() == "chain-signature");
        found.map(|finding| finding.hint.to_string()).unwrap_or_default()
    };
    let last = leaf.der.len() - 1;
    for (leaf, ca, want) in [
        (leaf.der.clone(), changed(&ca.der, inside_modulus), "Copy block 2 again"),
        (changed(&leaf.der, last), ca.der.clone(), "Copy block 1 again"),
    ] {
        let hint = hint(&[&leaf, &ca]);
        assert!(hint.starts_with(want), "{hint}");
    }
}
