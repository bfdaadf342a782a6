//! Proves: whoever follows the advice on a chain once has a chain that is accepted. Nobody reads the sentences here: what to remove, what to
//! add and where comes from the `facts` of the findings, and the rest from the repair. What is to be added is looked up by its name, as a CA
//! would do. Every ordered choice of up to three of eleven certificates, with and without trusted roots; `ADVICE_MOST=4` takes four. Takes 5 seconds.
#![allow(clippy::restriction, dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use certgate::repair::repair;
use certgate::{CertificateForm, Fact, Finding, Policy, validate};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::form::Form;
use certgate_forge::name::name;
use certgate_forge::{chain, key};

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

/// The certificates that people mix up.
struct World {
    /// The server certificate that belongs to the private key, under two CAs.
    server: Issued,
    issuing: Issued,
    middle: Issued,
    root: Issued,
    /// Everything that may be in an upload, the four among them.
    all: Vec<Issued>,
}

fn world() -> World {
    let root = Cert::ca("World Root").key(key::p256(1)).self_signed();
    let middle = Cert::ca("World Middle CA").key(key::p256(2)).issued_by(&root);
    let issuing = Cert::ca("World Issuing CA").key(key::rsa2048(1)).issued_by(&middle);
    let server = chain::plain_leaf(key::p256(0)).issued_by(&issuing);
    let placeholder = chain::plain_leaf(key::p256(0)).subject(name(&[("CN", "keystore")])).self_signed();
    let former = Cert::ca("Former Issuing CA").key(key::rsa2048(2)).issued_by(&middle);
    let (other, other_root) = chain::plain_issuers();
    let other_server = Cert::leaf("other.example").key(key::p384(0)).issued_by(&other);
    let renewed = issuing.cert.clone().not_before("260101000000Z").issued_by(&middle);
    let expired =
        issuing.cert.clone().not_before("200101000000Z").not_after("250101000000Z").issued_by(&middle);
    let all = vec![
        server.clone(),
        issuing.clone(),
        middle.clone(),
        root.clone(),
        placeholder,
        former,
        other,
        other_root,
        other_server,
        renewed,
        expired,
    ];
    World { server, issuing, middle, root, all }
}

impl World {
    fn form(&self, certificates: &[&Issued], roots: &[&Issued]) -> Form {
        let certificates: Vec<Issued> = certificates.iter().map(|one| (*one).clone()).collect();
        let mut form = Form::of("ECC", &certificates).instance("gw-1");
        form.private_key = Some(self.server.key_pem());
        if !roots.is_empty() {
            form = form.trusting(&roots.iter().map(|one| (*one).clone()).collect::<Vec<_>>());
        }
        form
    }

    /// The certificate that the CA has under this name.
    fn named(&self, wanted: &str) -> &Issued {
        let known: BTreeMap<&str, &Issued> = BTreeMap::from([
            ("C=CN, O=Forge CA, CN=World Issuing CA", &self.issuing),
            ("C=CN, O=Forge CA, CN=World Middle CA", &self.middle),
            ("C=CN, O=Forge CA, CN=World Root", &self.root),
        ]);
        known.get(wanted).unwrap_or_else(|| panic!("the CA has no `{wanted}`"))
    }
}

fn number(finding: &Finding, fact: &str) -> Option<usize> {
    match finding.facts.get(fact) {
        Some(Fact::Number(number)) => usize::try_from(*number).ok(),
        _ => None,
    }
}

fn list(finding: &Finding, fact: &str) -> Vec<usize> {
    match finding.facts.get(fact) {
        Some(Fact::List(list)) => list.iter().map(|number| number.parse().unwrap()).collect(),
        _ => Vec::new(),
    }
}

fn text<'f>(finding: &'f Finding, fact: &str) -> Option<&'f str> {
    match finding.facts.get(fact) {
        Some(Fact::Text(text)) => Some(text),
        _ => None,
    }
}

/// A block of the upload, and what the advice puts around it.
struct Slot<'w> {
    before: Option<&'w Issued>,
    own: Option<&'w Issued>,
    after: Option<&'w Issued>,
}

