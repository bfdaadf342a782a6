//! Opening files and the folders that they are in, within bounds.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use certgate::containers::{LeftOut, Limits, Reason, open};
use zeroize::Zeroizing;

use super::{Held, Left};
use crate::args::PassphraseArgs;
use crate::failure::{Failure, io_reason};
use crate::{input, passphrase, usage};

/// The most files and folders that are looked at.
const ENTRIES: usize = 20_000;

/// The most folders within one another.
const DEPTH: usize = 16;

/// The most bytes of all files together.
const BYTES: usize = 512 << 20;

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

    /// A PATH could not be read; the first failure is kept.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.held.failure.get_or_insert(failure);
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
