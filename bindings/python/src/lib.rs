//! certgate for Python: the calls of [`certgate::json`], as functions over `bytes`. The classes that Python programs see are in `python/certgate`.
//!
//! While the library works, other threads of Python run.

mod table;

use std::time::SystemTime;

use certgate::json::{self, Answer, JsonError, Options};
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

create_exception!(
    certgate,
    OptionsError,
    PyValueError,
    "The time or the policy of a call is not what certgate takes."
);
create_exception!(certgate, UnknownRuleError, PyValueError, "No rule has that code.");

/// What the package calls. Nothing is kept between calls, so that it needs no lock of the interpreter.
#[pymodule(gil_used = false)]
mod _certgate {
    #[pymodule_export]
    use super::{OptionsError, UnknownRuleError, check, check_many, explain, fix, inspect, prove, rules};

    #[pymodule_export]
    use super::table::check_table;

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}

/// The report on a form.
#[pyfunction]
fn check(py: Python<'_>, form: &[u8], options: &[u8]) -> PyResult<String> {
    let options = read(options)?;
    told(py.detach(|| json::check(form, &options)))
}

/// The reports on many forms, in their order, made by so many threads; by one for each core where the number is 0.
#[pyfunction]
fn check_many(
    py: Python<'_>,
    forms: Vec<Bound<'_, PyBytes>>,
    options: &[u8],
    threads: usize,
) -> PyResult<Vec<String>> {
    let options = read(options)?;
    let forms: Vec<&[u8]> = forms.iter().map(|form| form.as_bytes()).collect();
    let pool = pool(threads)?;
    let check = |form: &&[u8]| json::check(form, &options);
    let answers: Vec<_> = py.detach(|| pool.install(|| forms.par_iter().map(check).collect()));
    answers.into_iter().map(told).collect()
}

/// What a file holds.
#[pyfunction]
fn inspect(py: Python<'_>, file: &[u8], options: &[u8]) -> PyResult<String> {
    let options = read(options)?;
    told(py.detach(|| json::inspect(file, &options)))
}

/// The repair of a form, with its keys.
#[pyfunction]
fn fix(py: Python<'_>, form: &[u8], options: &[u8]) -> PyResult<String> {
    let options = read(options)?;
    told(py.detach(|| json::fix(form, &options)))
}

/// Whether a key belongs to a certificate.
#[pyfunction]
fn prove(py: Python<'_>, certificate: &[u8], key: &[u8], options: &[u8]) -> PyResult<String> {
    let options = read(options)?;
    told(py.detach(|| json::prove(certificate, key, &options)))
}

/// The page of a rule.
#[pyfunction]
fn explain(code: &str) -> PyResult<String> {
    json::explain(code).map_err(failed)
}

/// All rules.
#[pyfunction]
fn rules() -> PyResult<String> {
    json::rules().map_err(failed)
}

/// Reads the options. Where they say no time, it is that of the computer.
fn read(options: &[u8]) -> PyResult<Options> {
    Options::from_json(options, SystemTime::now()).map_err(|error| OptionsError::new_err(error.to_string()))
}

/// So many threads; one for each core where the number is 0.
fn pool(threads: usize) -> PyResult<ThreadPool> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|_| PyRuntimeError::new_err("the threads cannot be started"))
}

fn told(answer: Result<Answer, JsonError>) -> PyResult<String> {
    answer.map(|answer| answer.to_string()).map_err(failed)
}

fn failed(error: JsonError) -> PyErr {
    let told = error.to_string();
    match error {
        JsonError::UnknownRule => UnknownRuleError::new_err(told),
        _ => PyRuntimeError::new_err(told),
    }
}
