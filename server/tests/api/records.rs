//! What is kept beside the certificates: the audit, the figures, the copies, the schema.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::http::call;
use crate::server::{Database, Home, PROJECT, databases, form, started};

#[test]
fn the_audit_has_every_attempt_to_change_something_and_cannot_be_changed() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let made = server.create(&form("the_name"));
        let id = made["id"].as_str().unwrap();
        server.call("POST", "", &form("the_name"));
        server.call("PUT", &format!("/{id}"), &form("1bad"));
        server.call("PUT", &format!("/{id}"), &form("new_name"));
        let gone = server.call("DELETE", &format!("/{id}"), &Value::Null);
        server.call("DELETE", &format!("/{id}"), &Value::Null);
        server.call("GET", "", &Value::Null);
        let lines: Vec<Value> =
            home.run(&["audit"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let told: Vec<(&str, &str)> = lines
            .iter()
            .map(|line| (line["action"].as_str().unwrap(), line["result"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("create", "ok"),
                ("create", "APIG.3325"),
                ("update", "APIG.2011"),
                ("update", "ok"),
                ("delete", "ok"),
                ("delete", "APIG.3025"),
            ]
        );
        let who = home.run(&["token", "list"]).split('\t').next().unwrap().to_owned();
        assert!(lines.iter().all(|line| line["who"] == json!(who) && line["project"] == json!(PROJECT)));
        assert_eq!(lines[4]["request"], json!(gone.header("x-request-id").unwrap()));
        assert_eq!(lines[0]["certificate"], json!(id));
        let fingerprint = lines[0]["fingerprint"].as_str().unwrap();
        assert!(fingerprint.len() == 64 && lines[4]["fingerprint"] == json!(fingerprint));
        assert!(lines[1].get("fingerprint").is_none());
        let number = lines[3]["number"].to_string();
        assert_eq!(home.run(&["audit", "--after", &number]).lines().count(), 2);
        if let Some(url) = &home.database {
            for sql in ["DELETE FROM audit", "UPDATE audit SET who = 'x'", "TRUNCATE audit"] {
                let output = Command::new("psql").args([url, "-c", sql]).output().unwrap();
                assert!(!output.status.success(), "{sql}");
            }
        }
    }
}

#[test]
fn the_figures_count_calls_and_show_the_days_left() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let made = server.create(&form("the_name"));
        server.call("POST", "", &form("the_name"));
        let text = call(&server.address, "GET", "/metrics", &[], b"").text();
        let all = "route=\"/v2/{project_id}/apigw/certificates\",method=\"POST\"";
        for line in [
            format!("certgate_calls_total{{{all},status=\"200\"}} 1"),
            format!("certgate_calls_total{{{all},status=\"400\"}} 1"),
            "certgate_refusals_total{code=\"APIG.3325\"} 1".to_owned(),
            "certgate_call_seconds_count{route=\"/v2/{project_id}/apigw/certificates\"} 2".to_owned(),
        ] {
            assert!(text.lines().any(|known| known == line), "{line}\n{text}");
        }
        let start = format!(
            "certgate_certificate_days_left{{project=\"{PROJECT}\",certificate=\"{}\"}} ",
            made["id"].as_str().unwrap()
        );
        let days: i64 = text.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap();
        assert!((1000..4000).contains(&days), "{days}");
    }
}

#[test]
fn the_document_has_all_paths_and_its_example_is_accepted() {
    let home = Home::on(Database::Sqlite);
    let server = started(&home, &[]);
    let document = call(&server.address, "GET", "/openapi.json", &[], b"").json();
    assert_eq!(serde_json::from_str::<Value>(&home.run(&["openapi"])).unwrap(), document);
    let create = &document["paths"]["/v2/{project_id}/apigw/certificates"]["post"];
    let example = &create["requestBody"]["content"]["application/json"]["examples"]["rsa"]["value"];
    let made = server.create(example);
    // Every key that is answered is in the schema, and none that must be there is missing.
    let schema = &document["components"]["schemas"]["Certificate"];
    let properties = schema["properties"].as_object().unwrap();
    for key in made.as_object().unwrap().keys() {
        assert!(properties.contains_key(key), "{key} is not in the document");
    }
    for key in schema["required"].as_array().unwrap() {
        assert!(made.get(key.as_str().unwrap()).is_some(), "{key} is not in the answer");
    }
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.replace("{project_id}", PROJECT).replace("{certificate_id}", &"0".repeat(32));
        for method in methods.as_object().unwrap().keys() {
            let answer = call(&server.address, &method.to_uppercase(), &path, &[], b"");
            assert!(![404, 405].contains(&answer.status), "{method} {path}");
        }
    }
    let page = call(&server.address, "GET", "/", &[], b"");
    assert!(page.status == 200 && page.text().contains("openapi.json"));
}

