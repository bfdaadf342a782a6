//! The list of extensions.

use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::Oid;
use crate::read::certificate::extension;
use crate::read::certificate::fault::ExtensionFault;
use crate::rule::{ApiCode, Rule, Severity, Stage};

/// The finding on a fault of the list.
pub(super) fn judge(fault: &ExtensionFault<'_>, place: Location) -> Finding {
    match fault {
        ExtensionFault::Duplicate(oid) => duplicate(*oid, place),
        ExtensionFault::Critical(oid) => critical(*oid, place),
        ExtensionFault::Precertificate => precertificate(place),
        ExtensionFault::NoConstraints => no_constraints(place),
    }
}

/// The name of an extension with its identifier, or the identifier alone.
fn describe(oid: Oid<'_>) -> String {
    match extension::name_of(oid) {
        Some(name) => format!("{name} ({oid})"),
        None => oid.to_string(),
    }
}

static CERT_DUPLICATE_EXTENSION: Rule = Rule {
    code: "cert-duplicate-extension",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate has the same extension twice",
    hint: "Ask the CA to issue the certificate again with each extension once.",
    why: "With two extensions of one type, one program uses the first and another uses the last, so the certificate means two things. RFC 5280 \
          forbids it, and OpenSSL, Go and Rustls refuse it.\n\n\
          Example: two subject alternative names, one from the request and one from the CA's template.",
    citations: &["RFC 5280, section 4.2"],
    ..Rule::BASE
};

fn duplicate(oid: Oid<'_>, place: Location) -> Finding {
    let message = told!("extension {extension} occurs more than once", extension = describe(oid));
    Finding::new(&CERT_DUPLICATE_EXTENSION, place, message)
}

static CERT_CRITICAL_EXTENSION: Rule = Rule {
    code: "cert-critical-extension",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "An extension that clients do not know is marked critical",
    hint: "Ask the CA to issue the certificate again without the extension, or with the extension not critical.",
    why: "Critical means: a client that does not understand this extension must refuse the certificate. TLS clients understand those of RFC \
          5280 and almost no others, so the gateway would load the certificate, but every client would refuse it. A site whose clients know the \
          extension may lower the severity of this rule.\n\n\
          Example: a private extension under 1.3.6.1.4.1 that a company CA marks critical.",
    citations: &["RFC 5280, section 4.2"],
    ..Rule::BASE
};

fn critical(oid: Oid<'_>, place: Location) -> Finding {
    let message =
        told!("extension {extension} is critical, and TLS clients do not know it", extension = describe(oid));
    Finding::new(&CERT_CRITICAL_EXTENSION, place, message)
}

static CERT_PRECERTIFICATE: Rule = Rule {
    code: "cert-precertificate",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "This is a precertificate, not a certificate",
    hint: "Upload the certificate that the CA issued after this precertificate; it has the same serial number and key.",
    why: "A CA logs a precertificate before it issues the certificate. The poison extension makes sure that no client ever accepts it. \
          It is found in certificate transparency logs, not in what a CA delivers.\n\n\
          Example: a certificate that was downloaded from a log's web page under the heading Precertificate.",
    citations: &["RFC 6962, section 3.1"],
    ..Rule::BASE
};

fn precertificate(place: Location) -> Finding {
    let message = "the certificate has the poison extension of a precertificate";
    Finding::new(&CERT_PRECERTIFICATE, place, message)
}

static CERT_NAME_CONSTRAINTS_EMPTY: Rule = Rule {
    code: "cert-name-constraints-empty",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate has name constraints that do not constrain anything",
    hint: "Ask the CA to issue the certificate again without nameConstraints, or with at least one name in it.",
    why: "nameConstraints must hold at least one permitted or excluded subtree. With none, programs do not agree on what the CA may certify: \
          everything, or nothing. Go does not read such a certificate at all, so an issuer like this breaks its chain (chain-issuer-broken).\n\n\
          Example: a company CA whose template has nameConstraints, but no names.",
    citations: &["RFC 5280, section 4.2.1.10"],
    since: "0.2.0",
    ..Rule::BASE
};

fn no_constraints(place: Location) -> Finding {
    Finding::new(
        &CERT_NAME_CONSTRAINTS_EMPTY,
        place,
        "nameConstraints holds neither a permitted nor an excluded subtree",
    )
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &CERT_DUPLICATE_EXTENSION,
    &CERT_CRITICAL_EXTENSION,
    &CERT_PRECERTIFICATE,
    &CERT_NAME_CONSTRAINTS_EMPTY,
];
