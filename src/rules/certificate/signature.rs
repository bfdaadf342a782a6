//! The hash under a certificate's signature.

use crate::finding::{Finding, told};
use crate::read::certificate::Certificate;
use crate::read::certificate::outline::SIGNATURE_ALGORITHM;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::version::Raised;

use super::{Judge, Role};

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

/// Judges the signature of a certificate that goes to clients: the server's, or an issuer's.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    if judge.role == Role::Root || certificate.looks_self_signed() {
        return;
    }
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

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_WEAK_SIGNATURE];
