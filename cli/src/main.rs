//! The command line of certgate: see `certgate --help`.
#![forbid(unsafe_code)]

mod advice;
mod args;
mod assemble;
mod assembled;
mod batch;
mod check;
mod ci;
mod convert;
mod diff;
mod explain;
mod failure;
mod fix;
mod held;
mod input;
mod inspect;
mod json;
mod keystore;
mod lines;
mod passphrase;
mod policy;
mod quote;
mod repaired;
mod rules;
mod scan;
mod style;
mod table;
mod targets;
mod text;
mod trust;
mod usage;

use std::io::{self, Write};
use std::panic;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::failure::{About, Failure, io_reason};

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Accepted, or nothing to judge.
    Accepted,
    /// Something is wrong with the input.
    Rejected,
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(tell_panic));
    let arguments: Vec<_> = std::env::args_os().collect();
    let result = panic::catch_unwind(|| match Cli::try_parse_from(&arguments) {
        Ok(cli) => run(cli),
        Err(error) => usage::answer(&error, &arguments),
    });
    match result {
        Ok(Ok(Outcome::Accepted)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Rejected)) => ExitCode::from(1),
        Ok(Err(failure)) => {
            let _ = writeln!(io::stderr(), "certgate: {failure}");
            if usage::asks_for_json(&arguments)
                && !failure.is_printed
                && let Ok(line) = json::failure(&failure, None)
            {
                let _ = print(&line);
            }
            ExitCode::from(2)
        }
        // The hook has spoken.
        Err(_) => ExitCode::from(2),
    }
}

/// A bug is reported by its place alone: a panic's text may hold what it failed on.
fn tell_panic(panic: &panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
    let _ =
        writeln!(io::stderr(), "certgate: internal error{place}: please report it, but do not send the key");
}

fn run(cli: Cli) -> Result<Outcome, Failure> {
    style::choose(cli.color);
    match cli.command {
        Command::Check(command) => check::run(&command, cli.quiet),
        Command::Inspect(command) => inspect::run(&command, cli.quiet),
        Command::Diff(command) => diff::run(&command, cli.quiet),
        Command::Assemble(command) => assemble::run(&command),
        Command::Convert(command) => convert::run(&command),
        Command::Scan(command) => scan::run(&command, cli.quiet),
        Command::Batch(command) => batch::run(&command, cli.quiet),
        Command::Fix(command) => fix::run(&command, cli.quiet),
        Command::Explain(command) => explain::run(&command),
        Command::Rules(command) => rules::run(&command),
        Command::Targets(command) => targets::run(&command),
        Command::Completions(command) => print(&completions(command.shell)),
        Command::Man(command) => man(&command.output),
    }
}

fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    let mut command = <Cli as clap::CommandFactory>::command();
    clap_complete::generate(shell, &mut command, "certgate", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Writes `certgate.1` and a page for each command.
fn man(folder: &Path) -> Result<Outcome, Failure> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(<Cli as clap::CommandFactory>::command(), folder))
        .map_err(|error| {
            let text = format!("{} could not be written: {}", usage::name_of(folder), io_reason(&error));
            Failure::new(About::Output, text)
        })?;
    Ok(Outcome::Accepted)
}

/// Writes a command's whole output, and says so if that fails. That a program such as `head` has read enough is not a failure.
fn print(text: &str) -> Result<Outcome, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(&error)),
        _ => Ok(Outcome::Accepted),
    }
}
