//! What the border costs: a check by `certgate_check`, and the same check by the library, in turns. `cargo run --release -p certgate-c --example cost FORM.json`.
#![allow(clippy::restriction, unsafe_code)]

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs, ptr};

use certgate::json::{self, Options};
use certgate::time::macros::datetime;

const ROUNDS: usize = 41;
const CHECKS: u32 = 100;

fn main() {
    let path = env::args().nth(1).expect("a file with a form");
    let form = fs::read(path).unwrap();
    let options = Options::new(datetime!(2026-06-01 0:00 UTC));
    let (mut library, mut border) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        library.push(time(|| drop(black_box(json::check(black_box(&form), &options).unwrap()))));
        border.push(time(|| cross(black_box(&form))));
    }
    let (library, border) = (median(library), median(border));
    let more = 100.0 * (border.as_secs_f64() / library.as_secs_f64() - 1.0);
    eprintln!(
        "library {library:?}, border {border:?}: {more:+.1} %; median of {ROUNDS} rounds of {CHECKS} checks"
    );
}

fn cross(form: &[u8]) {
    let options = c"{\"at\": \"2026-06-01T00:00:00Z\"}";
    let mut text = ptr::null_mut();
    // SAFETY: pointer and length are of one slice, the options are a string, and the text is given back once.
    unsafe {
        let status =
            certgate_c::certgate_check(form.as_ptr().cast(), form.len(), options.as_ptr(), &mut text);
        assert!(status >= 0);
        certgate_c::certgate_free(black_box(text));
    }
}

/// The time of one check, of many.
fn time(check: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..CHECKS).for_each(|_| check());
    start.elapsed() / CHECKS
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
