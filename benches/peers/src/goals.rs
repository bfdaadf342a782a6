//! The goals that one run can decide.

use crate::inputs::Input;
use crate::rounds::Rounds;
use crate::subjects::{PAIR, Subject, find};
use crate::table::text;

struct Goal {
    what: &'static str,
    above: (&'static str, &'static str),
    below: &'static [(&'static str, &'static str)],
    /// The input above, the input below, and the bound.
    bounds: &'static [(&'static str, &'static str, Bound)],
    /// Why it is hard, told where a bound is not met.
    reason: &'static str,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

use Bound::{AtLeast, AtMost};

const GOALS: &[Goal] = &[
    Goal {
        what: "Go's X509KeyPair by certgate's pair",
        above: ("Go", "X509KeyPair"),
        below: &[PAIR],
        bounds: &[
            ("RSA-2048", "RSA-2048", AtLeast(10.0)),
            ("RSA-4096", "RSA-4096", AtLeast(12.0)),
            ("P-256", "P-256", AtLeast(2.0)),
            ("P-384", "P-384", AtLeast(1.6)),
            ("P-521", "P-521", AtLeast(4.0)),
        ],
        reason: "the proof alone is most of it: on P-256 ring's assembly, on P-384 the crate's own point additions from the largest table that pays; Go's figure moves by a tenth with its collector",
    },
    Goal {
        what: "certgate's pair, SM2 by P-256",
        above: PAIR,
        below: &[PAIR],
        bounds: &[("SM2", "P-256", AtMost(2.5))],
        reason: "the sm2 crate has no assembly, ring's P-256 has",
    },
    Goal {
        what: "OpenSSL's compare by certgate's pair",
        above: ("OpenSSL", "compare"),
        below: &[PAIR],
        bounds: &[
            ("RSA-2048", "RSA-2048", AtLeast(20.0)),
            ("P-256", "P-256", AtLeast(20.0)),
            ("P-384", "P-384", AtLeast(5.0)),
            ("P-521", "P-521", AtLeast(5.0)),
        ],
        reason: "the proof, which OpenSSL's compare does not make, is nearly all of it",
    },
    Goal {
        what: "Go's ParseCertificate by certgate's metadata",
        above: ("Go", "ParseCertificate"),
        below: &[("certgate", "metadata")],
        bounds: &[("RSA-2048", "RSA-2048", AtLeast(2.0)), ("P-256", "P-256", AtLeast(2.0))],
        reason: "the strict walk over the DER and the rules of a leaf are in it, and the JSON",
    },
    Goal {
        what: "whole check by its proof and one DER parse",
        above: ("certgate", "whole check"),
        below: &[("certgate", "proof"), ("x509-parser", "parse_x509_certificate")],
        bounds: &[
            ("RSA-2048", "RSA-2048", AtMost(1.35)),
            ("RSA-4096", "RSA-4096", AtMost(1.35)),
            ("P-256", "P-256", AtMost(1.35)),
            ("P-384", "P-384", AtMost(1.35)),
            ("P-521", "P-521", AtMost(1.35)),
        ],
        reason: "the proof became faster than the rest: two PEM texts, the strict DER walk with its rules, the key's own rules, metadata and JSON take 6 to 9 µs whatever the key",
    },
];

/// Prints each goal with its figure.
pub fn print(inputs: &[Input], subjects: &[Subject], measured: &Rounds) {
    println!("\n## Goals\n\n| ratio | input | goal | figure | |\n|---|---|---:|---:|---|");
    let input = |name| inputs.iter().position(|input| input.name == name);
    for goal in GOALS {
        for &(above, below, bound) in goal.bounds {
            let figure = (|| {
                let above = (input(above)?, find(subjects, goal.above)?);
                let below: Option<Vec<_>> = goal
                    .below
                    .iter()
                    .map(|&subject| Some((input(below)?, find(subjects, subject)?)))
                    .collect();
                measured.ratio_of_sum(above, &below?)
            })();
            let (wanted, met) = match bound {
                AtLeast(bound) => (format!("≥ {bound}"), figure.map(|figure| figure >= bound)),
                AtMost(bound) => (format!("≤ {bound}"), figure.map(|figure| figure <= bound)),
            };
            let verdict = match met {
                Some(true) => "met".to_owned(),
                Some(false) => format!("not met: {}", goal.reason),
                None => "not measured".to_owned(),
            };
            println!(
                "| {} | {above} | {wanted} | {} | {verdict} |",
                goal.what,
                figure.map_or("–".to_owned(), text)
            );
        }
    }
}
