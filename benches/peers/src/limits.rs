//! Inputs at the limits: how long the worst of each kind takes.

use std::hint::black_box;
use std::time::Duration;

use certgate::{CertificateForm, Policy, validate};
use certgate_forge::size::{self, Family};
use cpu_time::ThreadTime;
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

const SIZES: [(&str, usize, Duration); 2] =
    [("64 KiB", 64 << 10, Duration::from_millis(5)), ("1 MiB", 1 << 20, Duration::from_millis(60))];

/// Prints the time of each family at each size: the best of a few runs, report as JSON included.
pub fn print() {
    println!(
        "\n## Inputs at the limits\n\nWhole check and report as JSON, milliseconds of processor time, the best of five (goal: 5 at 64 KiB, 60 at 1 MiB):\n"
    );
    println!("| what grows | {} | {} | |\n|---|---:|---:|---|", SIZES[0].0, SIZES[1].0);
    for family in size::FAMILIES {
        let times: Vec<_> = SIZES.iter().map(|&(_, bytes, _)| time(family, bytes)).collect();
        let met = times.iter().zip(SIZES).all(|(time, (_, _, goal))| *time <= goal);
        let figures: Vec<_> = times.iter().map(|time| format!("{:.2}", time.as_secs_f64() * 1e3)).collect();
        println!("| {} | {} | {} |", family.grows, figures.join(" | "), if met { "met" } else { "not met" });
        eprint!("\r{:20}", family.name);
    }
    eprintln!();
}

fn time(family: &Family, bytes: usize) -> Duration {
    let form: CertificateForm = serde_json::from_value((family.make)(bytes).value()).expect("a form");
    let policy = Policy::default();
    let once = || {
        let start = ThreadTime::now();
        let report = match validate(black_box(&form), &policy, NOW) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        black_box(serde_json::to_string(&report).expect("a report is JSON"));
        start.elapsed()
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}
