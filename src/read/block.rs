//! A PEM block: what its label says, where it is, and its DER.

use std::fmt;

use zeroize::Zeroizing;

use crate::location::Location;

/// What a block is, by its label and, where the label is missing or lies, by the shape of its DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockKind {
    /// A certificate (RFC 5280).
    Certificate,
    /// A private key that is not encrypted: PKCS#8, PKCS#1, SEC1, or a label for SM2 keys.
    PrivateKey,
    /// A private key that is encrypted: PKCS#8 `ENCRYPTED PRIVATE KEY`, or headers with `Proc-Type: 4,ENCRYPTED`.
    EncryptedKey,
    /// `EC PARAMETERS`, as OpenSSL writes before a SEC1 key.
    EcParameters,
    /// `DH PARAMETERS` or `X9.42 DH PARAMETERS`, as some web servers read them beside the certificate.
    DhParameters,
    /// A public key.
    PublicKey,
    /// A certificate request (PKCS#10).
    Request,
    /// A certificate revocation list.
    Crl,
    /// PKCS#7 or CMS.
    Pkcs7,
    /// PKCS#12.
    Pkcs12,
    /// Anything else.
    Other,
}

/// One block of a text, decoded.
#[derive(Clone)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The label between `-----BEGIN ` and `-----`, escaped and cut; empty where the input was bare DER or base64.
    pub label: String,
    /// The field, the block's number, and the line of its BEGIN.
    pub location: Location,
    /// The line of its END.
    pub last_line: usize,
    /// The decoded body. Wiped when dropped.
    pub der: Zeroizing<Vec<u8>>,
}

impl Drop for Block {
    fn drop(&mut self) {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        self.der.clear();
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("kind", &self.kind)
            .field("label", &self.label)
            .field("location", &self.location)
            .field("der", &format_args!("{} bytes, redacted", self.der.len()))
            .finish_non_exhaustive()
    }
}
