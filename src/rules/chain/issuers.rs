//! Whether the issuers of a path may issue, and still hold (RFC 5280, 6.1.4).

use time::OffsetDateTime;

use super::{View, broken};
use crate::finding::{Finding, Findings, Told, told};
use crate::read::certificate::format_time;
use crate::relate::chain::{Issuer, Needless, has_expired};
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};
use crate::rules::label::Numbered;
use crate::text;

pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    for related in &view.chain.issuers {
        let Some(issuer) = view.at(related.position) else { continue };
        let can_go = can_go(view, related.position);
        check_may_issue(issuer, related.is_root, findings);
        if let Some(issued) = view.at(related.issued).filter(|_| !can_go) {
            broken::check(issuer, &related.link, issued, findings);
        }
        check_path_length(issuer, related, findings);
        check_validity(issuer, related.is_root, can_go, findings);
        if !related.is_root {
            check_purpose(issuer, findings);
        }
    }
}

/// Whether the chain does not need that certificate.
pub(super) fn can_go(view: View<'_, '_>, position: usize) -> bool {
    let removals = &view.chain.remove;
    removals.iter().any(|removal| removal.position == position && removal.reason != Needless::Copy)
}

static CHAIN_ISSUER_NOT_CA: Rule = Rule {
    code: "chain-issuer-not-ca",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer in the chain is not allowed to issue certificates",
    hint: "Use a certificate that a CA issued. If the CA is your own, issue the CA's certificate again with CA:TRUE and keyCertSign.",
    why: "Only a certificate with CA:TRUE in basicConstraints may issue others, and where it has a keyUsage, keyCertSign must be in it. If \
          clients did not require this, every holder of a server certificate could issue certificates for any name. A self-made CA often lacks \
          one of the two.\n\n\
          Example: a server certificate used as the issuer of another.",
    citations: &[
        "RFC 5280, section 6.1.4 (k) and (n)",
        "RFC 5280, section 4.2.1.9",
        "RFC 5280, section 4.2.1.3",
    ],
    ..Rule::BASE
};

fn check_may_issue(issuer: Numbered<'_, '_>, is_root: bool, findings: &mut Findings<'_>) {
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
        // One that cannot be read breaks the issuer: that is told instead.
        None if certificate.extension_list().basic_constraints_place().is_some() => {}
        None => lacks.push("it has no basicConstraints"),
    }
    if certificate.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        lacks.push("its keyUsage lacks keyCertSign");
    }
    if !lacks.is_empty() {
        let message = issuer
            .message(told!("issued another certificate, but {reasons}", reasons = lacks.join(", and ")));
        findings.add(Finding::new(&CHAIN_ISSUER_NOT_CA, issuer.location(), message));
    }
}

static CHAIN_PATH_LENGTH: Rule = Rule {
    code: "chain-path-length",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer allows fewer CAs below itself than the chain has",
    hint: "Ask for a certificate from a CA that may issue it, or from a CA higher in the chain.",
    why: "pathLenConstraint says how many CA certificates may be between an issuer and the server certificate; 0 means that it issues server \
          certificates only. Clients refuse a longer path. Certificates whose subject equals their issuer do not count.\n\n\
          Example: a sub CA with pathLenConstraint 0 issues another sub CA.",
    citations: &["RFC 5280, section 6.1.4 (l) and (m)", "RFC 5280, section 4.2.1.9"],
    ..Rule::BASE
};

fn check_path_length(issuer: Numbered<'_, '_>, related: &Issuer, findings: &mut Findings<'_>) {
    let below = related.cas_below;
    let allowed = issuer.certificate.basic_constraints().filter(|constraints| constraints.ca);
    let Some(allowed) = allowed.and_then(|constraints| constraints.path_len) else { return };
    if usize::try_from(allowed).is_ok_and(|allowed| allowed < below) {
        let cas = text::count(usize::try_from(allowed).unwrap_or(usize::MAX), "CA");
        let message = issuer.message(told!(
            "allows {cas} below itself (pathLenConstraint), but the chain has {below}",
            allowed = allowed,
            below = below,
        ));
        findings.add(Finding::new(&CHAIN_PATH_LENGTH, issuer.location(), message));
    }
}

