//! What reading a text finds wrong with it: what, where, and whether a private key is in it. No sentence and no rule.

use super::container::Container;
use super::damage::{Damage, Extent};
use super::nested::Nested;
pub(crate) use super::pasted::{Notation, Numbers, Pasted, Placeholder};
pub(crate) use super::text::Character;
pub(crate) use super::undone::{Change, LineLength, Mark, MarkerFlaw, Undone, WrongMarker};
use crate::location::Location;

/// The faults that one reading keeps; those beyond are counted. The kinds of damage come on top: each is one fault.
const MOST: usize = 1024;

/// Something that is wrong with the text of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where.
    pub(crate) place: Location,
    /// What.
    pub(crate) kind: FaultKind,
    /// Whether a private key may be in it.
    pub(crate) secret: Secret,
}

impl Fault {
    /// Whether there is one reading of the text all the same, so that nothing is lost where it is written again.
    pub(crate) fn is_understood(&self) -> bool {
        match self.kind {
            FaultKind::Damage(..) | FaultKind::Nested(_) | FaultKind::Undone(_) => true,
            FaultKind::Changed { is_proven, .. } => is_proven,
            FaultKind::Marker(MarkerFault::NoBegin { is_read, .. }) => is_read,
            FaultKind::Label(ref fault) => fault.is_understood(),
            // What these hold is known, and no certificate or key is in it.
            FaultKind::Pasted(Pasted::Container { container, is_bare: false }) => {
                matches!(container, Container::Crl | Container::PublicKey | Container::Request)
            }
            // Text that is left out, but for a field that is published: what stood there must be looked at.
            FaultKind::Text(TextFault::PrintedKey) => {
                !self.place.field.is_some_and(|field| field.is_public())
            }
            _ => false,
        }
    }

    /// Whether it is gone once the text is written again.
    pub(crate) fn is_repaired_by_rewriting(&self) -> bool {
        match self.kind {
            FaultKind::Damage(Damage::TextAround | Damage::PrintedKey, _) => false,
            FaultKind::Damage(..) | FaultKind::Nested(_) | FaultKind::Undone(_) => true,
            FaultKind::Changed { is_proven, .. } => is_proven,
            FaultKind::Marker(MarkerFault::NoBegin { is_read, .. }) => is_read,
            _ => false,
        }
    }

    /// Whether it is, or hides, a private key that cannot be read.
    pub(crate) fn is_unread_key(&self) -> bool {
        self.secret == Secret::Unread || self.kind == FaultKind::Text(TextFault::PrintedKey)
    }
}

/// Whether a private key may be in what is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// None.
    None,
    /// One that cannot be read as it is.
    Unread,
    /// One whose block is read.
    Read,
}

impl Secret {
    /// One that cannot be read, where `is_key`.
    pub(super) fn unread(is_key: bool) -> Self {
        if is_key { Self::Unread } else { Self::None }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Base64 that cannot be decoded.
    Base64(Base64Fault),
    /// Damage that has one reading, with all its places.
    Damage(Damage, Extent),
    /// A label.
    Label(LabelFault),
    /// A BEGIN or END line, or the lack of one.
    Marker(MarkerFault),
    /// The text is not PEM, but PEM is inside it.
    Nested(Nested),
    /// Something known that is neither a certificate nor a key.
    Pasted(Pasted),
    /// The text as a whole.
    Text(TextFault),
    /// What was undone, so that the rest could be read.
    Undone(Undone),
    /// What happened to the text of a block; whether it is proven how that was before, and read so.
    Changed { change: Change, is_read: bool, is_proven: bool },
}

/// Why the base64 of a body cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base64Fault {
    /// A character that base64 does not have, `None` where it is not UTF-8; and how many there are in the body.
    Character { character: Option<Character>, count: usize },
    /// Base64 goes on after the `=` that ends it.
    DataAfterPadding,
    /// A space is where each `+` was, in that many places.
    LostPlus { count: usize },
    /// The characters are not a multiple of four.
    Short { characters: usize, line: Option<LineLength> },
    /// A `=` where base64 needs none.
    TooMuchPadding { line: Option<LineLength> },
}

