//! Names of files as the places where people work write them.

use std::env;
use std::fmt::Write as _;
use std::path::{Component, Path};

/// A path below the folder that certgate runs in, without `./`; any other path as it is given.
pub(crate) fn path_of(file: &str) -> String {
    let path = Path::new(file);
    let here = env::current_dir().ok();
    let path = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    match parts.as_slice() {
        [root, rest @ ..] if root == "/" => format!("/{}", rest.join("/")),
        parts => parts.join("/"),
    }
}

/// The same as a URI reference (RFC 3986): a relative one, or `file:///…`.
pub(super) fn reference(file: &str) -> String {
    let path = path_of(file);
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_folder_of_the_run() {
        for (file, path, uri) in [
            ("./a b/c.pem", "a b/c.pem", "a%20b/c.pem"),
            ("c:1.pem", "c:1.pem", "c%3A1.pem"),
            ("/etc/ssl/x.pem", "/etc/ssl/x.pem", "file:///etc/ssl/x.pem"),
            ("../汉", "../汉", "../%E6%B1%89"),
        ] {
            assert_eq!((path_of(file).as_str(), reference(file).as_str()), (path, uri));
        }
        let here = env::current_dir().unwrap_or_default().join("x/y.pem");
        assert_eq!(path_of(&here.display().to_string()), "x/y.pem");
    }
}
