//! The arguments: the one place that parsing, help, completions and man pages come from.

mod form;
mod held;
mod policy;
mod target;
mod trust;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use form::{FormArgs, Parts};
pub(crate) use held::{
    Assemble, Check, CheckFormat, Diff, Inspect, InspectFormat, PassphraseArgs, Scan, ScanFormat,
};
pub(crate) use policy::{Clock, PolicyArgs};
pub(crate) use target::{Convert, OutPassphraseArgs, TargetArgs, Targets};
pub(crate) use trust::{PoolArgs, TrustArgs};

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
    /// When to use colour
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", global = true, display_order = 900)]
    pub(crate) color: Color,
    /// Print no report: the exit status says the verdict (`batch` and `fix` still print their output)
    #[arg(short, long, global = true, display_order = 901)]
    pub(crate) quiet: bool,
}

const EXIT_STATUS: &str = "Exit status: 0 accepted, 1 rejected, 2 could not run.";

const EXAMPLES: &str = "\
Exit status: 0 accepted, 1 rejected, 2 could not run.

Examples:
  certgate check form.json
  certgate check fullchain.pem privkey.pem
  certgate check web.p12 --passphrase-file passphrase.txt
  certgate scan /etc/ssl --expires-within 30d
  certgate inspect fullchain.pem privkey.pem
  certgate fix form.json -o fixed.json
  certgate batch < forms.ndjson > reports.ndjson
  certgate explain match-other-key";

// One value of it exists in a run.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check one upload: a JSON form, or the files, folders and archives that hold certificate and key
    Check(Check),
    /// Show what files hold: certificates, keys, requests
    Inspect(Inspect),
    /// Compare a certificate with the one that it replaces
    Diff(Diff),
    /// Put a form together from files, folders and archives, and write it
    Assemble(Assemble),
    /// Write certificate and key as a target wants them
    Convert(Convert),
    /// List the pairs of certificate and key in files and folders, the worst first
    Scan(Scan),
    /// Check many forms: one JSON object per line in, one report per line out
    Batch(Batch),
    /// Fix what can be fixed: the form on standard output, each edit on standard error
    Fix(Fix),
    /// Explain a rule (what it checks, why, and what to do), or a target
    Explain(Explain),
    /// List all rules
    Rules(Rules),
    /// List the targets: programs and services that load certificates
    Targets(Targets),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Write the man pages
    Man(Man),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Each report carries the number of its line, and its `id`, a number or a text of at most 40 characters. Blank lines
are skipped. A line over 4 MiB, or one that is not a JSON object, gets a report too, and the next line is read.
With --fleet one more object follows the last report. It says which RSA keys share a prime, so that anyone can compute
them, and which key is in certificates with different names. Its errors count for the exit status.
Exit status: 0 all accepted, 1 any rejected, 2 could not run.

Examples:
  certgate batch < forms.ndjson > reports.ndjson
  jq -c '.[]' forms.json | certgate batch --at none --threads 4
  certgate batch --fleet < forms.ndjson | tail -n 1 | jq .findings")]
pub(crate) struct Batch {
    /// How to write the reports
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: BatchFormat,
    /// How many forms to check at the same time [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Compare the keys of all forms, and report at the end what they share (10,000 RSA keys take half a minute)
    #[arg(long)]
    pub(crate) fleet: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A fix adds nothing new: it writes the same certificates and keys again, each once, in the right order and field.
The output holds the private key. Files are written with mode 600. Standard output is refused on a terminal, and in a
job where CI is set, unless you add --show-secrets.
Exit status: 0 the fixed form is accepted, 1 errors remain (the form is written anyway), 2 could not run.

Examples:
  certgate fix form.json -o fixed.json
  certgate fix form.json --out-cert fullchain.pem --out-key privkey.pem
  certgate fix form.json | certgate check -
  certgate fix form.json --format json > plan.json    # the form, each edit with the rules that it fixes, and the report")]
pub(crate) struct Fix {
    #[command(flatten)]
    pub(crate) form: FormArgs,
    /// How to write the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Print the form, with the private key in it, even on a terminal or where CI is set
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Write the form to this file
    #[arg(short, long, value_name = "FILE", conflicts_with_all = OUTPUTS)]
    pub(crate) output: Option<PathBuf>,
    /// Write `cert_content` to this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) out_cert: Option<PathBuf>,
    /// Write `private_key` to this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) out_key: Option<PathBuf>,
    /// Write `cert_content_sign` to this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) out_sign_cert: Option<PathBuf>,
    /// Write `private_key_sign` to this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) out_sign_key: Option<PathBuf>,
    /// Write `trusted_root_ca` to this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) out_root_ca: Option<PathBuf>,
    /// Write over a file that is there already
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

const OUTPUTS: [&str; 5] = ["out_cert", "out_key", "out_sign_cert", "out_sign_key", "out_root_ca"];

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  certgate explain match-other-key\n  certgate explain target nginx")]
pub(crate) struct Explain {
    /// The rule's code, as a report shows it in brackets
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    /// After the word `target`: the name of a target
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
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

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  certgate man -o ~/.local/share/man/man1 && man certgate-check")]
pub(crate) struct Man {
    /// Write the pages into this folder, one for each command; it is made where it is missing
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it everywhere
    #[default]
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
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
mod tests;
