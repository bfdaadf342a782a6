//! The names of characters that do not belong in PEM.

use crate::read::pem::fault::Character;

/// A character in words: its code point, or the byte that is not UTF-8, and its name where it is well known.
pub(super) fn describe(character: Character) -> String {
    let Character { meaning: character, byte } = character;
    let name = name(character);
    if let Some(byte) = byte {
        return format!("the byte 0x{byte:02X} (not UTF-8; {name} in Windows-1252)");
    }
    if name.is_empty() && character.is_ascii_graphic() {
        format!("the character `{character}`")
    } else if name.is_empty() {
        format!("the character U+{:04X}", u32::from(character))
    } else {
        format!("the character U+{:04X} {name}", u32::from(character))
    }
}

/// The Unicode name of what is often met in copied text; empty for all else.
fn name(character: char) -> &'static str {
    match character {
        '\u{0}' => "NULL",
        '\u{1B}' => "ESCAPE",
        '\u{7F}' => "DELETE",
        '\u{85}' => "NEXT LINE",
        '\u{A0}' => "NO-BREAK SPACE",
        '\u{AD}' => "SOFT HYPHEN",
        '\u{1680}' => "OGHAM SPACE MARK",
        '\u{2002}' => "EN SPACE",
        '\u{2003}' => "EM SPACE",
        '\u{2007}' => "FIGURE SPACE",
        '\u{2009}' => "THIN SPACE",
        '\u{200A}' => "HAIR SPACE",
        '\u{200B}' => "ZERO WIDTH SPACE",
        '\u{200C}' => "ZERO WIDTH NON-JOINER",
        '\u{200D}' => "ZERO WIDTH JOINER",
        '\u{200E}' => "LEFT-TO-RIGHT MARK",
        '\u{200F}' => "RIGHT-TO-LEFT MARK",
        '\u{2010}' => "HYPHEN",
        '\u{2011}' => "NON-BREAKING HYPHEN",
        '\u{2012}' => "FIGURE DASH",
        '\u{2013}' => "EN DASH",
        '\u{2014}' => "EM DASH",
        '\u{2015}' => "HORIZONTAL BAR",
        '\u{2018}' => "LEFT SINGLE QUOTATION MARK",
        '\u{2019}' => "RIGHT SINGLE QUOTATION MARK",
        '\u{201C}' => "LEFT DOUBLE QUOTATION MARK",
        '\u{201D}' => "RIGHT DOUBLE QUOTATION MARK",
        '\u{2026}' => "HORIZONTAL ELLIPSIS",
        '\u{2028}' => "LINE SEPARATOR",
        '\u{2029}' => "PARAGRAPH SEPARATOR",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "(a bidirectional control)",
        '\u{202F}' => "NARROW NO-BREAK SPACE",
        '\u{205F}' => "MEDIUM MATHEMATICAL SPACE",
        '\u{2060}' => "WORD JOINER",
        '\u{2212}' => "MINUS SIGN",
        '\u{3000}' => "IDEOGRAPHIC SPACE",
        '\u{3001}' => "IDEOGRAPHIC COMMA",
        '\u{3002}' => "IDEOGRAPHIC FULL STOP",
        '\u{FEFF}' => "ZERO WIDTH NO-BREAK SPACE (byte-order mark)",
        '\u{130}' | '\u{131}' => "(a Turkish letter)",
        '\u{370}'..='\u{3FF}' => "(a Greek letter)",
        '\u{400}'..='\u{52F}' => "(a Cyrillic letter)",
        '\u{FE58}' => "SMALL EM DASH",
        '\u{FE63}' => "SMALL HYPHEN-MINUS",
        '\u{FF0D}' => "FULLWIDTH HYPHEN-MINUS",
        '\u{FF01}'..='\u{FF5E}' => "(a full-width form)",
        '\u{FFFD}' => "REPLACEMENT CHARACTER",
        _ => "",
    }
}
