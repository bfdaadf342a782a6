//! Private keys in a field for certificates, also where they cannot be read as keys: damaged, in another format, or printed in words.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::block::BlockKind;
use super::foreign::Foreign;
use super::label::{self, Meaning};
use super::scan::{Reader, Scan};
use super::text::find;
use super::{ERROR, Expected, base64};
use crate::finding::Finding;
use crate::location::Location;
use crate::rule::Rule;

/// A private key where certificates belong. The blocks that are whole keys are told by the check of the fields.
pub(crate) static KEY_EXPOSED: Rule = Rule {
    code: "key-exposed",
    summary: "A private key stands in a field for certificates",
    hint: "Remove the key from this field. If the text was ever stored, sent or shown, treat the key as compromised: make a new one.",
    why: "Certificate fields are public: they are stored in clear, logged and shown. A private key there is a leaked secret, also where it \
          is damaged, in a format that the API does not take, or printed in words. It can be removed by the repair only where a key field \
          holds the same key, so that nothing is lost.\n\n\
          Example: a combined `server.pem` (certificate and key) pasted into `cert_content`, or the output of `openssl rsa -text` before \
          the certificate.",
    citations: &["API page, table 3: cert_content", "CA/Browser Forum BR, section 6.1.1.3: compromised keys"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_EXPOSED];

impl Reader<'_, '_> {
    /// Whether what is read here is published: a form's field for certificates.
    fn is_public(&self) -> bool {
        self.expected == Expected::Certificates && self.place.field.is_some()
    }

    /// Tells a finding about something that may be a private key. Where that would be exposed, nothing else is advised.
    pub(super) fn tell_of(&mut self, is_key: bool, finding: Finding) {
        if !is_key || !self.is_public() {
            self.tell(finding);
            return;
        }
        let place = finding.location.clone();
        self.tell(finding.hint(KEY_EXPOSED.hint));
        self.expose(place, "a PRIVATE KEY that cannot be read as it stands");
    }

    /// [`tell_of`](Self::tell_of) where the block itself is handed on, and the key in it told by the check of the fields.
    pub(super) fn tell_of_block(&mut self, is_key: bool, finding: Finding) {
        let is_exposed = is_key && self.is_public();
        self.tell(if is_exposed { finding.hint(KEY_EXPOSED.hint) } else { finding });
    }

    fn expose(&mut self, place: Location, what: &str) {
        let Some(field) = self.place.field else { return };
        let message = format!("`{field}` holds {what}; this field is public, so the key is exposed");
        self.tell(Finding::new(&KEY_EXPOSED, place, message));
    }
}

impl Scan<'_, '_, '_, '_> {
    /// Tells the first number of a private key that is printed in words anywhere in the text.
    pub(super) fn printed(&mut self) {
        if self.reader.is_public()
            && let Some(at) = printed_key(self.text.bytes)
        {
            let place = self.place(at);
            self.reader.expose(place, "the numbers of a PRIVATE KEY in words");
        }
    }

    /// Whether a private key is printed in words between `start` and `end`.
    pub(super) fn is_printed(&self, start: usize, end: usize) -> bool {
        self.reader.is_public() && printed_key(self.text.slice(start, end)).is_some()
    }
}

/// The lines that OpenSSL, LibreSSL and GnuTLS print of private keys, and of nothing else.
static PRINTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    super::pattern(
        r"(?ix-u)\b(?: private\x20?exponent: | private-key:
            | (?:priv|prime\x20?[12]|exponent\x20?[12]|coefficient):(?:\s|\\[nrt])*[0-9a-f]{2}:[0-9a-f]{2} )",
    )
});

fn printed_key(text: &[u8]) -> Option<usize> {
    // PEM without text around it has no colon.
    find(text, 0, b':')?;
    Some(PRINTED.as_ref()?.find(text)?.start())
}

/// Whether a label is that of a private key, in any format.
pub(super) fn is_key_label(label: &str) -> bool {
    match label::meaning(label) {
        Meaning::Wanted(kind) => matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedKey),
        Meaning::Foreign(foreign) => is_key_file(foreign),
        Meaning::OtherCertificate => false,
        Meaning::Unknown => label::meant(label).is_some_and(|meant| meant.ends_with("KEY")),
    }
}

/// Whether something foreign is a private key.
pub(super) fn is_key_file(foreign: Foreign) -> bool {
    matches!(foreign, Foreign::OpenSshKey | Foreign::PuttyKey)
}

/// Whether a text that reads like a marker names a private key.
pub(super) fn names_key(text: &[u8]) -> bool {
    let text = text.to_ascii_uppercase();
    let has = |word: &[u8]| text.windows(word.len()).any(|window| window == word);
    has(b"PRIVATE") || (has(b"KEY") && !has(b"PUBLIC"))
}

/// Whether base64 decodes to the start of a private key. Characters that base64 does not have end it, line ends and spaces do not.
pub(super) fn starts_key(text: &[u8]) -> bool {
    let sextets = text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| u8::try_from(base64::sextet(*byte)).ok());
    let sextets: Vec<u8> = sextets.map_while(|sextet| sextet).take(64).collect();
    let octets = sextets.chunks_exact(4).flat_map(|quad| {
        let bits = quad.iter().fold(0_u32, |bits, sextet| (bits << 6) | u32::from(*sextet));
        let [_, octets @ ..] = bits.to_be_bytes();
        octets
    });
    let octets = zeroize::Zeroizing::new(octets.collect::<Vec<u8>>());
    is_key_start(&octets)
}

/// PKCS#8 (RFC 5958, section 2), PKCS#1 (RFC 8017, A.1.2) and SEC1 (RFC 5915, section 3) start with the version; an
/// EncryptedPrivateKeyInfo with an algorithm of PKCS#5; OpenSSH keys with their name.
fn is_key_start(der: &[u8]) -> bool {
    if der.starts_with(b"openssh-key-v1\0") {
        return true;
    }
    match inside(der) {
        Some([2, 1, 0 | 1, 0x02 | 0x04 | 0x30, ..]) => true,
        Some(encrypted) => inside(encrypted)
            .is_some_and(|id| id.starts_with(&[6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5])),
        None => false,
    }
}

/// What follows the header of a SEQUENCE.
fn inside(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, 0..=0x7F, rest @ ..]
        | [0x30, 0x81, _, rest @ ..]
        | [0x30, 0x82, _, _, rest @ ..]
        | [0x30, 0x83, _, _, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_keys_are_told_from_certificates() {
        for (text, want) in [
            ("Private-Key: (2048 bit, 2 primes)\nmodulus:\n    00:b3", true),
            ("RSA Private-Key: (2048 bit, 2 primes)", true),
            ("privateExponent:\n    00:b3:", true),
            ("\tprivate exponent:\n\t\t42:b3", true),
            ("priv:\n    5d:0f:2b", true),
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
