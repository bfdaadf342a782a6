//! What people hold: PKCS#12 and Java keystores, archives, Secrets and the like, opened into certificates and keys, and put together as a form.
//! Needs the feature `containers`.
//!
//! [`open`] takes the bytes of one file and gives every object in it, with the way to it. [`assemble`] takes the objects of any number of files and
//! finds which key is whose and who issued whom: by proof, by key identifiers and by signatures, never by the names of files. Neither reads a file:
//! both are functions over bytes.
//!
//! ```
//! use certgate::containers::{Limits, open};
//!
//! let opened = open("notes.txt", b"nothing of use", None, &Limits::default());
//! assert!(opened.objects.is_empty());
//! assert_eq!(opened.left_out[0].to_string(), "notes.txt: holds no certificate, key or container that certgate knows");
//! ```

mod archive;
mod as_given;
mod assemble;
mod encrypted;
mod jks;
mod manifest;
mod opening;
mod pkcs12;
mod pkcs7;
mod text;
mod view;

pub use as_given::Unready;
pub use assemble::{Assembly, Part, Set, assemble};
pub use text::{Text, put_texts};
pub use view::{Place, inspect, inspect_together};

use std::fmt;

use crate::read::block::Block;
use opening::Opening;

/// An object that was found: a certificate, a key, a request, a revocation list or anything else that has a name.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Object {
    /// How to get to it: the name of the file, then what is inside of what, such as `["secret.yaml", "data/tls.crt"]`.
    pub inside: Vec<String>,
    /// What it is, and where in the innermost text. A private key is never encrypted here.
    pub block: Block,
    /// Whether its text was damaged, and has one reading all the same.
    pub(crate) repaired: bool,
}

/// What was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// How to get to it.
    pub inside: Vec<String>,
    /// Its block in the innermost text, where it has one.
    pub block: Option<usize>,
    /// Why it was left out.
    pub reason: Reason,
}

impl fmt::Display for LeftOut {
    /// `ca.zip, readme.txt: holds no certificate, …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&place(&self.inside, self.block))?;
        write!(f, ": {}", self.reason)
    }
}

/// The way to an object in words.
fn place(inside: &[String], block: Option<usize>) -> String {
    let mut way = inside.join(", ");
    if let Some(block) = block {
        way.push_str(&format!(", block {block}"));
    }
    way
}

