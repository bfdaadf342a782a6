//! The encoding: what is not DER, and what cannot be read as a certificate at all.

use crate::der::DerFault;
use crate::finding::{Finding, Told, told};
use crate::location::Location;
use crate::read::certificate::fault::{EncodingFault, LaxEncoding, Unreadable};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// The finding on a fault of the encoding.
pub(super) fn judge(fault: &EncodingFault<'_>, place: Location) -> Finding {
    match fault {
        EncodingFault::NotDer(fault) => not_der(*fault, place),
        EncodingFault::Trailing(octets) => trailing(*octets, place),
        EncodingFault::Lax(LaxEncoding::Der(fault)) => {
            Finding::new(&CERT_LAX_ENCODING, place, fault.to_string())
        }
        EncodingFault::Lax(LaxEncoding::MissingNull(algorithm)) => missing_null(&algorithm.name(), place),
    }
}

static CERT_UNREADABLE: Rule = Rule {
    code: "cert-unreadable",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The block cannot be read as a certificate",
    hint: "Copy the certificate from its source again, whole: its text was changed or cut. `openssl x509 -in FILE -noout -text` must be able to show it.",
    why: "The outline of a certificate is fixed: a SEQUENCE of the signed part, the signature algorithm and the signature. Where that outline \
          is broken, certgate cannot trust anything inside, so it uses nothing of the certificate.\n\n\
          Most often the base64 was cut in the middle or edited by hand, or the block holds something else under the label CERTIFICATE.\n\n\
          Example: a download that ended early, so that the outer SEQUENCE announces 1,200 octets and 900 are there.",
    citations: &["RFC 5280, section 4.1", "X.690, section 8.1"],
    ..Rule::BASE
};

/// Nothing can be handed on, so this is an error for issuers too.
pub(super) fn unreadable(why: Unreadable, place: Location) -> Finding {
    match why {
        Unreadable::CutShort { announced, given } => {
            let message = cut_short("the certificate", announced, given);
            Finding::new(&CERT_UNREADABLE, place, message).hint(
                "Copy the certificate again from its source, from the BEGIN line to the END line: part of it is missing.",
            )
        }
        Unreadable::Der(fault) => {
            let is_first = place.der_offset == Some(0);
            let message = format!("cannot be read as a certificate: {fault}");
            let finding = Finding::new(&CERT_UNREADABLE, place, message);
            if !is_first {
                return finding;
            }
            finding.hint(
                "Copy the certificate again from the file that the CA gave: the first line of its base64 may be missing.",
            )
        }
    }
}

/// How much of an object is missing, whose first octets announce more than there are.
pub(crate) fn cut_short(what: &str, announced: usize, given: usize) -> Told {
    /// Octets in a line of base64 (RFC 7468, section 2: 64 characters).
    const LINE: usize = 48;
    let missing = announced.saturating_sub(given);
    let lines = match missing.checked_div(LINE).unwrap_or_default() {
        _ if !missing.is_multiple_of(LINE) => String::new(),
        1 => ", as many as one line of base64 holds".to_owned(),
        lines => format!(", as many as {lines} lines of base64 hold"),
    };
    told!(
        "{what} is cut short: {missing} of {announced} octets are missing{lines}",
        missing = missing,
        announced = announced
    )
}

static CERT_DER: Rule = Rule {
    code: "cert-der",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate is not encoded in DER",
    hint: "Ask the CA to issue the certificate again, encoded in DER; `openssl asn1parse -i -in FILE` shows the element.",
    why: "The signature of a certificate covers exact octets, so X.509 allows only one encoding of each value: DER. Lengths that are \
          indefinite or padded, padded numbers, elements in the wrong place and values outside their type are refused by many TLS \
          libraries (BoringSSL, Go, Rustls), even where others accept them. A repair would break the signature, so only the CA can help.\n\n\
          Example: a serial number of zero octets, or a SEQUENCE of indefinite length as a BER encoder writes it.",
    citations: &["X.690, sections 8 to 11", "RFC 5280, section 4.1"],
    ..Rule::BASE
};

fn not_der(fault: DerFault, place: Location) -> Finding {
    let finding = Finding::new(&CERT_DER, place, fault.to_string());
    if fault.is_of_ber() {
        return finding;
    }
    finding.hint(
        "Copy the certificate again from its original file: a character of it was probably changed. If the original has the same error, ask the CA to issue \
         it again, encoded in DER; `openssl asn1parse -i -in FILE` shows the element.",
    )
}

static CERT_TRAILING_DATA: Rule = Rule {
    code: "cert-trailing-data",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "Octets follow where the certificate or one of its elements ends",
    hint: "Copy the certificate again from its original file: characters of it were probably changed or added. If the original has the same error, get it from the CA again.",
    why: "No rule says what octets after the end of an element mean: one program skips them, another reads them, and the two then see \
          different certificates. After the certificate itself they usually come from a file that was concatenated or padded; inside, \
          from a faulty CA.\n\n\
          Example: a DER file with a line feed at its end, encoded to base64 together with it.",
    citations: &["X.690, section 8.1", "RFC 5280, section 4.1"],
    ..Rule::BASE
};

fn trailing(octets: usize, place: Location) -> Finding {
    let shown = text::count(octets, "octet");
    Finding::new(&CERT_TRAILING_DATA, place, told!("{shown} after the last element", octets = octets))
}

static CERT_LAX_ENCODING: Rule = Rule {
    code: "cert-lax-encoding",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate uses an encoding that DER forbids but most programs read",
    hint: "You do not need to do anything for this upload. Report it to the CA, because strict clients may refuse the certificate.",
    why: "A BOOLEAN that is neither 00 nor FF, a default value that is written out, an RSA algorithm without its NULL parameters: the \
          meaning is clear and most TLS libraries accept it, but strict ones do not, and the certificate is not DER.\n\n\
          Example: basicConstraints with cA FALSE written out, as some private CAs do.",
    citations: &["X.690, sections 11.1, 11.2 and 11.5", "RFC 3279, section 2.2.1"],
    ..Rule::BASE
};

/// An algorithm without the NULL that stands for its parameters.
pub(super) fn missing_null(algorithm: &str, place: Location) -> Finding {
    let message =
        told!("the parameters of {algorithm} are missing; they must be NULL", algorithm = algorithm);
    Finding::new(&CERT_LAX_ENCODING, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_UNREADABLE, &CERT_DER, &CERT_TRAILING_DATA, &CERT_LAX_ENCODING];
