//! The trusted roots for client certificates, field `trusted_root_ca`.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::chain::{not_yet_valid, note_no_time};
use super::label::{Numbered, join};
use crate::finding::{Checked, Finding, Findings, Told, told};
use crate::location::Location;
use crate::policy::{At, Policy};
use crate::read::certificate::{Certificate, format_time};
use crate::relate::roots::{Roots, Unusable};
use crate::rule::{ApiCode, Mend, Rule, Severity, Stage};

/// Checks the certificates of `trusted_root_ca`. They need not be the issuers of the server's chain: they are for clients.
///
/// `value` is `None` where no certificate is usable. Expiry needs a time. No signature is verified: what is in the list is
/// trusted because it is in the list.
///
/// ```
/// use certgate::certificate::{self, Role};
/// use certgate::{At, Policy, chain};
///
/// let der = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der"));
/// let policy = Policy::default();
/// let root = certificate::check(der, Role::Root, &policy, At::NotEvaluated).value.expect("readable");
/// let checked = chain::check_roots(&[root.clone(), root], &policy, At::NotEvaluated);
/// assert_eq!(checked.findings[0].code(), "root-duplicate");
/// assert_eq!(checked.value.expect("one is usable").usable, [0]);
/// ```
pub fn check(certificates: &[Certificate<'_>], policy: &Policy, at: impl Into<At>) -> Checked<Roots> {
    let mut findings = Findings::at(policy, at.into());
    let roots = read(certificates, &Location::none(), &mut findings);
    findings.checked(roots)
}

/// As [`check`]; `place` is the field, for the finding that nothing in it is usable.
pub(crate) fn read(
    certificates: &[Certificate<'_>],
    place: &Location,
    findings: &mut Findings<'_>,
) -> Option<Roots> {
    let roots = Roots::new(certificates, findings.time());
    judge(&roots, certificates, place, findings);
    Some(roots).filter(|roots| !roots.usable.is_empty())
}

/// Says what is wrong with roots that are sorted already.
pub(crate) fn judge(
    roots: &Roots,
    certificates: &[Certificate<'_>],
    place: &Location,
    findings: &mut Findings<'_>,
) {
    let time = findings.time();
    if time.is_none() {
        note_no_time(findings);
    }
    let copies: BTreeMap<usize, usize> = roots.copies.iter().copied().collect();
    let unusable: BTreeMap<usize, Unusable> = roots.unusable.iter().copied().collect();
    for (index, certificate) in certificates.iter().enumerate() {
        let root = Numbered { certificate, index };
        if let Some(first) = copies.get(&index) {
            let first = certificates.get(*first).map(|certificate| Numbered { certificate, index: *first });
            report_copy(root, first, findings);
        } else if unusable.get(&index) != Some(&Unusable::Expired) {
            check_not_yet_valid(root, time, findings);
            if roots.old.contains(&index) {
                report_version_1(root, findings);
            }
        }
    }
    let unusable: Vec<_> = unusable
        .into_iter()
        .filter_map(|(index, reason)| {
            Some((Numbered { certificate: certificates.get(index)?, index }, reason))
        })
        .collect();
    if roots.usable.is_empty() {
        report_none_usable(&unusable, place, time, findings);
    } else {
        for (root, reason) in unusable {
            report_unusable(root, reason, time, findings);
        }
    }
}

static ROOT_NONE_USABLE: Rule = Rule {
    code: "root-none-usable",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "No usable CA certificate among the trusted roots",
    hint: "Upload the certificate of the CA that issues your clients' certificates: one with CA:TRUE that has not expired.",
    why: "`trusted_root_ca` says whose certificates clients may show. Without a valid CA certificate in it, the gateway cannot accept any \
          client, and mutual TLS fails for everybody.\n\n\
          Example: a client's own certificate uploaded in place of its CA's.",
    citations: &["RFC 5280, section 4.2.1.9", "API page, trusted_root_ca"],
    ..Rule::BASE
};

fn report_none_usable(
    unusable: &[(Numbered<'_, '_>, Unusable)],
    place: &Location,
    time: Option<OffsetDateTime>,
    findings: &mut Findings<'_>,
) {
    let Some((first, _)) = unusable.first() else {
        findings.add(Finding::new(
            &ROOT_NONE_USABLE,
            place.clone(),
            "`trusted_root_ca` does not hold a certificate",
        ));
        return;
    };
    let reasons: Vec<String> =
        unusable.iter().map(|(root, reason)| why_unusable(*root, *reason, time).text.into_owned()).collect();
    let message = told!(
        "no usable CA certificate: {reasons}",
        reasons = join(&reasons, reasons.len()),
        certificates = unusable.len()
    );
    findings.add(Finding::new(&ROOT_NONE_USABLE, first.location(), message));
}

static ROOT_NOT_CA: Rule = Rule {
    code: "root-not-ca",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "One of the trusted roots is not a CA certificate",
    hint: "Remove it, or replace it with the certificate of the CA that you mean.",
    why: "A certificate without CA:TRUE, or with a keyUsage that lacks keyCertSign, cannot issue certificates, so no client certificate comes \
          from it. Some gateways refuse the whole list because of such a certificate.\n\n\
          Example: a server certificate among the roots.",
    citations: &["RFC 5280, section 4.2.1.9", "RFC 5280, section 4.2.1.3"],
    ..Rule::BASE
};

static ROOT_EXPIRED: Rule = Rule {
    code: "root-expired",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "One of the trusted roots has expired",
    hint: "Remove it, or replace it with the CA's current certificate.",
    why: "Clients whose certificates come from an expired CA are refused. If it stays in the list, nobody may notice that the new certificate \
          of this CA is missing.\n\n\
          Example: last decade's client CA beside the current one.",
    citations: &["RFC 5280, section 6.1.1 (d)", "RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn report_unusable(
    root: Numbered<'_, '_>,
    reason: Unusable,
    time: Option<OffsetDateTime>,
    findings: &mut Findings<'_>,
) {
    let rule = match reason {
        Unusable::Expired => &ROOT_EXPIRED,
        Unusable::NotCa | Unusable::SignsNoCertificates => &ROOT_NOT_CA,
    };
    findings.add(Finding::new(rule, root.location(), why_unusable(root, reason, time)));
}

fn why_unusable(root: Numbered<'_, '_>, reason: Unusable, time: Option<OffsetDateTime>) -> Told {
    match reason {
        Unusable::Expired => root.message(told!(
            "expired on {not_after} (checked at {time})",
            not_after = root.certificate.not_after().map(format_time).unwrap_or_default(),
            time = time.map(format_time).unwrap_or_default(),
        )),
        Unusable::NotCa => root.message("is not a CA certificate: it has no CA:TRUE"),
        Unusable::SignsNoCertificates => {
            root.message("is not a CA certificate: its keyUsage lacks keyCertSign")
        }
    }
}

static ROOT_NOT_YET_VALID: Rule = Rule {
    code: "root-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "One of the trusted roots is not valid yet",
    hint: "Leave it in the list if it becomes valid soon. Also check the clock of this machine.",
    why: "Before its notBefore, the gateway does not accept client certificates under this root. A list may hold the next root before its time, \
          so this is only a warning.\n\n\
          Example: the client CA's next root, which begins with the new year.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

fn check_not_yet_valid(root: Numbered<'_, '_>, time: Option<OffsetDateTime>, findings: &mut Findings<'_>) {
    if let Some(message) = not_yet_valid(root, time) {
        findings.add(Finding::new(&ROOT_NOT_YET_VALID, root.location(), message));
    }
}

static ROOT_DUPLICATE: Rule = Rule {
    code: "root-duplicate",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "A trusted root is in the list twice",
    hint: "Remove the second copy.",
    why: "A second copy of a root changes only the size of the list. Often another root was meant to be in its place.\n\n\
          Example: the same file pasted twice instead of two CAs' certificates.",
    citations: &["API page, trusted_root_ca"],
    mend: Some(Mend::Drop),
    ..Rule::BASE
};

fn report_copy(copy: Numbered<'_, '_>, first: Option<Numbered<'_, '_>>, findings: &mut Findings<'_>) {
    let message = copy.message(told!(
        "is the same certificate as block {first}",
        first = first.map_or(0, Numbered::number),
    ));
    let hint = copy.hint_to_remove();
    findings.add(Finding::new(&ROOT_DUPLICATE, copy.location(), message).hint(hint).repairable());
}

static ROOT_VERSION_1: Rule = Rule {
    code: "root-version-1",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "A trusted root is a version 1 certificate",
    hint: "You do not need to do anything for this upload. When the CA renews its root, ask for version 3 with CA:TRUE.",
    why: "Version 1 has no extensions, so nothing in the certificate says that it is a CA. A root is trusted because it is in the list, and \
          most software accepts it. Some software refuses it as an issuer.\n\n\
          Example: roots of the 1990s, and CAs made with `openssl x509 -req -signkey` without extensions.",
    citations: &["RFC 5280, section 6.1.4 (k)", "RFC 5280, section 4.1.2.1"],
    ..Rule::BASE
};

fn report_version_1(root: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = root.message("has version 1: it cannot say that it is a CA");
    findings.add(Finding::new(&ROOT_VERSION_1, root.location(), message));
}

static ROOT_WITH_GLOBAL: Rule = Rule {
    code: "root-with-global",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::ParameterError,
    summary: "Trusted roots have no effect with type global",
    hint: "Set `type` to `instance` and give `instance_id`, or leave `trusted_root_ca` out.",
    why: "The gateway asks clients for certificates only where a certificate belongs to one instance. A global certificate with trusted \
          roots is stored, but no client is ever asked, so mutual TLS that seems to be on is off.\n\n\
          Example: `trusted_root_ca` given without `type`, which is then `global`.",
    citations: &["API page, trusted_root_ca", "API page, type"],
    ..Rule::BASE
};

/// Says that the roots at `place` have no effect, because the form's `type` is `global`.
pub(crate) fn warn_of_global(place: Location, findings: &mut Findings<'_>) {
    let message =
        "`trusted_root_ca` is given, but `type` is `global`: no client will be asked for a certificate";
    findings.add(Finding::new(&ROOT_WITH_GLOBAL, place, message));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &ROOT_NONE_USABLE,
    &ROOT_NOT_CA,
    &ROOT_EXPIRED,
    &ROOT_NOT_YET_VALID,
    &ROOT_DUPLICATE,
    &ROOT_VERSION_1,
    &ROOT_WITH_GLOBAL,
];
