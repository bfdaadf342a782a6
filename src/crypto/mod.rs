//! Cryptography: algorithms, public keys, signatures, and the proof that a private key belongs to a public key.
//!
//! - [`algorithm`] is the one table of identifiers, names and parameters, [`hash`] the one list of hash functions.
//! - [`spki`] reads and writes public keys.
//! - [`signature`] verifies, [`proof`] proves. Each asks the file of the key's family: [`rsa`], [`ec`], [`sm2`], [`ed25519`].
//! - [`issuer_cache`] remembers which signatures fit.
//! - [`weak`] says which private keys are easy to find, `rsa::factors` and [`published`] which public keys.
//! - [`stack`], the arithmetic of curves (`ec::field`, `ec::point`, `ec::fixed_base`, `ec::public`) and `rsa::factors` are written by hand; each
//!   names its source, and the test that holds it against a crate.
//!
//! What is secret is in [`proof::Numbers`]: wiped when dropped, and computed with in constant time.

pub(crate) mod algorithm;
pub(crate) mod ec;
mod ed25519;
pub(crate) mod hash;
pub(crate) mod issuer_cache;
pub(crate) mod proof;
pub(crate) mod published;
pub(crate) mod rsa;
pub(crate) mod signature;
mod sm2;
pub(crate) mod spki;
pub(crate) mod stack;
#[cfg(test)]
mod tests;
pub(crate) mod weak;
