//! Relate: what belongs to what. The proof that a key belongs to a certificate, the order of a chain, the roles of a double set.

pub(crate) mod altered;
pub(crate) mod chain;
pub(crate) mod fields;
pub(crate) mod fleet;
pub(crate) mod pair;
pub(crate) mod public_key;
pub(crate) mod roots;
pub(crate) mod server;
mod signer_id;
pub(crate) mod sm2_set;
pub(crate) mod together;
pub(crate) mod trust;

use crate::algorithm::AlgorithmType;
use crate::location::Field;
use crate::read::block::Block;
use crate::read::certificate::{self, Certificate};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use altered::Altered;
use fields::{Exposed, PairFields};
use roots::Roots;
use server::{Limits, ServerPair};
use sm2_set::{Relation, Sm2Set};
use together::Together;

/// How everything in an upload belongs together.
#[derive(Debug)]
pub(crate) struct Relations<'u> {
    /// `cert_content` and `private_key`.
    pub(crate) base: UploadedPair<'u>,
    /// `cert_content_sign` and `private_key_sign`; `None` where the certificate is not SM2.
    pub(crate) sign: Option<UploadedPair<'u>>,
    /// The two pairs as a double set, where there is a second one.
    pub(crate) set: Option<Relation>,
    /// Both pairs of a double set, where the base fields hold both.
    pub(crate) together: Option<Together<'u>>,
    /// `trusted_root_ca`; `None` where it is not given.
    pub(crate) roots: Option<UploadedRoots<'u>>,
    /// The algorithm of the certificate's key; where that is not known, what the form says.
    pub(crate) algorithm: Option<AlgorithmType>,
}

/// That each private key of an upload is proven to belong to the first certificate of its field: the one that a server presents. There is
/// no other way to get one than [`Relations::proven`], and no acceptance without one.
#[derive(Debug)]
pub(crate) struct Proven(());

/// A certificate field and its key field: what is in them, and how it belongs together.
#[derive(Debug)]
pub(crate) struct UploadedPair<'u> {
    pub(crate) fields: PairFields<'u>,
    pub(crate) pair: ServerPair<'u>,
    /// The public keys beside them that are the server's certificate's or the private key's own.
    pub(crate) own_public_keys: Vec<&'u Block>,
}

/// What `trusted_root_ca` holds.
#[derive(Debug)]
pub(crate) struct UploadedRoots<'u> {
    /// The blocks with certificates.
    pub(crate) blocks: Vec<&'u Block>,
    /// Private keys, which do not belong there.
    pub(crate) exposed: Vec<Exposed<'u>>,
    /// What was read of each block.
    pub(crate) read: Vec<certificate::Reading<'u>>,
    /// The certificates that could be read.
    pub(crate) certificates: Vec<Certificate<'u>>,
    pub(crate) roots: Roots,
}

impl<'u> Relations<'u> {
    /// Relates what a form holds. The signing pair counts only where the certificate, or else the form, says SM2.
    pub(crate) fn new(form: &CertificateForm, upload: &'u Upload, limits: Limits<'_>) -> Self {
        let pair = |certificate_field, key_field| {
            let fields = PairFields::new(upload, certificate_field, key_field);
            let pair = ServerPair::new(&fields, limits);
            let own_public_keys = public_key::own(upload, &fields, &pair);
            UploadedPair { fields, pair, own_public_keys }
        };
        let mut base = pair(Field::CertContent, Field::PrivateKey);
        // What the certificate is counts before what the form says it is.
        let algorithm = base.pair.algorithm().or(form.algorithm());
        let mut sign = (algorithm == Some(AlgorithmType::Sm2))
            .then(|| pair(Field::CertContentSign, Field::PrivateKeySign));
        let set = sign.as_ref().map(|sign| {
            let set = sm2_set(&base.pair, &sign.pair);
            Relation::new(set, base.pair.proof.as_ref(), sign.pair.proof.as_ref())
        });
        let roots = upload.text(Field::TrustedRootCa).map(|_| UploadedRoots::new(upload, limits));
        if let Some(signature) = sign.as_ref().and_then(|sign| sign.pair.leaf()) {
            base.pair.consider_signature_certificate(signature, limits.verifier);
        }
        if let Some(roots) = &roots {
            for pair in std::iter::once(&mut base).chain(&mut sign) {
                pair.pair.find_issuer_among(&roots.certificates, limits.verifier);
            }
        }
        signer_id::settle(&mut base, sign.as_mut(), roots.as_ref(), limits);
        let together = Together::new(&base.fields, &base.pair, upload, limits);
        Self { base, sign, set, together, roots, algorithm }
    }

    /// The blocks of the pairs whose text was changed.
    pub(crate) fn altered(&self, limits: Limits<'_>) -> Vec<Altered> {
        let pairs = std::iter::once(&self.base).chain(&self.sign);
        pairs.flat_map(|pair| altered::find(&pair.fields, &pair.pair, limits)).collect()
    }

    /// The proof that each private key belongs to the first certificate of its field, where it does.
    pub(crate) fn proven(&self) -> Option<Proven> {
        let is_sign_proven = self.sign.as_ref().is_none_or(|sign| sign.pair.is_proven());
        (self.base.pair.is_proven() && is_sign_proven).then_some(Proven(()))
    }
}

/// The certificates and keys of two pairs as a double set.
pub(crate) fn sm2_set<'s, 'u>(base: &'s ServerPair<'u>, sign: &'s ServerPair<'u>) -> Sm2Set<'s, 'u> {
    Sm2Set {
        encryption: base.leaf(),
        encryption_key: base.private_key(),
        signature: sign.leaf(),
        signature_key: sign.private_key(),
    }
}

impl<'u> UploadedRoots<'u> {
    fn new(upload: &'u Upload, limits: Limits<'_>) -> Self {
        let field = Field::TrustedRootCa;
        let blocks: Vec<_> =
            upload.blocks(field).iter().filter(|block| fields::is_certificate(block)).collect();
        let read: Vec<_> =
            blocks.iter().map(|block| Certificate::read(&block.der, &block.location)).collect();
        let certificates: Vec<_> = read.iter().filter_map(|read| read.as_ref().ok()).cloned().collect();
        let roots = Roots::new(&certificates, limits.time);
        Self { blocks, exposed: fields::exposed(upload, field), read, certificates, roots }
    }
}
