//! Object identifiers.

use std::fmt;

use super::{DerError, DerFault, Element};
use crate::text;

/// An object identifier (X.690, 8.19). `Display` writes the dotted form. Of octets that are not an identifier, and of more
/// than 64, it writes how many there are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    pub(crate) const fn new(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// The content octets.
    pub(crate) const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Octets that are not an identifier may be anything, those of a key too: they are counted, not shown.
        let octets = || text::count(self.0.len(), "octet");
        if self.0.len() > LONGEST {
            return write!(f, "(an identifier of {})", octets());
        }
        match dotted(self.0) {
            Some(dotted) => f.write_str(&dotted),
            None => write!(f, "(no identifier: {})", octets()),
        }
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// The octets of the longest identifier that is read: messages repeat it, and none that is assigned is half as long.
const LONGEST: usize = 64;

/// The dotted form of an OBJECT IDENTIFIER's content octets (X.690, 8.19); `None` if it is empty, cut, padded, has an arc of more
/// than 128 bits, or is longer than 64 octets.
pub(crate) fn dotted(content: &[u8]) -> Option<String> {
    use std::fmt::Write;
    if content.len() > LONGEST {
        return None;
    }
    let mut out = String::new();
    let mut arc: u128 = 0;
    let mut open = false;
    for octet in content {
        if !open && *octet == 0x80 {
            return None;
        }
        arc = arc.checked_mul(128)?.checked_add(u128::from(octet & 0x7f))?;
        open = octet & 0x80 != 0;
        if open {
            continue;
        }
        let written = if out.is_empty() {
            let first = (arc / 40).min(2);
            let second = arc.checked_sub(first.checked_mul(40)?)?;
            write!(out, "{first}.{second}")
        } else {
            write!(out, ".{arc}")
        };
        written.ok()?;
        arc = 0;
    }
    (!open && !out.is_empty()).then_some(out)
}

/// [`dotted`] of an element, with the element's offset in the fault.
pub(crate) fn dotted_of(oid: &Element<'_>) -> Result<String, DerError> {
    dotted(oid.value).ok_or_else(|| oid.error(DerFault::ObjectIdentifier))
}

#[cfg(test)]
mod tests {
    use super::{Oid, dotted};

    #[test]
    fn octets_that_are_not_an_identifier_are_not_shown() {
        let long = [&[0x2B][..], &[0x01; 63]].concat();
        let longer = [&[0x2B][..], &[0x01; 64]].concat();
        for (octets, want) in [
            (&[0x55, 0x1D, 0x13][..], "2.5.29.19"),
            (&[0x01], "0.1"),
            (&[], "(no identifier: 0 octets)"),
            (&[0x83], "(no identifier: 1 octet)"),
            (&[0x2B, 0x80, 0x01], "(no identifier: 3 octets)"),
            (&longer, "(an identifier of 65 octets)"),
        ] {
            assert_eq!(Oid::new(octets).to_string(), want, "{octets:?}");
        }
        assert_eq!(Oid::new(&long).to_string(), format!("1.3{}", ".1".repeat(63)));
    }

    #[test]
    fn only_whole_identifiers_have_a_dotted_form() {
        let cases: [(&[u8], Option<&str>); 8] = [
            (&[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d], Some("1.2.156.10197.1.301")),
            (&[0x88, 0x37], Some("2.999")),
            (&[0x00], Some("0.0")),
            (&[], None),
            (&[0x2a, 0x80, 0x01], None),
            (&[0x2a, 0x86], None),
            (&[0xff; 20], None),
            (&[0x2a; 65], None),
        ];
        for (content, expected) in cases {
            assert_eq!(dotted(content).as_deref(), expected, "{content:02x?}");
        }
    }
}
