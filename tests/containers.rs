//! What people hold, made by the tools that they use: each is opened, and the form that comes of it is accepted. Where a tool is not on this machine,
//! the test says so in a line. The files are made from `examples/pki`, whose keys are throw-away keys.
#![cfg(feature = "containers")]
#![allow(clippy::restriction)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use certgate::containers::{Limits, Opened, Reason, assemble, open};
use certgate::time::macros::datetime;
use certgate::{Policy, validate};

fn pki(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pki").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(pki(name)).unwrap()
}

/// A folder of the test's own, with chain, key and root as files.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("containers").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for file in ["rsa.crt", "rsa.key", "tls.crt", "root.crt"] {
        fs::copy(pki(file), folder.join(file)).unwrap();
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

fn opened(path: &Path, passphrase: Option<&str>) -> Opened {
    let name = path.file_name().unwrap().to_str().unwrap();
    open(name, &fs::read(path).unwrap(), passphrase, &Limits::default())
}

/// The form of what was opened is accepted, without anything left out but what is named.
fn accepted(opened: &Opened, left_out: &[&str]) {
    assert_eq!(opened.left_out.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0]);
    let at = datetime!(2026-06-01 0:00 UTC);
    let assembly = assemble(&opened.objects, Some("www_example"), &Policy::default(), at);
    assert_eq!(assembly.left_out.iter().map(ToString::to_string).collect::<Vec<_>>(), left_out);
    let [set] = assembly.sets.as_slice() else { panic!("{} sets", assembly.sets.len()) };
    assert!(set.is_proven);
    if let Err(rejected) = validate(&set.form, &Policy::default(), at) {
        panic!("{:?}", rejected.report().findings);
    }
}

fn reason(opened: &Opened) -> &Reason {
    assert!(opened.objects.iter().all(|object| object.block.kind == certgate::pem::BlockKind::Certificate));
    &opened.left_out.first().unwrap().reason
}

#[test]
fn pkcs12_modern_and_old() {
    let folder = folder("pkcs12");
    for legacy in ["", " -legacy"] {
        let make = format!(
            "openssl pkcs12 -export{legacy} -in rsa.crt -inkey rsa.key -passout pass:correct -out a.p12"
        );
        if !tool(&folder, &make) {
            return;
        }
        let path = folder.join("a.p12");
        accepted(&opened(&path, Some("correct")), &[]);
        assert_eq!(reason(&opened(&path, Some("wrong"))), &Reason::WrongPassphrase, "{legacy}");
        assert_eq!(reason(&opened(&path, None)), &Reason::NeedsPassphrase, "{legacy}");
    }
}

#[test]
fn encrypted_keys() {
    let folder = folder("encrypted");
    for (kind, is_read) in [
        ("-v2 aes256", true),
        ("-v2 des3", true),
        // As old versions write by themselves.
        ("-v2 aes128 -v2prf hmacWithSHA1", true),
        ("-v2 des", true),
        ("-scrypt", true),
        ("-v2 sm4", false),
        ("-v1 PBE-MD5-DES", false),
    ] {
        let make = format!(
            "openssl pkcs8 -topk8 {kind} -provider legacy -provider default -in rsa.key -passout pass:correct -out enc.key"
        );
        if !tool(&folder, &make) {
            return;
        }
        let path = folder.join("enc.key");
        if is_read {
            let mut both = opened(&path, Some("correct"));
            both.objects.extend(opened(&folder.join("rsa.crt"), None).objects);
            accepted(&both, &[]);
            assert_eq!(reason(&opened(&path, Some("wrong"))), &Reason::WrongPassphrase, "{kind}");
            assert_eq!(reason(&opened(&path, None)), &Reason::NeedsPassphrase, "{kind}");
        } else {
            assert!(matches!(reason(&opened(&path, Some("correct"))), Reason::NotSupported { .. }), "{kind}");
        }
    }
    assert!(tool(
        &folder,
        "openssl pkcs8 -topk8 -iter 1000001 -in rsa.key -passout pass:correct -out dear.key"
    ));
    let dear = opened(&folder.join("dear.key"), Some("correct"));
    assert!(matches!(reason(&dear), Reason::TooMuch(limit) if limit.contains("1000001 rounds")));
    if tool(&folder, "openssl rsa -traditional -aes128 -in rsa.key -passout pass:correct -out old.key") {
        let old = opened(&folder.join("old.key"), Some("correct"));
        assert_eq!(reason(&old), &Reason::OldEncryption);
        assert!(reason(&old).to_string().contains("openssl pkey"));
    }
}

