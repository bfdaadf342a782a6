//! Why a command could not run: one line that says what to do, and exit status 2.

use std::fmt;
use std::io;

use serde::Serialize;

use crate::style;

/// What a failure is about: the `code` of the JSON that a script reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum About {
    /// The arguments.
    Usage,
    /// The policy.
    Policy,
    /// A file or standard input, which cannot be read, or is not a form.
    Input,
    /// A file or standard output, which cannot be written.
    Output,
    /// A mistake in certgate itself.
    Bug,
}

/// A command could not run. The text is one line and safe to print.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    #[serde(rename = "code")]
    about: About,
    message: String,
    /// Standard output has it already, as JSON.
    #[serde(skip)]
    pub(crate) is_printed: bool,
}

impl Failure {
    /// `message` may hold text from the input: control characters are escaped here.
    pub(crate) fn new(about: About, message: impl AsRef<str>) -> Self {
        Self { about, message: style::escape(message.as_ref()), is_printed: false }
    }

    /// Standard output could not be written.
    pub(crate) fn output(error: &io::Error) -> Self {
        Self::new(About::Output, format!("standard output could not be written: {}", io_reason(error)))
    }

    /// The result could not be written as JSON.
    pub(crate) fn json() -> Self {
        Self::new(About::Bug, "the result could not be written as JSON: please report this as a bug")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The reason of an input or output error, without the number that the standard library appends.
pub(crate) fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::BrokenPipe => "the program that reads the output has ended (broken pipe)".to_owned(),
        io::ErrorKind::StorageFull => "no space is left on the device".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}
