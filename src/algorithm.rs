//! The three algorithm families of the API.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `algorithm_type`: the family of a certificate's key (API page, table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AlgorithmType {
    /// RSA (RFC 8017).
    Rsa,
    /// ECDSA on P-256, P-384 or P-521 (RFC 5480).
    Ecc,
    /// SM2 (GB/T 32918).
    Sm2,
}

impl AlgorithmType {
    /// The reference's word: `RSA`, `ECC` or `SM2`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ecc => "ECC",
            Self::Sm2 => "SM2",
        }
    }

    /// The family that the reference calls so.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Rsa, Self::Ecc, Self::Sm2].into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

impl fmt::Display for AlgorithmType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
