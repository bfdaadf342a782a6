//! The public key of a certificate.

use crate::crypto::spki::{PublicKey, SpkiErrorKind};

use super::fault::{FaultKind, KeyFault};
use super::outline::TBS;
use super::walk::Walk;

/// Reads the key of a SubjectPublicKeyInfo that starts at `offset`; what is wrong with it goes to the walk.
pub(super) fn read(spki: &[u8], offset: usize, walk: &mut Walk<'_>) -> Option<PublicKey> {
    let error = match PublicKey::from_spki_der(spki) {
        Ok(key) => return Some(key),
        Err(error) => error,
    };
    let path = TBS.field("subjectPublicKeyInfo");
    let offset = offset.saturating_add(error.offset);
    let fault = match error.kind {
        SpkiErrorKind::Der(fault) => {
            walk.fault(offset, &path, fault);
            return None;
        }
        SpkiErrorKind::ModulusTooLarge { bits } => KeyFault::ModulusTooLarge { bits },
        kind => KeyFault::Impossible(kind),
    };
    walk.report(offset, &path, FaultKind::Key(fault));
    None
}
