//! What a chain says by itself, before anybody judges it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

use certgate_forge::cert::{Cert, Issued};
use certgate_forge::{chain, der, ext, key};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::issuer_cache::Verifier;
use crate::location::Location;
use crate::policy::Policy;
use crate::read::certificate::Certificate;
use crate::relate::chain::name_constraints::{NamePlace, Verdict};
use crate::relate::chain::{Chain, Link, Needless, Removal, Unrelated};

const NOW: Option<OffsetDateTime> = Some(datetime!(2026-06-01 00:00 UTC));

fn relate(given: &[&Issued], key_fits: Option<usize>, time: Option<OffsetDateTime>, most: usize) -> Chain {
    let policy = Policy::default();
    let certificates: Vec<_> =
        given.iter().map(|issued| Certificate::read(&issued.der, &Location::none()).unwrap()).collect();
    let keys = PreparedKeys::default();
    Chain::new(&certificates, key_fits, true, time, most, Verifier::new(&policy.sm2_ids, &keys)).unwrap()
}

#[test]
fn a_chain_says_all_of_its_certificates() {
    let plain = chain::plain(key::rsa2048(0));
    let other = chain::google();
    let given = [
        &plain.root,
        &other.intermediate,
        &plain.intermediate,
        &plain.leaf,
        &plain.intermediate,
        &other.cross,
    ];
    let related = relate(&given, Some(3), NOW, 10);
    assert_eq!((related.leaf, related.path.as_slice()), (3, &[3, 2, 0][..]));
    assert_eq!(related.order, [3, 2, 0, 1, 5, 4]);
    assert_eq!(related.order_without_copies(), [3, 2, 0, 1, 5]);
    assert_eq!(related.copies, [(4, 2)]);
    assert!(
        related.is_complete && related.can_root_go && !related.is_cut && !related.is_root_signature_wrong
    );
    let issuers: Vec<_> = related
        .issuers
        .iter()
        .map(|issuer| (issuer.position, issuer.issued, &issuer.link, issuer.is_root, issuer.cas_below))
        .collect();
    assert_eq!(issuers, [(2, 3, &Link::Fits, false, 0), (0, 2, &Link::Fits, true, 1)]);
    let unrelated = |position, lowest| Unrelated { position, lowest, same_name_as: None };
    assert_eq!(related.unrelated, [unrelated(1, 1), unrelated(5, 1)]);
    let removal = |position, reason| Removal { position, reason };
    assert_eq!(related.remove, [removal(0, Needless::Root), removal(4, Needless::Copy)]);
    assert_eq!(related.mended(), [3, 2, 1, 5]);
}

/// Left out, it would take the doubt about the certificate below with it.
#[test]
fn a_root_stays_whose_key_cannot_be_read() {
    let plain = chain::plain(key::p256(0));
    // Its SPKI holds an INTEGER where the algorithm belongs.
    let unreadable = plain.root.operated(|node| *node.at(&[0, 6, 0]) = der::int_raw(vec![1]));
    let related = relate(&[&plain.leaf, &plain.intermediate, &unreadable], Some(0), NOW, 10);
    assert_eq!(related.issuers.last().map(|issuer| &issuer.link), Some(&Link::UnreadableKey));
    assert!(related.is_complete && !related.can_root_go);
    assert_eq!(related.remove, []);
    let related = relate(&[&plain.leaf, &plain.intermediate, &plain.root], Some(0), NOW, 10);
    assert!(related.can_root_go);
}

#[test]
fn what_has_expired_is_needless_only_where_a_time_says_so() {
    let c = chain::lets_encrypt(key::rsa2048(0));
    let expired = c.cross.cert.clone().not_after("240930181403Z").issued_by(&c.old_root);
    let given = [&c.leaf, &c.intermediate, &c.root, &expired, &c.old_root];
    for (time, wanted, alternatives) in [
        (
            NOW,
            vec![(2, Needless::Root), (3, Needless::Expired), (4, Needless::Root)],
            vec![(3, Some(2), false), (4, None, false)],
        ),
        // Without a time the path goes over the cross-sign, which leads further up.
        (None, vec![(2, Needless::Root), (4, Needless::Root)], vec![(2, Some(3), false)]),
    ] {
        let related = relate(&given, None, time, 10);
        let removed: Vec<_> =
            related.remove.iter().map(|removal| (removal.position, removal.reason)).collect();
        assert_eq!(removed, wanted);
        let others: Vec<_> = related
            .alternatives
            .iter()
            .map(|other| (other.position, other.same_ca_as, other.has_same_issuer))
            .collect();
        assert_eq!(others, alternatives);
    }
}

/// Of two links one is verified, and the path stops where no more certificates are allowed.
#[test]
fn no_more_signatures_are_verified_than_the_maximum_allows() {
    let plain = chain::plain(key::rsa2048(0));
    let related = relate(&[&plain.leaf, &plain.intermediate, &plain.root], None, NOW, 2);
    assert_eq!((related.path.as_slice(), related.is_cut, related.is_complete), (&[0, 1][..], true, false));
    let related = relate(&[&plain.leaf, &plain.intermediate], None, NOW, 1);
    assert_eq!((related.path.as_slice(), related.is_cut), (&[0][..], true));
    // All of one name, none signed by another: the one link that may be tried is, and the rest is left open.
    let same = Cert::ca("Same").key(key::p256(1)).self_signed();
    let again = |serial: u8| same.operated(|node| *node.at(&[0, 1]) = der::int_raw([1, serial].to_vec()));
    let (one, other) = (again(1), again(2));
    let leaf = Cert::leaf("a.example").key(key::p256(0)).issuer(same.cert.subject.clone()).self_signed();
    let related = relate(&[&leaf, &one, &other], None, NOW, 2);
    assert_eq!(related.issuers.len(), 1);
    assert_eq!((related.issuers[0].position, &related.issuers[0].link), (2, &Link::NotTried));
}

#[test]
fn of_many_names_outside_the_constraints_the_first_are_kept_and_all_counted() {
    let names: Vec<String> = (0..7).map(|number| format!("h{number}.other.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let corp = chain::enterprise(|leaf| leaf.with(ext::san_dns(&names)));
    let related = relate(&[&corp.leaf, &corp.intermediate], None, NOW, 10);
    let [constrained] = related.constrained.as_slice() else { panic!("{:?}", related.constrained) };
    assert_eq!((constrained.issuer, constrained.is_too_costly), (1, false));
    let [outside] = constrained.outside.as_slice() else { panic!("{constrained:?}") };
    assert_eq!((outside.certificate, outside.names.count, outside.doubtful.count), (0, 7, 0));
    let kept: Vec<_> = (0..5).map(|position| (NamePlace::San(position), Verdict::NotPermitted)).collect();
    assert_eq!(outside.names.first, kept);
}
