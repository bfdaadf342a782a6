//! Object identifiers.

use std::fmt;

use crate::spki::oid;

/// An object identifier (X.690, 8.19). `Display` writes the dotted form.
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
        // What is no identifier, or has an arc beyond 128 bits, is shown by its first octets.
        match oid::dotted(self.0.get(..MAX_SHOWN).unwrap_or(self.0)) {
            Some(dotted) if self.0.len() <= MAX_SHOWN => f.write_str(&dotted),
            _ => {
                f.write_str("#")?;
                self.0.iter().take(MAX_SHOWN).try_for_each(|octet| write!(f, "{octet:02X}"))?;
                if self.0.len() > MAX_SHOWN { f.write_str("…") } else { Ok(()) }
            }
        }
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// The octets of an identifier that are shown at most.
const MAX_SHOWN: usize = 64;
