//! Which certificate of an SM2 set encrypts and which signs, by keyUsage.

use crate::read::certificate::Certificate;

/// What a certificate's keyUsage lets its key do (RFC 5280, section 4.2.1.3; GM/T 0015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Use {
    encrypts: bool,
    signs: bool,
}

impl Use {
    /// `None` where the certificate does not say.
    fn of(certificate: &Certificate<'_>) -> Option<Self> {
        let usage = certificate.key_usage()?;
        Some(Self {
            encrypts: usage.key_encipherment() || usage.data_encipherment() || usage.key_agreement(),
            signs: usage.digital_signature() || usage.non_repudiation(),
        })
    }
}

/// The role a pair has in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Encryption,
    Signature,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Encryption => "encryption",
            Self::Signature => "signature",
        }
    }

    /// Whether the keyUsage of the certificate allows the role, or does not say.
    pub(crate) fn is_allowed(self, certificate: &Certificate<'_>) -> bool {
        Use::of(certificate).is_none_or(|usage| match self {
            Self::Encryption => usage.encrypts,
            Self::Signature => usage.signs,
        })
    }
}

/// Whether the keyUsage of the certificate allows both roles.
pub(super) fn has_both(certificate: &Certificate<'_>) -> bool {
    Use::of(certificate) == Some(Use { encrypts: true, signs: true })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::{chain, ext, key};

    use super::*;
    use crate::policy::Policy;

    #[test]
    fn each_usage_alone_says_a_role() {
        for (usage, encrypts, signs) in [
            (ext::KEY_ENCIPHERMENT, true, false),
            (ext::DATA_ENCIPHERMENT, true, false),
            (ext::KEY_AGREEMENT, true, false),
            (ext::DIGITAL_SIGNATURE, false, true),
            (ext::NON_REPUDIATION, false, true),
            (ext::KEY_CERT_SIGN, false, false),
        ] {
            let issued = chain::sm2_leaf(key::sm2_sign(), usage).self_signed();
            let policy = Policy::default();
            let certificate = crate::rules::certificate::check(
                &issued.der,
                crate::rules::certificate::Role::Leaf,
                &policy,
                crate::At::NotEvaluated,
            )
            .value
            .unwrap();
            assert_eq!(Use::of(&certificate).unwrap(), Use { encrypts, signs }, "{usage:04x}");
        }
    }
}
