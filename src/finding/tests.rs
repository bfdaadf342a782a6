//! How findings are written, and what a check hands on with them.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::rule::{Hides, Scope};

fn finding(location: Location, severity: Severity) -> Finding {
    let mut finding = Finding::new(&TOO_MANY_FINDINGS, location, "what is wrong");
    finding.severity = severity;
    finding
}

#[test]
fn a_finding_is_written_on_one_line() {
    let place = Location::field(Field::CertContent).block(2).line(21);
    let path = place.clone().der(8, "tbsCertificate.version");
    for (finding, want) in [
        (finding(Location::none(), Severity::Note), "note[too-many-findings]: what is wrong"),
        (
            finding(place, Severity::Warning),
            "warning[too-many-findings] cert_content, block 2, line 21: what is wrong",
        ),
        (
            finding(path, Severity::Error),
            "error[too-many-findings] cert_content, block 2, line 21, tbsCertificate.version (DER offset 8): what is wrong",
        ),
    ] {
        assert_eq!(finding.to_string(), want);
    }
}

#[test]
fn a_value_is_handed_on_unless_there_is_an_error() {
    use Severity::{Error, Note, Warning};
    for (severities, is_ok) in
        [(&[][..], true), (&[Note, Warning], true), (&[Error], false), (&[Note, Error, Warning], false)]
    {
        let findings: Vec<_> =
            severities.iter().map(|severity| finding(Location::none(), *severity)).collect();
        let checked = |value| Checked { value, findings: findings.clone(), not_evaluated: Vec::new() };
        assert_eq!(checked(Some(7)).is_ok(), is_ok);
        let want = if is_ok { Ok(7) } else { Err(findings.clone()) };
        assert_eq!(checked(Some(7)).into_result(), want);
        // Nothing to hand on is not a success, whatever was found.
        assert_eq!(checked(None).into_result(), Err(findings.clone()));
    }
}

/// A rule hides another one as near as it says, and never a heavier one.
#[test]
fn a_finding_hides_what_it_explains_and_nothing_heavier() {
    static HIDDEN: Rule = Rule { code: "hidden", severity: Severity::Warning, ..Rule::BASE };
    static HEAVY: Rule = Rule { code: "hidden", severity: Severity::Error, ..Rule::BASE };
    static BY_BLOCK: Rule = by(Scope::Block);
    static BY_FIELD: Rule = by(Scope::Field);
    static BY_PAIR: Rule = by(Scope::Pair);
    static BY_PLACE: Rule = by(Scope::Place);
    static BY_FORM: Rule = by(Scope::Form);
    const fn by(scope: Scope) -> Rule {
        let hides: &'static [Hides] = match scope {
            Scope::Place => &[Hides { code: "hidden", scope: Scope::Place }],
            Scope::Block => &[Hides { code: "hidden", scope: Scope::Block }],
            Scope::Field => &[Hides { code: "hidden", scope: Scope::Field }],
            Scope::Pair => &[Hides { code: "hidden", scope: Scope::Pair }],
            Scope::Form => &[Hides { code: "hidden", scope: Scope::Form }],
        };
        Rule { code: "by", severity: Severity::Warning, hides, ..Rule::BASE }
    }
    let place = |field, block, line| Location::field(field).block(block).line(line);
    let own = place(Field::CertContent, 1, 2);
    for (rule, other, is_hidden) in [
        (&BY_PLACE, own.clone(), true),
        (&BY_PLACE, place(Field::CertContent, 1, 3), false),
        (&BY_BLOCK, place(Field::CertContent, 1, 3), true),
        (&BY_BLOCK, place(Field::CertContent, 2, 2), false),
        (&BY_FIELD, place(Field::CertContent, 2, 2), true),
        (&BY_FIELD, place(Field::PrivateKey, 1, 2), false),
        (&BY_PAIR, place(Field::PrivateKey, 1, 2), true),
        (&BY_PAIR, place(Field::PrivateKeySign, 1, 2), false),
        (&BY_FORM, place(Field::PrivateKeySign, 1, 2), true),
    ] {
        for (hidden, is_hidden) in [(&HIDDEN, is_hidden), (&HEAVY, false)] {
            let policy = Policy::default();
            let mut findings = Findings::new(&policy);
            findings.add(Finding::new(hidden, other.clone(), "the other"));
            findings.add(Finding::new(rule, own.clone(), "the reason"));
            let (left, _) = findings.finish();
            assert_eq!(left.len(), if is_hidden { 1 } else { 2 }, "{rule:?} {other}");
        }
    }
}
