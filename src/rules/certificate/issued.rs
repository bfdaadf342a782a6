//! What a certificate says of the one who issued it: the hash under the signature, the issuer's name.

use crate::finding::{Finding, told};
use crate::read::certificate::Certificate;
use crate::read::certificate::outline::{SIGNATURE_ALGORITHM, TBS};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::version::Raised;

use super::{Judge, Role};

/// Judges what goes to clients: the server's certificate, or an issuer's. What is self-signed is trusted for itself.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    if judge.role == Role::Root || certificate.looks_self_signed() {
        return;
    }
    check_signature(certificate, judge);
    check_name(certificate, judge);
}

static CERT_WEAK_SIGNATURE: Rule = Rule {
    code: "cert-weak-signature",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is signed with a hash function that is broken",
    hint: "Ask the CA to issue the certificate again, signed with SHA-256 or better.",
    why: "For MD5 and SHA-1, attackers can make two texts with the same hash, so a signature proves nothing. Browsers refuse such certificates, \
          and nginx, HAProxy, Apache and others do not start with one in their chain: OpenSSL says \"ca md too weak\". So this rule judges the \
          server's certificate and every issuer in its field. A self-signed certificate is trusted for itself, not for its signature: this rule \
          does not judge it.\n\n\
          Example: sha1WithRSAEncryption by a company CA set up in 2010.",
    citations: &["CA/Browser BR, section 7.1.3.2", "RFC 9155"],
    raised: Some(Raised { since: "0.2.0", cases: None }),
    ..Rule::BASE
};

fn check_signature(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let algorithm = certificate.signature_algorithm();
    let Some(hash) = algorithm.hash().filter(|hash| hash.is_weak()) else { return };
    // Of RSASSA-PSS only the combinations that are in use have a name.
    let name = algorithm.name();
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) { "RSA-PSS" } else { &*name };
    let message = told!("signed with {algorithm}: {hash} is broken", algorithm = name, hash = hash.name());
    let place = judge.place(certificate.outline().signature_algorithm_offset, &SIGNATURE_ALGORITHM);
    let finding = Finding::new(&CERT_WEAK_SIGNATURE, place, message);
    // Servers refuse an issuer like this too.
    judge.add_for_every_role(match judge.role {
        Role::Leaf => finding,
        Role::Issuer | Role::Root => finding.hint(
            "Ask the CA for this issuer's current certificate, signed with SHA-256 or better, and put it in place of this one.",
        ),
    });
}

static CERT_ISSUER_EMPTY: Rule = Rule {
    code: "cert-issuer-empty",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The certificate does not name its issuer",
    hint: "Ask the CA for a certificate with the CA's name as issuer. If the CA is your own, give its certificate a subject first.",
    why: "Clients find the issuer of a certificate by its name, so the name must not be empty. Strict clients refuse a certificate with an empty \
          issuer, others do not find its issuer. A self-signed certificate does not need an issuer, so this rule does not judge it.\n\n\
          Example: a server certificate from a test CA that was made with `-subj /`.",
    citations: &["RFC 5280, section 4.1.2.4"],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_name(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    if certificate.issuer().is_empty() {
        let place = judge.place(certificate.issuer().offset(), &TBS.field("issuer"));
        judge.add_for_every_role(Finding::new(&CERT_ISSUER_EMPTY, place, "the name of the issuer is empty"));
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_WEAK_SIGNATURE, &CERT_ISSUER_EMPTY];
