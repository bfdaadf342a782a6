//! All rules: for `explain`, for the documentation, and to tell whether a policy's severities make sense.

use std::sync::LazyLock;

use thiserror::Error;

use crate::policy::Policy;
use crate::rule::{Rule, Severity};

/// The rules of each file, in stage order: one line a file that has rules.
static FILES: &[&[&Rule]] = &[
    crate::unread::RULES,
    crate::finding::RULES,
    crate::name::RULES,
    crate::validate::RULES,
    crate::validate::fields::RULES,
    crate::validate::contents::RULES,
    crate::pem::RULES,
    crate::pem::broken::RULES,
    crate::pem::damage::RULES,
    crate::pem::exposed::RULES,
    crate::pem::flaw::RULES,
    crate::pem::foreign::RULES,
    crate::pem::label::RULES,
    crate::pem::marker::RULES,
    crate::pem::scan::RULES,
    crate::pem::unmarked::RULES,
    crate::certificate::walk::RULES,
    crate::certificate::tbs::RULES,
    crate::certificate::time::RULES,
    crate::certificate::name::RULES,
    crate::certificate::string::RULES,
    crate::certificate::general_name::RULES,
    crate::certificate::extension::RULES,
    crate::certificate::key::RULES,
    crate::certificate::leaf::RULES,
    crate::key::REFUSAL_RULES,
    crate::key::RULES,
    crate::pair::RULES,
    crate::sm2_set::RULES,
    crate::sm2_set::roles::RULES,
];

static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<_> = FILES.iter().chain(crate::chain::RULES).copied().flatten().copied().collect();
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

/// What is wrong with a policy's severities.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No rule has that code.
    #[error("no rule has the code `{code}`")]
    UnknownRule {
        /// The code, escaped.
        code: String,
    },
    /// The rule cannot be softened.
    #[error(
        "`{code}` cannot be softened: its severity is {default} and must stay so; `{wanted}` is not possible"
    )]
    NotSoft {
        /// The rule's code.
        code: &'static str,
        /// Its severity.
        default: Severity,
        /// The severity that the policy asks for.
        wanted: Severity,
    },
}

/// Whether each severity of the policy names a rule that admits it.
///
/// # Errors
/// The first entry that names no rule, or softens a rule that is not soft.
pub fn check_policy(policy: &Policy) -> Result<(), PolicyError> {
    for (code, &severity) in &policy.severity {
        let rule = find(code).ok_or_else(|| PolicyError::UnknownRule { code: crate::text::escape(code) })?;
        if !rule.admits(severity) {
            return Err(PolicyError::NotSoft { code: rule.code, default: rule.severity, wanted: severity });
        }
    }
    Ok(())
}
