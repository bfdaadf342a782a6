//! The trusted roots for client certificates: which of them can be used.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::chain::{has_expired, is_self_issued};
use crate::read::certificate::Certificate;

/// What became of the trusted roots. All numbers are positions in the input, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Roots {
    /// CA certificates that have not expired, each once; also those that are not valid yet.
    pub usable: Vec<usize>,
    /// Second copies, which can be left out, each with the position of the first.
    pub copies: Vec<(usize, usize)>,
    /// What is neither, in the order of the input, and why.
    pub(crate) unusable: Vec<(usize, Unusable)>,
    /// Those of the usable ones that are self-issued and of version 1, which cannot say that they are CAs.
    pub(crate) old: Vec<usize>,
}

/// Why a certificate cannot be used as a trusted root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// It has expired.
    Expired,
    /// It does not say that it is a CA.
    NotCa,
    /// Its keyUsage does not let its key sign certificates.
    SignsNoCertificates,
}

impl Roots {
    /// Sorts the certificates. Whether one has expired is known only where there is a time.
    pub(crate) fn new(certificates: &[Certificate<'_>], time: Option<OffsetDateTime>) -> Self {
        let mut roots =
            Self { usable: Vec::new(), copies: Vec::new(), unusable: Vec::new(), old: Vec::new() };
        let mut first_of: BTreeMap<&[u8], usize> = BTreeMap::new();
        for (index, certificate) in certificates.iter().enumerate() {
            if let Some(first) = first_of.get(certificate.der()) {
                roots.copies.push((index, *first));
                continue;
            }
            first_of.insert(certificate.der(), index);
            let is_old = certificate.version() == 1 && is_self_issued(certificate);
            if has_expired(certificate, time) {
                roots.unusable.push((index, Unusable::Expired));
            } else if is_old {
                roots.old.push(index);
                roots.usable.push(index);
            } else if !certificate.is_ca() {
                roots.unusable.push((index, Unusable::NotCa));
            } else if certificate.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
                roots.unusable.push((index, Unusable::SignsNoCertificates));
            } else {
                roots.usable.push(index);
            }
        }
        roots
    }
}
