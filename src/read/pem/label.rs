//! What a label says its block is.

use super::container::Container;
use crate::read::block::BlockKind;
use crate::text::distance;

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A block that the API takes, or parameters before one.
    Wanted(BlockKind),
    /// A certificate, under another name than `CERTIFICATE`.
    OldCertificate,
    /// Parameters of a server, which are not part of an upload.
    DhParameters,
    /// Something else that is known.
    Other(Container),
    /// Nothing known.
    Unknown,
}

/// What `label` says; case counts (RFC 7468, section 3).
pub(super) fn meaning(label: &str) -> Meaning {
    match label {
        "CERTIFICATE" => Meaning::Wanted(BlockKind::Certificate),
        "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Meaning::OldCertificate,
        "DH PARAMETERS" | "X9.42 DH PARAMETERS" => Meaning::DhParameters,
        "ENCRYPTED PRIVATE KEY" => Meaning::Wanted(BlockKind::EncryptedKey),
        "EC PARAMETERS" | "SM2 PARAMETERS" => Meaning::Wanted(BlockKind::EcParameters),
        "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => Meaning::Other(Container::OpenSshKey),
        "PRIVATE KEY" => Meaning::Wanted(BlockKind::PrivateKey),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Meaning::Other(Container::Request),
        "X509 CRL" | "CRL" => Meaning::Other(Container::Crl),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Meaning::Other(Container::Pkcs7),
        "PKCS12" | "PFX" => Meaning::Other(Container::Pkcs12),
        "SSH2 PUBLIC KEY" => Meaning::Other(Container::SshPublicKey),
        _ if label.starts_with("PGP ") => Meaning::Other(Container::Pgp),
        _ if label.ends_with(" PRIVATE KEY") => Meaning::Wanted(BlockKind::PrivateKey),
        _ if label == "PUBLIC KEY" || label.ends_with(" PUBLIC KEY") => Meaning::Other(Container::PublicKey),
        _ => Meaning::Unknown,
    }
}

/// The label that `label` was probably meant to be: in small letters, or at most two characters off.
pub(super) fn meant(label: &str) -> Option<&'static str> {
    ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
        .into_iter()
        .find(|known| distance(&label.to_ascii_uppercase(), known) <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_labels_are_guessed() {
        for (label, want) in [
            ("CERTFICATE", Some("CERTIFICATE")),
            ("certificate", Some("CERTIFICATE")),
            ("Private Key", Some("PRIVATE KEY")),
            ("RSA PRIVATEKEY", Some("RSA PRIVATE KEY")),
            ("CERTIFICATES", Some("CERTIFICATE")),
            ("DH PARAMETERS", None),
            ("MESSAGE", None),
        ] {
            assert_eq!(meant(label), want, "{label}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
