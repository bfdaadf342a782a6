//! certgate decides whether an API gateway can accept a certificate upload: a name, a certificate, its private key, perhaps a
//! root CA, and for SM2 a second, signing pair. It reports everything that is wrong in one pass, each finding with a stable code, the
//! field, the line, the cause and the cure, and hands back the metadata of what is accepted.
//!
//! All functions are pure: no clock, file, environment or network. The time of the check is an argument, [`At`]; without one,
//! validity is not evaluated, and the report says so. No byte of a private key ever appears in a finding, a `Debug` or an error.
//!
//! A walk through a check, field by field, is in [`guide`]; here is an example for each task.
//!
//! # A server: guard the endpoint
//!
//! ```
//! use certgate::time::OffsetDateTime;
//! use certgate::{CertificateForm, Policy, validate};
//!
//! # fn handle(body: &[u8], policy: &Policy, now: OffsetDateTime) -> Result<(u16, String), serde_json::Error> {
//! let checked = match CertificateForm::from_json(body) {
//!     Ok(form) => validate(&form, policy, now),
//!     Err(unread) => Err(unread.reject(policy, now)),
//! };
//! Ok(match checked {
//!     Ok(accepted) => (200, serde_json::to_string(accepted.certificate())?),
//!     Err(rejected) => (rejected.api().status, serde_json::to_string(&rejected.api().body)?),
//! })
//! # }
//! # let (status, body) = handle(br#"{"name":"abcd"}"#, &Policy::default(), certgate::time::macros::datetime!(2026-06-01 0:00 UTC))?;
//! # assert_eq!(status, 400);
//! # assert_eq!(body, r#"{"error_code":"APIG.2001","error_msg":"The request parameters must be specified."}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! A check takes 0.1 to 1 ms of one thread and does not wait for anything.
//!
//! # A client: check before you send
//!
//! ```
//! use std::time::SystemTime;
//!
//! use certgate::{CertificateForm, Content, Policy, validate};
//!
//! let mut form = CertificateForm::default();
//! form.name = Some("www_example".to_owned());
//! // Files may be DER too; a form's text may not.
//! form.cert_content = Some(Content::from_bytes(b"-----BEGIN CERTIFICATE-----\nMIIB".as_slice()));
//! form.private_key = Some(Content::from_bytes(b"".as_slice()));
//!
//! let Err(rejected) = validate(&form, &Policy::default(), SystemTime::now()) else { return };
//! for finding in &rejected.report().findings {
//!     println!("{finding}\n  {}", finding.hint);
//! }
//! ```
//!
//! # A batch: many forms on many threads
//!
//! A policy can be shared, and a check keeps nothing behind; how threads get their work is the caller's choice.
//!
//! ```
//! use certgate::{At, CertificateForm, Policy, Report, validate};
//!
//! /// One report for each line, whatever the line holds.
//! fn report(line: &str, policy: &Policy, at: At) -> Report {
//!     let checked = match CertificateForm::from_json(line.as_bytes()) {
//!         Ok(form) => validate(&form, policy, at),
//!         Err(unread) => Err(unread.reject(policy, at)),
//!     };
//!     match checked {
//!         Ok(accepted) => accepted.into_report(),
//!         Err(rejected) => rejected.into_report(),
//!     }
//! }
//!
//! let (policy, at) = (Policy::default(), At::from(std::time::SystemTime::now()));
//! let lines = [r#"{"name":"abcd"}"#, "garbage"];
//! let reports: Vec<Report> = std::thread::scope(|scope| {
//!     let threads: Vec<_> = lines.map(|line| scope.spawn(|| report(line, &policy, at))).into();
//!     threads.into_iter().map(|thread| thread.join().expect("no check panics")).collect()
//! });
//! assert_eq!(reports[0].findings[0].code(), "field-missing");
//! assert_eq!(reports[1].findings[0].code(), "form-not-json");
//! ```
//!
//! Most uploads are signed by the same few issuers. A [`Check`] takes an [`IssuerCache`] that all threads share, and does not verify
//! again what was verified before. The reports are the same.
//!
//! # One check at a time
//!
//! | to check | use |
//! |---|---|
//! | a name | [`name::check`] |
//! | text as PEM blocks | [`pem::parse`] |
//! | DER as a certificate | [`certificate::check`] |
//! | a block as a private key | [`key::check`] |
//! | a private key against a certificate | [`pair::check`] |
//! | an SM2 double set | [`sm2_set::check`] |
//! | a chain | [`chain::check`] |
//! | trusted roots | [`chain::check_roots`] |
//! | the keys of many forms | [`fleet::check`] |
//! | a certificate against the one that it replaces | [`update::compare`] |
//! | the metadata of a certificate | [`CertificateMetadata::of`] |
//!
//! Each returns [`Checked`]: what was understood, all findings, and what was not evaluated.
//!
//! # Repairing
//!
//! [`repair::repair`] makes every edit that invents nothing (literal `\n`, quotes, swapped fields, the order of a chain, …) and checks the
//! outcome.
//!
//! # A policy of your own
//!
//! ```
//! use certgate::{Policy, PolicySettings, Severity};
//!
//! let mut settings = PolicySettings::default();
//! settings.chain_max_certificates = 5;
//! settings.severity.insert("chain-leaf-alone".to_owned(), Severity::Error);
//! let policy = Policy::new(settings)?;
//! # Ok::<(), certgate::PolicyError>(())
//! ```
//!
//! Raising a severity is always possible, lowering only for soft rules.
//!
//! # Adding a rule
//!
//! A rule is one `static` of type [`Rule`] directly above the function that checks it; the text is its whole documentation. It is listed in
//! the `RULES` of its file, has a case that breaks it and a neighbour that does not, and from then on is in [`catalogue::all`],
//! `certgate explain` and `docs/rules.md`. CONTRIBUTING.md shows the four places.
//!
//! ```
//! use certgate::catalogue;
//!
//! let rule = catalogue::find("match-other-key").expect("a rule of that code");
//! assert_eq!(rule.severity, certgate::Severity::Error);
//! println!("{}\n\n{}\n\n{}", rule.summary, rule.why, rule.hint);
//! ```
//!
//! # What a match proves, and what not
//!
//! An accepted form holds a certificate and the private half of its key: RSA n = p·q with all exponents and CRT values right, d·G = Q on
//! a curve. It does not prove that anybody trusts the chain, that nothing was revoked, or that the certificate is for your host name (unless the
//! policy names it in `hosts`). Whether it is trusted is looked at where the caller brings roots: [`Check::trusting`].
#![forbid(unsafe_code)]

