//! `check --target`, `targets`, `explain target` and `convert`.
#![allow(clippy::restriction)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{empty_folder, run};

const AT: [&str; 2] = ["--at", "2026-06-01T00:00:00Z"];

fn fresh(name: &str) -> PathBuf {
    empty_folder(&format!("targets/{name}"))
}

#[test]
fn a_target_stands_apart_from_the_gate() {
    let got = run(&[&["check", "examples/rsa.json", "--target", "nginx,java"][..], &AT].concat());
    assert_eq!(got.status, 0, "{}{}", got.out, got.err);
    assert!(got.out.contains("Targets") && got.out.contains("tried: nginx"), "{}", got.out);
    let got =
        run(&[&["check", "examples/rsa.json", "--target", "all", "--format", "json"][..], &AT].concat());
    let report = got.json();
    assert!(report["targets"].as_object().unwrap().len() > 20);
    assert_eq!(report["targets"]["nginx"]["verdict"], "loads");
    // The gate accepts, one target refuses: only who asks for it gets status 1.
    let pair = ["--cert", "examples/pki/ecc.crt", "--key", "examples/pki/ecc.key", "--name", "web_ecc"];
    let gate = run(&[&["check"][..], &pair, &AT].concat());
    let asked = run(&[&["check", "--target", "gcp", "--format", "json"][..], &pair, &AT].concat());
    assert_eq!(asked.json()["accepted"].as_bool(), Some(gate.status == 0));
    let refuses = asked.json()["targets"]["gcp"]["verdict"] == "refuses";
    assert_eq!(asked.status, i32::from(refuses || gate.status == 1));
}

#[test]
fn an_unknown_target_says_the_nearest() {
    run(&["check", "examples/rsa.json", "--target", "ngnix"]).refused(&["`ngnix`", "did you mean `nginx`?"]);
    run(&["explain", "target", "haproxi"]).refused(&["did you mean `haproxy`?"]);
    run(&["check", "examples/rsa.json", "--target", "zzzzzzzzzz"]).refused(&["certgate targets"]);
    run(&["explain", "name-start", "x"]).refused(&["`target`"]);
    run(&["explain", "nginx"]).refused(&["`certgate explain target nginx`"]);
    run(&["explain", "target"]).refused(&["`certgate explain target NAME`"]);
    run(&["convert", "examples/rsa.json", "--target", "all", "-o", "x"]).refused(&["one target"]);
    run(&["check", "examples/rsa.json", "--target", "examples/rsa.toml"]).refused(&["examples/rsa.toml"]);
}

#[test]
fn targets_are_listed_and_explained() {
    let text = run(&["targets"]);
    let json = run(&["targets", "--format", "json"]).json();
    assert!(json["facts"]["leaf"]["bits"].is_string() && json["facts"]["key"]["match"].is_string(), "{json}");
    for target in json["targets"].as_array().unwrap() {
        let name = target["name"].as_str().unwrap();
        assert!(text.out.lines().any(|line| line.starts_with(name)), "{name}");
        let page = run(&["explain", "target", name]);
        assert_eq!(page.status, 0);
        for word in [name, "Takes", "Sources"] {
            assert!(page.out.contains(word), "{word} is missing: {}", page.out);
        }
    }
}

