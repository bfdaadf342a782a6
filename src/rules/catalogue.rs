//! All rules, for `explain` and for the documentation; and by them, whether settings make a policy.

use std::sync::LazyLock;

use thiserror::Error;

use crate::crypto::rsa::MAX_RSA_BITS;
use crate::finding::Finding;
use crate::policy::{Policy, PolicySettings};
use crate::rule::{Rule, Severity};
use crate::rules::certificate::hosts::Host;
use crate::version::{self, VERSIONS};

/// The rules of each file, in stage order: one line a file that has rules.
static FILES: &[&[&Rule]] = &[
    crate::finding::RULES,
    crate::rules::name::RULES,
    crate::rules::algorithm::RULES,
    crate::rules::form::object::RULES,
    crate::rules::form::RULES,
    crate::rules::fields::RULES,
    crate::rules::pem::text::RULES,
    crate::rules::pem::markers::RULES,
    crate::rules::pem::labels::RULES,
    crate::rules::pem::damage::RULES,
    crate::rules::pem::nested::RULES,
    crate::rules::pem::undone::RULES,
    crate::rules::pem::changed::RULES,
    crate::rules::pem::around::RULES,
    crate::rules::pem::base64::RULES,
    crate::rules::pem::pasted::RULES,
    crate::rules::pem::exposed::RULES,
    crate::rules::certificate::encoding::RULES,
    crate::rules::certificate::outline::RULES,
    crate::rules::certificate::times::RULES,
    crate::rules::certificate::names::RULES,
    crate::rules::certificate::general_names::RULES,
    crate::rules::certificate::extensions::RULES,
    crate::rules::certificate::key::RULES,
    crate::rules::certificate::weak::RULES,
    crate::rules::certificate::validity::RULES,
    crate::rules::certificate::leaf::RULES,
    crate::rules::certificate::hosts::RULES,
    crate::rules::certificate::issued::RULES,
    crate::rules::key::refusal::RULES,
    crate::rules::key::RULES,
    crate::rules::key::encoding::RULES,
    crate::rules::key::strength::RULES,
    crate::rules::key::weak::RULES,
    crate::rules::fleet::RULES,
    crate::rules::matching::RULES,
    crate::rules::sm2::RULES,
    crate::rules::sm2::roles::RULES,
    crate::rules::chain::order::RULES,
    crate::rules::chain::own::RULES,
    crate::rules::chain::gaps::RULES,
    crate::rules::chain::needless::RULES,
    crate::rules::chain::links::RULES,
    crate::rules::chain::issuers::RULES,
    crate::rules::chain::broken::RULES,
    crate::rules::chain::name_constraints::RULES,
    crate::rules::roots::RULES,
    crate::rules::trust::RULES,
    crate::rules::update::RULES,
];

static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<_> = FILES.iter().copied().flatten().copied().collect();
    rules.sort_by_key(|rule| rule.stage);
    rules
});

/// All rules, active and retired, in the order of the stages that check them.
pub fn all() -> &'static [&'static Rule] {
    &ALL
}

/// The rule with that code.
///
/// ```
/// let rule = certgate::catalogue::find("name-too-short").expect("a rule of this version");
/// assert_eq!(rule.api.as_str(), "APIG.2005");
/// ```
pub fn find(code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code == code)
}

/// Why settings make no policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No rule has that code.
    #[error("no rule has the code `{code}`")]
    UnknownRule {
        /// The code, escaped.
        code: String,
    },
    /// The severity of the rule cannot be lowered.
    #[error("the severity of `{code}` cannot be lowered: it is {default}, and `{wanted}` is not possible")]
    NotSoft {
        /// The rule's code.
        code: &'static str,
        /// Its severity.
        default: Severity,
        /// The severity that the policy asks for.
        wanted: Severity,
    },
    /// `rules_as_of` is not a version that brought a rule or made one heavier.
    #[error("`rules_as_of` is \"{version}\"; it can be one of the versions {}", VERSIONS.join(", "))]
    UnknownVersion {
        /// What the policy has, escaped.
        version: String,
    },
    /// A number is out of its range.
    #[error("`{option}` is {value}; 1 {} is allowed", .most.map_or_else(|| "or more".to_owned(), |most| format!("to {most}")))]
    OutOfRange {
        /// The option's name.
        option: &'static str,
        /// The number that the policy has.
        value: usize,
        /// The largest number that is possible, where there is one; the smallest is 1.
        most: Option<usize>,
    },
    /// An entry of `published_keys` is not 64 hexadecimal digits in lower case.
    #[error(
        "entry {entry} of `published_keys` is not the SHA-256 of a key: 64 hexadecimal digits in lower case"
    )]
    NotAHash {
        /// Which entry, in order of the texts, from 1.
        entry: usize,
    },
    /// An entry of `hosts` is neither a DNS name in ASCII nor an address.
    #[error(
        "entry {entry} of `hosts` is not a host: give a DNS name in ASCII (xn--…), such as www.example.com, or an address, without scheme, port or path"
    )]
    NotAHost {
        /// Which entry, in their order, from 1.
        entry: usize,
    },
    /// An entry of `exceptions` does not say for which certificate it is, or why.
    #[error("entry {entry} of `exceptions`: {what}")]
    NotAnException {
        /// Which entry, in their order, from 1.
        entry: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Two numbers contradict each other.
    #[error(
        "`{least}` is {least_value}, more than `{most}`, which is {most_value}: nothing can satisfy both"
    )]
    Contradiction {
        /// The name of the lower limit.
        least: &'static str,
        /// The lower limit.
        least_value: usize,
        /// The name of the upper limit.
        most: &'static str,
        /// The upper limit.
        most_value: usize,
    },
}

