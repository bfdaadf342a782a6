//! The certificate endpoints of an API gateway over certgate: see `certgate-server --help` and `docs/server.md`.
#![forbid(unsafe_code)]

mod access;
mod answer;
mod app;
mod body;
mod certificates;
mod commands;
mod failure;
mod form;
mod keys;
mod log;
mod metrics;
mod openapi;
mod page;
mod pool;
mod query;
mod rate;
mod rekey;
mod seal;
mod serve;
mod settings;
mod signature;
mod store;
mod tls;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    log::tell_panics();
    match commands::run(commands::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "certgate-server: {failure}");
            ExitCode::from(2)
        }
    }
}
