//! What is reported about the pieces of a file.

use serde::Serialize;

use crate::algorithm::AlgorithmType;
use crate::finding::{Finding, NotEvaluated};
use crate::rule::Severity;
use crate::tell::language::Language;
use crate::tell::metadata::CertificateMetadata;

/// Everything that a file holds, and what was found about each piece by itself: no form, no pair, no chain is judged.
///
/// Serialises to the object of the command line's contract without its `schema` and `file`: `certificate` is the first one, `chain` the
/// ones after it, `keys` and `others` the rest; keys without a value are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The first certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Box<CertificateFacts>>,
    /// The certificates after it, in the order of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<CertificateFacts>,
    /// The private keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<PrivateKeyFacts>,
    /// What is neither certificate nor private key, but known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherFacts>,
    /// What was not evaluated, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_evaluated: Vec<NotEvaluated>,
    /// What was found, block by block. No field is named.
    pub findings: Vec<Finding>,
}

impl Inspection {
    /// All certificates, in the order of the file.
    pub fn certificates(&self) -> impl Iterator<Item = &CertificateFacts> {
        self.certificate.as_deref().into_iter().chain(&self.chain)
    }

    /// Puts the sentences, which are English, into another language: those of the findings, and what was not evaluated.
    pub fn tell_in(&mut self, language: Language) {
        self.findings.iter_mut().for_each(|finding| finding.tell_in(language));
        self.not_evaluated.iter_mut().for_each(|entry| entry.tell_in(language));
    }

    /// Whether the file holds something known and no finding is an error.
    pub fn is_ok(&self) -> bool {
        let known = self.certificate.is_some() || !self.keys.is_empty() || !self.others.is_empty();
        known && self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }
}

/// The facts of a certificate. All texts are escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CertificateFacts {
    /// The block in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// The line it begins at, from 1; absent in DER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The fields of the API's response, under the reference's names.
    #[serde(flatten)]
    pub metadata: CertificateMetadata,
    /// RSA, ECC or SM2; absent for a key of another kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm_type: Option<AlgorithmType>,
    /// The whole subject on one line.
    pub subject: String,
    /// The whole issuer on one line. The reference's `issuer` lists its organizations only.
    pub issuer_name: String,
    /// The block whose certificate issued this one, by name and key identifier; its own for a self-issued one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_by: Option<usize>,
    /// Whether the key of that certificate made the signature of this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_signature: Option<LinkSignature>,
    /// Whole days from the time of the check to notAfter, negative once it is over; absent without a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<i64>,
    /// The subject alternative names of every kind, each with its kind before it: `DNS:www.example.com`, `IP:192.0.2.1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_alternative_names: Vec<String>,
    /// The public key.
    pub key: KeyFacts,
    /// The bits of keyUsage (RFC 5280, 4.2.1.3).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key_usage: Vec<&'static str>,
    /// The purposes of extKeyUsage (RFC 5280, 4.2.1.12), dotted where they have no name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ext_key_usage: Vec<String>,
    /// Whether basicConstraints says CA.
    pub is_ca: bool,
    /// The path length of basicConstraints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_len: Option<u32>,
    /// The serial number in hexadecimal, as the certificate has it.
    pub serial_number_hex: String,
    /// subjectKeyIdentifier, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_key_id: Option<String>,
    /// The key identifier of authorityKeyIdentifier, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_key_id: Option<String>,
    /// Where authorityInformationAccess says the issuer's certificate is. Never fetched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ca_issuers: Vec<String>,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint_sha256: String,
    /// SM3 of the certificate, in hexadecimal; for certificates of SM2 keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint_sm3: Option<String>,
}

/// What is known of the signature between a certificate and its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkSignature {
    /// The issuer's key made it.
    Verified,
    /// The issuer's key did not make it.
    Wrong,
    /// The algorithm, or the signer ID of SM2, is not known: nothing can be said.
    NotVerified,
}

/// The facts of a public key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KeyFacts {
    /// `RSA`, a curve's name, or the name of an algorithm that the API does not take.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Bits of the modulus or of the curve's field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<usize>,
    /// SHA-256 of the key's canonical SubjectPublicKeyInfo, in hexadecimal: equal for a certificate and its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki_sha256: Option<String>,
    /// SHA-256 of the SubjectPublicKeyInfo in base64, as a pin (RFC 7469, 2.4): of the octets that a certificate has, else of the canonical ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_sha256: Option<String>,
    /// The data of a TLSA record for the same octets: `3 1 1` and the hexadecimal digits (RFC 6698, section 2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlsa: Option<String>,
}

/// The facts of a private key: nothing but what its public half tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PrivateKeyFacts {
    /// The block in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// The line it begins at, from 1; absent in DER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// `PKCS#8`, `PKCS#1`, `SEC1` or `encrypted`; absent for a key that cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<&'static str>,
    /// Type, size and fingerprint of the public key.
    #[serde(flatten)]
    pub key: KeyFacts,
}

/// Something else that a file can hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OtherFacts {
    /// What it is: `certificate request`, `public key`, …
    pub kind: &'static str,
    /// The block in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block: Option<usize>,
    /// The line it begins at, from 1; absent in DER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// A request's subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The names that a request wants in the subjectAltName.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_alternative_names: Vec<String>,
    /// The public key, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyFacts>,
}
