//! Tests of the arguments.
#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use certgate::Severity;
use clap::CommandFactory;

#[test]
fn the_definition_is_valid() {
    Cli::command().debug_assert();
}

#[test]
fn the_help_names_rules_that_exist() {
    let mut command = Cli::command();
    let mut text = command.render_long_help().to_string();
    for subcommand in command.get_subcommands_mut() {
        text.push_str(&subcommand.render_long_help().to_string());
    }
    let named = |before: &str| {
        let after: Vec<_> = text.split(before).skip(1).collect();
        after.into_iter().filter_map(|rest| rest.split_whitespace().next()).collect::<Vec<_>>()
    };
    let codes = [named("certgate explain "), named("--deny "), named("[severity]\n")].concat();
    let codes: Vec<_> = codes.into_iter().filter(|code| !code.starts_with('<')).collect();
    assert!(codes.len() >= 4, "{codes:?}");
    let targets = [named("explain target "), named("--target ")].concat();
    let targets = targets.into_iter().flat_map(|names| names.split(','));
    let targets: Vec<_> = targets.filter(|name| !name.starts_with('<')).collect();
    assert!(targets.len() >= 2, "{targets:?}");
    for name in targets {
        assert!(name == "NAME" || certgate::targets::find(name).is_some(), "{name}");
    }
    for code in codes {
        assert!(code == "CODE" || code == "target" || certgate::catalogue::find(code).is_some(), "{code}");
    }
}

#[test]
fn severities_keep_the_order_of_the_command_line() {
    let cli = Cli::try_parse_from([
        "certgate", "check", "f", "--deny", "a", "--allow", "b", "--warn", "a", "--deny", "b",
    ])
    .unwrap();
    let Command::Check(check) = cli.command else { panic!("another command") };
    let got: Vec<_> =
        check.policy.severities.0.iter().map(|(code, severity)| (code.as_str(), *severity)).collect();
    assert_eq!(
        got,
        [("a", Severity::Error), ("b", Severity::Note), ("a", Severity::Warning), ("b", Severity::Error)]
    );
}

#[test]
fn a_form_or_its_parts_but_never_both() {
    for (arguments, good) in [
        (&["f.json"][..], true),
        (&["-"], true),
        (&[], false),
        (&["--name", "n", "--cert", "c", "--key", "k"], true),
        (&["--name", "n", "--cert", "c"], false),
        (&["--cert", "c", "--key", "k"], false),
        (&["f.json", "--name", "n", "--cert", "c", "--key", "k"], false),
        (&["a.pem", "b.key", "--type", "global"], true),
        (&["f.json", "--at", "2027-01-01T00:00:00+08:00"], true),
        (&["f.json", "--at", "2027-01-01"], true),
        (&["f.json", "--at", "2027-13-01"], false),
    ] {
        let all = ["certgate", "check"].iter().chain(arguments);
        assert_eq!(Cli::try_parse_from(all).is_ok(), good, "{arguments:?}");
    }
}
