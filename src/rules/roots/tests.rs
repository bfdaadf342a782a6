//! The trusted roots for clients.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use crate::finding::Findings;
use crate::relate::roots::Roots;
use crate::rules::chain::tests::{NOW, found, policy, read};
use crate::rules::roots;
use crate::{Checked, Field, Location};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::sign::{Hash, Scheme};
use certgate_forge::{chain, ext, key};

fn check(certificates: &[&Issued]) -> Checked<Roots> {
    let ders: Vec<&[u8]> = certificates.iter().map(|issued| issued.der.as_slice()).collect();
    let policy = policy();
    let mut findings = Findings::at(&policy, NOW.into());
    let place = Location::field(Field::TrustedRootCa);
    let roots = roots::read(&read(&ders, Field::TrustedRootCa), &place, &mut findings);
    findings.checked(roots)
}

#[test]
fn verdicts() {
    let ca = Cert::ca("Client Root CA").key(key::p256(1));
    let good = ca.clone().self_signed();
    let sha1 = Cert::ca("Old Root").scheme(Scheme::Rsa(Hash::Sha1)).self_signed();
    let expired = Cert::ca("Old Root").not_before("150101000000Z").not_after("250101000000Z").self_signed();
    let no_sign = Cert::ca("No Sign").with(ext::key_usage(ext::CRL_SIGN)).self_signed();
    let old = ca.clone().version(None).without_extensions().self_signed();
    let leaf = chain::plain(key::p256(1)).leaf;
    // A sub CA may be trusted: a client's chain can end there.
    let sub = chain::plain_issuers().0;
    let cases: [(&[&Issued], &[&str]); 13] = [
        (&[&good], &[]),
        (&[&sub], &[]),
        (&[&sha1], &[]),
        (&[], &["root-none-usable error 0"]),
        (&[&leaf], &["root-none-usable error 1"]),
        (&[&expired], &["root-none-usable error 1"]),
        (&[&leaf, &expired, &no_sign], &["root-none-usable error 1"]),
        (&[&good, &expired], &["root-expired warning 2"]),
        (&[&leaf, &good], &["root-not-ca warning 1"]),
        (&[&good, &no_sign], &["root-not-ca warning 2"]),
        (&[&good, &good], &["root-duplicate warning 2 fix"]),
        (&[&old], &["root-version-1 warning 1"]),
        (
            &[&good, &old, &leaf, &good],
            &["root-version-1 warning 2", "root-duplicate warning 4 fix", "root-not-ca warning 3"],
        ),
    ];
    for (given, wanted) in cases {
        let checked = check(given);
        assert_eq!(found(&checked), wanted);
        assert_eq!(checked.value.is_some(), checked.is_ok());
    }
}

#[test]
fn a_root_holds_to_its_last_second() {
    for (end, wanted) in [("260531235959Z", vec!["root-none-usable error 1"]), ("260601000000Z", vec![])] {
        let root = Cert::ca("Ending").not_after(end).self_signed();
        assert_eq!(found(&check(&[&root])), wanted, "{end}");
    }
}

#[test]
fn a_copy_is_named_with_what_it_is_a_copy_of() {
    let root = Cert::ca("Twice").self_signed();
    let finding = check(&[&root, &root]).findings.remove(0);
    assert!(finding.message.ends_with("block 1"), "{}", finding.message);
    assert!(finding.hint.contains("block 2"), "{}", finding.hint);
}

#[test]
fn the_reasons_are_given_where_nothing_is_usable() {
    let expired = Cert::ca("Old Root").not_before("150101000000Z").not_after("250101000000Z").self_signed();
    let leaf = chain::plain(key::p256(1)).leaf;
    let message = check(&[&leaf, &expired]).findings[0].message.clone();
    assert!(message.contains("block 1 ") && message.contains("it has no CA:TRUE"), "{message}");
    assert!(message.contains("block 2 ") && message.contains("expired on 2025-01-01T00:00:00Z"), "{message}");
}

#[test]
fn global_has_no_use_for_roots() {
    let policy = policy();
    let mut findings = Findings::at(&policy, NOW.into());
    roots::warn_of_global(Location::field(Field::TrustedRootCa), &mut findings);
    assert_eq!(found(&findings.checked(Some(()))), ["root-with-global warning 0"]);
}

#[test]
fn many_reasons_are_counted() {
    let leaf = |number: usize| Cert::leaf(&format!("h{number}.example")).key(key::p256(0)).self_signed();
    let leaves: Vec<Issued> = (1..=7).map(leaf).collect();
    let given: Vec<&Issued> = leaves.iter().collect();
    let reason = |number: usize| {
        format!("block {number} \"CN=h{number}.example\" is not a CA certificate: it has no CA:TRUE")
    };
    let all = |count: usize| (1..=count).map(reason).collect::<Vec<_>>().join(", ");
    let message = |count: usize| check(&given[..count]).findings[0].message.clone();
    assert_eq!(message(5), format!("no usable CA certificate: {}", all(5)));
    assert_eq!(message(6), format!("no usable CA certificate: {} and 1 more", all(5)));
    assert_eq!(message(7), format!("no usable CA certificate: {} and 2 more", all(5)));
}

#[test]
fn without_a_time_no_root_expires() {
    let expired = Cert::ca("Old Root").not_before("150101000000Z").not_after("250101000000Z").self_signed();
    let place = [expired.der.as_slice()];
    let certificates = read(&place, Field::TrustedRootCa);
    let checked = roots::check(&certificates, &policy(), NOW);
    assert_eq!(found(&checked), ["root-none-usable error 1"]);
    assert_eq!(checked.not_evaluated, []);
    let checked = roots::check(&certificates, &policy(), crate::At::NotEvaluated);
    assert_eq!(found(&checked), [""; 0]);
    assert_eq!(checked.value.unwrap().usable, [0]);
    let [entry] = checked.not_evaluated.as_slice() else { panic!("{:?}", checked.not_evaluated) };
    assert_eq!(entry.code, "validity");
    assert_eq!(entry.why, "no time was given, so whether certificates are valid now was not evaluated");
}
