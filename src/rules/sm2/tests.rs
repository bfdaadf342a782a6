//! Sets by themselves, without a form.
#![allow(clippy::unwrap_used)]

use certgate_forge::{chain, ext, key};

use super::*;
use crate::read::key::PrivateKey;

/// The set of these certificates and keys, each if given.
fn checked(
    certificates: [Option<&certgate_forge::cert::Issued>; 2],
    keys: [Option<key::Key>; 2],
) -> Checked<Sm2Match> {
    let policy = Policy::default();
    let [encryption, signature] = certificates.map(|issued| {
        let role = crate::rules::certificate::Role::Leaf;
        issued.map(|issued| {
            crate::rules::certificate::check(&issued.der, role, &policy, crate::At::NotEvaluated)
                .value
                .unwrap()
        })
    });
    let [encryption_key, signature_key] =
        keys.map(|key| key.map(|key| PrivateKey::from_der(&key.pkcs8()).unwrap()));
    let set = Sm2Set {
        encryption: encryption.as_ref(),
        encryption_key: encryption_key.as_ref(),
        signature: signature.as_ref(),
        signature_key: signature_key.as_ref(),
    };
    check(set, &policy)
}

#[test]
fn a_set_by_itself_is_checked_as_in_a_form() {
    let set = chain::sm2();
    let both = [Some(&set.enc), Some(&set.sign)];
    let lacks = |role, what| ("match", format!("in the {role} pair there is {what}"));
    for (certificates, keys, matched, codes, not_evaluated) in [
        (both, [Some(key::sm2_enc()), Some(key::sm2_sign())], (true, true), vec![], vec![]),
        (
            both,
            [Some(key::sm2_sign()), Some(key::sm2_enc())],
            (false, false),
            vec!["sm2-keys-crossed"],
            vec![],
        ),
        (
            [both[1], both[0]],
            [Some(key::sm2_sign()), Some(key::sm2_enc())],
            (true, true),
            vec!["sm2-pairs-swapped"],
            vec![],
        ),
        (
            [both[1], both[0]],
            [Some(key::sm2_enc()), Some(key::sm2_sign())],
            (false, false),
            vec!["sm2-certificates-swapped"],
            vec![],
        ),
        (
            both,
            [Some(key::sm2_enc()), Some(key::sm2_other1())],
            (true, false),
            vec!["match-other-key"],
            vec![],
        ),
        (
            both,
            [Some(key::sm2_enc()), None],
            (true, false),
            vec![],
            vec![lacks("signature", "no private key that could be read")],
        ),
        (
            [None, both[1]],
            [Some(key::sm2_enc()), Some(key::sm2_sign())],
            (false, true),
            vec![],
            vec![lacks("encryption", "no certificate that could be read")],
        ),
        (
            [None, None],
            [None, None],
            (false, false),
            vec![],
            vec![
                lacks("encryption", "neither a certificate nor a private key that could be read"),
                lacks("signature", "neither a certificate nor a private key that could be read"),
            ],
        ),
    ] {
        let checked = checked(certificates, keys);
        let (encryption, signature) = matched;
        assert_eq!(checked.value, Some(Sm2Match { encryption, signature }));
        assert_eq!(checked.findings.iter().map(Finding::code).collect::<Vec<_>>(), codes);
        let listed: Vec<_> = checked
            .not_evaluated
            .iter()
            .map(|entry| (&*entry.code, entry.why.clone().into_owned()))
            .collect();
        assert_eq!(listed, not_evaluated);
    }
}

/// Where only one of two certificates has the keyUsage of its place, it is the certificates that do not fit, not the keys.
#[test]
fn crossed_keys_differ_from_certificates_that_do_not_fit_their_place() {
    let set = chain::sm2();
    let signing = set.enc.cert.clone().with(ext::key_usage(ext::DIGITAL_SIGNATURE)).issued_by(&set.ca);
    let crossed = [Some(key::sm2_sign()), Some(key::sm2_enc())];
    let checked = checked([Some(&signing), Some(&set.sign)], crossed);
    assert_eq!(codes(&checked), ["sm2-certificates-swapped"]);
}

/// An exchange of the pairs moves each key along: it fixes only where both belong to their certificates.
#[test]
fn swapped_pairs_are_mendable_only_if_both_match() {
    let set = chain::sm2();
    let swapped = [Some(&set.sign), Some(&set.enc)];
    for (keys, fixable) in [
        ([key::sm2_sign(), key::sm2_enc()], true),
        ([key::sm2_sign(), key::sm2_other1()], false),
        ([key::sm2_other1(), key::sm2_enc()], false),
    ] {
        let checked = checked(swapped, keys.map(Some));
        let finding = checked.findings.iter().find(|finding| finding.code() == "sm2-pairs-swapped").unwrap();
        assert_eq!(finding.is_fixable(), fixable, "{:?}", codes(&checked));
    }
}

fn codes(checked: &Checked<Sm2Match>) -> Vec<&'static str> {
    checked.findings.iter().map(Finding::code).collect()
}