#[doc = include_str!("../docs/guide.md")]
pub mod guide {}

mod algorithm;
#[cfg(feature = "containers")]
pub mod containers;
mod convert;
mod crypto;
mod der;
mod finding;
pub mod json;
mod location;
mod policy;
mod read;
mod relate;
pub mod repair;
mod rule;
mod rules;
mod target;
mod tell;
mod text;
mod validate;
mod version;

pub use algorithm::AlgorithmType;
pub use crypto::issuer_cache::IssuerCache;
pub use finding::{Checked, Excepted, Fact, Facts, Finding, NotEvaluated};
pub use location::{Field, Location};
pub use policy::{At, NameLetters, Policy, PolicyException, PolicySettings};
pub use read::form::{CertificateForm, Content, FormRemark, Unread};
pub use rule::{ApiCode, Hides, Mend, Rule, Scope, Severity, Stage, Status};
pub use rules::catalogue::PolicyError;
pub use tell::inspect;
pub use tell::language::Language;
pub use tell::metadata::CertificateMetadata;
pub use tell::metadata::response::CertificateResponse;
pub use tell::report::{Accepted, ApiError, ErrorBody, HostServed, Rejected, Report};
pub use text::is_unprintable;
/// The crate of the times of a check, in the version that this crate uses.
pub use time;
pub use validate::{Check, validate};
pub use version::Raised;

/// The rule of names.
pub mod name {
    pub use crate::rules::name::{CertificateName, check};
}

/// PEM text to blocks (RFC 7468): strict in what it accepts, patient in what it understands.
pub mod pem {
    pub use crate::read::block::{Block, BlockKind};
    pub use crate::rules::pem::{Expected, parse};
}