#[test]
fn pkcs7_with_a_key_beside_it() {
    let folder = folder("pkcs7");
    for form in ["PEM", "DER"] {
        let make = format!("openssl crl2pkcs7 -nocrl -certfile rsa.crt -outform {form} -out chain.p7b");
        if !tool(&folder, &make) {
            return;
        }
        let mut both = opened(&folder.join("chain.p7b"), None);
        both.objects.extend(opened(&folder.join("rsa.key"), None).objects);
        accepted(&both, &[]);
    }
}

#[test]
fn java_keystores() {
    let folder = folder("java");
    if !tool(
        &folder,
        "openssl pkcs12 -export -in rsa.crt -inkey rsa.key -passout pass:correct -name web -out a.p12",
    ) {
        return;
    }
    for (kind, is_read) in [("JKS", true), ("PKCS12", true), ("JCEKS", false)] {
        let make = format!(
            "keytool -importkeystore -srckeystore a.p12 -srcstorepass correct -destkeystore {kind}.ks -deststoretype {kind} -deststorepass correct -noprompt"
        );
        if !tool(&folder, &make) {
            return;
        }
        let path = folder.join(format!("{kind}.ks"));
        if is_read {
            accepted(&opened(&path, Some("correct")), &[]);
            assert_eq!(reason(&opened(&path, Some("wrong"))), &Reason::WrongPassphrase, "{kind}");
        } else {
            assert!(matches!(reason(&opened(&path, Some("correct"))), Reason::NotSupported { .. }), "{kind}");
        }
    }
}

#[test]
fn archives() {
    let folder = folder("archives");
    for (make, name) in [
        ("zip -q all.zip rsa.key tls.crt root.crt rsa.crt", "all.zip"),
        ("tar -czf all.tar.gz rsa.key tls.crt root.crt rsa.crt", "all.tar.gz"),
        ("tar -cf all.tar rsa.key tls.crt root.crt rsa.crt", "all.tar"),
    ] {
        if tool(&folder, make) {
            let root =
                format!("{name}, root.crt, block 1: a root: clients have their own copy or do not trust it");
            accepted(&opened(&folder.join(name), None), &[&root]);
        }
    }
    if tool(&folder, "tar -czf inner.tgz rsa.key") && tool(&folder, "zip -q outer.zip inner.tgz rsa.crt") {
        let outer = opened(&folder.join("outer.zip"), None);
        assert!(outer.objects.iter().any(|object| object.inside == ["outer.zip", "inner.tgz", "rsa.key"]));
        accepted(&outer, &[]);
    }
    if tool(&folder, "zip -q -P secret locked.zip rsa.key") {
        assert!(matches!(reason(&opened(&folder.join("locked.zip"), None)), Reason::NotSupported { .. }));
    }
}

#[test]
fn bombs_are_bounded() {
    let folder = folder("bombs");
    fs::write(folder.join("zeros"), vec![0_u8; 65 << 20]).unwrap();
    for (make, name) in [("zip -q bomb.zip zeros", "bomb.zip"), ("gzip -k zeros", "zeros.gz")] {
        if tool(&folder, make) {
            let bomb = opened(&folder.join(name), None);
            assert!(matches!(reason(&bomb), Reason::TooMuch(limit) if limit.contains("64 MiB")), "{name}");
        }
    }
    let mut nested = "rsa.key".to_owned();
    for depth in 1..=4 {
        let next = format!("n{depth}.zip");
        if !tool(&folder, &format!("zip -q {next} {nested}")) {
            return;
        }
        nested = next;
    }
    assert!(
        matches!(reason(&opened(&folder.join(nested), None)), Reason::TooMuch(limit) if limit.contains("at most 3"))
    );
}

