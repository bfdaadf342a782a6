//! The rules of DER that need no schema.

use super::{CONSTRUCTED, Element, Fault, MAX_DEPTH, Path, Tag};
use crate::der::tlv::tag;

/// Where faults go: offset, name and kind.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(usize, &Path<'_>, Fault);

/// Checks an element and everything in it, whatever it is, against the rules of DER that need no schema.
pub(crate) fn check(element: &Element<'_>, path: &Path<'_>, sink: Sink<'_>) {
    check_at(element, path, 0, sink);
}

fn check_at(element: &Element<'_>, path: &Path<'_>, depth: usize, sink: Sink<'_>) {
    if let Some(lapse) = element.lapse {
        sink(element.offset, path, lapse);
    }
    if !element.is_constructed() {
        if let Some(fault) = primitive_fault(element) {
            sink(element.offset, path, fault);
        }
        return;
    }
    if element.tag & 0xC0 == 0 && !matches!(element.tag, tag::SEQUENCE | tag::SET) {
        sink(element.offset, path, Fault::Segmented(Tag(element.tag & !CONSTRUCTED)));
        return;
    }
    if depth >= MAX_DEPTH {
        sink(element.offset, path, Fault::Depth);
        return;
    }
    let mut inside = element.inside();
    let mut index = 0_usize;
    while let (offset, Some(child)) = (inside.offset(), inside.next()) {
        let path = path.index(index);
        match child {
            Ok(child) => check_at(&child, &path, depth.saturating_add(1), sink),
            Err(fault) => sink(offset, &path, fault),
        }
        index = index.saturating_add(1);
    }
}

/// What is wrong with the content of a primitive element of a universal type.
pub(crate) fn primitive_fault(element: &Element<'_>) -> Option<Fault> {
    let value = element.value;
    match element.tag {
        0x01 => match value {
            [0 | 0xFF] => None,
            [other] => Some(Fault::BooleanValue(*other)),
            _ => Some(Fault::BooleanLength(value.len())),
        },
        tag::INTEGER | 0x0A => integer_fault(value),
        tag::BIT_STRING => bit_string_fault(value),
        tag::NULL => (!value.is_empty()).then_some(Fault::Null),
        tag::OID => (!is_object_identifier(value)).then_some(Fault::ObjectIdentifier),
        0x1C if !value.len().is_multiple_of(4) => Some(Fault::TextLength(value.len())),
        0x1E if !value.len().is_multiple_of(2) => Some(Fault::TextLength(value.len())),
        _ => None,
    }
}

fn integer_fault(value: &[u8]) -> Option<Fault> {
    match value {
        [] => Some(Fault::IntegerEmpty),
        [0, second, ..] if second & 0x80 == 0 => Some(Fault::IntegerPadded),
        [0xFF, second, ..] if second & 0x80 != 0 => Some(Fault::IntegerPadded),
        _ => None,
    }
}

fn bit_string_fault(value: &[u8]) -> Option<Fault> {
    match value {
        [] => Some(Fault::BitString),
        [unused, rest @ ..] if *unused > 7 || (*unused > 0 && rest.is_empty()) => Some(Fault::BitString),
        [unused, .., last] if last.trailing_zeros() < u32::from(*unused) => Some(Fault::BitPadding),
        _ => None,
    }
}

/// Whether these are the content octets of an OBJECT IDENTIFIER (X.690, 8.19).
pub(crate) fn is_object_identifier(value: &[u8]) -> bool {
    let ends = value.last().is_some_and(|last| last & 0x80 == 0);
    let mut starts = true;
    ends && value.iter().all(|octet| {
        let padded = starts && *octet == 0x80;
        starts = octet & 0x80 == 0;
        !padded
    })
}
