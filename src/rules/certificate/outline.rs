//! The fields of a certificate that are not names, times or extensions.

use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::SignatureAlgorithm;
use crate::read::certificate::fault::{OutlineFault, SerialFault};
use crate::read::certificate::outline::MAX_SERIAL_OCTETS;
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};
use crate::text;

/// The finding on a fault of the outline.
pub(super) fn judge(fault: &OutlineFault<'_>, place: Location) -> Finding {
    match fault {
        OutlineFault::Unreadable(why) => super::encoding::unreadable(*why, place),
        OutlineFault::Version { version, extensions } => check_version(*version, *extensions, place),
        OutlineFault::SerialNumber(fault) => check_serial(*fault, place),
        OutlineFault::AlgorithmsDiffer { inside, beside } => check_algorithms(inside, beside, place),
    }
}

static CERT_VERSION: Rule = Rule {
    code: "cert-version",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate's version is unknown or does not fit its fields",
    hint: "Ask the CA for a version 3 certificate.",
    why: "Versions 1, 2 and 3 exist. Extensions came with version 3, unique identifiers with version 2: OpenSSL, Go and others refuse a \
          certificate that has them under a lower number, or do not read its extensions.\n\n\
          Example: a subject alternative name in a certificate without a version, which means version 1.",
    citations: &["RFC 5280, section 4.1.2.1"],
    hides: &[Hides { code: "cert-version-old", scope: Scope::Block }],
    ..Rule::BASE
};

fn check_version(version: u32, extensions: bool, place: Location) -> Finding {
    let message = match version {
        1 | 2 if extensions => {
            told!("version {version} with extensions, which need version 3", version = version)
        }
        1 | 2 => {
            told!("version {version} with a unique identifier, which needs version 2", version = version)
        }
        0 => "the version is not a number from 1 to 3".into(),
        other => told!("the version is {version}; the highest version is 3", version = other),
    };
    Finding::new(&CERT_VERSION, place, message)
}

static CERT_SERIAL_NUMBER: Rule = Rule {
    code: "cert-serial-number",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The serial number is not a positive number of at most 20 octets",
    hint: "You do not need to do anything for this upload. Report it to the CA, because strict clients may refuse the certificate.",
    why: "A CA must number its certificates with positive integers of at most 20 octets. Other numbers work with most programs. But Go refuses \
          negative numbers, and a revocation check may not find long ones.\n\n\
          Example: a random serial number whose first octet is 0x9C, without the zero octet that makes it positive.",
    citations: &["RFC 5280, section 4.1.2.2"],
    ..Rule::BASE
};

fn check_serial(fault: SerialFault, place: Location) -> Finding {
    let message = match fault {
        SerialFault::Negative => "the serial number is negative".into(),
        SerialFault::Zero => "the serial number is zero".into(),
        SerialFault::TooLong { octets } => {
            let shown = text::count(octets, "octet");
            told!(
                "the serial number has {shown}, more than {most}",
                octets = octets,
                most = MAX_SERIAL_OCTETS
            )
        }
    };
    Finding::new(&CERT_SERIAL_NUMBER, place, message)
}

static CERT_SIGNATURE_ALGORITHMS_DIFFER: Rule = Rule {
    code: "cert-signature-algorithms-differ",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The signature algorithm inside the signed part is not the one beside the signature",
    hint: "Get the certificate from the CA again. This one was changed or was made wrongly, and no client accepts its signature.",
    why: "The algorithm is named twice: inside what is signed, and beside the signature. Only the inner one is protected. If the two \
          could differ, an attacker could choose how the signature is read, so they must be equal octet for octet.\n\n\
          Example: sha256WithRSAEncryption inside, sha1WithRSAEncryption outside.",
    citations: &["RFC 5280, section 4.1.1.2"],
    ..Rule::BASE
};

fn check_algorithms(
    inside: &SignatureAlgorithm<'_>,
    beside: &SignatureAlgorithm<'_>,
    place: Location,
) -> Finding {
    let (inside, outside) = (inside.name(), beside.name());
    let message = if inside == outside {
        told!(
            "{algorithm} is encoded differently inside the signed part and beside the signature",
            algorithm = inside
        )
    } else {
        told!(
            "{inside} inside the signed part, {beside} beside the signature",
            inside = inside,
            beside = outside
        )
    };
    Finding::new(&CERT_SIGNATURE_ALGORITHMS_DIFFER, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_VERSION, &CERT_SERIAL_NUMBER, &CERT_SIGNATURE_ALGORITHMS_DIFFER];
