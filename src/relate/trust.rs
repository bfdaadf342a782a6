//! Whether a way leads from a server's certificate up to a root that the caller trusts.

use std::collections::BTreeMap;
use std::fmt;

use super::chain::name::Comparable;
use super::chain::{has_expired, has_signed, is_issuer_by_name, is_self_issued, keeps_name_constraints};
use super::server::Limits;
use crate::location::Location;
use crate::read::block::BlockKind;
use crate::read::certificate::Certificate;
use crate::read::form::Content;
use crate::read::pem;

/// Certificates that the caller brings: roots that are trusted, or issuers that a chain may be completed with. They can be used for any number
/// of checks.
///
/// ```
/// use certgate::trust::Store;
///
/// let mut roots = Store::default();
/// roots.add_der(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der")));
/// assert_eq!(roots.len(), 1);
/// assert_eq!(roots.add(b"no certificate"), 0);
/// ```
#[derive(Clone, Default)]
pub struct Store {
    by_subject: BTreeMap<Comparable, Vec<Vec<u8>>>,
    count: usize,
}

impl Store {
    /// Adds the certificates of a text in PEM, or of DER; gives how many of them are new and can be read.
    pub fn add(&mut self, bytes: &[u8]) -> usize {
        let content = Content::from_bytes(bytes);
        let reading = pem::read(&content, &Location::none(), usize::MAX);
        let certificates = reading.blocks.iter().filter(|block| block.kind == BlockKind::Certificate);
        certificates.filter(|block| self.add_der(&block.der)).count()
    }

    /// Adds a certificate in DER; `false` where it is there already or cannot be read.
    pub fn add_der(&mut self, der: &[u8]) -> bool {
        let Ok(certificate) = Certificate::read(der, &Location::none()) else { return false };
        let of_name = self.by_subject.entry(Comparable::new(certificate.subject())).or_default();
        let is_new = !of_name.iter().any(|known| known == der);
        if is_new {
            of_name.push(der.to_vec());
            self.count = self.count.saturating_add(1);
        }
        is_new
    }

    /// How many certificates there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Those of a name.
    fn of<'s>(&'s self, subject: &Comparable) -> impl Iterator<Item = Certificate<'s>> + use<'s> {
        let found = self.by_subject.get(subject).map(Vec::as_slice).unwrap_or_default();
        found.iter().filter_map(|der| Certificate::read(der, &Location::none()).ok())
    }

    fn has(&self, certificate: &Certificate<'_>) -> bool {
        let of_name = self.by_subject.get(&Comparable::new(certificate.subject()));
        of_name.is_some_and(|found| found.iter().any(|der| der == certificate.der()))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("certificates", &self.count).finish_non_exhaustive()
    }
}

/// Where a certificate of a way comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Upload,
    Pool,
    Roots,
}

/// A certificate of a way.
#[derive(Clone, Debug)]
pub(crate) struct Step<'s> {
    pub(crate) certificate: Certificate<'s>,
    pub(crate) source: Source,
}

impl Step<'_> {
    /// Whether its extKeyUsage, where it has one, lacks serverAuth. Clients take that for a limit on what an issuer other than a root may issue.
    pub(crate) fn is_not_for_servers(&self) -> bool {
        self.source != Source::Roots
            && self.certificate.ext_key_usage().is_some_and(|usage| !usage.server_auth())
    }
}

/// How a way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// At a root that is trusted.
    Trusted,
    /// The issuer of the last certificate is not here.
    NoIssuer,
    /// The last certificate is a root, but not one that is trusted.
    OtherRoot,
    /// A root was reached, but the name constraints of the way do not allow the names below them.
    NameConstraints,
    /// A root was reached, but an issuer on the way may not issue certificates for servers.
    NotForServers,
    /// Too many certificates or too many signatures would have to be looked at.
    Cut,
}

/// The way to a trusted root; where there is none, the longest one that was found, or one that issuers may not go.
#[derive(Clone, Debug)]
pub(crate) struct Way<'s> {
    /// The server's certificate, its issuer, and so on.
    pub(crate) steps: Vec<Step<'s>>,
    pub(crate) end: End,
}

/// Looks for a way: over the issuers of the upload and of the pool, by name, key identifier, signature, time, CA, key usage, extended key usage, path length and
/// name constraints. Nothing is said of revocation.
pub(crate) fn find<'s>(
    leaf: &Certificate<'s>,
    uploaded: &[Certificate<'s>],
    pool: Option<&'s Store>,
    roots: &'s Store,
    limits: Limits<'_>,
) -> Way<'s> {
    /// The most signatures that are verified for one way.
    const SIGNATURES: usize = 64;
    let mut search = Search {
        uploaded,
        pool,
        roots,
        limits,
        left: SIGNATURES,
        best: Vec::new(),
        is_cut: false,
        is_constrained: false,
        not_for_servers: None,
    };
    let mut steps = vec![Step { certificate: leaf.clone(), source: Source::Upload }];
    if search.climb(&mut steps) {
        return Way { steps, end: End::Trusted };
    }
    if let Some(steps) = search.not_for_servers {
        return Way { steps, end: End::NotForServers };
    }
    let is_root = |step: &Step<'_>| {
        is_self_issued(&step.certificate) && has_signed(&step.certificate, &step.certificate, limits.verifier)
    };
    let end = match () {
        () if search.is_constrained => End::NameConstraints,
        () if search.is_cut => End::Cut,
        () if search.best.last().is_some_and(is_root) => End::OtherRoot,
        () => End::NoIssuer,
    };
    Way { steps: search.best, end }
}

