//! The arguments: the one place that parsing, help and completions come from.

use std::path::PathBuf;
use std::time::SystemTime;

use certgate::{At, Severity};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Parser, Subcommand, ValueEnum};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Check a TLS certificate upload before you send it to the gateway.
///
/// certgate reads the body of an upload (name, certificate chain, private key; for SM2 both pairs),
/// reports everything that is wrong with it at once, and shows the metadata that the gateway would answer.
/// It sends nothing anywhere.
#[derive(Debug, Parser)]
#[command(name = "certgate", version, subcommand_required = true, arg_required_else_help = true)]
#[command(verbatim_doc_comment, after_help = EXIT_STATUS, after_long_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_STATUS: &str = "Exit status: 0 accepted, 1 rejected, 2 could not run.";

const EXAMPLES: &str = "\
Exit status: 0 accepted, 1 rejected, 2 could not run.

Examples:
  certgate check form.json
  certgate check --name web --cert fullchain.pem --key privkey.pem
  certgate inspect fullchain.pem privkey.pem
  certgate fix form.json > fixed.json
  certgate batch < forms.ndjson > reports.ndjson
  certgate explain match-other-key";

// One value of it exists in a run.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check one upload: a JSON form, or the files that it is made of
    Check(Check),
    /// Show what files hold: certificates, keys, requests
    Inspect(Inspect),
    /// Check many forms: one JSON object per line in, one report per line out
    Batch(Batch),
    /// Fix what can be fixed: the form on standard output, each edit on standard error
    Fix(Fix),
    /// Explain a rule: what it checks, why, and what to do
    Explain(Explain),
    /// List all rules
    Rules(Rules),
    /// Print a completion script for a shell
    Completions(Completions),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit status: 0 accepted, 1 rejected, 2 could not run.

Examples:
  certgate check form.json
  certgate check - --format json < form.json
  certgate check --name web --cert fullchain.pem --key privkey.pem --root-ca ca.pem
  certgate check --name web --cert enc.pem --key enc.key --sign-cert sign.pem --sign-key sign.key
  certgate check form.json --at 2027-01-01T00:00:00Z --deny chain-leaf-alone

A policy file contains only what differs from the reference page:
  name_letters = \"han\"
  rsa_min_bits = 3072
  [severity]
  chain-leaf-alone = \"error\"")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) form: FormArgs,
    /// How to write the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Of a private key, only the type, the size and the SHA-256 of its public half are shown.
A key belongs to the certificate that has the same `key SHA-256`.
Exit status: 0 all known and without an error, 1 a file is not known or has an error, 2 could not run.

Examples:
  certgate inspect fullchain.pem privkey.pem
  certgate inspect --at none --format json *.pem")]
pub(crate) struct Inspect {
    /// The files, PEM or DER; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Each report carries the number of its line. Blank lines are skipped. A line over 4 MiB, or one that
is not a JSON object, gets a report too, and the next line is read.
Exit status: 0 all accepted, 1 any rejected, 2 could not run.

Examples:
  certgate batch < forms.ndjson > reports.ndjson
  jq -c '.[]' forms.json | certgate batch --at none --threads 4")]
pub(crate) struct Batch {
    /// How to write the reports
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: BatchFormat,
    /// How many forms to check at the same time [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A fix adds nothing new: it writes the same certificates and keys again, each once, in the right order and field.
The output holds the private key. On a terminal, the command refuses to run without --show-secrets.
Exit status: 0 the fixed form is accepted, 1 errors remain (the form is printed anyway), 2 could not run.

Examples:
  certgate fix form.json > fixed.json
  certgate fix form.json | certgate check -
  certgate fix form.json --format json > plan.json    # the form, each edit with the rules that it fixes, and the report")]
pub(crate) struct Fix {
    #[command(flatten)]
    pub(crate) form: FormArgs,
    /// How to write the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Print the form, with the private key in it, even on a terminal
    #[arg(long)]
    pub(crate) show_secrets: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  certgate explain match-other-key")]
pub(crate) struct Explain {
    /// The rule's code, as a report shows it in brackets
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  certgate rules\n  certgate rules --format markdown > rules.md")]
pub(crate) struct Rules {
    /// How to write the list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: RulesFormat,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  certgate completions bash > ~/.local/share/bash-completion/completions/certgate"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// A form: one JSON file, or the files and values that it is made of.
#[derive(Debug, Args)]
pub(crate) struct FormArgs {
    /// The form: a JSON object with the field names of the API; `-` is standard input
    #[arg(value_name = "FORM.json", required_unless_present_any = PARTS, conflicts_with_all = PARTS)]
    pub(crate) form: Option<PathBuf>,
    /// The certificate's name
    #[arg(long, value_name = "N", requires = "cert", requires = "key", help_heading = "Instead of a form")]
    pub(crate) name: Option<String>,
    /// The certificate and its chain, PEM or DER; for SM2, the encryption certificate
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key, PEM or DER; for SM2, the encryption key
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) key: Option<PathBuf>,
    /// SM2: the signature certificate and its chain
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) sign_cert: Option<PathBuf>,
    /// SM2: the private key of the signature certificate
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) sign_key: Option<PathBuf>,
    /// The CA certificates that client certificates must come from
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) root_ca: Option<PathBuf>,
    /// RSA, ECC or SM2; without it, the certificate's key decides
    #[arg(long, value_name = "ALGORITHM", requires = "name", help_heading = "Instead of a form")]
    pub(crate) algorithm: Option<String>,
    /// `instance` or `global`
    #[arg(long = "type", value_name = "T", requires = "name", help_heading = "Instead of a form")]
    pub(crate) certificate_type: Option<String>,
    /// The gateway, mandatory with `--type instance`
    #[arg(long, value_name = "I", requires = "name", help_heading = "Instead of a form")]
    pub(crate) instance_id: Option<String>,
}

const PARTS: [&str; 9] = [
    "name",
    "cert",
    "key",
    "sign_cert",
    "sign_key",
    "root_ca",
    "algorithm",
    "certificate_type",
    "instance_id",
];

/// What may differ from the reference page.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    /// The time of the check: an RFC 3339 time, `now`, or `none` to skip the check of validity [default: now]
    #[arg(long, value_name = "TIME", value_parser = Clock::parse, help_heading = "Policy")]
    pub(crate) at: Option<Clock>,
    /// Limits and severities that differ from the reference page
    #[arg(long, value_name = "FILE.toml", help_heading = "Policy")]
    pub(crate) policy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) severities: Severities,
}

