use std::collections::HashSet;

use certgate::pem::{Block, BlockKind, Expected};
use certgate::{Content, Severity};
use rustls_pki_types::pem::{PemObject, SectionKind};
use x509_parser::pem::Pem;

use crate::bounds::bounded;
use crate::secrets::Secrets;
use crate::{policy, subject, told};

/// The PEM reader.
///
/// # Panics
/// If a property is broken.
pub fn pem(data: &[u8]) {
    let policy = policy();
    for expected in [Expected::Certificates, Expected::PrivateKey] {
        if let Ok(text) = std::str::from_utf8(data) {
            one(&Content::from_text(text), expected, &policy);
        }
        one(&Content::from_bytes(data), expected, &policy);
    }
}

fn one(content: &Content, expected: Expected, policy: &certgate::Policy) {
    let data = content.as_bytes();
    let read = bounded(data.len(), || subject::read_pem(content, expected, policy));
    told::checked(&read, data);
    assert!(read.value.as_ref().is_none_or(|blocks| !blocks.is_empty()));
    let blocks = read.value.clone().unwrap_or_default();
    // Something is said wherever nothing was read.
    assert!(!blocks.is_empty() || !read.is_ok(), "nothing read and nothing said");
    let bodies: usize = blocks.iter().map(|block| block.der.len()).sum();
    assert!(bodies <= data.len(), "{bodies} bytes read from {}", data.len());
    silent(&read.findings, &blocks, content);

    let is_clean =
        read.findings.iter().all(|finding| finding.severity == Severity::Note && !finding.is_fixable());
    // What is encrypted by headers has no body to compare.
    let is_encrypted = blocks.iter().any(|block| block.kind == BlockKind::EncryptedKey);
    if is_clean && !is_encrypted && !content.is_file() {
        agrees_with_others(&blocks, data);
        reads_again(&blocks, expected, policy);
    }
}

/// No body of a private key is told, wherever it came from.
fn silent(findings: &[certgate::Finding], blocks: &[Block], content: &Content) {
    let keys: Vec<_> = blocks.iter().filter(|block| block.kind == BlockKind::PrivateKey).collect();
    if findings.is_empty() || keys.is_empty() {
        return;
    }
    // A marker line may be quoted: what stands in one is no body.
    let text = content.as_text().unwrap_or_default();
    let markers = text.lines().filter(|line| line.contains("-----"));
    let quotable: HashSet<&[u8]> = markers.flat_map(|line| line.as_bytes().windows(QUOTED)).collect();
    let bodies: Vec<String> = keys.iter().map(|block| certgate_forge::pem::base64(&block.der)).collect();
    let hidden =
        bodies.iter().filter(|body| !body.as_bytes().windows(QUOTED).any(|window| quotable.contains(window)));
    let secrets = Secrets::of(hidden.map(String::as_str));
    for finding in findings {
        secrets.assert_untold(&format!("{finding:?}"), "a finding");
    }
}

/// A body that has so many characters in common with a marker line may be told in part.
const QUOTED: usize = 8;

/// The blocks are those of two other readers wherever these accept the text too.
///
/// What differs, and why it is not compared:
/// - rustls-pki-types knows the labels of [`SectionKind`] only and passes over the rest: so is it here.
/// - x509-parser cuts a label at its first hyphen, and certgate shows control characters in one escaped: with it only the bodies are
///   compared.
fn agrees_with_others(blocks: &[Block], data: &[u8]) {
    let ours: Vec<(&str, &[u8])> =
        blocks.iter().map(|block| (block.label.as_str(), block.der.as_slice())).collect();
    let rustls: Result<Vec<_>, _> = <(SectionKind, Vec<u8>)>::pem_slice_iter(data).collect();
    if let Ok(theirs) = rustls {
        let known: Vec<_> =
            ours.iter().filter_map(|(label, der)| Some((section(label)?, der.to_vec()))).collect();
        assert!(known == theirs, "rustls-pki-types reads other blocks");
    }
    let x509: Result<Vec<Pem>, _> = Pem::iter_from_buffer(data).collect();
    if let Ok(theirs) = x509 {
        let theirs = theirs.iter().map(|pem| pem.contents.as_slice());
        assert!(ours.iter().map(|(_, der)| *der).eq(theirs), "x509-parser reads other blocks");
    }
}

fn section(label: &str) -> Option<SectionKind> {
    SectionKind::try_from(label.as_bytes()).ok()
}

/// Written anew, the blocks are read again without a finding.
fn reads_again(blocks: &[Block], expected: Expected, policy: &certgate::Policy) {
    let text: String =
        blocks.iter().map(|block| certgate_forge::pem::encode(&block.label, &block.der)).collect();
    let read = certgate::pem::parse(&text.into(), expected, policy);
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let again = read.value.unwrap_or_default();
    assert!(blocks.iter().map(|block| &block.der).eq(again.iter().map(|block| &block.der)));
}
