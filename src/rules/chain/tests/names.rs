//! Name constraints in a chain.

use super::{check, found};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::der;
use certgate_forge::der::Node;
use certgate_forge::name::name;
use certgate_forge::{chain, ext, key};

#[test]
fn the_enterprise_ca() {
    type Change = fn(Cert) -> Cert;
    let corp: Change = |leaf| leaf;
    let cases: [(Change, Option<&str>); 11] = [
        (corp, None),
        (|leaf| leaf.with(ext::san_dns(&["corp.example", "*.x.corp.example", "A.B.CORP.EXAMPLE"])), None),
        (
            |leaf| leaf.with(ext::san_dns(&["www.other.example"])),
            Some("DNS:www.other.example (not permitted)"),
        ),
        (|leaf| leaf.with(ext::san_dns(&["evilcorp.example"])), Some("DNS:evilcorp.example (not permitted)")),
        (
            |leaf| leaf.with(ext::san_dns(&["a.secret.corp.example"])),
            Some("DNS:a.secret.corp.example (excluded)"),
        ),
        (|leaf| leaf.with(ext::san([ext::ip("192.0.2.1")])), Some("IP:192.0.2.1 (not permitted)")),
        (|leaf| leaf.with(ext::san([ext::ip("2001:db8::1")])), Some("IP:2001:db8::1 (not permitted)")),
        (
            |leaf| leaf.subject(name(&[("C", "CN"), ("O", "Other Ltd"), ("CN", "app.corp.example")])),
            Some("its subject \"C=CN, O=Other Ltd, CN=app.corp.example\" (not permitted)"),
        ),
        // The order of the parts counts, and case does not.
        (|leaf| leaf.subject(name(&[("O", "Corp Ltd"), ("C", "CN")])), Some("(not permitted)")),
        (|leaf| leaf.subject(name(&[("C", "cn"), ("O", "CORP  ltd")])), None),
        // How many spaces part two words does not count, but whether any does.
        (|leaf| leaf.subject(name(&[("C", "CN"), ("O", "CorpLtd")])), Some("(not permitted)")),
    ];
    for (change, wanted) in cases {
        let corp = chain::enterprise(change);
        let checked = check(&[&corp.leaf, &corp.intermediate]);
        match wanted {
            None => assert_eq!(found(&checked), Vec::<String>::new(), "{:?}", checked.findings),
            Some(wanted) => {
                assert_eq!(found(&checked), ["chain-name-constraints error 1"]);
                assert!(checked.findings[0].message.contains(wanted), "{}", checked.findings[0].message);
            }
        }
    }
}

/// A leaf below a CA with these constraints.
fn constrained(permitted: Vec<Node>, excluded: Vec<Node>, leaf: Cert) -> [Issued; 2] {
    let (_, root) = chain::plain_issuers();
    let ca = Cert::ca("Bound CA")
        .key(key::p256(1))
        .with(ext::name_constraints(permitted, excluded))
        .issued_by(&root);
    [leaf.issued_by(&ca), ca]
}

#[test]
fn other_kinds_are_said_not_to_be_evaluated() {
    let leaf = Cert::leaf("a.example");
    let [leaf, ca] = constrained(vec![ext::email("corp.example"), ext::uri("corp.example")], vec![], leaf);
    let checked = check(&[&leaf, &ca]);
    assert_eq!(found(&checked), Vec::<String>::new());
    let why = &checked.not_evaluated.iter().find(|entry| entry.code == "name-constraints").unwrap().why;
    assert!(why.contains("URI, email"), "{why}");
}

#[test]
fn what_constraints_are_not_applied_to_is_said() {
    let not_evaluated = |permitted: Vec<Node>, leaf: Cert| {
        let [leaf, ca] = constrained(permitted, vec![], leaf);
        let checked = check(&[&leaf, &ca]);
        let entries = checked.not_evaluated.into_iter().filter(|entry| entry.code == "name-constraints");
        entries.map(|entry| entry.why.into_owned()).collect::<Vec<_>>()
    };
    let named = |host: &str| Cert::leaf(host).without(ext::SAN);
    let dns = || vec![ext::dns("corp.example")];
    assert_eq!(not_evaluated(dns(), Cert::leaf("a.corp.example")), [""; 0]);
    assert_eq!(
        not_evaluated(dns(), named("www.evil.example")),
        ["the common name against the constraints of block 2 \"CN=Bound CA\""]
    );
    assert_eq!(not_evaluated(vec![ext::ip_raw(&[10, 0, 0, 0, 255, 0, 0, 0])], named("a.example")), [""; 0]);
    // A minimum of 1, in the same subtree as its base.
    let (_, root) = chain::plain_issuers();
    let subtree = der::seq([ext::dns("corp.example"), der::ctx_prim(0, [1])]);
    let constraints = der::seq([der::ctx(0, [subtree])]);
    let ca = Cert::ca("Bound CA")
        .key(key::p256(1))
        .with(ext::Ext::new(ext::NAME_CONSTRAINTS, constraints).critical())
        .issued_by(&root);
    let leaf = Cert::leaf("a.corp.example").issued_by(&ca);
    let policy = crate::Policy::default();
    let checked = crate::rules::certificate::check(
        &ca.der,
        crate::rules::certificate::Role::Issuer,
        &policy,
        crate::At::NotEvaluated,
    );
    assert_eq!(
        checked.not_evaluated[0].why,
        "the minimum and maximum of a name constraint, which no profile uses"
    );
    assert_eq!(found(&check(&[&leaf, &ca])), Vec::<String>::new());
}