/// Where the time of a check comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    Now,
    None,
    Time(OffsetDateTime),
}

impl Clock {
    /// The time of a check that begins now. The computer's time is in whole seconds.
    pub(crate) fn at(self) -> At {
        match self {
            Self::Now => SystemTime::now().into(),
            Self::None => At::NotEvaluated,
            Self::Time(time) => time.into(),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "now" => Ok(Self::Now),
            "none" => Ok(Self::None),
            _ => OffsetDateTime::parse(text, &Rfc3339)
                .ok()
                .and_then(|time| time.checked_to_offset(time::UtcOffset::UTC))
                .filter(|time| (0..=9999).contains(&time.year()))
                .map(Self::Time)
                .ok_or_else(|| {
                    "give an RFC 3339 time such as 2027-01-01T00:00:00Z, or now, or none".to_owned()
                }),
        }
    }
}

/// `--deny`, `--warn` and `--allow`, in the order of the command line: the last one for a code wins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Severities(pub(crate) Vec<(String, Severity)>);

const SEVERITY_FLAGS: [(&str, Severity, &str); 3] = [
    ("deny", Severity::Error, "Make findings of this rule errors"),
    ("warn", Severity::Warning, "Make findings of this rule warnings"),
    ("allow", Severity::Note, "Make findings of this rule notes; like `--warn`, only if the rule is soft"),
];

impl Args for Severities {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.args(SEVERITY_FLAGS.map(|(flag, _, help)| {
            Arg::new(flag)
                .long(flag)
                .value_name("CODE")
                .action(ArgAction::Append)
                .help_heading("Policy")
                .help(help)
        }))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Severities {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = Vec::new();
        for (flag, severity, _) in SEVERITY_FLAGS {
            if let (Some(indices), Some(codes)) = (matches.indices_of(flag), matches.get_many::<String>(flag))
            {
                given.extend(indices.zip(codes).map(|(index, code)| (index, code.clone(), severity)));
            }
        }
        given.sort_by_key(|(index, ..)| *index);
        Ok(Self(given.into_iter().map(|(_, code, severity)| (code, severity)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    #[default]
    Text,
    /// For a program: one line, schema 1
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BatchFormat {
    /// One report per line, schema 1
    #[default]
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// A table
    #[default]
    Text,
    /// One object with everything about each rule
    Json,
    /// The pages of all rules
    Markdown,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
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
        for code in codes {
            assert!(code == "CODE" || certgate::catalogue::find(code).is_some(), "{code}");
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
            (&["f.json", "--type", "global"], false),
            (&["f.json", "--at", "2027-01-01T00:00:00+08:00"], true),
            (&["f.json", "--at", "2027-01-01"], false),
        ] {
            let all = ["certgate", "check"].iter().chain(arguments);
            assert_eq!(Cli::try_parse_from(all).is_ok(), good, "{arguments:?}");
        }
    }
}
