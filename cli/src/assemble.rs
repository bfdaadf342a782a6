//! `certgate assemble`: the form of what files hold, written to a folder.

use std::collections::BTreeSet;
use std::io::{self, Write};

use certgate::Field;
use certgate::containers::Set;
use zeroize::Zeroizing;

use crate::args::Assemble;
use crate::failure::Failure;
use crate::fix::outputs;
use crate::style::Look;
use crate::trust::Trusted;
use crate::{Outcome, assembled, held, policy};

/// The file of each field.
const FILES: [(Field, &str); 4] = [
    (Field::CertContent, "chain.pem"),
    (Field::PrivateKey, "key.pem"),
    (Field::CertContentSign, "sign-chain.pem"),
    (Field::PrivateKeySign, "sign-key.pem"),
];

pub(crate) fn run(command: &Assemble) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let mut held = held::gather_all(&command.paths, Vec::new(), &command.passphrase)?;
    let pool = Trusted::read_pool(&command.pool)?;
    pool.complete(&mut held);
    let sets = assembled::sets(&mut held, command.name.as_deref(), &policy, clock.at());
    if sets.is_empty() {
        return Err(held.nothing(&command.paths));
    }
    pool.forget_unused(&mut held);
    let mut files = Vec::new();
    let mut taken = BTreeSet::new();
    for set in &sets {
        let folder = match sets.len() {
            1 => command.output.clone(),
            _ => command.output.join(folder_name(set, &mut taken)),
        };
        files.push((folder.join("form.json"), form(set)?));
        for (field, name) in FILES {
            if let Some(content) = set.form.content(field) {
                files.push((folder.join(name), Zeroizing::new(content.as_bytes().to_vec())));
            }
        }
    }
    let written = files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice()));
    let mut said = outputs::write_new(written, "another folder")?;
    said.push_str(&assembled::left_out(Look::of_stderr(), &held.left_out));
    let is_whole = sets.iter().all(|set| set.is_proven);
    if !is_whole {
        said.push_str(
            "\nno private key is proven to belong to a certificate here: `certgate check` on the same files says why\n",
        );
    }
    let _ = io::stderr().write_all(said.as_bytes());
    let is_fault = held.left_out.iter().any(|left| left.is_fault());
    Ok(if is_whole && !is_fault { Outcome::Accepted } else { Outcome::Rejected })
}

/// A name for the folder of a form, among several: that of the form where it is harmless as a file's name.
fn folder_name(set: &Set, taken: &mut BTreeSet<String>) -> String {
    let name = set.form.name.as_deref().unwrap_or("pair");
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect();
    let mut unique = name.clone();
    let mut number = 1_usize;
    while !taken.insert(unique.clone()) {
        number = number.saturating_add(1);
        unique = format!("{name}_{number}");
    }
    unique
}

/// The form as indented JSON, in a buffer that is wiped and does not grow.
fn form(set: &Set) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let lengths = Field::ALL
        .iter()
        .filter_map(|&field| set.form.content(field))
        .map(|content| content.as_bytes().len());
    // A line end takes two bytes in JSON; the names of the fields fit into the rest.
    let most = lengths.fold(4096_usize, |sum, length| sum.saturating_add(length.saturating_mul(2)));
    let mut text = Zeroizing::new(Vec::with_capacity(most));
    serde_json::to_writer_pretty(&mut *text, &set.form).map_err(|_| Failure::json())?;
    text.push(b'\n');
    Ok(text)
}
