//! Mutations of forms: of one field, of two against each other, or a field of another form.

use serde_json::{Map, Value};

use super::{Dice, pem};

const CONTENTS: [&str; 5] =
    ["cert_content", "private_key", "trusted_root_ca", "cert_content_sign", "private_key_sign"];

/// A mutation of a form in JSON.
pub fn form(data: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let Value::Object(mut form) = serde_json::from_slice(data).ok()? else { return None };
    let field = *dice.one_of(&CONTENTS);
    match dice.below(10) {
        0 => {
            form.remove(field);
        }
        1 => {
            let text = dice.one_of(&pem::POOL).clone();
            form.insert(field.to_owned(), text.into());
        }
        2 => {
            let other = *dice.one_of(&CONTENTS);
            let (one, two) = (form.remove(field), form.remove(other));
            put(&mut form, other, one);
            put(&mut form, field, two);
        }
        3 => {
            let (name, values): &(&str, &[&str]) = dice.one_of(&WORDS);
            form.insert((*name).to_owned(), (*dice.one_of(values)).into());
        }
        4 => {
            let more = dice.one_of(&pem::POOL).clone();
            let text = form.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            form.insert(field.to_owned(), (text + &more).into());
        }
        _ => {
            let text = form.get(field).and_then(Value::as_str)?;
            let changed = String::from_utf8(pem(text.as_bytes(), dice)?).ok()?;
            form.insert(field.to_owned(), changed.into());
        }
    }
    serde_json::to_vec(&form).ok()
}

fn put(form: &mut Map<String, Value>, field: &str, value: Option<Value>) {
    if let Some(value) = value {
        form.insert(field.to_owned(), value);
    }
}

const WORDS: [(&str, &[&str]); 5] = [
    ("name", &["abcd", "abc", "1abc", "\u{1b}[31m", "证书证书", "abcd\n"]),
    ("type", &["global", "instance", "local", ""]),
    ("instance_id", &["gw-1", ""]),
    ("algorithm_type", &["RSA", "ECC", "SM2", "DSA"]),
    ("unknown", &["x"]),
];
