//! Content without any BEGIN or END line: what it is instead.

use zeroize::Zeroizing;

use super::block::{Block, BlockKind};
use super::body::{self, From};
use super::broken::PEM_TRUNCATED;
use super::damage::Damage;
use super::exposed::{is_key_file, starts_key};
use super::foreign::{self, Foreign};
use super::gap::Wrapping;
use super::marker;
use super::scan::{PEM_EMPTY, Reader, Scan};
use super::shape::{self, Shape};
use super::text::{Text, Token, token};
use super::{ERROR, Expected};
use crate::finding::Finding;
use crate::read::form::Content;
use crate::rule::Rule;

static PEM_NOT_PEM: Rule = Rule {
    code: "pem-not-pem",
    summary: "The text is not PEM",
    hint: "Paste the PEM text, from -----BEGIN to -----END, both lines included.",
    why: "The API takes certificates and keys as PEM: base64 between a BEGIN and an END line. This text has no such line, and it is \
          nothing else that certgate knows.\n\n\
          Example: the name of the certificate in place of its content.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&PEM_NOT_PEM];

impl Reader<'_, '_> {
    /// Reads the content of a field or file.
    pub(super) fn content(&mut self, content: &Content) {
        let bytes = content.as_bytes();
        if bytes.is_empty() {
            self.tell(Finding::new(&PEM_EMPTY, self.place.clone(), "the field is empty"));
        } else if let Some(text) = utf16(bytes) {
            let place = self.place.clone().line(1);
            self.damage(Damage::Utf16, 1, || place);
            self.text(Text::new(text.as_bytes()), true);
        } else if !self.binary(bytes, content.is_file()) {
            self.text(Text::new(bytes), true);
        }
    }

    /// Reads a file that is DER or another binary form; false where it is neither.
    fn binary(&mut self, bytes: &[u8], is_file: bool) -> bool {
        let Some(shape) = shape::of(bytes) else { return false };
        // A text may start with a digit 0, which is the tag of a SEQUENCE, but not go on like one.
        let is_der = bytes.first() == Some(&0x30);
        if is_der
            && bytes.get(1).is_none_or(|length| *length < 0x80)
            && shape::whole(bytes) != Some(bytes.len())
        {
            return false;
        }
        let number = self.next_number();
        let place = self.place.clone().block(number);
        let kind = match (Foreign::of(shape), shape) {
            (Some(foreign), _) => {
                self.tell(foreign.finding(self.expected, place.clone()));
                foreign.kind()
            }
            (None, Shape::Kind(kind)) => {
                if is_file {
                    self.damage(Damage::DerFile, 1, || place.clone());
                } else {
                    self.tell(Finding::new(&PEM_NOT_PEM, place.clone(), "this is DER, which is no text"));
                }
                kind
            }
            (None, _) => BlockKind::Other,
        };
        let der = Zeroizing::new(bytes.to_vec());
        self.push(Block { kind, label: String::new(), location: place, last_line: 1, der });
        true
    }

    /// Reads a text; `outer` where it is the field's own, not one that was decoded from base64.
    fn text(&mut self, text: Text<'_>, outer: bool) {
        let mut scan = Scan::new(self, text);
        if !scan.run() {
            scan.unmarked(outer);
        }
    }
}

impl Scan<'_, '_, '_, '_> {
    /// Tells what a text without markers is, and reads it where it is base64 of a certificate, a key or a PEM.
    fn unmarked(&mut self, outer: bool) {
        let bytes = self.text.bytes;
        let Some((start, end, wrapping, bom)) = trim(bytes) else {
            let message = "there are only spaces and line ends";
            self.reader.tell(Finding::new(&PEM_EMPTY, self.reader.place.clone(), message));
            return;
        };
        let place = self.place(start);
        let inside = bytes.get(start..end).unwrap_or_default();
        if let Some(foreign) = foreign::recognise(inside) {
            let finding = foreign.finding(self.reader.expected, place);
            self.reader.tell_of(is_key_file(foreign), finding);
            return;
        }
        if self.near_marker(start, end, None).is_some() {
            return;
        }
        let mut escaped = None;
        let body = body::decode(bytes, start, end, From::Line, &mut |damage, at| {
            if damage == Damage::EscapedNewlines {
                escaped.get_or_insert(at);
            }
        });
        let der = match body.der {
            Ok(der) => der,
            // The tag and long length of a SEQUENCE.
            Err(flaw) if inside.len() >= 64 && inside.starts_with(b"MI") => {
                self.damage(Damage::BareBase64, start);
                let place = self.place(flaw.offset());
                self.reader.tell_of(starts_key(inside), flaw.finding(&self.text, place, None));
                return;
            }
            Err(_) => return self.not_pem(inside, place),
        };
        let shape = shape::of(&der);
        let is_pem = outer && marker::near(&der).is_some();
        let cut =
            shape::whole(&der).is_none() && !matches!(shape, Some(shape) if Foreign::of(shape).is_some());
        if cut && !is_pem && inside.len() >= 64 && inside.starts_with(b"MI") {
            self.damage(Damage::BareBase64, start);
            let message = "the base64 ends before the object that it holds";
            self.reader.tell_of(starts_key(inside), Finding::new(&PEM_TRUNCATED, place, message));
            return;
        }
        if (shape.is_none() || cut) && !is_pem {
            return self.not_pem(inside, place);
        }
        self.wrapping(wrapping);
        if let Some(at) = bom {
            self.damage(Damage::Bom, at);
        }
        if let Some(at) = escaped {
            self.damage(Damage::EscapedNewlines, at);
        }
        if is_pem {
            self.damage(Damage::Base64OfPem, start);
            let (line, column) = (place.line.unwrap_or(1), place.column.unwrap_or(1));
            self.reader.text(Text::wrapped(&der, line, column), false);
            return;
        }
        let number = self.reader.next_number();
        let kind = match (shape.and_then(Foreign::of), shape) {
            (Some(Foreign::Pkcs12), _) => {
                let finding = Foreign::Pkcs12.finding(self.reader.expected, self.place(start).block(number));
                let hint = format!("Decode the base64 first: `base64 -d FILE > FILE.p12`. {}", finding.hint);
                self.reader.tell_of(is_key_file(Foreign::Pkcs12), finding.hint(hint));
                Foreign::Pkcs12.kind()
            }
            (Some(foreign), _) => {
                self.foreign(foreign, start, number);
                foreign.kind()
            }
            (None, Some(Shape::Kind(kind))) => {
                self.damage(Damage::BareBase64, start);
                kind
            }
            (None, _) => BlockKind::Other,
        };
        let location = self.reader.place.clone().block(number).line(place.line.unwrap_or(1));
        let last_line = self.place(end).line.unwrap_or(1);
        self.reader.push(Block { kind, label: String::new(), location, last_line, der });
    }

    fn not_pem(&mut self, inside: &[u8], place: crate::location::Location) {
        let wanted = match self.reader.expected {
            Expected::Certificates => "a certificate",
            Expected::PrivateKey => "a private key",
        };
        let (message, hint) = if std::str::from_utf8(inside).is_err() {
            ("these bytes are no text, and no DER of a certificate or key".to_owned(), None)
        } else if inside.contains(&0) || inside.windows(3).any(|window| window == "\u{FFFD}".as_bytes()) {
            let hint = "Convert the file to PEM first, and paste that.";
            ("this is a binary file that was read as text, which destroyed it".to_owned(), Some(hint))
        } else if inside.windows(3).any(|window| window == b"%0A" || window == b"%2B" || window == b"%20") {
            (
                "this is URL-encoded".to_owned(),
                Some("Decode the URL encoding first; `%0A` stands for a line end."),
            )
        } else {
            (format!("{wanted} is wanted, and there is no BEGIN line"), None)
        };
        let finding = Finding::new(&PEM_NOT_PEM, place, message);
        let finding = if let Some(hint) = hint { finding.hint(hint) } else { finding };
        self.reader.tell_of(starts_key(inside), finding);
    }
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

/// UTF-16 as UTF-8, where the bytes are UTF-16: by the byte-order mark, or by hyphens with a zero beside each.
fn utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (big, rest) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (true, rest),
        [0xFF, 0xFE, rest @ ..] => (false, rest),
        [0, b'-', 0, b'-', ..] => (true, bytes),
        [b'-', 0, b'-', 0, ..] => (false, bytes),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| match pair {
        [high, low] if big => u16::from_be_bytes([*high, *low]),
        [low, high] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    // Reserved up front, so that it never moves: a unit is at most three bytes.
    let mut text = Zeroizing::new(String::with_capacity(rest.len().div_ceil(2).saturating_mul(3)));
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(text)
}
