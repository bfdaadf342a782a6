//! Simplified Chinese.
//!
//! In the files a line is an English sentence as it stands in the code, and the line below it, after a tab, the Chinese one. `{name}` is a fact or another value, `{}` one
//! without a name: they are counted, `{1}` is the first. `{name!}` in Chinese is a piece of a sentence, which has a line of its own.

use std::sync::LazyLock;

use super::table::Table;

/// The words of English grammar that Chinese does not have, and what they can be. They have a name in English sentences only.
pub(super) const GRAMMAR: &[(&str, &[&str])] = &[
    ("article", &["a", "an"]),
    ("line_ends", &["line ends", "lines end"]),
    ("noun", &["line", "lines", "column", "columns"]),
    ("verb", &["is", "are"]),
];

/// The files.
pub(super) const TEXTS: &[&str] = &[
    include_str!("chinese/certificate.txt"),
    include_str!("chinese/chain.txt"),
    include_str!("chinese/edits.txt"),
    include_str!("chinese/faults.txt"),
    include_str!("chinese/fields.txt"),
    include_str!("chinese/files.txt"),
    include_str!("chinese/form.txt"),
    include_str!("chinese/key.txt"),
    include_str!("chinese/nested.txt"),
    include_str!("chinese/pasted.txt"),
    include_str!("chinese/pem.txt"),
    include_str!("chinese/phrases.txt"),
    include_str!("chinese/roots.txt"),
    include_str!("chinese/sm2.txt"),
];

/// The table, made at the first use.
pub(super) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(TEXTS, GRAMMAR));
    &TABLE
}
