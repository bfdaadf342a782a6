//! PEM texts, valid and damaged.

use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};

/// A PEM block: LF, 64 characters a line, final newline.
pub fn encode(label: &str, der: &[u8]) -> String {
    encode_with(label, der, 64, "\n")
}

/// A PEM block with this line width and these line ends.
pub fn encode_with(label: &str, der: &[u8], width: usize, end: &str) -> String {
    let body = BASE64.encode(der);
    let mut out = format!("-----BEGIN {label}-----{end}");
    for line in body.as_bytes().chunks(width) {
        out.push_str(std::str::from_utf8(line).unwrap());
        out.push_str(end);
    }
    out + "-----END " + label + "-----" + end
}

/// The bytes of the first block of a valid PEM text.
///
/// # Panics
/// If it is not one.
pub fn decode(text: &str) -> Vec<u8> {
    body(text).expect("base64")
}

/// The bytes of the first block of a PEM text; `None` where its lines are not base64.
fn body(text: &str) -> Option<Vec<u8>> {
    let body: String = text
        .lines()
        .skip_while(|l| !l.starts_with("-----BEGIN"))
        .skip(1)
        .take_while(|l| !l.starts_with("--"))
        .collect();
    BASE64_MIME_PERMISSIVE.decode(body.as_bytes()).ok()
}

/// Base64 of bytes, one line.
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Base64 of bytes in lines of 64, without markers.
pub fn base64_lines(bytes: &[u8]) -> String {
    encode("X", bytes).lines().filter(|l| !l.starts_with("--")).flat_map(|l| [l, "\n"]).collect()
}

// Damage: each takes a PEM text and gives the damaged one; where another damage left nothing to damage, the text as it is.

