//! Files and forms. Every buffer is wiped: any of them may hold a key.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use certgate::containers::{Limits, open};
use certgate::{At, CertificateForm, Content, Field, Policy, Unread};
use zeroize::Zeroizing;

use crate::args::{FormArgs, Parts};
use crate::failure::{About, Failure, io_reason};
use crate::style;
use crate::usage::{may_be_repeated, name_of};

/// The largest form or file that is read, in bytes.
pub(crate) const MOST: usize = 32 << 20;

/// The byte-order mark of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A form, and the files its fields were read from.
#[derive(Default)]
pub(crate) struct Input {
    pub(crate) form: CertificateForm,
    /// The JSON text of the form; empty where it was put together from files.
    pub(crate) json: Zeroizing<Vec<u8>>,
    /// The file of each content field, where it has one of its own.
    pub(crate) files: BTreeMap<Field, String>,
    /// The files that `cert_content` was read from, where there are several, in order.
    pub(crate) pieces: Vec<Piece>,
    /// The arguments that name the form, for a command that the user may paste. Standard input is read already: a file name replaces it.
    pub(crate) arguments: String,
    /// The form was put together from files whose places its findings name: no line of its own text is quoted.
    pub(crate) is_assembled: bool,
    /// What is said of the files right under the verdict.
    pub(crate) below_verdict: String,
}

/// One of several files of a field.
pub(crate) struct Piece {
    pub(crate) file: String,
    /// The line of the field that it begins at, from 1.
    pub(crate) first_line: usize,
}

/// Reads the form that the arguments name.
pub(crate) fn form(arguments: &FormArgs) -> Result<Input, Failure> {
    match &arguments.form {
        Some(path) => from_json(path, read(path, MOST)?),
        None => parts(&arguments.parts),
    }
}

/// Reads a form from the bytes of a file.
pub(crate) fn from_json(path: &Path, bytes: Zeroizing<Vec<u8>>) -> Result<Input, Failure> {
    let (form, json) = json(path, bytes)?;
    Ok(Input { form, json, arguments: path_word(path, "FORM.json"), ..Input::default() })
}

/// Reads a form from the files of its fields.
pub(crate) fn parts(arguments: &Parts) -> Result<Input, Failure> {
    if arguments.name.is_none() || arguments.cert.is_empty() || arguments.key.is_none() {
        let text =
            "give a PATH, or --name N --cert FILE --key FILE; the other options of a form go beside them";
        return Err(Failure::new(About::Usage, text));
    }
    let mut input = Input::default();
    let form = &mut input.form;
    set_values(form, arguments);
    let mut words = Vec::new();
    for (flag, value, instead) in [
        ("--name", &arguments.name, "NAME"),
        ("--algorithm", &arguments.algorithm, "ALGORITHM"),
        ("--type", &arguments.certificate_type, "TYPE"),
        ("--instance-id", &arguments.instance_id, "ID"),
    ] {
        words.extend(value.as_ref().map(|value| value_words(flag, value, instead)));
    }
    let each = |flag, field, paths| std::iter::once((flag, field)).cycle().zip(paths);
    let of_field = |flag, field, path: &'_ Option<PathBuf>| path.clone().map(|path| ((flag, field), path));
    let certificates = each("--cert", Field::CertContent, arguments.cert.clone()).chain(each(
        "--chain",
        Field::CertContent,
        arguments.chain.clone(),
    ));
    let files: Vec<((&str, Field), PathBuf)> = certificates
        .chain(of_field("--key", Field::PrivateKey, &arguments.key))
        .chain(of_field("--sign-cert", Field::CertContentSign, &arguments.sign_cert))
        .chain(of_field("--sign-key", Field::PrivateKeySign, &arguments.sign_key))
        .chain(of_field("--root-ca", Field::TrustedRootCa, &arguments.root_ca))
        .collect();
    let has_pieces = arguments.cert.len().saturating_add(arguments.chain.len()) > 1;
    let mut certificates = Zeroizing::new(Vec::new());
    if files.iter().filter(|(_, path)| is_stdin(path)).count() > 1 {
        return Err(Failure::new(
            About::Usage,
            "only one file can be `-`, standard input: give the others by name",
        ));
    }
    for ((flag, field), path) in &files {
        if path.is_dir() {
            let text = format!(
                "{} is a folder: give it without {flag}, `certgate check {}`",
                name_of(path),
                path_word(path, "PATH")
            );
            return Err(Failure::new(About::Input, text));
        }
        let mut bytes = read(path, MOST)?;
        words.push(format!("{flag} {}", path_word(path, "FILE")));
        let file = style::escape(&path.display().to_string());
        if has_pieces && *field == Field::CertContent {
            if bytes.first() == Some(&0x30) {
                let text = format!(
                    "{file} is DER, which cannot stand beside other files in {flag}: convert it with `openssl x509 -inform DER -in FILE -out FILE.pem`"
                );
                return Err(Failure::new(About::Input, text));
            }
            input.pieces.push(add_piece(&mut certificates, &bytes, file));
            continue;
        }
        if let Some(slot) = form.content_mut(*field) {
            *slot = Some(Content::from_bytes(std::mem::take(&mut *bytes)));
        }
        input.files.insert(*field, file);
    }
    if has_pieces {
        form.cert_content = Some(Content::from_bytes(std::mem::take(&mut *certificates)));
    }
    input.arguments = words.join(" ");
    Ok(input)
}

