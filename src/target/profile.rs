//! The profile of a target: one TOML file.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::condition::{self, Conditions};
use super::subject::Subject;
use super::verdict::Verdict;
use crate::finding::Facts;
use crate::rules::catalogue;

/// What a target takes: a program or service that loads certificates.
///
/// ```
/// # #[cfg(feature = "targets")] {
/// use certgate::targets::built_in;
///
/// let nginx = built_in().iter().find(|profile| profile.name() == "nginx").expect("nginx is built in");
/// assert!(nginx.known().to_string().starts_with("tried: nginx"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    name: String,
    title: String,
    known: Known,
    sources: Vec<String>,
    takes: String,
    is_library: bool,
    layout: Layout,
    rules: Vec<TargetRule>,
}

/// How it is known what a target does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Known {
    /// These programs were asked, with their versions.
    Tried(String),
    /// Its documents say so; it was not tried.
    FromDocuments(String),
}

impl std::fmt::Display for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tried(program) => write!(f, "tried: {program}"),
            Self::FromDocuments(documents) => write!(f, "from documents, not tried: {documents}"),
        }
    }
}

/// How a target wants certificates and key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Layout {
    /// A PEM file with the certificates, and one with the key.
    #[default]
    TwoFiles,
    /// One PEM file with the key and the certificates.
    OneFile,
    /// A Secret of Kubernetes, type `kubernetes.io/tls`.
    Secret,
}

/// A rule of a target: where its condition holds, the target does what it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRule {
    /// Its name, unique in the profile.
    name: String,
    /// What it speaks of.
    on: Vec<Subject>,
    /// What must hold for the facts of that.
    when: Conditions,
    /// What must not hold.
    #[serde(default)]
    unless: Option<Conditions>,
    /// What the target does.
    #[serde(default = "refuses", rename = "then")]
    verdict: Verdict,
    /// The same in a sentence.
    says: String,
    /// Where that is known from, if not from the sources of the profile.
    #[serde(default)]
    source: Option<String>,
}

const fn refuses() -> Verdict {
    Verdict::Refuses
}

/// Why a text is not a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The text is not TOML, or a key of it is not one of a profile.
    #[error("it is not a profile in TOML: {0}")]
    Toml(String),
    /// A rule names a fact that there is not of its subject.
    #[error("rule `{rule}`: there is no fact `{fact}` of `{subject}`")]
    Fact {
        /// The rule.
        rule: String,
        /// The fact.
        fact: String,
        /// The subject.
        subject: &'static str,
    },
    /// A rule names a finding that certgate does not make.
    #[error("rule `{rule}`: certgate has no rule `{code}`")]
    Code {
        /// The rule.
        rule: String,
        /// The code.
        code: String,
    },
    /// Two rules have one name, or a rule without a name, a sentence or a condition.
    #[error("rule `{0}`: its name is there twice, or its name, sentence, subject or condition is empty")]
    Rule(String),
    /// The profile that this one builds on is not known.
    #[error("it builds on `{0}`, which is not a known profile")]
    Base(String),
    /// A rule that it leaves out is in none of the profiles that it builds on.
    #[error("it leaves out the rule `{0}`, which none of the profiles has that it builds on")]
    Except(String),
}

/// What a file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    title: String,
    known: Known,
    sources: Vec<String>,
    takes: String,
    /// Whether it is no target by itself: others build on it.
    #[serde(default)]
    library: bool,
    /// How it wants certificates and key.
    #[serde(default, rename = "wants")]
    layout: Layout,
    /// Profiles whose rules count here too.
    #[serde(default)]
    like: Vec<String>,
    /// Names of such rules that do not count here.
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    rule: Vec<TargetRule>,
}

