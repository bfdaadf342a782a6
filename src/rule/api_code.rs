//! The error codes of the API.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The error code of the API that a rule maps to (API page, table 5, and the error tables of the API family).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiCode {
    /// APIG.2000: a parameter is wrong in a way no other code names.
    ParameterError,
    /// APIG.2001: a mandatory parameter is missing.
    ParameterMissing,
    /// APIG.2005: a parameter is too short.
    TooShort,
    /// APIG.2006: a parameter is too long.
    TooLong,
    /// APIG.2011: a parameter's value is not allowed.
    InvalidValue,
    /// APIG.2101: certificate and private key do not match, whatever the reason.
    Mismatch,
    /// APIG.2102: the certificate has expired.
    Expired,
    /// APIG.2104: the chain does not fit together.
    Chain,
    /// APIG.2105: the private key is encrypted.
    Encrypted,
    /// APIG.2106: the certificate or the private key is invalid.
    Invalid,
    /// APIG.2109: the certificate has no subject alternative name.
    SanMissing,
    /// APIG.3148: the certificate expires after 2038-01-19T03:14:07Z.
    ExpiresTooLate,
    /// APIG.3708: the key usage does not fit the certificate's role.
    KeyUsage,
    /// APIG.3709: the algorithm is not the declared one, or not a supported one.
    Algorithm,
}

impl ApiCode {
    /// All codes.
    pub(crate) const ALL: [Self; 14] = [
        Self::ParameterError,
        Self::ParameterMissing,
        Self::TooShort,
        Self::TooLong,
        Self::InvalidValue,
        Self::Mismatch,
        Self::Expired,
        Self::Chain,
        Self::Encrypted,
        Self::Invalid,
        Self::SanMissing,
        Self::ExpiresTooLate,
        Self::KeyUsage,
        Self::Algorithm,
    ];

    /// The code as the API prints it, `APIG.2106` for example.
    pub const fn as_str(self) -> &'static str {
        self.parts().0
    }

    /// The API's message for this code.
    pub const fn message(self) -> &'static str {
        self.parts().1
    }

    /// Whether the API family's tables give this code with HTTP 409; the reference page knows only 400.
    pub(crate) const fn is_conflict(self) -> bool {
        matches!(self, Self::KeyUsage | Self::Algorithm)
    }

    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::ParameterError => ("APIG.2000", "Parameter error."),
            Self::ParameterMissing => ("APIG.2001", "The request parameters must be specified."),
            Self::TooShort => ("APIG.2005", "The parameter is too short."),
            Self::TooLong => ("APIG.2006", "The parameter is too long."),
            Self::InvalidValue => ("APIG.2011", "Invalid parameter value."),
            Self::Mismatch => ("APIG.2101", "The certificate and private key do not match."),
            Self::Expired => ("APIG.2102", "The certificate has expired."),
            Self::Chain => ("APIG.2104", "The certificate chain is not matched."),
            Self::Encrypted => ("APIG.2105", "Encrypted private keys are not supported."),
            Self::Invalid => ("APIG.2106", "Invalid certificate or private key."),
            Self::SanMissing => ("APIG.2109", "Invalid certificate. SAN missing."),
            Self::ExpiresTooLate => (
                "APIG.3148",
                "Invalid certificate. Add one that expires before January 19, 2038 03:14:07 UTC.",
            ),
            Self::KeyUsage => ("APIG.3708", "The key usage of the certificate does not match"),
            Self::Algorithm => ("APIG.3709", "The signature algorithm of the certificate does not match"),
        }
    }
}

impl fmt::Display for ApiCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ApiCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let known = Self::ALL.into_iter().find(|known| known.as_str() == code);
        known.ok_or_else(|| serde::de::Error::custom("not an error code of the API that certgate knows"))
    }
}

impl Serialize for ApiCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_codes_of_the_3700s_are_conflicts() {
        for code in ApiCode::ALL {
            assert_eq!(code.is_conflict(), code.as_str().starts_with("APIG.37"), "{code}");
        }
    }
}
