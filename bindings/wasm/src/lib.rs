//! certgate for browsers, workers and Node: texts in, texts out, as [`certgate::json`] has them.
//!
//! The functions are called by `js/index.js`, which makes objects of the texts. Each takes the options as JSON, and the present time in
//! milliseconds since 1970, which counts where the options name none: WebAssembly has no clock.
//!
//! What is handed over is wiped when a call ends. A text that holds private keys goes to JavaScript once, as its answer.
#![forbid(unsafe_code)]

use std::panic;

use certgate::At;
use certgate::json::{self, JsonError, Options};
use certgate::time::OffsetDateTime;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};
use zeroize::Zeroizing;

/// Makes a bug say only where in the sources it happened: what a panic says can hold a piece of the input.
#[wasm_bindgen(start)]
pub fn start() {
    panic::set_hook(Box::new(|bug| {
        let place =
            bug.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        wasm_bindgen::throw_str(&format!("certgate stopped{place}: please report this as a bug"));
    }));
}

/// Checks a form, given as the request body: the report.
#[wasm_bindgen(unchecked_return_type = "string")]
pub fn check(form: Vec<u8>, options: &str, now: f64) -> Result<JsValue, JsError> {
    let form = Zeroizing::new(form);
    Ok(JsValue::from_str(&json::check(&form, &read(options, now)?)?))
}

/// What a file in PEM or DER holds.
#[wasm_bindgen(unchecked_return_type = "string")]
pub fn inspect(bytes: Vec<u8>, options: &str, now: f64) -> Result<JsValue, JsError> {
    let bytes = Zeroizing::new(bytes);
    Ok(JsValue::from_str(&json::inspect(&bytes, &read(options, now)?)?))
}

/// Repairs a form: the repaired form, the edits, and the report on it.
#[wasm_bindgen(unchecked_return_type = "string")]
pub fn fix(form: Vec<u8>, options: &str, now: f64) -> Result<JsValue, JsError> {
    let form = Zeroizing::new(form);
    Ok(JsValue::from_str(&json::fix(&form, &read(options, now)?)?))
}

/// Repairs only what the rule `code` finds in `field`.
#[wasm_bindgen(unchecked_return_type = "string")]
pub fn fix_only(form: Vec<u8>, code: &str, field: &str, options: &str, now: f64) -> Result<JsValue, JsError> {
    let form = Zeroizing::new(form);
    Ok(JsValue::from_str(&json::fix_only(&form, code, field, &read(options, now)?)?))
}

/// Files that become forms.
#[wasm_bindgen]
#[derive(Default)]
pub struct Files(Vec<(String, Zeroizing<Vec<u8>>)>);

#[wasm_bindgen]
impl Files {
    /// No file yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more file.
    pub fn add(&mut self, name: String, bytes: Vec<u8>) {
        self.0.push((name, Zeroizing::new(bytes)));
    }

    /// The forms that the files make; one passphrase is tried on everything that is encrypted.
    #[wasm_bindgen(unchecked_return_type = "string")]
    pub fn open(self, passphrase: Option<String>, options: &str, now: f64) -> Result<JsValue, JsError> {
        let passphrase = passphrase.map(Zeroizing::new);
        let files: Vec<_> = self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let passphrase = passphrase.as_ref().map(|passphrase| passphrase.as_str());
        Ok(JsValue::from_str(&json::open(&files, passphrase, &read(options, now)?)?))
    }
}

/// The page of one rule. Of the options only the language counts.
#[wasm_bindgen]
pub fn explain(code: &str, options: &str) -> Result<String, JsError> {
    Ok(json::explain_in(code, Options::from_json(options.as_bytes(), At::NotEvaluated)?.language)?)
}

/// All rules.
#[wasm_bindgen]
pub fn rules() -> Result<String, JsError> {
    Ok(json::rules()?)
}

/// The version of certgate.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn read(options: &str, now: f64) -> Result<Options, JsonError> {
    Options::from_json(options.as_bytes(), time(now))
}

/// A time of JavaScript, which counts milliseconds; none where it is none.
fn time(milliseconds: f64) -> At {
    let seconds = (milliseconds / 1000.0).floor();
    // A float becomes the nearest integer that there is, and what is not a number becomes 0.
    #[allow(clippy::as_conversions, clippy::cast_possible_truncation)]
    let time = OffsetDateTime::from_unix_timestamp(seconds as i64);
    time.map_or(At::NotEvaluated, At::Time)
}
