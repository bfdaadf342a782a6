//! The trusted roots for client certificates, field `trusted_root_ca`.

use std::collections::BTreeMap;

use super::member::{join, label, not_yet_valid};
use super::name::Comparable;
use crate::finding::{Checked, Finding, Findings};
use crate::location::Location;
use crate::policy::Policy;
use crate::read::certificate::{Certificate, format_time};
use crate::rule::{ApiCode, Rule, Severity, Stage};

static ROOT_NONE_USABLE: Rule = Rule {
    code: "root-none-usable",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "No usable CA certificate among the trusted roots",
    hint: "Upload the certificate of the CA that issues your clients' certificates: one with CA:TRUE that has not expired.",
    why: "`trusted_root_ca` says whose certificates clients may show. With no CA certificate in it, or none that is still valid, the \
          gateway can accept no client at all, and mutual TLS fails for everybody.\n\n\
          Example: a client's own certificate uploaded in place of its CA's.",
    citations: &["RFC 5280, section 4.2.1.9", "API page, trusted_root_ca"],
    ..Rule::BASE
};

static ROOT_NOT_CA: Rule = Rule {
    code: "root-not-ca",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "One of the trusted roots is no CA certificate",
    hint: "Remove it, or replace it by the certificate of the CA that you mean.",
    why: "A certificate without CA:TRUE, or with a keyUsage that lacks keyCertSign, can issue nothing, so trusting it as a root admits no \
          client. Some gateways refuse the whole list for it.\n\n\
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
    hint: "Remove it, or replace it by the CA's current certificate.",
    why: "Clients whose certificates come from an expired CA are refused. Left in the list it hides that this CA's successor is missing.\n\n\
          Example: last decade's client CA beside the current one.",
    citations: &["RFC 5280, section 6.1.1 (d)", "RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

static ROOT_NOT_YET_VALID: Rule = Rule {
    code: "root-not-yet-valid",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "One of the trusted roots is not valid yet",
    hint: "Leave it in the list if its time comes soon; check the clock of this machine.",
    why: "Before its notBefore no client certificate under this root is accepted. A list that is prepared ahead of time may hold the next \
          root, so it is only a warning.\n\n\
          Example: the client CA's next root, which begins with the new year.",
    citations: &["RFC 5280, section 4.1.2.5"],
    ..Rule::BASE
};

static ROOT_DUPLICATE: Rule = Rule {
    code: "root-duplicate",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "A trusted root is in the list twice",
    hint: "Remove the second copy.",
    why: "A second copy of a root changes nothing but the size of the list. It often stands where another root was meant to be.\n\n\
          Example: the same file pasted twice instead of two CAs' certificates.",
    citations: &["API page, trusted_root_ca"],
    ..Rule::BASE
};

static ROOT_VERSION_1: Rule = Rule {
    code: "root-version-1",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "A trusted root is a version 1 certificate",
    hint: "Nothing to do for the upload; when the CA renews its root, let it be version 3 with CA:TRUE.",
    why: "Version 1 has no extensions, so nothing in the certificate says that it is a CA. A root is trusted because it is in the list, \
          and most software accepts it; some refuses it as an issuer.\n\n\
          Example: roots of the 1990s, and CAs made with `openssl x509 -req -signkey` without extensions.",
    citations: &["RFC 5280, section 6.1.4 (k)", "RFC 5280, section 4.1.2.1"],
    ..Rule::BASE
};

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

/// What became of the trusted roots. All numbers are positions in the input, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Roots {
    /// CA certificates that have not expired, each once; also those that are not valid yet.
    pub usable: Vec<usize>,
    /// Second copies, which can be left out.
    pub copies: Vec<usize>,
}

/// Checks the certificates of `trusted_root_ca`. They need not be the issuers of the server's chain: they are for clients.
///
/// `value` is `None` where no certificate is usable. Expiry needs the policy's time. No signature is verified: what is in the list is
/// trusted because it is in the list.
///
/// ```
/// use certgate::certificate::{self, Role};
/// use certgate::{Policy, chain};
///
/// let der = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der"));
/// let policy = Policy::default();
/// let root = certificate::check(der, Role::Root, &policy).value.expect("readable");
/// let checked = chain::check_roots(&[root.clone(), root], &policy);
/// assert_eq!(checked.findings[0].code(), "root-duplicate");
/// assert_eq!(checked.value.expect("one is usable").usable, [0]);
/// ```
pub fn check(certificates: &[Certificate<'_>], policy: &Policy) -> Checked<Roots> {
    let mut findings = Findings::new(policy);
    let roots = read(certificates, &Location::none(), &mut findings);
    findings.checked(roots)
}

/// As [`check`]; `place` is the field, for the finding that nothing in it is usable.
pub(crate) fn read(
    certificates: &[Certificate<'_>],
    place: &Location,
    findings: &mut Findings<'_>,
) -> Option<Roots> {
    if findings.policy().time.is_none() {
        super::note_no_time(findings);
    }
    let mut roots = Roots { usable: Vec::new(), copies: Vec::new() };
    let mut seen: BTreeMap<&[u8], usize> = BTreeMap::new();
    let mut reasons = Vec::new();
    for (index, certificate) in certificates.iter().enumerate() {
        if let Some(first) = seen.get(certificate.der()) {
            let first = certificates.get(*first).map(|first| block(first, index)).unwrap_or_default();
            let message = format!("{} is the same certificate as {first}", label(certificate, index));
            let hint = format!("Remove {}.", block(certificate, index));
            findings.add(
                Finding::new(&ROOT_DUPLICATE, certificate.location().clone(), message).hint(hint).fixable(),
            );
            roots.copies.push(index);
            continue;
        }
        seen.insert(certificate.der(), index);
        match judge(certificate, index, findings) {
            None => roots.usable.push(index),
            Some(reason) => reasons.push(reason),
        }
    }
    if !roots.usable.is_empty() {
        for (rule, location, message) in reasons {
            findings.add(Finding::new(rule, location, message));
        }
        return Some(roots);
    }
    let location = reasons.first().map_or_else(|| place.clone(), |(_, location, _)| location.clone());
    let message = if reasons.is_empty() {
        "`trusted_root_ca` holds no certificate".to_owned()
    } else {
        let reasons: Vec<String> = reasons.into_iter().map(|(_, _, message)| message).collect();
        format!("no usable CA certificate: {}", join(&reasons))
    };
    findings.add(Finding::new(&ROOT_NONE_USABLE, location, message));
    None
}

/// Tells that the roots at `place` have no effect, because the form's `type` is `global`.
pub(crate) fn warn_of_global(place: Location, findings: &mut Findings<'_>) {
    let message =
        "`trusted_root_ca` is given, but `type` is `global`: no client will be asked for a certificate";
    findings.add(Finding::new(&ROOT_WITH_GLOBAL, place, message));
}

/// Why a root is not usable, if it is not.
fn judge(
    certificate: &Certificate<'_>,
    index: usize,
    findings: &mut Findings<'_>,
) -> Option<(&'static Rule, Location, String)> {
    let fault = |rule, what: String| {
        Some((rule, certificate.location().clone(), format!("{} {what}", label(certificate, index))))
    };
    let time = findings.policy().time;
    if let (Some(end), Some(time)) = (certificate.not_after(), time)
        && end < time
    {
        return fault(
            &ROOT_EXPIRED,
            format!("expired on {} (checked at {})", format_time(end), format_time(time)),
        );
    }
    if let Some(message) = not_yet_valid(certificate, index, time) {
        findings.add(Finding::new(&ROOT_NOT_YET_VALID, certificate.location().clone(), message));
    }
    let is_old_root = certificate.version() == 1
        && Comparable::new(certificate.subject()) == Comparable::new(certificate.issuer());
    if is_old_root {
        let message = format!("{} has version 1: it cannot say that it is a CA", label(certificate, index));
        findings.add(Finding::new(&ROOT_VERSION_1, certificate.location().clone(), message));
    } else if !certificate.is_ca() {
        return fault(&ROOT_NOT_CA, "is no CA certificate: it has no CA:TRUE".to_owned());
    } else if certificate.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        return fault(&ROOT_NOT_CA, "is no CA certificate: its keyUsage lacks keyCertSign".to_owned());
    }
    None
}

fn block(certificate: &Certificate<'_>, index: usize) -> String {
    format!("block {}", certificate.location().block.unwrap_or(index.saturating_add(1)))
}
