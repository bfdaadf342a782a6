//! What files and folders hold: each file is opened, whatever it is, and gives its certificates and keys. What is skipped is listed with the reason.

mod gathering;

use std::fmt;
use std::path::{Path, PathBuf};

use certgate::containers::{LeftOut, Limits, Object, Reason, Text, is_form, open};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::PassphraseArgs;
use crate::failure::{About, Failure};
use crate::{input, style, usage};

pub(crate) use gathering::Gathering;

/// The objects of all files.
#[derive(Default)]
pub(crate) struct Held {
    pub(crate) objects: Vec<Object>,
    pub(crate) left_out: Vec<Left>,
    /// The texts of which a part was left out.
    pub(crate) texts: Vec<Text>,
    /// The texts as they are, to see whether they are ready by themselves.
    pub(crate) sources: Vec<Text>,
    /// A passphrase was given, so that what was encrypted may be open here.
    pub(crate) has_passphrase: bool,
    /// The first link that leads out of its folder.
    outward: Option<PathBuf>,
    /// A PATH that could not be read; the others were.
    pub(crate) failure: Option<Failure>,
}

/// What was not taken, and why.
#[derive(Debug, Serialize)]
pub(crate) struct Left {
    pub(crate) inside: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) block: Option<usize>,
    why: String,
    /// What the library says; none of a file that could not be read.
    #[serde(skip)]
    pub(crate) reason: Option<Reason>,
}

impl Left {
    fn fault(path: &Path, why: impl Into<String>) -> Self {
        let inside = vec![usage::name_of(path)];
        Self { inside, block: None, why: why.into(), reason: None }
    }

    /// It could not be read: it may hold something that counts.
    pub(crate) fn is_fault(&self) -> bool {
        self.reason.as_ref().is_none_or(Reason::is_fault)
    }

    /// It would open with a passphrase, and none was given.
    pub(crate) fn needs_passphrase(&self) -> bool {
        self.reason == Some(Reason::NeedsPassphrase)
    }

    /// The person's own file.
    pub(crate) fn file(&self) -> Option<&str> {
        self.inside.first().map(String::as_str)
    }
}

impl From<LeftOut> for Left {
    fn from(left: LeftOut) -> Self {
        let why = left.reason.to_string();
        Self { inside: left.inside, block: left.block, why, reason: Some(left.reason) }
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&style::escape(&self.inside.join(", ")))?;
        if let Some(block) = self.block {
            write!(f, ", block {block}")?;
        }
        write!(f, ": {}", style::escape(&self.why))
    }
}

/// Whether a file is to be read as a JSON form: it is one, or begins like one and names a field of the API or holds nothing that can be opened.
/// Then the reader of forms says what is wrong. Standard input is a form unless it is a container.
pub(crate) fn is_json(path: &Path, bytes: &[u8]) -> bool {
    if is_form(bytes) {
        return true;
    }
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    if !text.starts_with(b"{") && !input::is_stdin(path) {
        return false;
    }
    let opened = open("", bytes, None, &Limits::default());
    let is_known = |left: &LeftOut| !matches!(left.reason, Reason::Empty | Reason::Unknown);
    opened.objects.is_empty() && !opened.left_out.iter().any(is_known)
}

/// Opens all paths, as [`gather`] does, for a command that needs all of them.
///
/// # Errors
/// A path cannot be read, or there is no object in them.
pub(crate) fn gather_all(
    paths: &[PathBuf],
    read: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
    passphrase: &PassphraseArgs,
) -> Result<Held, Failure> {
    let held = gather_some(paths, read, passphrase)?;
    if held.objects.is_empty() { Err(held.nothing(paths)) } else { Ok(held) }
}

/// The same, for a command that says what is wrong with a text without an object.
///
/// # Errors
/// A path cannot be read, or there is neither an object nor such a text in them.
pub(crate) fn gather_some(
    paths: &[PathBuf],
    read: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
    passphrase: &PassphraseArgs,
) -> Result<Held, Failure> {
    let mut held = gather(paths, read, passphrase)?;
    match held.failure.take() {
        Some(failure) => Err(failure),
        None if held.objects.is_empty() && held.texts.is_empty() => Err(held.nothing(paths)),
        None => Ok(held),
    }
}

/// Opens all paths. `read` has those that were read already.
pub(crate) fn gather(
    paths: &[PathBuf],
    read: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
    passphrase: &PassphraseArgs,
) -> Result<Held, Failure> {
    let mut gathering = Gathering::new(passphrase)?;
    if !read.is_empty() {
        for (path, bytes) in read {
            gathering.open(&path, &bytes);
        }
        return Ok(gathering.take());
    }
    for path in paths {
        if let Some(failure) = unsaid(path, paths.len()) {
            gathering.fail(failure);
        } else if path.is_dir() {
            gathering.root(path);
        } else {
            // What was named is read whatever it is: a pipe, standard input.
            match input::read(path, input::MOST) {
                Ok(bytes) => gathering.open(path, &bytes),
                Err(failure) => gathering.fail(failure),
            }
        }
    }
    Ok(gathering.take())
}

/// The failure of a PATH among several that may be a key that was pasted behind another.
pub(crate) fn unsaid(path: &Path, paths: usize) -> Option<Failure> {
    let is_unsaid = paths > 1 && !path.exists() && !usage::may_be_repeated(&path.display().to_string());
    let text = || format!("a file cannot be read: there is none of its name, which is {}", usage::UNSAID);
    is_unsaid.then(|| Failure::new(About::Input, text()))
}

/// What to do about what is encrypted.
pub(crate) const GIVE_PASSPHRASE: &str =
    "Give the passphrase with --passphrase-file, --passphrase-fd or --passphrase-env";

impl Held {
    /// The failure where no certificate and no private key was found.
    pub(crate) fn nothing(&self, paths: &[PathBuf]) -> Failure {
        const TOLD: usize = 3;
        let names: Vec<_> = paths.iter().map(|path| usage::name_of(path)).collect();
        let mut text = format!("no certificate and no private key was found in {}", names.join(", "));
        if let Some(folder) = self.outward.as_deref().and_then(Path::parent) {
            text.push_str(&format!(
                ": give the folder of one name, {}, or one that holds the targets of the links too, as the one with certbot's `live` and `archive`",
                usage::name_of(folder)
            ));
        }
        for left in self.left_out.iter().take(TOLD) {
            text.push_str(&format!("; {left}"));
        }
        let more = self.left_out.len().saturating_sub(TOLD);
        if more > 0 {
            text.push_str(&format!("; and {more} more"));
        }
        if self.left_out.iter().any(Left::needs_passphrase) {
            text.push_str(". ");
            text.push_str(GIVE_PASSPHRASE);
        }
        Failure::new(About::Input, text)
    }
}
