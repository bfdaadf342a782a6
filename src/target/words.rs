//! Words for faults that profiles tell apart: what is wrong with the encoding of a certificate.

use crate::crypto::spki::SpkiErrorKind;
use crate::der::DerFault;
use crate::read::certificate::fault::{
    EncodingFault, Fault, FaultKind, GeneralNameFault, InvalidGeneralName, KeyFault, LaxEncoding,
    OutlineFault, SerialFault, TimeFault, Unreadable,
};
use crate::read::certificate::time::InvalidTime;

/// What is wrong, as a profile says it; none where the code of the rule says it all. `end` is where the certificate ends in its block.
pub(super) fn of(fault: &Fault<'_>, end: Option<usize>) -> Vec<&'static str> {
    match &fault.kind {
        FaultKind::Outline(OutlineFault::Unreadable(Unreadable::Der(fault))) => vec![of_der(fault)],
        FaultKind::Outline(OutlineFault::Unreadable(Unreadable::CutShort { .. })) => vec!["cut short"],
        FaultKind::Outline(OutlineFault::SerialNumber(fault)) => vec![match fault {
            SerialFault::Negative => "serial number negative",
            SerialFault::Zero => "serial number zero",
            SerialFault::TooLong { .. } => "serial number long",
        }],
        FaultKind::Encoding(EncodingFault::NotDer(fault) | EncodingFault::Lax(LaxEncoding::Der(fault))) => {
            vec![of_der(fault)]
        }
        FaultKind::Encoding(EncodingFault::Trailing(_)) if end.is_some_and(|end| fault.offset >= end) => {
            vec!["octets after the end"]
        }
        FaultKind::Encoding(EncodingFault::Trailing(_)) => vec!["trailing octets"],
        FaultKind::Encoding(EncodingFault::Lax(LaxEncoding::MissingNull(_))) => vec!["NULL missing"],
        FaultKind::GeneralName(GeneralNameFault::Invalid(fault)) => vec![match fault {
            InvalidGeneralName::None => "no names",
            InvalidGeneralName::EmptyDnsName => "empty dNSName",
            InvalidGeneralName::AddressLength { .. } => "address length",
        }],
        FaultKind::Time(TimeFault::Invalid { why, .. }) => vec![match why {
            InvalidTime::BeyondYears => "time out of range",
            InvalidTime::Day => "no such day",
            InvalidTime::Form => "time form",
            InvalidTime::NoZone => "time without zone",
            InvalidTime::TimeOfDay => "no such time of day",
        }],
        FaultKind::Time(TimeFault::Lax { lapses, .. }) => [
            (lapses.no_seconds, "time without seconds"),
            (lapses.fraction, "time with a fraction"),
            (lapses.offset, "time with an offset"),
            (lapses.early, "GeneralizedTime before 2050"),
        ]
        .into_iter()
        .filter_map(|(is, word)| is.then_some(word))
        .collect(),
        FaultKind::Key(KeyFault::Impossible(kind)) => vec![of_key(kind)],
        FaultKind::Key(KeyFault::ModulusTooLarge { .. }) => vec!["modulus too large"],
        FaultKind::Outline(_)
        | FaultKind::Name(_)
        | FaultKind::GeneralName(_)
        | FaultKind::Time(_)
        | FaultKind::Extension(_) => Vec::new(),
    }
}

const fn of_der(fault: &DerFault) -> &'static str {
    match fault {
        DerFault::Absent { .. } | DerFault::Missing => "element missing",
        DerFault::BitPadding => "unused bits set",
        DerFault::BitString | DerFault::UnusedBits => "BIT STRING",
        DerFault::BooleanLength(_) => "BOOLEAN length",
        DerFault::BooleanValue(_) => "BOOLEAN value",
        DerFault::Cut | DerFault::CutShort { .. } => "cut short",
        DerFault::DefaultEncoded => "default encoded",
        DerFault::Depth => "depth",
        DerFault::HighTag => "high tag",
        DerFault::IndefiniteLength => "indefinite length",
        DerFault::IntegerEmpty => "INTEGER empty",
        DerFault::NonMinimalInteger => "INTEGER not shortest",
        DerFault::NonMinimalLength => "length not shortest",
        DerFault::Null => "NULL with content",
        DerFault::ObjectIdentifier => "OBJECT IDENTIFIER",
        DerFault::Schema => "not of RFC 5280",
        DerFault::Segmented(_) => "string in pieces",
        DerFault::TextLength(_) => "text length",
        DerFault::Trailing(_) => "trailing octets",
        DerFault::UnexpectedTag { .. } => "other type",
    }
}

const fn of_key(kind: &SpkiErrorKind) -> &'static str {
    match kind {
        SpkiErrorKind::Der(fault) => of_der(fault),
        SpkiErrorKind::ExplicitCurve => "explicit curve",
        SpkiErrorKind::ExponentEven
        | SpkiErrorKind::ExponentNegative
        | SpkiErrorKind::ExponentTrivial(_)
        | SpkiErrorKind::ExponentTooLarge => "public exponent",
        SpkiErrorKind::ModulusEven => "modulus even",
        SpkiErrorKind::ModulusNegative => "modulus negative",
        SpkiErrorKind::ModulusTooLarge { .. } => "modulus too large",
        SpkiErrorKind::ModulusZero => "modulus zero",
        SpkiErrorKind::Parameters => "algorithm parameters",
        SpkiErrorKind::PointAtInfinity => "point at infinity",
        SpkiErrorKind::PointEncoding(_) => "point encoding",
        SpkiErrorKind::PointOffCurve(_) => "point off its curve",
    }
}
