//! The file of a profile, as it is read: TOML in, a [`Profile`] or the exact mistake out.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::profile::{DoubleSetFields, KeyEncoding, Known, Layout, Profile, ProfileError, TargetRule};
use crate::rules::catalogue;

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
    fn profile(self, known: &[Profile]) -> Result<Profile, ProfileError> {
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
            ProfileError::Toml { line: before.matches('\n').count().saturating_add(1) }
        })?;
        file.profile(known)
    }
}

impl TargetRule {
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
