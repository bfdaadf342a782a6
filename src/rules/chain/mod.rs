//! A chain of certificates: its order, its signatures, and whether its issuers may issue (RFC 5280, 6.1).
//!
//! Nothing here says that a chain can be trusted: no root is trusted by certgate, and revocation is not looked at.

pub(super) mod broken;
mod fetch;
pub(super) mod gaps;
pub(super) mod issuers;
pub(super) mod links;
pub(super) mod name_constraints;
pub(super) mod needless;
pub(super) mod order;
pub(super) mod own;
#[cfg(test)]
pub(super) mod tests;

use super::label::Numbered;
use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::issuer_cache::Verifier;
use crate::finding::{Checked, Findings};
use crate::policy::{At, Policy};
use crate::read::certificate::Certificate;
use crate::relate::chain::Chain;
use crate::relate::server::ServerPair;
pub(super) use issuers::not_yet_valid;

/// Checks the certificates of one field, in the order given, as a chain: the server certificate first, each following one the issuer
/// of the one before.
///
/// Signatures are verified, at most one fewer than the policy's `chain_max_certificates`. Where the order is wrong, the right one is
/// found and the rest is checked on it, so that all findings come at once. `value` is `None` only where there is no certificate.
/// Expiry of issuers needs a time.
///
/// ```
/// use certgate::certificate::{self, Role};
/// use certgate::{At, Policy, chain};
///
/// let der = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der"));
/// let policy = Policy::default();
/// let certificate = certificate::check(der, Role::Issuer, &policy, At::NotEvaluated).value.expect("readable");
/// // The same certificate twice: the second copy can go.
/// let checked = chain::check(&[certificate.clone(), certificate], &policy, At::NotEvaluated);
/// assert_eq!(checked.findings[0].code(), "chain-duplicate");
/// assert_eq!(checked.value.expect("not empty").mended(), [0]);
/// ```
pub fn check(certificates: &[Certificate<'_>], policy: &Policy, at: impl Into<At>) -> Checked<Chain> {
    let mut findings = Findings::at(policy, at.into());
    let chain = read(certificates, None, true, &mut findings);
    findings.checked(chain)
}

/// As [`check`]. `key_fits` is the position of a certificate that the private key fits, where one is known. Where the field was not read
/// as a whole, what is missing may be among what could not be read, so nothing is said of gaps.
pub(crate) fn read(
    certificates: &[Certificate<'_>],
    key_fits: Option<usize>,
    is_whole: bool,
    findings: &mut Findings<'_>,
) -> Option<Chain> {
    let policy = findings.policy();
    let (time, most) = (findings.time(), policy.chain_max_certificates);
    let keys = PreparedKeys::default();
    let verifier = Verifier::new(&policy.sm2_ids, &keys);
    let chain = Chain::new(certificates, key_fits, is_whole, time, most, verifier);
    judge(chain.as_ref(), certificates, is_whole, findings);
    chain
}

/// Says what is wrong with the chain of a pair.
pub(crate) fn judge_pair(pair: &ServerPair<'_>, findings: &mut Findings<'_>) {
    gaps::check_server(pair, findings);
    if let Some(chain) = pair.chain.as_ref().filter(|_| pair.is_server_missing) {
        // What the chain begins with is an issuer.
        let view = View { chain, certificates: &pair.certificates };
        if let Some(issuer) = view.at(chain.leaf) {
            let is_root = chain.is_complete && chain.path.len() == 1;
            issuers::check_validity(issuer, is_root, false, findings);
        }
    }
    judge(pair.chain.as_ref(), &pair.certificates, pair.is_whole, findings);
}

/// Says what is wrong with a chain that is related already, of these certificates. `is_whole`: all certificates of the field could be read.
fn judge(
    chain: Option<&Chain>,
    certificates: &[Certificate<'_>],
    is_whole: bool,
    findings: &mut Findings<'_>,
) {
    if !is_whole {
        let why = "whether all issuers are there, since not every certificate could be read";
        findings.not_evaluated("chain", why);
    }
    let Some(chain) = chain else { return };
    let view = View { chain, certificates };
    if findings.time().is_none() {
        note_no_time(findings);
    }
    order::check_length(view, findings);
    order::check_copies(view, findings);
    order::check_order(view, findings);
    own::check(view, findings);
    if chain.is_whole {
        gaps::check(view, findings);
    }
    links::check(view, findings);
    issuers::check(view, findings);
    name_constraints::check(view, findings);
    needless::check(view, findings);
}

/// Says that there is no time to hold validity against.
pub(super) fn note_no_time(findings: &mut Findings<'_>) {
    findings.not_evaluated(
        "validity",
        "no time was given, so whether certificates are valid now was not evaluated",
    );
}

/// A chain and the certificates that its positions stand for.
#[derive(Clone, Copy)]
struct View<'c, 'a> {
    chain: &'c Chain,
    certificates: &'c [Certificate<'a>],
}

impl<'c, 'a> View<'c, 'a> {
    fn at(self, index: usize) -> Option<Numbered<'c, 'a>> {
        self.certificates.get(index).map(|certificate| Numbered { certificate, index })
    }

    fn all(self, positions: &[usize]) -> Vec<Numbered<'c, 'a>> {
        positions.iter().filter_map(|position| self.at(*position)).collect()
    }

    /// The end of the path.
    fn top(self) -> Option<Numbered<'c, 'a>> {
        self.at(*self.chain.path.last()?)
    }
}
