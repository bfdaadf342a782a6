//! A block from its BEGIN to its END: its body, and what that is, by label and content.

use zeroize::Zeroizing;

use super::body::{self, Body, From};
use super::broken::{near_marker, unclosed};
use super::container::Container;
use super::damage::{Damage, Tally};
use super::fault::{Change, FaultKind, LabelFault, Pasted, Secret, TRUSTED, TextFault};
use super::label::{self, Meaning};
use super::marker::{self, Edge, Marker};
use super::outline;
use super::scan::{Before, Scan};
use super::secret::{is_key_label, starts_key};
use super::unequal::{self, UnequalLine};
use crate::read::block::{Block, BlockKind};

/// Reads the block of `begin`: where to go on, and what is before that place.
pub(super) fn block(scan: &mut Scan<'_, '_, '_>, begin: &Marker<'_>, indented: bool) -> (usize, Before) {
    let number = scan.reader.next_number();
    let bytes = scan.text.bytes;
    let next = marker::next(bytes, begin.end);
    let end = match next {
        Some(end) if end.edge == Edge::End && belongs(begin.label, end.label) => end,
        _ => return unclosed(scan, begin, next, number),
    };
    let meaning = match label::meaning(begin.label) {
        // A key of another format under the label of OpenSSH's.
        Meaning::Other(Container::OpenSshKey) if holds_key(bytes, begin.end, end.start) => {
            Meaning::Wanted(BlockKind::PrivateKey)
        }
        meaning => meaning,
    };
    let after = (end.end, Before::Block);
    if let Meaning::Other(container) = meaning
        && container.kind() == BlockKind::Other
    {
        pasted(scan, container, begin.start, number);
        push(scan, begin, end.start, number, BlockKind::Other, Zeroizing::default());
        return after;
    }
    let from = if indented { From::IndentedMarker } else { From::Marker };
    let (start, from, encrypted) = match body::headers(bytes, begin.end, end.start) {
        Some((start, encrypted)) => (start, From::Line, encrypted),
        None => (begin.end, from, false),
    };
    // Only keys are encrypted that way; in a certificate it is a header like any other.
    let is_certificate = matches!(meaning, Meaning::Wanted(BlockKind::Certificate) | Meaning::OldCertificate);
    let encrypted = encrypted && !is_certificate;
    if from == From::Line && !encrypted {
        scan.damage(Damage::Headers, begin.end);
    }
    let mut tally = Tally::default();
    let body = body::decode(bytes, start, end.start, from, &mut |damage, at| tally.add(damage, at));
    // The words of what is nearly a marker are not a damaged body.
    if !encrypted
        && body.der.is_err()
        && let Some(resume) = near_marker(scan, begin.end, end.start, Some(number))
    {
        return (resume.max(end.end), Before::Block);
    }
    let Body { der, any } = settle(scan, body, &tally, start, end.start);
    match der {
        // What is encrypted is not read, not even where it is not encrypted: the headers alone make readers refuse it.
        _ if encrypted => {
            push(scan, begin, end.start, number, BlockKind::EncryptedKey, Zeroizing::default());
        }
        Ok(_) if !any => {
            let kind = FaultKind::Text(TextFault::EmptyBlock { label: begin.label.to_owned() });
            scan.fault_in(number, begin.start, Secret::None, kind);
        }
        Ok(der) => match changed(scan, &der, meaning, start, end.start) {
            Some((change, at)) => {
                let is_key = is_key_label(begin.label) || starts_key(scan.text.slice(start, end.start));
                scan.reader.changed(scan.place(at).block(number), change, Secret::unread(is_key));
            }
            None => understood(scan, begin, end.start, number, meaning, der),
        },
        Err(flaw) => {
            let body = scan.text.slice(start, end.start);
            let unequal = UnequalLine::of(flaw, body);
            let at = unequal.map_or(flaw.offset(), |unequal| start.saturating_add(unequal.start));
            let is_key = is_key_label(begin.label) || starts_key(body);
            let kind = FaultKind::Base64(unequal::fault(flaw, &scan.text, unequal));
            scan.fault_in(number, at, Secret::unread(is_key), kind);
        }
    }
    after
}

/// What happened to the text of a body, from `start` to `end`, that is base64 and no whole object; and where.
fn changed(
    scan: &Scan<'_, '_, '_>,
    der: &[u8],
    meaning: Meaning,
    start: usize,
    end: usize,
) -> Option<(Change, usize)> {
    /// So many letters of base64 are never all of one case, where so many of the alphabet are among them.
    const LETTERS: usize = 64;
    const DIFFERENT: usize = 16;
    let text = scan.text.slice(start, end);
    // Both are found at once where nothing was lost.
    let is_of_one_case = !text.iter().any(u8::is_ascii_lowercase) || !text.iter().any(u8::is_ascii_uppercase);
    let is_whole = outline::whole(der) == Some(der.len());
    if is_whole && !is_of_one_case || !matches!(meaning, Meaning::Wanted(_)) {
        return None;
    }
    let count = |is: fn(&u8) -> bool| text.iter().filter(|byte| is(byte)).count();
    let (small, capitals) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    let different =
        || (b'a'..=b'z').filter(|letter| text.iter().any(|byte| byte.eq_ignore_ascii_case(letter))).count();
    if small.min(capitals) == 0 && small.max(capitals) >= LETTERS && different() >= DIFFERENT {
        return Some((Change::LostCase, start));
    }
    if is_whole {
        return None;
    }
    let unequal = UnequalLine::find(text).or_else(|| UnequalLine::find_in_short(text))?;
    Some((Change::UnequalLine(unequal.line), start.saturating_add(unequal.start)))
}

