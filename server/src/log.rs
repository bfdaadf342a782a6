//! The log: one line a call on standard error, and what went wrong. Only this crate's own lines: what other crates log could hold a body.

use std::panic;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogForm, LogLevel, Settings};

/// Starts the log.
pub(crate) fn start(settings: &Settings) {
    let level = match settings.log_level {
        LogLevel::Error => Level::ERROR,
        LogLevel::Warn => Level::WARN,
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
        LogLevel::Trace => Level::TRACE,
    };
    let own = filter_fn(|about| about.target().starts_with("certgate_server"));
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    let lines = match settings.log {
        LogForm::Text => lines.boxed(),
        LogForm::Json => lines.json().flatten_event(true).boxed(),
    };
    // A second start, in a test, changes nothing.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .with(LevelFilter::from_level(level))
        .try_init();
}

/// A bug is reported by its place alone: a panic's text may hold what it failed on.
pub(crate) fn tell_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(place, "internal error");
    }));
}
