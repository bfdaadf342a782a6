//! What is too much, too slow or not what it says.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::call;
use crate::server::{Home, PROJECT, databases, form, started};

#[test]
fn a_body_must_be_json_and_within_the_limit() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &["--max-body", "20000"]);
    let all = format!("/v2/{PROJECT}/apigw/certificates");
    let send = |kind: &str, body: &[u8]| {
        let headers = [("X-Auth-Token", server.token.as_str()), ("Content-Type", kind)];
        call(&server.address, "POST", &all, &headers, body)
    };
    let good = serde_json::to_vec(&form("the_name")).unwrap();
    assert_eq!(send("text/plain", &good).refusal(), (415, "APIG.2000".to_owned()));
    assert_eq!(send("application/x-www-form-urlencoded", &good).refusal().0, 415);
    assert_eq!(send("application/json", &[b' '; 20001]).refusal(), (413, "APIG.2006".to_owned()));
    assert_eq!(send("application/json", &[b'['; 20000]).refusal(), (400, "APIG.2000".to_owned()));
    assert_eq!(send("application/json", b"{").refusal(), (400, "APIG.2000".to_owned()));
    assert_eq!(send("application/json; charset=utf-8", &good).status, 200);
}

#[test]
fn a_project_has_a_quota() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &["--quota", "2"]);
        server.create(&form("first_name"));
        let second = server.create(&form("second_name"));
        let more = server.call("POST", "", &form("third_name"));
        assert_eq!(more.refusal(), (429, "APIG.0308".to_owned()));
        assert!(more.header("retry-after").is_some());
        assert_eq!(
            server.call("DELETE", &format!("/{}", second["id"].as_str().unwrap()), &Value::Null).status,
            204
        );
        server.create(&form("third_name"));
    }
}

#[test]
fn a_project_has_its_calls_a_second() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &["--rate", "5"]);
    let answers: Vec<_> = (0..20).map(|_| server.call("GET", "", &Value::Null)).collect();
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!((5..=15).contains(&refused.len()), "{}", refused.len());
    assert_eq!(refused[0].refusal(), (429, "APIG.0308".to_owned()));
    assert_eq!(refused[0].header("retry-after"), Some("1"));
}

/// The memory of a process, in KiB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// How many connections stay open at once, where this process may have that many.
const IDLE: usize = 10_000;

#[test]
fn slow_and_idle_clients_cost_little_and_are_sent_away() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &[]);
    server.create(&form("the_name"));
    let before = memory(server.process.id());
    let mut open = Vec::new();
    for number in 0..IDLE {
        let Ok(mut stream) = TcpStream::connect(&server.address) else { break };
        if number % 10 == 0 {
            // A head that never ends.
            stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
        }
        open.push(stream);
        if number % 200 == 0 {
            // The system keeps a queue of connections that are not accepted yet: it is not to overflow.
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    // A few bodies that never end, by somebody who has a token.
    for _ in 0..50 {
        let Ok(mut stream) = TcpStream::connect(&server.address) else { break };
        let head = format!(
            "POST /v2/{PROJECT}/apigw/certificates HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {}\r\nContent-Length: 100000\r\n\r\n{{",
            server.token
        );
        stream.write_all(head.as_bytes()).unwrap();
        open.push(stream);
    }
    assert_eq!(server.call("GET", "", &Value::Null).status, 200, "others are served");
    let more = memory(server.process.id()).saturating_sub(before);
    println!(
        "{} open connections: {more} KiB more, {} a connection",
        open.len(),
        more * 1024 / open.len() as u64
    );
    assert!(open.len() > 500, "only {} connections", open.len());
    assert!(more < 300 << 10, "{more} KiB");
    // All are closed by the server: heads and idle ones after 15 s, bodies after 20 s. A busy machine has more time.
    let start = Instant::now();
    for mut stream in open {
        let left = Duration::from_secs(90).saturating_sub(start.elapsed()).max(Duration::from_millis(1));
        stream.set_read_timeout(Some(left)).unwrap();
        let mut rest = Vec::new();
        let end = stream.read_to_end(&mut rest);
        let is_timeout = end.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(!is_timeout, "a connection is still open after {:?}", start.elapsed());
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
    }
}

#[test]
fn a_head_has_a_limit() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &[]);
    let long = "x".repeat(128 << 10);
    let many: Vec<(String, String)> =
        (0..150).map(|number| (format!("X-{number}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (&**name, &**value)).collect();
    for headers in [&[("X-Long", &*long)][..], &many] {
        assert_eq!(call(&server.address, "GET", "/healthz", headers, b"").status, 431);
    }
    assert!([414, 431].contains(&call(&server.address, "GET", &format!("/{long}"), &[], b"").status));
    assert_eq!(call(&server.address, "GET", "/healthz", &[], b"").status, 200);
}

#[test]
fn bodies_beyond_the_limit_are_refused_by_their_length_and_by_their_size() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &["--max-body", "100000"]);
    let before = memory(server.process.id());
    let head = format!(
        "POST /v2/{PROJECT}/apigw/certificates HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {}\r\n",
        server.token
    );
    for (way, body) in [
        ("Content-Length: 1000000000000\r\n\r\n", Vec::new()),
        (
            "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
            [b"20000\r\n".to_vec(), vec![b' '; 0x20000], b"\r\n".to_vec()].concat(),
        ),
    ] {
        let mut stream = TcpStream::connect(&server.address).unwrap();
        stream.write_all(format!("{head}{way}").as_bytes()).unwrap();
        let _ = stream.write_all(&body);
        let mut text = vec![0; 12];
        stream.read_exact(&mut text).unwrap();
        assert_eq!(text, b"HTTP/1.1 413");
    }
    assert!(memory(server.process.id()).saturating_sub(before) < 50 << 10);
}