/// The text up to the middle of its last block.
pub fn truncated(text: &str) -> String {
    let Some(last) = text.rfind("-----BEGIN") else { return text.to_owned() };
    let middle = last + (text.len() - last) / 2;
    String::from_utf8_lossy(&text.as_bytes()[..middle]).into_owned()
}
/// The last END marker removed.
pub fn without_end(text: &str) -> String {
    text[..text.rfind("-----END").unwrap_or(text.len())].to_owned()
}
/// The line with this index removed.
pub fn without_line(text: &str, index: usize) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    lines.filter(|(at, _)| *at != index).map(|(_, line)| line).collect()
}
/// The first BEGIN marker removed.
pub fn without_begin(text: &str) -> String {
    let Some(start) = text.find("-----BEGIN") else { return text.to_owned() };
    let end = text[start..].find('\n').map_or(text.len(), |end| start + end + 1);
    text[..start].to_owned() + &text[end..]
}
/// The label of the last END marker replaced.
pub fn end_of_other_label(text: &str, label: &str) -> String {
    match text.rfind("-----END") {
        Some(end) => text[..end].to_owned() + &format!("-----END {label}-----\n"),
        None => text.to_owned(),
    }
}
/// The first BEGIN marker once more, after the second line of the first body.
pub fn begin_inside_body(text: &str) -> String {
    let begin = text.lines().find(|line| line.starts_with("-----BEGIN"));
    begin.map_or_else(|| text.to_owned(), |begin| insert_lines(text, 2, &format!("{begin}\n")))
}
/// The label of every marker replaced.
pub fn relabelled(text: &str, label: &str) -> String {
    let marker = |line: &str| {
        if line.starts_with("-----BEGIN") {
            format!("-----BEGIN {label}-----\n")
        } else if line.starts_with("-----END") {
            format!("-----END {label}-----\n")
        } else {
            format!("{line}\n")
        }
    };
    text.lines().map(marker).collect()
}
/// Surrounding quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
/// Each line end as the two characters `\n`.
pub fn literal_n(text: &str) -> String {
    text.replace('\n', "\\n")
}
/// Each line end as the four characters `\r\n`.
pub fn literal_rn(text: &str) -> String {
    text.replace('\n', "\\r\\n")
}
/// All on one line, nothing between.
pub fn one_line(text: &str) -> String {
    text.replace('\n', "")
}
/// All on one line, joined by spaces.
pub fn space_joined(text: &str) -> String {
    text.trim_end().replace('\n', " ")
}
/// Each line indented by four spaces, as in YAML.
pub fn indented(text: &str) -> String {
    text.lines().map(|l| format!("    {l}\n")).collect()
}
/// Text before the first BEGIN on its line.
pub fn begin_mid_line(text: &str) -> String {
    format!("cert: {text}")
}
/// CR line ends.
pub fn cr_only(text: &str) -> String {
    text.replace('\n', "\r")
}
/// CRLF line ends.
pub fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}
/// A byte order mark before the text.
pub fn bom(text: &str) -> String {
    format!("\u{feff}{text}")
}
/// A blank line inside the first body.
pub fn blank_line_inside(text: &str) -> String {
    insert_lines(text, 2, "\n")
}
/// A blank line after each line.
pub fn double_spaced(text: &str) -> String {
    text.replace('\n', "\n\n")
}
/// Two spaces after each line of a body.
pub fn trailing_spaces(text: &str) -> String {
    text.lines().map(|l| if l.starts_with("--") { format!("{l}\n") } else { format!("{l}  \n") }).collect()
}
/// Without the final newline.
pub fn without_final_newline(text: &str) -> String {
    text.trim_end().to_owned()
}
/// Lines of text before each block, as OpenSSL's PKCS#12 export writes them.
pub fn bag_attributes(text: &str) -> String {
    let preamble = "Bag Attributes\n    localKeyID: 54 69 6D 65 \nsubject=CN = forge.example\n\n-----BEGIN";
    text.replace("-----BEGIN", preamble)
}
/// `inside` put into the first line of the first body, after its fourth character: U+3000, U+00A0, U+200B, `*` ...
pub fn inside(text: &str, inside: &str) -> String {
    // Where another damage has been at work there may be no such place.
    let Some(at) = text.find('\n').map(|end| end + 5).filter(|at| text.is_char_boundary(*at)) else {
        return text.to_owned();
    };
    text[..at].to_owned() + inside + &text[at..]
}
/// The padding of the last body made wrong: one `=` more, or less where there is one.
pub fn wrong_padding(text: &str) -> String {
    let Some(end) = text.rfind("\n-----END") else { return text.to_owned() };
    let (body, tail) = text.split_at(end);
    match body.strip_suffix('=') {
        Some(less) => less.to_owned() + tail,
        None => body.to_owned() + "=" + tail,
    }
}
/// A block whose padding bits are not zero; `None` if these bytes need no padding.
pub fn non_canonical_bits(label: &str, der: &[u8]) -> Option<String> {
    let text = encode(label, der);
    let end = text.find("\n-----END")?;
    let (body, tail) = text.split_at(end);
    let digits = body.trim_end_matches('=');
    let pads = body.len() - digits.len();
    let (rest, last) = digits.split_at(digits.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let next = alphabet.chars().nth(alphabet.find(last)? + 1)?;
    (pads > 0).then(|| format!("{rest}{next}{}{tail}", "=".repeat(pads)))
}
/// Base64 of the first block's DER, without markers.
pub fn base64_of_der(text: &str) -> String {
    body(text).map_or_else(|| text.to_owned(), |der| base64(&der))
}
/// Base64 of the whole text.
pub fn base64_of_text(text: &str) -> String {
    base64(text.as_bytes())
}

fn insert_lines(text: &str, after: usize, lines: &str) -> String {
    let at = text.match_indices('\n').nth(after).map_or(text.len(), |(at, _)| at + 1);
    text[..at].to_owned() + lines + &text[at..]
}

/// A damage that needs nothing but the text.
pub type Damage = fn(&str) -> String;

/// The damages of one text by name, for random combination.
pub const DAMAGES: &[(&str, Damage)] = &[
    ("truncated", truncated),
    ("without-end", without_end),
    ("without-begin", without_begin),
    ("begin-inside-body", begin_inside_body),
    ("quoted", quoted),
    ("literal-n", literal_n),
    ("literal-rn", literal_rn),
    ("one-line", one_line),
    ("space-joined", space_joined),
    ("indented", indented),
    ("begin-mid-line", begin_mid_line),
    ("cr-only", cr_only),
    ("crlf", crlf),
    ("bom", bom),
    ("blank-line-inside", blank_line_inside),
    ("double-spaced", double_spaced),
    ("trailing-spaces", trailing_spaces),
    ("without-final-newline", without_final_newline),
    ("bag-attributes", bag_attributes),
    ("wrong-padding", wrong_padding),
    ("base64-of-der", base64_of_der),
    ("base64-of-text", base64_of_text),
];

/// The same blocks with bodies of this line width. The text is blocks and nothing else; where another damage has been at work, the text as
/// it is.
pub fn rewrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let label = block.split("-----").next().unwrap();
        let Some(der) = body(&format!("-----BEGIN {block}")) else { return text.to_owned() };
        out += &encode_with(label, &der, width, "\n");
    }
    out
}
