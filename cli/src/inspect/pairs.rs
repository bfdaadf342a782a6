//! Which private key belongs to which certificate, over several files.

use std::path::Path;

use certgate::inspect::{Inspection, KeyFacts};

use crate::style::{self, Look};
use crate::text;

/// The public keys of all files.
#[derive(Default)]
pub(super) struct Pairs {
    files: usize,
    certificates: Vec<Owner>,
    keys: Vec<Owner>,
}

/// What has a public key.
struct Owner {
    file: String,
    block: Option<usize>,
    /// The only one of its kind in the file, so that its block need not be named.
    is_alone: bool,
    /// The SHA-256 of the SubjectPublicKeyInfo.
    spki: String,
}

impl Pairs {
    pub(super) fn add(&mut self, path: &Path, inspection: &Inspection) {
        self.files = self.files.saturating_add(1);
        let file = style::escape(&path.display().to_string());
        let owner = |key: &KeyFacts, block, is_alone| {
            Some(Owner { file: file.clone(), block, is_alone, spki: key.spki_sha256.clone()? })
        };
        let certificates = inspection.certificates().count();
        self.certificates.extend(
            inspection.certificates().filter_map(|facts| owner(&facts.key, facts.block, certificates == 1)),
        );
        let keys = inspection.keys.len();
        self.keys
            .extend(inspection.keys.iter().filter_map(|facts| owner(&facts.key, facts.block, keys == 1)));
    }

    /// A line for each private key, where there are several files and certificates among them.
    pub(super) fn text(&self, look: Look) -> String {
        if self.files < 2 || self.keys.is_empty() || self.certificates.is_empty() {
            return String::new();
        }
        let mut out = text::heading(look, "Which key is whose");
        for key in &self.keys {
            let name = key.name();
            let owned: Vec<_> =
                self.certificates.iter().filter(|owner| owner.spki == key.spki).map(Owner::name).collect();
            out.push_str(&match owned.as_slice() {
                [] => format!("  {name} is the key of none of these certificates\n"),
                owned => format!("  {name} is the key of {}\n", owned.join(" and ")),
            });
        }
        out
    }
}

impl Owner {
    fn name(&self) -> String {
        match self.block {
            Some(block) if !self.is_alone => format!("{}, block {block}", self.file),
            _ => self.file.clone(),
        }
    }
}
