//! Each endpoint: what it answers, and what is then stored.

use serde_json::{Value, json};

use crate::http::call;
use crate::server::{Home, PROJECT, databases, form, named, started};

#[test]
fn a_certificate_is_created_shown_listed_replaced_and_deleted() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let made = server.create(&form("first_name"));
        let id = made["id"].as_str().unwrap();
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        for (key, want) in [
            ("name", json!("first_name")),
            ("type", json!("global")),
            ("instance_id", json!("common")),
            ("project_id", json!(PROJECT)),
            ("is_has_trusted_root_ca", json!(false)),
            ("algorithm_type", json!("ECC")),
            ("version", json!(3)),
        ] {
            assert_eq!(made[key], want, "{key}");
        }
        let mut stored = made.clone();
        stored.as_object_mut().unwrap().remove("findings");
        let shown = server.call("GET", &format!("/{id}"), &Value::Null);
        assert_eq!((shown.status, shown.json()), (200, stored));
        assert_eq!(shown.header("etag"), Some("\"1\""));

        let changed = server.call("PUT", &format!("/{id}"), &form("second_name"));
        assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{}", changed.text());
        let changed = changed.json();
        assert_eq!((&changed["name"], &changed["id"]), (&json!("second_name"), &made["id"]));
        assert_eq!(changed["create_time"], made["create_time"]);

        let listed = server.call("GET", "", &Value::Null).json();
        assert_eq!((&listed["size"], &listed["total"]), (&json!(1), &json!(1)));
        let mut keys: Vec<&str> =
            listed["certs"][0].as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [
                "algorithm_type",
                "common_name",
                "create_time",
                "id",
                "instance_id",
                "is_has_trusted_root_ca",
                "name",
                "not_after",
                "project_id",
                "san",
                "signature_algorithm",
                "type",
                "update_time",
            ]
        );

        let gone = server.call("DELETE", &format!("/{id}"), &Value::Null);
        assert_eq!((gone.status, gone.body.len()), (204, 0));
        for (method, id) in [
            ("GET", id),
            ("DELETE", id),
            ("GET", "%00"),
            ("DELETE", "x'; DROP TABLE meta --".replace(' ', "%20").as_str()),
        ] {
            let answer = server.call(method, &format!("/{id}"), &Value::Null);
            assert_eq!(answer.refusal(), (404, "APIG.3025".to_owned()));
        }
        let answer = server.call("PUT", &format!("/{id}"), &form("second_name"));
        assert_eq!(answer.refusal(), (404, "APIG.3025".to_owned()));
        assert_eq!(server.call("GET", "", &Value::Null).json(), json!({"size": 0, "total": 0, "certs": []}));
    }
}

#[test]
fn a_form_that_the_library_rejects_is_refused_with_its_findings_and_changes_nothing() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let made = server.create(&form("the_name"));
        let one = format!("/{}", made["id"].as_str().unwrap());
        let mut wrong_key = form("other_name");
        wrong_key["private_key"] = certgate_forge::form::rsa().value()["private_key"].clone();
        for (form, code, finding) in [
            (wrong_key, "APIG.2101", "match-other-type"),
            (named(&form("x"), "1bad"), "APIG.2011", "name-start"),
            (json!({}), "APIG.2001", "field-missing"),
            (json!([1]), "APIG.2000", "form-not-json"),
            (json!({"name": {"a": 1}, "cert_content": 5}), "APIG.2011", "field-not-text"),
        ] {
            for (method, path) in [("POST", ""), ("PUT", one.as_str())] {
                let answer = server.call(method, path, &form);
                assert_eq!(answer.refusal(), (400, code.to_owned()), "{}", answer.text());
                assert!(answer.findings().iter().any(|code| code == finding), "{:?}", answer.findings());
            }
        }
        assert_eq!(server.call("GET", &one, &Value::Null).json()["update_time"], made["update_time"]);
        assert_eq!(server.call("GET", "", &Value::Null).json()["total"], json!(1));
    }
}

