//! Why a command could not run: one line that says what to do, and exit status 2.

use std::fmt;
use std::io;

use crate::style;

/// A command could not run. The text is one line and safe to print.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    /// `message` may hold text from the input: control characters are escaped here.
    pub(crate) fn new(message: impl AsRef<str>) -> Self {
        Self(style::escape(message.as_ref()))
    }

    /// Standard output could not be written.
    pub(crate) fn output(error: &io::Error) -> Self {
        Self::new(format!("standard output could not be written: {}", io_reason(error)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
