//! What people hold, made by the tools that they use: `check`, `assemble` and `scan` over files, folders and archives. Where a tool is not on this
//! machine, the test says so in a line. The files are made from `examples/pki`, whose keys are throw-away keys.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::{Run, certgate, codes, empty_folder, root};
use serde_json::{Value, json};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

/// An empty folder of the test's own.
fn folder(name: &str) -> PathBuf {
    empty_folder(&format!("held/{name}"))
}

/// A folder with files of `examples/pki`, each under another name.
fn folder_of(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = folder(name);
    for (from, to) in files {
        let to = folder.join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join("examples/pki").join(from), to).unwrap();
    }
    folder
}

/// Runs a tool in a folder; `false`, and a line, where it is not here.
fn tool(folder: &Path, command: &str) -> bool {
    let mut words = command.split_whitespace();
    let name = words.next().unwrap();
    match Command::new(name).args(words).current_dir(folder).output() {
        Err(_) => {
            println!("skipped: no `{name}` on this machine");
            false
        }
        Ok(output) => {
            assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
            true
        }
    }
}

/// Runs certgate in a folder, at the time of the examples.
fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = certgate();
    command.args(arguments).args(AT).current_dir(folder).stdin(Stdio::null());
    Run::from(command.output().unwrap())
}

fn accepted(folder: &Path, arguments: &[&str]) -> Value {
    let got = run_in(folder, &[&["check"], arguments, &["--format", "json"]].concat());
    assert_eq!(got.status, 0, "{arguments:?}: {}{}", got.out, got.err);
    let report = got.json();
    assert_eq!((&report["accepted"], &report["assembled"]["is_proven"]), (&json!(true), &json!(true)));
    report
}

#[test]
fn a_pair_of_files_is_put_together_whatever_their_order_and_names() {
    let files = [("rsa.crt", "b"), ("rsa.key", "a"), ("root.crt", "z")];
    let folder = folder_of("pair", &files);
    for paths in [&["a", "b"][..], &["b", "a"], &["."], &["a", "b", "z"]] {
        let report = accepted(&folder, paths);
        assert_eq!(report["certificate"]["common_name"], json!("www.example.com"), "{report}");
        let parts = report["assembled"]["parts"].as_array().unwrap();
        let name = |part: &Value| part["inside"][0].as_str().unwrap().trim_start_matches("./").to_owned();
        let of =
            |field: &str| parts.iter().filter(|part| part["field"] == field).map(name).collect::<Vec<_>>();
        assert!(of("cert_content").iter().all(|file| file == "b"), "{report}");
        assert_eq!(of("private_key"), ["a"]);
        let is_root_named = report["assembled"]["left_out"].as_array().unwrap().iter().any(|left| {
            left["inside"][0].as_str().unwrap().ends_with('z') && !left["why"].as_str().unwrap().is_empty()
        });
        assert_eq!(is_root_named, paths.contains(&".") || paths.contains(&"z"), "{report}");
    }
    // The options of a form go beside a path, and win.
    let report = accepted(&folder, &["a", "b", "--name", "my_name"]);
    assert_eq!(report["certificate"]["name"], "my_name");
    let wrong = run_in(&folder, &["check", "a", "b", "--name", "1", "--type", "nothing", "--format", "json"]);
    assert_eq!(wrong.status, 1);
    let fields: Vec<_> =
        wrong.json()["findings"].as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
    assert!(fields.contains(&json!("name")) && fields.contains(&json!("type")), "{fields:?}");
    let text = run_in(&folder, &["check", "."]);
    assert!(text.out.contains("Assembled from") && text.out.contains("Left out"), "{}", text.out);
}

#[test]
fn a_changed_certificate_keeps_its_issuer_and_is_refused() {
    let files = [("rsa.crt", "leaf"), ("rsa.key", "key"), ("tls.crt", "issuer"), ("root.crt", "root")];
    let folder = folder_of("changed", &files);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    // A character of the third line from the end, which holds a part of the signature.
    let mut lines: Vec<String> = read("leaf").lines().map(str::to_owned).collect();
    let third = lines.len() - 4;
    let changed = if lines[third].starts_with('A') { "B" } else { "A" };
    lines[third].replace_range(..1, changed);
    fs::write(folder.join("leaf"), lines.join("\n") + "\n").unwrap();
    fs::write(folder.join("bundle"), read("leaf") + &read("issuer")).unwrap();
    for paths in [&["leaf", "issuer", "key"][..], &["key", "bundle"], &["issuer", "root", "leaf", "key"]] {
        let got = run_in(&folder, &[&["check"], paths, &["--format", "json"]].concat());
        assert_eq!(got.status, 1, "{paths:?}: {}{}", got.out, got.err);
        let report = got.json();
        let codes = codes(&report);
        assert!(codes.iter().any(|code| *code == "chain-signature" || *code == "pem-altered"), "{codes:?}");
        assert!(!codes.contains(&"chain-leaf-alone"), "{codes:?}");
    }
}

