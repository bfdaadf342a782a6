//! One pair of fields, read: the chain, its leaf, and the private key.

use super::contents::PairBlocks;
use crate::finding::Findings;
use crate::read::certificate::{Certificate, Reading};
use crate::read::key::{self, Mismatch, PrivateKey};
use crate::relate::chain;
use crate::relate::pair;
use crate::rules::certificate::{self, Role};
use crate::text;

/// What a certificate field and its key field hold, as far as it could be read.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    certificates: Vec<Certificate<'a>>,
    /// The position of the leaf: where the private key fits, or else where a leaf should be. `None` where that one could not be read.
    leaf: Option<usize>,
    /// The position of the certificate that the private key is proven to belong to.
    fits: Option<usize>,
    /// The private key against the leaf; `None` where one of the two could not be read.
    proof: Option<Result<(), Mismatch>>,
    key: Option<PrivateKey>,
    /// Whether every certificate of the field was understood, so that the field can be written anew without loss.
    is_whole: bool,
}

impl<'a> Side<'a> {
    pub(crate) fn read(blocks: &'a PairBlocks, findings: &mut Findings<'_>) -> Self {
        let key = read_key(blocks, findings);
        let readings: Vec<Reading<'a>> =
            blocks.certificates.iter().map(|block| Certificate::read(&block.der, &block.location)).collect();
        let certificates: Vec<&Certificate<'a>> = readings.iter().flatten().collect();
        let is_whole = blocks.is_certificates_whole && certificates.len() == readings.len();
        let of_first = proof(certificates.first().copied(), key.as_ref());
        let mut fits = matches!(of_first, Some(Ok(()))).then_some(0);
        if fits.is_none() && certificates.len() > 1 {
            // The key may be that of another certificate of the chain.
            let most = findings.policy().chain_max_certificates;
            let is_proven = |certificate: &&Certificate<'_>| {
                matches!(proof(Some(certificate), key.as_ref()), Some(Ok(())))
            };
            fits = certificates.iter().take(most).position(is_proven);
        }
        let leaf = find_leaf(&certificates, fits, is_whole);
        let server = leaf.and_then(|leaf| certificates.get(leaf)).map(|certificate| certificate.location());
        let proof = match leaf {
            Some(0) => of_first,
            leaf => proof(leaf.and_then(|leaf| certificates.get(leaf)).copied(), key.as_ref()),
        };
        for (block, reading) in blocks.certificates.iter().zip(&readings) {
            let role = if server == Some(&block.location) { Role::Leaf } else { Role::Issuer };
            certificate::judge(reading, role, findings);
        }
        // Filtering takes over the memory; flattening would not.
        let certificates = readings.into_iter().filter_map(Result::ok).collect();
        Self { certificates, leaf, fits, proof, key, is_whole }
    }

    /// The certificate that is or should be the first.
    pub(crate) fn leaf(&self) -> Option<&Certificate<'a>> {
        self.certificates.get(self.leaf?)
    }

    /// Whether every certificate of the field was understood, so that positions in its chain are those of its blocks.
    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    pub(crate) fn key(&self) -> Option<&PrivateKey> {
        self.key.as_ref()
    }

    /// The private key against the leaf; `None` where one of the two could not be read.
    pub(crate) fn proof(&self) -> Option<&Result<(), Mismatch>> {
        self.proof.as_ref()
    }

    /// Whether the private key is proven to belong to the leaf.
    pub(crate) fn is_proven(&self) -> bool {
        matches!(self.proof, Some(Ok(())))
    }

    /// Tells what came of the proof, for a pair that stands alone.
    pub(crate) fn check_match(&self, findings: &mut Findings<'_>) {
        match (self.leaf(), self.key(), &self.proof) {
            (Some(leaf), Some(key), Some(Err(mismatch))) => {
                let owner = self.fits.and_then(|fits| self.certificates.get(fits)).map(describe);
                pair::report(leaf, key, mismatch, owner.as_deref(), findings);
            }
            (_, _, Some(_)) => {}
            (leaf, key, None) => {
                findings.not_evaluated(
                    "match",
                    format!("there is {}", pair::what_lacks(leaf.is_some(), key.is_some())),
                );
            }
        }
    }

    /// Order, links and constraints of the chain; what has to be done to put it right.
    pub(crate) fn check_chain(&self, findings: &mut Findings<'_>) -> Option<chain::Chain> {
        if self.is_whole {
            return chain::read(&self.certificates, self.fits, findings);
        }
        let before = findings.mark();
        let chain = chain::read_rest(&self.certificates, self.fits, findings);
        findings.keep_text_since(before);
        chain
    }
}

