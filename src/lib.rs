//! certgate
#![forbid(unsafe_code)]
// The surface is being built: remove with the last stub.
#![allow(dead_code)]

mod algorithm;
pub mod catalogue;
pub mod certificate;
pub mod chain;
mod der;
mod finding;
mod form;
pub mod inspect;
pub mod key;
mod location;
mod metadata;
pub mod name;
pub mod pem;
mod policy;
mod report;
mod rule;
pub mod spki;
mod text;
mod tlv;
mod unread;
mod validate;

pub use algorithm::AlgorithmType;
pub use finding::{Checked, Finding, NotEvaluated};
pub use form::{CertificateForm, Content, FormRemark};
pub use location::{Field, Location};
pub use metadata::{CertificateMetadata, CertificateResponse};
pub use policy::{NameLetters, Policy};
pub use report::{Accepted, ApiError, ErrorBody, Rejected, Report};
pub use rule::{ApiCode, Rule, Severity, Stage, Status};
pub use text::is_unprintable;
pub use unread::Unread;
pub use validate::{CertificateType, validate};