impl Policy {
    /// A policy with these settings: their numbers can be satisfied, and each of their severities names a rule that admits it.
    ///
    /// # Errors
    /// The first number that nothing satisfies, a `rules_as_of` that is not a known version, a host that is none, the first entry that names no rule or lowers the severity of a rule that is not soft, or an exception without a certificate or a reason.
    pub fn new(settings: PolicySettings) -> Result<Self, PolicyError> {
        check_numbers(&settings)?;
        if let Some(version) = settings.rules_as_of.as_deref().filter(|name| version::find(name).is_none()) {
            return Err(PolicyError::UnknownVersion { version: crate::text::escape(version) });
        }
        let is_hash =
            |text: &str| text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if let Some(before) = settings.published_keys.iter().position(|text| !is_hash(text)) {
            return Err(PolicyError::NotAHash { entry: before.saturating_add(1) });
        }
        if let Some(before) = settings.hosts.iter().position(|host| Host::parse(host).is_none()) {
            return Err(PolicyError::NotAHost { entry: before.saturating_add(1) });
        }
        let named = settings.severity.iter().map(|(code, &severity)| (code, severity));
        let excepted = settings.exceptions.iter().map(|exception| (&exception.rule, Severity::Warning));
        for (code, severity) in named.chain(excepted) {
            let rule =
                find(code).ok_or_else(|| PolicyError::UnknownRule { code: crate::text::escape(code) })?;
            if !rule.admits(severity) {
                let (code, default) = (rule.code, rule.severity);
                return Err(PolicyError::NotSoft { code, default, wanted: severity });
            }
        }
        for (before, exception) in settings.exceptions.iter().enumerate() {
            if let Some(what) = exception.fault() {
                return Err(PolicyError::NotAnException { entry: before.saturating_add(1), what });
            }
        }
        Ok(Self::checked(settings))
    }

    /// The default policy with changes, which must make sense.
    #[cfg(test)]
    pub(crate) fn with(change: impl FnOnce(&mut PolicySettings)) -> Self {
        let mut settings = PolicySettings::default();
        change(&mut settings);
        Self::new(settings).unwrap()
    }
}

impl TryFrom<PolicySettings> for Policy {
    type Error = PolicyError;

    fn try_from(settings: PolicySettings) -> Result<Self, PolicyError> {
        Self::new(settings)
    }
}

fn check_numbers(policy: &PolicySettings) -> Result<(), PolicyError> {
    for (option, value, most) in [
        ("name_max_characters", policy.name_max_characters, None),
        ("sign_max_characters", policy.sign_max_characters, None),
        ("content_max_bytes", policy.content_max_bytes, None),
        ("rsa_max_bits", policy.rsa_max_bits, Some(MAX_RSA_BITS)),
        ("chain_max_certificates", policy.chain_max_certificates, None),
    ] {
        if value == 0 || most.is_some_and(|most| value > most) {
            return Err(PolicyError::OutOfRange { option, value, most });
        }
    }
    for (least, least_value, most, most_value) in [
        (
            "name_min_characters",
            policy.name_min_characters,
            "name_max_characters",
            policy.name_max_characters,
        ),
        ("rsa_min_bits", policy.rsa_min_bits, "rsa_max_bits", policy.rsa_max_bits),
    ] {
        if least_value > most_value {
            return Err(PolicyError::Contradiction { least, least_value, most, most_value });
        }
    }
    Ok(())
}

