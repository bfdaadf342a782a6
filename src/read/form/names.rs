//! Names of fields that are not the API's own, but say which of its fields is meant. No such name is ever repeated: it may be a secret.

use crate::location::Field;
use crate::text::distance;

/// What other products and programs call a certificate chain with the leaf first, in small letters and without `_`, `-`, `.` and spaces.
const CERTIFICATE: &[&str] = &[
    "cer",
    "cert",
    "certbody",
    "certificate",
    "certificatebody",
    "certificatepem",
    "certificatepublickey",
    "certpem",
    "crt",
    "fullchain",
    "fullchainpem",
    "pem",
    "publickey",
    "servercert",
    "servercertificate",
    "sslcert",
    "sslcertificate",
    "tlscert",
    "tlscertificate",
    "tlscrt",
];

/// What they call its private key.
const KEY: &[&str] = &[
    "certificatekey",
    "certificateprivatekey",
    "certkey",
    "key",
    "keypem",
    "privatekeypem",
    "privkey",
    "privkeypem",
    "serverkey",
    "sslcertificatekey",
    "sslkey",
    "tlskey",
];

/// What they call its name.
const NAME: &[&str] = &["alias", "certificatename", "certname", "displayname", "servercertificatename"];

/// What they call the CA certificates for mutual TLS.
const ROOTS: &[&str] =
    &["cacert", "cacertificate", "cacrt", "clientca", "rootca", "rootcacert", "trustedca", "trustedroot"];

/// What they call the issuers of a certificate, which the API takes in the certificate's own field.
const ISSUERS: &[&str] = &[
    "cabundle",
    "cachain",
    "certchain",
    "certificatechain",
    "chain",
    "chainpem",
    "intermediate",
    "intermediatecertificate",
    "intermediates",
    "issuingca",
];

/// Whether an unknown name is that of a field for issuers.
pub(super) fn is_of_issuers(name: &str) -> bool {
    name.len() <= 40 && ISSUERS.contains(&plain(name).as_str())
}

/// The field that an unknown name means: the same word written otherwise (`certContent`), that of another product (`tls.crt`), or one that is a
/// letter or two off.
pub(super) fn meant(name: &str) -> Option<Field> {
    // Longer than any of them.
    if name.len() > 40 {
        return None;
    }
    let plain = plain(name);
    let same = || Field::ALL.into_iter().find(|field| self::plain(field.as_str()) == plain);
    let known = |names: &[&str]| names.contains(&plain.as_str());
    let other = || match () {
        () if known(CERTIFICATE) => Some(Field::CertContent),
        () if known(KEY) => Some(Field::PrivateKey),
        () if known(NAME) => Some(Field::Name),
        () if known(ROOTS) => Some(Field::TrustedRootCa),
        () => None,
    };
    let near = || {
        let is_near = |field: &Field| {
            let word = self::plain(field.as_str());
            word.len() > 4 && distance(&plain, &word) <= 2
        };
        Field::ALL.into_iter().find(is_near)
    };
    same().or_else(other).or_else(near)
}

/// In small letters, without what separates words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_people_write_means_the_field_of_the_api() {
        use Field::{CertContent, CertContentSign, InstanceId, Name, PrivateKey, TrustedRootCa};
        for (name, want) in [
            ("certContent", Some(CertContent)),
            ("CertContentSign", Some(CertContentSign)),
            ("cert-content", Some(CertContent)),
            ("cert_contents", Some(CertContent)),
            ("privateKey", Some(PrivateKey)),
            ("private_key_pem", Some(PrivateKey)),
            ("privte_key", Some(PrivateKey)),
            ("tls.crt", Some(CertContent)),
            ("tls.key", Some(PrivateKey)),
            ("CertificateBody", Some(CertContent)),
            ("instanceId", Some(InstanceId)),
            ("trustedRootCA", Some(TrustedRootCa)),
            ("rootCa", Some(TrustedRootCa)),
            ("CertificateChain", None),
            ("Name", Some(Name)),
            ("nam", None),
            ("snis", None),
            ("tags", None),
            ("domain", None),
            ("", None),
        ] {
            assert_eq!(meant(name), want, "{name}");
        }
        assert_eq!(meant(&"k".repeat(1 << 20)), None);
    }

    #[test]
    fn each_name_of_others_is_plain_and_none_is_a_field_of_the_api() {
        for name in CERTIFICATE.iter().chain(KEY).chain(NAME).chain(ROOTS).chain(ISSUERS) {
            assert_eq!(plain(name), *name);
            assert_eq!(is_of_issuers(name), ISSUERS.contains(name), "{name}");
            assert_eq!(meant(name).is_none(), ISSUERS.contains(name), "{name}");
            assert!(Field::ALL.into_iter().all(|field| plain(field.as_str()) != *name), "{name}");
        }
    }
}
