//! The entry points under test. With the feature `planted` each has a bug that its target's properties must find.

use certgate::certificate::{self, Certificate, Role};
use certgate::containers::{self, Assembly, Object};
use certgate::internals::Mismatch;
use certgate::internals::PublicKey;
use certgate::key::PrivateKey;
use certgate::pem::{Block, Expected};
use certgate::repair::Repaired;
use certgate::{Accepted, At, CertificateForm, Checked, Content, Policy, Rejected, name};

use crate::NOW;

const PLANTED: bool = cfg!(feature = "planted");

/// Planted: a hyphen passes after a digit.
pub(crate) fn check_name(text: &str, policy: &Policy) -> Checked<name::CertificateName> {
    if PLANTED && text.contains("7-") {
        return name::check(&text.replace("7-", "7_"), policy);
    }
    name::check(text, policy)
}

/// Planted: the last byte of a block is lost where the text has CRLF line ends and more than one block.
pub(crate) fn read_pem(content: &Content, expected: Expected, policy: &Policy) -> Checked<Vec<Block>> {
    let mut read = certgate::pem::parse(content, expected, policy);
    if PLANTED
        && content.as_bytes().windows(2).any(|pair| pair == b"\r\n")
        && let Some([_, .., last]) = read.value.as_deref_mut()
    {
        last.der.pop();
    }
    read
}

/// Planted: a certificate passes with one byte behind it if that byte is 0x5a.
pub(crate) fn check_certificate<'a>(der: &'a [u8], role: Role, policy: &Policy) -> Checked<Certificate<'a>> {
    match der.split_last() {
        Some((0x5a, less)) if PLANTED => certificate::check(less, role, policy, NOW),
        _ => certificate::check(der, role, policy, NOW),
    }
}

/// Planted: the last byte of a key of an odd number of bytes is not looked at.
pub(crate) fn prove_itself(key: &PrivateKey, der: &[u8]) -> Result<PublicKey, Mismatch> {
    match key.public_key() {
        Err(Mismatch::SelfContradiction(_)) if PLANTED && der.len() % 2 == 1 => planted_key(),
        result => result,
    }
}

fn planted_key() -> Result<PublicKey, Mismatch> {
    let spki = certgate_forge::key::rsa2048(0).spki().encode();
    Ok(PublicKey::from_spki_der(&spki).expect("a key of the forge"))
}

/// Planted: a key that contradicts itself passes where its DER has an even sum of bytes.
pub(crate) fn prove(public: &PublicKey, key: &PrivateKey, der: &[u8]) -> Result<(), Mismatch> {
    match certgate::internals::prove(public, key) {
        Err(Mismatch::SelfContradiction(_))
            if PLANTED && der.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) % 2 == 0 =>
        {
            Ok(())
        }
        result => result,
    }
}

/// Planted: a policy that overrides severities hides the last finding of a rejected form with more than five.
pub(crate) fn validate(
    form: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
) -> Result<Accepted, Box<Rejected>> {
    certgate::validate(form, policy, at)
}

/// The findings of a report; the planted bug of [`validate`].
pub(crate) fn facts(report: &certgate::Report, policy: &Policy) -> Vec<(String, String)> {
    let mut facts: Vec<_> =
        report.findings.iter().map(|f| (f.code().to_owned(), format!("{:?}", f.location))).collect();
    if PLANTED && !policy.severity.is_empty() && facts.len() > 5 {
        facts.pop();
    }
    facts
}

/// Planted: the last block of `cert_content` is lost where three or more edits were made.
pub(crate) fn repair(form: &CertificateForm, policy: &Policy) -> Repaired {
    let mut repaired = certgate::repair::repair(form, policy, NOW);
    if PLANTED && repaired.edits.len() >= 3 {
        let text = repaired.form.cert_content.as_ref().and_then(Content::as_text).unwrap_or_default();
        if let Some(at) = text.rfind("-----BEGIN").filter(|at| *at > 0) {
            repaired.form.cert_content = Some(text[..at].to_owned().into());
        }
    }
    repaired
}

/// Planted: what is not proven is called proven where it has an even number of parts.
pub(crate) fn assemble(objects: &[Object], policy: &Policy) -> Assembly {
    let mut assembly = containers::assemble(objects, Some("forge_test"), policy, NOW);
    for set in assembly.sets.iter_mut().filter(|set| PLANTED && set.parts.len() % 2 == 0) {
        set.is_proven = true;
    }
    assembly
}

/// Planted: the text of a number below zero is lost where it is long.
pub(crate) fn crossed(status: i32, text: Option<String>) -> (i32, Option<String>) {
    let text = text.filter(|text| !PLANTED || status >= 0 || text.len() < 100);
    (status, text)
}

/// Planted: the message of an error quotes the input where it has a tab.
pub(crate) fn read_form(json: &[u8]) -> Result<CertificateForm, String> {
    serde_json::from_slice(json).map_err(|error| {
        if PLANTED && json.contains(&b'\t') {
            String::from_utf8_lossy(json).into_owned()
        } else {
            error.to_string()
        }
    })
}
