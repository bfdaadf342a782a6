//! Proves: a repair loses nothing, fixes what it promised, and says only what it did: each row of the forge alone, with damage, and in pairs.
//! Takes 16 seconds.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use certgate::certificate::{self, Role};
use certgate::internals::{PublicKey, prove};
use certgate::key::PrivateKey;
use certgate::pem::{BlockKind, Expected};
use certgate::repair::{repair, repair_only};
use certgate::{CertificateForm, Content, Field, Finding, Mend, Report};
use certgate_forge::cert::{Cert, bundle};
use certgate_forge::fault;
use certgate_forge::form::Form;
use certgate_forge::{chain, form, key, pem};
use support::{Complaints, NOW, check, policy, read};

fn report(repaired: &certgate::repair::Repaired) -> &Report {
    match &repaired.result {
        Ok(accepted) => accepted.report(),
        Err(rejected) => rejected.report(),
    }
}

/// What a form holds: every DER object of every field. A private key counts by its public half, whatever the container; one that names no curve
/// has the certificate's where it belongs to it.
fn objects(form: &CertificateForm) -> BTreeMap<String, (BlockKind, Vec<u8>)> {
    let mut objects = BTreeMap::new();
    let first = form.content(Field::CertContent).and_then(|content| pem_of(content).into_iter().next());
    let certified = first.and_then(|block| {
        certificate::check(&block.der, Role::Leaf, &policy(), NOW).value?.public_key().cloned()
    });
    for content in Field::ALL.into_iter().filter_map(|field| form.content(field)) {
        let parsed = pem_of(content);
        for block in parsed {
            let public = PrivateKey::from_der(&block.der)
                .ok()
                .and_then(|key| {
                    let is_certified = |public: &PublicKey| prove(public, &key).is_ok();
                    key.public_key().ok().or(certified.clone().filter(is_certified))
                })
                .map(|key| format!("{key:?}"));
            let name = match public {
                Some(public) if block.kind == BlockKind::PrivateKey => public,
                _ => format!("{:?} {:?}", block.kind, block.der.as_slice()),
            };
            objects.insert(name, (block.kind, block.der.to_vec()));
        }
    }
    objects
}

fn pem_of(content: &Content) -> Vec<certgate::pem::Block> {
    certgate::pem::parse(content, Expected::Certificates, &policy()).value.unwrap_or_default()
}

/// Whether the rule lets a repair leave this object out: a root, an expired issuer that is not needed, what is neither a certificate nor a
/// key, or a public key that a certificate of the form holds too.
fn may_go((kind, der): &(BlockKind, Vec<u8>), form: &BTreeMap<String, (BlockKind, Vec<u8>)>) -> bool {
    match kind {
        BlockKind::DhParameters | BlockKind::Other => return true,
        BlockKind::PublicKey => {
            let holds = |other: &Vec<u8>| other.windows(der.len()).any(|window| window == der);
            return form.values().any(|(kind, other)| *kind == BlockKind::Certificate && holds(other));
        }
        _ => {}
    }
    certificate::check(der, Role::Issuer, &policy(), NOW).value.is_some_and(|certificate| {
        certificate.is_self_issued() || certificate.not_after().is_some_and(|end| end < NOW)
    })
}

fn kinds(
    findings: &[Finding],
    wanted: impl Fn(&Finding) -> bool,
) -> BTreeMap<(&'static str, Option<Field>), usize> {
    let mut kinds = BTreeMap::new();
    for finding in findings.iter().filter(|finding| wanted(finding)) {
        *kinds.entry((finding.code(), finding.location.field)).or_default() += 1;
    }
    kinds
}

