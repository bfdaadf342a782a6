//! Who may call what.

use serde_json::Value;

use crate::http::call;
use crate::server::{Home, PROJECT, databases, form, started};

const ALL: &str = "/v2/5be7a3c0d1e2f30415263748596a7b8c/apigw/certificates";

#[test]
fn a_call_needs_a_token_of_its_project_that_allows_it() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let id = server.create(&form("the_name"))["id"].as_str().unwrap().to_owned();
        let (one, body) = (format!("{ALL}/{id}"), serde_json::to_vec(&form("new_name")).unwrap());
        let calls = [
            ("GET", ALL),
            ("GET", &one),
            ("POST", &*format!("{ALL}/check")),
            ("PUT", &one),
            ("POST", ALL),
            ("DELETE", &one),
        ];
        let with = |token: &str| {
            let headers = [("X-Auth-Token", token), ("Content-Type", "application/json")];
            calls.map(|(method, path)| call(&server.address, method, path, &headers, &body).status)
        };
        assert_eq!(with("wrong"), [401; 6]);
        assert_eq!(with(&home.token("elsewhere", "write")), [403; 6]);
        assert_eq!(with(&home.token(PROJECT, "read")), [200, 200, 200, 403, 403, 403]);
        assert_eq!(with(&home.token(PROJECT, "apig:certificate:update")), [403, 403, 200, 200, 403, 403]);
        let expired = home.run(&["token", "new", "--project", PROJECT, "--expires", "0m"]);
        assert_eq!(with(&expired), [401; 6]);
        let nobody = call(&server.address, "GET", ALL, &[], b"");
        assert_eq!(nobody.refusal(), (401, "APIG.1002".to_owned()));

        // Headers that are given twice: no part of them is believed alone.
        let token = home.token(PROJECT, "write");
        let twice = |name: &str, values: [&str; 2]| {
            let mut headers = vec![(name, values[0]), (name, values[1])];
            if name != "X-Auth-Token" {
                headers.push(("X-Auth-Token", &token));
            }
            call(&server.address, "GET", ALL, &headers, b"").status
        };
        assert_eq!(twice("X-Auth-Token", [&token, "wrong"]), 401);
        assert_eq!(twice("X-Project-Id", [PROJECT, "elsewhere"]), 403);
        assert_eq!(twice("X-Project-Id", [PROJECT, PROJECT]), 200);

        // A token that is revoked while the server runs.
        let token = home.token(PROJECT, "write");
        let list = home.run(&["token", "list"]);
        assert_eq!(list.lines().count(), 7);
        assert!(!list.contains(&token));
        let ids: Vec<&str> = list.lines().map(|line| line.split('\t').next().unwrap()).collect();
        assert_eq!(call(&server.address, "GET", ALL, &[("X-Auth-Token", &token)], b"").status, 200);
        for id in ids {
            home.run(&["token", "revoke", id]);
        }
        // The server asks the database once a second at most.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert_eq!(call(&server.address, "GET", ALL, &[("X-Auth-Token", &token)], b"").status, 401);
        assert!(!home.command(&["token", "revoke", "nothing"]).output().unwrap().status.success());
    }
}

#[test]
fn without_a_token_in_the_database_nobody_is_let_in_and_the_start_says_how() {
    let home = Home::on(databases()[0]);
    let server = home.start(&[]);
    assert_eq!(call(&server.address, "GET", ALL, &[], b"").status, 401);
    let log = server.log.lock().unwrap().clone();
    assert!(log.contains("nobody is let in yet: certgate-server token new --project"), "{log}");
    assert!(log.contains("made a master key"), "{log}");
}

#[test]
fn for_trials_everybody_is_let_in_on_the_loopback_only() {
    let home = Home::on(databases()[0]);
    let server = home.start(&["--no-auth"]);
    assert_eq!(call(&server.address, "GET", ALL, &[], b"").status, 200);
    let mut command = home.command(&["--no-auth", "--listen", "0.0.0.0:0"]);
    assert_eq!(command.output().unwrap().status.code(), Some(2));
    assert_eq!(server.call("GET", "/nothing", &Value::Null).status, 404);
}
