//! Why a command could not do its work: a sentence for a person. No secret is ever in it.

use std::fmt;

/// The sentence that goes to standard error.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Self {
        Self(error.to_string())
    }
}

/// In a debug build, panics where `CERTGATE_PANIC_IN` says so, with all of a body as its text: tests look for it in the log.
#[cfg(debug_assertions)]
#[allow(clippy::panic)]
pub(crate) fn panic_if_asked(place: &str, body: &[u8]) {
    if std::env::var_os("CERTGATE_PANIC_IN").is_some_and(|asked| asked == place) {
        panic!("{}", String::from_utf8_lossy(body));
    }
}
