//! Characters that base64 does not have, each by its name and with its advice.

use super::*;

const DELETE: &str = "Delete this character.";
const LINE_END: &str = "Replace it with a plain line end.";
const COPY: &str = "Copy the block again from the original file, as plain text.";

/// Message and hint of the one finding on a block with `bytes` in its body.
fn told(bytes: &[u8]) -> (String, String) {
    let file = [b"-----BEGIN CERTIFICATE-----\nMAMC", bytes, b"AQE=\n-----END CERTIFICATE-----\n"].concat();
    let (findings, blocks) = parse_file(&file);
    // What has no width or is a space is left out, and the block is read.
    let codes = codes(&findings);
    let [code] = codes.as_slice() else { panic!("{codes:?}") };
    assert_eq!(code.trim_end_matches('~'), "pem-bad-character@2:5", "{bytes:02x?}");
    assert_eq!(blocks.len(), usize::from(code.ends_with('~')), "{bytes:02x?}");
    (findings[0].message.to_string(), findings[0].hint.clone().into_owned())
}

#[test]
fn what_is_met_in_copied_text_is_named() {
    for (character, name, hint) in [
        ('\u{0}', "U+0000 NULL", DELETE),
        ('\u{1B}', "U+001B ESCAPE", DELETE),
        ('\u{7F}', "U+007F DELETE", DELETE),
        ('\u{85}', "U+0085 NEXT LINE", LINE_END),
        ('\u{A0}', "U+00A0 NO-BREAK SPACE", DELETE),
        ('\u{AD}', "U+00AD SOFT HYPHEN", DELETE),
        ('\u{1680}', "U+1680 OGHAM SPACE MARK", DELETE),
        ('\u{2002}', "U+2002 EN SPACE", DELETE),
        ('\u{2003}', "U+2003 EM SPACE", DELETE),
        ('\u{2007}', "U+2007 FIGURE SPACE", DELETE),
        ('\u{2009}', "U+2009 THIN SPACE", DELETE),
        ('\u{200A}', "U+200A HAIR SPACE", DELETE),
        ('\u{200B}', "U+200B ZERO WIDTH SPACE", DELETE),
        ('\u{200C}', "U+200C ZERO WIDTH NON-JOINER", DELETE),
        ('\u{200D}', "U+200D ZERO WIDTH JOINER", DELETE),
        ('\u{200E}', "U+200E LEFT-TO-RIGHT MARK", DELETE),
        ('\u{200F}', "U+200F RIGHT-TO-LEFT MARK", DELETE),
        ('\u{2010}', "U+2010 HYPHEN", COPY),
        ('\u{2011}', "U+2011 NON-BREAKING HYPHEN", COPY),
        ('\u{2013}', "U+2013 EN DASH", COPY),
        ('\u{2014}', "U+2014 EM DASH", COPY),
        ('\u{2018}', "U+2018 LEFT SINGLE QUOTATION MARK", COPY),
        ('\u{2019}', "U+2019 RIGHT SINGLE QUOTATION MARK", COPY),
        ('\u{201C}', "U+201C LEFT DOUBLE QUOTATION MARK", COPY),
        ('\u{201D}', "U+201D RIGHT DOUBLE QUOTATION MARK", COPY),
        ('\u{2028}', "U+2028 LINE SEPARATOR", LINE_END),
        ('\u{2029}', "U+2029 PARAGRAPH SEPARATOR", LINE_END),
        ('\u{202A}', "U+202A (a bidirectional control)", DELETE),
        ('\u{2069}', "U+2069 (a bidirectional control)", DELETE),
        ('\u{202F}', "U+202F NARROW NO-BREAK SPACE", DELETE),
        ('\u{205F}', "U+205F MEDIUM MATHEMATICAL SPACE", DELETE),
        ('\u{2060}', "U+2060 WORD JOINER", DELETE),
        ('\u{2212}', "U+2212 MINUS SIGN", COPY),
        ('\u{3000}', "U+3000 IDEOGRAPHIC SPACE", DELETE),
        ('\u{3001}', "U+3001 IDEOGRAPHIC COMMA", COPY),
        ('\u{3002}', "U+3002 IDEOGRAPHIC FULL STOP", COPY),
        ('\u{FEFF}', "U+FEFF ZERO WIDTH NO-BREAK SPACE (byte-order mark)", DELETE),
        ('\u{FF01}', "U+FF01 (a full-width form)", COPY),
        ('\u{FF5E}', "U+FF5E (a full-width form)", COPY),
        ('\u{FFFD}', "U+FFFD REPLACEMENT CHARACTER", COPY),
        // Without a name of its own, by its number.
        ('\u{E9}', "U+00E9", COPY),
        ('\u{4E2D}', "U+4E2D", COPY),
        ('\u{1F600}', "U+1F600", COPY),
        ('\u{1}', "U+0001", DELETE),
    ] {
        let want = (format!("the character {name} inside base64"), hint.to_owned());
        assert_eq!(told(character.to_string().as_bytes()), want);
    }
}

#[test]
fn signs_that_show_where_the_text_comes_from_have_their_advice() {
    const CUT: &str = "Copy the whole text: the dots show that it was cut for display.";
    const QUOTES: &str = "Remove the quotes inside the block.";
    const MARKS: &str =
        "Remove the marks at the start of each line, which e-mail programs and terminals add.";
    const HTML: &str = "Copy the text from the page as plain text, not its HTML source.";
    const BASE64URL: &str = "Convert it from base64url: write `+` for `-` and `/` for `_`, or copy the block again from the original file.";
    for (sign, hint) in [
        ('.', CUT),
        ('_', BASE64URL),
        ('-', BASE64URL),
        (
            '*',
            "Copy the text from the original file: a star usually means that the text was masked for display.",
        ),
        ('%', "Decode the text from URL encoding first; `%0A` is a line end."),
        ('"', QUOTES),
        ('\'', QUOTES),
        ('`', QUOTES),
        ('>', MARKS),
        ('|', MARKS),
        ('<', HTML),
        ('&', HTML),
        (';', HTML),
        ('?', COPY),
        ('~', COPY),
    ] {
        let want = (format!("the character `{sign}` inside base64"), hint.to_owned());
        assert_eq!(told(&[u8::try_from(sign).unwrap()]), want);
    }
    let ellipsis = ("the character U+2026 HORIZONTAL ELLIPSIS inside base64".to_owned(), CUT.to_owned());
    assert_eq!(told("\u{2026}".as_bytes()), ellipsis);
}

#[test]
fn a_byte_of_no_character_is_reported() {
    let want = (
        "a byte that is not UTF-8 inside base64".to_owned(),
        "Save the file as UTF-8 or ASCII, or copy the block again.".to_owned(),
    );
    for bytes in [&[0xFF][..], &[0x80], &[0xE3, 0x80]] {
        let (message, hint) = told(bytes);
        let (first, _) = message.split_once(';').unwrap_or((&message, ""));
        assert_eq!((first.to_owned(), hint), want);
    }
}
