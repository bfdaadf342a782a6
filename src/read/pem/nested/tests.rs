#![allow(clippy::unwrap_used)]
use super::*;

fn decoded(level: Level, text: &str) -> Option<String> {
    let (_, signs, decode) = DECODERS.iter().find(|(known, ..)| *known == level).unwrap();
    let decoded = decode(text.as_bytes());
    assert!(
        decoded.is_none() || Octets::of(text.as_bytes()).has_any(signs),
        "{level:?} without its signs: {text:?}"
    );
    decoded.map(|octets| String::from_utf8(octets.to_vec()).unwrap())
}

#[test]
fn each_notation_is_decoded_and_no_other_text_is() {
    for (level, text, want) in [
        (Level::Ansi, "\u{1b}[33mMII\u{1b}[0mB", Some("MIIB")),
        (Level::Ansi, "MIIB", None),
        (Level::Spreadsheet, "MII_x000D_\nB", Some("MII\nB")),
        (Level::Spreadsheet, "MII_x000D_B_x000A_", Some("MII\nB\n")),
        (Level::Percent, "a%2Bb%0a", Some("a+b\n")),
        (Level::Percent, "-----BEGIN+A-----%0A", Some("-----BEGIN A-----\n")),
        (Level::Percent, "100%", None),
        (Level::QuotedPrintable, "a=3D=3D\nb=\r\nc", Some("a==\nbc")),
        (Level::QuotedPrintable, "abc", None),
        (Level::QuotedPrintable, "a: aGVsbG8=\n", None),
        (Level::Ansi, "[33mMII[0mB", Some("MIIB")),
        (
            Level::Mail,
            "Content-Transfer-Encoding: BASE64\r\nX: y\r\n\r\naGVs\r\nbG8=\r\n\r\n--b\r\n",
            Some("hello"),
        ),
        (
            Level::Mail,
            "content-transfer-encoding: base64\n\naGk=\n--b\nContent-Transfer-Encoding: base64\n\naG8=\n--b--",
            Some("hi\nho"),
        ),
        (Level::Mail, "Content-Transfer-Encoding: 7bit\n\naGk=\n", None),
        (Level::Rtf, "{\\rtf1\\ansi\\deff0 a\\par\r\nb\\'2bc\\_d}", Some("a\nb+c-d")),
        (Level::Rtf, "{\\x}", None),
        (
            Level::Base64,
            "tls.crt: aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8",
            Some("hello hello hello hello hello hello"),
        ),
        (Level::Base64, "data:text/plain;base64,aGk=", Some("hi")),
        (Level::Base64, "hello, world", None),
    ] {
        assert_eq!(decoded(level, text).as_deref(), want, "{text}");
    }
}

#[test]
fn octets_are_read_from_every_kind_of_dump() {
    let octets: Vec<u8> = (0x30..0x58).collect();
    let digits: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    let dump = |offset: &str, between: &str, end: &str| -> String {
        let line =
            |(at, part): (usize, &[String])| format!("{:08x}{offset}{}{end}\n", at * 16, part.join(between));
        digits.chunks(16).enumerate().map(line).collect()
    };
    for text in [
        digits.concat(),
        digits.join(":"),
        format!("unsigned char a[] = {{ 0x{} }};\nunsigned int a_len = 40;", digits.join(", 0x")),
        format!("<Buffer {}>", digits.join(" ")),
        dump(": ", " ", "  0123"),
        dump("  ", " ", "  |0123|") + "00000028\n",
        dump(" ", " ", ""),
    ] {
        assert_eq!(dump::hex(text.as_bytes()).map(|found| found.to_vec()), Some(octets.clone()), "{text}");
    }
    for text in ["hello", "0x30", &digits.concat().replace("31", "3g")] {
        assert!(dump::hex(text.as_bytes()).is_none(), "{text}");
    }
    let signed: Vec<String> = octets.iter().map(|octet| (octet.wrapping_add(90) as i8).to_string()).collect();
    let want: Vec<u8> = octets.iter().map(|octet| octet.wrapping_add(90)).collect();
    let list = format!("{{\"type\":\"Buffer\",\"data\":[{}]}}", signed.join(","));
    assert_eq!(dump::decimal(list.as_bytes()).map(|found| found.to_vec()), Some(want));
    assert!(dump::decimal(b"[1, 2, 300]").is_none());
}
