//! Private keys, also where they cannot be read as keys: damaged, in another format, or printed in words.

use std::sync::LazyLock;

use regex::bytes::Regex;
use zeroize::Zeroizing;

use super::label::{self, Meaning};
use super::outline::is_key_start;
use super::text::find;
use super::{base64, pattern};
use crate::read::block::BlockKind;

/// The lines that OpenSSL, LibreSSL and GnuTLS print of private keys, and of nothing else. Where line ends are written out, such a line
/// starts after the letter of an escape.
static PRINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?ix-u)(?:\b|\\[nrt])(?: private\x20?exponent: | private-key:
            | (?:priv|prime\x20?[12]|exponent\x20?[12]|coefficient):(?:\s|\\[nrt])*[0-9a-f]{2}:[0-9a-f]{2} )",
    )
});

/// Where a private key is printed in words.
pub(super) fn printed_key(text: &[u8]) -> Option<usize> {
    // PEM without text around it has no colon.
    find(text, 0, b':')?;
    Some(PRINTED.as_ref()?.find(text)?.start())
}

/// Whether a label is that of a private key, in any format.
pub(super) fn is_key_label(label: &str) -> bool {
    match label::meaning(label) {
        Meaning::Wanted(kind) => matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedKey),
        Meaning::Other(container) => container.is_key_file(),
        Meaning::DhParameters | Meaning::OldCertificate => false,
        Meaning::Unknown => label::meant(label).is_some_and(|meant| meant.ends_with("KEY")),
    }
}

/// Whether a text that reads like a marker names a private key.
pub(super) fn names_key(text: &[u8]) -> bool {
    let text = text.to_ascii_uppercase();
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    has(b"PRIVATE") || (has(b"KEY") && !has(b"PUBLIC"))
}

/// Whether base64 decodes to the start of a private key. Characters that base64 does not have end it, line ends and spaces do not.
pub(super) fn starts_key(text: &[u8]) -> bool {
    /// Enough for all that is looked at.
    const CHARACTERS: usize = 64;
    let values = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    let values = values.map_while(|byte| u8::try_from(base64::sextet(*byte)).ok());
    // Reserved up front, so that they never move and leave nothing behind.
    let mut sextets = Zeroizing::new(Vec::with_capacity(CHARACTERS));
    sextets.extend(values.take(CHARACTERS));
    let mut octets = Zeroizing::new(Vec::with_capacity(const { CHARACTERS / 4 * 3 }));
    for quad in sextets.chunks_exact(4) {
        let bits = quad.iter().fold(0_u32, |bits, sextet| (bits << 6) | u32::from(*sextet));
        let [_, three @ ..] = bits.to_be_bytes();
        octets.extend_from_slice(&three);
    }
    is_key_start(&octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_keys_are_distinguished_from_certificates() {
        for (text, want) in [
            ("Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:b3", true),
            ("RSA Private-Key: (2048 bit, 2 primes)", true),
            ("privateExponent:\n    00:b3:", true),
            ("\tprivate exponent:\n\t\t42:b3", true),
            ("priv:\n    5d:0f:2b", true),
            ("\\nPrivate-Key: (2048 bit, 2 primes)\\nmodulus:\\n    00:b3", true),
            ("note\\r\\npriv:\\n    5d:0f:2b", true),
            ("\\nnonprivate-key: none", false),
            ("prime1:\\n    00:d3", true),
            ("Public-Key: (2048 bit)\n    Modulus:\n        00:b3", false),
            ("X509v3 Private Key Usage Period: \n Not Before: Jan  1", false),
            ("subject=CN = priv: cd", false),
            ("Exponent: 65537 (0x10001)", false),
            ("MIIEvQ", false),
        ] {
            assert_eq!(printed_key(text.as_bytes()).is_some(), want, "{text}");
        }
    }

    #[test]
    fn a_text_names_a_key_by_its_words() {
        for (text, want) in [
            ("--- BEGIN PRIVATE THING", true),
            ("begin rsa private key", true),
            ("BEGIN EC KEY", true),
            ("BEGIN PUBLIC KEY", false),
            ("BEGIN CERTIFICATE", false),
            ("", false),
        ] {
            assert_eq!(names_key(text.as_bytes()), want, "{text}");
        }
    }

    #[test]
    fn the_start_of_a_key_is_recognised() {
        for (text, want) in [
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj", true),
            ("MIIEowIBAAKCAQEA", true),
            ("MHcCAQEE\nIFkE", true),
            ("MIGHAgEAMBMG", true),
            ("MIIFLTBXBgkqhkiG9w0BBQ0wSjAp", true),
            ("b3BlbnNzaC1rZXktdjEAAAAA", true),
            ("MIIDazCCAlOgAwIBAgIU", false),
            ("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", false),
            ("MIIJ2gIBAzCCCaAG", false),
            ("", false),
        ] {
            assert_eq!(starts_key(text.as_bytes()), want, "{text}");
        }
    }
}
