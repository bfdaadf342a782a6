//! Load on a running server, bounded in time, and the library alone for comparison.
//!
//! ```text
//! load library FORM.json THREADS SECONDS
//! load check|put|list ADDR:PORT PROJECT TOKEN FORM.json CONNECTIONS SECONDS [CALLS_A_SECOND]
//! ```
//! Prints the calls a second, and the times that half and 99 of 100 calls took at most. `put` replaces one certificate a connection.
#![allow(clippy::restriction)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

use certgate::{CertificateForm, Policy, validate};
use serde_json::Value;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["library", form, threads, seconds] => {
            library(&std::fs::read(form).unwrap(), threads.parse().unwrap(), seconds)
        }
        [what, address, project, token, form, connections, seconds, rest @ ..] => {
            let rate =
                rest.first().map(|rate| rate.parse::<f64>().unwrap() / connections.parse::<f64>().unwrap());
            let form: Value = serde_json::from_slice(&std::fs::read(form).unwrap()).unwrap();
            let target = Target { address, all: format!("/v2/{project}/apigw/certificates"), token };
            load(what, &target, &form, connections.parse().unwrap(), time(seconds), rate);
        }
        _ => eprintln!("see the first lines of server/examples/load.rs"),
    }
}

fn time(seconds: &str) -> Duration {
    Duration::from_secs_f64(seconds.parse().unwrap())
}

fn library(form: &[u8], threads: usize, seconds: &str) {
    let (start, length, policy) = (Instant::now(), time(seconds), Policy::default());
    let count: u64 = std::thread::scope(|scope| {
        let work = || {
            let mut count = 0;
            while start.elapsed() < length {
                let form = CertificateForm::from_json(form).unwrap();
                let report = validate(&form, &policy, SystemTime::now()).unwrap().into_report();
                std::hint::black_box(serde_json::to_vec(&report).unwrap());
                count += 1;
            }
            count
        };
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    println!("{:.0} checks a second", count as f64 / start.elapsed().as_secs_f64());
}

struct Target<'a> {
    address: &'a str,
    all: String,
    token: &'a str,
}

impl Target<'_> {
    /// Sends one request, and returns the body of its answer. All answers of this server have a length.
    fn call(&self, stream: &mut TcpStream, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let head = format!(
            "{method} {}{path} HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            self.all,
            self.address,
            self.token,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let (mut text, mut piece) = (Vec::new(), [0; 16 << 10]);
        loop {
            let read = stream.read(&mut piece).unwrap();
            assert!(read > 0, "the connection is closed");
            text.extend_from_slice(&piece[..read]);
            let Some(end) = text.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&text[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if text.len() >= end + 4 + length {
                assert!(head.starts_with("http/1.1 2"), "{}", String::from_utf8_lossy(&text));
                return text.split_off(end + 4);
            }
        }
    }
}

fn load(
    what: &str,
    target: &Target<'_>,
    form: &Value,
    connections: usize,
    length: Duration,
    rate: Option<f64>,
) {
    let run = std::process::id();
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let work = |number: usize| {
            move || {
                let mut form = form.clone();
                form["name"] = format!("load_{run}_{number}").into();
                let body = serde_json::to_vec(&form).unwrap();
                let mut stream = TcpStream::connect(target.address).unwrap();
                stream.set_nodelay(true).unwrap();
                let (method, path, body) = match what {
                    "check" => ("POST", "/check".to_owned(), &body[..]),
                    "list" => ("GET", "?limit=20".to_owned(), &[][..]),
                    _ => {
                        let made: Value =
                            serde_json::from_slice(&target.call(&mut stream, "POST", "", &body)).unwrap();
                        ("PUT", format!("/{}", made["id"].as_str().unwrap()), &body[..])
                    }
                };
                let (start, mut times) = (Instant::now(), Vec::new());
                while start.elapsed() < length {
                    // At a fixed rate, a late call counts from when it should have begun.
                    let begin = match rate {
                        Some(rate) => start + Duration::from_secs_f64(times.len() as f64 / rate),
                        None => Instant::now(),
                    };
                    std::thread::sleep(begin.saturating_duration_since(Instant::now()));
                    target.call(&mut stream, method, &path, body);
                    times.push(begin.elapsed());
                }
                times
            }
        };
        let threads: Vec<_> = (0..connections).map(|number| scope.spawn(work(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    let rate = times.len() as f64 / length.as_secs_f64();
    println!(
        "{what}: {rate:.0} calls a second; half within {:.2} ms, 99 of 100 within {:.2} ms",
        at(0.5),
        at(0.99)
    );
}