/// Puts a file behind those before it.
fn add_piece(field: &mut Zeroizing<Vec<u8>>, bytes: &[u8], file: String) -> Piece {
    if field.last().is_some_and(|last| *last != b'\n') {
        append(field, b"\n");
    }
    let first_line = memchr::memchr_iter(b'\n', field).count().saturating_add(1);
    append(field, bytes);
    Piece { file, first_line }
}

/// Puts what the options say into the form.
pub(crate) fn set_values(form: &mut CertificateForm, arguments: &Parts) {
    let Parts { name, algorithm, certificate_type, instance_id, .. } = arguments;
    for (slot, value) in [
        (&mut form.name, name),
        (&mut form.algorithm_type, algorithm),
        (&mut form.r#type, certificate_type),
        (&mut form.instance_id, instance_id),
    ] {
        if value.is_some() {
            slot.clone_from(value);
        }
    }
}

/// A form, and the text it was read from, without a byte-order mark.
fn json(
    path: &Path,
    mut bytes: Zeroizing<Vec<u8>>,
) -> Result<(CertificateForm, Zeroizing<Vec<u8>>), Failure> {
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    match CertificateForm::from_json(&bytes) {
        Ok(form) => Ok((form, bytes)),
        Err(unread) => Err(unreadable(path, &bytes, unread)),
    }
}

fn unreadable(path: &Path, bytes: &[u8], unread: Unread) -> Failure {
    const FROM_FILES: &str = "`--name NAME --cert FILE --key FILE`";
    let name = name_of(path);
    let is_object = bytes.trim_ascii_start().starts_with(b"{");
    let opened = open("", bytes, None, &Limits::default());
    let holds_something = !opened.objects.is_empty() || !opened.texts.is_empty();
    if holds_something && !is_object {
        return Failure::new(
            About::Input,
            format!(
                "{name} holds certificates or keys, and is not a JSON form: give files with {FROM_FILES}, or write the form of them with `certgate assemble FILE… -o DIR`"
            ),
        );
    }
    let rejected = unread.reject(&Policy::default(), At::NotEvaluated);
    let mut text = name;
    for finding in &rejected.report().findings {
        text.push_str(&format!(": {}. {}", finding.message, finding.hint));
    }
    if unread.has_line_break() {
        text.push_str(&format!(" Or give files with {FROM_FILES}."));
    }
    Failure::new(About::Input, text)
}

/// Whether a file is a form: a JSON object with a certificate or a key in a field of the API.
pub(crate) fn is_form(bytes: &[u8]) -> bool {
    let is_object = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii_start().starts_with(b"{");
    let holds_content = |form: CertificateForm| Field::ALL.iter().any(|&field| form.content(field).is_some());
    is_object && CertificateForm::from_json(bytes).is_ok_and(holds_content)
}

/// The line and the column of a byte, from 1, in characters.
pub(crate) fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = before.iter().filter(|&&byte| byte == b'\n').count().saturating_add(1);
    let last = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    (line, String::from_utf8_lossy(last).chars().count().saturating_add(1))
}

