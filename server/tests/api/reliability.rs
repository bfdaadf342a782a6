//! What happens when something breaks.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::http::{answer, call, try_call};
use crate::server::{Database, Home, PROJECT, databases, form, started};

/// How often the server is killed.
const KILLS: u64 = 8;

#[test]
fn what_was_answered_is_there_after_each_kill_and_nothing_is_half_there() {
    for database in databases() {
        let home = Home::on(database);
        let token = home.token(PROJECT, "write");
        // By identifier: the last name that was answered, and the names that were sent after it.
        let mut known: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
        for round in 0..KILLS {
            let mut server = home.start(&["--quota", "1000000"]);
            server.token = token.clone();
            for (id, (name, maybe)) in &mut known {
                let shown = server.call("GET", &format!("/{id}"), &Value::Null);
                assert_eq!(shown.status, 200, "{id} was answered and is gone");
                let shown = shown.json()["name"].as_str().unwrap().to_owned();
                assert!(shown == *name || maybe.contains(&shown), "{shown} instead of {name}");
                (*name, *maybe) = (shown, Vec::new());
            }
            let is_over = AtomicBool::new(false);
            std::thread::scope(|scope| {
                let (server, is_over, token) = (&server, &is_over, &token);
                let clients: Vec<_> = (0..4)
                    .map(|client| {
                        scope.spawn(move || {
                            write_until(server.address.clone(), token, is_over, &format!("r{round}c{client}"))
                        })
                    })
                    .collect();
                std::thread::sleep(Duration::from_millis(60 + 30 * round));
                server.signal("KILL");
                is_over.store(true, Ordering::Relaxed);
                for client in clients {
                    known.extend(client.join().unwrap());
                }
            });
        }
        assert!(known.len() > 20, "only {} writes: nothing was tested", known.len());
        println!("{database:?}: {} certificates, {KILLS} kills", known.len());
        // Opens every sealed key.
        home.run(&["rekey", "--new-master-key", home.folder.0.join("new.key").to_str().unwrap()]);
    }
}

/// Creates a certificate and renames it, again and again. What was answered, and what was sent and not answered.
fn write_until(
    address: String,
    token: &str,
    is_over: &AtomicBool,
    start: &str,
) -> BTreeMap<String, (String, Vec<String>)> {
    let mut known = BTreeMap::new();
    let all = format!("/v2/{PROJECT}/apigw/certificates");
    let headers = [("X-Auth-Token", token), ("Content-Type", "application/json")];
    let send = |method: &str, path: &str, name: &str| {
        let answer =
            try_call(&address, method, path, &headers, &serde_json::to_vec(&form(name)).unwrap()).ok()?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Some(answer.json()["id"].as_str().unwrap().to_owned())
    };
    for number in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let names = [format!("{start}n{number}"), format!("{start}n{number}_renamed")];
        let Some(id) = send("POST", &all, &names[0]) else { break };
        known.insert(id.clone(), (names[0].clone(), vec![names[1].clone()]));
        if send("PUT", &format!("{all}/{id}"), &names[1]).is_none() {
            break;
        }
        known.insert(id, (names[1].clone(), Vec::new()));
    }
    known
}

#[test]
fn a_stop_answers_what_is_in_flight() {
    for signal in ["TERM", "INT"] {
        let home = Home::on(Database::Sqlite);
        let mut server = started(&home, &[]);
        let idle = TcpStream::connect(&server.address).unwrap();
        let body = serde_json::to_vec(&form("the_name")).unwrap();
        let mut stream = TcpStream::connect(&server.address).unwrap();
        let head = format!(
            "POST /v2/{PROJECT}/apigw/certificates HTTP/1.1\r\nHost: x\r\nX-Auth-Token: {}\r\nContent-Length: {}\r\n\r\n",
            server.token,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body[..100]).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        server.signal(signal);
        std::thread::sleep(Duration::from_millis(300));
        assert!(TcpStream::connect(&server.address).is_err(), "no new connections");
        stream.write_all(&body[100..]).unwrap();
        assert_eq!(answer(&mut stream).unwrap().status, 200);
        let (status, _) = server.ended(Duration::from_secs(10));
        assert_eq!(status, Some(0));
        drop(idle);
        let server = started(&home, &[]);
        assert_eq!(server.call("GET", "", &Value::Null).json()["total"], json!(1));
    }
}

