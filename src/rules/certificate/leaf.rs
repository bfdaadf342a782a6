//! The rules that only a server certificate has: what clients will say of it.

use crate::algorithm::AlgorithmType;
use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::outline::TBS;
use crate::read::certificate::{Certificate, Extension, attribute};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;
use crate::version::Raised;

use super::{Judge, hosts, validity};

/// Judges a leaf. The faults of its encoding are judged before.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    validity::check_last_day(certificate, judge);
    validity::check(certificate, judge);
    check_names(certificate, judge);
    hosts::judge(certificate, judge);
    check_version(certificate, judge);
    check_purpose(certificate, judge);
    check_usage(certificate, judge);
    if !certificate.looks_self_signed() {
        check_ca(certificate, judge);
    }
}

/// The place of an extension.
fn place_of(extension: &Extension<'_>, judge: &Judge<'_, '_>) -> Location {
    judge.place(extension.offset, &TBS.field("extensions").index(extension.index))
}

static CERT_SAN_MISSING: Rule = Rule {
    code: "cert-san-missing",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::SanMissing,
    summary: "The certificate has no subject alternative name",
    hint: "Request a certificate that has every host in its subject alternative name: `openssl req -new -addext subjectAltName=DNS:…`",
    why: "Browsers and most TLS libraries look for the host only in the subject alternative name, and no longer in the common name, so no \
          client accepts the certificate. The API has an error of its own for it. Most SM2 certificates have no subject alternative name, and \
          their clients know that: for them it is a warning.\n\n\
          Example: a certificate made with `openssl req -x509` without -addext.",
    citations: &[
        "RFC 9525, section 6.3",
        "CA/Browser BR, section 7.1.2.7.12",
        "API family's error table, APIG.2109",
    ],
    raised: Some(Raised { since: "0.2.0", cases: Some("RSA and ECC") }),
    ..Rule::BASE
};

fn check_names(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let is_sm2 = certificate.public_key().and_then(PublicKey::algorithm_type) == Some(AlgorithmType::Sm2);
    let (version, is_old) = (certificate.version(), has_old_version(certificate));
    // Of SM2, the version says it.
    if certificate.may_have_san() || is_sm2 && is_old {
        return;
    }
    let message = match certificate.subject().values(attribute::COMMON_NAME).next_back() {
        _ if is_old => told!(
            "no subject alternative name; a certificate of version {version} cannot have one",
            version = version
        ),
        Some(name) => told!(
            "no subject alternative name; clients do not look at the common name \"{common_name}\"",
            common_name = text::escape(name)
        ),
        None => "no subject alternative name".into(),
    };
    let place = judge.place(certificate.extension_list().offset, &TBS.field("extensions"));
    let finding = Finding::new(&CERT_SAN_MISSING, place, message);
    judge.add(if is_sm2 {
        finding.at_most(Severity::Warning).hint(
            "At the next renewal, put every host into the request's subject alternative name, so that browsers accept it too.",
        )
    } else if is_old {
        finding.raised().hint(
            "Request a version 3 certificate that has every host in its subject alternative name. `openssl x509 -req` makes one if it is given \
             extensions with -extfile.",
        )
    } else {
        finding.raised()
    });
}

fn has_old_version(certificate: &Certificate<'_>) -> bool {
    matches!(certificate.version(), 1 | 2)
}

static CERT_VERSION_OLD: Rule = Rule {
    code: "cert-version-old",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The server's certificate has version 1 or 2",
    hint: "Ask the CA for a version 3 certificate. `openssl x509 -req` makes one if it is given extensions with -extfile.",
    why: "Versions 1 and 2 have no extensions, so the certificate cannot say for which hosts it is. Rustls reads version 3 only. OpenSSL, Go and \
          Java load the older versions, so it is a warning.\n\n\
          Example: a certificate made with `openssl x509 -req` without -extfile, by an older OpenSSL.",
    citations: &["RFC 5280, section 4.1.2.1", "CA/Browser BR, section 7.1.1"],
    since: "0.2.0",
    ..Rule::BASE
};

fn check_version(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let version = certificate.version();
    let is_sm2 = certificate.public_key().and_then(PublicKey::algorithm_type) == Some(AlgorithmType::Sm2);
    // That the subject alternative name is missing says it too, but for SM2, where most have none.
    let is_told = !certificate.may_have_san() && !is_sm2;
    if has_old_version(certificate) && !is_told {
        let place = judge.place(certificate.outline().version_offset, &TBS.field("version"));
        let message = told!("the certificate has version {version}; the current one is 3", version = version);
        judge.add(Finding::new(&CERT_VERSION_OLD, place, message));
    }
}