#[test]
fn kubernetes_secrets() {
    let base64 = |text: &str| {
        let path = folder("secret").join("value");
        fs::write(&path, text).unwrap();
        let output = Command::new("base64").arg("-w0").arg(&path).output();
        output.ok().map(|output| String::from_utf8(output.stdout).unwrap())
    };
    let (Some(chain), Some(key)) = (base64(&text("rsa.crt")), base64(&text("rsa.key"))) else {
        return println!("skipped: no `base64` on this machine");
    };
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {chain}\n  tls.key: {key}\n"
    );
    let found = open("secret.yaml", secret.as_bytes(), None, &Limits::default());
    assert!(found.objects.iter().all(|object| object.inside[1].starts_with("data/tls.")));
    accepted(&found, &[]);

    let json = format!(
        r#"{{"kind":"List","items":[{{"kind":"Secret","data":{{"tls.crt":"{chain}","tls.key":"{key}"}}}}]}}"#
    );
    let found = open("list.json", json.as_bytes(), None, &Limits::default());
    assert_eq!(found.objects[0].inside, ["list.json", "items/0/data/tls.crt"]);
    accepted(&found, &[]);

    let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let documents = format!(
        "kind: Namespace\n---\nkind: Secret\nstringData:\n  tls.crt: |\n{}  tls.key: |\n{}",
        indented(&text("rsa.crt")),
        indented(&text("rsa.key"))
    );
    let found = open("all.yaml", documents.as_bytes(), None, &Limits::default());
    assert_eq!(found.objects[0].inside, ["all.yaml", "document 2/stringData/tls.crt"]);
    accepted(&found, &[]);

    let env = format!("# web\nexport TLS_CRT=\"{chain}\"\nTLS_KEY={key}\n");
    let found = open(".env", env.as_bytes(), None, &Limits::default());
    assert_eq!(found.objects[0].inside, [".env", "TLS_CRT"]);
    accepted(&found, &[]);

    let heredoc = format!("cert = <<-EOT\n{}EOT\nkey = <<-EOT\n{}EOT\n", text("rsa.crt"), text("rsa.key"));
    accepted(&open("web.tfvars", heredoc.as_bytes(), None, &Limits::default()), &[]);
}

#[test]
fn a_secret_of_kubectl() {
    let folder = folder("kubectl");
    let arguments = "create secret tls web --cert=rsa.crt --key=rsa.key --dry-run=client -o";
    for format in ["yaml", "json"] {
        if !tool(&folder, &format!("kubectl {arguments} {format}")) {
            return;
        }
        let arguments = arguments.split(' ').chain([format]);
        let output = Command::new("kubectl").args(arguments).current_dir(&folder).output().unwrap();
        accepted(&open(&format!("secret.{format}"), &output.stdout, None, &Limits::default()), &[]);
    }
}

#[test]
fn an_sm2_double_set_is_recognised() {
    let mut objects = Vec::new();
    // The order of a folder: not that of the form.
    for name in ["sm2-sign.key", "sm2-enc.crt", "sm2-sign.crt", "sm2-enc.key"] {
        objects.extend(open(name, text(name).as_bytes(), None, &Limits::default()).objects);
    }
    let at = datetime!(2026-06-01 0:00 UTC);
    let assembly = assemble(&objects, Some("www_sm2"), &Policy::default(), at);
    let [set] = assembly.sets.as_slice() else {
        panic!("{} sets: {:?}", assembly.sets.len(), assembly.left_out)
    };
    let fields: Vec<_> =
        set.parts.iter().map(|part| (part.field.as_str(), part.inside[0].as_str())).collect();
    for part in [("cert_content", "sm2-enc.crt"), ("private_key_sign", "sm2-sign.key")] {
        assert!(fields.contains(&part), "{fields:?}");
    }
    if let Err(rejected) = validate(&set.form, &Policy::default(), at) {
        panic!("{:?}", rejected.report().findings);
    }
}

#[test]
fn what_belongs_to_nothing_is_named() {
    let mut objects = Vec::new();
    for name in ["rsa.crt", "rsa.key", "rsa.key", "ecc.crt", "client-ca.key"] {
        objects.extend(open(name, text(name).as_bytes(), None, &Limits::default()).objects);
    }
    let at = datetime!(2026-06-01 0:00 UTC);
    let assembly = assemble(&objects, None, &Policy::default(), at);
    assert_eq!(assembly.sets.len(), 1);
    let left: Vec<String> = assembly.left_out.iter().map(ToString::to_string).collect();
    for words in [
        "rsa.key, block 1: a copy of a private key that was read before",
        "ecc.crt, block 1: a certificate whose private key is not here",
        "client-ca.key, block 1: a private key that belongs to none of the certificates",
    ] {
        assert!(left.iter().any(|line| line == words), "{words} is not in {left:#?}");
    }
}

#[test]
fn damaged_files_do_not_stop_the_rest() {
    let folder = folder("damaged");
    if tool(&folder, "zip -q a.zip rsa.crt rsa.key") {
        let bytes = fs::read(folder.join("a.zip")).unwrap();
        for end in [0, 4, 30, bytes.len() / 2, bytes.len() - 1] {
            let cut = open("a.zip", &bytes[..end], None, &Limits::default());
            assert!(!cut.left_out.is_empty(), "cut at {end}");
        }
    }
    for bytes in [
        &[0xFE, 0xED, 0xFE, 0xED][..],
        &[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0],
    ] {
        let cut = open("a.jks", bytes, Some("x"), &Limits::default());
        assert!(matches!(cut.left_out[0].reason, Reason::Damaged(_)));
    }
}