/// X.509 certificates: everything that is wrong with one. What one says is in [`inspect`] and [`CertificateMetadata`].
pub mod certificate {
    pub use crate::read::certificate::{Certificate, Name, format_time};
    pub use crate::rules::certificate::{Role, check};
}

/// Private keys: a block in, a key or the exact fault out.
pub mod key {
    pub use crate::read::key::PrivateKey;
    pub use crate::rules::key::check;
}

/// A certificate and the private key that is proven to belong to it.
pub mod pair {
    pub use crate::relate::pair::Pair;
    pub use crate::rules::matching::check;
}

/// An SM2 set: the encryption pair and the signature pair of one server (GB/T 38636, GM/T 0015).
///
/// In this API the base fields hold the encryption pair and the `*_sign` fields the signature pair; other services have it the
/// other way round, so a swap is the likeliest mistake.
pub mod sm2_set {
    pub use crate::relate::sm2_set::{Sm2Match, Sm2Set};
    pub use crate::rules::sm2::check;
}

/// A chain of certificates, and the trusted roots for clients.
///
/// Nothing here says that a chain can be trusted: that is asked of roots that the caller brings, in [`crate::trust`]. Revocation is not looked at.
pub mod chain {
    pub use crate::relate::chain::{Chain, Needless, Removal};
    pub use crate::relate::roots::Roots;
    pub use crate::rules::chain::check;
    pub use crate::rules::roots::check as check_roots;
}

/// Many forms together: RSA keys that share a prime, and one key under different names.
///
/// No form shows these by itself, and each of them may be accepted. A [`Fleet`](fleet::Fleet) belongs to the caller, who adds what
/// [`Check::run_with_member`] says of each form, and asks at the end.
pub mod fleet {
    pub use crate::relate::fleet::{Fleet, Member};
    pub use crate::rules::fleet::check;
}

/// A certificate beside the one that it replaces. A whole form is compared by [`Check::replacing`].
pub mod update {
    pub use crate::tell::difference::{ChangedValue, Difference, Expiry, compare};
}

/// The way from a server certificate to a root that the caller trusts: [`Check::trusting`].
///
/// What it does not cover: revocation, certificate policies, certificate transparency, and what programs demand of single roots.
pub mod trust {
    pub use crate::relate::trust::Store;
    pub use crate::tell::trust::{MissingIssuer, Trust, TrustStep};
}

/// What programs and services that load certificates will do with an upload: [`Check::targeting`].
///
/// A [`Profile`](targets::Profile) is one TOML file. Those of `targets/` are built in with the feature `targets`.
pub mod targets {
    pub use crate::convert::{Conversion, ConvertedFile, NotConverted, convert};
    pub use crate::target::{Profile, Subject, TargetFinding, TargetReport, TargetRule, Verdict};
    #[cfg(feature = "targets")]
    pub use crate::target::{ProfileError, built_in, find, nearest};
}

/// All rules: for `explain`, and for documentation.
pub mod catalogue {
    pub use crate::rules::catalogue::{all, find};
}

/// For the tests, fuzz targets and benches of this project, which compare what a check only uses with other implementations. It may change at any
/// time.
#[doc(hidden)]
pub mod internals {
    use crate::certificate::Certificate;
    use crate::crypto::ec::public::PreparedKeys;
    use crate::crypto::signature::{Outcome, verify};

    pub use crate::crypto::spki::PublicKey;
    pub use crate::read::key::{Mismatch, prove};

    /// Verifies the links of one form.
    #[derive(Debug, Default)]
    pub struct Links(PreparedKeys);

    impl Links {
        /// Whether the key of `issuer` made the signature of `certificate`, for SM2 with the usual ID.
        pub fn is_signed_by(&self, certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
            let usual = ["1234567812345678".to_owned()];
            let fits = |signer| verify(certificate.signed(), signer, &usual, &self.0) == Outcome::Fits;
            issuer.signer().is_some_and(fits)
        }
    }

    /// Verifies one link.
    pub fn is_signed_by(certificate: &Certificate<'_>, issuer: &Certificate<'_>) -> bool {
        Links::default().is_signed_by(certificate, issuer)
    }
}
