//! PEM text to blocks (RFC 7468): strict in what it accepts, patient in what it understands.
//!
//! Text that is damaged but has one reading is read: the damage is a finding with its line and column, and the block is returned
//! as if the text were clean, so that the checks after this one find their faults in the same run and a repair needs only to
//! encode the blocks again. What has no such reading is an error with its line, and there is no block for it; the rest of the
//! text is read all the same.

mod base64;
mod block;
mod body;
pub(crate) mod broken;
pub(crate) mod damage;
pub(crate) mod exposed;
pub(crate) mod flaw;
pub(crate) mod foreign;
mod gap;
pub(crate) mod label;
pub(crate) mod marker;
pub(crate) mod scan;
mod shape;
mod text;
pub(crate) mod unmarked;

pub use block::{Block, BlockKind};
pub(crate) use exposed::KEY_EXPOSED;
pub(crate) use shape::{is_gmt_0016_blob, lost};

use crate::finding::{Checked, Findings};
use crate::location::Location;
use crate::policy::Policy;
use crate::read::form::Content;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use regex::bytes::{Regex, RegexBuilder};

/// What a field is meant to hold. It changes the advice, never what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// One certificate or more.
    Certificates,
    /// One private key.
    PrivateKey,
}

/// The blocks of a PEM text, or of a file in PEM or DER, whatever they are: certificates, keys, or what was pasted instead.
///
/// `content` is the text of a form's field or the bytes of a file ([`Content::from_text`], [`Content::from_bytes`]); `expected` is what the
/// caller wants, for the hints; `policy` bounds the size ([`Policy::content_max_bytes`]). The cost is linear in the size.
///
/// The bodies are decoded, not parsed: that a block's DER is a valid certificate is another check's business.
///
/// # Findings
/// Errors where a block cannot be read (no block is returned for it), where it is neither certificate nor key (its block
/// is returned), and where the text is damaged but understood (its block is returned, and the finding is `fixable`). Warnings and
/// notes as the rules say. `value` is `None` where no block was read.
///
/// Source: RFC 7468; base64 by RFC 4648, section 4, with the padding and the zero bits that it asks for.
///
/// ```
/// use certgate::pem::{self, BlockKind, Expected};
/// use certgate::Policy;
///
/// // A text with a quote and with line ends escaped twice still holds one block.
/// let text = r"'-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'";
/// let read = pem::parse(&text.into(), Expected::Certificates, &Policy::default());
/// let codes: Vec<_> = read.findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["pem-quoted", "pem-escaped-newlines"]);
/// assert!(read.findings.iter().all(|finding| finding.is_fixable()));
///
/// let blocks = read.value.unwrap_or_default();
/// assert_eq!(blocks.len(), 1);
/// assert_eq!(blocks[0].kind, BlockKind::Certificate);
/// assert_eq!(blocks[0].der.as_slice(), [0x30, 0x00]);
/// ```
pub fn parse(content: &Content, expected: Expected, policy: &Policy) -> Checked<Vec<Block>> {
    let mut findings = Findings::new(policy);
    let blocks = read(content, expected, &Location::none(), &mut findings);
    findings.checked((!blocks.is_empty()).then_some(blocks))
}

/// A pattern over bytes. What it learns of a text is kept for the next ones, in a cache that this keeps small: the bound on the memory of a
/// check counts it. `None` for a wrong pattern.
fn pattern(text: &str) -> Option<Regex> {
    const CACHE: usize = 128 * 1024;
    RegexBuilder::new(text).dfa_size_limit(CACHE).build().ok()
}

/// A field of more bytes than the policy allows.
static CONTENT_TOO_LARGE: Rule = Rule {
    code: "content-too-large",
    stage: Stage::Form,
    api: ApiCode::TooLong,
    summary: "A certificate or key field is larger than allowed",
    hint: "Send only the certificates of this chain, or only this key: a chain of ten is below 64 KiB.",
    why: "The size is bounded before anything is read, so that the cost of a check is. The reference page names no limit for \
          cert_content and private_key; the policy's is 2 MiB unless the site chose another.\n\n\
          Example: a whole bundle of CA certificates pasted into trusted_root_ca several times.",
    citations: &["API page, table 3", "CWE-400"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CONTENT_TOO_LARGE];

/// The blocks of `content`, in order, whatever they are; what is damaged or foreign is told to `findings`.
pub(crate) fn read(
    content: &Content,
    expected: Expected,
    place: &Location,
    findings: &mut Findings<'_>,
) -> Vec<Block> {
    let size = content.as_bytes().len();
    let allowed = findings.policy().content_max_bytes;
    if size > allowed {
        let message = format!("{size} bytes, and at most {allowed} are allowed");
        findings.add(crate::finding::Finding::new(&CONTENT_TOO_LARGE, place.clone(), message));
        return Vec::new();
    }
    let mut reader = scan::Reader::new(expected, place, findings);
    reader.content(content);
    reader.finish()
}

/// What most rules of this module have in common.
const ERROR: Rule = Rule { stage: Stage::Pem, api: ApiCode::Invalid, ..Rule::BASE };
const FIXED_WARNING: Rule = Rule { severity: Severity::Warning, ..ERROR };
const NOTE: Rule = Rule { severity: Severity::Note, ..ERROR };

#[cfg(test)]
mod tests;
