//! No secret is in the log or in the files of the database, in any notation.

use std::fs;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use crate::http::call;
use crate::server::{Database, Home, PROJECT, Server, databases, form, named, started};
use crate::sign;

/// What would be a leak: a secret part of a PKCS#8 key as DER, as hexadecimal of both cases, and as the base64 that PEM has too.
fn notations(pem: &str) -> [Vec<u8>; 4] {
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64.decode(base64.as_bytes()).unwrap();
    // The scalar of a curve's key; of an RSA key, octets of its primes. From the start of a line of the PEM on: 48 octets a line.
    let start = if der.len() > 1000 { 19 * 48 } else { 48 };
    let octets = der[start..start + 18].to_vec();
    let base64 = base64.as_bytes()[start / 3 * 4..start / 3 * 4 + 24].to_vec();
    assert!(pem.contains(std::str::from_utf8(&base64).unwrap()));
    let hex = HEXLOWER.encode(&octets);
    [hex.to_ascii_uppercase().into_bytes(), hex.into_bytes(), octets, base64]
}

/// Some work of every kind, with keys and credentials that must not leak; the notations of all of them.
fn work(home: &Home, server: &Server) -> Vec<Vec<u8>> {
    let (ecc, rsa, sm2) =
        (form("first_name"), certgate_forge::form::rsa().value(), certgate_forge::form::sm2().value());
    let access_key = home.run(&["access-key", "new", "--project", PROJECT]);
    let (access, secret) = access_key.split_once(' ').unwrap();
    let made = server.create(&ecc);
    server.create(&named(&sm2, "of_sm2"));
    let one = format!("/{}", made["id"].as_str().unwrap());
    assert_eq!(server.call("PUT", &one, &named(&rsa, "second_name")).status, 200);
    // A key in every field, and where none belongs.
    let key = rsa["private_key"].as_str().unwrap();
    for field in
        ["name", "cert_content", "type", "instance_id", "trusted_root_ca", "algorithm_type", "unknown"]
    {
        let mut wrong = ecc.clone();
        wrong[field] = key.into();
        server.call("POST", "", &wrong);
        server.call("POST", "/check?fix=true", &wrong);
    }
    let mut by_name = json!({});
    by_name[key] = json!(1);
    assert_eq!(server.call("POST", "", &by_name).status, 400);
    let line = key.lines().nth(3).unwrap();
    assert_eq!(server.call("GET", &format!("/{line}"), &Value::Null).status, 404);
    assert_eq!(server.call("GET", &format!("?name={line}&limit={line}"), &Value::Null).status, 400);
    assert_eq!(server.call("DELETE", &format!("/{}", &line[..30]), &Value::Null).status, 404);
    let path = format!("/v2/{PROJECT}/apigw/certificates");
    for (secret, want) in [(secret, 200), (&secret[1..], 401)] {
        let signed = sign::headers(&server.address, (access, secret), "GET", &path, b"");
        let headers: Vec<(&str, &str)> = signed.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(call(&server.address, "GET", &path, &headers, b"").status, want);
    }
    call(&server.address, "GET", &path, &[("X-Auth-Token", line), ("Authorization", line)], b"");
    call(&server.address, line, &path, &[], b"");
    let mut leaks = Vec::new();
    for form in [&ecc, &rsa, &sm2] {
        leaks.extend(notations(form["private_key"].as_str().unwrap()));
    }
    leaks.extend(notations(sm2["private_key_sign"].as_str().unwrap()));
    leaks.push(secret.as_bytes().to_vec());
    leaks.push(server.token.as_bytes().to_vec());
    let master = fs::read_to_string(home.folder.0.join("data/master.key")).unwrap();
    leaks.push(HEXLOWER.decode(master.trim().as_bytes()).unwrap());
    leaks.push(master.trim().as_bytes().to_vec());
    leaks
}

fn assert_none(leaks: &[Vec<u8>], text: &[u8], place: &str) {
    for leak in leaks {
        let found = text.windows(leak.len()).any(|part| part == leak.as_slice());
        assert!(!found, "{place} holds {:?}", String::from_utf8_lossy(leak));
    }
}

#[test]
fn the_log_holds_no_secret_at_its_finest_level() {
    for form in ["text", "json"] {
        let home = Home::on(Database::Sqlite);
        let mut server = started(&home, &["--log-level", "trace", "--log", form]);
        let leaks = work(&home, &server);
        server.signal("TERM");
        let (status, log) = server.ended(std::time::Duration::from_secs(10));
        assert_eq!(status, Some(0));
        assert!(log.lines().count() > 20, "the log is there");
        assert_none(&leaks, log.as_bytes(), "the log");
        if form == "json" {
            let lines = log.lines().filter(|line| line.starts_with('{'));
            let calls: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
            let call = calls.iter().find(|line| line["status"] == 400).unwrap();
            for key in ["request", "method", "route", "code", "who", "client", "milliseconds"] {
                assert!(call.get(key).is_some(), "{key}");
            }
        }
    }
}

