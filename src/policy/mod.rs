//! Every number and every severity that a caller may change.

mod exception;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::rule::{Rule, Severity};
use crate::version;

pub use exception::PolicyException;

/// The time of a check. The library reads no clock, so the caller says it.
///
/// ```
/// use certgate::{At, CertificateForm, Policy, validate};
///
/// let (form, policy) = (CertificateForm::default(), Policy::default());
/// let now = validate(&form, &policy, std::time::SystemTime::now());
/// let then = validate(&form, &policy, certgate::time::macros::datetime!(2026-06-01 00:00 UTC));
/// let never = validate(&form, &policy, At::NotEvaluated);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Certificates must be valid at this time.
    Time(OffsetDateTime),
    /// Whether certificates are valid now is not evaluated, and the report says so.
    NotEvaluated,
}

impl At {
    /// The time, where there is one, in whole seconds: the times in certificates have no fractions, and the second of notAfter is still within
    /// (RFC 5280, 4.1.2.5).
    pub fn time(self) -> Option<OffsetDateTime> {
        match self {
            Self::Time(time) => Some(time.truncate_to_second()),
            Self::NotEvaluated => None,
        }
    }
}

impl From<OffsetDateTime> for At {
    fn from(time: OffsetDateTime) -> Self {
        Self::Time(time)
    }
}

impl From<SystemTime> for At {
    /// In whole seconds; a time outside the years 1970 to 9999 becomes the nearest one inside.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        Self::Time(OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(LAST))
    }
}

/// The last second of the year 9999.
const LAST: OffsetDateTime = datetime!(9999-12-31 23:59:59 UTC);

/// Which letters a certificate's name may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameLetters {
    /// A–Z and a–z: the reference page.
    #[default]
    Ascii,
    /// Chinese characters too, first position included: the page's Chinese edition.
    Han,
}

/// The limits and choices of a check, known to make sense: it is made of [`PolicySettings`], which can be read through it.
/// [`Policy::default`] is the API's reference page.
///
/// ```
/// use certgate::{NameLetters, Policy, PolicySettings};
///
/// let mut settings = PolicySettings::default();
/// settings.name_letters = NameLetters::Han;
/// let policy = Policy::new(settings)?;
/// assert_eq!(policy.name_max_characters, 50);
///
/// let mut settings = PolicySettings::default();
/// settings.rsa_min_bits = 10_000;
/// assert!(Policy::new(settings).is_err());
/// # Ok::<(), certgate::PolicyError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicySettings")]
pub struct Policy(PolicySettings);

impl Policy {
    /// For settings that were checked.
    pub(crate) fn checked(settings: PolicySettings) -> Self {
        Self(settings)
    }

    /// The severity of a finding of `rule` that weighs `default` where the policy says nothing.
    pub(crate) fn severity_of(&self, rule: &Rule, default: Severity) -> Severity {
        self.0.severity.get(rule.code).copied().unwrap_or(default)
    }

    /// Whether `rules_as_of` makes a warning of an error of `rule` that is an error since that version. A severity that the policy names
    /// counts before it.
    pub(crate) fn weakens(&self, rule: &Rule, error_since: &str) -> bool {
        let Some(as_of) = &self.0.rules_as_of else { return false };
        let is_named = self.0.severity.contains_key(rule.code);
        !is_named && !rule.refused_before && version::is_later(error_since, as_of)
    }
}

impl Deref for Policy {
    type Target = PolicySettings;

    fn deref(&self) -> &PolicySettings {
        &self.0
    }
}

impl From<Policy> for PolicySettings {
    fn from(policy: Policy) -> Self {
        policy.0
    }
}

