//! A peer in another process: it reads the files, loops by itself and answers with nanoseconds per operation.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::inputs::{Input, directory};

/// How many measurements a process makes before another takes its place. Where the program and its stack lie in memory is a matter of
/// chance and makes some of Go's operations take twice as long: the median is over many chances.
const MEASUREMENTS: usize = 12;

/// A running helper program; its first line is its version.
pub struct Process {
    program: PathBuf,
    arguments: Vec<String>,
    measured: usize,
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
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let version = version.trim().to_owned();
        Some(Self { program: program.to_owned(), arguments, measured: 0, child, input, output, version })
    }

    /// Nanoseconds per operation.
    pub fn measure(&mut self, operation: &str, input: &Input, iterations: u64) -> Result<f64, String> {
        self.measured += 1;
        if self.measured > MEASUREMENTS {
            let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
            *self = Self::start(&self.program, &arguments).ok_or("does not start again")?;
        }
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