#[test]
fn a_panic_is_answered_in_the_shape_of_the_api_and_tells_no_secret() {
    // The panic's text is all of the body: nothing of it may come out.
    for (place, path) in [("check", "/check"), ("check", ""), ("handler", "")] {
        let home = Home::on(Database::Sqlite);
        let mut command = home.command(&[]);
        command.env("CERTGATE_PANIC_IN", place);
        let mut server = home.start_by(command, &["--log-level", "trace"]);
        server.token = home.token(PROJECT, "write");
        let form = form("the_name");
        let answer = server.call("POST", path, &form);
        assert_eq!(answer.refusal(), (500, "APIG.9999".to_owned()), "{place}");
        assert_eq!(call(&server.address, "GET", "/readyz", &[], b"").status, 200, "it goes on");
        server.signal("TERM");
        let (status, log) = server.ended(std::time::Duration::from_secs(10));
        assert_eq!(status, Some(0));
        assert!(log.contains("internal error") && log.contains("failure.rs"), "{log}");
        let mut leaks = notations(form["private_key"].as_str().unwrap()).to_vec();
        leaks.extend([b"BEGIN".to_vec(), server.token.as_bytes().to_vec()]);
        leaks.push(fs::read(home.folder.0.join("data/master.key")).unwrap());
        assert_none(&leaks, log.as_bytes(), "the log");
        assert_none(&leaks, &answer.body, "the answer");
    }
}

#[test]
fn a_copied_database_without_the_master_key_yields_nothing() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let leaks = work(&home, &server);
        drop(server);
        let master = home.folder.0.join("data/master.key");
        fs::rename(&master, home.folder.0.join("elsewhere.key")).unwrap();
        if let Some(url) = &home.database {
            let dump = std::process::Command::new("pg_dump").arg(url).output();
            match dump {
                Ok(dump) if dump.status.success() => assert_none(&leaks, &dump.stdout, "the dump"),
                _ => eprintln!("skipped: the dump, since pg_dump is not here"),
            }
        } else {
            for entry in fs::read_dir(home.folder.0.join("data")).unwrap() {
                let path = entry.unwrap().path();
                assert_none(&leaks, &fs::read(&path).unwrap(), &path.display().to_string());
                assert_mode(&path, 0o600);
            }
            assert_mode(&home.folder.0.join("data"), 0o700);
        }
        // Nor does the program open it: it neither makes a new key nor takes another.
        let told = |arguments: &[&str]| {
            let output = home.command(arguments).output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            String::from_utf8(output.stderr).unwrap()
        };
        assert!(told(&[]).contains("is not there"), "{}", told(&[]));
        let other = home.folder.0.join("other.key");
        fs::write(&other, "0".repeat(64)).unwrap();
        std::os::unix::fs::chown(&other, None, None).unwrap();
        fs::set_permissions(&other, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let other = other.to_str().unwrap().to_owned();
        assert!(
            told(&["--master-key", &other]).contains("another master key"),
            "{}",
            told(&["--master-key", &other])
        );
        // With its key, all is there again.
        fs::rename(home.folder.0.join("elsewhere.key"), &master).unwrap();
        let server = started(&home, &[]);
        assert_eq!(server.call("GET", "", &Value::Null).json()["total"], json!(3));
    }
}

fn assert_mode(path: &Path, want: u32) {
    use std::os::unix::fs::MetadataExt;
    assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, want, "{}", path.display());
}

#[test]
fn all_secrets_are_sealed_again_with_a_new_key_and_an_old_process_writes_no_more() {
    for database in databases() {
        let home = Home::on(database);
        let old = started(&home, &[]);
        let access_key = home.run(&["access-key", "new", "--project", PROJECT]);
        let made = old.create(&form("first_name"));
        let new = home.folder.0.join("new.key");
        let new = new.to_str().unwrap();
        home.run(&["rekey", "--new-master-key", new]);
        assert_eq!(old.call("POST", "", &form("second_name")).refusal(), (503, "APIG.9999".to_owned()));
        let command = home.command(&[]).output().unwrap();
        assert!(String::from_utf8_lossy(&command.stderr).contains("another master key"));
        let server = started_with(&home, &["--master-key", new]);
        server.create(&form("second_name"));
        assert_eq!(
            server.call("PUT", &format!("/{}", made["id"].as_str().unwrap()), &form("third_name")).status,
            200
        );
        let (access, secret) = access_key.split_once(' ').unwrap();
        let path = format!("/v2/{PROJECT}/apigw/certificates");
        let signed = sign::headers(&server.address, (access, secret), "GET", &path, b"");
        let headers: Vec<(&str, &str)> = signed.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(call(&server.address, "GET", &path, &headers, b"").status, 200);
    }
}

fn started_with(home: &Home, arguments: &[&str]) -> Server {
    let mut server = home.start(arguments);
    server.token = home.token(PROJECT, "write");
    server
}
