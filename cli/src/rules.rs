//! `certgate rules`: the catalogue as a table, as JSON, and as the pages of `docs/rules.md`.

use certgate::{Rule, Scope, Status, catalogue};

use crate::args::{Rules, RulesFormat};
use crate::failure::Failure;
use crate::style::Look;
use crate::{Outcome, explain, print, table};

pub(crate) fn run(command: &Rules) -> Result<Outcome, Failure> {
    let rules = catalogue::all();
    print(&match command.format {
        RulesFormat::Text => text(Look::of_stdout().unwrapped_in_a_pipe(), rules),
        RulesFormat::Json => {
            let mut line = certgate::json::rules().map_err(|_| Failure::json())?;
            line.push('\n');
            line
        }
        RulesFormat::Markdown => markdown(rules),
    })
}

fn text(look: Look, rules: &[&Rule]) -> String {
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| {
            vec![
                rule.code.to_owned(),
                rule.severity.to_string(),
                if rule.soft { "soft" } else { "" }.to_owned(),
                rule.api.to_string(),
                summary(rule),
            ]
        })
        .collect();
    let mut out = table::table(look, 0, &rows);
    out.push_str("\n`certgate explain CODE` shows more. --warn and --allow lower the severity of rules that are `soft`; --deny raises the \
                  severity of any rule.\n");
    out
}

fn summary(rule: &Rule) -> String {
    match rule.status {
        Status::Active => rule.summary.to_owned(),
        Status::Retired => format!("(retired) {}", rule.summary),
    }
}

/// The catalogue as one Markdown document.
fn markdown(rules: &[&Rule]) -> String {
    let mut out = String::from(
        "# The rules of certgate\n\n\
         <!-- Written by `certgate rules --format markdown`. Change the rule beside its check, not this file. -->\n\n\
         An error rejects the upload; a warning and a note do not. A soft rule can be lowered by a policy; every rule can be raised.\n\
         `certgate explain CODE` shows one page.\n\n\
         | code | severity | soft | stage | API code | what is wrong |\n|---|---|---|---|---|---|\n",
    );
    for rule in rules {
        let soft = if rule.soft { "soft" } else { "" };
        out.push_str(&format!(
            "| [{code}](#{code}) | {} | {soft} | {} | {} | {} |\n",
            rule.severity,
            rule.stage.as_str(),
            rule.api,
            summary(rule).replace('|', "\\|"),
            code = rule.code,
        ));
    }
    out.push_str(&precedence(rules));
    for rule in rules {
        out.push_str(&format!(
            "\n## {}\n\n**{}** ({}; {}.)\n\n{}\n\nWhat to do: {}\n",
            rule.code,
            rule.summary,
            rule.severity,
            explain::weight(rule),
            rule.why.trim(),
            rule.hint
        ));
        if !rule.citations.is_empty() {
            out.push_str("\nSources:\n\n");
            for citation in rule.citations {
                out.push_str(&format!("- {citation}\n"));
            }
        }
    }
    out
}

/// Which rule hides which, as a table.
fn precedence(rules: &[&Rule]) -> String {
    let mut out = String::from(
        "\nIf two rules are broken for the same reason, certgate reports only the one that says more. A finding never hides one with a higher \
         severity.\n\n\
         | reported | hides | where |\n|---|---|---|\n",
    );
    for rule in rules {
        for hidden in rule.hides {
            let place = match hidden.scope {
                Scope::Place => "on the same line",
                Scope::Block => "in the same block",
                Scope::Field => "in the same field",
                Scope::Pair => "in a certificate field and its key field",
                Scope::Form => "anywhere in the form",
                _ => "",
            };
            out.push_str(&format!("| [{0}](#{0}) | [{1}](#{1}) | {place} |\n", rule.code, hidden.code));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_a_row_and_a_page_for_each_rule() {
        let text = markdown(catalogue::all());
        for rule in catalogue::all() {
            assert!(text.contains(&format!("| [{0}](#{0}) |", rule.code)), "{}", rule.code);
            assert!(text.contains(&format!("\n## {}\n", rule.code)), "{}", rule.code);
        }
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"));
    }
}