#[test]
fn a_page_for_browsers_is_served_where_its_folder_is_named() {
    let home = Home::on(Database::Sqlite);
    let folder = home.folder.0.join("page");
    fs::create_dir(&folder).unwrap();
    let files = [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript"),
        ("/page.css", "page.css", "text/css"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ];
    let flags = ["--page", folder.to_str().unwrap()];
    for (_, name, _) in files {
        let output = home.command(&flags).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(&format!("{name} cannot be read")), "{told}");
        fs::write(folder.join(name), name).unwrap();
    }
    let server = home.start(&flags);
    for (path, name, kind) in files {
        let answer = call(&server.address, "GET", path, &[], b"");
        assert_eq!((answer.status, answer.text().as_str()), (200, name));
        assert_eq!(answer.header("content-type"), Some(kind));
        assert_eq!(answer.header("content-security-policy"), Some("frame-ancestors 'none'"));
    }
    assert_eq!(call(&server.address, "GET", "/other.js", &[], b"").status, 404);
}

#[test]
fn a_copy_is_made_while_the_server_runs_and_works_in_its_place() {
    let home = Home::on(Database::Sqlite);
    let server = started(&home, &[]);
    let made = server.create(&form("the_name"));
    let copy = home.folder.0.join("copy.db");
    home.run(&["backup", copy.to_str().unwrap()]);
    assert_eq!(home.command(&["backup", copy.to_str().unwrap()]).output().unwrap().status.code(), Some(2));
    server.create(&form("after_the_copy"));
    drop(server);
    let url = format!("sqlite://{}", copy.display());
    let mut restored = home.start(&["--database", &url]);
    restored.token = home.run(&["token", "new", "--project", PROJECT, "--database", &url]);
    let listed = restored.call("GET", "", &Value::Null).json();
    assert_eq!((&listed["total"], &listed["certs"][0]["id"]), (&json!(1), &made["id"]));
}

#[test]
fn a_database_of_the_first_schema_is_brought_to_this_one_with_all_that_is_in_it() {
    for database in databases().into_iter().filter(|database| *database == Database::Postgres) {
        let home = Home::on(database);
        let server = started(&home, &[]);
        server.create(&form("the_name"));
        drop(server);
        // What schema 2 added is taken away: this is what schema 1 was. (SQLite: a test in `store/migrate.rs`.)
        let back = "DROP TABLE audit; DROP FUNCTION audit_is_append_only; UPDATE meta SET value = '1' WHERE name = 'schema'";
        let done = Command::new("psql")
            .args([home.database.as_ref().unwrap(), "-q", "-v", "ON_ERROR_STOP=1", "-c", back])
            .status();
        assert!(done.unwrap().success());
        let server = started(&home, &[]);
        assert_eq!(server.call("GET", "", &Value::Null).json()["total"], json!(1));
        server.create(&form("next_name"));
        assert_eq!(home.run(&["audit"]).lines().count(), 1);
    }
}

#[test]
fn two_servers_on_one_database_see_the_same() {
    for database in databases().into_iter().filter(|database| *database == Database::Postgres) {
        let home = Home::on(database);
        let first = started(&home, &[]);
        let mut second = home.start(&[]);
        second.token = first.token.clone();
        let made = first.create(&form("the_name"));
        assert_eq!(second.call("POST", "", &form("the_name")).refusal(), (400, "APIG.3325".to_owned()));
        let one = format!("/{}", made["id"].as_str().unwrap());
        assert_eq!(second.call("PUT", &one, &form("new_name")).status, 200);
        assert_eq!(first.call("GET", &one, &Value::Null).json()["name"], json!("new_name"));
        // Both create the same names at once: each is there exactly once.
        std::thread::scope(|scope| {
            let threads: Vec<_> = [&first, &second]
                .map(|server| {
                    scope.spawn(move || {
                        (0..20)
                            .filter(|n| server.call("POST", "", &form(&format!("both_{n}"))).status == 200)
                            .count()
                    })
                })
                .into();
            let made: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
            assert_eq!(made, 20);
        });
    }
}
