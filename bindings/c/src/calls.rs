//! The calls of the library, as a number and a text. A panic is a number too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use certgate::json::{self, Answer, JsonError, Options};
use zeroize::Zeroizing;

use crate::{
    CERTGATE_BAD_ARGUMENT, CERTGATE_BAD_OPTIONS, CERTGATE_FAULT, CERTGATE_NO, CERTGATE_NO_RULE, CERTGATE_YES,
};

/// What a function returns, and the text that it gives beside that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) text: Option<Zeroizing<String>>,
}

impl Said {
    fn only(status: i32) -> Self {
        Self { status, text: None }
    }

    fn text(status: i32, text: impl Into<String>) -> Self {
        Self { status, text: Some(Zeroizing::new(text.into())) }
    }

    /// A fault of certgate.
    pub(crate) fn fault() -> Self {
        Self::only(CERTGATE_FAULT)
    }
}

impl From<Answer> for Said {
    fn from(Answer { is_ok, json, .. }: Answer) -> Self {
        Self { status: if is_ok { CERTGATE_YES } else { CERTGATE_NO }, text: Some(json) }
    }
}

impl From<JsonError> for Said {
    fn from(_: JsonError) -> Self {
        Self::fault()
    }
}

/// Bytes of the caller; `None` where there cannot be any.
pub(crate) type Given<'a> = Option<&'a [u8]>;

pub(crate) fn check(form: Given<'_>, options: &[u8]) -> Said {
    said(|| Ok(json::check(there(form)?, &read(options)?)?.into()))
}

pub(crate) fn inspect(file: Given<'_>, options: &[u8]) -> Said {
    said(|| Ok(json::inspect(there(file)?, &read(options)?)?.into()))
}

pub(crate) fn fix(form: Given<'_>, options: &[u8]) -> Said {
    said(|| Ok(json::fix(there(form)?, &read(options)?)?.into()))
}

pub(crate) fn prove(certificate: Given<'_>, key: Given<'_>, options: &[u8]) -> Said {
    said(|| Ok(json::prove(there(certificate)?, there(key)?, &read(options)?)?.into()))
}

pub(crate) fn explain(code: Given<'_>) -> Said {
    said(|| {
        // What is not text is the code of no rule.
        let code = std::str::from_utf8(there(code)?).unwrap_or_default();
        match json::explain(code) {
            Ok(page) => Ok(Said::text(CERTGATE_YES, page)),
            Err(unknown @ JsonError::UnknownRule) => Err(Said::text(CERTGATE_NO_RULE, unknown.to_string())),
            Err(error) => Err(error.into()),
        }
    })
}

fn there(bytes: Given<'_>) -> Result<&[u8], Said> {
    bytes.ok_or(Said::only(CERTGATE_BAD_ARGUMENT))
}

/// Reads the options. Where they say no time, it is that of the computer.
fn read(options: &[u8]) -> Result<Options, Said> {
    let read = Options::from_json(options, SystemTime::now());
    read.map_err(|error| Said::text(CERTGATE_BAD_OPTIONS, error.to_string()))
}

/// What a call comes to. Where it panics, what it left half done goes with it: nothing outlives a call.
fn said(call: impl FnOnce() -> Result<Said, Said>) -> Said {
    let result = catch_unwind(AssertUnwindSafe(call));
    result.map_or_else(|_| Said::fault(), |said| said.unwrap_or_else(|stopped| stopped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_certgate() {
        assert_eq!(said(|| std::panic::panic_any("a part of a key")), Said::fault());
    }
}
