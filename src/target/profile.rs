//! The profile of a target: one TOML file.

use serde::{Deserialize, Serialize};

use super::condition::{self, Conditions};
use super::subject::Subject;
use super::verdict::Verdict;
use crate::finding::Facts;

/// What a target takes: a program or service that loads certificates.
///
/// ```
/// # #[cfg(feature = "targets")] {
/// use certgate::targets::built_in;
///
/// let nginx = built_in().iter().find(|profile| profile.name() == "nginx").expect("nginx is built in");
/// assert!(nginx.known().starts_with("tried: nginx"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) known: Known,
    pub(super) sources: Vec<String>,
    pub(super) takes: String,
    pub(super) is_library: bool,
    pub(super) layout: Layout,
    pub(super) key_encoding: KeyEncoding,
    pub(super) takes_keystore: bool,
    pub(super) double_set: Option<DoubleSetFields>,
    pub(super) rules: Vec<TargetRule>,
}

/// How it is known what a target does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Known {
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
pub(crate) enum Layout {
    /// A PEM file with the certificates, and one with the key.
    #[default]
    TwoFiles,
    /// The same, the second with the name of the first and `.key` added.
    KeyBeside,
    /// One PEM file with the key and the certificates.
    OneFile,
    /// A Secret of Kubernetes, type `kubernetes.io/tls`.
    Secret,
}

/// The encoding in which a target wants the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyEncoding {
    /// PKCS#8, which every program reads that was asked.
    #[default]
    Pkcs8,
    /// That of the algorithm: PKCS#1 for RSA, SEC1 for a curve.
    Traditional,
}

/// Where a target wants the two pairs of an SM2 double set: the names of its fields, first the certificates, then the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoubleSetFields {
    /// The fields of the encryption pair.
    pub(crate) encryption: [String; 2],
    /// The fields of the signature pair.
    pub(crate) signature: [String; 2],
}

/// A rule of a target: where its condition holds, the target does what it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRule {
    /// Its name, unique in the profile.
    pub(super) name: String,
    /// What it speaks of.
    pub(super) on: Vec<Subject>,
    /// What must hold for the facts of that.
    pub(super) when: Conditions,
    /// What must not hold.
    #[serde(default)]
    pub(super) unless: Option<Conditions>,
    /// What the target does.
    #[serde(default = "refuses", rename = "then")]
    pub(super) verdict: Verdict,
    /// The same in a sentence.
    pub(super) says: String,
    /// Where that is known from, if not from the sources of the profile.
    #[serde(default)]
    pub(super) source: Option<String>,
}

const fn refuses() -> Verdict {
    Verdict::Refuses
}

impl Profile {
    /// Its name: what `--target` takes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How it is known what it does.
    pub fn known(&self) -> String {
        self.known.to_string()
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
    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// The encoding in which it wants the key.
    pub(crate) fn key_encoding(&self) -> KeyEncoding {
        self.key_encoding
    }

    /// Whether it also takes a keystore: PKCS#12 with a passphrase.
    pub fn takes_keystore(&self) -> bool {
        self.takes_keystore
    }

    /// Its fields for an SM2 double set; `None` where it takes one pair only.
    pub(crate) fn double_set(&self) -> Option<&DoubleSetFields> {
        self.double_set.as_ref()
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
}