#[test]
fn a_name_is_unique_in_its_project() {
    for database in databases() {
        let home = Home::on(database);
        let mut server = started(&home, &[]);
        server.create(&form("taken_name"));
        let other = server.create(&form("other_name"));
        let taken = server.call("POST", "", &form("taken_name"));
        assert_eq!(taken.refusal(), (400, "APIG.3325".to_owned()));
        let taken = server.call("PUT", &format!("/{}", other["id"].as_str().unwrap()), &form("taken_name"));
        assert_eq!(taken.refusal(), (400, "APIG.3325".to_owned()));
        // Elsewhere the name is free.
        server.token = home.token("elsewhere", "write");
        let headers = [("X-Auth-Token", server.token.as_str()), ("Content-Type", "application/json")];
        let body = serde_json::to_vec(&form("taken_name")).unwrap();
        assert_eq!(
            call(&server.address, "POST", "/v2/elsewhere/apigw/certificates", &headers, &body).status,
            200
        );
    }
}

#[test]
fn a_policy_is_read_again_at_a_hangup_and_a_bad_one_changes_nothing() {
    let home = Home::on(databases()[0]);
    let policy = home.folder.0.join("policy.toml");
    std::fs::write(&policy, "").unwrap();
    let server = started(&home, &["--policy", policy.to_str().unwrap()]);
    server.create(&form("taken_name"));
    let reload = |text: &str, said: &str| {
        let before = server.log.lock().unwrap().len();
        std::fs::write(&policy, text).unwrap();
        server.signal("HUP");
        for _ in 0..500 {
            if server.log.lock().unwrap()[before..].contains(said) {
                return server.call("POST", "", &form("taken_name")).refusal();
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("{}", server.log.lock().unwrap());
    };
    assert_eq!(reload("conflict_is_409 = true", "reloaded\n"), (409, "APIG.3325".to_owned()));
    assert_eq!(reload("rsa_max_bits = 9000000", "not reloaded: "), (409, "APIG.3325".to_owned()));
    assert_eq!(reload("", "reloaded\n"), (400, "APIG.3325".to_owned()));
}

#[test]
fn an_update_with_an_etag_is_refused_once_another_came_first() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let made = server.create(&form("the_name"));
        let one = format!("/{}", made["id"].as_str().unwrap());
        let with = |tag, method| server.call_with(method, &one, &[("If-Match", tag)], &form("the_name"));
        assert_eq!(with("\"1\"", "PUT").header("etag"), Some("\"2\""));
        assert_eq!(with("\"1\"", "PUT").refusal(), (412, "APIG.2000".to_owned()));
        for tag in ["\"1\"", "W/\"2\"", "", "\u{e9}"] {
            assert_eq!(with(tag, "DELETE").refusal(), (412, "APIG.2000".to_owned()), "{tag}");
        }
        assert_eq!(with("\"7\", \"2\"", "PUT").status, 200);
        assert_eq!(with("*", "PUT").status, 200);
        assert_eq!(with("\"4\"", "DELETE").status, 204);
    }
}

#[test]
fn a_list_has_pages_and_filters() {
    for database in databases() {
        let home = Home::on(database);
        let server = started(&home, &[]);
        let mut names = Vec::new();
        for number in 0..7 {
            let name = format!("name_{number}");
            server.create(&form(&name));
            names.push(name);
        }
        server.create(&named(&certgate_forge::form::rsa().instance("gw-1").value(), "of_gateway"));
        let list = |query: &str| {
            let answer = server.call("GET", &format!("?{query}"), &Value::Null);
            assert_eq!(answer.status, 200, "{}", answer.text());
            let body = answer.json();
            let certs = body["certs"].as_array().unwrap();
            assert_eq!(body["size"], json!(certs.len()));
            let names: Vec<String> =
                certs.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
            (body["total"].as_i64().unwrap(), names)
        };
        let mut paged = Vec::new();
        for page in 0..3 {
            let (total, names) = list(&format!("limit=3&offset={}", page * 3));
            assert_eq!(total, 8);
            paged.extend(names);
        }
        names.push("of_gateway".to_owned());
        assert_eq!(paged, names);
        assert_eq!(list("offset=8"), (8, vec![]));
        let one = |name: &str| (1, vec![name.to_owned()]);
        assert_eq!(list("name=name_3"), one("name_3"));
        for query in [
            "type=instance",
            "instance_id=gw-1",
            "algorithm_type=RSA&algorithm_type=SM2",
            "signature_algorithm=SHA256-RSA&type=instance",
        ] {
            assert_eq!(list(query), one("of_gateway"), "{query}");
        }
        assert_eq!(list("algorithm_type=ECC").0, 7);
        assert_eq!(list("common_name=nobody").0, 0);
        assert_eq!(list("expires_before=2030-01-01").0, 0);
        assert_eq!(list("expires_before=2040-01-01T00:00:00Z").0, 8);
        assert_eq!(server.call("GET", "?limit=x", &Value::Null).refusal(), (400, "APIG.2011".to_owned()));
    }
}

