//! The file of a profile, as it is read: TOML in, a [`Profile`] or the exact mistake out.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::profile::{DoubleSetFields, KeyEncoding, Known, Layout, Profile, TargetRule};
use crate::rules::catalogue;

/// Why a text is not a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct ProfileError(#[from] Mistake);

/// What is wrong with a text that should be a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Mistake {
    /// The text is not TOML, or a key of it is not one of a profile.
    ///
    /// What the text holds is not repeated: it may be a key.
    #[error("it is not a profile in TOML: see line {line}")]
    Toml {
        /// The line of the mistake, from 1.
        line: usize,
    },
    /// A rule names a fact that there is not of its subject.
    #[error("rule `{rule}`: certgate knows no fact `{fact}` of `{subject}`")]
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
struct File {
    name: String,
    title: String,
    known: Known,
    sources: Vec<String>,
    takes: String,
    /// Whether it is not a target by itself: others build on it.
    #[serde(default)]
    library: bool,
    /// How it wants certificates and key.
    #[serde(default, rename = "wants")]
    layout: Layout,
    /// The encoding in which it wants the key.
    #[serde(default, rename = "key")]
    key_encoding: KeyEncoding,
    /// Whether it also takes PKCS#12.
    #[serde(default, rename = "keystore")]
    takes_keystore: bool,
    /// Its fields for an SM2 double set.
    #[serde(default)]
    double_set: Option<DoubleSetFields>,
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
    fn profile(self, known: &[Profile]) -> Result<Profile, Mistake> {
        let mut rules: Vec<TargetRule> = Vec::new();
        for base in &self.like {
            let base = known
                .iter()
                .find(|profile| profile.name == *base)
                .ok_or_else(|| Mistake::Base(base.clone()))?;
            rules.extend(base.rules.iter().filter(|rule| !rules.contains(rule)).cloned().collect::<Vec<_>>());
        }
        for name in &self.except {
            let before = rules.len();
            rules.retain(|rule| rule.name != *name);
            if rules.len() == before {
                return Err(Mistake::Except(name.clone()));
            }
        }
        rules.extend(self.rule);
        let mut names = BTreeSet::new();
        for rule in &rules {
            rule.check()?;
            if !names.insert(rule.name.as_str()) {
                return Err(Mistake::Rule(rule.name.clone()));
            }
        }
        let Self { name, title, known, sources, takes, library: is_library, layout, .. } = self;
        let Self { key_encoding, takes_keystore, double_set, .. } = self;
        Ok(Profile {
            name,
            title,
            known,
            sources,
            takes,
            is_library,
            layout,
            key_encoding,
            takes_keystore,
            double_set,
            rules,
        })
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
    pub fn from_toml(text: &str, known: &[Self]) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            Mistake::Toml { line: before.matches('\n').count().saturating_add(1) }
        })?;
        Ok(file.profile(known)?)
    }
}

impl TargetRule {
    fn check(&self) -> Result<(), Mistake> {
        let is_empty_text = [&self.name, &self.says].into_iter().any(|text| text.trim().is_empty());
        if is_empty_text || self.on.is_empty() || self.when.is_empty() {
            return Err(Mistake::Rule(self.name.clone()));
        }
        for (fact, condition) in self.when.iter().chain(self.unless.iter().flatten()) {
            for subject in &self.on {
                if !subject.facts().iter().any(|(known, _)| known == fact) {
                    let (rule, fact) = (self.name.clone(), fact.clone());
                    return Err(Mistake::Fact { rule, fact, subject: subject.as_str() });
                }
            }
            let codes = condition.texts().into_iter().filter(|_| fact == "finding");
            for text in codes {
                let code = text.split(' ').next().unwrap_or_default();
                if catalogue::find(code).is_none() {
                    return Err(Mistake::Code { rule: self.name.clone(), code: code.to_owned() });
                }
            }
        }
        Ok(())
    }
}
