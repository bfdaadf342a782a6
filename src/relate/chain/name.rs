//! Comparison of distinguished names (RFC 5280, 7.1).

use crate::read::certificate::Name;
use crate::read::certificate::name::Attribute;

/// A name in the form in which names are compared: letters in lower case, runs of space as one, the string types alike.
///
/// That is the part of RFC 4518's preparation that differs in practice: CAs change case, spacing and string type when they write
/// their own name as an issuer. Unicode normalisation is not done.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Comparable {
    /// The RDNs, one after the other; each says how long it is, so that none begins with another one.
    rdns: Vec<u8>,
}

impl Comparable {
    pub(crate) fn new(name: &Name<'_>) -> Self {
        /// What an attribute can be longer than in DER: two lengths, and a count of its own.
        const MORE: usize = 16;
        let attributes = name.attributes();
        let octets = attributes.len().saturating_mul(MORE).saturating_add(name.der().len());
        let mut rdns = Vec::with_capacity(octets);
        for rdn in attributes.chunk_by(|one, next| one.rdn() == next.rdn()) {
            push_length(rdn.len(), &mut rdns);
            match rdn {
                [attribute] => push(attribute, &mut rdns),
                many => {
                    // The attributes of one RDN are a set.
                    let mut set: Vec<Vec<u8>> = many
                        .iter()
                        .map(|attribute| {
                            let mut octets = Vec::new();
                            push(attribute, &mut octets);
                            octets
                        })
                        .collect();
                    set.sort_unstable();
                    rdns.extend(set.into_iter().flatten());
                }
            }
        }
        Self { rdns }
    }

    /// Whether it has no RDN.
    pub(crate) fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether `self` lies in the subtree of `base`: `base` is where it begins (RFC 5280, 4.2.1.10; X.501).
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.rdns.starts_with(&base.rdns)
    }
}

/// The type, and the value: its text prepared, or its DER where it is not text.
fn push(attribute: &Attribute<'_>, out: &mut Vec<u8>) {
    push_octets(attribute.kind().as_bytes(), out);
    match attribute.value() {
        Some(text) => {
            out.push(0);
            push_folded(text, out);
        }
        None => {
            out.push(1);
            push_octets(attribute.raw(), out);
        }
    }
}

/// A text with its length, in lower case and with one space between words.
fn push_folded(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    push_length(0, out);
    let words = out.len();
    if text.is_ascii() {
        push_ascii_words(text, out);
    } else {
        push_words(text, out);
    }
    let length = length(out.len().saturating_sub(words));
    if let Some(place) = out.get_mut(start..words) {
        place.copy_from_slice(&length);
    }
}

fn push_words(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    let mut utf8 = [0; 4];
    for word in text.split_whitespace() {
        if out.len() > start {
            out.push(b' ');
        }
        for letter in word.chars().flat_map(char::to_lowercase) {
            out.extend_from_slice(letter.encode_utf8(&mut utf8).as_bytes());
        }
    }
}

/// The same for ASCII, as nearly all names are, without decoding.
fn push_ascii_words(text: &str, out: &mut Vec<u8>) {
    let start = out.len();
    let mut is_space = false;
    for byte in text.bytes() {
        // As `char::is_whitespace` has them: `u8::is_ascii_whitespace` lacks the vertical tab.
        if matches!(byte, b'\t'..=b'\r' | b' ') {
            is_space = true;
            continue;
        }
        if is_space && out.len() > start {
            out.push(b' ');
        }
        is_space = false;
        out.push(byte.to_ascii_lowercase());
    }
}

fn push_octets(octets: &[u8], out: &mut Vec<u8>) {
    push_length(octets.len(), out);
    out.extend_from_slice(octets);
}

fn push_length(count: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&length(count));
}

/// No content is near 4 GiB.
fn length(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_folded_as_other_text_is() {
        let spaces: Vec<String> = (0_u8..128).map(|byte| format!(" A{}B ", char::from(byte))).collect();
        let texts = ["", " ", "\t\r\n", "a", " Example  CA \u{b}\u{c}R1\u{1c}\u{1f} ", "EXAMPLE"];
        for text in texts.into_iter().chain(spaces.iter().map(String::as_str)) {
            let (mut ascii, mut other) = (b"before".to_vec(), b"before".to_vec());
            push_ascii_words(text, &mut ascii);
            push_words(text, &mut other);
            assert_eq!(ascii, other, "{text:?}");
        }
    }
}