#[test]
fn a_full_disk_is_an_answer_and_all_goes_on_once_there_is_room() {
    let home = Home::on(Database::Sqlite);
    let token = home.token(PROJECT, "write");
    // No file may grow beyond 300 KiB; the signal that says so is ignored, so that the write fails instead.
    let inner = home.command(&[]);
    let mut command = Command::new("bash");
    command
        .args(["-c", "trap '' XFSZ; ulimit -S -f 300; exec \"$0\" \"$@\""])
        .arg(inner.get_program())
        .args(inner.get_args());
    let mut server = home.start_by(command, &[]);
    server.token = token;
    let mut made = Vec::new();
    let refused = (0..200).find_map(|number| {
        let answer = server.call("POST", "", &form(&format!("name_{number}")));
        if answer.status == 200 {
            made.push(answer.json()["id"].as_str().unwrap().to_owned());
            return None;
        }
        Some(answer)
    });
    let refused = refused.expect("the disk was never full");
    assert_eq!(refused.refusal(), (503, "APIG.9999".to_owned()));
    assert!(refused.header("retry-after").is_some());
    assert!(made.len() > 5, "{}", made.len());
    let total = || server.call("GET", "?limit=1", &Value::Null).json()["total"].clone();
    assert_eq!(total(), json!(made.len()));
    let id = server.process.id().to_string();
    let more = Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status();
    if !more.is_ok_and(|status| status.success()) {
        eprintln!("skipped: the recovery from a full disk, since prlimit is not here");
        return;
    }
    server.create(&form("now_there_is_room"));
    assert_eq!(total(), json!(made.len() + 1));
}

#[test]
fn a_database_that_is_gone_is_an_answer_and_all_goes_on_once_it_is_back() {
    for database in databases().into_iter().filter(|database| *database == Database::Postgres) {
        let home = Home::on(database);
        let server = started(&home, &[]);
        server.create(&form("the_name"));
        let url = home.database.as_ref().unwrap();
        let (rest, name) = url.rsplit_once('/').unwrap();
        let admin = format!("{rest}/postgres");
        let sql = |text: &str| {
            assert!(Command::new("psql").args([&admin, "-q", "-c", text]).output().unwrap().status.success())
        };
        sql(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        sql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
        assert_eq!(server.call("GET", "", &Value::Null).refusal(), (503, "APIG.9999".to_owned()));
        assert_eq!(call(&server.address, "GET", "/readyz", &[], b"").refusal().0, 503);
        assert_eq!(call(&server.address, "GET", "/healthz", &[], b"").status, 200);
        sql(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        let start = Instant::now();
        while server.call("GET", "", &Value::Null).status != 200 {
            assert!(start.elapsed() < Duration::from_secs(10), "no recovery");
        }
        server.create(&form("next_name"));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_sentence_at_the_start() {
    use std::os::unix::fs::MetadataExt;
    let home = Home::on(Database::Sqlite);
    let inner = home.command(&[]);
    std::fs::set_permissions(&home.folder.0, std::os::unix::fs::PermissionsExt::from_mode(0o555)).unwrap();
    // Root may write everywhere, and so becomes somebody else.
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = if is_root { Command::new("setpriv") } else { Command::new("env") };
    if is_root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    let output = command.arg(inner.get_program()).args(inner.get_args()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if told.contains("failed to execute") {
        eprintln!(
            "skipped: a folder that cannot be written, since the program is not where others can run it"
        );
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("cannot be made: permission denied"), "{told}");
}