/// Reads a file, or standard input where it is called `-`.
///
/// # Errors
/// The file cannot be read, or is larger than `most` bytes.
pub(crate) fn read(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = if is_stdin(path) { read_stdin(most) } else { read_path(path, most) };
    match read {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Failure::new(
            About::Input,
            format!(
                "{} is larger than {} MiB, which is the limit: give another file",
                name_of(path),
                most >> 20
            ),
        )),
        Err(error) => Err(Failure::new(
            About::Input,
            format!("{} cannot be read: {}", name_of(path), io_reason(&error)),
        )),
    }
}

fn read_stdin(most: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    wait_for_typist();
    read_all(io::stdin().lock(), 0, most)
}

/// Says why nothing happens where standard input is a terminal.
pub(crate) fn wait_for_typist() {
    if io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        let _ = writeln!(
            io::stderr(),
            "reading from the terminal: paste the text, then press {end} on a line of its own"
        );
    }
}

pub(crate) fn read_path(path: &Path, most: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if metadata.is_file() && length > most {
        return Ok(None);
    }
    read_all(file, length.saturating_add(1), most)
}

fn read_all(mut source: impl Read, expected: usize, most: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected));
    let mut chunk = Zeroizing::new([0_u8; 1 << 14]);
    loop {
        match source.read(&mut *chunk) {
            Ok(0) => return Ok(Some(bytes)),
            Ok(count) => append(&mut bytes, chunk.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if bytes.len() > most {
            return Ok(None);
        }
    }
}

/// Appends to a buffer. Where it must grow, the old memory is wiped.
pub(crate) fn append(buffer: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    let needed = buffer.len().saturating_add(bytes.len());
    if needed > buffer.capacity() {
        let capacity = needed.max(buffer.capacity().saturating_mul(2)).max(1 << 12);
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(bytes);
}

/// A path for a command to paste: never read as an option. Standard input is read already: `instead` replaces it.
pub(crate) fn path_word(path: &Path, instead: &str) -> String {
    let name = path.display().to_string();
    match name.as_str() {
        "-" => instead.to_owned(),
        _ if name.starts_with('-') => style::shell_word(&format!("./{name}")),
        _ => style::shell_word(&name),
    }
}

/// An option and its value for a command to paste; `instead` replaces a value that may be part of a key.
pub(crate) fn value_words(flag: &str, value: &str, instead: &str) -> String {
    let value = if may_be_repeated(value) { value } else { instead };
    let gap = if value.starts_with('-') { '=' } else { ' ' };
    format!("{flag}{gap}{}", style::shell_word(value))
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_can_be_pasted() {
        for (path, want) in
            [("-", "FORM.json"), ("-x.json", "./-x.json"), ("-x y.json", "'./-x y.json'"), ("a/-x", "a/-x")]
        {
            assert_eq!(path_word(Path::new(path), "FORM.json"), want);
        }
        for (value, want) in [
            ("web_1", "--name web_1"),
            ("-x", "--name=-x"),
            ("$HOME", "--name '$HOME'"),
            ("MIGHAgEAMBMGByqGSM49", "--name NAME"),
        ] {
            assert_eq!(value_words("--name", value, "NAME"), want);
        }
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(read_all(&[1_u8; 10][..], 0, 9).ok(), Some(None));
        assert_eq!(read_all(&[1_u8; 9][..], 0, 9).ok().flatten().map(|bytes| bytes.len()), Some(9));
    }
}