#[test]
fn a_wildcard_that_stands_for_an_excluded_name_is_a_warning() {
    let leaf = Cert::leaf("*.corp.example");
    let [leaf, ca] = constrained(vec![], vec![ext::dns("secret.corp.example")], leaf);
    assert_eq!(found(&check(&[&leaf, &ca])), ["chain-name-constraints warning 1"]);
}

#[test]
fn every_certificate_below_is_bound_but_a_renewed_key() {
    let (_, root) = chain::plain_issuers();
    let outer = Cert::ca("Outer")
        .key(key::p256(1))
        .with(ext::name_constraints(vec![ext::directory(name(&[("O", "Corp")]))], vec![]));
    let outer = outer.issued_by(&root);
    // The same name: not bound by itself, although its subject is outside.
    let renewed = Cert::ca("Outer").key(key::p256(2)).issued_by(&outer);
    let sub = Cert::ca("Sub").key(key::p384(1)).issued_by(&renewed);
    let leaf = Cert::leaf("a.example").subject(name(&[("O", "Corp"), ("CN", "a.example")]));
    let under_renewed = leaf.clone().issued_by(&renewed);
    assert_eq!(found(&check(&[&under_renewed, &renewed, &outer])), Vec::<String>::new());
    let under_sub = leaf.issued_by(&sub);
    assert_eq!(found(&check(&[&under_sub, &sub, &renewed, &outer])), ["chain-name-constraints error 2"]);
}

#[test]
fn a_server_certificate_with_its_issuers_name_is_bound_too() {
    let ca =
        Cert::ca("Own").key(key::p256(1)).with(ext::name_constraints(vec![ext::dns("b.example")], vec![]));
    let (_, root) = chain::plain_issuers();
    let ca = ca.issued_by(&root);
    let own = name(&[("C", "CN"), ("O", "Forge CA"), ("CN", "Own")]);
    let leaf = Cert::leaf("a.example").subject(own).issued_by(&ca);
    let want = ["cert-issuer-same-name warning 1", "chain-name-constraints error 1"];
    assert_eq!(found(&check(&[&leaf, &ca])), want);
}

#[test]
fn too_many_comparisons_are_refused() {
    let names: Vec<String> = (0..1000).map(|number| format!("h{number}.corp.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let bases =
        |count: usize| (0..count).map(|number| ext::dns(format!("x{number}.example"))).collect::<Vec<_>>();
    for (count, wanted) in [(1040, vec![]), (1050, vec!["chain-name-constraints-cost error 2"])] {
        let leaf = Cert::leaf("a.example").with(ext::san_dns(&names));
        let [leaf, ca] = constrained(vec![], bases(count), leaf);
        assert_eq!(found(&check(&[&leaf, &ca])), wanted);
    }
}

#[test]
fn directory_names_among_the_alternative_names_are_held_to_the_constraints() {
    let subtree = || ext::directory(name(&[("C", "CN")]));
    let leaf = |country| {
        let names = [ext::dns("a.example"), ext::directory(name(&[("C", country), ("O", "Forge Ltd")]))];
        Cert::leaf("a.example").with(ext::san(names))
    };
    let [inside, ca] = constrained(vec![subtree()], vec![], leaf("CN"));
    assert_eq!(found(&check(&[&inside, &ca])), [""; 0]);
    let [outside, ca] = constrained(vec![subtree()], vec![], leaf("US"));
    let checked = check(&[&outside, &ca]);
    assert_eq!(found(&checked), ["chain-name-constraints error 1"]);
    let message = &checked.findings[0].message;
    assert!(message.contains("dirName:C=US, O=Forge Ltd (not permitted)"), "{message}");
}
