//! Text outside the blocks that is harmless where it is: one finding a field.

use super::NOTE;
use crate::finding::{Finding, told};
use crate::read::pem::Fault;
use crate::read::pem::damage::{Damage, Extent};
use crate::read::pem::fault::FaultKind;
use crate::rule::Rule;
use crate::text::count;

static PEM_TEXT_AROUND: Rule = Rule {
    code: "pem-text-around",
    summary: "There is text before, between or after the blocks",
    hint: "You do not need to do anything. The API skips it.",
    why: "Text outside the blocks is allowed and means nothing. OpenSSL writes `Bag Attributes` and the certificate in words there.\n\n\
          Example: the output of `openssl pkcs12 -in FILE.p12 -nokeys`.",
    citations: &["RFC 7468, section 2"],
    ..NOTE
};

/// All text outside the blocks that is harmless where it is.
pub(super) struct TextAround<'r> {
    /// The first of the faults that say so.
    first: &'r Fault,
    extent: Extent,
}

impl<'r> TextAround<'r> {
    /// Of the faults of a field. A key that is printed in words is mere text, unless the field is public.
    pub(super) fn of(faults: &'r [Fault], is_public: bool) -> Option<Self> {
        let extents = faults.iter().filter_map(|fault| match fault.kind {
            FaultKind::Damage(Damage::TextAround, extent) => Some((fault, extent)),
            FaultKind::Damage(Damage::PrintedKey, extent) if !is_public => Some((fault, extent)),
            _ => None,
        });
        extents.map(|(first, extent)| Self { first, extent }).reduce(|one, other| {
            let count = one.extent.count.saturating_add(other.extent.count);
            let last_line = one.extent.last_line.max(other.extent.last_line);
            Self { first: one.first, extent: Extent { count, last_line } }
        })
    }

    /// The finding, where `fault` is the first that says so.
    pub(super) fn finding_at(&self, fault: &Fault) -> Option<Finding> {
        if !std::ptr::eq(self.first, fault) {
            return None;
        }
        let place = fault.place.clone();
        let Extent { count: number, last_line } = self.extent;
        let places = count(number, "place");
        let message = told!(
            "text outside the blocks, in {places}, from line {first_line} to line {last_line}",
            count = number,
            first_line = place.line.unwrap_or(last_line),
            last_line = last_line
        );
        Some(Finding::new(&PEM_TEXT_AROUND, place, message))
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_TEXT_AROUND];
