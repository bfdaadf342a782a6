//! Mutations of PEM texts: of a block's DER, of the order of blocks, of lines, and the damage that texts take on their way.

use std::sync::LazyLock;

use certgate_forge::{form, key, pem as forge};

use super::Dice;

/// A mutation of a text with PEM blocks.
pub fn pem(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(data).ok()?;
    let mut parts = split(text);
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        return None;
    }
    match dice.below(8) {
        0..3 => change_block(&mut parts, dice),
        3 => rearrange(&mut parts, dice),
        4 => parts.push(Part::Text((*dice.one_of(&POOL)).clone())),
        _ => return Some(damage(text, dice).into_bytes()),
    }
    Some(parts.iter().map(Part::text).collect::<String>().into_bytes())
}

enum Part {
    Text(String),
    Block { label: String, der: Vec<u8> },
}

impl Part {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Block { label, der } => forge::encode(label, der),
        }
    }
}

/// The sound blocks of the text, and what is between them.
fn split(mut text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    while let Some((before, label, body, after)) = next_block(text) {
        parts.push(Part::Text(before.to_owned()));
        let body: String = body.split_whitespace().collect();
        let whole = data_encoding(&body);
        parts.push(match whole {
            Some(der) => Part::Block { label: label.to_owned(), der },
            None => Part::Text(text[before.len()..text.len() - after.len()].to_owned()),
        });
        text = after;
    }
    parts.push(Part::Text(text.to_owned()));
    parts
}

fn next_block(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, rest) = rest.split_once("-----END ")?;
    let (_, after) = rest.split_once("-----")?;
    Some((before, label, body, after.strip_prefix('\n').unwrap_or(after)))
}

/// Base64, read without the code under test.
fn data_encoding(body: &str) -> Option<Vec<u8>> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for character in body.trim_end_matches('=').bytes() {
        let value = alphabet.iter().position(|known| *known == character)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(out)
}

fn change_block(parts: &mut [Part], dice: &mut Dice) {
    let mut blocks: Vec<&mut Part> =
        parts.iter_mut().filter(|part| matches!(part, Part::Block { .. })).collect();
    let at = dice.below(blocks.len());
    let Some(Part::Block { der, label }) = blocks.get_mut(at) else { return };
    if dice.below(8) == 0 {
        const LABELS: [&str; 8] = [
            "CERTIFICATE",
            "PRIVATE KEY",
            "RSA PRIVATE KEY",
            "EC PRIVATE KEY",
            "SM2 PRIVATE KEY",
            "EC PARAMETERS",
            "TRUSTED CERTIFICATE",
            "CERTIFICATE REQUEST",
        ];
        *label = (*dice.one_of(&LABELS)).to_owned();
    } else if let Some(changed) = super::der(der, dice) {
        *der = changed;
    }
}

fn rearrange(parts: &mut Vec<Part>, dice: &mut Dice) {
    let (one, other) = (dice.below(parts.len()), dice.below(parts.len()));
    match dice.below(3) {
        0 => parts.swap(one, other),
        1 => drop(parts.remove(one)),
        _ => {
            let copy = Part::Text(parts[one].text());
            parts.insert(other, copy);
        }
    }
}

fn damage(text: &str, dice: &mut Dice) -> String {
    const ENDS: [&str; 7] = ["\r\n", "\r", "\\n", "\\r\\n", " ", "", "\n\n"];
    const STRANGE: [&str; 12] =
        ["\u{3000}", "\u{a0}", "\u{200b}", "\u{feff}", "*", "=", " ", "\t", "-----", "\"", "\0", "\u{202e}"];
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = dice.below(lines.len());
    match dice.below(9) {
        0 => text.replace('\n', dice.one_of::<&str>(&ENDS)),
        1 => format!("\"{text}\""),
        2 => format!("\u{feff}{text}"),
        3 => lines.iter().map(|line| format!("    {line}")).collect(),
        4 => text[..at(text, dice)].to_owned(),
        5 => lines.iter().enumerate().filter(|(number, _)| *number != line).map(|(_, line)| *line).collect(),
        6 => lines
            .iter()
            .enumerate()
            .flat_map(|(number, text)| [*text].repeat(1 + usize::from(number == line)))
            .collect(),
        7 => forge::base64(text.as_bytes()),
        _ => {
            let (before, after) = text.split_at(at(text, dice));
            format!("{before}{}{after}", dice.one_of(&STRANGE))
        }
    }
}

/// A place between two characters.
fn at(text: &str, dice: &mut Dice) -> usize {
    let wanted = dice.below(text.len());
    (wanted..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Texts of other inputs.
pub(super) static POOL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let forms = [form::rsa(), form::ecc(), form::sm2()];
    let fields = forms.into_iter().flat_map(|form| {
        [form.cert_content, form.private_key, form.cert_content_sign, form.private_key_sign]
    });
    let keys = key::names().map(|name| key::named(name).traditional_pem());
    fields.flatten().chain(keys).collect()
});
