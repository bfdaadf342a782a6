//! Signatures of certificates that were verified before: the same few issuers sign most of what is uploaded.

#[cfg(test)]
mod tests;

use std::array;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use ring::digest::{Context, SHA256};

use super::ec::public::{PreparedKey, PreparedKeys};
use super::signature::{self, Outcome, Signed, Signer};

/// Remembers which certificates were signed by which issuer's key, so that [`Check::cache`](crate::Check::cache) need not verify the
/// same signature again, and the issuers' public keys on elliptic curves with the multiples that make the next signature cheap. It changes how long
/// a check takes, and nothing else: the reports are the same.
///
/// Only signatures that fit are kept, each as a hash over all that went into its verification. Nothing of a private key is in it. Threads can
/// share it. Its memory is bounded: a new entry takes the place of an old one. Who uploads many valid chains can push out the entries of
/// others, which costs them the verification again.
///
/// ```
/// use certgate::{At, CertificateForm, Check, IssuerCache, Policy};
///
/// let (policy, cache) = (Policy::default(), IssuerCache::default());
/// for body in [r#"{"name": "first"}"#, r#"{"name": "second"}"#] {
///     let form = CertificateForm::from_json(body.as_bytes()).expect("an object");
///     let rejected = Check::new(&form, &policy, At::NotEvaluated).cache(&cache).run().expect_err("fields are missing");
///     assert_eq!(rejected.report().findings[0].code(), "field-missing");
/// }
/// ```
pub struct IssuerCache {
    rows: Vec<Mutex<Row>>,
    keys: PreparedKeys,
    bytes_of_keys: usize,
}

/// A hash over all that goes into a verification.
type Key = [u8; 32];

/// The entries of one row: those whose keys begin alike.
const WIDTH: usize = 8;

/// Some entries, of which a new one replaces the oldest.
#[derive(Default)]
struct Row {
    keys: [Option<Key>; WIDTH],
    oldest: usize,
}

impl IssuerCache {
    /// A cache that takes about `bytes` of memory at most, and at least 8 KiB: a quarter for keys of issuers, of some 6 KB each, the rest
    /// for signatures, of some 35 bytes each.
    pub fn with_bytes(bytes: usize) -> Self {
        let bytes = bytes.max(8 << 10);
        let keys = bytes.div_euclid(4).div_euclid(PreparedKey::BYTES).max(1);
        let bytes_of_keys = keys.saturating_mul(PreparedKey::BYTES);
        let rows = bytes.saturating_sub(bytes_of_keys).div_euclid(size_of::<Mutex<Row>>()).max(1);
        Self {
            rows: (0..rows).map(|_| Mutex::default()).collect(),
            keys: PreparedKeys::kept(keys),
            bytes_of_keys,
        }
    }

    /// The memory that it takes when it is full, in bytes.
    pub fn bytes(&self) -> usize {
        self.rows.len().saturating_mul(size_of::<Mutex<Row>>()).saturating_add(self.bytes_of_keys)
    }

    /// How many signatures it knows.
    pub fn known(&self) -> usize {
        let known = |row: &Mutex<Row>| locked(row, |row| row.keys.iter().flatten().count());
        self.rows.iter().map(known).sum()
    }

    fn has(&self, key: &Key) -> bool {
        self.row(key).is_some_and(|row| locked(row, |row| row.keys.contains(&Some(*key))))
    }

    fn insert(&self, key: Key) {
        let Some(row) = self.row(&key) else { return };
        locked(row, |row| {
            // Another thread may have been first.
            if row.keys.contains(&Some(key)) {
                return;
            }
            if let Some(place) = row.keys.get_mut(row.oldest) {
                *place = Some(key);
            }
            row.oldest = row.oldest.wrapping_add(1) % WIDTH;
        });
    }

    fn row(&self, key: &Key) -> Option<&Mutex<Row>> {
        let first = array::from_fn(|at| key.get(at).copied().unwrap_or(0));
        let number = usize::from_le_bytes(first).checked_rem(self.rows.len())?;
        self.rows.get(number)
    }
}

/// A thread that ended within leaves whole entries.
fn locked<T>(row: &Mutex<Row>, work: impl FnOnce(&mut Row) -> T) -> T {
    work(&mut row.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Default for IssuerCache {
    /// A cache of 1 MiB, for some 20,000 certificates and 40 issuers.
    fn default() -> Self {
        Self::with_bytes(1 << 20)
    }
}

impl fmt::Debug for IssuerCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerCache").field("bytes", &self.bytes()).field("known", &self.known()).finish()
    }
}

/// How the signatures of a check are verified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verifier<'v> {
    /// The signer IDs to try on an SM2 signature.
    pub(crate) sm2_ids: &'v [String],
    /// What was verified before, where the caller keeps that.
    cache: Option<&'v IssuerCache>,
    /// Keys that are ready to verify.
    keys: &'v PreparedKeys,
}

impl<'v> Verifier<'v> {
    /// With keys of this check alone.
    pub(crate) fn new(sm2_ids: &'v [String], keys: &'v PreparedKeys) -> Self {
        Self { sm2_ids, cache: None, keys }
    }

    /// With what the cache knows.
    pub(crate) fn with_cache(self, cache: &'v IssuerCache) -> Self {
        Self { cache: Some(cache), keys: &cache.keys, ..self }
    }

    /// Verifies a signature, unless it is known to fit. See [`signature::verify`].
    pub(crate) fn verify(self, signed: Signed<'_>, signer: Signer<'_>) -> Outcome {
        let verify = || signature::verify(signed, signer, self.sm2_ids, self.keys);
        let Some(cache) = self.cache else { return verify() };
        let key = key(signed, signer, self.sm2_ids);
        if cache.has(&key) {
            return Outcome::Fits;
        }
        let outcome = verify();
        // What fits under an empty SM2 ID is rare: it is verified each time.
        if outcome == Outcome::Fits {
            cache.insert(key);
        }
        outcome
    }
}

/// The hash of all that [`signature::verify`] looks at: each part with its length before it, so that no two inputs are hashed alike.
fn key(signed: Signed<'_>, signer: Signer<'_>, sm2_ids: &[String]) -> Key {
    let Signed { algorithm, signature, tbs } = signed;
    let mut hash = Context::new(&SHA256);
    let mut part = |octets: Option<&[u8]>| {
        let length = octets.map_or(u64::MAX, |octets| u64::try_from(octets.len()).unwrap_or(u64::MAX));
        hash.update(&length.to_be_bytes());
        hash.update(octets.unwrap_or_default());
    };
    part(Some(tbs));
    part(Some(signer.spki));
    part(Some(algorithm.oid().as_bytes()));
    part(algorithm.parameters());
    part(Some(signature));
    sm2_ids.iter().for_each(|id| part(Some(id.as_bytes())));
    let digest = hash.finish();
    array::from_fn(|at| digest.as_ref().get(at).copied().unwrap_or(0))
}
