//! Whether the issuers of a path may issue, and still hold (RFC 5280, 6.1.4).

use time::OffsetDateTime;

use super::member::{Member, not_yet_valid};
use crate::finding::{Finding, Findings};
use crate::read::certificate::format_time;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

static CHAIN_ISSUER_NOT_CA: Rule = Rule {
    code: "chain-issuer-not-ca",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer in the chain is not allowed to issue certificates",
    hint: "Use a certificate that a CA issued; with a CA of your own, issue its certificate with CA:TRUE and keyCertSign.",
    why: "Only a certificate with CA:TRUE in basicConstraints may issue others, and where it has a keyUsage, keyCertSign must be in it. If \
          clients did not insist on it, every holder of a server certificate could issue certificates for any name. A CA made by hand \
          often lacks one of the two.\n\n\
          Example: a server certificate used as the issuer of another.",
    citations: &[
        "RFC 5280, section 6.1.4 (k) and (n)",
        "RFC 5280, section 4.2.1.9",
        "RFC 5280, section 4.2.1.3",
    ],
    ..Rule::BASE
};

static CHAIN_PATH_LENGTH: Rule = Rule {
    code: "chain-path-length",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer allows fewer CAs below itself than the chain has",
    hint: "Have the certificate issued by a CA that may issue it, or by one higher in the chain.",
    why: "pathLenConstraint says how many CA certificates may stand between an issuer and the server certificate; 0 means that it issues \
          server certificates only. Clients refuse a longer path. Certificates whose subject is their own issuer do not count.\n\n\
          Example: a sub CA with pathLenConstraint 0 issues another sub CA.",
    citations: &["RFC 5280, section 6.1.4 (l) and (m)", "RFC 5280, section 4.2.1.9"],
    ..Rule::BASE
};

static CHAIN_ISSUER_EXPIRED: Rule = Rule {
    code: "chain-issuer-expired",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificate of an issuer has expired",
    hint: "Ask the CA for the current certificate of this issuer and put it in place of the expired one.",
    why: "Clients refuse a path with an expired certificate in it, although the server certificate itself is still valid. Where the path \
          does not need the expired certificate, because it is a root or another certificate stands for the same CA, it is a warning: \
          some old clients stumble over it, and it can go.\n\n\
          Example: the cross-signed root that expired in September 2021 and broke many devices.",
    citations: &["RFC 5280, section 6.1.3 (a) (2)"],
    ..Rule::BASE
};

static CHAIN_ISSUER_NOT_YET_VALID: Rule = Rule {
    code: "chain-issuer-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificate of an issuer is not valid yet",
    hint: "Put the chain into use only after the issuer's notBefore, and check the clock of this machine.",
    why: "Clients refuse a path with a certificate in it that is not valid yet, although the server certificate already is. Uploading ahead \
          of time is sensible, so it is only a warning.\n\n\
          Example: the certificate of a CA's next generation, which begins with the next month, on a machine whose clock is a month late.",
    citations: &["RFC 5280, section 6.1.3 (a) (2)"],
    ..Rule::BASE
};

static CHAIN_ISSUER_NOT_FOR_SERVERS: Rule = Rule {
    code: "chain-issuer-not-for-servers",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer may not issue certificates for TLS servers",
    hint: "Have the certificate issued by a CA whose extended key usage has serverAuth, or that has none.",
    why: "RFC 5280 says nothing of extKeyUsage in a CA's certificate, but OpenSSL, Go, Windows and browsers take it as a limit on all \
          certificates below it: without serverAuth there, they refuse each server certificate of that CA. For OpenSSL \
          anyExtendedKeyUsage does not stand for it.\n\n\
          Example: a server certificate from a company's CA for client certificates.",
    citations: &["CA/Browser BR, section 7.1.2.10.6", "RFC 5280, section 4.2.1.12"],
    ..Rule::BASE
};

