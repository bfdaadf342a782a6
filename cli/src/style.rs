//! Text for a terminal: colour, width, wrapping, and characters that must not reach it raw.

use std::env;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use anstyle::{AnsiColor, Style};
use certgate::Severity;
use unicode_width::UnicodeWidthChar;

use crate::args::Color;

/// The width where standard output is not a terminal, and the widest that is used on one.
const WIDTH: usize = 100;

/// How text is written: with colour or without, and how wide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    colour: bool,
    /// The columns of a line.
    pub(crate) width: usize,
}

impl Look {
    /// The look of standard output.
    pub(crate) fn of_stdout() -> Self {
        Self { colour: colour_stdout(), width: terminal_width().clamp(40, WIDTH) }
    }

    /// The same look, but lines of any length where no terminal reads: for tables that are searched line by line.
    pub(crate) fn unwrapped_in_a_pipe(mut self) -> Self {
        if !io::stdout().is_terminal() {
            self.width = 1000;
        }
        self
    }

    /// The look of standard error.
    pub(crate) fn of_stderr() -> Self {
        Self { colour: colour(io::stderr().is_terminal()), width: WIDTH }
    }

    /// No colour, 100 columns.
    #[cfg(test)]
    pub(crate) fn plain() -> Self {
        Self { colour: false, width: WIDTH }
    }

    /// `text` in that style, where there is colour.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// `text` in the colour of a severity.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(severity_style(severity), text)
    }
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

pub(crate) fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => BAD,
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Cyan.on_default().bold(),
    }
}

/// Whether standard output gets colour.
pub(crate) fn colour_stdout() -> bool {
    colour(io::stdout().is_terminal())
}

/// What `--color` says, for the whole run.
static CHOSEN: OnceLock<Color> = OnceLock::new();

/// Notes what `--color` says.
pub(crate) fn choose(color: Color) {
    let _ = CHOSEN.set(color);
}

/// Whether an output gets colour. Without `--color`: a terminal that can, or `FORCE_COLOR`, but never with `NO_COLOR` (no-color.org,
/// force-color.org).
fn colour(terminal: bool) -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    match CHOSEN.get().copied().unwrap_or_default() {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto if is_set("FORCE_COLOR") => true,
        Color::Auto => terminal && env::var_os("TERM").is_none_or(|value| value != "dumb"),
    }
}

fn terminal_width() -> usize {
    let size = io::stdout().is_terminal().then(|| console::Term::stdout().size_checked()).flatten();
    size.map_or(WIDTH, |(_, columns)| usize::from(columns))
}

/// `text` with each character that could deceive a reader or steer a terminal written `\u{…}`.
///
/// The library escapes what it quotes; this is for what comes past it (arguments, names of files, metadata). It changes nothing in a
/// text that is already escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if certgate::is_unprintable(character) {
            let _ = write!(out, "\\u{{{:X}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// The columns that a text takes on a terminal: two for a wide character.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).fold(0, usize::saturating_add)
}

/// `text` with blanks up to `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    let mut out = text.to_owned();
    out.extend(std::iter::repeat_n(' ', blanks));
    out
}

/// `text` in lines of at most `columns`. Breaks at blanks only, never inside backticks: a command stays on one line, so that it can be
/// copied. A line feed in the text is kept.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in words(paragraph) {
            let fits = width(&line).saturating_add(width(word)).saturating_add(1) <= columns;
            if !line.is_empty() && !fits {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// The words of a text; what is between backticks is one word with what touches it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character: char| {
        quoted ^= character == '`';
        character == ' ' && !quoted
    })
    .filter(|word| !word.is_empty())
}

/// `text` in lines of at most `columns`, also inside words: for a cell of a table.
pub(crate) fn wrap_hard(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for soft in wrap(text, columns) {
        let mut line = String::new();
        let mut used = 0_usize;
        for character in soft.chars() {
            let wide = character.width().unwrap_or(0);
            if used.saturating_add(wide) > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(character);
            used = used.saturating_add(wide);
        }
        lines.push(line);
    }
    lines
}

/// A file's name as a shell takes it.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "/._-+=:@%,".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", escape(word).replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("汉字ab"), 6);
        assert_eq!(pad("汉", 4), "汉  ");
        assert_eq!(wrap_hard("汉字汉字", 4), ["汉字", "汉字"]);
        assert_eq!(wrap_hard("汉字汉字", 5), ["汉字", "汉字"]);
    }

    #[test]
    fn text_breaks_at_blanks_but_not_in_a_command() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("run `a b c d e f` now", 10), ["run", "`a b c d e f`", "now"]);
        assert_eq!(wrap("one\ntwo", 20), ["one", "two"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn what_steers_a_terminal_is_escaped_once() {
        let once = escape("a\u{1b}[31m\u{202e}");
        assert_eq!(once, "a\\u{1B}[31m\\u{202E}");
        assert_eq!(escape(&once), once);
    }

    #[test]
    fn file_names_are_quoted_for_the_shell() {
        assert_eq!(shell_word("a/b.json"), "a/b.json");
        assert_eq!(shell_word("a b'c"), r"'a b'\''c'");
    }
}
