//! The trusted roots for clients.

use super::{policy, read, told};
use crate::chain::roots::{self, Roots};
use crate::finding::Findings;
use crate::{Checked, Field, Location};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::sign::{Hash, Scheme};
use certgate_forge::{chain, ext, key};

fn check(certificates: &[&Issued]) -> Checked<Roots> {
    let ders: Vec<&[u8]> = certificates.iter().map(|issued| issued.der.as_slice()).collect();
    let policy = policy();
    let mut findings = Findings::new(&policy);
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
        assert_eq!(told(&checked), wanted);
        assert_eq!(checked.value.is_some(), checked.is_ok());
    }
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
    let mut findings = Findings::new(&policy);
    roots::warn_of_global(Location::field(Field::TrustedRootCa), &mut findings);
    assert_eq!(told(&findings.checked(Some(()))), ["root-with-global warning 0"]);
}
