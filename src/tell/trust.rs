//! The way to a trusted root, for a report.

use serde::{Deserialize, Serialize};

use crate::crypto::hash::Hash;
use crate::relate::trust::{End, Source, Way};
use crate::text::{escape_all, hex};

/// Whether a way leads from the server certificate in `cert_content` to a root that the caller trusts. All texts are escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Trust {
    /// Whether one does.
    pub trusted: bool,
    /// The way, from the server certificate to the root; where none leads there, the longest one.
    pub path: Vec<TrustStep>,
    /// The issuer that lacks, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingIssuer>,
    /// What was not looked at: `revocation` and more.
    pub not_covered: Vec<String>,
}

/// A certificate on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrustStep {
    /// Its subject on one line.
    pub subject: String,
    /// SHA-256 of the certificate, in hexadecimal.
    pub fingerprint_sha256: String,
    /// Where it comes from: `upload`, `pool` (issuers that the caller brought) or `roots`.
    pub from: String,
}

/// An issuer that is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MissingIssuer {
    /// Its name on one line.
    pub subject: String,
    /// The identifier of its key, in hexadecimal, as the certificate that it issued has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Where that certificate says that it is published. Never fetched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published_at: Vec<String>,
}

/// What a way says nothing of.
const NOT_COVERED: [&str; 3] = ["revocation", "certificate policies", "certificate transparency"];

impl Trust {
    /// What a report shows of a way.
    pub(crate) fn of(way: &Way<'_>) -> Self {
        let step = |step: &crate::relate::trust::Step<'_>| TrustStep {
            subject: step.certificate.subject().to_string(),
            fingerprint_sha256: Hash::Sha256
                .digest(step.certificate.der())
                .as_deref()
                .map(hex)
                .unwrap_or_default(),
            from: match step.source {
                Source::Upload => "upload",
                Source::Pool => "pool",
                Source::Roots => "roots",
            }
            .to_owned(),
        };
        let last = way.steps.last().filter(|_| way.end == End::NoIssuer);
        let missing = last.map(|step| MissingIssuer {
            subject: step.certificate.issuer().to_string(),
            key_id: step.certificate.authority_key_id().and_then(|id| id.key_id).map(hex),
            published_at: step.certificate.ca_issuers_urls().iter().map(|url| escape_all(url)).collect(),
        });
        Self {
            trusted: way.end == End::Trusted,
            path: way.steps.iter().map(step).collect(),
            missing,
            not_covered: NOT_COVERED.map(str::to_owned).to_vec(),
        }
    }
}
