//! The name rule: 4 to 50 characters, a letter first, then letters, digits and `_` (API page, table 3).

use std::sync::LazyLock;

use regex::Regex;

use crate::finding::{Checked, Finding, Findings};
use crate::location::{Field, Location};
use crate::policy::{NameLetters, Policy};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// A name that keeps the rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CertificateName(String);

impl CertificateName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a certificate's name: its length in characters, its first character, and all others. Each fault is a finding of its own.
///
/// Source: API page, table 3, `name`. With [`NameLetters::Han`] Chinese characters (Unicode script Han) are letters too, as on the
/// page's Chinese edition.
///
/// ```
/// use certgate::{Policy, name};
///
/// assert!(name::check("cert_demo", &Policy::default()).is_ok());
///
/// let checked = name::check("1-a", &Policy::default());
/// let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["name-too-short", "name-start", "name-character"]);
/// ```
pub fn check(name: &str, policy: &Policy) -> Checked<CertificateName> {
    let mut findings = Findings::new(policy);
    judge(name, &mut findings);
    let mut checked = findings.checked(None);
    checked.value = checked.findings.is_empty().then(|| CertificateName(name.to_owned()));
    checked
}

/// Whether a name breaks no rule.
pub(crate) fn is_valid(name: &str, policy: &Policy) -> bool {
    check(name, policy).findings.is_empty()
}

/// Judges a name.
pub(crate) fn judge(name: &str, findings: &mut Findings<'_>) {
    check_length(name, findings);
    check_start(name, findings);
    check_characters(name, findings);
}

static NAME_TOO_SHORT: Rule = Rule {
    code: "name-too-short",
    severity: Severity::Error,
    stage: Stage::Name,
    api: ApiCode::TooShort,
    summary: "The name has fewer than 4 characters",
    hint: "Choose a name of 4 to 50 characters, such as `cert_demo`.",
    why: "The API accepts names of 4 to 50 characters, counted in characters, not bytes.\n\n\
          Example: `abc` has three; `abc_1` is fine.",
    citations: &["API page, table 3: name", "APIG.2005"],
    ..Rule::BASE
};

static NAME_TOO_LONG: Rule = Rule {
    code: "name-too-long",
    severity: Severity::Error,
    stage: Stage::Name,
    api: ApiCode::TooLong,
    summary: "The name has more than 50 characters",
    hint: "Shorten the name to 50 characters.",
    why: "The API accepts names of 4 to 50 characters, counted in characters, not bytes.\n\n\
          Example: a host name of 60 characters does not fit; use the part that distinguishes your certificates.",
    citations: &["API page, table 3: name", "APIG.2006"],
    ..Rule::BASE
};

fn check_length(name: &str, findings: &mut Findings<'_>) {
    let policy = findings.policy();
    let (min, max) = (policy.name_min_characters, policy.name_max_characters);
    let characters = name.chars().count();
    let (rule, bound, hint) = match characters {
        n if n < min => {
            let hint = format!("Choose a name of {min} to {max} characters, such as `cert_demo`.");
            (&NAME_TOO_SHORT, format!("at least {min} are required"), hint)
        }
        n if n > max => {
            let hint = format!("Shorten the name to {max} characters.");
            (&NAME_TOO_LONG, format!("at most {max} are allowed"), hint)
        }
        _ => return,
    };
    let message = format!("the name has {}; {bound}", text::count(characters, "character"));
    findings.add(Finding::new(rule, Location::field(Field::Name), message).hint(hint));
}

static NAME_START: Rule = Rule {
    code: "name-start",
    severity: Severity::Error,
    stage: Stage::Name,
    api: ApiCode::InvalidValue,
    summary: "The name does not start with a letter",
    hint: "Put a letter first.",
    why: "A name starts with a letter A–Z or a–z; digits and `_` may follow. With the policy's `name_letters = \"han\"` a Chinese character may \
          be the first too.\n\n\
          Example: `1abc` and `_abc` are refused; `a1bc` is fine.",
    citations: &["API page, table 3: name", "APIG.2011"],
    ..Rule::BASE
};

