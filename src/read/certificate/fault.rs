//! What reading a certificate found wrong: values, each with its place. What a fault means for an upload is for the rules to say.

use std::borrow::Cow;
use std::mem::discriminant;

use ::time::OffsetDateTime;

use super::algorithm::SignatureAlgorithm;
use super::oid::Oid;
use super::time::{InvalidTime, TimeLapses};
use crate::crypto::spki::SpkiErrorKind;
use crate::der::{self, DerFault, Path};

/// One fault of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct Fault<'a> {
    /// The offset of the element in the DER.
    pub(crate) offset: usize,
    /// The name of the element.
    pub(crate) path: String,
    /// What is wrong with it.
    pub(crate) kind: FaultKind<'a>,
}

/// What is wrong, by subject; each variant of a subject is one rule.
#[derive(Clone, Debug)]
pub(crate) enum FaultKind<'a> {
    Outline(OutlineFault<'a>),
    Encoding(EncodingFault<'a>),
    Name(NameFault<'a>),
    GeneralName(GeneralNameFault<'a>),
    Time(TimeFault<'a>),
    Extension(ExtensionFault<'a>),
    Key(KeyFault),
}

/// A fault of the outline: the fields of a certificate.
#[derive(Clone, Debug)]
pub(crate) enum OutlineFault<'a> {
    /// A part without which nothing can be said of the certificate. It is the last fault.
    Unreadable(Unreadable),
    /// A version that there is not, or that does not fit the fields; 0 stands for a number outside 1 to 128.
    Version {
        version: u32,
        extensions: bool,
    },
    SerialNumber(SerialFault),
    /// The algorithm in the signed part is not the one beside the signature.
    AlgorithmsDiffer {
        inside: SignatureAlgorithm<'a>,
        beside: SignatureAlgorithm<'a>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Unreadable {
    /// Octets at the end are lost.
    CutShort {
        announced: usize,
        given: usize,
    },
    Der(DerFault),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum SerialFault {
    Negative,
    Zero,
    TooLong { octets: usize },
}

/// A fault of the encoding, anywhere.
#[derive(Clone, Debug)]
pub(crate) enum EncodingFault<'a> {
    NotDer(DerFault),
    /// Octets after the last element.
    Trailing(usize),
    Lax(LaxEncoding<'a>),
}

/// What DER forbids, and most programs read.
#[derive(Clone, Debug)]
pub(crate) enum LaxEncoding<'a> {
    Der(DerFault),
    /// A signature algorithm without the NULL that stands for its parameters.
    MissingNull(SignatureAlgorithm<'a>),
}

/// A fault of a text in a name.
#[derive(Clone, Debug)]
pub(crate) enum NameFault<'a> {
    Nul(NamedText<'a>),
    /// Control, invisible or direction-changing characters.
    Deceptive(NamedText<'a>),
    /// So many values of the name are T61Strings.
    T61 {
        values: usize,
    },
    NotUtf8 {
        attribute: Oid<'a>,
    },
    StringType {
        attribute: Oid<'a>,
        tag: u8,
        problem: StringProblem,
    },
    /// The value is of a type that the attribute does not allow.
    ValueType {
        attribute: Oid<'a>,
        tag: u8,
    },
}

/// A text and what it is.
#[derive(Clone, Debug)]
pub(crate) struct NamedText<'a> {
    pub(crate) kind: TextKind<'a>,
    /// Not escaped.
    pub(crate) text: Cow<'a, str>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum TextKind<'a> {
    Attribute(Oid<'a>),
    DnsName,
    Rfc822Name,
    Uri,
}

/// Why a value is not what its string type allows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StringProblem {
    /// It holds this octet.
    Octet(u8),
    /// It holds a number that is not a character's.
    NotACharacter,
}

/// A fault of the subject alternative name.
#[derive(Clone, Debug)]
pub(crate) enum GeneralNameFault<'a> {
    Invalid(InvalidGeneralName),
    NotAscii(Cow<'a, str>),
    /// A wildcard of a shape that clients do not accept.
    Wildcard(Cow<'a, str>),
    NotAHost(Cow<'a, str>),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum InvalidGeneralName {
    /// There is no name.
    None,
    EmptyDnsName,
    AddressLength {
        octets: usize,
    },
}

/// A fault of the dates.
#[derive(Clone, Debug)]
pub(crate) enum TimeFault<'a> {
    Invalid {
        octets: &'a [u8],
        why: InvalidTime,
    },
    Lax {
        octets: &'a [u8],
        lapses: TimeLapses,
    },
    /// The certificate ends before it begins.
    Reversed {
        begin: OffsetDateTime,
        end: OffsetDateTime,
    },
}

/// A fault of the list of extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExtensionFault<'a> {
    Duplicate(Oid<'a>),
    /// An extension is critical that TLS clients do not know.
    Critical(Oid<'a>),
    Precertificate,
    /// nameConstraints without any subtree.
    NoConstraints,
}

/// A fault of the public key that is not one of its encoding.
#[derive(Clone, Debug)]
pub(crate) enum KeyFault {
    Impossible(SpkiErrorKind),
    ModulusTooLarge { bits: usize },
}

impl FaultKind<'_> {
    /// Whether no client goes on along a path that needs such a certificate: a fault that is neither of encoding nor of size.
    pub(crate) fn ends_every_path(&self) -> bool {
        matches!(
            self,
            Self::Extension(_)
                | Self::Outline(OutlineFault::AlgorithmsDiffer { .. })
                | Self::Time(TimeFault::Invalid { .. } | TimeFault::Reversed { .. })
        )
    }

    /// Whether OpenSSL and Go refuse to read a certificate with such a fault in its fields. Lengths and pieces as BER has them OpenSSL reads,
    /// and elements that are deeper or rarer than ours too. A list that holds nothing breaks a rule of RFC 5280, and programs read it.
    pub(super) fn is_unparsable(&self) -> bool {
        match self {
            Self::Encoding(EncodingFault::NotDer(fault)) => !matches!(
                fault,
                DerFault::Absent { expected: der::tag::SEQUENCE }
                    | DerFault::BitString
                    | DerFault::Depth
                    | DerFault::HighTag
                    | DerFault::IndefiniteLength
                    | DerFault::NonMinimalLength
                    | DerFault::Segmented(_)
            ),
            Self::Encoding(EncodingFault::Trailing(_)) | Self::Name(NameFault::NotUtf8 { .. }) => true,
            _ => false,
        }
    }

    /// Whether both are the same variant of the same subject.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Outline(one), Self::Outline(other)) => discriminant(one) == discriminant(other),
            (Self::Encoding(one), Self::Encoding(other)) => discriminant(one) == discriminant(other),
            (Self::Name(one), Self::Name(other)) => discriminant(one) == discriminant(other),
            (Self::GeneralName(one), Self::GeneralName(other)) => discriminant(one) == discriminant(other),
            (Self::Time(one), Self::Time(other)) => discriminant(one) == discriminant(other),
            (Self::Extension(one), Self::Extension(other)) => discriminant(one) == discriminant(other),
            (Self::Key(one), Self::Key(other)) => discriminant(one) == discriminant(other),
            _ => false,
        }
    }
}

/// The faults of one kind that are kept; the others are counted.
pub(crate) const KEPT: usize = 20;

/// The faults of a certificate in the order of reading; of each kind the first 20.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults<'a> {
    list: Vec<Fault<'a>>,
    kinds: Vec<Kind>,
}

/// The position of the first fault of a kind, and how many there are.
#[derive(Clone, Copy, Debug)]
struct Kind {
    first: usize,
    count: usize,
}

impl<'a> Faults<'a> {
    pub(super) fn add(&mut self, offset: usize, path: &Path<'_>, kind: FaultKind<'a>) {
        let list = &self.list;
        let is_known =
            |known: &&mut Kind| list.get(known.first).is_some_and(|first| first.kind.is_like(&kind));
        match self.kinds.iter_mut().find(is_known) {
            Some(known) => {
                known.count = known.count.saturating_add(1);
                if known.count > KEPT {
                    return;
                }
            }
            None => self.kinds.push(Kind { first: self.list.len(), count: 1 }),
        }
        self.list.push(Fault { offset, path: path.to_string(), kind });
    }

    /// The faults that were kept.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Fault<'a>> {
        self.list.iter()
    }

    /// The first fault of each kind, and how many of the kind there are, kept or not.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = (&Fault<'a>, usize)> {
        self.kinds.iter().filter_map(|kind| Some((self.list.get(kind.first)?, kind.count)))
    }
}
