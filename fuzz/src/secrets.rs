//! That no secret is told.

use std::collections::HashSet;
use std::sync::LazyLock;

use certgate::pem::{self, BlockKind, Expected};
use certgate::{CertificateForm, Field, Policy};
use certgate_forge::key;

/// How many consecutive characters of a private key's body count as told.
const WINDOW: usize = 12;

/// The windows of every key of the forge, from which the seeds are made: its body in base64, and its DER in hexadecimal.
static WINDOWS: LazyLock<HashSet<[u8; WINDOW]>> = LazyLock::new(|| {
    let mut windows = HashSet::new();
    for name in key::names() {
        let key = key::named(name);
        for pem in [key.pem(), key.traditional_pem()] {
            let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
            let hex: String =
                certgate_forge::pem::decode(&pem).iter().map(|byte| format!("{byte:02x}")).collect();
            for text in [&body, &hex, &hex.to_uppercase()] {
                windows.extend(text.as_bytes().windows(WINDOW).filter_map(as_window));
            }
        }
    }
    // Public numbers, and the parts that all keys have in common, are no secret in hexadecimal: fingerprints, key identifiers.
    for name in key::names() {
        let hex: String = key::named(name).spki().encode().iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [&hex, &hex.to_uppercase()] {
            text.as_bytes().windows(WINDOW).for_each(|window| {
                windows.remove(window);
            });
        }
    }
    // What a hint wraps a bare scalar in is the same for all keys.
    for constant in ["30310201010420", "a00a06082a811ccf5501822d", "06082a8648ce3d030107"] {
        constant.as_bytes().windows(WINDOW).for_each(|window| {
            windows.remove(window);
        });
    }
    windows
});

fn as_window(bytes: &[u8]) -> Option<[u8; WINDOW]> {
    is_telling(bytes).then(|| bytes.try_into().ok()).flatten()
}

/// Whether a window could be anything but filling, such as a run of `A` or `0`.
fn is_telling(bytes: &[u8]) -> bool {
    let mut seen = [0_u128; 2];
    for byte in bytes {
        seen[usize::from(byte >> 7)] |= 1 << (byte & 0x7f);
    }
    seen.iter().map(|half| half.count_ones()).sum::<u32>() >= 6
}

/// # Panics
/// If `told` holds a window of a key, or a list of octets.
pub(crate) fn assert_untold(told: &str, what: &str) {
    let windows = LazyLock::force(&WINDOWS);
    for window in told.as_bytes().windows(WINDOW) {
        assert!(!windows.contains(window), "{what} tells {:?} of a key", String::from_utf8_lossy(window));
    }
    let mut octets = 0;
    for word in told.split(", ") {
        let is_octet = word.trim_matches(['[', ']']).parse::<u8>().is_ok();
        octets = if is_octet { octets + 1 } else { 0 };
        assert!(octets < WINDOW, "{what} lists octets");
    }
}

/// Whether a piece of a key stands where it is public: as a word in a field that is part of the answer, or in a certificate, whose names
/// are repeated.
pub(crate) fn is_told_by_design(form: &CertificateForm) -> bool {
    let texts = [&form.name, &form.r#type, &form.instance_id, &form.algorithm_type];
    let is_word =
        |text: &&String| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    let mut words = texts.into_iter().flatten().filter(is_word);
    let contents = Field::ALL.iter().filter_map(|field| form.content(*field));
    let mut blocks = contents.flat_map(|content| {
        pem::parse(content, Expected::Certificates, &Policy::default()).value.unwrap_or_default()
    });
    words.any(|word| has_window(word.as_bytes()))
        || blocks.any(|block| block.kind == BlockKind::Certificate && is_in_certificate(&block.der))
}

/// Whether a piece of a key's text stands in what begins like a certificate: names are told as far as it can be read. The body of
/// a key is no text, so one that is passed off as a certificate is not meant.
pub(crate) fn is_in_certificate(der: &[u8]) -> bool {
    const SEQUENCE: u8 = 0x30;
    der.first() == Some(&SEQUENCE) && has_window(der)
}

fn has_window(bytes: &[u8]) -> bool {
    bytes.windows(WINDOW).any(|window| WINDOWS.contains(window))
}

/// The windows of some texts, of which nothing may be told.
pub(crate) struct Secrets(HashSet<[u8; WINDOW]>);

impl Secrets {
    pub(crate) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self(texts.flat_map(|text| text.as_bytes().windows(WINDOW).filter_map(as_window)).collect())
    }

    /// # Panics
    /// If `told` holds one of them.
    pub(crate) fn assert_untold(&self, told: &str, what: &str) {
        for window in told.as_bytes().windows(WINDOW) {
            assert!(!self.0.contains(window), "{what} tells {:?}", String::from_utf8_lossy(window));
        }
    }
}
