//! A server certificate that names itself as its issuer: who signed it.

use super::View;
use super::links::{report_empty_id, report_unverified};
use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, Findings, told};
use crate::read::certificate::outline::TBS;
use crate::relate::chain::{OwnSignature, is_self_issued};
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::rules::label::Numbered;

pub(super) fn check(view: View<'_, '_>, findings: &mut Findings<'_>) {
    let (Some(leaf), Some(own)) = (view.at(view.chain.leaf), &view.chain.own_signature) else { return };
    match own {
        OwnSignature::Fits => note_self_signed(leaf, findings),
        OwnSignature::FitsEmptyId => {
            note_self_signed(leaf, findings);
            report_empty_id(leaf, leaf, findings);
        }
        // Of a key that the API does not take, other findings say enough.
        OwnSignature::NotVerified(_)
            if leaf.certificate.public_key().and_then(PublicKey::algorithm_type).is_none() =>
        {
            note_self_signed(leaf, findings);
            findings.not_evaluated("link", format!("whether block {} signed itself", leaf.number()));
        }
        OwnSignature::NotVerified(why) => {
            note_self_signed(leaf, findings);
            report_unverified(why, leaf, leaf, findings);
        }
        OwnSignature::OfItsSet => report_of_its_set(leaf, findings),
        OwnSignature::OfNamesake { is_named } => report_namesake(view, leaf, *is_named, findings),
        OwnSignature::Wrong => report_wrong(leaf, findings),
    }
}

static CERT_SELF_SIGNED: Rule = Rule {
    code: "cert-self-signed",
    severity: Severity::Note,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is self-signed",
    hint: "You do not need to do anything if clients have this certificate in their trust store. Otherwise request a certificate from a CA.",
    why: "The issuer is the subject itself, so no CA vouches for the key. Clients accept it only if they have it in their trust store. The API \
          accepts it.\n\n\
          Example: a certificate for a test gateway, made with `openssl req -x509`.",
    citations: &["RFC 5280, section 3.2"],
    ..Rule::BASE
};

fn note_self_signed(leaf: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let certificate = leaf.certificate;
    let message = told!(
        "issuer and subject are both {subject}: certgate treats it as self-signed",
        subject = certificate.subject().to_string()
    );
    let place = leaf.location().der(certificate.issuer().offset(), TBS.field("issuer").to_string());
    findings.add(Finding::new(&CERT_SELF_SIGNED, place, message));
}

static CERT_SELF_SIGNATURE: Rule = Rule {
    code: "cert-self-signature",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Invalid,
    summary: "A self-signed certificate was changed after it was signed",
    hint: "Copy the certificate again from its original file. If this finding stays, replace the certificate. If it is self-signed, make a new \
           one. If a CA issued it, ask that CA for one with another subject than the CA's own: clients take this one for self-signed, and refuse it.",
    why: "A self-signed certificate is signed with its own key, so its signature can be verified without any other certificate. Where it does \
          not fit, at least one byte of the certificate is not the one that was signed. Servers load such a certificate, because they do not \
          verify it; clients refuse it.\n\n\
          Example: one character of the base64 was typed over by mistake.",
    citations: &["RFC 5280, section 3.2", "RFC 5280, section 6.1.3 (a) (1)", "APIG.2106"],
    since: "0.2.0",
    ..Rule::BASE
};

fn report_wrong(leaf: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    // Which of the two algorithms made the signature is not known; that it names two is a finding of its own.
    if leaf.certificate.names_two_signature_algorithms() {
        let block = leaf.number();
        let why = format!("whether block {block} signed itself: it names two signature algorithms");
        return findings.not_evaluated("link", why);
    }
    if is_self_issued(leaf.certificate) {
        let message = leaf.message(
            "names itself as its issuer, but its own key did not make its signature: the certificate was changed after it was signed, or a CA \
             of the same name signed it",
        );
        return findings.add(Finding::new(&CERT_SELF_SIGNATURE, leaf.location(), message));
    }
    let message = leaf.message(
        "names its own key as its issuer's (authorityKeyIdentifier), but that key did not make its signature: the certificate was changed \
         after it was signed",
    );
    let finding = Finding::new(&CERT_SELF_SIGNATURE, leaf.location(), message);
    findings.add(finding.hint(
        "Copy the certificate from its original file again. If this finding stays, have the certificate issued again, with the \
         authorityKeyIdentifier of the CA's key.",
    ));
}

static CERT_ISSUER_SAME_NAME: Rule = Rule {
    code: "cert-issuer-same-name",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The server certificate has the same name as the CA that signed it",
    hint: "Ask the CA for a new server certificate with another subject than the CA's own; the key can stay. Clients think that a certificate \
           which names itself as its issuer is self-signed, and refuse it.",
    why: "A client sees a certificate whose subject and issuer are one name, takes it for self-signed, verifies the signature with the \
          certificate's own key, and refuses. OpenSSL says \"self-signed certificate\" (error 18), even if it trusts the CA. Where the \
          authorityKeyIdentifier of the server certificate names the CA's key, most clients find the CA, so the finding is a warning. It is a \
          warning too where the signature key of an SM2 set signed the set's encryption certificate.\n\n\
          Example: a CA and a server certificate that were both made with `-subj \"/CN=example.com\"`.",
    citations: &["RFC 5280, section 4.1.2.4", "RFC 5280, section 4.2.1.1", "RFC 5280, section 6.1"],
    // Whoever leaves out the CA is told next that the signature is wrong.
    hides: &[
        Hides { code: "chain-leaf-alone", scope: Scope::Block },
        Hides { code: "chain-root-included", scope: Scope::Field },
    ],
    since: "0.2.0",
    ..Rule::BASE
};

/// `is_named`: the certificate names the key of a CA that is here.
fn report_namesake(view: View<'_, '_>, leaf: Numbered<'_, '_>, is_named: bool, findings: &mut Findings<'_>) {
    let subject = leaf.certificate.subject().to_string();
    let message = match view.chain.path.get(1).and_then(|above| view.at(*above)) {
        Some(ca) => told!(
            "has the same name as block {issuer_block}, which signed it: {subject}",
            issuer_block = ca.number(),
            subject = subject,
        ),
        None => told!(
            "has the same name as its issuer, {subject}, but another key signed it; the certificate of that key is not included",
            subject = subject,
        ),
    };
    let finding = Finding::new(&CERT_ISSUER_SAME_NAME, leaf.location(), leaf.message(message));
    findings.add(if is_named { finding.at_most(Severity::Warning) } else { finding });
}

fn report_of_its_set(leaf: Numbered<'_, '_>, findings: &mut Findings<'_>) {
    let message = leaf.message(told!(
        "has the same name as its issuer, {subject}, and the signature key of its own set signed it",
        subject = leaf.certificate.subject().to_string(),
    ));
    let hint = "Ask the CA to sign the encryption certificate with the CA's own key.";
    let finding = Finding::new(&CERT_ISSUER_SAME_NAME, leaf.location(), message).hint(hint);
    findings.add(finding.at_most(Severity::Warning));
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_SELF_SIGNED, &CERT_SELF_SIGNATURE, &CERT_ISSUER_SAME_NAME];
