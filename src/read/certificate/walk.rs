//! The walk over a certificate's DER: where every fault of the encoding becomes a finding, with offset and path.

use crate::der::{self, Element, DerFault, Path, Reader};
use crate::finding::{Finding, Findings};
use crate::location::Location;
use crate::policy::Policy;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

use super::Role;

/// The findings of one rule that a certificate shows before the rest is only counted.
const SHOWN: usize = 20;

static CERT_UNREADABLE: Rule = Rule {
    code: "cert-unreadable",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The block is no certificate that could be read",
    hint: "Take the certificate from the CA again, as PEM or DER; `openssl x509 -in FILE -noout -text` must show it.",
    why: "The outline of a certificate is fixed: a SEQUENCE of the signed part, the signature algorithm and the signature. Where that \
          outline is broken, nothing inside can be trusted to be what it seems, so nothing of the certificate is used.\n\n\
          Most often the base64 was cut in the middle or edited by hand, or the block holds something else under the label \
          CERTIFICATE.\n\n\
          Example: a download that ended early, so that the outer SEQUENCE announces 1,200 octets and 900 are there.",
    citations: &["RFC 5280, section 4.1", "X.690, section 8.1"],
    ..Rule::BASE
};

static CERT_DER: Rule = Rule {
    code: "cert-der",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate is not encoded in DER",
    hint: "Ask the CA to issue the certificate again, encoded in DER; `openssl asn1parse -i -in FILE` shows the element.",
    why: "The signature of a certificate covers exact octets, so X.509 allows only one encoding of each value: DER. Lengths that are \
          indefinite or padded, padded numbers, elements in the wrong place and values outside their type are refused by many TLS \
          libraries (BoringSSL, Go, Rustls), whatever others let pass. Mending them would break the signature, so only the CA can.\n\n\
          Example: a serial number of zero octets, or a SEQUENCE of indefinite length as a BER encoder writes it.",
    citations: &["X.690, sections 8 to 11", "RFC 5280, section 4.1"],
    ..Rule::BASE
};

static CERT_TRAILING_DATA: Rule = Rule {
    code: "cert-trailing-data",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "Octets follow where the certificate or one of its elements ends",
    hint: "Take the certificate from the CA again: a certificate ends with its signature.",
    why: "Octets after the end of an element are outside every rule: one program skips them, another reads them, and the two then see \
          different certificates. After the certificate itself they usually come from a file that was concatenated or padded; inside, \
          from a faulty CA.\n\n\
          Example: a DER file with a line feed at its end, encoded to base64 together with it.",
    citations: &["X.690, section 8.1", "RFC 5280, section 4.1"],
    ..Rule::BASE
};

