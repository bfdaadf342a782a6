//! The arguments of the commands that take what people hold: files, folders and archives.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::form::{FILES, PARTS, Parts};
use super::{Format, PolicyArgs, PoolArgs, TargetArgs, TrustArgs};

/// Where a passphrase comes from. It is never an argument: those are in the list of processes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Passphrase")]
#[group(multiple = false)]
pub(crate) struct PassphraseArgs {
    /// A file whose first line opens what is encrypted
    #[arg(long, value_name = "F")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The number of an open file (descriptor) whose first line opens what is encrypted
    #[arg(long, value_name = "N")]
    pub(crate) passphrase_fd: Option<u16>,
    /// The name of an environment variable that opens what is encrypted
    #[arg(long, value_name = "V")]
    pub(crate) passphrase_env: Option<String>,
}

impl PassphraseArgs {
    /// Whether one was given.
    pub(crate) const fn is_any(&self) -> bool {
        self.passphrase_file.is_some() || self.passphrase_fd.is_some() || self.passphrase_env.is_some()
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
A PATH is a JSON form, or what you hold: PEM, DER, PKCS#12, PKCS#7, a Java keystore, a zip or tar of your CA, a Kubernetes
Secret, a folder of any of these. The form is put together from it: each key with its certificate and chain. Where there are
several keys, each makes a form and gets a report. Of a folder, files in it are read, and links that stay in it or lie
directly in it.
Exit status: 0 accepted, 1 rejected or a part could not be read, 2 could not run.

Examples:
  certgate check form.json
  certgate check web.p12 --passphrase-file passphrase.txt
  certgate check /etc/letsencrypt/live/www.example.com
  certgate check fullchain.pem privkey.pem --host www.example.com
  certgate check - --format json < form.json
  certgate check --name web --cert enc.pem --key enc.key --sign-cert sign.pem --sign-key sign.key
  certgate check form.json --at 2027-01-01T00:00:00Z --deny chain-leaf-alone
  certgate check certs --format sarif > certgate.sarif
  certgate check cert.pem key.pem --intermediates ca-folder --trust system
  certgate check cert.pem key.pem --target nginx,java

A policy file contains only what differs from the reference page:
  name_letters = \"han\"
  rsa_min_bits = 3072
  [severity]
  chain-leaf-alone = \"error\"")]
pub(crate) struct Check {
    /// A JSON form, or the files, folders and archives that hold certificate and key; `-` is standard input
    #[arg(id = "form", value_name = "PATH", required_unless_present_any = PARTS, conflicts_with_all = FILES)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) parts: Parts,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// How to write the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: CheckFormat,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
A PATH is PEM or DER, or a folder, an archive or a keystore, of which each file inside is shown. Of a private key, only the type, the
size and digests of its public half are shown. A key belongs to the certificate that has the same `key SHA-256`; where there are
several files, the end says which key and which request is whose. The key pin is the SHA-256 in base64 (RFC 7469), TLSA the record of the key (RFC 6698).
Exit status: 0 all known and without an error, 1 a file is not known or has an error, 2 could not run.

Examples:
  certgate inspect fullchain.pem privkey.pem
  certgate inspect www.csr privkey.pem
  certgate inspect ca-delivery.zip www.p12 --passphrase-file passphrase.txt
  certgate inspect /etc/letsencrypt/live/www.example.com --format mermaid
  certgate inspect --at none --format json *.pem")]
pub(crate) struct Inspect {
    /// The files, folders and archives; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: InspectFormat,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For a person
    #[default]
    Text,
    /// For a program: a line for each file, schema 1
    Json,
    /// A flowchart of issuers and keys, for Mermaid
    Mermaid,
    /// The same for Graphviz
    Dot,
}

#[derive(Debug, Args)]
#[command(after_help = "\
OLD and NEW are PEM, DER, a JSON form, or anything else that holds a certificate. Of a chain the server's certificate is compared,
of two forms with SM2 both. What the new one takes away is told as in an update, by the rules update-names-lost,
update-expires-earlier and update-same-key; --deny CODE and --strict make errors of them.
Exit status: 0 compared, 1 a finding of the comparison is an error, 2 could not run.

Examples:
  certgate diff old.pem new.pem
  certgate diff old.pem new.pem --deny update-names-lost
  certgate diff stored.json form.json --format json")]
pub(crate) struct Diff {
    /// The certificate that is replaced
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The certificate that replaces it
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// How to write the differences
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The folder gets form.json (the body of an upload), chain.pem and key.pem; for an SM2 double set also sign-chain.pem and
sign-key.pem. Several keys get a folder each. Files are written with mode 600, and none is written over.
Standard error says what was written, and what was left out and why.
Exit status: 0 assembled, 1 no key belongs to a certificate or a part could not be read, 2 could not run.

Examples:
  certgate assemble web.p12 -o web --passphrase-file passphrase.txt
  certgate assemble ca-delivery.zip www.key -o www --name www_example")]
pub(crate) struct Assemble {
    /// Files, folders and archives; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder for the result
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// The certificate's name; without it, one is made from the certificate
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    #[command(flatten)]
    pub(crate) pool: PoolArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
One line for each key with its certificate, the worst first. Then what the pairs share: a key in several certificates, primes
of RSA keys. Then what could not be read.
Exit status: 0 all accepted, 1 a pair is rejected or a part could not be read, 2 could not run.

Examples:
  certgate scan /etc/ssl --expires-within 30d --strict
  certgate scan pairs --format csv > pairs.csv")]
pub(crate) struct Scan {
    /// Files, folders and archives; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// How to write the table
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: ScanFormat,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For a person
    #[default]
    Text,
    /// For a program: a line for each form, schema 1
    Json,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For CI servers: JUnit XML
    Junit,
    /// For a job of GitHub: an annotation for each finding
    Github,
    /// For a job of GitLab: a code quality report
    Gitlab,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanFormat {
    /// For a person
    #[default]
    Text,
    /// One object a pair and line, then one with the sums, schema 1
    Json,
    /// For a spreadsheet: a line of names, then one line a pair
    Csv,
}
