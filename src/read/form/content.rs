//! What a certificate or key field holds.

use std::fmt;

use zeroize::Zeroizing;

/// The content of a certificate or key field: PEM text from a form, or the bytes of a file.
///
/// Wiped when dropped, and never shown by `Debug`: any of the fields may hold a private key by mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    bytes: Zeroizing<Vec<u8>>,
    origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Text,
    File,
}

impl Content {
    /// The content of a JSON form's field. Only PEM is accepted there.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { bytes: Zeroizing::new(text.into().into_bytes()), origin: Origin::Text }
    }

    /// The content of a file: PEM, or DER, which is accepted with a note that the API takes PEM.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: Zeroizing::new(bytes.into()), origin: Origin::File }
    }

    /// The bytes, as given.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content as text, where it is UTF-8.
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// Whether it came from a file, so that DER is allowed.
    pub fn is_file(&self) -> bool {
        self.origin == Origin::File
    }

    /// The length in characters, as the API counts it; bytes where it is not text.
    pub(crate) fn characters(&self) -> usize {
        self.as_text().map_or(self.bytes.len(), |text| text.chars().count())
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        self.bytes.clear();
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({} bytes, redacted)", self.bytes.len())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::from_text(text)
    }
}

/// The bytes of a certificate in DER, as of a file. Needs the feature `pki-types`.
#[cfg(feature = "pki-types")]
impl From<&rustls_pki_types::CertificateDer<'_>> for Content {
    fn from(certificate: &rustls_pki_types::CertificateDer<'_>) -> Self {
        Self::from_bytes(certificate.to_vec())
    }
}

/// The bytes of a private key in DER, as of a file. Needs the feature `pki-types`.
#[cfg(feature = "pki-types")]
impl From<&rustls_pki_types::PrivateKeyDer<'_>> for Content {
    fn from(key: &rustls_pki_types::PrivateKeyDer<'_>) -> Self {
        Self::from_bytes(key.secret_der())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::from_text(text)
    }
}
