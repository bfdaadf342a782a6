//! What differs between the certificate of a server and the one that replaces it.

use serde::Serialize;
use time::OffsetDateTime;

use crate::crypto::spki::PublicKey;
use crate::finding::{Checked, Findings};
use crate::policy::{At, Policy};
use crate::read::certificate::{Certificate, format_time};
use crate::rules::update;
use crate::tell::metadata::CertificateMetadata;

/// How a certificate differs from the one that it replaces. All texts are escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Whether the two are the same certificate, byte for byte.
    pub is_same: bool,
    /// The DNS names and addresses of the old one that the new one does not serve: `DNS:www.example.com`.
    pub names_lost: Vec<String>,
    /// Those of the new one that the old one does not serve.
    pub names_gained: Vec<String>,
    /// Whether the new one has the same key.
    pub is_key_reused: bool,
    /// How the end of the validity moves.
    pub expiry: Expiry,
    /// By how many whole days it moves: negative where it is earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_days: Option<i64>,
    /// What else has another value.
    pub values: Vec<ChangedValue>,
}

/// How the end of the validity moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Expiry {
    /// The new certificate ends before the old one.
    Earlier,
    /// Both end at the same second.
    Same,
    /// The new certificate ends after the old one.
    Later,
    /// One of the two has no notAfter that can be read.
    #[default]
    Unknown,
}

/// A value that is not the same in the two certificates; empty where a certificate has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ChangedValue {
    /// What: `subject`, `issuer`, `key`, `signature_algorithm`, `not_before`, `not_after` or `serial_number`.
    pub what: &'static str,
    /// Its value in the old certificate.
    pub old: String,
    /// Its value in the new one.
    pub new: String,
}

/// Compares the certificate of a server with the one that is to replace it. The findings are those of an update: what is taken away.
///
/// ```
/// use certgate::certificate::{self, Role};
/// use certgate::{At, Policy, update};
///
/// let der = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/links/ed25519.der"));
/// let policy = Policy::default();
/// let certificate = certificate::check(der, Role::Leaf, &policy, At::NotEvaluated).value.expect("readable");
/// let compared = update::compare(&certificate, &certificate, &policy);
/// assert!(compared.findings.is_empty());
/// assert!(compared.value.is_some_and(|difference| difference.is_same));
/// ```
pub fn compare(old: &Certificate<'_>, new: &Certificate<'_>, policy: &Policy) -> Checked<Difference> {
    let mut findings = Findings::at(policy, At::NotEvaluated);
    let is_same = old.der() == new.der();
    if !is_same {
        update::compare(old, new, &mut findings);
    }
    let (expiry, expiry_days) = expiry(old.not_after(), new.not_after());
    let difference = Difference {
        is_same,
        names_lost: update::lost_names(old, new),
        names_gained: update::lost_names(new, old),
        is_key_reused: update::is_same_key(old, new),
        expiry,
        expiry_days,
        values: values(old, new),
    };
    findings.checked(Some(difference))
}

fn expiry(old: Option<OffsetDateTime>, new: Option<OffsetDateTime>) -> (Expiry, Option<i64>) {
    let Some((old, new)) = old.zip(new) else { return (Expiry::Unknown, None) };
    let seconds = new.unix_timestamp().saturating_sub(old.unix_timestamp());
    let change = match seconds {
        ..0 => Expiry::Earlier,
        0 => Expiry::Same,
        1.. => Expiry::Later,
    };
    // Towards zero: less than a day is none.
    (change, seconds.checked_div(86_400))
}

fn values(old: &Certificate<'_>, new: &Certificate<'_>) -> Vec<ChangedValue> {
    let time = |time: Option<OffsetDateTime>| time.map(format_time).unwrap_or_default();
    let metadata = [old, new].map(CertificateMetadata::of);
    let [old_metadata, new_metadata] = &metadata;
    let pairs = [
        ("subject", old.subject().to_string(), new.subject().to_string()),
        ("issuer", old.issuer().to_string(), new.issuer().to_string()),
        ("key", key(old), key(new)),
        (
            "signature_algorithm",
            old_metadata.signature_algorithm.as_deref().unwrap_or_default().to_owned(),
            new_metadata.signature_algorithm.as_deref().unwrap_or_default().to_owned(),
        ),
        ("not_before", time(old.not_before()), time(new.not_before())),
        ("not_after", time(old.not_after()), time(new.not_after())),
        (
            "serial_number",
            old_metadata.serial_number.clone().unwrap_or_default(),
            new_metadata.serial_number.clone().unwrap_or_default(),
        ),
    ];
    let changed = pairs.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(what, old, new)| ChangedValue { what, old, new }).collect()
}

/// `RSA, 2048 bits`.
fn key(certificate: &Certificate<'_>) -> String {
    let Some(key) = certificate.public_key() else { return String::new() };
    let bits = PublicKey::bits(key).map_or_else(String::new, |bits| format!(", {bits} bits"));
    format!("{}{bits}", key.name())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::cert::Cert;
    use certgate_forge::{ext, key};

    use super::*;
    use crate::location::Location;

    fn compared(old: &Cert, new: &Cert) -> Checked<Difference> {
        let ca = Cert::ca("CA").key(key::p256(1)).self_signed();
        let der = [old, new].map(|cert| cert.clone().issued_by(&ca).der);
        let [old, new] = der.each_ref().map(|der| Certificate::read(der, &Location::none()).unwrap());
        compare(&old, &new, &Policy::default())
    }

    fn leaf(names: &[&str], key: key::Key, end: &str) -> Cert {
        let names: Vec<_> = names.iter().map(ext::dns).collect();
        Cert::leaf("a.example.com").key(key).with(ext::san(names)).not_after(end)
    }

    #[test]
    fn what_is_lost_gained_and_moved_is_told() {
        let old = leaf(&["a.example.com", "b.example.org"], key::p256(0), "300101000000Z");
        let new = leaf(&["*.example.com"], key::rsa2048(0), "291231000000Z");
        let Checked { value, findings, .. } = compared(&old, &new);
        let difference = value.unwrap();
        assert_eq!(difference.names_lost, ["DNS:b.example.org"]);
        assert_eq!(difference.names_gained, ["DNS:*.example.com"]);
        assert!(!difference.is_key_reused && !difference.is_same);
        assert_eq!((difference.expiry, difference.expiry_days), (Expiry::Earlier, Some(-1)));
        let changed: Vec<_> = difference.values.iter().map(|value| value.what).collect();
        assert_eq!(changed, ["key", "not_after", "serial_number"], "{:?}", difference.values);
        let codes: Vec<_> = findings.iter().map(|finding| finding.code()).collect();
        assert_eq!(codes, ["update-names-lost", "update-expires-earlier"]);

        let Checked { value, findings, .. } = compared(&old, &old);
        let same = value.unwrap();
        assert!(same.is_same && same.is_key_reused && same.values.is_empty() && findings.is_empty());
        let later = leaf(&["a.example.com", "b.example.org"], key::p256(0), "300101060000Z");
        let later = compared(&old, &later).value.unwrap();
        assert_eq!((later.expiry, later.expiry_days), (Expiry::Later, Some(0)));
    }
}
