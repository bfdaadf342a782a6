//! The commands. Without one, the server runs.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use data_encoding::BASE32_NOPAD;
use serde::Serialize;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use crate::access::{Actions, hash_of, is_project, new_token, now};
use crate::failure::Failure;
use crate::keys::{open_master_key, open_store};
use crate::seal::{Owner, random, random_id};
use crate::settings::{Given, Settings};
use crate::store::audit::{self, Entry};
use crate::store::credentials::{self, Credential, Kind};
use crate::{openapi, rekey, serve};

/// The certificate endpoints of an API gateway: create, list, show, update, delete, check.
#[derive(Parser)]
#[command(name = "certgate-server", version, about, args_conflicts_with_subcommands = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    given: Given,
    /// A file of settings in TOML, by the names of the flags with `_` for `-`.
    #[arg(long, global = true, env = "CERTGATE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the settings as a file, and stop.
    #[arg(long)]
    print_config: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Tokens, for the header X-Auth-Token.
    #[command(subcommand)]
    Token(Credentials),
    /// Access keys, for signed requests (SDK-HMAC-SHA256).
    #[command(subcommand)]
    AccessKey(Credentials),
    /// Seal all stored secrets with another master key. Stop the server before.
    Rekey {
        /// The file of the new key; made where it is not there.
        #[arg(long, value_name = "FILE")]
        new_master_key: PathBuf,
    },
    /// Print the audit, one JSON object a line, oldest first.
    Audit {
        /// Only what came after the entry of this number.
        #[arg(long, default_value_t = 0)]
        after: i64,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Write a copy of the database to a new file, while the server runs.
    Backup {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Credentials {
    /// Make one, and print it: this once.
    New(New),
    /// List all, without their secrets.
    List,
    /// Refuse one from now on.
    Revoke {
        /// Its identifier, as `list` prints it.
        id: String,
    },
}

#[derive(Args)]
struct New {
    /// The project that it is for.
    #[arg(long)]
    project: String,
    /// What it allows: `read`, `write`, or apig:certificate:create, :update, :get, :list, :delete, separated by commas.
    #[arg(long, default_value = "write")]
    actions: Actions,
    /// How long it counts: 90d, 12h or 30m. Without this it has no end.
    #[arg(long, value_parser = duration)]
    expires: Option<Duration>,
}

/// Runs what the arguments ask for.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let settings = cli.given.settings(cli.config.as_deref())?;
    if cli.print_config {
        return print(&settings.to_file()?);
    }
    match cli.command {
        None => serve::run(settings),
        Some(Command::Token(command)) => of_credentials(&settings, Kind::Token, command),
        Some(Command::AccessKey(command)) => of_credentials(&settings, Kind::AccessKey, command),
        Some(Command::Rekey { new_master_key }) => rekey::run(&settings, &new_master_key),
        Some(Command::Audit { after }) => export(&settings, after),
        Some(Command::Openapi) => print(openapi::text()),
        Some(Command::Backup { file }) => {
            if matches!(std::fs::exists(&file), Ok(true)) {
                return Err(Failure::new(format!(
                    "{} is there already, and is not written over",
                    file.display()
                )));
            }
            Ok(open_store(&settings)?.backup(&file)?)
        }
    }
}

/// How many entries of the audit are in memory at once.
const TOGETHER: i64 = 1000;

fn export(settings: &Settings, mut after: i64) -> Result<(), Failure> {
    /// An entry with its number and a time that people can read.
    #[derive(Serialize)]
    struct Line<'a> {
        number: i64,
        time: String,
        #[serde(flatten)]
        entry: &'a Entry,
    }
    let store = open_store(settings)?;
    loop {
        let some = store.read(|transaction| audit::after(transaction, after, TOGETHER))?;
        let Some((last, _)) = some.last() else { return Ok(()) };
        after = *last;
        let mut lines = String::new();
        for (number, entry) in &some {
            let line = Line { number: *number, time: time_of(entry.at), entry };
            lines.push_str(&serde_json::to_string(&line).unwrap_or_default());
            lines.push('\n');
        }
        print(&lines)?;
    }
}

fn of_credentials(settings: &Settings, kind: Kind, command: Credentials) -> Result<(), Failure> {
    let store = open_store(settings)?;
    match command {
        Credentials::New(new) => {
            if !is_project(&new.project) {
                return Err(Failure::new("a project is 1 to 64 letters, digits, `-` and `_`"));
            }
            let credential = |id| {
                let created = now();
                Credential {
                    id,
                    project: new.project.clone(),
                    actions: new.actions.to_string(),
                    created: created.unix_timestamp(),
                    expires: new
                        .expires
                        .map(|after| created.unix_timestamp().saturating_add(after.whole_seconds())),
                    revoked: None,
                }
            };
            match kind {
                Kind::Token => {
                    let (token, id) = (new_token()?, random_id()?);
                    let (credential, hash) = (credential(id.clone()), hash_of(token.as_bytes()));
                    store.write(move |transaction| credentials::add_token(transaction, credential, hash))?;
                    note(&format!("token {id} of project {}: keep it, it is not shown again", new.project));
                    print(&Zeroizing::new(format!("{}\n", *token)))
                }
                Kind::AccessKey => {
                    let (master_key, _) = open_master_key(settings, &store)?;
                    let (id, secret) = (new_access_key()?, new_token()?);
                    let owner = Owner::AccessKey { project: &new.project, id: &id };
                    let sealed = master_key.seal(&owner, secret.as_bytes());
                    let sealed = sealed.map_err(|error| Failure::new(error.to_string()))?;
                    let credential = credential(id.clone());
                    store.write(move |transaction| {
                        credentials::add_access_key(transaction, credential, master_key.id(), sealed)
                    })?;
                    note(&format!(
                        "access key {id} of project {}: keep it, it is not shown again",
                        new.project
                    ));
                    print(&Zeroizing::new(format!("{id} {}\n", *secret)))
                }
            }
        }
        Credentials::List => {
            let all = store.read(|transaction| credentials::all(transaction, kind))?;
            let now = now().unix_timestamp();
            let line = |credential: &Credential| {
                let state = match credential {
                    Credential { revoked: Some(_), .. } => "revoked",
                    _ if credential.is_valid(now) => "valid",
                    _ => "expired",
                };
                let Credential { id, project, actions, created, expires, .. } = credential;
                let expires = expires.map_or_else(|| "-".to_owned(), time_of);
                format!("{id}\t{project}\t{actions}\t{}\t{expires}\t{state}\n", time_of(*created))
            };
            print(&all.iter().map(line).collect::<String>())
        }
        Credentials::Revoke { id } => {
            let (asked, now) = (id.clone(), now().unix_timestamp());
            let is_done =
                store.write(move |transaction| credentials::revoke(transaction, kind, &asked, now))?;
            if is_done { Ok(()) } else { Err(Failure::new(format!("there is no {id} to revoke"))) }
        }
    }
}

/// 20 letters and digits.
fn new_access_key() -> Result<String, Failure> {
    let mut octets = [0; 13];
    random(&mut octets)?;
    Ok(BASE32_NOPAD.encode(&octets).chars().take(20).collect())
}

fn time_of(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write 90d, 12h or 30m".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    match unit {
        "d" => Ok(Duration::days(number.into())),
        "h" => Ok(Duration::hours(number.into())),
        "m" => Ok(Duration::minutes(number.into())),
        _ => Err(wrong()),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|error| Failure::new(format!("standard output cannot be written: {}", error.kind())))
}

fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
