//! Cryptography beneath everything else: algorithms, public keys, signatures, proofs.

pub mod spki;
