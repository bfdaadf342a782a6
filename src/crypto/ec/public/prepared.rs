//! Public keys with the multiples that a verification adds.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::point::{Affine, Multiple, Point};
use super::scalar::{Numbers, PublicScalar};
use super::{PARTS, PublicCurve, part_length, scalar, sum_of_multiples};
use crate::crypto::ec::{Curve, EcPublicKey};

/// Bits of a digit of v, the factor of a key: a digit is odd and below half of 2^bits.
const DIGIT: usize = 4;

/// Multiples of a key: 1·Q, 3·Q, 5·Q and 7·Q, and the same of 2^k·Q for each part of a factor.
pub(super) struct Multiples<C, const N: usize>(Vec<[Multiple<C, N>; 1 << (DIGIT - 2)]>);

impl<const N: usize, C: PublicCurve<N>> Multiples<C, N> {
    /// `None` for a point that is not on the curve of `C`.
    pub(super) fn new(point: &[u8]) -> Option<Self> {
        let mut base = Point::from(Affine::read(point)?);
        let part = |part| {
            if part > 0 {
                (0..part_length::<C>()).for_each(|_| base = base.doubled());
            }
            let (mut multiple, twice) = (base, Multiple::from(base.doubled()));
            std::array::from_fn(|at| {
                if at > 0 {
                    multiple = multiple.plus(&twice);
                }
                Multiple::from(multiple)
            })
        };
        Some(Self((0..PARTS).map(part).collect()))
    }

    /// u·G + v·Q.
    pub(super) fn combine(&self, u: &PublicScalar<C>, v: &PublicScalar<C>) -> Point<C, N> {
        sum_of_multiples(u, &v.digits(DIGIT), &self.0)
    }

    fn has_signed(&self, numbers: &Numbers, digest: &[u8]) -> bool {
        scalar::of_ecdsa::<C>(numbers, digest).is_some_and(|([u, v], x)| self.end_at(&u, &v, &x))
    }

    /// Whether u·G + v·Q has an affine x that is `x` modulo the order.
    fn end_at(&self, u: &PublicScalar<C>, v: &PublicScalar<C>, x: &PublicScalar<C>) -> bool {
        let point = self.combine(u, v);
        // The prime is above the order, and below twice the order.
        point.has_x(x.octets()) || x.plus_order().is_some_and(|x| point.has_x(&x))
    }
}

/// The multiples of a key, on whatever curve it is.
enum OnCurve {
    P256(Multiples<p256::NistP256, 4>),
    P384(Multiples<p384::NistP384, 6>),
    P521(Multiples<p521::NistP521, 9>),
    Sm2(Multiples<sm2::Sm2, 4>),
}

/// A public key that is ready to verify signatures. It takes 2.5 KiB for P-256 and SM2, 3.8 KiB for P-384, 5.6 KiB for P-521.
pub(crate) struct PreparedKey {
    key: EcPublicKey,
    multiples: OnCurve,
}

impl PreparedKey {
    /// The most memory that one takes, in bytes.
    pub(crate) const BYTES: usize = 6 << 10;

    pub(crate) fn new(key: &EcPublicKey) -> Option<Self> {
        let point = key.point();
        let multiples = match key.curve() {
            Curve::P256 => OnCurve::P256(Multiples::new(point)?),
            Curve::P384 => OnCurve::P384(Multiples::new(point)?),
            Curve::P521 => OnCurve::P521(Multiples::new(point)?),
            Curve::Sm2 => OnCurve::Sm2(Multiples::new(point)?),
        };
        Some(Self { key: key.clone(), multiples })
    }

    /// Whether the ECDSA signature is one of `digest` by this key (SEC 1, 4.1.4).
    pub(crate) fn is_ecdsa(&self, numbers: &Numbers, digest: &[u8]) -> bool {
        match &self.multiples {
            OnCurve::P256(key) => key.has_signed(numbers, digest),
            OnCurve::P384(key) => key.has_signed(numbers, digest),
            OnCurve::P521(key) => key.has_signed(numbers, digest),
            OnCurve::Sm2(_) => false,
        }
    }

    /// Whether the SM2 signature is one of `digest`, the hash of Z and of the message, by this key (GB/T 32918.2, 7.1).
    pub(crate) fn is_sm2(&self, numbers: &Numbers, digest: &[u8]) -> bool {
        match &self.multiples {
            OnCurve::Sm2(key) => {
                scalar::of_sm2(numbers, digest).is_some_and(|([u, v], x)| key.end_at(&u, &v, &x))
            }
            OnCurve::P256(_) | OnCurve::P384(_) | OnCurve::P521(_) => false,
        }
    }
}

/// The keys that were prepared last, so many at most. Threads can share them.
pub(crate) struct PreparedKeys {
    keys: Mutex<Vec<Arc<PreparedKey>>>,
    most: usize,
    /// Whether they are kept for other checks.
    pub(crate) are_kept: bool,
}

impl PreparedKeys {
    /// For more than one check.
    pub(crate) fn kept(most: usize) -> Self {
        Self { keys: Mutex::default(), most, are_kept: true }
    }

    /// The key, prepared now unless it is known.
    pub(crate) fn get(&self, key: &EcPublicKey) -> Option<Arc<PreparedKey>> {
        let known = self.with(|keys| {
            let place = keys.iter().position(|known| known.key == *key)?;
            // The last used comes first.
            keys.get_mut(..=place)?.rotate_right(1);
            keys.first().cloned()
        });
        if known.is_some() {
            return known;
        }
        let new = Arc::new(PreparedKey::new(key)?);
        self.with(|keys| {
            // Another thread may have been first.
            if !keys.iter().any(|known| known.key == *key) {
                keys.truncate(self.most.saturating_sub(1));
                keys.insert(0, Arc::clone(&new));
            }
        });
        Some(new)
    }

    /// A thread that ended within leaves whole entries.
    fn with<T>(&self, work: impl FnOnce(&mut Vec<Arc<PreparedKey>>) -> T) -> T {
        work(&mut self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for PreparedKeys {
    /// For one check: as many as the chains of a form need, nearly always.
    fn default() -> Self {
        Self { keys: Mutex::default(), most: 4, are_kept: false }
    }
}

impl fmt::Debug for PreparedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedKeys").field("most", &self.most).finish_non_exhaustive()
    }
}