/// What a [`Policy`] is made of: every number and every severity that a caller may change. The default is the API's reference page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PolicySettings {
    /// The fewest characters of a name: 4 (API page, table 3).
    pub name_min_characters: usize,
    /// The most characters of a name: 50 (API page, table 3).
    pub name_max_characters: usize,
    /// The letters a name may have: ASCII.
    pub name_letters: NameLetters,
    /// The most characters of `cert_content_sign` and of `private_key_sign`: 8092 (API page, table 3).
    pub sign_max_characters: usize,
    /// The most bytes of any certificate or key field, 2 MiB. The reference names no limit; this one bounds the cost.
    pub content_max_bytes: usize,
    /// The shortest RSA modulus, in bits: 2048.
    pub rsa_min_bits: usize,
    /// The longest RSA modulus, in bits: 8192. A longer one is refused before any arithmetic, so that this cannot be set higher.
    pub rsa_max_bits: usize,
    /// The most certificates of a chain: 10.
    pub chain_max_certificates: usize,
    /// The signer IDs to try on an SM2 signature, in order: `1234567812345678` (GM/T 0009, section 10).
    pub sm2_ids: Vec<String>,
    /// Public keys whose private half is published, beside those that certgate knows: each as the SHA-256 of its canonical
    /// SubjectPublicKeyInfo, 64 hexadecimal digits in lower case, as `openssl x509 -in FILE -noout -pubkey | openssl pkey -pubin -outform DER
    /// | sha256sum` prints it.
    pub published_keys: BTreeSet<String>,
    /// Hosts that the certificate must serve: DNS names in ASCII, or addresses. Without any, no host is looked for.
    pub hosts: Vec<String>,
    /// The last notAfter that the API takes: 2038-01-19T03:14:07Z (APIG.3148).
    #[serde(with = "time::serde::rfc3339")]
    pub not_after_max: OffsetDateTime,
    /// How many days before notAfter a certificate is called close to its end. `None`: 30, but at most a third of its lifetime.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_warning_days: Option<u32>,
    /// Answer APIG.3708 and APIG.3709 with HTTP 409 as the family's error tables do, not with the reference page's 400.
    pub conflict_is_409: bool,
    /// The most findings of one check that are kept: 200. Of those beyond, the first error is kept too, and a note counts them.
    pub max_findings: usize,
    /// A version of certgate, `0.1.0` for example: what only later versions reject is then a warning. It is for a site that upgrades and
    /// first wants to see what will be rejected. `None`: all rules of this version count. An upload whose keys are not proven to belong to
    /// its certificates is rejected all the same, with all of its errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_as_of: Option<String>,
    /// Whether warnings are errors: false. It counts after `severity` and `rules_as_of`.
    pub strict: bool,
    /// The severity by rule code. Raising is always possible, lowering only for soft rules.
    pub severity: BTreeMap<String, Severity>,
    /// For one certificate each, a soft rule that only warns until a day. They count last, in the check of a form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<PolicyException>,
}

impl Default for PolicySettings {
    fn default() -> Self {
        Self {
            name_min_characters: 4,
            name_max_characters: 50,
            name_letters: NameLetters::Ascii,
            sign_max_characters: 8092,
            content_max_bytes: 2 << 20,
            rsa_min_bits: 2048,
            rsa_max_bits: 8192,
            chain_max_certificates: 10,
            sm2_ids: vec!["1234567812345678".to_owned()],
            published_keys: BTreeSet::new(),
            hosts: Vec::new(),
            not_after_max: datetime!(2038-01-19 03:14:07 UTC),
            expiry_warning_days: None,
            conflict_is_409: false,
            max_findings: 200,
            rules_as_of: None,
            strict: false,
            severity: BTreeMap::new(),
            exceptions: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_computers_time_is_a_time_of_a_check() {
        let at = |seconds| At::from(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).time();
        assert_eq!(at(0), Some(OffsetDateTime::UNIX_EPOCH));
        assert_eq!(at(1_780_272_000), Some(datetime!(2026-06-01 00:00 UTC)));
        assert_eq!(at(1 << 60), Some(LAST));
        let early = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(At::from(early).time(), Some(OffsetDateTime::UNIX_EPOCH));
        assert_eq!(At::NotEvaluated.time(), None);
        let half_a_second_later = datetime!(2026-06-01 00:00:00.5 UTC);
        assert_eq!(At::from(half_a_second_later).time(), Some(datetime!(2026-06-01 00:00 UTC)));
    }
}
