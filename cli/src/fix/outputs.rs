//! Where a fixed form goes: standard output, a file, or a file for each field. It holds a private key, so that no output is chosen lightly.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use certgate::{CertificateForm, Field};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::args::Fix;
use crate::failure::{About, Failure, io_reason};
use crate::{print, usage};

/// Where the command line says that the form goes.
pub(super) enum Outputs<'a> {
    Standard,
    Form(&'a Path),
    Fields(Vec<(Field, &'a Path)>),
}

impl<'a> Outputs<'a> {
    /// # Errors
    /// A file is there already, or standard output would show the key on a terminal, or keep it in the log of a job.
    pub(super) fn new(command: &'a Fix) -> Result<Self, Failure> {
        let may_be_written =
            |path| if command.force { Ok(()) } else { is_new(path, "another file, or add --force") };
        if let Some(path) = &command.output {
            may_be_written(path)?;
            return Ok(Self::Form(path));
        }
        let fields: [(Field, &Option<PathBuf>); 5] = [
            (Field::CertContent, &command.out_cert),
            (Field::PrivateKey, &command.out_key),
            (Field::CertContentSign, &command.out_sign_cert),
            (Field::PrivateKeySign, &command.out_sign_key),
            (Field::TrustedRootCa, &command.out_root_ca),
        ];
        let fields: Vec<_> =
            fields.into_iter().filter_map(|(field, path)| Some((field, path.as_deref()?))).collect();
        if !fields.is_empty() {
            fields.iter().try_for_each(|(_, path)| may_be_written(path))?;
            return Ok(Self::Fields(fields));
        }
        let is_job = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        let whose = match (io::stdout().is_terminal(), is_job) {
            _ if command.show_secrets => return Ok(Self::Standard),
            (true, _) => "would be shown on this terminal",
            (false, true) => "may end in the log of this job (CI is set)",
            (false, false) => return Ok(Self::Standard),
        };
        Err(Failure::new(
            About::Usage,
            format!(
                "the fixed form holds the private key and {whose}: write it to a file with `-o fixed.json`, or add --show-secrets"
            ),
        ))
    }

    /// Writes the form. `text` makes its text, or that of the plan. Gives a line for each file that was written.
    ///
    /// # Errors
    /// A file cannot be written, or a field of the form has no file to go to.
    pub(super) fn write(
        &self,
        form: &CertificateForm,
        text: impl FnOnce() -> Result<Zeroizing<String>, Failure>,
    ) -> Result<Vec<String>, Failure> {
        match self {
            Self::Standard => print(&text()?).map(|_| Vec::new()),
            Self::Form(path) => Ok(vec![write(path, text()?.as_bytes())?]),
            Self::Fields(files) => {
                let content = |field| form.content(field).map(certgate::Content::as_bytes);
                let goes = |field| files.iter().any(|(of, _)| *of == field);
                let lost = Field::ALL.into_iter().find(|&field| content(field).is_some() && !goes(field));
                if let Some(field) = lost {
                    let flag = flag(field);
                    return Err(Failure::new(
                        About::Usage,
                        format!(
                            "the form has a `{field}`, and it would be lost: say with {flag} FILE where it goes"
                        ),
                    ));
                }
                let there = files.iter().filter_map(|&(field, path)| Some((path, content(field)?)));
                there.map(|(path, bytes)| write(path, bytes)).collect()
            }
        }
    }
}

/// The option that names the file of a field.
fn flag(field: Field) -> &'static str {
    match field {
        Field::PrivateKey => "--out-key",
        Field::CertContentSign => "--out-sign-cert",
        Field::PrivateKeySign => "--out-sign-key",
        Field::TrustedRootCa => "--out-root-ca",
        _ => "--out-cert",
    }
}

/// Writes files that must not be there yet, and the folders that they need. `instead` says what else to give: `another path`.
///
/// # Errors
/// One is there already, and then none is written; or one cannot be written.
pub(crate) fn write_new<'f>(
    files: impl Iterator<Item = (&'f Path, &'f [u8])> + Clone,
    instead: &str,
) -> Result<String, Failure> {
    files.clone().try_for_each(|(path, _)| is_new(path, instead))?;
    let mut said = String::new();
    for (path, bytes) in files {
        make_folder(path)?;
        said.push_str(&write(path, bytes)?);
    }
    Ok(said)
}

/// # Errors
/// A file with something in it is there already. A device, a pipe or an empty file loses nothing.
fn is_new(path: &Path, instead: &str) -> Result<(), Failure> {
    if !path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
        return Ok(());
    }
    let text = format!("{} is there already, and is not written over: give {instead}", usage::name_of(path));
    Err(Failure::new(About::Output, text))
}

fn make_folder(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|error| {
        let text = format!("{} cannot be made: {}", usage::name_of(folder), io_reason(&error));
        Failure::new(About::Output, text)
    })
}

/// Writes a file with mode 600, whole or not at all: into a new file beside it, which then takes its name.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<String, Failure> {
    let name = usage::name_of(path);
    replace(path, bytes).map(|()| format!("wrote {name}\n")).map_err(|error| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let why = match folder {
            Some(folder) => format!("the folder {} is missing", usage::name_of(folder)),
            None => io_reason(&error).to_owned(),
        };
        Failure::new(About::Output, format!("{name} cannot be written: {why}"))
    })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A device or a pipe keeps its place.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