#[test]
fn a_check_stores_nothing_and_tells_the_key_only_when_asked() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &[]);
    let mut quoted = form("the_name");
    quoted["private_key"] = format!("'{}'", quoted["private_key"].as_str().unwrap()).into();
    let key = form("x")["private_key"].as_str().unwrap().lines().nth(1).unwrap()[..40].to_owned();
    let plain = server.call("POST", "/check", &quoted);
    assert_eq!((plain.status, plain.json()["accepted"].clone()), (200, json!(false)));
    assert_eq!(plain.findings(), ["pem-quoted"]);
    let fixed = server.call("POST", "/check?fix=true", &quoted);
    assert_eq!(fixed.json()["fix"]["report"]["accepted"], json!(true), "{}", fixed.text());
    assert_eq!(fixed.json()["fix"]["edits"][0]["mends"], json!(["pem-quoted"]));
    assert!(!fixed.text().contains(&key) && !plain.text().contains(&key));
    let told = server.call("POST", "/check?fix=true&secrets=true", &quoted);
    assert!(told.json()["fix"]["form"]["private_key"].as_str().unwrap().contains(&key));
    assert_eq!((told.header("cache-control"), fixed.header("cache-control")), (Some("no-store"), None));
    assert_eq!(server.call("POST", "/check?fix=maybe", &quoted).refusal().0, 400);
    assert_eq!(server.call("POST", "/check", &json!([1])).json()["accepted"], json!(false));
    assert_eq!(server.call("GET", "", &Value::Null).json()["total"], json!(0));
}

#[test]
fn what_is_no_endpoint_is_refused_in_the_shape_of_the_api() {
    let home = Home::on(databases()[0]);
    let server = started(&home, &[]);
    for (method, path, want) in [
        ("GET", "/nothing", 404),
        ("GET", "/v2", 404),
        ("GET", "/v2/p/apigw/certificates/a/b", 404),
        ("GET", "/v2/%ff/apigw/certificates", 404),
        ("PATCH", "/v2/p/apigw/certificates", 405),
        ("POST", "/healthz", 405),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/v2/../v2/p/apigw/certificates", 404),
    ] {
        let answer = call(&server.address, method, path, &[], b"");
        assert_eq!(answer.refusal().0, want, "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), want == 405);
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(call(&server.address, "GET", path, &[], b"").status, 200);
    }
}

#[test]
fn an_update_says_what_it_takes_away_and_a_policy_may_refuse_it() {
    for database in databases() {
        let home = Home::on(database);
        let policy = home.folder.0.join("policy.toml");
        std::fs::write(&policy, "[severity]\n\"update-roots-dropped\" = \"error\"\n").unwrap();
        let roots = [certgate_forge::chain::plain(certgate_forge::key::p256(1)).root];
        let plain = certgate_forge::form::ecc().instance("gw-1");
        let trusting = named(&plain.clone().trusting(&roots).value(), "the_name");
        for (arguments, want) in [(&[][..], 200), (&["--policy", policy.to_str().unwrap()], 400)] {
            let server = started(&home, arguments);
            let made = server.create(&trusting);
            assert_eq!(made["is_has_trusted_root_ca"], json!(true));
            let one = format!("/{}", made["id"].as_str().unwrap());
            let same = server.call("PUT", &one, &trusting);
            assert!(same.status == 200 && !same.findings().iter().any(|code| code.starts_with("update-")));
            let changed = server.call("PUT", &one, &named(&plain.value(), "the_name"));
            assert_eq!(changed.status, want, "{}", changed.text());
            assert!(changed.findings().contains(&"update-roots-dropped".to_owned()));
            assert_eq!(server.call("DELETE", &one, &Value::Null).status, 204);
        }
    }
}