impl File {
    /// The profile, with the rules of those that it builds on.
    pub(super) fn profile(self, known: &[Profile]) -> Result<Profile, ProfileError> {
        let mut rules: Vec<TargetRule> = Vec::new();
        for base in &self.like {
            let base = known
                .iter()
                .find(|profile| profile.name == *base)
                .ok_or_else(|| ProfileError::Base(base.clone()))?;
            rules.extend(base.rules.iter().filter(|rule| !rules.contains(rule)).cloned().collect::<Vec<_>>());
        }
        for name in &self.except {
            let before = rules.len();
            rules.retain(|rule| rule.name != *name);
            if rules.len() == before {
                return Err(ProfileError::Except(name.clone()));
            }
        }
        rules.extend(self.rule);
        let mut names = BTreeSet::new();
        for rule in &rules {
            rule.check()?;
            if !names.insert(rule.name.as_str()) {
                return Err(ProfileError::Rule(rule.name.clone()));
            }
        }
        let Self { name, title, known, sources, takes, library: is_library, layout, .. } = self;
        Ok(Profile { name, title, known, sources, takes, is_library, layout, rules })
    }
}

impl Profile {
    /// Reads the text of a profile, which may build on those in `known`.
    ///
    /// # Errors
    /// [`ProfileError`]: it is not TOML, or names a fact, a rule or a profile that there is not.
    ///
    /// ```
    /// use certgate::targets::{Profile, built_in};
    ///
    /// let text = r#"
    /// name = "old-box"
    /// title = "The appliance in the basement"
    /// known = { tried = "old-box 7" }
    /// sources = ["its manual, page 12"]
    /// takes = "RSA up to 4096 bits"
    /// like = ["openssl"]
    ///
    /// [[rule]]
    /// name = "rsa-only"
    /// on = ["leaf"]
    /// when = { algorithm = { not = ["RSA"] } }
    /// says = "It knows RSA only."
    /// "#;
    /// let profile = Profile::from_toml(text, built_in())?;
    /// assert_eq!(profile.name(), "old-box");
    /// # Ok::<(), certgate::targets::ProfileError>(())
    /// ```
    #[cfg(feature = "targets")]
    pub fn from_toml(text: &str, known: &[Self]) -> Result<Self, ProfileError> {
        let file: File =
            toml::from_str(text).map_err(|error| ProfileError::Toml(error.message().to_owned()))?;
        file.profile(known)
    }

    /// Its name: what `--target` takes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How it is known what it does.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// Documents and sources.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// What it takes, in one line.
    pub fn takes(&self) -> &str {
        &self.takes
    }

    /// How it wants certificates and key.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether it is not a target by itself: others build on it.
    pub fn is_library(&self) -> bool {
        self.is_library
    }

    /// Its rules, those of the profiles that it builds on first.
    pub fn rules(&self) -> &[TargetRule] {
        &self.rules
    }
}

impl TargetRule {
    /// Its name, unique in the profile.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it speaks of.
    pub fn subjects(&self) -> &[Subject] {
        &self.on
    }

    /// What the target does where its condition holds.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What the target does, in a sentence.
    pub fn says(&self) -> &str {
        &self.says
    }

    /// Where that is known from, if not from the sources of the profile.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Whether its condition holds.
    pub(super) fn holds(&self, facts: &Facts) -> bool {
        condition::hold(&self.when, facts)
            && !self.unless.as_ref().is_some_and(|unless| condition::hold(unless, facts))
    }

    fn check(&self) -> Result<(), ProfileError> {
        let is_empty_text = [&self.name, &self.says].into_iter().any(|text| text.trim().is_empty());
        if is_empty_text || self.on.is_empty() || self.when.is_empty() {
            return Err(ProfileError::Rule(self.name.clone()));
        }
        for (fact, condition) in self.when.iter().chain(self.unless.iter().flatten()) {
            for subject in &self.on {
                if !subject.facts().iter().any(|(known, _)| known == fact) {
                    let (rule, fact) = (self.name.clone(), fact.clone());
                    return Err(ProfileError::Fact { rule, fact, subject: subject.as_str() });
                }
            }
            let codes = condition.texts().into_iter().filter(|_| fact == "finding");
            for text in codes {
                let code = text.split(' ').next().unwrap_or_default();
                if catalogue::find(code).is_none() {
                    return Err(ProfileError::Code { rule: self.name.clone(), code: code.to_owned() });
                }
            }
        }
        Ok(())
    }
}
