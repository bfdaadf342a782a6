//! Targets: what a program or service that loads certificates takes, as data, and what it will do with an upload.
//!
//! A [`Profile`] is one TOML file of `targets/`: rules, each a condition over facts, with a sentence and a citation. [`facts`] collects the facts
//! of an upload: what reading and relating found, and the codes of the rules that it breaks, whatever the policy says of them. [`verdict`]
//! compares the two. What a target does is in its file alone, and not in this code.

#[cfg(feature = "targets")]
mod built_in;
mod condition;
mod facts;
#[cfg(feature = "targets")]
mod file;
mod profile;
mod subject;
mod verdict;
mod words;

#[cfg(feature = "targets")]
pub use built_in::{built_in, find, nearest};
#[cfg(feature = "targets")]
pub use file::ProfileError;
pub(crate) use profile::{KeyEncoding, Layout};
pub use profile::{Profile, TargetRule};
pub use subject::Subject;
pub use verdict::{TargetFinding, TargetReport, Verdict};

pub(crate) use facts::collect;
pub(crate) use verdict::judge;