/// Whether a finding says that a key is published or easy to find.
pub(crate) fn is_of_weak_key(finding: &Finding) -> bool {
    let mut rules = super::key::weak::RULES.iter().chain(super::certificate::weak::RULES);
    rules.any(|rule| rule.code == finding.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_nothing_satisfies_are_refused() {
        let told = |change: fn(&mut PolicySettings)| {
            let mut settings = PolicySettings::default();
            change(&mut settings);
            Policy::new(settings).err().map(|error| error.to_string()).unwrap_or_default()
        };
        for (change, want) in [
            (
                (|policy| policy.name_min_characters = 51) as fn(&mut PolicySettings),
                "`name_min_characters` is 51, more than `name_max_characters`, which is 50: nothing can satisfy both",
            ),
            (|policy| policy.name_min_characters = 50, ""),
            (
                |policy| policy.rsa_min_bits = 8193,
                "`rsa_min_bits` is 8193, more than `rsa_max_bits`, which is 8192: nothing can satisfy both",
            ),
            (
                |policy| policy.rsa_max_bits = 2047,
                "`rsa_min_bits` is 2048, more than `rsa_max_bits`, which is 2047: nothing can satisfy both",
            ),
            (|policy| policy.rsa_max_bits = 2048, ""),
            (|policy| policy.rsa_max_bits = 8193, "`rsa_max_bits` is 8193; 1 to 8192 is allowed"),
            (|policy| policy.rsa_max_bits = 0, "`rsa_max_bits` is 0; 1 to 8192 is allowed"),
            (|policy| policy.name_max_characters = 0, "`name_max_characters` is 0; 1 or more is allowed"),
            (|policy| policy.sign_max_characters = 0, "`sign_max_characters` is 0; 1 or more is allowed"),
            (|policy| policy.content_max_bytes = 0, "`content_max_bytes` is 0; 1 or more is allowed"),
            (
                |policy| policy.chain_max_certificates = 0,
                "`chain_max_certificates` is 0; 1 or more is allowed",
            ),
            (|policy| policy.max_findings = 0, ""),
            (
                |policy| policy.published_keys = ["0".repeat(64), "A".repeat(64)].into(),
                "entry 2 of `published_keys` is not the SHA-256 of a key: 64 hexadecimal digits in lower case",
            ),
            (
                |policy| policy.published_keys = ["0".repeat(63)].into(),
                "entry 1 of `published_keys` is not the SHA-256 of a key: 64 hexadecimal digits in lower case",
            ),
            (|policy| policy.published_keys = ["0f".repeat(32)].into(), ""),
        ] {
            assert_eq!(told(change), want);
        }
        assert_eq!(Policy::new(PolicySettings::default()), Ok(Policy::default()));
    }

    #[test]
    fn the_rules_of_a_known_version_can_be_asked_for() {
        let policy = |version: &str| {
            let settings =
                PolicySettings { rules_as_of: Some(version.to_owned()), ..PolicySettings::default() };
            Policy::new(settings).map_err(|error| error.to_string())
        };
        for version in VERSIONS {
            assert!(policy(version).is_ok(), "{version}");
        }
        for version in ["", "0.1", "0.3.0", "v0.1.0", "latest", "0.1.0 "] {
            let told = format!("`rules_as_of` is \"{version}\"; it can be one of the versions 0.1.0, 0.2.0");
            assert_eq!(policy(version).err(), Some(told));
        }
        let read = serde_json::from_str::<Policy>(r#"{"rules_as_of": "0.1.0"}"#).unwrap();
        assert_eq!(Ok(read), policy("0.1.0"));
    }

    #[test]
    fn every_rule_is_of_a_known_version() {
        for rule in all() {
            let raised = rule.raised.map_or(rule.since, |raised| raised.since);
            assert!(version::find(rule.since).is_some() && version::find(raised).is_some(), "{}", rule.code);
            // What a rule became later, it became after it was there.
            assert!(rule.raised.is_none() || version::is_later(raised, rule.since), "{}", rule.code);
            assert!(!rule.refused_before || rule.since != VERSIONS[0], "{}", rule.code);
        }
        let own = env!("CARGO_PKG_VERSION");
        assert!(version::find(own).is_some(), "{own} is not among the versions");
    }

    #[test]
    fn a_policy_is_checked_when_it_is_read() {
        let read = |text| serde_json::from_str::<Policy>(text).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"rsa_max_bits": 4096}"#), Ok(Policy::with(|policy| policy.rsa_max_bits = 4096)));
        assert_eq!(
            read(r#"{"rsa_max_bits": 0}"#),
            Err("`rsa_max_bits` is 0; 1 to 8192 is allowed".to_owned())
        );
        let written = serde_json::to_string(&Policy::default()).unwrap();
        assert_eq!(read(&written), Ok(Policy::default()));
    }
}
