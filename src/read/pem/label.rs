//! What a label says its block is.

use super::ERROR;
use super::block::BlockKind;
use super::foreign::Foreign;
use crate::rule::Rule;

/// A label of OpenSSL's that is not the standard one.
pub(super) static PEM_LABEL: Rule = Rule {
    code: "pem-label",
    summary: "A certificate under a label that the API does not know",
    hint: "Convert each block by itself: `openssl x509 -in BLOCK -out NEW.pem` writes the label CERTIFICATE.",
    why: "Certificates have the label `CERTIFICATE`. `X509 CERTIFICATE` is an old name for it, and `TRUSTED CERTIFICATE` is \
          OpenSSL's own form that adds trust settings after the certificate. Most readers skip blocks with other labels.\n\n\
          Example: the output of `openssl x509 -trustout`.",
    citations: &["RFC 7468, section 5.1", "RFC 7468, section 4"],
    ..ERROR
};

/// A label that means nothing here.
pub(super) static PEM_UNKNOWN_LABEL: Rule = Rule {
    code: "pem-unknown-label",
    summary: "A block that is neither certificate nor key",
    hint: "Remove the block, or correct its label.",
    why: "The label says what a block is, in capital letters. A block with a label that is not in use for certificates or keys is \
          an object that the API does not take, or a label with a typing error.\n\n\
          Example: `DH PARAMETERS` in a file that a web server read, or `CERTFICATE`.",
    citations: &["RFC 7468, section 4", "API page, table 3"],
    ..ERROR
};

/// A label that contradicts the body.
pub(super) static PEM_WRONG_LABEL: Rule = Rule {
    code: "pem-wrong-label",
    summary: "A certificate under the label of a key, or a key under the label of a certificate",
    hint: "Put the block's body between the lines that fit it: BEGIN and END CERTIFICATE, or BEGIN and END PRIVATE KEY.",
    why: "Readers choose by the label and then fail on the body. Where a private key stands under the label of a certificate, it also \
          gets handled as public data.\n\n\
          Example: the base64 of a certificate pasted between BEGIN and END PRIVATE KEY.",
    citations: &["RFC 7468, section 5.1", "RFC 7468, section 10"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_LABEL, &PEM_UNKNOWN_LABEL, &PEM_WRONG_LABEL];

/// What a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A block that the API takes, or parameters before one.
    Wanted(BlockKind),
    /// A certificate, under another name than `CERTIFICATE`.
    OtherCertificate,
    /// Neither certificate nor key.
    Foreign(Foreign),
    /// Nothing known.
    Unknown,
}

/// What `label` says; case counts (RFC 7468, section 3).
pub(super) fn meaning(label: &str) -> Meaning {
    match label {
        "CERTIFICATE" => Meaning::Wanted(BlockKind::Certificate),
        "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Meaning::OtherCertificate,
        "ENCRYPTED PRIVATE KEY" => Meaning::Wanted(BlockKind::EncryptedKey),
        "EC PARAMETERS" | "SM2 PARAMETERS" => Meaning::Wanted(BlockKind::EcParameters),
        "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => Meaning::Foreign(Foreign::OpenSshKey),
        "PRIVATE KEY" => Meaning::Wanted(BlockKind::PrivateKey),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Meaning::Foreign(Foreign::Request),
        "X509 CRL" | "CRL" => Meaning::Foreign(Foreign::Crl),
        "PKCS7" | "CMS" | "PKCS #7 SIGNED DATA" => Meaning::Foreign(Foreign::Pkcs7),
        "PKCS12" | "PFX" => Meaning::Foreign(Foreign::Pkcs12),
        "SSH2 PUBLIC KEY" => Meaning::Foreign(Foreign::SshPublicKey),
        _ if label.starts_with("PGP ") => Meaning::Foreign(Foreign::Pgp),
        _ if label.ends_with(" PRIVATE KEY") => Meaning::Wanted(BlockKind::PrivateKey),
        _ if label == "PUBLIC KEY" || label.ends_with(" PUBLIC KEY") => Meaning::Foreign(Foreign::PublicKey),
        _ => Meaning::Unknown,
    }
}

/// The label that `label` was probably meant to be: in small letters, or at most two characters off.
pub(super) fn meant(label: &str) -> Option<&'static str> {
    ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
        .into_iter()
        .find(|known| distance(&label.to_ascii_uppercase(), known) <= 2)
}

/// The edit distance (Levenshtein), for labels: both are short.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (slot, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let replaced = diagonal.saturating_add(usize::from(x != y));
            diagonal = *slot;
            left = replaced.min(left.saturating_add(1)).min(diagonal.saturating_add(1));
            *slot = left;
        }
    }
    row.last().copied().unwrap_or_default()
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
