//! A certificate and the private key that is proven to belong to it.

use crate::read::certificate::Certificate;
use crate::read::key::{self, Mismatch, PrivateKey};

/// A certificate whose private key was proven to belong to it. There is no other way to get one than the proof.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'c, 'a> {
    certificate: &'c Certificate<'a>,
}

impl<'c, 'a> Pair<'c, 'a> {
    /// The certificate.
    pub fn certificate(&self) -> &'c Certificate<'a> {
        self.certificate
    }
}

/// The bare proof; `None` where the certificate has no readable public key.
pub(crate) fn prove<'c, 'a>(
    certificate: &'c Certificate<'a>,
    key: &PrivateKey,
) -> Option<Result<Pair<'c, 'a>, Mismatch>> {
    Some(key::prove(certificate.public_key()?, key).map(|()| Pair { certificate }))
}

/// What came of the proof that a key belongs to a certificate.
pub(crate) type Proof = Result<(), Mismatch>;

/// The proof of what could be read; `None` where one of the two could not.
pub(crate) fn proof(certificate: Option<&Certificate<'_>>, key: Option<&PrivateKey>) -> Option<Proof> {
    Some(prove(certificate?, key?)?.map(|_| ()))
}