static CERT_LAX_ENCODING: Rule = Rule {
    code: "cert-lax-encoding",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The certificate uses an encoding that DER forbids but most programs read",
    hint: "Nothing to do for the upload; tell the CA, because strict clients may refuse the certificate.",
    why: "A BOOLEAN that is neither 00 nor FF, a default value that is written out, an RSA algorithm without its NULL parameters: the \
          meaning is clear and most TLS libraries accept it, but strict ones do not, and the certificate is not DER.\n\n\
          Example: basicConstraints with cA FALSE written out, as some private CAs do.",
    citations: &["X.690, sections 11.1, 11.2 and 11.5", "RFC 3279, section 2.2.1"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_UNREADABLE, &CERT_DER, &CERT_TRAILING_DATA, &CERT_LAX_ENCODING];

/// One walk over one certificate: who it is, where it stands, and where findings go.
pub(super) struct Walk<'w, 'p> {
    pub(super) role: Role,
    place: &'w Location,
    findings: &'w mut Findings<'p>,
    told: Vec<(&'static Rule, usize)>,
    broken: bool,
}

impl<'w, 'p> Walk<'w, 'p> {
    pub(super) fn new(role: Role, place: &'w Location, findings: &'w mut Findings<'p>) -> Self {
        Self { role, place, findings, told: Vec::new(), broken: false }
    }

    /// `rule` is broken at an element. A rule that is broken over and over is told 20 times, then counted.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        path: &Path<'_>,
        message: impl FnOnce() -> String,
    ) {
        self.report_as(rule, offset, path, |place| Finding::new(rule, place, message()));
    }

    /// [`report`](Self::report) with a finding that is made for the case.
    pub(super) fn report_as(
        &mut self,
        rule: &'static Rule,
        offset: usize,
        path: &Path<'_>,
        finding: impl FnOnce(Location) -> Finding,
    ) {
        let told = match self.told.iter_mut().find(|(other, _)| *other == rule) {
            Some((_, told)) => {
                *told = told.saturating_add(1);
                *told
            }
            None => {
                self.told.push((rule, 1));
                1
            }
        };
        if told <= SHOWN {
            self.add(finding(self.place.clone().der(offset, path.to_string())));
        }
    }

    /// The rules that are broken and without which no client goes on along a path: faults that are neither of encoding nor of size.
    pub(super) fn path_breakers(&self) -> Vec<&'static Rule> {
        let breakers = [
            &super::extension::CERT_CRITICAL_EXTENSION,
            &super::extension::CERT_DUPLICATE_EXTENSION,
            &super::extension::CERT_PRECERTIFICATE,
            &super::tbs::CERT_SIGNATURE_ALGORITHMS_DIFFER,
            &super::tbs::CERT_VALIDITY_REVERSED,
            &super::time::CERT_TIME_INVALID,
        ];
        self.told.iter().map(|(rule, _)| *rule).filter(|rule| breakers.contains(rule)).collect()
    }

    /// Ends the walk: says how often a rule was broken beyond what was told.
    pub(super) fn finish(mut self) {
        for (rule, told) in std::mem::take(&mut self.told) {
            if told > SHOWN {
                let more = text::count(told.saturating_sub(SHOWN), "more place");
                self.add(Finding::new(
                    rule,
                    self.place.clone(),
                    format!("the same at {more} of the certificate"),
                ));
            }
        }
    }

    fn add(&mut self, finding: Finding) {
        // A site cannot re-encode its CA's certificate.
        let finding = match self.role {
            Role::Leaf => finding,
            Role::Issuer | Role::Root => finding.at_most(Severity::Warning),
        };
        self.findings.add(finding);
    }

    /// The outline is broken: nothing can be handed on, so this is an error for issuers too.
    pub(super) fn unreadable(&mut self, offset: usize, path: &Path<'_>, fault: DerFault) {
        let place = self.place.clone().der(offset, path.to_string());
        let message = format!("cannot be read as a certificate: {fault}");
        let finding = Finding::new(&CERT_UNREADABLE, place, message);
        self.findings.add(if offset == 0 {
            finding.hint(
                "Copy the certificate again from the file that the CA gave: the first line of its base64 may be missing.",
            )
        } else {
            finding
        });
    }

    /// The outline ends before its end: a part was lost, which only the source has.
    pub(super) fn cut_short(&mut self, path: &Path<'_>, lost: &str) {
        let message = format!("the certificate is cut short: {lost}");
        let place = self.place.clone().der(0, path.to_string());
        self.findings.add(Finding::new(&CERT_UNREADABLE, place, message).hint(
            "Copy the certificate again from its source, from the BEGIN line to the END line: part of it is missing.",
        ));
    }

    /// A fault of the encoding that leaves the rest readable.
    pub(super) fn fault(&mut self, offset: usize, path: &Path<'_>, fault: DerFault) {
        self.broken = true;
        let rule = match fault {
            DerFault::Trailing(_) => &CERT_TRAILING_DATA,
            DerFault::BooleanValue(_) | DerFault::DefaultEncoded | DerFault::BitPadding => &CERT_LAX_ENCODING,
            _ => &CERT_DER,
        };
        self.report(rule, offset, path, || fault.to_string());
    }

    /// An encoding that is not DER, described by the reader of keys.
    pub(super) fn not_der(&mut self, offset: usize, path: &Path<'_>, message: impl FnOnce() -> String) {
        self.report(&CERT_DER, offset, path, message);
    }

    /// The policy of the check.
    pub(super) fn policy(&self) -> &'p Policy {
        self.findings.policy()
    }

    /// Says that something was not evaluated.
    pub(super) fn not_evaluated(&mut self, code: &'static str, why: &'static str) {
        self.findings.not_evaluated(code, why);
    }

    /// An encoding that DER forbids but everybody reads.
    pub(super) fn lax(&mut self, offset: usize, path: &Path<'_>, message: impl FnOnce() -> String) {
        self.report(&CERT_LAX_ENCODING, offset, path, message);
    }

    /// The next element, which must have `tag`; a fault is returned, lapses in its length are told.
    pub(super) fn expect<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
        path: &Path<'_>,
    ) -> Result<Element<'a>, (usize, DerFault)> {
        let offset = reader.offset();
        match reader.next() {
            Some(Ok(element)) if element.tag == tag => {
                if let Some(lapse) = element.lapse {
                    self.fault(offset, path, lapse);
                }
                Ok(element)
            }
            Some(Ok(element)) => {
                Err((offset, DerFault::UnexpectedTag { expected: tag, found: element.tag }))
            }
            Some(Err(fault)) => Err((offset, fault)),
            None => Err((offset, DerFault::Absent { expected: tag })),
        }
    }

    /// The next element, which must have `tag`; all faults are told.
    pub(super) fn take<'a>(
        &mut self,
        reader: &mut Reader<'a>,
        tag: u8,
        path: &Path<'_>,
    ) -> Option<Element<'a>> {
        match self.expect(reader, tag, path) {
            Ok(element) => Some(element),
            Err((offset, fault)) => {
                self.fault(offset, path, fault);
                None
            }
        }
    }

    /// Tells of octets after the last element that the schema knows.
    pub(super) fn finish_reader(&mut self, reader: &Reader<'_>, path: &Path<'_>) {
        if reader.left() > 0 {
            self.fault(reader.offset(), path, DerFault::Trailing(reader.left()));
        }
    }

    /// Checks an element and all inside it against the rules of DER that need no schema; says whether there was no fault.
    pub(super) fn check(&mut self, element: &Element<'_>, path: &Path<'_>) -> bool {
        let before = std::mem::take(&mut self.broken);
        der::check(element, path, &mut |offset, path, fault| self.fault(offset, path, fault));
        let clean = !self.broken;
        self.broken |= before;
        clean
    }

    /// Checks the content of a primitive element.
    pub(super) fn check_primitive(&mut self, element: &Element<'_>, path: &Path<'_>) {
        if let Some(fault) = der::primitive_fault(element) {
            self.fault(element.offset, path, fault);
        }
    }
}
