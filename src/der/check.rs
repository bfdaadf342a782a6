//! The rules of DER that need no schema.

use super::fault::DerFault;
use super::{CONSTRUCTED, Element, Integer, MAX_DEPTH, Path, tag};

/// Where faults go: offset, name and kind.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(usize, &Path<'_>, DerFault);

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
        sink(element.offset, path, DerFault::Segmented(element.tag & !CONSTRUCTED));
        return;
    }
    if depth >= MAX_DEPTH {
        sink(element.offset, path, DerFault::Depth);
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
pub(crate) fn primitive_fault(element: &Element<'_>) -> Option<DerFault> {
    let value = element.value;
    match element.tag {
        tag::BOOLEAN => match value {
            [0 | 0xFF] => None,
            [other] => Some(DerFault::BooleanValue(*other)),
            _ => Some(DerFault::BooleanLength(value.len())),
        },
        tag::INTEGER | tag::ENUMERATED => Integer::read(value, element.offset).err(),
        tag::BIT_STRING => bit_string_fault(value),
        tag::NULL => (!value.is_empty()).then_some(DerFault::Null),
        tag::OID => (!is_object_identifier(value)).then_some(DerFault::ObjectIdentifier),
        tag::UNIVERSAL_STRING if !value.len().is_multiple_of(4) => Some(DerFault::TextLength(value.len())),
        tag::BMP_STRING if !value.len().is_multiple_of(2) => Some(DerFault::TextLength(value.len())),
        _ => None,
    }
}

fn bit_string_fault(value: &[u8]) -> Option<DerFault> {
    match value {
        [] => Some(DerFault::UnusedBits),
        [unused, rest @ ..] if *unused > 7 || (*unused > 0 && rest.is_empty()) => Some(DerFault::UnusedBits),
        [unused, .., last] if last.trailing_zeros() < u32::from(*unused) => Some(DerFault::BitPadding),
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