fn check_start(name: &str, findings: &mut Findings<'_>) {
    // Any other first character is reported by `name-character` alone.
    let Some(first) = name.chars().next().filter(|first| first.is_ascii_digit() || *first == '_') else {
        return;
    };
    let message = format!("the name starts with `{first}`; the first character must be a letter");
    findings.add(Finding::new(&NAME_START, Location::field(Field::Name).line(1).column(1), message));
}

static NAME_CHARACTER: Rule = Rule {
    code: "name-character",
    severity: Severity::Error,
    stage: Stage::Name,
    api: ApiCode::InvalidValue,
    summary: "The name has a character that is not allowed",
    hint: "Use only A–Z, a–z, 0–9 and `_`.",
    why: "Only A–Z, a–z, 0–9 and `_` are allowed. Hyphens, dots, spaces, a line break at the end and full-width look-alikes are refused. \
          Chinese characters are allowed where the policy says `name_letters = \"han\"`.\n\n\
          Example: `api-example` is refused at column 4; `api_example` is fine.",
    citations: &["API page, table 3: name", "APIG.2011 (not 2013, whose text allows hyphens)"],
    ..Rule::BASE
};

/// How many characters are told beside the first.
const NAMED: usize = 4;

fn check_characters(name: &str, findings: &mut Findings<'_>) {
    let letters = findings.policy().name_letters;
    let mut faults = offending(letters).find_iter(name);
    let told = |fault: regex::Match<'_>| {
        let before = name.get(..fault.start()).unwrap_or_default();
        (before.chars().count().saturating_add(1), describe(fault.as_str()))
    };
    let Some((column, first)) = faults.next().map(told) else { return };
    let named = faults.by_ref().take(NAMED).map(told);
    let mut rest: Vec<_> = named.map(|(column, what)| format!("{column} ({what})")).collect();
    // The others are counted, without their places: there may be very many.
    match faults.count() {
        0 => {}
        more => rest.push(format!("{more} more")),
    }
    let message = match rest.pop() {
        None => format!("character {column} of the name, {first}, is not allowed"),
        Some(last) => {
            let all: Vec<_> = std::iter::once(format!("{column} ({first})")).chain(rest).collect();
            format!("characters {} and {last} of the name are not allowed", all.join(", "))
        }
    };
    let mut finding =
        Finding::new(&NAME_CHARACTER, Location::field(Field::Name).line(1).column(column), message);
    if name.trim() != name {
        finding = finding.hint(match offending(letters).is_match(name.trim()) {
            false => "Remove the white space around the name.",
            true => "Remove the white space around the name, and write `_` instead of the other characters.",
        });
    } else if letters == NameLetters::Ascii && offending(NameLetters::Han).find(name).is_none() {
        finding = finding.hint(
            "Use only letters A–Z and a–z, digits and `_`. A site that allows Chinese characters sets `name_letters = \"han\"` in its policy.",
        );
    }
    findings.add(finding);
}

/// What no name may hold, one character a match.
#[expect(clippy::expect_used, reason = "constant patterns; no input reaches the compilation")]
fn offending(letters: NameLetters) -> &'static Regex {
    static ASCII: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[^A-Za-z0-9_]").expect("a valid pattern"));
    static HAN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[^A-Za-z0-9_\p{Han}]").expect("a valid pattern"));
    match letters {
        NameLetters::Ascii => &ASCII,
        NameLetters::Han => &HAN,
    }
}

