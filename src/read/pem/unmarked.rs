//! Content without any BEGIN or END line: what it is instead.

use zeroize::Zeroizing;

use super::body::{self, From};
use super::broken::near_marker;
use super::container::Container;
use super::damage::Damage;
use super::fault::{FaultKind, MarkerFault, NotPem, Pasted, Secret, TextFault};
use super::gap::{Wrapping, wrapped};
use super::reader::Reader;
use super::scan::Scan;
use super::secret::starts_key;
use super::text::{Text, Token, token};
use super::{marker, outline, pasted, unequal};
use crate::location::Location;
use crate::read::block::{Block, BlockKind};

/// Reads a file that is DER or another binary form; false where it is neither.
pub(super) fn binary(reader: &mut Reader<'_>, bytes: &[u8], is_file: bool) -> bool {
    let Some(container) = Container::of(bytes) else { return false };
    // A text may start with a digit 0, which is the tag of a SEQUENCE, but not go on like one.
    let is_der = bytes.first() == Some(&0x30);
    if is_der
        && bytes.get(1).is_none_or(|length| *length < 0x80)
        && outline::whole(bytes) != Some(bytes.len())
    {
        return false;
    }
    let number = reader.next_number();
    let place = reader.place.clone().block(number);
    if !container.is_wanted() {
        reader.fault(place.clone(), Secret::None, FaultKind::Pasted(Pasted::of(container)));
    } else if is_file {
        reader.damage(Damage::DerFile, 1, || place.clone());
    } else {
        reader.fault(place.clone(), Secret::None, FaultKind::Text(TextFault::NotPem(NotPem::Der)));
    }
    let der = Zeroizing::new(bytes.to_vec());
    reader.push(Block { kind: container.kind(), label: String::new(), location: place, last_line: 1, der });
    true
}

/// Says what a text without markers is, and reads it where it is base64 of a certificate, a key or a PEM.
pub(super) fn text(scan: &mut Scan<'_, '_, '_>, outer: bool) {
    let bytes = scan.text.bytes;
    let Some((start, end, wrapping, bom)) = trim(bytes) else {
        let place = scan.reader.place.clone();
        scan.reader.fault(place, Secret::None, FaultKind::Text(TextFault::OnlySpaces));
        return;
    };
    let place = scan.place(start);
    let inside = bytes.get(start..end).unwrap_or_default();
    if let Some(pasted) = pasted::recognise(inside) {
        scan.reader.fault(place, Secret::unread(pasted.is_key_file()), FaultKind::Pasted(pasted));
        return;
    }
    if near_marker(scan, start, end, None).is_some() {
        return;
    }
    let mut escaped = None;
    let body = body::decode(bytes, start, end, From::Line, &mut |damage, at| {
        if damage == Damage::EscapedNewlines {
            escaped.get_or_insert(at);
        }
    });
    // The tag and long length of a SEQUENCE.
    let is_sequence = inside.len() >= 64 && inside.starts_with(b"MI");
    let der = match body.der {
        Ok(der) => der,
        Err(flaw) if is_sequence => {
            scan.damage(Damage::BareBase64, start);
            let place = scan.place(flaw.offset());
            let kind = FaultKind::Base64(unequal::fault(flaw, &scan.text, None));
            scan.reader.fault(place, Secret::unread(starts_key(inside)), kind);
            return;
        }
        Err(_) => return not_pem(scan, inside, place),
    };
    let container = Container::of(&der);
    let is_pem = outer && marker::near(&der).is_some();
    let cut = outline::whole(&der).is_none() && container.is_none_or(|container| container.is_wanted());
    if cut && !is_pem && is_sequence {
        scan.damage(Damage::BareBase64, start);
        let kind = FaultKind::Marker(MarkerFault::CutObject);
        scan.reader.fault(place, Secret::unread(starts_key(inside)), kind);
        return;
    }
    if (container.is_none() || cut) && !is_pem {
        return not_pem(scan, inside, place);
    }
    wrapped(scan, wrapping);
    if let Some(at) = bom {
        scan.damage(Damage::Bom, at);
    }
    if let Some(at) = escaped {
        scan.damage(Damage::EscapedNewlines, at);
    }
    let (line, column) = (place.line.unwrap_or(1), place.column.unwrap_or(1));
    if is_pem {
        scan.damage(Damage::Base64OfPem, start);
        scan.reader.text(Text::wrapped(&der, line, column), false);
        return;
    }
    let number = scan.reader.next_number();
    let kind = container.map_or(BlockKind::Other, Container::kind);
    match container {
        Some(container) if !container.is_wanted() => {
            let kind = FaultKind::Pasted(Pasted::Container { container, is_bare: true });
            scan.fault_in(number, start, Secret::unread(container.is_key_file()), kind);
        }
        _ => scan.damage(Damage::BareBase64, start),
    }
    let location = scan.reader.place.clone().block(number).line(line);
    let (last_line, _) = scan.shown(end);
    scan.reader.push(Block { kind, label: String::new(), location, last_line, der });
}

fn not_pem(scan: &mut Scan<'_, '_, '_>, inside: &[u8], place: Location) {
    let has = |words: &[&[u8; 3]]| inside.windows(3).any(|window| words.iter().any(|word| window == *word));
    let what = if std::str::from_utf8(inside).is_err() {
        NotPem::NoText
    } else if inside.contains(&0) || has(&[b"\xEF\xBF\xBD"]) {
        // U+FFFD stands for what could not be read.
        NotPem::Destroyed
    } else if has(&[b"%0A", b"%2B", b"%20"]) {
        NotPem::UrlEncoded
    } else {
        NotPem::Unknown
    };
    let kind = FaultKind::Text(TextFault::NotPem(what));
    scan.reader.fault(place, Secret::unread(starts_key(inside)), kind);
}

/// Where the text starts and ends without spaces, quotes and escapes around it; these; and a byte-order mark. `None` for nothing else.
fn trim(bytes: &[u8]) -> Option<(usize, usize, Wrapping, Option<usize>)> {
    let mut span: Option<(usize, usize)> = None;
    // Around the text: before it, and after what seems its end so far.
    let mut before = Wrapping::default();
    let mut after = Wrapping::default();
    let mut bom = None;
    let mut at = 0_usize;
    while at < bytes.len() {
        let (token, length) = token(bytes, at);
        let end = at.saturating_add(length);
        match token {
            Token::Quote => after.quote(at),
            Token::EscapedNewline => after.escape(at),
            Token::Bom => bom = bom.or(Some(at)),
            Token::Other | Token::Escaped(_) => {
                if span.is_none() {
                    before = after;
                }
                after = before;
                span = Some((span.map_or(at, |(start, _)| start), end));
            }
            Token::Newline | Token::LoneCr | Token::Space | Token::WideSpace => {}
        }
        at = end;
    }
    let (start, end) = span?;
    Some((start, end, after, bom))
}
