//! A peer in another process: it reads the files, loops by itself and answers with nanoseconds per operation.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::inputs::{Input, directory};

/// A running helper program; its first line is its version.
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// What it says of itself.
    pub version: String,
}

impl Process {
    /// Starts the program; `None` where it is absent.
    pub fn start(program: &Path, arguments: &[&str]) -> Option<Self> {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(directory())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let input = child.stdin.take()?;
        let mut output = BufReader::new(child.stdout.take()?);
        let mut version = String::new();
        output.read_line(&mut version).ok().filter(|&read| read > 0)?;
        Some(Self { child, input, output, version: version.trim().to_owned() })
    }

    /// Nanoseconds per operation.
    pub fn measure(&mut self, operation: &str, input: &Input, iterations: u64) -> Result<f64, String> {
        writeln!(self.input, "{operation} {} {iterations}", input.slug).map_err(|error| error.to_string())?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(|error| error.to_string())?;
        line.trim().parse().map_err(|_| line.trim().trim_start_matches("error: ").to_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
