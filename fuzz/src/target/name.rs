use certgate::{NameLetters, Policy, PolicySettings};

use crate::bounds::bounded;
use crate::{subject, told};

/// The name rule.
///
/// # Panics
/// If a property is broken.
pub fn name(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let ascii = Policy::default();
    let mut settings = PolicySettings::default();
    settings.name_letters = NameLetters::Han;
    let han = Policy::new(settings).expect("letters are free to choose");

    let checked = bounded(data.len(), || subject::check_name(text, &ascii));
    told::checked(&checked, data);
    assert_eq!(checked.value.is_some(), keeps_the_rule(text), "{text:?}");
    assert_eq!(checked.value.is_some(), checked.findings.is_empty());
    assert!(checked.value.is_none_or(|name| name.as_str() == text));
    // The column is that of the first character that is not allowed.
    let first = text.chars().position(|c| !(c.is_ascii_alphanumeric() || c == '_')).map(|at| at + 1);
    let told = checked.findings.iter().find(|finding| finding.code() == "name-character");
    assert_eq!(told.and_then(|finding| finding.location.column), first);

    let wider = bounded(data.len(), || subject::check_name(text, &han));
    told::checked(&wider, data);
    assert!(wider.value.is_some() || !keeps_the_rule(text));
    let other = |c: char| c.is_ascii() && !(c.is_ascii_alphanumeric() || c == '_');
    assert!(wider.value.is_none() || (4..=50).contains(&text.chars().count()) && !text.contains(other));
}

/// The reference page's table 3 once more, without the code under test.
fn keeps_the_rule(text: &str) -> bool {
    let bytes = text.as_bytes();
    (4..=50).contains(&bytes.len())
        && bytes[0].is_ascii_alphabetic()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
