//! What is compared: each subject is one operation of one library.

mod certgate;
#[cfg(feature = "openssl")]
mod openssl;
mod process;
mod rust;

use cpu_time::ThreadTime;

use crate::inputs::Input;

/// The subject that all ratios are to.
pub const PAIR: (&str, &str) = ("certgate", "pair");

/// One operation of one library.
pub struct Subject {
    /// The library.
    pub peer: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The library's version.
    pub version: String,
    /// What a success shows.
    pub shows: &'static str,
    /// What it does not show.
    pub lacks: &'static str,
    /// Nanoseconds per operation over that many iterations, or why it cannot be done.
    pub measure: Box<Measure>,
}

/// Input and iterations to nanoseconds per operation.
pub type Measure = dyn FnMut(&Input, u64) -> Result<f64, String>;

/// One run of an operation.
pub type Operation<'i> = Box<dyn FnMut() -> Result<(), String> + 'i>;

impl Subject {
    /// Library and operation.
    pub fn name(&self) -> String {
        format!("{} {}", self.peer, self.operation)
    }
}

/// All that are present.
pub fn all() -> Vec<Subject> {
    let mut subjects = certgate::all();
    subjects.extend(process::all());
    #[cfg(feature = "openssl")]
    subjects.extend(openssl::all());
    #[cfg(not(feature = "openssl"))]
    eprintln!("OpenSSL: skipped, its headers are absent (feature `openssl`)");
    subjects.extend(rust::all());
    subjects
}

/// The index of a subject.
pub fn find(subjects: &[Subject], (peer, operation): (&str, &str)) -> Option<usize> {
    subjects.iter().position(|subject| subject.peer == peer && subject.operation == operation)
}

/// Measures inside this process, in processor time, so that other work on the machine counts as little as it can: `prepare` is not
/// timed.
pub fn here(prepare: impl for<'i> Fn(&'i Input) -> Result<Operation<'i>, String> + 'static) -> Box<Measure> {
    Box::new(move |input, iterations| {
        let mut operation = prepare(input)?;
        operation()?;
        let start = ThreadTime::now();
        for _ in 0..iterations {
            operation()?;
        }
        Ok(start.elapsed().as_nanos() as f64 / iterations as f64)
    })
}