static CHAIN_ISSUER_BROKEN: Rule = Rule {
    code: "chain-issuer-broken",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "No client accepts the certificate of an issuer",
    hint: "Ask the CA for another certificate of this issuer, or for a server certificate from another CA.",
    why: "A fault in an issuer's encoding or size is borne by most clients, and only a warning. Others end every path: an extension that \
          clients do not know and that is critical, the same extension twice, the poison of a precertificate, two signature algorithms that \
          contradict each other, dates in the wrong order or that are none. The warning beside this finding says where the fault stands.\n\n\
          Example: a company CA whose own certificate has a private extension marked critical.",
    citations: &["RFC 5280, section 6.1.4 (o)", "RFC 5280, section 4.1.1.2", "RFC 6962, section 3.1"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CHAIN_ISSUER_NOT_CA,
    &CHAIN_ISSUER_BROKEN,
    &CHAIN_PATH_LENGTH,
    &CHAIN_ISSUER_EXPIRED,
    &CHAIN_ISSUER_NOT_YET_VALID,
    &CHAIN_ISSUER_NOT_FOR_SERVERS,
];

/// Judges the issuers of `path`, server certificate first. `is_complete`: the last one is self-signed; `can_root_go`: and made the
/// signature of the one before.
pub(super) fn check(
    path: &[&Member<'_, '_>],
    is_complete: bool,
    can_root_go: bool,
    findings: &mut Findings<'_>,
) {
    let time = findings.policy().time;
    // CA certificates between the issuer and the server certificate, but self-issued ones (RFC 5280, 6.1.4 (l)).
    let mut below = 0_usize;
    for (position, issuer) in path.iter().enumerate().skip(1) {
        let is_root = is_complete && position.saturating_add(1) == path.len();
        check_may_issue(issuer, is_root, findings);
        if !(is_root && can_root_go) {
            check_sound(issuer, findings);
        }
        check_path_length(issuer, below, findings);
        if let Some(time) = time.filter(|_| issuer.has_expired(time)) {
            findings.add(match is_root {
                true if can_root_go => not_needed(issuer, time).fixable(),
                true => not_needed(issuer, time),
                false => needed(issuer, time),
            });
        }
        if let Some(message) = not_yet_valid(issuer.certificate, issuer.index, time) {
            findings.add(Finding::new(&CHAIN_ISSUER_NOT_YET_VALID, issuer.location(), message));
        }
        if !is_root {
            check_purpose(issuer, findings);
        }
        if !issuer.is_self_issued() {
            below = below.saturating_add(1);
        }
    }
}

fn check_may_issue(issuer: &Member<'_, '_>, is_root: bool, findings: &mut Findings<'_>) {
    let certificate = issuer.certificate;
    let mut lacks = Vec::new();
    match certificate.basic_constraints() {
        Some(constraints) if constraints.ca => {}
        Some(_) => lacks.push("its basicConstraints say CA:FALSE"),
        // A root of version 1 cannot say it, and clients trust roots for other reasons.
        None if is_root && certificate.version() == 1 => {}
        None if certificate.version() == 1 => {
            lacks.push("it has version 1, in which no certificate can be a CA")
        }
        None => lacks.push("it has no basicConstraints"),
    }
    if certificate.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        lacks.push("its keyUsage lacks keyCertSign");
    }
    if !lacks.is_empty() {
        let message = format!("{} issued another certificate, but {}", issuer.label(), lacks.join(", and "));
        findings.add(Finding::new(&CHAIN_ISSUER_NOT_CA, issuer.location(), message));
    }
}

fn check_path_length(issuer: &Member<'_, '_>, below: usize, findings: &mut Findings<'_>) {
    let allowed = issuer.certificate.basic_constraints().filter(|constraints| constraints.ca);
    let Some(allowed) = allowed.and_then(|constraints| constraints.path_len) else { return };
    if usize::try_from(allowed).is_ok_and(|allowed| allowed < below) {
        let message = format!(
            "{} allows {} below itself (pathLenConstraint), and the chain has {below}",
            issuer.label(),
            text::count(usize::try_from(allowed).unwrap_or(usize::MAX), "CA")
        );
        findings.add(Finding::new(&CHAIN_PATH_LENGTH, issuer.location(), message));
    }
}

fn check_sound(issuer: &Member<'_, '_>, findings: &mut Findings<'_>) {
    let broken = crate::rules::certificate::path_breakers(issuer.certificate);
    if !broken.is_empty() {
        let message = format!(
            "no client accepts {} as an issuer ({}), and the chain needs it",
            issuer.label(),
            text::list(broken.iter().map(|rule| rule.code))
        );
        findings.add(Finding::new(&CHAIN_ISSUER_BROKEN, issuer.location(), message));
    }
}

fn check_purpose(issuer: &Member<'_, '_>, findings: &mut Findings<'_>) {
    if let Some(usage) = issuer.certificate.ext_key_usage().filter(|usage| !usage.server_auth()) {
        let names = text::list(usage.names());
        let names = if names.is_empty() { "nothing" } else { names.as_str() };
        let message = format!("{} may issue for {names}, not for serverAuth (extKeyUsage)", issuer.label());
        findings.add(Finding::new(&CHAIN_ISSUER_NOT_FOR_SERVERS, issuer.location(), message));
    }
}

fn needed(issuer: &Member<'_, '_>, time: OffsetDateTime) -> Finding {
    let message = format!("{}, and the chain needs it", expired(issuer, time));
    Finding::new(&CHAIN_ISSUER_EXPIRED, issuer.location(), message)
}

/// The finding on an expired issuer that the chain can do without.
pub(super) fn not_needed(issuer: &Member<'_, '_>, time: OffsetDateTime) -> Finding {
    let message = format!("{}, and the chain does not need it", expired(issuer, time));
    Finding::new(&CHAIN_ISSUER_EXPIRED, issuer.location(), message)
        .at_most(Severity::Warning)
        .hint(format!("Remove {}.", issuer.block()))
}

fn expired(issuer: &Member<'_, '_>, time: OffsetDateTime) -> String {
    let end = issuer.certificate.not_after().map(format_time).unwrap_or_default();
    format!("{} expired on {end} (checked at {})", issuer.label(), format_time(time))
}
