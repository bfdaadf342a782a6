//! Object identifiers.

use std::fmt;

use crate::crypto::spki::oid;
use crate::text;

/// An object identifier (X.690, 8.19). `Display` writes the dotted form; of what is not one, or has more than 64 octets,
/// how long it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid<'a>(&'a [u8]);

impl<'a> Oid<'a> {
    pub(crate) const fn new(content: &'a [u8]) -> Self {
        Self(content)
    }

    /// The content octets.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Octets of what is not an identifier may be anything, a key's too: they are counted, not shown.
        let octets = || text::count(self.0.len(), "octet");
        if self.0.len() > MAX_SHOWN {
            return write!(f, "(an identifier of {})", octets());
        }
        match oid::dotted(self.0) {
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

/// The octets of an identifier that is shown at most.
const MAX_SHOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::Oid;

    #[test]
    fn octets_of_what_is_no_identifier_are_not_shown() {
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
}
