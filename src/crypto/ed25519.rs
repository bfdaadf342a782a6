//! Ed25519 (RFC 8032, RFC 8410), by `ring`.

use ring::signature::{ED25519, UnparsedPublicKey};

use super::signature::Signed;

/// The 32 octets of the key in a SubjectPublicKeyInfo, which has no parameters (RFC 8410, 4).
pub(super) fn key_of_spki(spki: &[u8]) -> Option<&[u8]> {
    const PREFIX: &[u8] = &[0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];
    spki.strip_prefix(PREFIX).filter(|key| key.len() == 32)
}

/// Whether `key` made the signature.
pub(super) fn fits(key: &[u8], signed: Signed<'_>) -> bool {
    UnparsedPublicKey::new(&ED25519, key).verify(signed.tbs, signed.signature).is_ok()
}
