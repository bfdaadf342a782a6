//! Private RSA keys: the relations of their numbers (RFC 8017, 3.2), checked in constant time.
//!
//! What is public, n, e and the lengths of all numbers in bits, may steer the control flow; the values of the others may not. Of them only
//! the verdict on each relation becomes known. Every number and every intermediate result is wiped.

use crypto_bigint::{BoxedUint, Choice, ConcatenatingMul, CtEq, CtLt, NonZero};
use zeroize::Zeroizing;

use super::RsaPublicKey;
use crate::crypto::proof::{Mismatch, Relation, Secret};

/// The numbers of an RSA key (RFC 8017, 3.2), big-endian without leading zeros, each at most as long as the modulus.
#[derive(Clone)]
pub(crate) struct RsaNumbers {
    /// n and e.
    pub(crate) public: RsaPublicKey,
    pub(crate) d: Secret,
    pub(crate) p: Secret,
    pub(crate) q: Secret,
    /// d mod p − 1, as the file has it.
    pub(crate) dp: Secret,
    /// d mod q − 1, as the file has it.
    pub(crate) dq: Secret,
    /// q⁻¹ mod p, as the file has it.
    pub(crate) qinv: Secret,
    /// The public key beside the private one (RFC 5958, publicKey).
    pub(crate) beside: Option<RsaPublicKey>,
}

impl Drop for RsaNumbers {
    fn drop(&mut self) {
        // What is cleared is still wiped, as spare capacity: at once, where elements are wiped one by one.
        for number in [&mut self.d, &mut self.p, &mut self.q, &mut self.dp, &mut self.dq, &mut self.qinv] {
            number.clear();
        }
    }
}

/// The public key of `numbers`, once they are proven to be those of one key.
pub(crate) fn public_key(numbers: &RsaNumbers) -> Result<&RsaPublicKey, Mismatch> {
    check_relations(numbers).map_err(Mismatch::SelfContradiction)?;
    match &numbers.beside {
        Some(beside) if *beside != numbers.public => Err(Mismatch::SelfContradiction(Relation::PublicKey)),
        _ => Ok(&numbers.public),
    }
}

/// Proves that `numbers` are those of one key, and that `public` is its public key.
pub(crate) fn prove(public: &RsaPublicKey, numbers: &RsaNumbers) -> Result<(), Mismatch> {
    let own = public_key(numbers)?;
    if public.modulus() != own.modulus() {
        Err(Mismatch::OtherKey)
    } else if public.exponent() != own.exponent() {
        Err(Mismatch::SameModulusOtherExponent)
    } else {
        Ok(())
    }
}

pub(super) type Number = Zeroizing<BoxedUint>;

/// Checks that d, p, q, dP, dQ and qInv are those of n and e:
///
/// - n = p·q with p and q above 1, so that both are below n,
/// - dP = d mod p − 1 and dQ = d mod q − 1,
/// - dP·e ≡ 1 mod p − 1 and dQ·e ≡ 1 mod q − 1, which with the line above says the same of d,
/// - qInv·q ≡ 1 mod p with qInv < p,
/// - d < n.
///
/// # Errors
/// The first relation that does not hold.
fn check_relations(key: &RsaNumbers) -> Result<(), Relation> {
    let n = number(key.public.modulus());
    let e = number(key.public.exponent());
    let (d, p, q) = (number(&key.d), number(&key.p), number(&key.q));
    let (dp, dq, qinv) = (number(&key.dp), number(&key.dq), number(&key.qinv));

    // n is odd, so p and q are too if this holds.
    hold(multiply(&p, &q).ct_eq(&*n), Relation::Modulus)?;
    let p_less_1 = less_one(&p).ok_or(Relation::Modulus)?;
    let q_less_1 = less_one(&q).ok_or(Relation::Modulus)?;

    let one = BoxedUint::one();
    hold(remainder(&multiply(&dp, &e), &p_less_1).ct_eq(&one), Relation::Dp)?;
    hold(remainder(&multiply(&dq, &e), &q_less_1).ct_eq(&one), Relation::Dq)?;
    let matches_dp = remainder(&d, &p_less_1).ct_eq(&*dp);
    let matches_dq = remainder(&d, &q_less_1).ct_eq(&*dq);
    hold(matches_dp.or(matches_dq), Relation::PrivateExponent)?;
    hold(matches_dp, Relation::Dp)?;
    hold(matches_dq, Relation::Dq)?;

    let p = Zeroizing::new(p.to_nz().into_option().ok_or(Relation::Modulus)?);
    hold(qinv.ct_lt(&p) & remainder(&multiply(&qinv, &q), &p).ct_eq(&one), Relation::QInv)?;
    hold(d.ct_lt(&n), Relation::PrivateExponentTooLarge)
}

fn hold(condition: Choice, relation: Relation) -> Result<(), Relation> {
    if condition.to_bool() { Ok(()) } else { Err(relation) }
}

pub(super) fn number(octets: &[u8]) -> Number {
    let bits = u32::try_from(octets.len().saturating_mul(8)).unwrap_or(u32::MAX);
    // Cannot truncate: the precision is that of the octets.
    Zeroizing::new(BoxedUint::from_be_slice_truncated(octets, bits))
}

fn multiply(a: &Number, b: &Number) -> Number {
    Zeroizing::new(a.concatenating_mul(&**b))
}

pub(super) fn less_one(number: &Number) -> Option<Zeroizing<NonZero<BoxedUint>>> {
    number.wrapping_sub(BoxedUint::one()).into_nz().into_option().map(Zeroizing::new)
}

pub(super) fn remainder(dividend: &Number, divisor: &NonZero<BoxedUint>) -> Number {
    // Not `rem_vartime`, which would leave the quotient in freed memory. The time varies with the length of the divisor alone: each step
    // is that of the constant-time division, which also goes through the steps that a shorter divisor would need.
    let (quotient, remainder) = dividend.div_rem_vartime(divisor);
    drop(Zeroizing::new(quotient));
    Zeroizing::new(remainder)
}
