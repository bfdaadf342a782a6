//! Judge the reading of PEM text: which rules the faults of a field break, and what to do about them.
//!
//! Reading knows no rules ([`crate::read::pem`]); what a field is meant to hold ([`Expected`]) only decides the advice given here. One file a
//! subject: [`text`] is about the text as a whole, [`damage`] about what is understood all the same, [`around`] about text outside the blocks, [`markers`] and [`labels`] about BEGIN
//! and END lines, [`base64`] about what is between them, [`pasted`] about other things than certificates and keys, and [`exposed`] about
//! private keys in a field that is published.

pub(super) mod around;
pub(super) mod base64;
pub(super) mod changed;
mod character;
pub(super) mod damage;
pub(super) mod exposed;
pub(super) mod labels;
pub(super) mod markers;
pub(super) mod pasted;
#[cfg(test)]
mod tests;
pub(super) mod text;
pub(super) mod undone;

pub(crate) use exposed::KEY_EXPOSED;

use around::TextAround;

use crate::finding::{Checked, Finding, Findings};
use crate::location::{Field, Location};
use crate::policy::Policy;
use crate::read::block::{Block, BlockKind};
use crate::read::form::Content;
use crate::read::pem::fault::{FaultKind, Secret};
use crate::read::pem::{self, Fault, Reading};
use crate::rule::{ApiCode, Hides, Rule, Scope, Severity, Stage};

/// What a field is meant to hold. It changes the advice, never what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// Anything that is known: a file that is looked into, not uploaded.
    Anything,
    /// One certificate or more.
    Certificates,
    /// One private key.
    PrivateKey,
}

impl Expected {
    fn is_met_by(self, kind: BlockKind) -> bool {
        match self {
            Self::Anything => true,
            Self::Certificates => kind == BlockKind::Certificate,
            Self::PrivateKey => matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedKey),
        }
    }
}

/// The blocks of a PEM text, or of a file in PEM or DER, whatever they are: certificates, keys, or what was pasted instead.
///
/// `content` is the text of a form's field or the bytes of a file ([`Content::from_text`], [`Content::from_bytes`]); `expected` is what the
/// caller wants, for the hints; `policy` bounds the size ([`content_max_bytes`](crate::PolicySettings::content_max_bytes)). The cost is linear in the size.
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
    let place = Location::none();
    let reading = pem::read(content, &place, policy.content_max_bytes);
    judge(&reading, expected, &[], &place, &mut findings);
    findings.checked((!reading.blocks.is_empty()).then_some(reading.blocks))
}

/// Reports which rules the text of the field at `place` breaks, in the order of the text. `own_public_keys` are public keys that belong to
/// what the field is for.
pub(crate) fn judge(
    reading: &Reading,
    expected: Expected,
    own_public_keys: &[&Block],
    place: &Location,
    findings: &mut Findings<'_>,
) {
    // What is read here is published: a form's field for certificates.
    let public = place.field.filter(|_| expected == Expected::Certificates);
    let is_there = reading.blocks.iter().any(|block| expected.is_met_by(block.kind));
    let around = TextAround::of(&reading.faults, public.is_some());
    for fault in &reading.faults {
        if is_of(fault, own_public_keys) {
            findings.add(labels::own_public_key(fault.place.clone()));
            continue;
        }
        match finding(fault, expected, is_there, public) {
            Some(finding) => add(finding, fault, public, findings),
            None => around.iter().filter_map(|around| around.finding_at(fault)).for_each(|f| findings.add(f)),
        }
    }
    let keys = if public.is_some() { reading.beyond.unread_keys } else { 0 };
    findings.leave_out(reading.beyond.count.saturating_add(keys));
}

/// Whether a fault says that one of `blocks` is something else than a certificate or key.
fn is_of(fault: &Fault, blocks: &[&Block]) -> bool {
    let is_there = |block: &&Block| {
        let (one, other) = (&block.location, &fault.place);
        (one.field, one.block) == (other.field, other.block)
    };
    matches!(fault.kind, FaultKind::Pasted(_)) && blocks.iter().any(is_there)
}

/// The finding on a fault; `None` where it breaks no rule by itself.
fn finding(fault: &Fault, expected: Expected, is_there: bool, public: Option<Field>) -> Option<Finding> {
    let place = fault.place.clone();
    match &fault.kind {
        FaultKind::Changed { change, is_read, is_proven } => {
            Some(changed::finding(*change, *is_read, *is_proven, place))
        }
        FaultKind::Base64(fault) => Some(base64::finding(*fault, place)),
        FaultKind::Damage(damage, extent) => damage::finding(*damage, *extent, place),
        FaultKind::Label(fault) => labels::finding(fault, expected, place),
        FaultKind::Marker(fault) => Some(markers::finding(fault, expected, place)),
        FaultKind::Pasted(pasted) => pasted::finding(*pasted, expected, is_there, place),
        FaultKind::Text(fault) => text::finding(fault, expected, public, place),
        FaultKind::Undone(undone) => Some(undone::finding(undone, place)),
    }
}

/// Adds a finding. Where a private key is exposed, nothing else is advised than to remove it.
fn add(finding: Finding, fault: &Fault, public: Option<Field>, findings: &mut Findings<'_>) {
    match (public, fault.secret) {
        (Some(field), Secret::Unread) => {
            findings.add(finding.hint(KEY_EXPOSED.hint));
            findings.add(exposed::unread(field, fault.place.clone()));
        }
        // The check of the fields reports the key in the block.
        (Some(_), Secret::Read) => findings.add(finding.hint(KEY_EXPOSED.hint)),
        _ => findings.add(finding),
    }
}

/// What most rules of this module have in common.
const ERROR: Rule = Rule { stage: Stage::Pem, api: ApiCode::Invalid, ..Rule::BASE };
const FIXED_WARNING: Rule = Rule { severity: Severity::Warning, ..ERROR };
const NOTE: Rule = Rule { severity: Severity::Note, ..ERROR };

/// What stands in a field says by itself that the right thing does not.
const INSTEAD: &[Hides] = &[
    Hides { code: "certificate-absent", scope: Scope::Field },
    Hides { code: "key-absent", scope: Scope::Field },
];
