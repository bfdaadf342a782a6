//! The public SDKs of the family and a fuzzer of OpenAPI documents, where Python has them: `CERTGATE_PYTHON` names the interpreter. Where it
//! does not, a line says so.

use std::path::Path;
use std::process::Command;

use crate::server::{Database, Home, PROJECT, started};

/// The interpreter, where it has the module.
fn python(module: &str) -> Option<String> {
    let python = std::env::var("CERTGATE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", &format!("import {module}")]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!("skipped: {python} has no {module}");
    None
}

fn run(python: &str, arguments: &[&str]) {
    let output = Command::new(python).args(arguments).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{arguments:?}\n{out}\n{err}");
}

fn file(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_vendors_sdk_reads_every_answer() {
    let Some(python) = python("huaweicloudsdkapig.v2") else { return };
    let home = Home::on(Database::Sqlite);
    let server = started(&home, &[]);
    let key = home.run(&["access-key", "new", "--project", PROJECT]);
    let (access, secret) = key.split_once(' ').unwrap();
    let (url, script) = (format!("http://{}", server.address), file("tests/clients/sdk_signed.py"));
    run(
        &python,
        &[
            &script,
            &url,
            PROJECT,
            access,
            secret,
            &file("../examples/rsa.json"),
            &file("../examples/ecc.json"),
        ],
    );
}

#[test]
fn the_openstack_sdk_reads_every_answer() {
    let Some(python) = python("otcextensions") else { return };
    let home = Home::on(Database::Sqlite);
    let server = started(&home, &[]);
    let (url, script) = (format!("http://{}", server.address), file("tests/clients/sdk_token.py"));
    run(&python, &[&script, &url, PROJECT, &server.token, &file("../examples/rsa.json")]);
}

#[test]
fn the_server_does_what_its_document_says() {
    let Some(python) = python("schemathesis") else { return };
    // Once with a token of another project, so that all is refused; once with everybody let in, so that all is tried.
    for (arguments, left_out) in [(&[][..], ""), (&["--no-auth"], ",ignored_auth")] {
        let home = Home::on(Database::Sqlite);
        let server = started(&home, arguments);
        let url = format!("http://{}/openapi.json", server.address);
        let token = format!("X-Auth-Token: {}", server.token);
        // Random texts are no certificates: a form that fits the schema is refused all the same. So that one check is left out.
        let left_out = format!("positive_data_acceptance{left_out}");
        let (config, folder) = (file("tests/clients/schemathesis.toml"), home.folder.0.to_str().unwrap());
        let command = ["-m", "schemathesis.cli", "--config-file", &config, "run", &url, "-H", &token];
        // The seed is fixed.
        let options = [
            "--exclude-checks",
            &left_out,
            "--max-examples",
            "40",
            "--seed",
            "7",
            "--no-color",
            "--report-dir",
            folder,
        ];
        run(&python, &[&command[..], &options].concat());
    }
}
