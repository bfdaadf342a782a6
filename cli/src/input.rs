//! Files and forms. Every buffer is wiped: any of them may hold a key.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use certgate::{CertificateForm, Content, Field};
use zeroize::Zeroizing;

use crate::args::FormArgs;
use crate::failure::{Failure, io_reason};
use crate::style;
use crate::usage::{may_be_repeated, name_of};

/// The largest form or file that is read, in bytes.
pub(crate) const MOST: usize = 32 << 20;

/// The byte-order mark of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// A form, and the files its fields were read from.
pub(crate) struct Input {
    pub(crate) form: CertificateForm,
    /// The JSON text of the form; empty where it was put together from files.
    pub(crate) json: Zeroizing<Vec<u8>>,
    /// The file of each content field, where it has one of its own.
    pub(crate) files: BTreeMap<Field, String>,
    /// The arguments that name the form, for a command that the user may paste. Standard input is spent: a file stands for it.
    pub(crate) arguments: String,
}

/// Reads the form that the arguments name.
pub(crate) fn form(arguments: &FormArgs) -> Result<Input, Failure> {
    match &arguments.form {
        Some(path) => {
            let (form, json) = json(path)?;
            let arguments = path_word(path, "FORM.json");
            Ok(Input { form, json, files: BTreeMap::new(), arguments })
        }
        None => parts(arguments),
    }
}

fn parts(arguments: &FormArgs) -> Result<Input, Failure> {
    let mut input = Input {
        form: CertificateForm::default(),
        json: Zeroizing::default(),
        files: BTreeMap::new(),
        arguments: String::new(),
    };
    let form = &mut input.form;
    form.name.clone_from(&arguments.name);
    form.algorithm_type.clone_from(&arguments.algorithm);
    form.r#type.clone_from(&arguments.certificate_type);
    form.instance_id.clone_from(&arguments.instance_id);
    let mut words = Vec::new();
    for (flag, value, instead) in [
        ("--name", &arguments.name, "NAME"),
        ("--algorithm", &arguments.algorithm, "ALGORITHM"),
        ("--type", &arguments.certificate_type, "TYPE"),
        ("--instance-id", &arguments.instance_id, "ID"),
    ] {
        words.extend(value.as_ref().map(|value| value_words(flag, value, instead)));
    }
    let files: [(&str, Field, &Option<PathBuf>); 5] = [
        ("--cert", Field::CertContent, &arguments.cert),
        ("--key", Field::PrivateKey, &arguments.key),
        ("--sign-cert", Field::CertContentSign, &arguments.sign_cert),
        ("--sign-key", Field::PrivateKeySign, &arguments.sign_key),
        ("--root-ca", Field::TrustedRootCa, &arguments.root_ca),
    ];
    if files.iter().filter(|(_, _, path)| path.as_deref().is_some_and(is_stdin)).count() > 1 {
        return Err(Failure::new("only one file can be `-`, standard input: give the others by name"));
    }
    for (flag, field, path) in files {
        let Some(path) = path else { continue };
        let mut bytes = read(path, MOST)?;
        if let Some(slot) = form.content_mut(field) {
            *slot = Some(Content::from_bytes(std::mem::take(&mut *bytes)));
        }
        words.push(format!("{flag} {}", path_word(path, "FILE")));
        input.files.insert(field, style::escape(&path.display().to_string()));
    }
    input.arguments = words.join(" ");
    Ok(input)
}

/// A form, and the text it was read from, without a byte-order mark.
fn json(path: &Path) -> Result<(CertificateForm, Zeroizing<Vec<u8>>), Failure> {
    let mut bytes = read(path, MOST)?;
    if bytes.starts_with(BOM) {
        bytes.drain(..BOM.len());
    }
    let name = name_of(path);
    match parse(&bytes) {
        Ok(form) => Ok((form, bytes)),
        Err(_) if bytes.trim_ascii_start().starts_with(b"-----BEGIN ") => Err(Failure::new(format!(
            "{name} is PEM, not a JSON form: use `certgate check --name NAME --cert FILE --key FILE`, or `certgate inspect FILE`"
        ))),
        Err(NoForm::Syntax { line, column }) => Err(Failure::new(match syntax(&bytes) {
            Syntax::Empty => format!("{name} is empty: give the body of the upload as JSON"),
            Syntax::Utf16 => format!(
                "{name} is UTF-16, and JSON is UTF-8: convert it, `iconv -f UTF-16 -t UTF-8 FORM.json > utf8.json`"
            ),
            Syntax::Cut => format!("{name} is cut off: the JSON ends early, on line {line}, column {column}"),
            Syntax::RawLineBreak => format!(
                "{name} is no JSON: line {line}, column {column} has a line break or another control character inside a string: write \\n \
                 instead, or use `certgate check --name NAME --cert FILE --key FILE`"
            ),
            Syntax::Other => {
                format!("{name} is no JSON: correct line {line}, column {column}, then check again")
            }
        })),
        Err(NoForm::NoObject) => Err(Failure::new(format!(
            "{name} holds no JSON object: give the body of the upload, such as {{\"name\": …, \"cert_content\": …, \"private_key\": …}}"
        ))),
    }
}

