//! What files and folders hold: each file is opened, whatever it is, and gives its certificates and keys. What is skipped is listed with the reason.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use certgate::containers::{LeftOut, Limits, Object, Reason, Text, is_form, open};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::PassphraseArgs;
use crate::failure::{About, Failure, io_reason};
use crate::{input, passphrase, style, usage};

/// The most files and folders that are looked at.
const ENTRIES: usize = 20_000;

/// The most folders within one another.
const DEPTH: usize = 16;

/// The most bytes of all files together.
const BYTES: usize = 512 << 20;

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
    reason: Option<Reason>,
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

    /// A check of the text that it is a part of says more.
    pub(crate) fn is_told_by_check(&self) -> bool {
        self.reason.as_ref().is_some_and(Reason::is_told_by_check)
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
        return Ok(gathering.held);
    }
    for path in paths {
        if let Some(failure) = unsaid(path, paths.len()) {
            gathering.held.failure = gathering.held.failure.take().or(Some(failure));
        } else if path.is_dir() {
            gathering.root(path);
        } else {
            // What was named is read whatever it is: a pipe, standard input.
            match input::read(path, input::MOST) {
                Ok(bytes) => gathering.open(path, &bytes),
                Err(failure) => gathering.held.failure = gathering.held.failure.take().or(Some(failure)),
            }
        }
    }
    Ok(gathering.held)
}

/// The failure of a PATH among several that may be a key that was pasted behind another.
pub(crate) fn unsaid(path: &Path, paths: usize) -> Option<Failure> {
    let is_unsaid = paths > 1 && !path.exists() && !usage::may_be_repeated(&path.display().to_string());
    let text = || format!("a file cannot be read: there is none of its name, which is {}", usage::UNSAID);
    is_unsaid.then(|| Failure::new(About::Input, text()))
}

/// What was opened so far, and what may still be read.
pub(crate) struct Gathering {
    held: Held,
    passphrase: Option<Zeroizing<String>>,
    has_asked: bool,
    /// The files that were read, so that a link to one is not read again.
    seen: BTreeSet<PathBuf>,
    entries: usize,
    bytes: usize,
}

impl Gathering {
    /// Nothing yet, and the passphrase that the arguments name.
    pub(crate) fn new(passphrase: &PassphraseArgs) -> Result<Self, Failure> {
        Ok(Self {
            held: Held::default(),
            passphrase: passphrase::read(passphrase)?,
            has_asked: false,
            seen: BTreeSet::new(),
            entries: ENTRIES,
            bytes: BYTES,
        })
    }

    /// What was opened since the last time.
    pub(crate) fn take(&mut self) -> Held {
        std::mem::take(&mut self.held)
    }

    /// Whether there is a passphrase, so that what is encrypted may open.
    pub(crate) fn has_passphrase(&self) -> bool {
        self.passphrase.is_some()
    }

    /// Opens all files of a folder that was named.
    pub(crate) fn root(&mut self, path: &Path) {
        let root = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.folder(path, &root, 0);
    }

    fn leave(&mut self, path: &Path, why: impl Into<String>) {
        self.held.left_out.push(Left::fault(path, why));
    }

    fn folder(&mut self, path: &Path, root: &Path, depth: usize) {
        if depth > DEPTH {
            return self
                .leave(path, format!("was not opened: at most {DEPTH} folders may be within one another"));
        }
        let listed = fs::read_dir(path).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut entries = match listed {
            Ok(entries) => entries,
            Err(error) => return self.leave(path, format!("cannot be read: {}", io_reason(&error))),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            if self.entries == 0 {
                return self.leave(
                    &path,
                    format!("was not opened, nor what follows: at most {ENTRIES} files are looked at"),
                );
            }
            self.entries = self.entries.saturating_sub(1);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&path, root, depth.saturating_add(1)),
                Ok(kind) if kind.is_symlink() => self.link(&path, root, depth),
                Ok(kind) if kind.is_file() => self.file(&path),
                // A socket, a device or a pipe holds no certificate.
                Ok(_) => {}
                Err(error) => self.leave(&path, format!("cannot be read: {}", io_reason(&error))),
            }
        }
    }

    /// A link to a file is followed where it stays in the folder, or lies directly in it, as certbot's do. One to a folder never is.
    fn link(&mut self, path: &Path, root: &Path, depth: usize) {
        match path.canonicalize() {
            Ok(target) if target.is_file() && (depth == 0 || target.starts_with(root)) => self.file(path),
            Ok(target) if target.starts_with(root) => {}
            Ok(target) if target.is_file() || target.is_dir() => {
                self.held.outward.get_or_insert_with(|| path.to_owned());
                self.leave(
                    path,
                    "is a link that leads out of the folder, and is not followed: give the folder that it is in, or one that its target is in too",
                );
            }
            Ok(_) => {}
            Err(error) => self.leave(path, format!("is a link that leads nowhere: {}", io_reason(&error))),
        }
    }

    fn file(&mut self, path: &Path) {
        let is_new = path.canonicalize().is_ok_and(|target| self.seen.insert(target));
        if !is_new {
            return;
        }
        match input::read_path(path, input::MOST.min(self.bytes)) {
            Ok(Some(bytes)) => {
                self.bytes = self.bytes.saturating_sub(bytes.len());
                self.open(path, &bytes);
            }
            Ok(None) => self.leave(
                path,
                format!(
                    "was not read: a file may have {} MiB, all together {} MiB",
                    input::MOST >> 20,
                    BYTES >> 20
                ),
            ),
            Err(error) => self.leave(path, format!("cannot be read: {}", io_reason(&error))),
        }
    }

    /// Opens the bytes of a file.
    pub(crate) fn open(&mut self, path: &Path, bytes: &[u8]) {
        let name = usage::name_of(path);
        let limits = Limits::default();
        let passphrase = self.passphrase.as_ref().map(|text| text.as_str());
        let mut opened = open(&name, bytes, passphrase, &limits);
        let needs = |left: &LeftOut| left.reason == Reason::NeedsPassphrase;
        if !self.has_asked && opened.left_out.iter().any(needs) {
            self.has_asked = true;
            self.passphrase = passphrase::ask(&name);
            if let Some(passphrase) = &self.passphrase {
                opened = open(&name, bytes, Some(passphrase), &limits);
            }
        }
        self.held.objects.append(&mut opened.objects);
        self.held.left_out.extend(opened.left_out.into_iter().map(Left::from));
        self.held.texts.append(&mut opened.texts);
        self.held.sources.append(&mut opened.sources);
        self.held.has_passphrase |= self.passphrase.is_some();
    }
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
