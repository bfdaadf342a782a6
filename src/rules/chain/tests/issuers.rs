//! Issuers that may not issue, and certificates that a chain does not need.

use super::chains::{assert_found, plain};
use super::{NOW, check, check_with, found, policy};
use crate::Checked;
use crate::relate::chain::{Chain, Needless};
use crate::rule::Mend;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::{chain, ext, key};
use std::collections::BTreeSet;

/// Leaf and issuer, the issuer changed before it is signed.
fn under(change: impl FnOnce(Cert) -> Cert) -> [Issued; 2] {
    let (leaf, intermediate, root) = plain();
    let issuer = change(intermediate.cert).issued_by(&root);
    [leaf.cert.issued_by(&issuer), issuer]
}

#[test]
fn issuers_must_be_allowed_to_issue() {
    for (change, wanted) in [
        (under(|ca| ca.with(ext::basic_constraints(false, None))), vec!["chain-issuer-not-ca error 2"]),
        (under(|ca| ca.without(ext::BASIC_CONSTRAINTS)), vec!["chain-issuer-not-ca error 2"]),
        (under(|ca| ca.version(None).without_extensions()), vec!["chain-issuer-not-ca error 2"]),
        (under(|ca| ca.with(ext::key_usage(ext::DIGITAL_SIGNATURE))), vec!["chain-issuer-not-ca error 2"]),
        (under(|ca| ca.without(ext::KEY_USAGE)), vec![]),
        (
            under(|ca| ca.not_before("200101000000Z").not_after("260101000000Z")),
            vec!["chain-issuer-expired error 2"],
        ),
        (under(|ca| ca.not_after("260601000000Z")), vec![]),
    ] {
        assert_found(&[&change[0], &change[1]], &wanted);
    }
    let root = Cert::ca("Old Root").version(None).without_extensions().self_signed();
    let leaf = Cert::leaf("a.example").issued_by(&root);
    assert_found(&[&leaf, &root], &["chain-root-included warning 2"]);
}

/// Without it, the server certificate would be alone, and its issuer asked for again.
#[test]
fn a_root_that_issued_the_server_certificate_itself_stays() {
    let root = Cert::ca("Own CA").self_signed();
    let leaf = Cert::leaf("a.example").key(key::p256(1)).issued_by(&root);
    let checked = check(&[&leaf, &root]);
    assert_eq!(found(&checked), ["chain-root-included warning 2"]);
    assert!(checked.findings[0].hint.contains("Leave block 2 where it is"), "{:?}", checked.findings);
    assert_eq!(checked.value.unwrap().mended(), [0, 1]);
    // In the other order both come in order, and both stay.
    let checked = check_with(&[&root, &leaf], Some(1), &policy(), NOW);
    assert_eq!(found(&checked), ["chain-leaf-not-first error 1 fix", "chain-root-included warning 1"]);
    assert_eq!(checked.value.unwrap().mended(), [1, 0]);
    // A second certificate of the same root is not part of the path and can go.
    let renewed = root.cert.clone().not_after("360101000000Z").self_signed();
    let checked = check(&[&leaf, &root, &renewed]);
    assert_eq!(checked.value.unwrap().mended().len(), 2, "{:?}", checked.findings);
}

/// As `openssl req` and `openssl x509 -req` make them with one `-subj`: the name alone is not a sign of a self-signed certificate.
#[test]
fn a_server_certificate_with_its_issuers_name_has_an_issuer() {
    let own = |key: key::Key| Cert::leaf("a.example").key(key).without_key_ids();
    let ca = own(key::p256(1))
        .with(ext::basic_constraints(true, None))
        .without(ext::KEY_USAGE)
        .without(ext::SAN)
        .self_signed();
    for (key, lone) in [
        (key::rsa2048(0), vec!["cert-issuer-same-name error 1"]),
        (key::x25519(), vec!["cert-issuer-same-name error 1"]),
        // Alone, nothing shows that another key of this kind signed it.
        (key::p256(0), vec!["cert-self-signature error 1"]),
    ] {
        let leaf = own(key).signed_by(&ca.cert);
        assert_found(&[&leaf], &lone);
        assert_found(&[&leaf, &ca], &["cert-issuer-same-name error 1"]);
    }
}

