//! `certgate explain`: the page of one rule.

use certgate::targets::find;
use certgate::{Raised, Rule, Status, catalogue};

use crate::args::Explain;
use crate::failure::{About, Failure};
use crate::style::{self, BOLD, DIM, Look};
use crate::{Outcome, print, targets, usage};

pub(crate) fn run(command: &Explain) -> Result<Outcome, Failure> {
    let code = command.code.as_str();
    if let Some(name) = &command.name {
        return match code {
            "target" => targets::explain(name),
            _ => Err(Failure::new(About::Usage, "give one CODE, or `target` and the name of a target")),
        };
    }
    match catalogue::find(code) {
        Some(rule) => print(&page(Look::of_stdout(), rule)),
        None if code == "target" || find(code).is_some() => {
            let name = if code == "target" { "NAME" } else { code };
            let text =
                format!("for a target: `certgate explain target {name}`; `certgate targets` lists them all");
            Err(Failure::new(About::Usage, text))
        }
        None => Err(Failure::new(About::Usage, unknown(code))),
    }
}

/// A rule's page: what, how much it weighs, why, what to do, where it is written.
fn page(look: Look, rule: &Rule) -> String {
    let mut out = format!(
        "{} {}\n",
        look.severity(rule.severity, &format!("{}[{}]", rule.severity, rule.code)),
        look.paint(BOLD, rule.summary)
    );
    for line in style::wrap(&weight(rule), look.width) {
        out.push_str(&look.paint(DIM, &line));
        out.push('\n');
    }
    out.push_str(&paragraphs(look, rule.why, ""));
    out.push_str(&format!("\n{}\n", look.paint(BOLD, "What to do")));
    out.push_str(paragraphs(look, rule.hint, "  ").trim_start_matches('\n'));
    if !rule.citations.is_empty() {
        out.push_str(&format!("\n{}\n", look.paint(BOLD, "Sources")));
        for citation in rule.citations {
            for (number, line) in style::wrap(citation, look.width.saturating_sub(4)).iter().enumerate() {
                out.push_str(if number == 0 { "  - " } else { "    " });
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// One line: whether its severity can be lowered, stage, API code, version, and whether `rules_as_of` spares it.
pub(crate) fn weight(rule: &Rule) -> String {
    let retired = if rule.status == Status::Retired { "retired, no longer checked; " } else { "" };
    let soft = if rule.soft {
        "soft: a policy may lower its severity"
    } else {
        "a policy cannot lower its severity"
    };
    let raised = match rule.raised {
        Some(Raised { since, cases: Some(cases), .. }) => format!(", an error since {since} for {cases}"),
        Some(raised) => format!(", an error since {}", raised.since),
        None => String::new(),
    };
    let before =
        if rule.refused_before { ", earlier versions reject the same under other rules" } else { "" };
    format!(
        "{retired}{soft}; stage {}; the API answers {} \"{}\"; since {}{raised}{before}",
        rule.stage.as_str(),
        rule.api,
        rule.api.message(),
        rule.since
    )
}

/// Markdown paragraphs, each wrapped; lines that are indented or fenced are kept as they are.
fn paragraphs(look: Look, text: &str, indent: &str) -> String {
    let columns = look.width.saturating_sub(indent.len());
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        out.push('\n');
        let verbatim = paragraph.starts_with("    ") || paragraph.starts_with("```");
        let lines = if verbatim {
            paragraph.split('\n').map(str::to_owned).collect()
        } else {
            style::wrap(paragraph.trim(), columns)
        };
        for line in lines {
            out.push_str(indent);
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// Says that no rule has a code, and which one may be meant.
pub(crate) fn unknown(code: &str) -> String {
    let suggestion = suggestion(code);
    if usage::may_be_repeated(code) {
        format!("no rule has the code `{code}`{suggestion}")
    } else {
        format!("no rule has the code that was given, which is {}{suggestion}", usage::UNSAID)
    }
}

/// The codes nearest to one that no rule has, as the end of a sentence.
fn suggestion(code: &str) -> String {
    match nearest(code).as_slice() {
        [] => ": `certgate rules` lists them all".to_owned(),
        [one] => format!(": did you mean `{one}`?"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|code| format!("`{code}`")).collect();
            format!(": did you mean {} or `{last}`?", first.join(", "))
        }
    }
}

/// At most three codes: those that differ by a few letters, then those that hold the word.
fn nearest(code: &str) -> Vec<&'static str> {
    const SHOWN: usize = 3;
    let code: String = code.to_lowercase().chars().take(64).collect();
    let allowed = code.chars().count().div_ceil(3).min(6);
    let mut near: Vec<(usize, &str)> = catalogue::all()
        .iter()
        .filter(|rule| rule.status == Status::Active)
        .filter_map(|rule| {
            let distance = distance(&code, rule.code);
            let holds = code.len() >= 3 && rule.code.contains(&code);
            (distance <= allowed || holds).then_some((distance, rule.code))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(SHOWN).map(|(_, code)| code).collect()
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (number, letter) in left.chars().enumerate() {
        let mut next = vec![number.saturating_add(1)];
        for (pair, other) in row.windows(2).zip(&right) {
            let (Some(&diagonal), Some(&above), Some(&before)) = (pair.first(), pair.last(), next.last())
            else {
                continue;
            };
            let changed = diagonal.saturating_add(usize::from(letter != *other));
            next.push(changed.min(above.saturating_add(1)).min(before.saturating_add(1)));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        for (left, right, want) in
            [("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(left, right), want, "{left} {right}");
        }
    }

    #[test]
    fn a_slip_finds_its_rule() {
        assert_eq!(nearest("name-to-short").first(), Some(&"name-too-short"));
        assert_eq!(nearest("too-many").first(), Some(&"too-many-findings"));
        assert!(nearest("zzzzzz").is_empty());
    }

    #[test]
    fn every_page_fits_and_names_its_rule() {
        for rule in catalogue::all() {
            let page = page(Look::plain(), rule);
            assert!(page.contains(rule.code) && page.contains("What to do"), "{page}");
        }
    }
}
