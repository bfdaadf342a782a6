//! Whole forms, JSON in and report out, of a leaf and its issuers: the library, the library with an issuer cache, `certgate batch`, and a
//! peer, in turn, on the same forms. Prints Markdown. Each form of a row has its own leaf, so that no cache knows its signature.
//!
//! `cargo run --release -p certgate-benches --example forms -- [--batch CERTGATE] [--peer PROGRAM] [--rounds 9] [--forms 200] [ROW...]`
//!
//! PROGRAM reads forms, one a line, and prints `12.3 us a form, …`. Without CERTGATE or PROGRAM their columns are left out. The limit is what
//! the proofs of the keys and the signatures of the links take by themselves, with this library's arithmetic.

#![allow(
    missing_docs,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use certgate::certificate::{self, Certificate, Role};
use certgate::internals::{Links, prove};
use certgate::key::PrivateKey;
use certgate::{At, CertificateForm, Check, IssuerCache, Policy};
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::chain::{self, SM2_ENC_USAGE, SM2_SIGN_USAGE};
use certgate_forge::form::Form;
use certgate_forge::key::{self, Key};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

/// A kind of upload: what to call it, and its leaf's key and those of its issuers, the root's last. The root is not in the form. A leaf without
/// issuers is self-signed.
struct Row(&'static str, fn() -> Vec<Key>);

const ROWS: [Row; 16] = [
    Row("RSA-2048 under RSA-2048", || vec![key::rsa2048(0), key::rsa2048(2), key::rsa4096()]),
    Row("P-256 under RSA-2048", || vec![key::p256(0), key::rsa2048(2), key::rsa4096()]),
    Row("SM2, two pairs under SM2", || vec![key::sm2_enc(), key::sm2_ca(), key::sm2_root()]),
    Row("P-256 under P-256", || vec![key::p256(0), key::p256(1), key::p384(1)]),
    Row("P-256 under P-384", || vec![key::p256(0), key::p384(0), key::p384(1)]),
    Row("P-384 under P-384", || vec![key::p384(0), key::p384(1), key::p521(1)]),
    Row("P-521 under P-521", || vec![key::p521(0), key::p521(1), key::p384(1)]),
    Row("RSA-2048 under RSA-4096", || vec![key::rsa2048(0), key::rsa4096(), key::rsa4096_other()]),
    Row("RSA-4096 under RSA-4096", || vec![key::rsa4096(), key::rsa4096_other(), key::rsa2048(1)]),
    Row("RSA-2048, three in the chain", || {
        vec![key::rsa2048(0), key::rsa2048(2), key::rsa2048(1), key::rsa4096()]
    }),
    Row("P-256 under RSA, three", || vec![key::p256(0), key::rsa2048(2), key::rsa2048(1), key::rsa4096()]),
    Row("P-256 under P-256, three", || vec![key::p256(0), key::p256(1), key::p256(2), key::p384(1)]),
    Row("P-256 under P-256 and P-384, four", || {
        vec![key::p256(0), key::p256(1), key::p384(0), key::p384(1), key::p521(1)]
    }),
    Row("SM2, two pairs, three in each chain", || {
        vec![key::sm2_enc(), key::sm2_ca(), key::sm2_other1(), key::sm2_root()]
    }),
    Row("RSA-2048, self-signed", || vec![key::rsa2048(0)]),
    Row("P-256, self-signed", || vec![key::p256(0)]),
];

struct Options {
    batch: Option<PathBuf>,
    peer: Option<PathBuf>,
    rounds: usize,
    forms: usize,
    rows: Vec<String>,
}

impl Options {
    fn read() -> Self {
        let mut options = Self { batch: None, peer: None, rounds: 9, forms: 200, rows: Vec::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().expect("a value");
            match argument.as_str() {
                "--batch" => options.batch = Some(value().into()),
                "--peer" => options.peer = Some(value().into()),
                "--rounds" => options.rounds = value().parse().expect("a number of rounds"),
                "--forms" => options.forms = value().parse().expect("a number of forms"),
                _ => options.rows.push(argument),
            }
        }
        options
    }
}

/// The forms of a row, one a line, and the certificates and keys of the first.
struct Forms {
    lines: Vec<String>,
    file: PathBuf,
    pairs: Vec<(Vec<Issued>, Key)>,
}

impl Forms {
    fn make(row: &Row, number: usize, directory: &Path) -> Self {
        let keys = row.1();
        let issuers = issuers(&keys[1..]);
        let with = |leaf: Cert, serial: usize| {
            let mut octets = vec![0x41];
            octets.extend(u32::try_from(serial).expect("a small number").to_be_bytes());
            let leaf = leaf.serial(octets);
            let leaf = match issuers.first() {
                Some(issuer) => leaf.issued_by(issuer),
                None => leaf.self_signed(),
            };
            [vec![leaf], issuers.clone()].concat()
        };
        let is_sm2 = row.0.starts_with("SM2");
        let mut pairs = Vec::new();
        let mut lines = Vec::new();
        for serial in 0..number {
            let of = |key: &Key, usage| match is_sm2 {
                true => with(
                    chain::sm2_leaf(key.clone(), usage),
                    serial * 2 + usize::from(usage == SM2_SIGN_USAGE),
                ),
                false => with(chain::plain_leaf(key.clone()), serial),
            };
            let first = of(&keys[0], SM2_ENC_USAGE);
            let algorithm = match &keys[0] {
                _ if is_sm2 => "SM2",
                Key::Rsa(_) => "RSA",
                _ => "ECC",
            };
            let mut form = Form::of(algorithm, &first);
            let mut both = vec![(first, keys[0].clone())];
            if is_sm2 {
                let second = of(&key::sm2_sign(), SM2_SIGN_USAGE);
                form = form.signed_with(&second);
                both.push((second, key::sm2_sign()));
            }
            lines.push(form.value().to_string());
            if pairs.is_empty() {
                pairs = both;
            }
        }
        let file = directory.join(format!("{}.ndjson", row.0.replace([' ', ','], "-")));
        std::fs::write(&file, lines.join("\n") + "\n").expect("the forms are written");
        Self { lines, file, pairs }
    }
}

/// CA certificates of these keys, each signed by the next, the last by itself; the last is left out.
fn issuers(keys: &[Key]) -> Vec<Issued> {
    let Some((root, others)) = keys.split_last() else { return Vec::new() };
    let mut chain = vec![Cert::ca("Forge Bench Root").key(root.clone()).self_signed()];
    for (index, key) in others.iter().enumerate().rev() {
        let above = &chain[0];
        let issuer = Cert::ca(&format!("Forge Bench CA {index}")).key(key.clone()).issued_by(above);
        chain.insert(0, issuer);
    }
    chain.pop();
    chain
}

/// Time of one form, JSON to report.
fn library(lines: &[String], policy: &Policy, cache: Option<&IssuerCache>) -> Duration {
    let start = Instant::now();
    for line in lines {
        let form = CertificateForm::from_json(black_box(line.as_bytes())).expect("a form");
        let check = Check::new(&form, policy, At::from(NOW));
        let check = match cache {
            Some(cache) => check.cache(cache),
            None => check,
        };
        let report = match check.run() {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => panic!("a form of the bench is rejected: {:#?}", rejected.report()),
        };
        black_box(serde_json::to_string(&report).expect("JSON"));
    }
    start.elapsed() / u32::try_from(lines.len()).expect("few forms")
}

/// Time of one form in a process that reads them all; what an empty input takes is not counted.
fn batch(program: &Path, file: &Path, forms: usize) -> Duration {
    let run = |input: Stdio| {
        let start = Instant::now();
        let status = Command::new(program)
            .args(["batch", "--threads", "1", "--at", "2026-06-01T00:00:00Z"])
            .stdin(input)
            .stdout(Stdio::null())
            .status()
            .expect("certgate runs");
        assert!(status.success(), "batch rejects a form of the bench");
        start.elapsed()
    };
    let empty = run(Stdio::null());
    let all = run(File::open(file).expect("the forms").into());
    all.saturating_sub(empty) / u32::try_from(forms).expect("few forms")
}

/// The peer's own figure.
fn peer(program: &Path, file: &Path) -> Duration {
    let output =
        Command::new(program).stdin(File::open(file).expect("the forms")).output().expect("the peer runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains(" 0 refused"), "the peer refuses a form: {text}");
    let figure = text.split(' ').next().and_then(|number| number.parse::<f64>().ok()).expect("microseconds");
    Duration::from_secs_f64(figure / 1e6)
}

/// What is left when nothing but the arithmetic is done: each key's proof, and each link's signature.
fn limit(pairs: &[(Vec<Issued>, Key)], policy: &Policy) -> Duration {
    let ders: Vec<Vec<Vec<u8>>> =
        pairs.iter().map(|(chain, _)| chain.iter().map(|issued| issued.der.clone()).collect()).collect();
    let read =
        |der| certificate::check(der, Role::Issuer, policy, At::NotEvaluated).value.expect("a certificate");
    let chains: Vec<Vec<Certificate<'_>>> =
        ders.iter().map(|chain| chain.iter().map(|der| read(der)).collect()).collect();
    let keys: Vec<PrivateKey> =
        pairs.iter().map(|(_, key)| PrivateKey::from_der(&key.pkcs8()).expect("a key")).collect();
    let times = 100;
    let start = Instant::now();
    for _ in 0..times {
        let links = Links::default();
        for (chain, key) in chains.iter().zip(&keys) {
            prove(black_box(chain[0].public_key().expect("a key")), key).expect("a pair");
            for link in chain.windows(2) {
                assert!(links.is_signed_by(black_box(&link[0]), &link[1]));
            }
            if let [leaf] = chain.as_slice() {
                assert!(links.is_signed_by(black_box(leaf), leaf));
            }
        }
    }
    start.elapsed() / times
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let options = Options::read();
    let policy = Policy::default();
    let directory = std::env::temp_dir().join(format!("certgate-forms-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a folder");
    println!(
        "| form | limit | library | with cache | batch | peer | library : limit | batch : with cache | peer : library | peer : batch |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for row in ROWS.iter().filter(|row| {
        options.rows.is_empty() || options.rows.iter().any(|name| row.0.contains(name.as_str()))
    }) {
        let forms = Forms::make(row, options.forms, &directory);
        // Tables are built once a process.
        library(&forms.lines[..1], &policy, None);
        let mut times: [Vec<f64>; 5] = Default::default();
        for _ in 0..options.rounds {
            let round = [
                Some(limit(&forms.pairs, &policy)),
                Some(library(&forms.lines, &policy, None)),
                Some(library(&forms.lines, &policy, Some(&IssuerCache::default()))),
                options.batch.as_ref().map(|program| batch(program, &forms.file, forms.lines.len())),
                options.peer.as_ref().map(|program| peer(program, &forms.file)),
            ];
            for (times, time) in times.iter_mut().zip(round) {
                times.extend(time.map(|time| time.as_secs_f64() * 1e6));
            }
        }
        let time = |column: usize| match times[column].is_empty() {
            true => "–".to_owned(),
            false => format!("{:.1}", median(times[column].clone())),
        };
        let ratio = |above: usize, below: usize| match times[above].is_empty() || times[below].is_empty() {
            true => "–".to_owned(),
            false => {
                let ratios = times[above].iter().zip(&times[below]).map(|(above, below)| above / below);
                format!("{:.2}", median(ratios.collect()))
            }
        };
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.0,
            time(0),
            time(1),
            time(2),
            time(3),
            time(4),
            ratio(1, 0),
            ratio(3, 2),
            ratio(4, 1),
            ratio(4, 3)
        );
    }
    let _ = std::fs::remove_dir_all(&directory);
}