/// Why something was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// An encrypted object, and no passphrase was given.
    NeedsPassphrase,
    /// An encrypted object that the passphrase does not open.
    WrongPassphrase,
    /// A format that is known by its name but not read here, and what to do instead.
    NotSupported {
        /// Its name.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// A container that ends too early or breaks the rules of its format.
    Damaged(&'static str),
    /// It is larger, deeper or dearer than is allowed: the limit in words.
    TooMuch(String),
    /// Nothing that is known.
    Unknown,
    /// Only in an [`Assembly`]: a certificate or a request that is the same as another one, where that is.
    Copy(String),
    /// Only in an [`Assembly`]: a private key that was read before.
    CopiedKey,
    /// Only in an [`Assembly`]: a certificate that is another one, where that is, with an error in it.
    DamagedCopy(String),
    /// It holds nothing, or only spaces and line ends.
    Empty,
    /// A key with the encryption of OpenSSL's old format, which no passphrase opens here.
    OldEncryption,
    /// Only in an [`Assembly`]: it was understood, but the form does not need it.
    NotNeeded(&'static str),
}

impl Reason {
    /// A stable word for it, for programs: the one in the JSON.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NeedsPassphrase => "needs-passphrase",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::NotSupported { .. } => "not-supported",
            Self::Damaged(_) => "damaged",
            Self::TooMuch(_) => "too-much",
            Self::Unknown => "unknown",
            Self::Copy(_) | Self::CopiedKey => "copy",
            Self::DamagedCopy(_) => "damaged-copy",
            Self::Empty => "empty",
            Self::OldEncryption => "old-encryption",
            Self::NotNeeded(_) => "not-needed",
        }
    }

    /// Whether it could not be read, so that it may hold something that counts.
    pub const fn is_fault(&self) -> bool {
        !matches!(
            self,
            Self::Copy(_)
                | Self::CopiedKey
                | Self::DamagedCopy(_)
                | Self::Empty
                | Self::Unknown
                | Self::NotNeeded(_)
        )
    }

    /// Whether a check says more, once the text that it is a part of stands in a form ([`put_texts`]).
    const fn is_told_by_check(&self) -> bool {
        !matches!(
            self,
            Self::NeedsPassphrase | Self::OldEncryption | Self::WrongPassphrase | Self::TooMuch(_)
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeedsPassphrase => f.write_str("is encrypted, and no passphrase was given"),
            Self::WrongPassphrase => f.write_str("the passphrase does not open it"),
            Self::NotSupported { what, instead } => write!(f, "{what} cannot be opened here: {instead}"),
            Self::Damaged(what) => write!(f, "is damaged: {what}"),
            Self::TooMuch(limit) => write!(f, "was not opened: {limit}"),
            Self::Copy(first) => write!(f, "the same as {first}"),
            Self::CopiedKey => f.write_str("a copy of a private key that was read before"),
            Self::DamagedCopy(sound) => write!(f, "a damaged copy of {sound}"),
            Self::Empty => f.write_str("is empty"),
            Self::OldEncryption => f.write_str(
                "a key with the old encryption of OpenSSL (`Proc-Type: 4,ENCRYPTED`) cannot be opened here, with or without a passphrase: \
                 decrypt it with `openssl pkey -in KEY -out plain.pem`",
            ),
            Self::Unknown => f.write_str("holds no certificate, key or container that certgate knows"),
            Self::NotNeeded(why) => f.write_str(why),
        }
    }
}

/// The bounds of one call of [`open`]: a hostile file costs no more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most entries of all archives, keystores and manifests together.
    pub entries: usize,
    /// The most containers within one another.
    pub depth: usize,
    /// The most bytes that all archives together may expand to.
    pub expanded_bytes: usize,
    /// The most rounds that one derivation of a key from a passphrase may ask for. PKCS#12 files never get more than a million.
    pub iterations: u32,
    /// The most bytes of memory that one such derivation may ask for (scrypt).
    pub derivation_bytes: u64,
    /// The most derivations.
    pub derivations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 4096,
            depth: 3,
            expanded_bytes: 64 << 20,
            iterations: 1_000_000,
            derivation_bytes: 128 << 20,
            derivations: 64,
        }
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Opened {
    /// Everything that was found, in the order of the file.
    pub objects: Vec<Object>,
    /// What could not be opened or is not known.
    pub left_out: Vec<LeftOut>,
    /// The texts of which a part was left out as damaged or encrypted, for [`put_texts`].
    pub texts: Vec<Text>,
    /// The texts that hold certificates alone or a private key alone, as they are, for [`Set::unready`].
    pub sources: Vec<Text>,
}

/// Opens the bytes of a file called `name`. What kind of file it is, its content says. One passphrase is tried on everything that is encrypted.
pub fn open(name: &str, bytes: &[u8], passphrase: Option<&str>, limits: &Limits) -> Opened {
    let mut opening = Opening::new(passphrase, limits);
    opening.open(&[crate::text::escape_all(name)], bytes);
    opening.finish()
}

/// Whether a file is a request body of the API, a form, rather than something to be opened: a JSON object that names a certificate or its key as the
/// API does, in whatever quotes: whoever has it printed by Python or JavaScript is told that it is not JSON.
///
/// ```
/// use certgate::containers::is_form;
///
/// assert!(is_form(br#" {"cert_content": "-----BEGIN"}"#));
/// assert!(is_form(b"{'cert_content': '-----BEGIN'}"));
/// assert!(!is_form(br#"{"kind": "Secret"}"#));
/// ```
pub fn is_form(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let has = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
    text.starts_with(b"{") && (has(b"cert_content") || has(b"private_key"))
}
