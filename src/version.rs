//! The versions in which rules appeared or became heavier.

use serde::Serialize;

/// The versions of certgate that brought a rule or made one heavier, in order. A policy's `rules_as_of` is one of them.
pub(crate) const VERSIONS: [&str; 2] = ["0.1.0", "0.2.0"];

/// The version in which a rule that existed before began to reject more uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Raised {
    /// The version, `0.2.0` for example.
    pub since: &'static str,
    /// The cases of the rule that are errors only since then, in words. `None`: all of them.
    pub cases: Option<&'static str>,
}

/// The version of that name; `None` where no version of that name changed a rule.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    VERSIONS.into_iter().find(|version| *version == name)
}

/// Whether the first version came after the second. False where one of them is not known.
pub(crate) fn is_later(version: &str, than: &str) -> bool {
    let place = |name: &str| VERSIONS.iter().position(|version| *version == name);
    place(version).zip(place(than)).is_some_and(|(version, than)| version > than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_one_after_the_other() {
        for (version, than, later) in [
            ("0.2.0", "0.1.0", true),
            ("0.1.0", "0.2.0", false),
            ("0.2.0", "0.2.0", false),
            ("0.2.0", "0.0.1", false),
            ("9.0.0", "0.1.0", false),
        ] {
            assert_eq!(is_later(version, than), later, "{version} after {than}");
        }
        assert_eq!((find("0.1.0"), find("0.1"), find("")), (Some("0.1.0"), None, None));
    }
}