#[test]
fn a_root_that_issued_the_server_certificate_itself_may_stay() {
    let folder = folder_of("direct", &[("tls.crt", "leaf"), ("tls.key", "key"), ("root.crt", "root")]);
    let got = run_in(&folder, &["check", "leaf", "key", "root", "--format", "json"]).json();
    assert_eq!(got["assembled"]["left_out"], json!([]), "{got}");
    assert!(!codes(&got).contains(&"chain-leaf-alone"), "{got}");
}

#[test]
fn containers_of_real_tools_are_checked() {
    let folder = folder_of("tools", &[("rsa.crt", "rsa.crt"), ("rsa.key", "rsa.key")]);
    fs::write(folder.join("pass"), "correct horse\n").unwrap();
    let pass = ["--passphrase-file", "pass"];
    if tool(&folder, "openssl pkcs12 -export -in rsa.crt -inkey rsa.key -passout file:pass -out a.p12") {
        let report = accepted(&folder, &[&["a.p12"], &pass[..]].concat());
        assert_eq!(report["assembled"]["parts"][0]["inside"][0], "a.p12");
        for (flags, words) in [
            (&[][..], &["is encrypted, and no passphrase was given", "--passphrase-file"][..]),
            (&["--passphrase-file", "rsa.key"], &["the passphrase does not open it"]),
            (&["--passphrase-env", "NOT_SET"], &["is not set"]),
            (&["--passphrase-file", "nowhere"], &["--passphrase-file", "cannot be read"]),
        ] {
            run_in(&folder, &[&["check", "a.p12"], flags].concat()).refused(words);
        }
        let mut command = certgate();
        command.args(["check", "a.p12", "-q", "--passphrase-env", "SECRET"]).args(AT).current_dir(&folder);
        assert_eq!(Run::from(command.env("SECRET", "correct horse").output().unwrap()).status, 0);
        let mut command = certgate();
        command.args(["check", "a.p12", "-q", "--passphrase-fd", "0"]).args(AT).current_dir(&folder);
        let pass = fs::File::open(folder.join("pass")).unwrap();
        assert_eq!(Run::from(command.stdin(pass).output().unwrap()).status, 0);
        let import = "keytool -importkeystore -srckeystore a.p12 -srcstoretype PKCS12 -srcstorepass:file pass \
                      -destkeystore a.jks -deststoretype JKS -deststorepass:file pass -noprompt";
        if tool(&folder, import) {
            accepted(&folder, &["a.jks", "--passphrase-file", "pass"]);
        }
    }
    if tool(&folder, "zip -q a.zip rsa.crt rsa.key") {
        let report = accepted(&folder, &["a.zip"]);
        assert_eq!(report["assembled"]["parts"][0]["inside"], json!(["a.zip", "rsa.crt"]));
    }
    if tool(&folder, "tar -czf a.tar.gz rsa.crt rsa.key") {
        accepted(&folder, &["a.tar.gz"]);
    }
    let encrypt = "openssl pkcs8 -topk8 -in rsa.key -passout file:pass -out encrypted.key";
    if tool(&folder, encrypt) {
        accepted(&folder, &["rsa.crt", "encrypted.key", "--passphrase-file", "pass"]);
    }
}