/// What is wrong with the repair of a form.
fn judge(form: &CertificateForm) -> Vec<String> {
    let before = check(form, &policy(), NOW).findings;
    let repaired = repair(form, &policy(), NOW);
    let after = &report(&repaired).findings;
    let mut wrong = Vec::new();

    let (had, has) = (objects(form), objects(&repaired.form));
    let lost: Vec<_> = had.iter().filter(|(name, _)| !has.contains_key(*name)).collect();
    let dropped = repaired.edits.iter().filter(|edit| edit.kind == Mend::Drop).count();
    // What was changed in its text is as it was before: as many objects as there were, but for those that an edit drops.
    let is_restored = repaired.edits.iter().any(|edit| edit.mends.contains(&"pem-altered"));
    if is_restored {
        if !(has.len()..=has.len() + dropped).contains(&had.len()) {
            wrong.push("a restored object is not one for one".to_owned());
        }
    } else if lost.len() > dropped || lost.iter().any(|(_, object)| !may_go(object, &had)) {
        wrong.push(format!("{} objects are lost", lost.len()));
    }
    if !is_restored && has.keys().any(|name| !had.contains_key(name)) {
        wrong.push("objects are invented".to_owned());
    }
    for finding in after.iter().filter(|finding| finding.is_fixable()) {
        wrong.push(format!("still fixable: {finding}"));
    }
    let mended: BTreeSet<_> =
        repaired.edits.iter().flat_map(|edit| edit.mends.iter().map(|code| (*code, edit.field))).collect();
    for (code, field) in kinds(&before, Finding::is_fixable).keys() {
        // What is in the wrong field is fixed there or, after the exchange, in the right one.
        if !mended.iter().any(|(other, _)| other == code) {
            wrong.push(format!("promised, but not fixed: {code} in {field:?}"));
        }
    }
    let (all, left) = (kinds(&before, |_| true), kinds(after, |_| true));
    for (code, field) in &mended {
        let count =
            |kinds: &BTreeMap<_, usize>| kinds.get(&(*code, Some(*field))).copied().unwrap_or_default();
        if count(&left) > 0 && count(&left) >= count(&all) {
            wrong.push(format!("called fixed, but still there: {code} in {field}"));
        }
    }
    if repaired.edits.is_empty() != (repaired.form == *form) {
        wrong.push("changed without an edit, or not changed".to_owned());
    }
    wrong
}

/// The damages of text that come upon any field.
/// A damage by its name.
type Damage = (&'static str, fn(&str) -> String);

const DAMAGES: [Damage; 4] = [
    ("bom", pem::bom),
    ("quoted", pem::quoted),
    ("double-spaced", pem::double_spaced),
    ("cr-only", pem::cr_only),
];

fn damaged(form: &CertificateForm, damage: fn(&str) -> String) -> CertificateForm {
    let mut form = form.clone();
    for field in Field::ALL {
        let text = form.content(field).and_then(Content::as_text).map(damage);
        if let (Some(text), Some(slot)) = (text, form.content_mut(field)) {
            *slot = Some(text.into());
        }
    }
    form
}

#[test]
fn every_row_is_fixed_without_loss_alone_and_with_damage() {
    let mut complaints = Complaints::default();
    for (index, row) in fault::all().enumerate() {
        let form = read(&row.form());
        let (name, damage) = DAMAGES[index % DAMAGES.len()];
        for (what, form) in [("", form.clone()), (name, damaged(&form, damage))] {
            for wrong in judge(&form) {
                complaints.add(format!("{} {what}: {wrong}", row.row));
            }
        }
    }
    complaints.done("complaints about repairs");
}

#[test]
fn two_rows_are_fixed_without_loss() {
    let rows: Vec<_> = fault::all().collect();
    let mut state = 7_u64;
    let mut choice = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows[(state >> 33) as usize % rows.len()]
    };
    let mut complaints = Complaints::default();
    let (mut seen, mut tried) = (BTreeSet::new(), 0);
    while tried < 400 {
        let (first, second) = (choice(), choice());
        let form = first.form();
        // A row that takes a field away leaves another nothing to change.
        let is_whole = form.cert_content.is_some() && form.private_key.is_some();
        if first.base != second.base || !is_whole || !seen.insert((first.row, second.row)) {
            continue;
        }
        // Where a row needs what the other took away, such as a line of a body, it panics: that pair is no form.
        let Ok(form) = std::panic::catch_unwind(|| {
            let mut form = form.clone();
            (second.apply)(&mut form);
            form
        }) else {
            continue;
        };
        tried += 1;
        for wrong in judge(&read(&form)) {
            complaints.add(format!("{} and {}: {wrong}", first.row, second.row));
        }
    }
    complaints.done("complaints about repairs");
}

