//! How findings are written, and what a check hands on with them.
#![allow(clippy::unwrap_used)]

use super::*;

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