#[test]
fn a_finding_in_a_secret_says_where_in_it() {
    let folder = folder_of("secret", &[("rsa.crt", "tls.crt"), ("rsa.key", "tls.key")]);
    let make = "kubectl create secret tls web --cert=tls.crt --key=tls.key --dry-run=client -o json";
    let secret = Command::new("kubectl").args(make.split(' ').skip(1)).current_dir(&folder).output();
    let Ok(secret) = secret.map(|output| output.stdout) else {
        return println!("skipped: no `kubectl` on this machine");
    };
    fs::write(folder.join("secret.json"), secret).unwrap();
    let report = accepted(&folder, &["secret.json"]);
    assert_eq!(report["assembled"]["parts"][0]["inside"], json!(["secret.json", "data/tls.crt"]));
    let late = certgate()
        .args(["check", "secret.json", "--format", "json", "--at", "2099-01-01"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let late = Run::from(late);
    assert_eq!(late.status, 1);
    let report = late.json();
    let finding =
        report["findings"].as_array().unwrap().iter().find(|one| one["code"] == "cert-expired").unwrap();
    let place = &finding["location"];
    assert_eq!(place["file"], "secret.json");
    assert_eq!(place["inside"], json!(["secret.json", "data/tls.crt"]));
    assert_eq!((&place["block"], &place["line"]), (&json!(1), &json!(1)), "{finding}");
}

#[test]
fn a_key_of_another_certificate_is_rejected_and_a_damaged_file_is_never_passed_over() {
    let folder =
        folder_of("wrong", &[("rsa.crt", "rsa.crt"), ("ecc.key", "ecc.key"), ("rsa.key", "rsa.key")]);
    let got = run_in(&folder, &["check", "rsa.crt", "ecc.key", "--format", "json"]);
    assert_eq!(got.status, 1);
    let report = got.json();
    assert_eq!(report["assembled"]["is_proven"], false);
    assert!(codes(&report).iter().any(|code| code.starts_with("match-")), "{report}");

    // The pair is good, but a file beside it cannot be read: it may hold what counts.
    let text = fs::read_to_string(folder.join("rsa.crt")).unwrap();
    fs::write(folder.join("cut.pem"), &text[..text.len() / 3]).unwrap();
    let got = run_in(&folder, &["check", "rsa.crt", "rsa.key", "cut.pem"]);
    assert_eq!(got.status, 1, "{}", got.out);
    assert!(got.out.contains("cut.pem: is damaged"), "{}", got.out);
    // What is not a certificate is only named.
    fs::write(folder.join("notes.txt"), "call the CA").unwrap();
    let got = run_in(&folder, &["check", "rsa.crt", "rsa.key", "notes.txt"]);
    assert_eq!(got.status, 0, "{}", got.out);
    assert!(got.out.contains("notes.txt: holds no certificate"), "{}", got.out);
    run_in(&folder, &["check", "notes.txt"])
        .refused(&["no certificate and no private key was found in notes.txt"]);
    run_in(&folder, &["check", "rsa.crt", "nowhere.key"]).refused(&["nowhere.key", "no such file"]);
}

#[test]
fn what_to_give_instead_is_said() {
    let files = [("rsa.crt", "rsa.crt"), ("rsa.key", "rsa.key"), ("ecc.key", "ecc.key")];
    let folder = folder_of("instead", &files);
    fs::write(folder.join("empty.pem"), "").unwrap();
    run_in(&folder, &["check", "empty.pem"]).refused(&["empty.pem: is empty"]);
    let said = |arguments: &[&str]| {
        let got = run_in(&folder, arguments);
        assert_eq!(got.status, 1, "{}{}", got.out, got.err);
        got.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let alone = said(&["check", "rsa.crt"]);
    let words =
        "Give the file with the private key too: `certgate check rsa.crt --at 2026-06-01T00:00:00Z KEY`.";
    assert!(alone.contains(words), "{alone}");
    let parts = ["check", "--name", "site", "--key", "ecc.key", "--cert"];
    let other = said(&[&parts[..], &["rsa.crt"]].concat());
    assert!(other.contains("`certgate inspect rsa.crt *.key` shows which key belongs"), "{other}");
    let words = ["give it without --cert, `certgate check .`"];
    run_in(&folder, &[&parts[..], &["."]].concat()).refused(&words);
    // A form that cannot be fixed: what is written is as it was.
    let fix = ["fix", "--name", "site", "--key", "ecc.key", "--cert", "rsa.crt", "-o", "fixed.json"];
    let got = run_in(&folder, &fix);
    assert_eq!(got.status, 1);
    for words in ["cannot fix any of these errors", "wrote fixed.json\nwhat was written is still rejected"] {
        assert!(got.err.contains(words), "{}", got.err);
    }
    assert!(!got.err.contains("nothing to fix"), "{}", got.err);
}

#[test]
fn links_are_followed_where_certbot_needs_it_and_not_out_of_the_folder() {
    let folder = folder_of(
        "links",
        &[
            ("rsa.crt", "archive/www/fullchain1.pem"),
            ("rsa.key", "archive/www/privkey1.pem"),
            ("ecc.key", "outside/ecc.key"),
        ],
    );
    let live = folder.join("live/www");
    fs::create_dir_all(live.join("deeper")).unwrap();
    for name in ["fullchain", "privkey"] {
        symlink(format!("../../archive/www/{name}1.pem"), live.join(format!("{name}.pem"))).unwrap();
    }
    symlink("../../../outside/ecc.key", live.join("deeper/ecc.key")).unwrap();
    symlink("../..", live.join("deeper/loop")).unwrap();
    symlink("nowhere", live.join("deeper/dead")).unwrap();
    let got = run_in(&folder, &["check", "live/www", "--format", "json"]);
    let report = got.json();
    assert_eq!((got.status, &report["accepted"]), (1, &json!(true)), "{}", got.out);
    let left: Vec<_> = report["assembled"]["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["why"].as_str().unwrap())
        .collect();
    assert_eq!(left.iter().filter(|why| why.contains("leads out of the folder")).count(), 2, "{left:?}");
    assert_eq!(left.iter().filter(|why| why.contains("leads nowhere")).count(), 1, "{left:?}");
    fs::remove_dir_all(live.join("deeper")).unwrap();
    // What to give comes first, and both ways work.
    for command in ["check", "scan"] {
        let got = run_in(&folder, &[command, "live"]);
        let said = format!("{}{}", got.out, got.err).replace("\n    ", " ");
        assert!(said.contains("give the folder that it is in, or one that its target is in too"), "{said}");
    }
    run_in(&folder, &["check", "live"]).refused(&[
        "in live: give the folder of one name, live/www, or one that holds the targets of the links too, as the one with certbot's `live` and `archive`; ",
    ]);
    fs::remove_dir_all(folder.join("outside")).unwrap();
    accepted(&folder, &["live/www"]);
    accepted(&folder, &["."]);
}

#[test]
fn an_assembled_form_is_written_for_its_owner_alone_and_is_accepted() {
    let files = [("sm2-enc.crt", "1"), ("sm2-enc.key", "2"), ("sm2-sign.crt", "3"), ("sm2-sign.key", "4")];
    let folder = folder_of("assemble", &files);
    let got = run_in(&folder, &["assemble", "1", "2", "3", "4", "-o", "out", "--name", "of_sm2"]);
    assert_eq!((got.status, got.out.as_str()), (0, ""), "{}", got.err);
    let mut names: Vec<_> = fs::read_dir(folder.join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["chain.pem", "form.json", "key.pem", "sign-chain.pem", "sign-key.pem"]);
    for name in names {
        assert_eq!(fs::metadata(folder.join("out").join(&name)).unwrap().mode() & 0o777, 0o600, "{name}");
        assert!(got.err.contains(&format!("wrote out/{name}")), "{}", got.err);
    }
    let form: Value = serde_json::from_slice(&fs::read(folder.join("out/form.json")).unwrap()).unwrap();
    assert_eq!(form["name"], "of_sm2");
    assert_eq!(run_in(&folder, &["check", "out/form.json"]).status, 0);
    run_in(&folder, &["assemble", "1", "2", "3", "4", "-o", "out"]).refused(&["is there already"]);
    // A form that was given says its values itself.
    run_in(&folder, &["check", "out/form.json", "--type", "global"]).refused(&["JSON form"]);
    run_in(&folder, &["check", "--type", "global"]).refused(&["give a PATH"]);

    // Several pairs get a folder each; what belongs to none is named.
    let several =
        [("rsa.crt", "a"), ("rsa.key", "b"), ("ecc.crt", "c"), ("ecc.key", "d"), ("client-ca.key", "e")];
    let folder = folder_of("assemble_several", &several);
    let got = run_in(&folder, &["assemble", ".", "-o", "out"]);
    assert_eq!(got.status, 0, "{}", got.err);
    assert!(got.err.contains("./e"), "{}", got.err);
    let made: Vec<_> = fs::read_dir(folder.join("out")).unwrap().collect();
    assert_eq!(made.len(), 2);
    for one in made {
        let form = one.unwrap().path().join("form.json");
        assert_eq!(run_in(&folder, &["check", form.to_str().unwrap()]).status, 0);
    }
}

#[test]
fn a_scan_has_a_line_a_pair_the_worst_first_and_names_what_is_shared() {
    let files = [
        ("rsa.crt", "one/rsa.crt"),
        ("rsa.key", "one/rsa.key"),
        ("ecc.crt", "two/ecc.crt"),
        ("ecc.key", "two/ecc.key"),
    ];
    let folder = folder_of("scan", &files);
    // Another certificate for the key of the first one, which ends earlier; and a copy of a key.
    let make = "openssl req -x509 -key one/rsa.key -days 1 -subj /CN=other.example.org -out other.crt";
    let is_shared = tool(&folder, make);
    fs::copy(folder.join("two/ecc.key"), folder.join("copy.key")).unwrap();
    let got = run_in(&folder, &["scan", ".", "--format", "json"]);
    let lines = got.lines();
    let (sums, rows) = lines.split_last().unwrap();
    assert_eq!((got.status, rows.len()), (0, 2), "{}", got.out);
    assert_eq!(sums["scan"]["pairs"], json!(rows.len()));
    for row in rows {
        for key in ["path", "name", "algorithm", "not_after", "verdict", "codes", "spki_sha256"] {
            assert!(row.get(key).is_some(), "{key}: {row}");
        }
    }
    let left = sums["left_out"].to_string();
    assert!(left.contains("copy of a private key"), "{left}");
    assert!(!is_shared || left.contains("a certificate for the same key that ends earlier"), "{left}");
    let of_fleet: Vec<_> = sums["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["code"], &one["facts"]["forms"]))
        .collect();
    let want = [(&json!("fleet-key-shared"), &json!(["./one/rsa.crt", "./other.crt"]))];
    assert!(!is_shared || of_fleet == want, "{of_fleet:?}");
    // One pair is rejected: it comes first.
    let early =
        certgate().args(["scan", ".", "--at", "2036-12-20", "--format", "csv"]).current_dir(&folder).output();
    assert_eq!(Run::from(early.unwrap()).out.matches(",12,warned,").count(), 2);
    fs::copy(folder.join("one/rsa.crt"), folder.join("two/zz.crt")).unwrap();
    fs::write(folder.join("policy.toml"), "rsa_min_bits = 8192\n").unwrap();
    let strict = run_in(&folder, &["scan", ".", "--format", "csv", "--policy", "policy.toml"]);
    assert_eq!(strict.status, 1);
    assert!(strict.out.lines().nth(1).unwrap().contains("RSA"), "{}", strict.out);
    assert!(strict.out.lines().nth(1).unwrap().contains(",rejected,"), "{}", strict.out);
    let csv = run_in(&folder, &["scan", ".", "--format", "csv"]);
    assert_eq!(csv.status, 0, "{}{}", csv.out, csv.err);
    let lines: Vec<_> = csv.out.lines().collect();
    assert_eq!(lines[0], "path,name,algorithm,not_after,days,verdict,codes,spki_sha256");
    assert_eq!(lines.len(), 3);
    assert!(
        lines[1..].iter().any(|line| line.starts_with("./one/rsa.crt,www_example_com,RSA,20")),
        "{}",
        csv.out
    );
    // A cron job: nothing is near its end, or all is.
    let soon =
        run_in(&folder, &["scan", ".", "--expires-within", "30d", "--deny", "cert-expires-soon", "-q"]);
    assert_eq!((soon.status, soon.out.as_str()), (0, ""));
    let soon = run_in(
        &folder,
        &["scan", ".", "--expires-within", "5000d", "--deny", "cert-expires-soon", "--format", "csv"],
    );
    assert_eq!(soon.status, 1);
    assert_eq!(soon.out.matches("cert-expires-soon").count(), 2, "{}", soon.out);
    let text = run_in(&folder, &["scan", "."]);
    assert!(text.out.contains("2 pairs: 0 rejected"), "{}", text.out);
    assert!(text.out.contains("; weak keys 0\n"), "{}", text.out);
    // A path that is not there is said at the end; the others are scanned all the same.
    let got = run_in(&folder, &["scan", "nowhere", "one", "--format", "csv"]);
    assert_eq!((got.status, got.out.lines().count()), (2, 2), "{}", got.err);
    assert!(got.err.contains("nowhere cannot be read"), "{}", got.err);
}

#[test]
fn bombs_and_strange_files_are_bounded() {
    let folder = folder_of("bombs", &[("rsa.crt", "rsa.crt"), ("rsa.key", "rsa.key")]);
    let mut deep = folder.clone();
    for _ in 0..18 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    fs::File::create(folder.join("large")).unwrap().set_len(40 << 20).unwrap();
    let is_bomb = tool(&folder, "dd if=/dev/zero of=zeros bs=1M count=100 status=none")
        && tool(&folder, "gzip -f zeros");
    let got = run_in(&folder, &["check", ".", "--format", "json"]);
    assert_eq!(got.status, 1, "{}", got.err);
    let report = got.json();
    assert_eq!(report["accepted"], true);
    let why = report["assembled"]["left_out"].to_string();
    for word in ["folders may be within one another", "a file may have 32 MiB"] {
        assert!(why.contains(word), "{word}: {why}");
    }
    assert!(!is_bomb || why.contains("archives may expand to 64 MiB"), "{why}");
}