/// A certificate whose body lacks a line.
fn cut(text: &str) -> String {
    text.lines().enumerate().filter(|(index, _)| *index != 3).map(|(_, line)| format!("{line}\n")).collect()
}

/// Forms of a tester: what the repair has to list as fixed, in any order.
fn cases() -> Vec<(&'static str, Form, &'static [&'static str])> {
    let plain = chain::plain(key::rsa2048(0));
    let (leaf, issuer, root) = (plain.leaf.pem(), plain.intermediate.pem(), plain.root.pem());
    let key = plain.leaf.key_pem();
    let rsa = |cert_content: String| Form { cert_content: Some(cert_content), ..form::rsa() };
    let keyed = |form: Form, private_key: String| Form { private_key: Some(private_key), ..form };
    let roots =
        |text: String| Form { trusted_root_ca: Some(text), ..form::rsa().instance("0123456789abcdef") };
    let unrelated = chain::google().intermediate.pem();
    let sm2 = form::sm2();
    let [enc, sign] = [&sm2.cert_content, &sm2.cert_content_sign].map(|text| text.clone().unwrap());
    let [enc_key, sign_key] = [&sm2.private_key, &sm2.private_key_sign].map(|text| text.clone().unwrap());
    let expired = Cert::ca("Old Root").key(key::p256(1)).not_after("260101000000Z").self_signed();
    vec![
        // A field with a block that lacks a line is not written again: nobody could read the result.
        ("bom, damaged issuer", rsa(format!("\u{feff}{leaf}{}", cut(&issuer))), &[]),
        ("bom, damaged leaf", rsa(format!("\u{feff}{}{issuer}{root}", cut(&leaf))), &[]),
        ("quoted damaged leaf", rsa(pem::quoted(&format!("{}{issuer}", cut(&leaf)))), &[]),
        (
            "blank lines, damaged leaf",
            rsa(pem::double_spaced(&format!("{}{issuer}", cut(&leaf)))),
            &["pem-blank-line"],
        ),
        ("key beside, damaged leaf", rsa(format!("{}{issuer}{key}", cut(&leaf))), &[]),
        (
            "crossed certificates with a key",
            Form {
                cert_content: Some(sign.clone()),
                cert_content_sign: Some(format!("{enc}{sign_key}")),
                ..sm2.clone()
            },
            &["key-exposed", "sm2-certificates-swapped"],
        ),
        (
            "key of the other pair",
            Form { cert_content: Some(format!("{enc}{sign_key}")), ..sm2.clone() },
            &["key-exposed"],
        ),
        ("key among the roots", roots(format!("{root}{key}")), &["key-exposed"]),
        (
            "everything crossed",
            Form {
                cert_content: Some(enc_key.clone()),
                private_key: Some(sign.clone()),
                cert_content_sign: Some(sign_key.clone()),
                private_key_sign: Some(enc.clone()),
                ..sm2.clone()
            },
            &["fields-swapped", "fields-swapped", "sm2-certificates-swapped"],
        ),
        ("the key and nothing else", rsa(key.clone()), &[]),
        ("the key with a mark", rsa(pem::bom(&key)), &["pem-bom"]),
        (
            "encrypted key and leaf",
            keyed(form::rsa(), format!("{}{leaf}", key::RSA_ENCRYPTED)),
            &["certificate-with-key"],
        ),
        (
            "key with a mark and leaf",
            keyed(form::rsa(), pem::bom(&format!("{key}{leaf}"))),
            &["certificate-with-key", "pem-bom"],
        ),
        ("only the leaf as key", keyed(form::rsa(), pem::bom(&leaf)), &["pem-bom"]),
        (
            "swapped, quoted, twice, root",
            keyed(rsa(key.clone()), pem::quoted(&format!("{leaf}{issuer}{issuer}{root}"))),
            &["pem-quoted", "fields-swapped", "chain-duplicate", "chain-root-included"],
        ),
        // Without the other one, the order is right.
        ("an unrelated one first", rsa(format!("{unrelated}{leaf}{issuer}")), &[]),
        (
            "an unrelated one first, wrong order",
            rsa(format!("{unrelated}{issuer}{leaf}")),
            &["chain-leaf-not-first"],
        ),
        (
            "two keys, wrong order",
            keyed(rsa(format!("{issuer}{leaf}")), format!("{}{key}", key::rsa2048(1).pem())),
            &["chain-leaf-not-first"],
        ),
        ("an expired root", rsa(format!("{leaf}{issuer}{}", expired.pem())), &[]),
        ("roots twice, one cut off", roots(format!("{root}{root}{}", pem::truncated(&issuer))), &[]),
        ("roots twice", roots(format!("{root}{root}")), &["root-duplicate"]),
    ]
}

#[test]
fn what_is_fixed_is_listed_once_and_nothing_else() {
    let mut complaints = Complaints::default();
    for (name, form, wanted) in cases() {
        let form = read(&form);
        let repaired = repair(&form, &policy(), NOW);
        let mut mended: Vec<_> = repaired.edits.iter().flat_map(|edit| edit.mends.iter().copied()).collect();
        let mut wanted = wanted.to_vec();
        mended.sort_unstable();
        wanted.sort_unstable();
        if mended != wanted {
            complaints.add(format!(
                "{name}: fixed {mended:?}, not {wanted:?}; {:?}",
                support::findings(report(&repaired))
            ));
        }
        for wrong in judge(&form) {
            complaints.add(format!("{name}: {wrong}"));
        }
    }
    complaints.done("complaints about repairs");
}

/// What belongs to another chain goes last, so that it does not come between leaf and issuer.
#[test]
fn an_unrelated_certificate_goes_last() {
    let plain = chain::plain(key::rsa2048(0));
    let unrelated = chain::google().intermediate;
    let form =
        Form { cert_content: Some(bundle([&unrelated, &plain.intermediate, &plain.leaf])), ..form::rsa() };
    let repaired = repair(&read(&form), &policy(), NOW);
    let ders: Vec<_> =
        pem_of(repaired.form.cert_content.as_ref().unwrap()).iter().map(|block| block.der.to_vec()).collect();
    assert_eq!(ders, [plain.leaf.der, plain.intermediate.der, unrelated.der]);
}

/// What was not asked for stays as it is, also where it could be fixed.
#[test]
fn one_finding_is_fixed_alone() {
    let plain = chain::plain(key::rsa2048(0));
    let quoted = format!("\"{}\"", plain.leaf.key_pem());
    let form = Form {
        cert_content: Some(bundle([&plain.intermediate, &plain.leaf])),
        private_key: Some(quoted.clone()),
        ..form::rsa()
    };
    let form = read(&form);
    let only = |code, field| repair_only(&form, code, field, &policy(), NOW);
    let ordered = only("chain-leaf-not-first", Field::CertContent);
    let mended: Vec<_> = ordered.edits.iter().flat_map(|edit| edit.mends.iter().copied()).collect();
    assert_eq!(mended, ["chain-leaf-not-first"]);
    assert_eq!(ordered.form.private_key, Some(quoted.as_str().into()));
    assert_ne!(ordered.form.cert_content, form.cert_content);
    let unquoted = only("pem-quoted", Field::PrivateKey);
    assert_eq!(unquoted.form.cert_content, form.cert_content);
    assert_ne!(unquoted.form.private_key, form.private_key);
    for (code, field) in [("pem-quoted", Field::CertContent), ("no-such-rule", Field::PrivateKey)] {
        let nothing = only(code, field);
        assert!(nothing.edits.is_empty() && nothing.form == form);
    }
}