/// What is wrong with a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LabelFault {
    /// Parameters of a server, which are not part of an upload.
    NotNeeded { label: String },
    /// A certificate under another label than CERTIFICATE.
    OldCertificate { label: String },
    /// A label that is neither that of a certificate nor of a key; the one that was probably meant; and whether the body is neither of both.
    Unknown { label: String, meant: Option<&'static str>, is_other: bool },
    /// The body is something else than the label says.
    Wrong { label: String, body: Container },
}

impl LabelFault {
    /// Whether the block is understood all the same.
    fn is_understood(&self) -> bool {
        match self {
            Self::NotNeeded { .. } => true,
            Self::OldCertificate { label } => label != TRUSTED,
            Self::Unknown { is_other, .. } => *is_other,
            Self::Wrong { .. } => false,
        }
    }

    /// Whether nothing that an upload is made of is lost without the block.
    pub(crate) fn is_needless(&self) -> bool {
        matches!(self, Self::NotNeeded { .. } | Self::Unknown { is_other: true, .. })
    }
}

/// The label of a certificate with trust settings after it, which a new label would lose.
pub(crate) const TRUSTED: &str = "TRUSTED CERTIFICATE";

/// What is wrong with the lines that begin and end a block. Labels are those of exact lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MarkerFault {
    /// Base64 without BEGIN and END lines that ends before the object that it holds.
    CutObject,
    /// A line that reads like a marker and is not one exactly; and the label of the block without END that it is in.
    Near { open: Option<String> },
    /// END without BEGIN; whether the base64 before it is one whole object, which is read; and the line that may be its misspelt BEGIN.
    NoBegin { label: String, is_read: bool, misspelt: Option<usize> },
    /// BEGIN without END.
    NoEnd { label: String, next: Next },
    /// BEGIN, on that line, and an END with another label.
    OtherEnd { begin: String, begin_line: usize, end: String },
    /// Lines of base64 outside all blocks.
    StrayBase64,
}

/// What follows a BEGIN that has no END.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The BEGIN of the next block, on that line.
    Begin { label: String, line: usize },
    /// The end of the text, on that line.
    Nothing { line: usize },
}

/// What is wrong with a text as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextFault {
    /// There is nothing at all.
    Empty,
    /// The block of that label holds nothing.
    EmptyBlock { label: String },
    /// Nothing but spaces and line ends.
    OnlySpaces,
    /// Neither PEM nor anything else that is known.
    NotPem(NotPem),
    /// The numbers of a private key, printed in words.
    PrintedKey,
    /// More bytes than are read.
    TooLarge { bytes: usize, allowed: usize },
}

/// What a text is that is not PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotPem {
    /// DER, in a text.
    Der,
    /// A binary file that was read as text, which destroyed it.
    Destroyed,
    /// Bytes that are not text.
    NoText,
    /// Some text.
    Unknown,
    /// Text in URL encoding.
    UrlEncoded,
}

/// The faults beyond those that a reading keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beyond {
    /// How many there are.
    pub(crate) count: usize,
    /// How many of them leave no reading of the text.
    pub(crate) not_understood: usize,
    /// How many of them may hold a private key that cannot be read.
    pub(crate) unread_keys: usize,
}

/// The faults of one reading, as they are found.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    beyond: Beyond,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        if self.kept.len() < MOST {
            self.kept.push(fault);
            return;
        }
        let Beyond { count, not_understood, unread_keys } = &mut self.beyond;
        *count = count.saturating_add(1);
        *not_understood = not_understood.saturating_add(usize::from(!fault.is_understood()));
        *unread_keys = unread_keys.saturating_add(usize::from(fault.secret == Secret::Unread));
    }

    /// How many of them leave no reading of the text, or one that takes a line for what it is not.
    pub(super) fn not_understood(&self) -> usize {
        let is_misspelt = |fault: &&Fault| {
            matches!(fault.kind, FaultKind::Marker(MarkerFault::NoBegin { misspelt: Some(_), .. }))
        };
        let kept = self.kept.iter().filter(|fault| !fault.is_understood() || is_misspelt(fault)).count();
        kept.saturating_add(self.beyond.not_understood)
    }

    /// These and the damage, in the order of the text, and what is beyond.
    pub(super) fn finish(self, damage: impl Iterator<Item = Fault>) -> (Vec<Fault>, Beyond) {
        let Self { mut kept, beyond } = self;
        kept.extend(damage);
        kept.sort_by_key(|fault| (fault.place.line, fault.place.column));
        (kept, beyond)
    }
}
