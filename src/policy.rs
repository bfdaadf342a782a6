//! Every number and every severity that a caller may change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::rule::{Rule, Severity};

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

/// The limits and choices of a check. [`Policy::default`] is the API's reference page, without a time.
///
/// The policy carries the time of the check, because the library reads no clock: without it validity is not evaluated, and the
/// result says so.
///
/// ```
/// use certgate::{NameLetters, Policy};
///
/// let mut policy = Policy::default().at(time::macros::datetime!(2026-06-01 00:00 UTC));
/// policy.name_letters = NameLetters::Han;
/// assert_eq!(policy.name_max_characters, 50);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    /// The time of the check, in UTC. `None`: validity is not evaluated.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub time: Option<OffsetDateTime>,
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
    /// The longest RSA modulus, in bits: 8192. A longer one is refused before any arithmetic, also where this is set higher, which
    /// `catalogue::check_policy` says.
    pub rsa_max_bits: usize,
    /// The most certificates of a chain: 10.
    pub chain_max_certificates: usize,
    /// The signer IDs to try on an SM2 signature, in order: `1234567812345678` (GM/T 0009, section 10).
    pub sm2_ids: Vec<String>,
    /// The last notAfter that the API takes: 2038-01-19T03:14:07Z (APIG.3148).
    #[serde(with = "time::serde::rfc3339")]
    pub not_after_max: OffsetDateTime,
    /// How many days before notAfter a certificate is called close to its end: 30. At most a third of its lifetime counts.
    pub expiry_warning_days: u32,
    /// Answer APIG.3708 and APIG.3709 with HTTP 409 as the family's error tables do, not with the reference page's 400.
    pub conflict_is_409: bool,
    /// The most findings of one check that are kept: 200. Of those beyond, the first error is kept too, and a note counts them.
    pub max_findings: usize,
    /// The severity by rule code. Raising is always possible, lowering only for soft rules; `catalogue::check_policy` says which
    /// entries are not.
    pub severity: BTreeMap<String, Severity>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            time: None,
            name_min_characters: 4,
            name_max_characters: 50,
            name_letters: NameLetters::Ascii,
            sign_max_characters: 8092,
            content_max_bytes: 2 << 20,
            rsa_min_bits: 2048,
            rsa_max_bits: 8192,
            chain_max_certificates: 10,
            sm2_ids: vec!["1234567812345678".to_owned()],
            not_after_max: datetime!(2038-01-19 03:14:07 UTC),
            expiry_warning_days: 30,
            conflict_is_409: false,
            max_findings: 200,
            severity: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// The same policy, checking validity at `time`.
    #[must_use]
    pub fn at(mut self, time: OffsetDateTime) -> Self {
        self.time = Some(time);
        self
    }

    /// The severity of a finding of `rule` that weighs `default` where the policy says nothing.
    ///
    /// An entry that would lower a rule that is not soft is ignored.
    pub fn severity_of(&self, rule: &Rule, default: Severity) -> Severity {
        match self.severity.get(rule.code) {
            Some(&severity) if rule.soft || severity >= default => severity,
            _ => default,
        }
    }
}