static CERT_NOT_FOR_SERVERS: Rule = Rule {
    code: "cert-not-for-servers",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is not meant for TLS servers",
    hint: "Ask the CA for a server certificate, with the extended key usage serverAuth.",
    why: "extKeyUsage limits what a certificate is for. Without serverAuth, clients refuse it for a server, even if everything else is right. \
          anyExtendedKeyUsage is not enough for all clients: Go and browsers accept it in place of serverAuth, OpenSSL does not.\n\n\
          Example: a certificate for a client or for signing code was uploaded.",
    citations: &["RFC 5280, section 4.2.1.12", "CA/Browser BR, section 7.1.2.7.10"],
    ..Rule::BASE
};

fn check_purpose(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let Some(usage) = certificate.ext_key_usage().filter(|usage| !usage.server_auth()) else { return };
    let Some(extension) = certificate.extension_list().ext_key_usage_place() else { return };
    let names = text::list(usage.names());
    let purposes = if names.is_empty() { "empty" } else { &names };
    let message = told!(
        "extended key usage is {purposes}, without serverAuth",
        purposes = purposes,
        ext_key_usage = shown(usage.names()),
    );
    let place = place_of(extension, judge);
    judge.add(Finding::new(&CERT_NOT_FOR_SERVERS, place, message));
}

static CERT_USAGE_NOT_FOR_TLS: Rule = Rule {
    code: "cert-usage-not-for-tls",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "keyUsage does not allow what a TLS server does with its key",
    hint: "Ask the CA for a server certificate, with the key usage digitalSignature and, for RSA, also keyEncipherment.",
    why: "In a handshake the server signs with its key, or, in TLS 1.2 with RSA, decrypts with it. Where keyUsage is present and allows \
          neither, clients that check it end the handshake. Other rules check the certificates of an SM2 set.\n\n\
          Example: a certificate for signing documents, with nonRepudiation alone, or a self-signed CA with keyCertSign and cRLSign. (For a CA \
          below another CA, certgate reports cert-ca-as-leaf instead.)",
    citations: &["RFC 5280, section 4.2.1.3", "RFC 8446, section 4.4.2.2", "RFC 8422, section 5.3"],
    ..Rule::BASE
};

fn check_usage(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    // Of a CA below another, cert-ca-as-leaf says what to do.
    if certificate.is_ca() && !certificate.looks_self_signed() {
        return;
    }
    let Some(usage) = certificate.key_usage() else { return };
    let (fits, wanted) = match certificate.public_key().and_then(PublicKey::algorithm_type) {
        Some(AlgorithmType::Rsa) => (
            usage.digital_signature() || usage.key_encipherment(),
            "neither digitalSignature nor keyEncipherment",
        ),
        Some(AlgorithmType::Ecc) => (usage.digital_signature(), "no digitalSignature"),
        Some(AlgorithmType::Sm2) | None => return,
    };
    let extension = certificate.extension_list().key_usage_place();
    let Some(extension) = extension.filter(|_| !fits) else { return };
    let names = text::list(usage.names());
    let bits = if names.is_empty() { "empty" } else { &names };
    let message = told!("keyUsage is {bits}: {wanted}", bits = bits, key_usage = shown(usage.names()));
    let place = place_of(extension, judge);
    judge.add(Finding::new(&CERT_USAGE_NOT_FOR_TLS, place, message));
}

static CERT_CA_AS_LEAF: Rule = Rule {
    code: "cert-ca-as-leaf",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The first certificate is a CA certificate",
    hint: "Upload the server's own certificate first, and this one after it.",
    why: "basicConstraints says that the subject is a CA. A gateway does not need a certificate that can issue others, and a leaked key \
          would do far more harm. Usually the chain is in the wrong order, or the server's certificate is missing.\n\n\
          Example: a file that holds only the intermediate certificate.",
    citations: &["RFC 5280, section 4.2.1.9", "CA/Browser BR, section 7.1.2.7.6"],
    ..Rule::BASE
};

fn check_ca(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    let extension = certificate.extension_list().basic_constraints_place();
    if let Some(extension) = extension.filter(|_| certificate.is_ca()) {
        let message = told!(
            "\"{subject}\" is a CA certificate (basicConstraints CA:TRUE)",
            subject = certificate.subject().to_string()
        );
        let place = place_of(extension, judge);
        judge.add(Finding::new(&CERT_CA_AS_LEAF, place, message));
    }
}

/// Names as facts. They come from a table or are dotted numbers; there are not many.
fn shown<N: Into<String>>(names: impl Iterator<Item = N>) -> Vec<String> {
    const MOST: usize = 20;
    names.take(MOST).map(Into::into).collect()
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&CERT_SAN_MISSING, &CERT_VERSION_OLD, &CERT_NOT_FOR_SERVERS, &CERT_USAGE_NOT_FOR_TLS, &CERT_CA_AS_LEAF];
