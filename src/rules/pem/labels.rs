//! The labels of blocks.

use super::{ERROR, Expected, FIXED_WARNING, INSTEAD};
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::pem::container::Container;
use crate::read::pem::fault::{LabelFault, TRUSTED};
use crate::rule::{Mend, Rule};

/// The finding on a label. `None` for what is nothing wrong where `expected` is wanted.
pub(super) fn finding(fault: &LabelFault, expected: Expected, place: Location) -> Option<Finding> {
    Some(match fault {
        LabelFault::NotNeeded { .. } if expected == Expected::Anything => return None,
        LabelFault::NotNeeded { label } => {
            needless(told!("-----BEGIN {label}----- is not part of an upload", label = label.as_str()), place)
        }
        LabelFault::OldCertificate { label } => old_certificate(label, place),
        LabelFault::Unknown { label, meant, .. } => {
            let finding = unknown(label, *meant, place);
            if fault.is_needless() { finding.repairable() } else { finding }
        }
        LabelFault::Wrong { label, body } => wrong(label, *body, place),
    })
}

static PEM_NEEDLESS_BLOCK: Rule = Rule {
    code: "pem-needless-block",
    summary: "A block that is not part of an upload stands beside the certificate or the key",
    hint: "Remove the block, or leave it: the API does not need it.",
    why: "Some web servers read `DH PARAMETERS` from the file of the certificate, and some tools write the public key beside the private one. \
          The gateway uses neither. The public key is compared first: only that of the server's certificate or of the private key beside it is \
          left out.\n\n\
          Example: a `server.pem` for HAProxy, which ends in `-----BEGIN DH PARAMETERS-----`.",
    citations: &["API page, table 3", "RFC 7468, section 13", "PKCS#3, section 9"],
    mend: Some(Mend::Drop),
    since: "0.2.0",
    ..FIXED_WARNING
};

fn needless(message: Told, place: Location) -> Finding {
    Finding::new(&PEM_NEEDLESS_BLOCK, place, message).repairable()
}

/// The finding on the public key that belongs to the server's certificate or to the private key.
pub(super) fn own_public_key(place: Location) -> Finding {
    needless("this is the public key of the certificate or private key beside it".into(), place)
}

static PEM_LABEL: Rule = Rule {
    code: "pem-label",
    summary: "A certificate under a label that the API does not know",
    mend: Some(Mend::Relabel),
    hint: "Convert each block by itself: `openssl x509 -in BLOCK -out NEW.pem` writes the label CERTIFICATE.",
    why: "Certificates have the label `CERTIFICATE`. `X509 CERTIFICATE` is an old name for it, and `TRUSTED CERTIFICATE` is \
          OpenSSL's own form that adds trust settings after the certificate. Go, rustls and others skip blocks with other labels. \
          Where the body is a certificate and nothing else, only the label has to change.\n\n\
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
    if label == TRUSTED {
        return finding;
    }
    finding
        .hint("Write CERTIFICATE as the label in each BEGIN and END line. Do not change the lines between them.")
        .repairable()
}

static PEM_UNKNOWN_LABEL: Rule = Rule {
    code: "pem-unknown-label",
    summary: "A block that is neither certificate nor key",
    hint: "Remove the block, or correct its label.",
    why: "The label says what a block is, in capital letters. A block with a label that is not in use for certificates or keys is an object \
          that the API does not accept, or a label with a typing error.\n\n\
          Example: `-----BEGIN MESSAGE-----`, or a private key under `PRIVATEKEY`.",
    citations: &["RFC 7468, section 4", "API page, table 3"],
    mend: Some(Mend::Drop),
    hides: INSTEAD,
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
pub(crate) static RULES: &[&Rule] = &[&PEM_NEEDLESS_BLOCK, &PEM_LABEL, &PEM_UNKNOWN_LABEL, &PEM_WRONG_LABEL];