/// Counts the damage of a decoded body, which is from `start` to `end`.
fn settle(scan: &mut Scan<'_, '_, '_>, mut body: Body, tally: &Tally, start: usize, end: usize) -> Body {
    let lost = body.lost_plus(scan.text.slice(start, end), start);
    for (damage, first, count) in tally.iter() {
        // These are the spaces that the flaw explains.
        if lost.is_none() || damage != Damage::JoinedLines {
            scan.damages(damage, first, count);
        }
    }
    if let Some(flaw) = lost {
        body.der = Err(flaw);
    }
    body
}

/// Whether `bytes[start..end]` is the base64 of a private key in one of the forms that are read.
fn holds_key(bytes: &[u8], start: usize, end: usize) -> bool {
    let body = body::decode(bytes, start, end, From::Marker, &mut |_, _| ());
    body.der.is_ok_and(|der| Container::of(&der).is_some_and(Container::is_key))
}

/// A block whose body is decoded: what it is, by label and container.
pub(super) fn understood(
    scan: &mut Scan<'_, '_, '_>,
    begin: &Marker<'_>,
    end: usize,
    number: usize,
    meaning: Meaning,
    mut der: Zeroizing<Vec<u8>>,
) {
    let container = Container::of(&der);
    let key = container.filter(|container| container.is_key());
    let label = || begin.label.to_owned();
    let is_key = |kind| matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedKey);
    let mut wrong = |body: Container, secret| {
        let kind = FaultKind::Label(LabelFault::Wrong { label: label(), body });
        scan.fault_in(number, begin.start, secret, kind);
        body.kind()
    };
    let kind = match (meaning, container) {
        (Meaning::Wanted(BlockKind::EcParameters), _) => BlockKind::EcParameters,
        (Meaning::Wanted(BlockKind::Certificate) | Meaning::OldCertificate, Some(body)) if body.is_key() => {
            wrong(body, Secret::Read)
        }
        (Meaning::Wanted(kind), Some(body @ Container::Certificate)) if is_key(kind) => {
            wrong(body, Secret::None)
        }
        (Meaning::Wanted(kind), Some(body)) if is_key(kind) && body.is_key() => body.kind(),
        // Keys in envelopes are the business of the check of keys.
        (Meaning::Wanted(kind), Some(Container::EnvelopedData)) if is_key(kind) => kind,
        (Meaning::Wanted(kind), container) => match container.filter(|container| !container.is_wanted()) {
            Some(container) => pasted(scan, container, begin.start, number),
            None => kind,
        },
        (Meaning::OldCertificate, _) | (Meaning::Unknown, Some(Container::Certificate)) => {
            let kind = FaultKind::Label(LabelFault::OldCertificate { label: label() });
            scan.fault_in(number, begin.start, Secret::None, kind);
            // Trust settings follow the certificate, in the same body.
            if let Some(length) = outline::whole(&der).filter(|_| begin.label == TRUSTED) {
                der.truncate(length);
            }
            BlockKind::Certificate
        }
        (Meaning::DhParameters, _) if outline::starts_with_a_large_number(&der) => {
            let kind = FaultKind::Label(LabelFault::NotNeeded { label: label() });
            scan.fault_in(number, begin.start, Secret::None, kind);
            BlockKind::DhParameters
        }
        (Meaning::Other(_), Some(container @ Container::EnvelopedData)) | (Meaning::Other(container), _) => {
            pasted(scan, container, begin.start, number)
        }
        (Meaning::Unknown | Meaning::DhParameters, container) => {
            let meant = label::meant(begin.label);
            let harmless = [Container::Crl, Container::PublicKey, Container::Request];
            let is_other = meant.is_none() && container.is_none_or(|container| harmless.contains(&container));
            let kind = FaultKind::Label(LabelFault::Unknown { label: label(), meant, is_other });
            let secret = match key {
                Some(_) => Secret::Read,
                None => Secret::unread(is_key_label(begin.label)),
            };
            scan.fault_in(number, begin.start, secret, kind);
            container.map_or(BlockKind::Other, Container::kind)
        }
    };
    push(scan, begin, end, number, kind, der);
}

/// Something known that is neither a certificate nor a key is at `offset`: the kind of its block.
pub(super) fn pasted(
    scan: &mut Scan<'_, '_, '_>,
    container: Container,
    offset: usize,
    number: usize,
) -> BlockKind {
    let secret = Secret::unread(container.is_key_file());
    let kind = FaultKind::Pasted(Pasted::Container { container, is_bare: false });
    scan.fault_in(number, offset, secret, kind);
    container.kind()
}

fn push(
    scan: &mut Scan<'_, '_, '_>,
    begin: &Marker<'_>,
    end: usize,
    number: usize,
    kind: BlockKind,
    der: Zeroizing<Vec<u8>>,
) {
    let first = scan.cursor.advance(&scan.text, begin.start);
    let (line, _) = first.shown(&scan.text);
    let (last_line, _) = first.advance(&scan.text, end).shown(&scan.text);
    let location = scan.reader.place.clone().block(number).line(line);
    scan.reader.push(Block { kind, label: begin.label.to_owned(), location, last_line, der });
}

/// Whether END's label closes BEGIN's. PGP messages end with a signature.
fn belongs(begin: &str, end: &str) -> bool {
    begin == end || (begin.starts_with("PGP ") && end.starts_with("PGP "))
}
