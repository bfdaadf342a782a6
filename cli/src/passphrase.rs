//! The passphrase: from a file, a descriptor, the environment or a terminal, never from an argument. It is wiped after use.

use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::args::{OutPassphraseArgs, PassphraseArgs};
use crate::failure::{About, Failure, io_reason};
use crate::{input, style};

/// The longest passphrase, in bytes.
const LONGEST: usize = 4096;

/// Reads the passphrase that the arguments name; `None` where they name none.
pub(crate) fn read(arguments: &PassphraseArgs) -> Result<Option<Zeroizing<String>>, Failure> {
    let PassphraseArgs { passphrase_file, passphrase_fd, passphrase_env } = arguments;
    read_from("--passphrase", passphrase_file.as_deref(), *passphrase_fd, passphrase_env.as_deref())
}

/// The same for a passphrase of what is written.
pub(crate) fn read_out(arguments: &OutPassphraseArgs) -> Result<Option<Zeroizing<String>>, Failure> {
    let OutPassphraseArgs { out_passphrase_file, out_passphrase_fd, out_passphrase_env } = arguments;
    let (file, variable) = (out_passphrase_file.as_deref(), out_passphrase_env.as_deref());
    read_from("--out-passphrase", file, *out_passphrase_fd, variable)
}

fn read_from(
    flag: &str,
    file: Option<&Path>,
    descriptor: Option<u16>,
    variable: Option<&str>,
) -> Result<Option<Zeroizing<String>>, Failure> {
    if let Some(path) = file {
        return first_line(path, &format!("{flag}-file")).map(Some);
    }
    if let Some(number) = descriptor {
        return first_line(&PathBuf::from(format!("/dev/fd/{number}")), &format!("{flag}-fd")).map(Some);
    }
    let Some(name) = variable else { return Ok(None) };
    let value = env::var_os(name).and_then(|value| value.into_string().ok()).map(Zeroizing::new);
    // The name may be the passphrase itself, by mistake: it is not repeated.
    let text = || format!("the environment variable that {flag}-env names is not set, or is not UTF-8");
    value.map(Some).ok_or_else(|| Failure::new(About::Input, text()))
}

fn first_line(path: &Path, flag: &str) -> Result<Zeroizing<String>, Failure> {
    let bytes = input::read(path, LONGEST).map_err(|_| {
        // Nothing of the file is repeated: its name may be the passphrase itself, by mistake.
        let text = match std::fs::metadata(path) {
            Ok(file) if file.is_file() && file.len() > LONGEST as u64 => {
                format!("the file of {flag} is larger than {LONGEST} bytes: it is not a passphrase")
            }
            Ok(_) => format!("the file of {flag} cannot be read"),
            Err(error) => format!("the file of {flag} cannot be read: {}", io_reason(&error)),
        };
        Failure::new(About::Input, text)
    })?;
    let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = std::str::from_utf8(line);
    text.map(|text| Zeroizing::new(text.to_owned())).map_err(|_| {
        Failure::new(About::Input, format!("the first line of the file of {flag} is not UTF-8 text"))
    })
}

/// Asks for the passphrase of a file, where a person sits at a terminal.
pub(crate) fn ask(file: &str) -> Option<Zeroizing<String>> {
    let terminal = console::Term::stderr();
    if !terminal.is_term() || !io::stdin().is_terminal() {
        return None;
    }
    terminal.write_str(&format!("passphrase of {}: ", style::escape(file))).ok()?;
    terminal.read_secure_line().ok().map(Zeroizing::new)
}