/// The blocks after all advice was followed at once; block numbers are those of the upload as it was.
fn followed<'w>(
    world: &'w World,
    given: &[&'w Issued],
    roots: &[&'w Issued],
    findings: &[Finding],
) -> Vec<&'w Issued> {
    let slot = |own: &&'w Issued| Slot { before: None, own: Some(*own), after: None };
    let mut slots: Vec<Slot> = given.iter().map(slot).collect();
    for finding in findings {
        for block in list(finding, "remove") {
            slots[block - 1].own = None;
        }
        if let Some(block) = number(finding, "replace") {
            slots[block - 1].own = Some(&world.server);
        }
        if let (Some(block), Some(subject)) = (number(finding, "renew"), text(finding, "renew_subject")) {
            slots[block - 1].own = Some(world.named(subject));
        }
        if let Some(block) = number(finding, "put_before") {
            slots[block - 1].before = Some(&world.server);
        }
        if let (Some(block), Some(wanted)) = (number(finding, "after"), text(finding, "wanted")) {
            slots[block - 1].after = Some(match number(finding, "copy_root") {
                Some(root) => roots[root - 1],
                None => world.named(wanted),
            });
        }
    }
    slots.into_iter().flat_map(|slot| [slot.before, slot.own, slot.after]).flatten().collect()
}

/// Every ordered choice of up to `most` positions below `of`.
fn choices(of: usize, most: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..most {
        let longer = last.iter().flat_map(|choice: &Vec<usize>| {
            (0..of).filter(|next| !choice.contains(next)).map(|next| [choice.as_slice(), &[next]].concat())
        });
        last = longer.collect();
        all.extend(last.iter().cloned());
    }
    all.retain(|choice| !choice.is_empty());
    all
}

#[test]
fn advice_that_is_followed_once_gives_an_accepted_chain() {
    let world = world();
    let policy = Policy::default();
    let most = std::env::var("ADVICE_MOST").map_or(3, |most| most.parse().unwrap());
    let (mut at_once, mut fixed, mut after_advice, mut other_key, mut other_cas) = (0, 0, 0, 0, 0);
    let mut wrong = Vec::new();
    for choice in choices(world.all.len(), most) {
        for roots in [vec![], vec![&world.root, &world.issuing]] {
            let given: Vec<&Issued> = choice.iter().map(|at| &world.all[*at]).collect();
            let check = |certificates: &[&Issued]| {
                let form =
                    CertificateForm::from_json(world.form(certificates, &roots).json().as_bytes()).unwrap();
                let findings = match validate(&form, &policy, NOW) {
                    Ok(_) => None,
                    Err(rejected) => Some(rejected.report().findings.clone()),
                };
                (findings, repair(&form, &policy, NOW).result.is_ok())
            };
            let (findings, is_fixed) = check(&given);
            let Some(findings) = findings else {
                at_once += 1;
                continue;
            };
            if is_fixed {
                fixed += 1;
                continue;
            }
            // Nobody can say more of a chain whose server certificate belongs to another key.
            if findings.iter().any(|finding| finding.code() == "match-other-type") {
                other_key += 1;
                continue;
            }
            // Where the server certificate itself is missing, nothing shows whether the CAs that are there are its own.
            let is_server_missing = ["put_before", "replace"]
                .iter()
                .any(|fact| findings.iter().any(|one| number(one, fact).is_some()));
            let is_own = |one: &&Issued| {
                [&world.issuing, &world.middle, &world.root]
                    .iter()
                    .any(|ca| ca.cert.subject == one.cert.subject)
            };
            let cas = given.iter().filter(|one| one.cert.key != world.server.cert.key);
            let issuing = given.iter().any(|one| one.cert.subject == world.issuing.cert.subject);
            let has_own_issuer = issuing && cas.copied().all(|one| is_own(&one));
            if is_server_missing && !has_own_issuer {
                other_cas += 1;
                continue;
            }
            if check(&followed(&world, &given, &roots, &findings)).1 {
                after_advice += 1;
            } else {
                let names: Vec<_> = choice.iter().map(usize::to_string).collect();
                let codes: Vec<_> =
                    findings.iter().map(|finding| format!("{}: {}", finding.code(), finding.hint)).collect();
                wrong.push(format!(
                    "{} ({} roots):\n  {}",
                    names.join(", "),
                    roots.len(),
                    codes.join("\n  ")
                ));
            }
        }
    }
    println!(
        "{at_once} accepted, {fixed} by the repair, {after_advice} after the advice, {other_key} with another key, {other_cas} with other CAs, {} never",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(12)].join("\n"));
    assert!(after_advice > 200, "{after_advice}");
}
