//! What a rule of a target can speak of, and the facts that there are of it.

use serde::{Deserialize, Serialize};

/// What a rule of a target speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Subject {
    /// The first certificate of the certificate file: the one that a server presents.
    Leaf,
    /// Each certificate after the first.
    Issuer,
    /// The first private key of the key file.
    Key,
    /// The certificate file as a whole.
    CertificateFile,
    /// The key file as a whole.
    KeyFile,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Leaf, Self::Issuer, Self::Key, Self::CertificateFile, Self::KeyFile];

    /// Its word in a profile.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Issuer => "issuer",
            Self::Key => "key",
            Self::CertificateFile => "certificate-file",
            Self::KeyFile => "key-file",
        }
    }

    /// The facts that a condition on it may name, each with its meaning. A fact that does not apply is absent, and no condition holds for it.
    pub const fn facts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Leaf | Self::Issuer => CERTIFICATE,
            Self::Key => KEY,
            Self::CertificateFile | Self::KeyFile => FILE,
        }
    }
}

const FINDING: (&str, &str) = (
    "finding",
    "the codes of the rules that it breaks, whatever the policy says; also `code at ELEMENT` and `code fact=value`",
);

const DOUBLE_SET: (&str, &str) = (
    "double_set",
    "whether the upload has both pairs of SM2; all other facts are those of the encryption pair",
);

const CERTIFICATE: &[(&str, &str)] = &[
    ("algorithm", "of its key: RSA, RSA-PSS, P-256, Ed25519, …; absent where the key cannot be read"),
    ("bits", "of the RSA modulus"),
    ("ca", "whether basicConstraints says CA:TRUE"),
    ("critical", "the critical extensions"),
    DOUBLE_SET,
    ("exponent_bits", "bits of the RSA public exponent"),
    ("ext_key_usage", "the purposes of extKeyUsage"),
    ("extension", "the extensions, by name or identifier"),
    ("fault", "what is wrong with its encoding, in words"),
    FINDING,
    ("has_san", "whether it has a subject alternative name"),
    ("hash", "the hash of its signature"),
    ("issuer_empty", "whether the issuer has no attribute"),
    ("key_usage", "the bits of keyUsage"),
    ("names", "how many names the subject alternative name has"),
    ("number", "its place in the file, from 1"),
    ("octets", "how long its DER is"),
    ("point_compressed", "whether the point of its key is compressed"),
    ("readable", "whether its outline can be read"),
    ("self_issued", "whether it names itself as its issuer"),
    ("signature", "the algorithm of its signature: SHA256-RSA, ECDSA-SHA256, …, or a dotted identifier"),
    ("signature_known", "whether certgate knows the algorithm of its signature"),
    ("subject_empty", "whether the subject has no attribute"),
    ("version", "1, 2 or 3"),
];

const KEY: &[(&str, &str)] = &[
    ("algorithm", "RSA, P-256, …; absent where the key cannot be read"),
    ("bits", "of the RSA modulus"),
    ("certificate", "the algorithm of the first certificate's key"),
    FINDING,
    ("form", "PKCS#1, PKCS#8 or SEC1; absent where the key cannot be read"),
    ("label", "the label of its block; empty for a file in DER"),
    (
        "match",
        "whether it belongs to the first certificate: yes, other-type, other-curve, other-key, other-exponent, contradicts, not-read",
    ),
    ("names_curve", "whether an EC key names its curve"),
    ("pkcs8_version", "1 or 2, where the key is PKCS#8"),
    (
        "public_numbers",
        "whether the public numbers that the key carries are those of the first certificate's key: same, other or none",
    ),
    ("point", "how the key carries its public point: none, uncompressed or compressed"),
];

const FILE: &[(&str, &str)] = &[
    ("blocks", "how many PEM blocks there are"),
    ("certificate_octets", "how long the DER of all certificates is, together"),
    ("certificates", "how many certificates there are"),
    (
        "double_set",
        "whether the upload has the two pairs of SM2; the other facts are those of the encryption pair",
    ),
    ("ends_with_newline", "whether the text ends with a line end"),
    ("ends_with_nul", "whether the text ends with a NUL octet"),
    FINDING,
    ("first_label", "the label of the first block"),
    (
        "gate_refuses",
        "whether the API gateway that certgate checks for refuses the upload, by its default policy",
    ),
    ("holds", "kinds of what is in it: certificate, key, encrypted-key, parameters, other"),
    ("octets", "how long the text is"),
    ("not_evaluated", "what certgate could not look at, such as `validity` where no time is given"),
    ("labels", "the labels of all blocks; a label that is there twice counts once"),
];
