//! The labels of blocks.

use super::ERROR;
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::container::Container;
use crate::read::pem::fault::LabelFault;
use crate::rule::Rule;

/// The finding on a label.
pub(super) fn finding(fault: &LabelFault, place: Location) -> Finding {
    match fault {
        LabelFault::OldCertificate { label } => old_certificate(label, place),
        LabelFault::Unknown { label, meant } => unknown(label, *meant, place),
        LabelFault::Wrong { label, body } => wrong(label, *body, place),
    }
}

static PEM_LABEL: Rule = Rule {
    code: "pem-label",
    summary: "A certificate under a label that the API does not know",
    hint: "Convert each block by itself: `openssl x509 -in BLOCK -out NEW.pem` writes the label CERTIFICATE.",
    why: "Certificates have the label `CERTIFICATE`. `X509 CERTIFICATE` is an old name for it, and `TRUSTED CERTIFICATE` is \
          OpenSSL's own form that adds trust settings after the certificate. Most readers skip blocks with other labels.\n\n\
          Example: the output of `openssl x509 -trustout`.",
    citations: &["RFC 7468, section 5.1", "RFC 7468, section 4"],
    ..ERROR
};

fn old_certificate(label: &str, place: Location) -> Finding {
    let message = told!(
        "-----BEGIN {label}----- is not the label of a certificate, which is CERTIFICATE",
        label = label
    );
    let finding = Finding::new(&PEM_LABEL, place, message);
    if label == "X509 CERTIFICATE" {
        finding.hint(
            "Write CERTIFICATE as the label in each BEGIN and END line. Do not change the lines between them.",
        )
    } else {
        finding
    }
}

static PEM_UNKNOWN_LABEL: Rule = Rule {
    code: "pem-unknown-label",
    summary: "A block that is neither certificate nor key",
    hint: "Remove the block, or correct its label.",
    why: "The label says what a block is, in capital letters. A block with a label that is not in use for certificates or keys is an object \
          that the API does not accept, or a label with a typing error.\n\n\
          Example: `DH PARAMETERS` in a file that a web server read, or `CERTFICATE`.",
    citations: &["RFC 7468, section 4", "API page, table 3"],
    ..ERROR
};

fn unknown(label: &str, meant: Option<&'static str>, place: Location) -> Finding {
    let message = told!("-----BEGIN {label}----- is neither a certificate nor a key", label = label);
    let finding = Finding::new(&PEM_UNKNOWN_LABEL, place, message);
    match meant {
        Some(meant) => finding
            .hint(told!("Write {meant} as the label, in the BEGIN line and in the END line.", meant = meant)),
        None => finding,
    }
}

static PEM_WRONG_LABEL: Rule = Rule {
    code: "pem-wrong-label",
    summary: "A certificate under the label of a key, or a key under the label of a certificate",
    hint: "Use the BEGIN and END lines that fit the body: the label is CERTIFICATE for a certificate, and PRIVATE KEY for a key.",
    why: "Readers choose by the label and then fail on the body. If a private key has the label of a certificate, programs also handle it as \
          public data.\n\n\
          Example: the base64 of a certificate pasted between BEGIN and END PRIVATE KEY.",
    citations: &["RFC 7468, section 5.1", "RFC 7468, section 10"],
    ..ERROR
};

fn wrong(label: &str, body: Container, place: Location) -> Finding {
    let body = if body.is_key() { "private key" } else { "certificate" };
    let message = told!("the body of -----BEGIN {label}----- is a {body}", label = label, body = body);
    Finding::new(&PEM_WRONG_LABEL, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_LABEL, &PEM_UNKNOWN_LABEL, &PEM_WRONG_LABEL];