/// Why a text is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoForm {
    /// It is no JSON; line and column count from 1, in characters.
    Syntax {
        line: usize,
        column: usize,
    },
    NoObject,
}

/// What is wrong with a text that is no JSON, as far as it can be told without repeating any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Empty,
    Utf16,
    /// The end comes before the object's.
    Cut,
    /// A control character inside a string (RFC 8259, section 7).
    RawLineBreak,
    Other,
}

fn syntax(bytes: &[u8]) -> Syntax {
    match bytes.trim_ascii() {
        [] => return Syntax::Empty,
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'{', ..] | [b'{', 0, ..] => return Syntax::Utf16,
        _ => {}
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(bytes) else { return Syntax::Other };
    if error.is_eof() {
        return Syntax::Cut;
    }
    let mut in_string = false;
    let mut escaped = false;
    let mut line = 1_usize;
    for &byte in bytes {
        if in_string && byte < 0x20 {
            // Where the parser stops too: quotes after an earlier fault may pair otherwise.
            return if line.abs_diff(error.line()) <= 1 { Syntax::RawLineBreak } else { Syntax::Other };
        }
        in_string ^= byte == b'"' && !escaped;
        escaped = in_string && byte == b'\\' && !escaped;
        line = line.saturating_add(usize::from(byte == b'\n'));
    }
    Syntax::Other
}

/// Reads a form from JSON. The parser's own words are not passed on: they may quote a key.
pub(crate) fn parse(bytes: &[u8]) -> Result<CertificateForm, NoForm> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| {
        if error.classify() == serde_json::error::Category::Data {
            return NoForm::NoObject;
        }
        let line = error.line().max(1);
        let start = bytes.split_inclusive(|&byte| byte == b'\n').take(line.saturating_sub(1));
        let start = start.map(<[u8]>::len).fold(0, usize::saturating_add);
        let (line, column) = line_and_column(bytes, start.saturating_add(error.column().saturating_sub(1)));
        NoForm::Syntax { line, column }
    })
}

/// Whether a file is a form: a JSON object with a certificate or a key in a field of the API.
pub(crate) fn is_form(bytes: &[u8]) -> bool {
    let is_object = bytes.strip_prefix(BOM).unwrap_or(bytes).trim_ascii_start().starts_with(b"{");
    let holds_content = |form: CertificateForm| Field::ALL.iter().any(|&field| form.content(field).is_some());
    is_object && parse(bytes).is_ok_and(holds_content)
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
    let read = if is_stdin(path) { read_all(io::stdin().lock(), 0, most) } else { read_path(path, most) };
    match read {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Failure::new(format!(
            "{} is larger than {} MiB, more than is read: give another file",
            name_of(path),
            most >> 20
        ))),
        Err(error) => Err(Failure::new(format!("{} cannot be read: {}", name_of(path), io_reason(&error)))),
    }
}

fn read_path(path: &Path, most: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
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

/// A path for a command to paste: never read as an option. Standard input is spent: `instead` stands for it.
pub(crate) fn path_word(path: &Path, instead: &str) -> String {
    let name = path.display().to_string();
    match name.as_str() {
        "-" => instead.to_owned(),
        _ if name.starts_with('-') => style::shell_word(&format!("./{name}")),
        _ => style::shell_word(&name),
    }
}

/// An option and its value for a command to paste; `instead` stands for a value that may be of a key.
fn value_words(flag: &str, value: &str, instead: &str) -> String {
    let value = if may_be_repeated(value) { value } else { instead };
    let gap = if value.starts_with('-') { '=' } else { ' ' };
    format!("{flag}{gap}{}", style::shell_word(value))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_is_told_by_place() {
        let syntax = |line, column| Err(NoForm::Syntax { line, column });
        for (text, want) in [
            ("{\"name\": }", syntax(1, 10)),
            ("{\n  \"名\": x}", syntax(2, 8)),
            ("", syntax(1, 1)),
            ("{\"name\":\"a", syntax(1, 10)),
            ("[1]", Err(NoForm::NoObject)),
            ("7", Err(NoForm::NoObject)),
            ("\"MIIEvQ\"", Err(NoForm::NoObject)),
        ] {
            assert_eq!(parse(text.as_bytes()).map(|_| ()), want, "{text}");
        }
        assert!(parse("\u{feff}{}".as_bytes()).is_ok());
    }

    #[test]
    fn a_broken_form_is_told_by_what_broke_it() {
        for (text, want) in [
            (&b""[..], Syntax::Empty),
            (b" \n", Syntax::Empty),
            (b"\xFF\xFE{\0}\0", Syntax::Utf16),
            (b"{\0\"\0", Syntax::Utf16),
            (b"{\"name\": \"a", Syntax::Cut),
            (b"{\"name\": 1,", Syntax::Cut),
            (b"{\"name\": \"a\nb\"}", Syntax::RawLineBreak),
            (b"{\"a\": \"\\\"x\", \"name\":\n \"a\tb\"}", Syntax::RawLineBreak),
            (b"{\"name\": a}", Syntax::Other),
            (b"{'name': \"a\"}", Syntax::Other),
        ] {
            assert_eq!(syntax(text), want, "{}", String::from_utf8_lossy(text));
        }
    }

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
