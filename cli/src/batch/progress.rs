//! How far a batch is, on a terminal's standard error only.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The bar; absent where nobody would see it, or where reports go to the same terminal.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    checked: u64,
    rejected: u64,
}

impl Progress {
    pub(super) fn start(quiet: bool) -> Self {
        let seen = !quiet && io::stderr().is_terminal() && !io::stdout().is_terminal();
        Self { bar: seen.then(bar), checked: 0, rejected: 0 }
    }

    /// The reports of `lines` were written, `rejected` of which are rejected; the input was read up to `read` bytes.
    pub(super) fn report(&mut self, lines: u64, rejected: u64, read: u64) {
        let Some(bar) = &self.bar else { return };
        let before = self.checked;
        self.checked = self.checked.saturating_add(lines);
        self.rejected = self.rejected.saturating_add(rejected);
        bar.set_position(read);
        // Building the text for each form would be most of the cost.
        if before / 16 != self.checked / 16 {
            bar.set_message(self.counts());
        }
    }

    /// Replaces the bar by the counts.
    pub(super) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            let counts = self.counts();
            bar.finish_and_clear();
            let _ = io::Write::write_fmt(&mut io::stderr(), format_args!("{counts}\n"));
        }
    }

    fn counts(&self) -> String {
        format!("{} checked, {} rejected", self.checked, self.rejected)
    }
}

fn bar() -> ProgressBar {
    let length = input_length();
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr_with_hz(8));
    let template = match length {
        Some(_) => "{bar:30} {percent}% {msg} {bytes_per_sec} {eta} left",
        None => "{spinner} {msg} {bytes} {bytes_per_sec}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// The length of standard input, where it is a file.
#[cfg(unix)]
fn input_length() -> Option<u64> {
    use std::os::fd::AsFd;
    let input = io::stdin().as_fd().try_clone_to_owned().ok()?;
    let metadata = std::fs::File::from(input).metadata().ok()?;
    metadata.is_file().then_some(metadata.len())
}

#[cfg(not(unix))]
fn input_length() -> Option<u64> {
    None
}
