//! certgate
#![forbid(unsafe_code)]
// The surface is being built: remove with the last stub.
#![allow(dead_code)]

mod finding;
mod form;
mod location;
pub mod pem;
mod policy;
mod rule;
pub mod spki;
mod text;
mod tlv;

pub use finding::{Checked, Finding, NotEvaluated};
pub use form::{CertificateForm, Content, FormRemark};
pub use location::{Field, Location};
pub use policy::{NameLetters, Policy};
pub use rule::{ApiCode, Rule, Severity, Stage, Status};