#[test]
fn path_length_counts_what_is_not_self_issued() {
    let root = Cert::ca("Root").with(ext::basic_constraints(true, Some(1))).self_signed();
    let first =
        Cert::ca("First").key(key::p256(1)).with(ext::basic_constraints(true, Some(0))).issued_by(&root);
    let renewed = Cert::ca("First").key(key::p256(2)).issued_by(&first);
    let second = Cert::ca("Second").key(key::p384(1)).issued_by(&renewed);
    let leaf = |ca: &Issued| Cert::leaf("a.example").issued_by(ca);
    // "First" certified its own next key: that does not count.
    assert_found(&[&leaf(&renewed), &renewed, &first], &[]);
    assert_found(&[&leaf(&second), &second, &renewed, &first], &["chain-path-length error 4"]);
    // A CA as the last certificate of the path does not count either.
    assert_found(&[&second, &renewed, &first], &[]);
    assert_found(
        &[&leaf(&second), &second, &renewed, &first, &root],
        &["chain-path-length error 4", "chain-path-length error 5", "chain-root-included warning 5 fix"],
    );
}

#[test]
fn cross_signs_and_what_is_not_needed() {
    let c = chain::lets_encrypt(key::rsa2048(0));
    assert_found(
        &[&c.leaf, &c.intermediate, &c.cross, &c.root],
        &["chain-cross-sign warning 4", "chain-root-included warning 4 fix"],
    );
    assert_found(
        &[&c.leaf, &c.intermediate, &c.root, &c.cross],
        &["chain-cross-sign warning 3", "chain-root-included warning 3 fix"],
    );
    assert_found(&[&c.leaf, &c.intermediate, &c.cross, &c.old_root], &["chain-root-included warning 4 fix"]);
    assert_found(
        &[&c.leaf, &c.intermediate, &c.root, &c.cross, &c.old_root],
        &[
            "chain-root-included warning 5 fix",
            "chain-cross-sign warning 3",
            "chain-root-included warning 3 fix",
        ],
    );
    // Renewed by the same issuer, it is not a cross-sign.
    let renewed = c.intermediate.cert.clone().not_after("360101000000Z").issued_by(&c.root);
    let checked = check(&[&c.leaf, &c.intermediate, &renewed]);
    let message = &checked.findings[0].message;
    assert!(
        message
            .ends_with("the same name and key as block 2, but it is another certificate of the same issuer"),
        "{message}"
    );
    let expired = c.cross.cert.clone().not_after("240930181403Z").issued_by(&c.old_root);
    assert_found(
        &[&c.leaf, &c.intermediate, &c.root, &expired],
        &["chain-root-included warning 3 fix", "chain-issuer-expired warning 4 fix"],
    );
    assert_found(&[&c.leaf, &c.intermediate, &expired], &["chain-issuer-expired warning 3 fix"]);
    let root = c.root.cert.clone().not_after("240930181403Z").self_signed();
    assert_found(
        &[&c.leaf, &c.intermediate, &root],
        &["chain-issuer-expired warning 3 fix", "chain-root-included warning 3 fix"],
    );
    // Without a time nothing expires, and no finding says so.
    let checked = check_with(
        &[&c.leaf, &c.intermediate, &expired],
        None,
        &crate::Policy::default(),
        crate::At::NotEvaluated,
    );
    assert_eq!(found(&checked), Vec::<String>::new());
}

#[test]
fn copies_and_roots_can_go_but_never_the_leaf() {
    let (leaf, intermediate, root) = plain();
    for (given, wanted, mended) in [
        (vec![&leaf, &intermediate, &intermediate], vec!["chain-duplicate warning 3 fix"], vec![0, 1]),
        (vec![&leaf, &leaf, &intermediate], vec!["chain-duplicate warning 2 fix"], vec![0, 2]),
        (
            vec![&intermediate, &leaf, &leaf],
            vec!["chain-duplicate warning 3 fix", "chain-leaf-not-first error 1 fix"],
            vec![1, 0],
        ),
        (vec![&leaf, &intermediate, &root], vec!["chain-root-included warning 3 fix"], vec![0, 1]),
    ] {
        let checked = check(&given);
        assert_eq!(found(&checked), wanted);
        assert_eq!(checked.value.unwrap().mended(), mended);
    }
    let lone = Cert::leaf("a.example").self_signed();
    let checked = check(&[&lone, &lone]);
    assert_eq!(found(&checked), ["chain-duplicate warning 2 fix", "cert-self-signed note 1"]);
    assert_eq!(checked.value.unwrap().mended(), [0]);
    let ca = Cert::ca("Lone").self_signed();
    assert_eq!(check(&[&ca]).value.unwrap().remove, []);
}

/// The blocks that the chain leaves out, each with the code of the rule that says why.
fn removals(chain: &Chain) -> BTreeSet<(usize, &'static str)> {
    let code = |reason| match reason {
        Needless::Copy => "chain-duplicate",
        Needless::Expired => "chain-issuer-expired",
        Needless::Root => "chain-root-included",
    };
    chain.remove.iter().map(|removal| (removal.position + 1, code(removal.reason))).collect()
}

