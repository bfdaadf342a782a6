//! Archives: zip, tar, gzip. What they expand to is bounded while it is expanded, not after.

use std::io::{Cursor, Read};

use zeroize::Zeroizing;

use super::Reason;
use super::opening::Opening;
use crate::read::pem::container::Container;
use crate::text;

/// The magic of POSIX and of GNU tar, at its offset in the first header.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

/// What is in a gzip member is looked at in its place: `ca.tar.gz` is one step, not two.
pub(super) fn gzip(opening: &mut Opening<'_>, inside: &[String], bytes: &[u8]) {
    match expand(opening, flate2::read::MultiGzDecoder::new(bytes)) {
        Some(Ok(content)) if Container::of(&content) == Some(Container::Gzip) => {
            opening.leave(inside, None, Reason::TooMuch("it is compressed twice".to_owned()));
        }
        Some(Ok(content)) => opening.open(inside, &content),
        Some(Err(())) => opening.leave(inside, None, Reason::Damaged("the compressed data cannot be read")),
        None => opening.too_large(inside),
    }
}

pub(super) fn tar(opening: &mut Opening<'_>, inside: &[String], bytes: &[u8]) {
    let damaged = Reason::Damaged("the archive ends early or has a wrong header");
    let mut archive = ::tar::Archive::new(bytes);
    let Ok(entries) = archive.entries() else { return opening.leave(inside, None, damaged) };
    for entry in entries {
        let Ok(entry) = entry else { return opening.leave(inside, None, damaged) };
        if !opening.may_enter(inside) {
            return;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        let way = step(inside, &name);
        if kind.is_file() {
            one(opening, &way, entry);
        } else if kind.is_symlink() || kind.is_hard_link() {
            opening.leave(&way, None, Reason::NotNeeded("a link, which is not followed"));
        }
    }
}

pub(super) fn zip(opening: &mut Opening<'_>, inside: &[String], bytes: &[u8]) {
    let damaged = Reason::Damaged("the archive is cut off or damaged: make or download it again");
    let Ok(mut archive) = ::zip::ZipArchive::new(Cursor::new(bytes)) else {
        return opening.leave(inside, None, damaged);
    };
    for index in 0..archive.len() {
        if !opening.may_enter(inside) {
            return;
        }
        let is_encrypted = archive.by_index_raw(index).is_ok_and(|entry| entry.encrypted());
        let raw = archive.by_index_raw(index).map(|entry| entry.name().to_owned());
        let way = step(inside, &raw.unwrap_or_default());
        if is_encrypted {
            let instead = "unpack it with `unzip`, and give the files";
            opening.leave(&way, None, Reason::NotSupported { what: "an encrypted entry of a zip", instead });
            continue;
        }
        match archive.by_index(index) {
            Ok(entry) if entry.is_file() => one(opening, &way, entry),
            Ok(entry) if entry.is_dir() => {}
            Ok(_) => opening.leave(&way, None, Reason::NotNeeded("a link, which is not followed")),
            Err(_) => {
                let instead = "unpack it with `unzip`, and give the files";
                opening.leave(&way, None, Reason::NotSupported { what: "this entry of a zip", instead });
            }
        }
    }
}

/// One file of an archive.
fn one(opening: &mut Opening<'_>, way: &[String], source: impl Read) {
    match expand(opening, source) {
        Some(Ok(content)) => opening.open(way, &content),
        Some(Err(())) => opening.leave(way, None, Reason::Damaged("it cannot be unpacked")),
        None => opening.too_large(way),
    }
}

/// The bytes of `source`, in a buffer that is wiped; `None` where they are more than may be expanded.
fn expand(opening: &mut Opening<'_>, mut source: impl Read) -> Option<Result<Zeroizing<Vec<u8>>, ()>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut chunk = Zeroizing::new([0_u8; 1 << 14]);
    loop {
        match source.read(&mut *chunk) {
            Ok(0) => break,
            Ok(count) => grow(&mut bytes, chunk.get(..count).unwrap_or_default()),
            Err(_) => return Some(Err(())),
        }
        if bytes.len() > opening.room() {
            opening.expanded(bytes.len());
            return None;
        }
    }
    opening.expanded(bytes.len());
    Some(Ok(bytes))
}

/// Appends to a buffer. Where it must grow, the old memory is wiped.
fn grow(buffer: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    let needed = buffer.len().saturating_add(bytes.len());
    if needed > buffer.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(buffer.capacity().saturating_mul(2))));
        larger.extend_from_slice(buffer);
        *buffer = larger;
    }
    buffer.extend_from_slice(bytes);
}

/// The way, one step further in. The name comes from the input.
pub(super) fn step(inside: &[String], name: &str) -> Vec<String> {
    inside.iter().cloned().chain([text::escape_all(name)]).collect()
}
