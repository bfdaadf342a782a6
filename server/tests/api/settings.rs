//! Where the settings come from, and which proxies are believed.

use std::fs;
use std::time::Duration;

use crate::http::call;
use crate::server::{Database, Home};

#[test]
fn a_flag_counts_more_than_the_environment_and_that_more_than_the_file() {
    let home = Home::on(Database::Sqlite);
    let file = home.folder.0.join("settings.toml");
    fs::write(&file, "quota = 1\nrate = 1\nmax_body = 1000\nlog = 'json'\n").unwrap();
    let mut command = home.command(&["--print-config", "--quota", "3"]);
    command.arg("--config").arg(&file).env("CERTGATE_QUOTA", "2").env("CERTGATE_RATE", "2");
    let output = command.output().unwrap();
    assert!(output.status.success());
    let printed: toml::Table = toml::from_str(std::str::from_utf8(&output.stdout).unwrap()).unwrap();
    let number = |name: &str| printed[name].as_integer();
    assert_eq!([number("quota"), number("rate"), number("max_body")], [Some(3), Some(2), Some(1000)]);
    assert_eq!(printed["log"].as_str(), Some("json"));

    // What was printed is a file that gives the same.
    let again = home.folder.0.join("again.toml");
    fs::write(&again, &output.stdout).unwrap();
    let mut command = home.command(&["--print-config"]);
    assert_eq!(command.env("CERTGATE_CONFIG", &again).output().unwrap().stdout, output.stdout);

    fs::write(&file, "trusted_proxies = ['127.0.0.1']\n").unwrap();
    let output = home.command(&["--config", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    let want =
        "settings.toml: there is no setting `trusted_proxies`: --print-config shows what can stand there";
    assert!(said.trim_end().ends_with(want), "{said}");
    fs::write(&file, "quotas = 5\n").unwrap();
    let output = home.command(&["--config", file.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.trim_end().ends_with("there is no setting `quotas`: do you mean `quota`?"), "{said}");
}

#[test]
fn only_a_trusted_proxy_is_believed_who_the_client_is() {
    const OTHERS: &str = "203.0.113.9, 198.51.100.7, 127.0.0.9";
    for (trusted, said, want) in [
        // The address of the connection, whatever a header says.
        (None, OTHERS, "127.0.0.1"),
        (Some("192.0.2.1"), OTHERS, "127.0.0.1"),
        // The last address that is not itself a trusted proxy: what stands before may be invented.
        (Some("127.0.0.1"), OTHERS, "127.0.0.9"),
        (Some("127.0.0.1,127.0.0.9"), OTHERS, "198.51.100.7"),
        (Some("127.0.0.1"), "198.51.100.7, not an address", "127.0.0.1"),
    ] {
        let home = Home::on(Database::Sqlite);
        let flags: Vec<&str> = trusted.map_or_else(Vec::new, |trusted| vec!["--trusted-proxy", trusted]);
        let mut server = home.start(&flags);
        assert_eq!(call(&server.address, "GET", "/healthz", &[("X-Forwarded-For", said)], b"").status, 200);
        server.signal("TERM");
        let (_, log) = server.ended(Duration::from_secs(10));
        let line = log.lines().find(|line| line.contains("/healthz")).unwrap();
        assert!(line.contains(&format!("client=\"{want}\"")), "{trusted:?}: {line}");
    }
}