fn proof(certificate: Option<&Certificate<'_>>, key: Option<&PrivateKey>) -> Option<Result<(), Mismatch>> {
    Some(pair::prove(certificate?, key?)?.map(|_| ()))
}

fn read_key(blocks: &PairBlocks, findings: &mut Findings<'_>) -> Option<PrivateKey> {
    let before = findings.mark();
    let key = key::read(blocks.key.as_ref()?, findings);
    if !blocks.is_key_whole {
        findings.keep_text_since(before);
    }
    key
}

fn describe(certificate: &Certificate<'_>) -> String {
    let block = certificate.location().block.unwrap_or(1);
    format!("block {block} \"{}\"", text::escape(&certificate.subject().to_string()))
}

/// The position of the server certificate: the first, where it names itself as its issuer, and hosts, and the private key fits it. Else of those that are no CA, the one that the private key fits, or else the first. Where all are
/// CAs, likewise among all; but where some could not be read, the server's is likely among those, and none is guessed.
fn find_leaf(certificates: &[&Certificate<'_>], fits: Option<usize>, is_whole: bool) -> Option<usize> {
    let is_server = |index: &usize| certificates.get(*index).is_some_and(|certificate| !certificate.is_ca());
    let is_own = |certificate: &&Certificate<'_>| certificate.is_self_issued_server();
    fits.filter(|index| (*index == 0 && certificates.first().is_some_and(is_own)) || is_server(index))
        .or_else(|| (0..certificates.len()).find(is_server))
        .or(fits)
        .or_else(|| (is_whole && !certificates.is_empty()).then_some(0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::fault;

    use crate::{CertificateForm, Policy, validate};

    /// Where the server's certificate cannot be read, its key is not held against another.
    #[test]
    fn an_unreadable_leaf_is_no_mismatch() {
        let chain = certgate_forge::chain::lets_encrypt(certgate_forge::key::p256(0));
        let mut form = certgate_forge::form::ecc();
        let cut = certgate_forge::pem::truncated(&chain.leaf.pem());
        let odd = chain.leaf.trailing(&[]).pem().replacen("MII", "AII", 1);
        for leaf in [cut, odd] {
            form.cert_content = Some(leaf + &chain.intermediate.pem());
            form.private_key = Some(chain.leaf.key_pem());
            let read: CertificateForm = serde_json::from_str(&form.json()).unwrap();
            let rejected = validate(&read, &Policy::default()).unwrap_err();
            let findings = &rejected.report().findings;
            assert!(findings.iter().all(|finding| !finding.code().starts_with("match-")), "{findings:?}");
            assert!(rejected.report().not_evaluated.iter().any(|entry| entry.code == "match"));
            assert!(rejected.report().certificate.is_none());
        }
    }

    #[test]
    fn a_fault_that_certificate_and_key_share_is_told_once() {
        let policy = Policy::default().at(time::macros::datetime!(2026-06-01 0:00 UTC));
        let rows = [
            ("rsa1024", "cert-rsa-short"),
            ("rsa8200", "cert-rsa-long"),
            ("rsa-e-3", "cert-rsa-exponent"),
            ("kind-ed25519", "cert-key-unsupported"),
        ];
        for (row, want) in rows {
            let fault = fault::all().find(|fault| fault.row == row).unwrap();
            let form: CertificateForm = serde_json::from_str(&fault.form().json()).unwrap();
            let report = match validate(&form, &policy) {
                Ok(accepted) => accepted.into_report(),
                Err(rejected) => rejected.into_report(),
            };
            let codes: Vec<_> = report.findings.iter().map(crate::Finding::code).collect();
            assert_eq!(codes, [want], "{row}");
        }
    }
}
