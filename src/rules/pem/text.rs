//! The text of a field as a whole: too large, empty, or not PEM.

use super::{ERROR, Expected, exposed};
use crate::finding::{Finding, told};
use crate::location::{Field, Location};
use crate::read::pem::fault::{NotPem, TextFault};
use crate::rule::{ApiCode, Rule, Stage};

/// The finding on a text; `None` where what is found breaks no rule here.
pub(super) fn finding(
    fault: &TextFault,
    expected: Expected,
    public: Option<Field>,
    place: Location,
) -> Option<Finding> {
    Some(match fault {
        TextFault::TooLarge { bytes, allowed } => too_large(*bytes, *allowed, place),
        TextFault::NotPem(what) => not_pem(*what, expected, place),
        TextFault::PrintedKey => exposed::printed(public?, place),
        TextFault::Empty | TextFault::OnlySpaces | TextFault::EmptyBlock { .. } => {
            empty(fault, expected, place)
        }
    })
}

static CONTENT_TOO_LARGE: Rule = Rule {
    code: "content-too-large",
    stage: Stage::Form,
    api: ApiCode::TooLong,
    summary: "A certificate or key field is larger than allowed",
    hint: "Send only the certificates of this chain, or only this key: a chain of ten is below 64 KiB.",
    why: "certgate checks the size before it reads anything, so that no check costs too much. The reference page names no limit for \
          cert_content and private_key. The limit of the policy is 2 MiB unless the site sets another.\n\n\
          Example: a whole bundle of CA certificates pasted into trusted_root_ca several times.",
    citations: &["API page, table 3", "CWE-400"],
    ..ERROR
};

fn too_large(bytes: usize, allowed: usize, place: Location) -> Finding {
    let message =
        told!("the text has {bytes} bytes; at most {allowed} are allowed", bytes = bytes, allowed = allowed);
    Finding::new(&CONTENT_TOO_LARGE, place, message)
}

static PEM_EMPTY: Rule = Rule {
    code: "pem-empty",
    summary: "A field, or a block in it, is empty",
    hint: "Paste the PEM text, from -----BEGIN to -----END, both lines included.",
    why: "The field, or a block in it, holds nothing but spaces and line ends. Usually a variable was empty or a file was not found when the \
          request was put together.\n\n\
          Example: `\"private_key\": \"\\n\"`",
    citations: &["API page, table 3", "RFC 7468, section 3"],
    ..ERROR
};

fn empty(fault: &TextFault, expected: Expected, place: Location) -> Finding {
    let is_file = expected == Expected::Anything;
    let message = match fault {
        TextFault::EmptyBlock { label } => {
            return Finding::new(
                &PEM_EMPTY,
                place,
                told!("the block -----BEGIN {label}----- is empty", label = label.as_str()),
            );
        }
        TextFault::OnlySpaces => "there are only spaces and line ends",
        _ if is_file => "the file is empty",
        _ => "the field is empty",
    };
    let finding = Finding::new(&PEM_EMPTY, place, message);
    if is_file {
        finding.hint("Give a file that holds a certificate, a key or a request, in PEM or DER.")
    } else {
        finding
    }
}

static PEM_NOT_PEM: Rule = Rule {
    code: "pem-not-pem",
    summary: "The text is not PEM",
    hint: "Paste the PEM text, from -----BEGIN to -----END, both lines included.",
    why: "The API accepts certificates and keys as PEM: base64 between a BEGIN and an END line. This text has no such line, and it is not of \
          any other format that certgate knows.\n\n\
          Example: the name of the certificate in place of its content.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..ERROR
};

fn not_pem(what: NotPem, expected: Expected, place: Location) -> Finding {
    let finding = |message: &'static str| Finding::new(&PEM_NOT_PEM, place.clone(), message);
    match what {
        NotPem::Der => finding("this is DER, which is not text"),
        NotPem::NoText => finding("these bytes are not text, and not the DER of a certificate or key"),
        NotPem::Destroyed => {
            finding("this is a binary file that was read as text; that destroyed its content")
                .hint("Convert the file to PEM first, and paste that.")
        }
        NotPem::UrlEncoded => {
            finding("this is URL-encoded").hint("Decode the URL encoding first; `%0A` is a line end.")
        }
        NotPem::Unknown => finding(match expected {
            Expected::Anything => "a certificate or key is expected, but there is no BEGIN line",
            Expected::Certificates => "a certificate is expected, but there is no BEGIN line",
            Expected::PrivateKey => "a private key is expected, but there is no BEGIN line",
        }),
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CONTENT_TOO_LARGE, &PEM_EMPTY, &PEM_NOT_PEM];
