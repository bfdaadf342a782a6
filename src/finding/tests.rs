//! How findings are written, and what a check hands on with them.
#![allow(clippy::unwrap_used)]

use super::list::TOO_MANY_FINDINGS;
use super::*;
use crate::policy::Policy;
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

/// `rules_as_of` makes warnings of what is an error only since a later version, and says so; all else stays.
#[test]
fn what_only_a_later_version_rejects_is_a_warning_as_of_an_older_one() {
    use crate::version::Raised;
    static NEW: Rule = Rule { code: "new", since: "0.2.0", ..Rule::BASE };
    static RAISED: Rule =
        Rule { code: "raised", raised: Some(Raised { since: "0.2.0", cases: None }), ..Rule::BASE };
    static RAISED_IN_PART: Rule =
        Rule { code: "part", raised: Some(Raised { since: "0.2.0", cases: Some("some") }), ..Rule::BASE };
    static RENAMED: Rule = Rule { code: "renamed", since: "0.2.0", refused_before: true, ..Rule::BASE };
    static OLD: Rule = Rule { code: "old", ..Rule::BASE };
    let made = |rule| Finding::new(rule, Location::none(), "what is wrong");
    let as_of = |version: &str| Policy::with(|policy| policy.rules_as_of = Some(version.to_owned()));
    let (older, newer) = (as_of("0.1.0"), as_of("0.2.0"));
    for (finding, is_weakened) in [
        (made(&NEW), true),
        (made(&RAISED), true),
        (made(&RAISED_IN_PART), false),
        (made(&RAISED_IN_PART).raised(), true),
        (made(&RENAMED), false),
        (made(&OLD), false),
    ] {
        let told = |findings: Findings<'_>| {
            let mut findings = findings;
            findings.add(finding.clone());
            let (findings, _) = findings.finish();
            findings.into_iter().next().map(|finding| (finding.severity, finding.error_since)).unwrap()
        };
        let as_always = (Severity::Error, None);
        let want = if is_weakened { (Severity::Warning, Some("0.2.0")) } else { as_always };
        assert_eq!(told(Findings::new(&older)), want, "{finding}");
        assert_eq!(told(Findings::new(&newer)), as_always, "{finding}");
        assert_eq!(told(Findings::new(&Policy::default())), as_always, "{finding}");
        assert_eq!(told(Findings::new(&older).with_all_rules()), as_always, "{finding}");
    }
    let note = made(&NEW).at_most(Severity::Note);
    let mut findings = Findings::new(&older);
    findings.add(note);
    assert_eq!(
        findings.finish().0.first().map(|note| (note.severity, note.error_since)),
        Some((Severity::Note, None))
    );
}

/// What `rules_as_of` makes a warning hides no error that the version of that name reported.
#[test]
fn a_weakened_finding_does_not_hide_an_error() {
    const OLD_ONES: &[Hides] = &[Hides { code: "old", scope: Scope::Form }];
    static NEW: Rule = Rule { code: "new", since: "0.2.0", hides: OLD_ONES, ..Rule::BASE };
    static OLD: Rule = Rule { code: "old", ..Rule::BASE };
    for (version, want) in [("0.1.0", &["warning new", "error old"][..]), ("0.2.0", &["error new"])] {
        let policy = Policy::with(|policy| policy.rules_as_of = Some(version.to_owned()));
        let mut findings = Findings::new(&policy);
        for rule in [&NEW, &OLD] {
            findings.add(Finding::new(rule, Location::none(), "what is wrong"));
        }
        let (left, _) = findings.finish();
        let told: Vec<_> =
            left.iter().map(|finding| format!("{} {}", finding.severity, finding.code())).collect();
        assert_eq!(told, want);
    }
}

/// With `strict` a warning is an error, whatever made it a warning; a note stays a note.
#[test]
fn a_strict_policy_makes_errors_of_warnings() {
    static OLD: Rule = Rule { code: "old", severity: Severity::Warning, ..Rule::BASE };
    static NEW: Rule = Rule { code: "new", since: "0.2.0", ..Rule::BASE };
    static NOTE: Rule = Rule { code: "note", severity: Severity::Note, ..Rule::BASE };
    let policy = Policy::with(|policy| {
        policy.strict = true;
        policy.rules_as_of = Some("0.1.0".to_owned());
    });
    let mut findings = Findings::new(&policy);
    for rule in [&OLD, &NEW, &NOTE] {
        findings.add(Finding::new(rule, Location::none(), "what is wrong"));
    }
    let severities: Vec<_> = findings.finish().0.into_iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Error, Severity::Note]);
}