/// The findings that leaving a block out fixes.
fn dropped(checked: &Checked<Chain>) -> BTreeSet<(usize, &'static str)> {
    let findings = checked.findings.iter().filter(|finding| finding.is_fixable());
    findings
        .filter(|finding| finding.rule.mend == Some(Mend::Drop))
        .map(|finding| (finding.location.block.unwrap(), finding.code()))
        .collect()
}

#[test]
fn what_is_fixed_has_nothing_left_to_fix() {
    let (leaf, intermediate, root) = plain();
    let c = chain::lets_encrypt(key::p256(0));
    let expired = c.cross.cert.clone().not_after("240930181403Z").issued_by(&c.old_root);
    let pool =
        [&c.leaf, &c.intermediate, &c.root, &c.cross, &c.old_root, &expired, &leaf, &intermediate, &root];
    // Every choice of three, in every order, with the first again at the end.
    for a in pool {
        for b in pool {
            for d in pool {
                let given = [a, b, d, a];
                let checked = check(&given);
                let chain = checked.value.clone().unwrap();
                assert!(chain.remove.iter().all(|removal| removal.position != chain.leaf));
                assert_eq!(removals(&chain), dropped(&checked));
                let mut order = chain.order.clone();
                order.sort_unstable();
                assert_eq!(order, [0, 1, 2, 3]);
                let mended: Vec<&Issued> =
                    chain.mended().into_iter().map(|position| given[position]).collect();
                let again = check(&mended);
                let left: Vec<_> = again.findings.iter().filter(|finding| finding.is_fixable()).collect();
                assert!(left.is_empty(), "{:#?}\nafter {:#?}", left, checked.findings);
                assert_eq!(again.value.unwrap().mended(), (0..mended.len()).collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn an_issuer_that_no_client_accepts_ends_the_path_unless_it_can_go() {
    let critical = || ext::unknown().critical();
    let (leaf, intermediate, root) = plain();
    let broken = intermediate.cert.clone().with(critical()).issued_by(&root);
    let broken_root = root.cert.clone().with(critical()).self_signed();
    assert_found(&[&leaf, &broken], &["chain-issuer-broken error 2"]);
    assert_found(
        &[&leaf, &broken, &root],
        &["chain-issuer-broken error 2", "chain-root-included warning 3 fix"],
    );
    assert_found(&[&leaf, &intermediate, &broken_root], &["chain-root-included warning 3 fix"]);
}

/// What a damaged basicConstraints says of its subject is not known, so it is not said to be no CA.
#[test]
fn an_issuer_whose_basic_constraints_are_damaged_is_broken_and_no_more() {
    let damaged = ext::Ext::raw(ext::BASIC_CONSTRAINTS, [0x30, 3, 1, 2, 0xFF]).critical();
    let [leaf, issuer] = under(|ca| ca.with(damaged));
    assert_found(&[&leaf, &issuer], &["chain-issuer-broken error 2"]);
}

#[test]
fn purposes_bind_issuers_but_not_roots() {
    let (leaf, intermediate, root) = plain();
    let clients = || ext::ext_key_usage(&[ext::CLIENT_AUTH]);
    let issuer = intermediate.cert.clone().with(clients()).issued_by(&root);
    let clients_root = root.cert.clone().with(clients()).self_signed();
    assert_found(&[&leaf, &issuer], &["chain-issuer-not-for-servers warning 2"]);
    assert_found(&[&leaf, &intermediate, &clients_root], &["chain-root-included warning 3 fix"]);
}

#[test]
fn what_an_issuer_lacks_is_reported() {
    let (leaf, intermediate, root) = plain();
    let lacks = |change: fn(Cert) -> Cert| {
        let issuer = change(intermediate.cert.clone()).issued_by(&root);
        check(&[&leaf, &issuer]).findings[0].message.clone()
    };
    for (message, want) in [
        (lacks(|ca| ca.without(ext::BASIC_CONSTRAINTS)), "it has no basicConstraints"),
        (lacks(|ca| ca.with(ext::basic_constraints(false, None))), "its basicConstraints say CA:FALSE"),
        (
            lacks(|ca| ca.version(None).without_extensions()),
            "it has version 1, in which no certificate can be a CA",
        ),
        (
            lacks(|ca| ca.without(ext::BASIC_CONSTRAINTS).with(ext::key_usage(ext::DIGITAL_SIGNATURE))),
            "it has no basicConstraints, and its keyUsage lacks keyCertSign",
        ),
    ] {
        assert!(message.ends_with(want), "{message}");
    }
}