struct Search<'a, 's, 'l> {
    uploaded: &'a [Certificate<'s>],
    pool: Option<&'s Store>,
    roots: &'s Store,
    limits: Limits<'l>,
    /// How many signatures may still be verified.
    left: usize,
    /// The longest way without a trusted root.
    best: Vec<Step<'s>>,
    is_cut: bool,
    is_constrained: bool,
    /// A way to a trusted root over an issuer that may not issue certificates for servers.
    not_for_servers: Option<Vec<Step<'s>>>,
}

impl<'s> Search<'_, 's, '_> {
    /// Goes on from the last step; `true` where a trusted root was reached. As deep as a chain may be long.
    fn climb(&mut self, steps: &mut Vec<Step<'s>>) -> bool {
        if steps.len() > self.best.len() {
            self.best.clone_from(steps);
        }
        let is_above = steps.len() > 1;
        let Some(last) = steps.last_mut() else { return false };
        // The server's own certificate is a root only where it vouches for itself (RFC 5280, 6.1: what is validated is not the trust anchor).
        let may_be_root = is_above || is_self_issued(&last.certificate);
        if may_be_root
            && self.roots.has(&last.certificate)
            && !has_expired(&last.certificate, self.limits.time)
        {
            last.source = Source::Roots;
            return self.is_allowed(steps);
        }
        let last = last.certificate.clone();
        let issuer = Comparable::new(last.issuer());
        for certificate in self.roots.of(&issuer) {
            if self.has_issued(&certificate, &last, steps, true) {
                steps.push(Step { certificate, source: Source::Roots });
                if self.is_allowed(steps) {
                    return true;
                }
                steps.pop();
            }
        }
        let uploaded = self.uploaded.iter().cloned().map(|certificate| (certificate, Source::Upload));
        let pool = self.pool.into_iter().flat_map(|pool| pool.of(&issuer));
        let candidates: Vec<_> =
            uploaded.chain(pool.map(|certificate| (certificate, Source::Pool))).collect();
        for (certificate, source) in candidates {
            let is_there = steps.iter().any(|step| {
                step.certificate.spki_der() == certificate.spki_der()
                    && step.certificate.subject() == certificate.subject()
            });
            if is_there || !self.has_issued(&certificate, &last, steps, false) {
                continue;
            }
            if steps.len() >= self.limits.max_certificates {
                self.is_cut = true;
                return false;
            }
            steps.push(Step { certificate, source });
            if self.climb(steps) {
                return true;
            }
            steps.pop();
        }
        false
    }

    /// Whether a certificate may issue the last one of these steps, and did.
    fn has_issued(
        &mut self,
        issuer: &Certificate<'_>,
        last: &Certificate<'_>,
        steps: &[Step<'_>],
        is_root: bool,
    ) -> bool {
        let time = self.limits.time;
        let cas = steps.iter().skip(1).filter(|step| !is_self_issued(&step.certificate)).count();
        let path_len = issuer.basic_constraints().and_then(|constraints| constraints.path_len);
        let may_issue = is_issuer_by_name(last, issuer)
            && (issuer.is_ca() || is_root && issuer.version() == 1)
            && issuer.key_usage().is_none_or(|usage| usage.key_cert_sign())
            && !has_expired(issuer, time)
            && !matches!((issuer.not_before(), time), (Some(start), Some(time)) if time < start)
            && path_len.and_then(|most| usize::try_from(most).ok()).is_none_or(|most| cas <= most);
        if !may_issue {
            return false;
        }
        let Some(left) = self.left.checked_sub(1) else {
            self.is_cut = true;
            return false;
        };
        self.left = left;
        has_signed(issuer, last, self.limits.verifier)
    }

    fn is_allowed(&mut self, steps: &[Step<'s>]) -> bool {
        if steps.iter().skip(1).any(Step::is_not_for_servers) {
            self.not_for_servers.get_or_insert_with(|| steps.to_vec());
            return false;
        }
        let path: Vec<_> = steps.iter().map(|step| &step.certificate).collect();
        let is_allowed = keeps_name_constraints(&path);
        self.is_constrained |= !is_allowed;
        is_allowed
    }
}