static CHAIN_ISSUER_EXPIRED: Rule = Rule {
    code: "chain-issuer-expired",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificate of an issuer has expired",
    hint: "Ask the CA for the current certificate of this issuer and put it in place of the expired one.",
    why: "Clients refuse a path with an expired certificate in it, although the server certificate itself is still valid. Where the path does \
          not need the expired certificate, because it is a root or the chain holds another certificate of the same CA, the finding is a \
          warning: some old clients fail on it, and you can remove it. It is a warning too for the last of several issuers: that is usually an \
          old certificate of a CA that clients know by a newer root. certgate cannot know which roots your clients have.\n\n\
          Example: the cross-signed root that expired in September 2021 and broke many devices.",
    citations: &["RFC 5280, section 6.1.3 (a) (2)"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

pub(super) fn check_validity(
    issuer: Numbered<'_, '_>,
    is_root: bool,
    can_go: bool,
    findings: &mut Findings<'_>,
) {
    let time = findings.time();
    if has_expired(issuer.certificate, time) {
        if is_root {
            report_expired_needless(issuer, can_go, findings);
        } else if can_go {
            report_expired_last(issuer, findings);
        } else {
            report_expired(issuer, findings);
        }
    }
    if let Some(message) = not_yet_valid(issuer, time) {
        findings.add(Finding::new(&CHAIN_ISSUER_NOT_YET_VALID, issuer.location(), message));
    }
}

fn report_expired(issuer: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = expired(issuer, "the chain needs it", findings.time());
    let hint = told!(
        "Ask the CA for the current certificate of \"{renew_subject}\" and put it in place of block {renew}.",
        renew_subject = issuer.certificate.subject().to_string(),
        renew = issuer.number(),
    );
    findings.add(Finding::new(&CHAIN_ISSUER_EXPIRED, issuer.location(), message).hint(hint));
}

/// An expired issuer that the chain can do without; `can_go`: and that a repair leaves out.
pub(super) fn report_expired_needless(issuer: Numbered<'_, '_>, can_go: bool, findings: &mut Findings<'_>) {
    let message = expired(issuer, "the chain does not need it", findings.time());
    let hint = issuer.hint_to_remove();
    let finding =
        Finding::new(&CHAIN_ISSUER_EXPIRED, issuer.location(), message).at_most(Severity::Warning).hint(hint);
    findings.add(if can_go { finding.repairable() } else { finding });
}

/// An expired issuer at the end of a chain with another issuer below.
fn report_expired_last(issuer: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let need = "it is the last of the chain: clients that have a newer root for the certificate before it do not need it";
    let hint = issuer.hint_to_remove();
    let finding =
        Finding::new(&CHAIN_ISSUER_EXPIRED, issuer.location(), expired(issuer, need, findings.time()));
    findings.add(finding.at_most(Severity::Warning).hint(hint).repairable());
}

fn expired(issuer: Numbered<'_, '_>, need: &str, time: Option<OffsetDateTime>) -> Told {
    issuer.message(told!(
        "expired on {not_after} (checked at {time}), and {need}",
        not_after = issuer.certificate.not_after().map(format_time).unwrap_or_default(),
        time = time.map(format_time).unwrap_or_default(),
    ))
}

static CHAIN_ISSUER_NOT_YET_VALID: Rule = Rule {
    code: "chain-issuer-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificate of an issuer is not valid yet",
    hint: "Use the chain only after the issuer's notBefore. Also check the clock of this machine.",
    why: "Clients refuse a path with a certificate in it that is not valid yet, although the server certificate already is. It is sensible to \
          upload before that time, so this is only a warning.\n\n\
          Example: the certificate of a CA's next generation, which begins with the next month, on a machine whose clock is a month late.",
    citations: &["RFC 5280, section 6.1.3 (a) (2)"],
    ..Rule::BASE
};

/// That a certificate is not valid yet at that time; `None` where it is, or where nothing can be said.
pub(crate) fn not_yet_valid(certificate: Numbered<'_, '_>, time: Option<OffsetDateTime>) -> Option<Told> {
    let begin = certificate.certificate.begins();
    let (begin, time) = begin.zip(time).filter(|(begin, time)| time < begin)?;
    Some(certificate.message(told!(
        "is not valid before {not_before} (checked at {time})",
        not_before = format_time(begin),
        time = format_time(time),
    )))
}

static CHAIN_ISSUER_NOT_FOR_SERVERS: Rule = Rule {
    code: "chain-issuer-not-for-servers",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer may not issue certificates for TLS servers",
    hint: "Ask for a certificate from a CA whose extended key usage contains serverAuth, or from a CA without extended key usage.",
    why: "RFC 5280 says nothing about extKeyUsage in a CA's certificate. But OpenSSL, Go, Windows and browsers treat it as a limit on all \
          certificates below the CA. Without serverAuth there, they refuse each server certificate of that CA. OpenSSL does not accept \
          anyExtendedKeyUsage in place of serverAuth.\n\n\
          Example: a server certificate from a company's CA for client certificates.",
    citations: &["CA/Browser BR, section 7.1.2.10.6", "RFC 5280, section 4.2.1.12"],
    ..Rule::BASE
};

fn check_purpose(issuer: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let Some(usage) = issuer.certificate.ext_key_usage().filter(|usage| !usage.server_auth()) else { return };
    let listed = text::list(usage.names());
    let message = issuer.message(told!(
        "may issue for {purposes}, not for serverAuth (extKeyUsage)",
        purposes = if listed.is_empty() { "nothing".to_owned() } else { listed },
    ));
    findings.add(Finding::new(&CHAIN_ISSUER_NOT_FOR_SERVERS, issuer.location(), message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CHAIN_ISSUER_NOT_CA,
    &CHAIN_PATH_LENGTH,
    &CHAIN_ISSUER_EXPIRED,
    &CHAIN_ISSUER_NOT_YET_VALID,
    &CHAIN_ISSUER_NOT_FOR_SERVERS,
];
