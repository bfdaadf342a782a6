//! What is too much, too slow or not what it says.

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