#[test]
fn a_profile_of_ones_own_is_asked() {
    let folder = fresh("own");
    let path = folder.join("box.toml");
    fs::write(
        &path,
        "name = \"box\"\ntitle = \"t\"\nknown = { tried = \"box 7\" }\nsources = [\"s\"]\ntakes = \"x\"\n\
         [[rule]]\nname = \"no-rsa\"\non = [\"leaf\"]\nwhen = { algorithm = \"RSA\" }\nsays = \"The box takes no RSA.\"\n",
    )
    .unwrap();
    let got = run(&[&["check", "examples/rsa.json", "--target", path.to_str().unwrap()][..], &AT].concat());
    assert_eq!(got.status, 1);
    assert!(got.out.contains("The box takes no RSA.") && got.out.contains("tried: box 7"), "{}", got.out);
    fs::write(&path, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n").unwrap();
    let got = run(&["check", "examples/rsa.json", "--target", path.to_str().unwrap()]);
    got.refused(&["not a profile"]);
    assert!(!got.err.contains("MIIE"), "{}", got.err);
}

#[test]
fn what_convert_writes_is_what_the_target_wants() {
    let folder = fresh("convert");
    let [two, one, secret] = ["two", "one.pem", "secret.yaml"].map(|name| folder.join(name));
    let convert = |target: &str, to: &Path| {
        run(&[&["convert", "examples/rsa.json", "--target", target, "-o", to.to_str().unwrap()][..], &AT]
            .concat())
    };
    for (target, to) in [("nginx", &two), ("haproxy", &one), ("kubernetes", &secret)] {
        let got = convert(target, to);
        assert_eq!(got.status, 0, "{}{}", got.out, got.err);
        assert_eq!(got.out, "");
        assert!(got.err.contains("loads"), "{}", got.err);
    }
    for file in [two.join("chain.pem"), two.join("key.pem"), one.clone(), secret.clone()] {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    // All that was written is the same pair, by certgate's own reading.
    let [chain, key] = ["chain.pem", "key.pem"].map(|name| two.join(name).display().to_string());
    for paths in [vec![chain.as_str(), &key], vec![one.to_str().unwrap()], vec![secret.to_str().unwrap()]] {
        let got = run(&[&["check"][..], &paths, &AT, &["--format", "json"]].concat());
        assert_eq!(got.status, 0, "{paths:?}: {}{}", got.out, got.err);
        assert_eq!(got.json()["assembled"]["is_proven"], true);
    }
    convert("nginx", &two).refused(&["is there already"]);
    convert("nginx", Path::new("-")).refused(&["give a path"]);
    let split = folder.join("split");
    assert_eq!(convert("haproxy-split", &split).status, 0);
    let mut names: Vec<_> = fs::read_dir(&split).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["chain.pem", "chain.pem.key"]);
    convert("ngnix", &folder.join("x")).refused(&["did you mean `nginx`?"]);
}

#[test]
fn a_keystore_is_written_for_those_that_take_one() {
    let folder = fresh("keystore");
    let path = |name: &str| folder.join(name).display().to_string();
    for (name, passphrase) in [("pass", "throw-away\n"), ("short", "12345\n")] {
        fs::write(folder.join(name), passphrase).unwrap();
    }
    let (pass, short) = (path("pass"), path("short"));
    let convert = |target: &str, to: &str, more: &[&str]| {
        let to = path(to);
        run(&[&["convert", "examples/ecc.json", "--target", target, "-o", &to][..], more, &AT].concat())
    };
    for (target, to) in [("java", "web.p12"), ("azure-keyvault", "web.pfx")] {
        let got = convert(target, to, &["--out-passphrase-file", &pass]);
        assert_eq!((got.status, got.out.as_str()), (0, ""), "{}", got.err);
        assert!(!got.err.contains("without a passphrase"), "{}", got.err);
        assert_eq!(fs::metadata(folder.join(to)).unwrap().permissions().mode() & 0o777, 0o600);
        let checked =
            run(&[&["check", &path(to), "--passphrase-file", &pass, "--format", "json"][..], &AT].concat());
        assert_eq!(checked.json()["assembled"]["is_proven"], true, "{}", checked.out);
    }
    // OpenSSL and Java open it, each with the chain of two.
    let file = path("web.p12");
    if common::has("openssl") {
        let arguments = ["pkcs12", "-in", &file, "-passin", "pass:throw-away", "-noenc"];
        let shown = Command::new("openssl").args(arguments).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert_eq!(shown.matches("BEGIN CERTIFICATE").count(), 2, "{shown}");
        assert_eq!(shown.matches("BEGIN PRIVATE KEY").count(), 1);
    }
    if common::has("keytool") {
        let arguments =
            ["-list", "-v", "-keystore", &file, "-storepass", "throw-away", "-J-Duser.language=en"];
        let shown = Command::new("keytool").args(arguments).output().unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains("PrivateKeyEntry") && shown.contains("chain length: 2"), "{shown}");
    }
    convert("java", "a.p12", &[]).refused(&["--out-passphrase-file"]);
    convert("java", "a.p12", &["--out-passphrase-file", &short]).refused(&["6 characters"]);
    convert("java", "a.jks", &["--out-passphrase-file", &pass]).refused(&["keytool -importkeystore"]);
    convert("nginx", "a.p12", &["--out-passphrase-file", &pass]).refused(&["no keystore"]);
    convert("nginx", "a", &["--out-passphrase-file", &pass]).refused(&["is for a keystore"]);
    assert!(!folder.join("a.p12").exists() && !folder.join("a").exists());
}

#[test]
fn a_double_set_is_written_for_those_that_have_fields_for_it() {
    let folder = fresh("double");
    let convert = |target: &str| {
        let to = folder.join(target).display().to_string();
        run(&[&["convert", "examples/sm2.json", "--target", target, "-o", &to][..], &AT].concat())
    };
    for (target, signature) in
        [("aliyun-cas", "SignCert"), ("huawei-scm", "certificate"), ("huawei-apig", "cert_content_sign")]
    {
        let got = convert(target);
        assert_eq!(got.status, 0, "{}", got.err);
        let said = format!("signature-chain.pem is for `{signature}`");
        assert!(got.err.contains(&said), "{}", got.err);
        let file = |name: &str| folder.join(target).join(name).display().to_string();
        let [chain, key, sign_chain, sign_key] =
            ["encryption-chain.pem", "encryption-key.pem", "signature-chain.pem", "signature-key.pem"]
                .map(file);
        let fields = ["--cert", &chain, "--key", &key, "--sign-cert", &sign_chain, "--sign-key", &sign_key];
        let checked = run(&[&["check", "--name", "www_sm2"][..], &fields, &AT].concat());
        assert_eq!(checked.status, 0, "{}", checked.out);
    }
    convert("nginx").refused(&["takes one pair"]);
}

#[test]
fn the_readme_shows_the_targets() {
    const START: &str = "CERTGATE_BLESS=1 writes it) -->\n";
    const END: &str = "<!-- end of targets -->";
    let json = run(&["targets", "--format", "json"]).json();
    let mut table = String::from("\n| target | takes | how it is known |\n|---|---|---|\n");
    for target in json["targets"].as_array().unwrap() {
        let text = |key: &str| target[key].as_str().unwrap().replace('|', "\\|");
        table.push_str(&format!(
            "| `{}`: {} | {} | {} |\n",
            text("name"),
            text("title"),
            text("takes"),
            text("known")
        ));
    }
    table.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(START).unwrap();
    let (is, after) = rest.split_once(END).unwrap();
    if std::env::var_os("CERTGATE_BLESS").is_some() {
        fs::write(&path, format!("{before}{START}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(
            is, table,
            "the table of README.md is stale: CERTGATE_BLESS=1 cargo test -p certgate-cli --test targets"
        );
    }
}