/// A character as a person sees it; what cannot be seen has its name.
fn describe(character: &str) -> String {
    match character {
        " " => "a space".to_owned(),
        "\n" | "\r" => "a line break".to_owned(),
        "\t" => "a tab".to_owned(),
        "\u{a0}" => "a no-break space, U+00A0".to_owned(),
        "\u{3000}" => "a full-width space, U+3000".to_owned(),
        "\u{200b}" => "a space without width, U+200B".to_owned(),
        "\u{feff}" => "a byte order mark, U+FEFF".to_owned(),
        other => format!("`{}`", text::escape(other)),
    }
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&NAME_TOO_SHORT, &NAME_TOO_LONG, &NAME_START, &NAME_CHARACTER];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_and_their_verdicts() {
        let long = "a".repeat(51);
        let table: &[(&str, &[&str], Option<usize>)] = &[
            ("abcd", &[], None),
            ("a_1Z", &[], None),
            (&long[..50], &[], None),
            ("", &["name-too-short"], None),
            ("abc", &["name-too-short"], None),
            (&long, &["name-too-long"], None),
            ("1abc", &["name-start"], Some(1)),
            ("_abc", &["name-start"], Some(1)),
            ("a-bc", &["name-character"], Some(2)),
            ("ａbcd", &["name-character"], Some(1)),
            ("abcd\n", &["name-character"], Some(5)),
            (" abcd", &["name-character"], Some(1)),
            ("abcd ", &["name-character"], Some(5)),
            ("证书证书", &["name-character"], Some(1)),
            ("abé_", &["name-character"], Some(3)),
            ("1-", &["name-too-short", "name-start", "name-character"], None),
        ];
        for (name, codes, column) in table {
            let checked = check(name, &Policy::default());
            let found: Vec<_> = checked.findings.iter().map(Finding::code).collect();
            assert_eq!(&found, codes, "{name:?}");
            assert_eq!(checked.value.is_some(), codes.is_empty(), "{name:?}");
            if column.is_some() {
                assert_eq!(checked.findings.last().and_then(|f| f.location.column), *column, "{name:?}");
            }
        }
    }

    #[test]
    fn han_letters_are_a_choice() {
        let policy = Policy::with(|settings| settings.name_letters = NameLetters::Han);
        assert!(check("证书证书", &policy).is_ok());
        assert!(check("证书_1", &policy).is_ok());
        assert!(!check("证书 1", &policy).is_ok());
        assert!(!check("ａbcd", &policy).is_ok());
    }

    #[test]
    fn the_hint_is_of_use() {
        let white = "Remove the white space around the name.";
        let cases = [
            (" abcd", NameLetters::Ascii, true),
            (" a-bc", NameLetters::Ascii, false),
            ("a-bcd", NameLetters::Ascii, false),
            ("证书证书 ", NameLetters::Han, true),
        ];
        for (name, name_letters, is_white) in cases {
            let policy = Policy::with(|settings| settings.name_letters = name_letters);
            let checked = check(name, &policy);
            let finding = checked.findings.last().unwrap();
            assert_eq!(finding.hint == white, is_white, "{name:?}: {}", finding.hint);
        }
        let hints = |name| check(name, &Policy::default()).findings.pop().unwrap().hint;
        assert!(hints("证书证书").contains("name_letters"));
        assert!(!hints("证书-证书").contains("name_letters"));
    }

    #[test]
    fn each_character_is_named_with_its_place() {
        let message = |name: &str| check(name, &Policy::default()).findings.pop().unwrap().message;
        for (name, want) in [
            ("www-example", "character 4 of the name, `-`, is not allowed"),
            ("www-example ", "characters 4 (`-`) and 12 (a space) of the name are not allowed"),
            (
                "a\u{a0}b\u{200b}\u{feff}\u{3000}",
                "characters 2 (a no-break space, U+00A0), 4 (a space without width, U+200B), \
             5 (a byte order mark, U+FEFF) and 6 (a full-width space, U+3000) of the name are not allowed",
            ),
            (
                "a-------",
                "characters 2 (`-`), 3 (`-`), 4 (`-`), 5 (`-`), 6 (`-`) and 2 more of the name are not allowed",
            ),
        ] {
            assert_eq!(message(name), want, "{name:?}");
        }
    }

    #[test]
    fn a_control_character_is_named_never_printed() {
        let checked = check("ab\u{1b}cd\u{202e}", &Policy::default());
        let message = checked.findings.first().map(|finding| finding.message.as_ref());
        assert_eq!(message, Some("characters 3 (`\\u{1B}`) and 6 (`\\u{202E}`) of the name are not allowed"));
    }
}
