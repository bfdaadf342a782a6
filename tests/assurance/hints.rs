//! Proves: the commands that hints give do what the hints say. For each kind of wrong input: a real tool makes it, certgate's hint names the
//! command, the command is run as it stands, and what it writes is accepted in the place of the input. Commands that no input leads to are
//! run by themselves. A command in a hint that is neither run nor listed below with a reason fails the test.
//!
//! Takes 20 seconds. What needs a tool that is not there is skipped with a printed line.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use certgate::{CertificateForm, Content, Field, catalogue};
use certgate_forge::der::{int_raw, null, octets, oid, seq};
use certgate_forge::form::{self, Form};
use certgate_forge::pem;
use support::{Complaints, NOW, cases, check, policy, read};

/// Why a command of a hint is not run here, by what it begins with.
const NOT_RUN: [(&str, &str); 12] = [
    ("curl ", "needs the network"),
    ("kubectl get secret", "needs a cluster"),
    ("gpg -d", "asks its agent for a passphrase"),
    ("git lfs pull", "needs a repository with its server"),
    ("sops -d", "needs the keys of a vault"),
    ("ansible-vault view", "needs the keys of a vault"),
    (
        "puttygen ",
        "Debian's minimal systems have no puttygen; the steps after it are those of an OpenSSH key",
    ),
    ("certgate ", "this program, which its own tests run"),
    ("terraform output", "needs the state of Terraform"),
    ("openssl req -new -addext", "an option to add, not a whole command"),
    ("openssl x509 -req", "the name of a command, not a whole one"),
    ("xxd -r", "the name of a command, not a whole one"),
];

/// What is made and where a command works: a folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("certgate-hints-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(file), bytes).unwrap();
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.0.join(file)).unwrap_or_default()
    }

    /// Runs a command without a terminal, so that passphrases are read from what is typed here: its output, and whether it succeeded.
    fn run(&self, command: &str) -> (Vec<u8>, bool) {
        let is_asked_for_secret = !command.starts_with("openssl req") && !command.starts_with("ssh-keygen");
        self.write("typed", if is_asked_for_secret { "secret\n".repeat(4) } else { "\n".repeat(12) });
        let output = Command::new("setsid")
            .args(["-w", "sh", "-c", &format!("({command}) < typed")])
            .current_dir(&self.0)
            .output()
            .expect("sh");
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            println!("{command}: {}", said.lines().last().unwrap_or_default());
        }
        (output.stdout, output.status.success())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn has(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        println!("skipped: no {tool}");
    }
    found
}

/// An input that a form does not take, and the way out that its hint names.
struct Way {
    name: &'static str,
    form: fn() -> Form,
    field: Field,
    /// How the input comes to be: a command that finds the right text in `right.pem` (and the key in `key.pem`, the chain in `chain.pem`)
    /// and leaves the input in `FILE`.
    make: &'static str,
    /// What the commands of the hint begin with, in their order.
    commands: &'static [&'static str],
    /// The file where the last command leaves its result.
    result: &'static str,
}

const RSA: fn() -> Form = form::rsa;
const ECC: fn() -> Form = form::ecc;
const SM2: fn() -> Form = form::sm2;
const CHAIN: Field = Field::CertContent;
const KEY: Field = Field::PrivateKey;

#[rustfmt::skip]
const WAYS: [Way; 30] = [
    Way { name: "zip", form: RSA, field: CHAIN, make: "cp chain.pem inside.pem && python3 -m zipfile -c FILE inside.pem && rm inside.pem", commands: &["unzip FILE"], result: "inside.pem" },
    Way { name: "tar-gz", form: RSA, field: CHAIN, make: "cp chain.pem inside.pem && tar -czf FILE inside.pem && rm inside.pem", commands: &["tar -xzf FILE"], result: "inside.pem" },
    Way { name: "gzip", form: RSA, field: KEY, make: "gzip -c key.pem > FILE", commands: &["gunzip -c FILE"], result: "NAME" },
    Way { name: "p12-chain", form: RSA, field: CHAIN, make: "openssl pkcs12 -export -in chain.pem -inkey key.pem -passout pass:secret -out FILE", commands: &["openssl pkcs12 -in FILE.p12 -nokeys"], result: "new-chain.pem" },
    Way { name: "p12-key", form: RSA, field: KEY, make: "openssl pkcs12 -export -in chain.pem -inkey key.pem -passout pass:secret -out FILE", commands: &["openssl pkcs12 -in FILE.p12 -nocerts"], result: "new-key.pem" },
    Way { name: "p12-base64", form: RSA, field: KEY, make: "openssl pkcs12 -export -in chain.pem -inkey key.pem -passout pass:secret -out p12 && base64 p12 > FILE", commands: &["base64 -d FILE > FILE.p12", "openssl pkcs12 -in FILE.p12 -nocerts"], result: "new-key.pem" },
    Way { name: "p7b", form: RSA, field: CHAIN, make: "openssl crl2pkcs7 -nocrl -certfile chain.pem -out FILE", commands: &["openssl pkcs7 -print_certs"], result: "FILE.pem" },
    Way { name: "jks-chain", form: RSA, field: CHAIN, make: "openssl pkcs12 -export -in chain.pem -inkey key.pem -passout pass:secret -out p12 && keytool -importkeystore -srckeystore p12 -srcstoretype PKCS12 -srcstorepass secret -destkeystore FILE -deststoretype JKS -deststorepass secret", commands: &["keytool -importkeystore", "openssl pkcs12 -in FILE.p12 -nokeys"], result: "new-chain.pem" },
    Way { name: "jks-key", form: RSA, field: KEY, make: "openssl pkcs12 -export -in chain.pem -inkey key.pem -passout pass:secret -out p12 && keytool -importkeystore -srckeystore p12 -srcstoretype PKCS12 -srcstorepass secret -destkeystore FILE -deststoretype JKS -deststorepass secret", commands: &["keytool -importkeystore", "openssl pkcs12 -in FILE.p12 -nocerts"], result: "new-key.pem" },
    Way { name: "key-encrypted", form: RSA, field: KEY, make: "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -out FILE", commands: &["openssl pkey -in encrypted.pem"], result: "new-key.pem" },
    Way { name: "key-encrypted-traditional", form: RSA, field: KEY, make: "openssl rsa -traditional -aes128 -in key.pem -passout pass:secret -out FILE", commands: &["openssl pkey -in encrypted.pem"], result: "new-key.pem" },
    Way { name: "key-der", form: ECC, field: KEY, make: "openssl pkey -in key.pem -outform DER -out FILE", commands: &["openssl pkey -inform DER"], result: "FILE.pem" },
    Way { name: "certificate-der", form: RSA, field: CHAIN, make: "openssl x509 -in chain.pem -outform DER -out FILE", commands: &["openssl x509 -inform DER"], result: "FILE.pem" },
    Way { name: "key-openssh", form: RSA, field: KEY, make: "cp key.pem FILE && chmod 600 FILE && ssh-keygen -p -N '' -f FILE", commands: &["ssh-keygen -p -m PEM"], result: "FILE" },
    Way { name: "explicit-curve", form: ECC, field: KEY, make: "openssl ec -in key.pem -param_enc explicit -out FILE", commands: &["openssl ec -in key.pem -param_enc named_curve"], result: "new-key.pem" },
    Way { name: "key-pkcs8-version", form: RSA, field: KEY, make: "openssl rsa -in key.pem -traditional -outform DER -out k.der && printf 'asn1=SEQUENCE:p\\n[p]\\nv=INTEGER:1\\na=SEQUENCE:a\\nk=FORMAT:HEX,OCT:%s\\nq=IMPLICIT:1,FORMAT:HEX,BITSTRING:%s\\n[a]\\no=OID:rsaEncryption\\nn=NULL\\n' $(xxd -p k.der | tr -d '\\n') $(openssl rsa -in key.pem -RSAPublicKey_out -outform DER | xxd -p | tr -d '\\n') > conf && openssl asn1parse -genconf conf -noout -out p8.der && (echo -----BEGIN PRIVATE KEY-----; base64 -w64 p8.der; echo -----END PRIVATE KEY-----) > FILE && cp FILE key.pem", commands: &["openssl asn1parse -in key.pem -strparse 22"], result: "new-key.pem" },
    Way { name: "key-without-curve", form: ECC, field: KEY, make: "printf 'asn1=SEQUENCE:s\\n[s]\\nv=INTEGER:1\\nk=FORMAT:HEX,OCT:%s\\n' $(openssl ec -in key.pem -text -noout | sed -n '/priv:/,/pub:/p' | grep '^ ' | tr -d ' :\\n') > conf && openssl asn1parse -genconf conf -noout -out s.der && (echo -----BEGIN EC PRIVATE KEY-----; base64 -w64 s.der; echo -----END EC PRIVATE KEY-----) > FILE && cp FILE key.pem", commands: &["openssl asn1parse -in key.pem -noout -out sec1.der"], result: "new-key.pem" },
    Way { name: "trusted-label", form: RSA, field: CHAIN, make: "openssl x509 -in chain.pem -trustout -out FILE", commands: &["openssl x509 -in BLOCK"], result: "NEW.pem" },
    Way { name: "utf16", form: RSA, field: CHAIN, make: "iconv -f UTF-8 -t UTF-16 right.pem > FILE", commands: &["iconv -f UTF-16"], result: "fixed.pem" },
    Way { name: "carriage-returns", form: RSA, field: CHAIN, make: "tr '\\n' '\\r' < right.pem > FILE", commands: &["tr -s"], result: "fixed.pem" },
    Way { name: "escaped-newlines", form: RSA, field: CHAIN, make: "awk '{printf \"%s%s\", $0, NR % 2 ? \"\\\\n\" : \"\\\\r\\\\n\"}' right.pem > FILE", commands: &["awk "], result: "fixed.pem" },
    Way { name: "base64-of-pem", form: RSA, field: CHAIN, make: "base64 -w0 right.pem > FILE", commands: &["base64 -d FILE > decoded.pem"], result: "decoded.pem" },
    Way { name: "base64-twice", form: RSA, field: KEY, make: "base64 -w0 right.pem | base64 -w0 > FILE", commands: &["base64 -d FILE | base64 -d"], result: "decoded.pem" },
    Way { name: "hex-of-key", form: ECC, field: KEY, make: "openssl pkey -in key.pem -outform DER | xxd -p > FILE", commands: &["xxd -r -p FILE > FILE.der"], result: "FILE.der" },
    Way { name: "printed-certificate", form: RSA, field: CHAIN, make: "openssl x509 -in chain.pem -noout -text > FILE; cp chain.pem ORIGINAL", commands: &["openssl x509 -in ORIGINAL"], result: "new-cert.pem" },
    Way { name: "printed-key", form: RSA, field: KEY, make: "openssl pkey -in key.pem -noout -text > FILE; cp key.pem ORIGINAL", commands: &["openssl pkey -in ORIGINAL"], result: "new-key.pem" },
    Way { name: "jwk", form: RSA, field: KEY, make: "node -e 'console.log(JSON.stringify(require(\"crypto\").createPrivateKey(require(\"fs\").readFileSync(\"key.pem\")).export({format:\"jwk\"})))' > FILE", commands: &["node -e"], result: "new-key.pem" },
    Way { name: "xml-key", form: RSA, field: KEY, make: "node -e 'const j=require(\"crypto\").createPrivateKey(require(\"fs\").readFileSync(\"key.pem\")).export({format:\"jwk\"}),t=(n,v)=>`<${n}>${Buffer.from(v,\"base64url\").toString(\"base64\")}</${n}>`;console.log(`<RSAKeyValue>${t(\"Modulus\",j.n)}${t(\"Exponent\",j.e)}${t(\"P\",j.p)}${t(\"Q\",j.q)}${t(\"DP\",j.dp)}${t(\"DQ\",j.dq)}${t(\"InverseQ\",j.qi)}${t(\"D\",j.d)}</RSAKeyValue>`)' > FILE", commands: &["node -e"], result: "new-key.pem" },
    Way { name: "bare-scalar", form: SM2, field: KEY, make: "openssl ec -in key.pem -text -noout | sed -n '/priv:/,/pub:/p' | grep '^ ' | tr -d ' :\\n' > FILE", commands: &["(printf 3031"], result: "new-key.pem" },
    Way { name: "gmssl", form: SM2, field: KEY, make: "", commands: &["openssl asn1parse -in encrypted.pem"], result: "new-key.pem" },
];

/// The commands in a text: what stands in back-quotes and begins with a tool that is not certgate's own word.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    const TOOLS: &str = "ansible-vault awk base64 cat certgate certutil curl git gpg gunzip iconv jq keytool kubectl node openssl puttygen python3 sops \
                         ssh-keygen tail tar tr unzip xxd";
    text.split('`').skip(1).step_by(2).filter(|quoted| {
        let (tool, rest) = quoted.split_once(' ').unwrap_or((quoted, ""));
        quoted.starts_with('(') || (TOOLS.split(' ').any(|known| known == tool) && !rest.is_empty())
    })
}

fn hints_of(form: &CertificateForm) -> String {
    let report = check(form, &policy(), NOW);
    report.findings.iter().map(|finding| format!("{}\n", finding.hint)).collect()
}

/// Follows one way. `None`: what makes the input is not to be had.
fn follow(way: &Way, run: &mut BTreeSet<String>) -> Option<Result<(), String>> {
    let right = read(&(way.form)());
    let folder = Folder::new(way.name);
    let text = |field| right.content(field).and_then(Content::as_text).unwrap().to_owned();
    for (file, text) in [("right.pem", text(way.field)), ("key.pem", text(KEY)), ("chain.pem", text(CHAIN))] {
        folder.write(file, text);
    }
    match way.make {
        "" => folder.write("FILE", gmssl_key(&folder)?),
        make if folder.run(make).1 => {}
        _ => return None,
    }
    let given = folder.read("FILE");
    for name in
        ["FILE.p12", "FILE.jks", "FILE.p7b", "FILE.json", "FILE.xml", "COPY", "BLOCK", "encrypted.pem"]
    {
        folder.write(name, &given);
    }
    let _ = Command::new("chmod").arg("600").arg(folder.0.join("COPY")).status();
    if way.name == "explicit-curve" {
        folder.write("key.pem", &given);
    }
    if way.name.starts_with("jks") || way.name == "p12-base64" {
        let _ = fs::remove_file(folder.0.join("FILE.p12"));
    }
    let mut form = right.clone();
    *form.content_mut(way.field).unwrap() = Some(Content::from_bytes(given));
    let hints = hints_of(&form);
    for wanted in way.commands {
        let Some(command) = commands(&hints).find(|command| command.starts_with(wanted)) else {
            return Some(Err(format!("no hint gives `{wanted} …`: {hints}")));
        };
        run.insert(command.to_owned());
        let (_, is_run) = folder.run(&command.replace("PASSPHRASE", "secret"));
        if !is_run {
            return Some(Err(format!("`{command}` fails")));
        }
    }
    let result = match way.result {
        "FILE" => folder.read("COPY"),
        file => folder.read(file),
    };
    *form.content_mut(way.field).unwrap() = Some(Content::from_bytes(result));
    let report = check(&form, &policy(), NOW);
    Some(match report.is_accepted() {
        true => Ok(()),
        false => Err(format!("what the command writes is not accepted: {:?}", support::findings(&report))),
    })
}

/// The key as GmSSL 3 encrypts it: SM4-CBC, with a key from PBKDF2 over HMAC-SM3; `None` where OpenSSL lacks a part.
fn gmssl_key(folder: &Folder) -> Option<Vec<u8>> {
    let encrypt = "openssl pkey -in key.pem -outform DER | openssl enc -sm4-cbc -iv b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2 -K $(openssl kdf -keylen 16 \
                   -kdfopt digest:SM3 -kdfopt pass:secret -kdfopt hexsalt:a1a1a1a1a1a1a1a1 -kdfopt iter:65536 -binary PBKDF2 | xxd -p)";
    let (encrypted, _) = folder.run(encrypt);
    let derivation = seq([
        octets(vec![0xA1; 8]),
        int_raw(vec![1, 0, 0]),
        int_raw(vec![16]),
        seq([oid("1.2.156.10197.1.401.2"), null()]),
    ]);
    let schemes = seq([
        seq([oid("1.2.840.113549.1.5.12"), derivation]),
        seq([oid("1.2.156.10197.1.104.2"), octets(vec![0xB2; 16])]),
    ]);
    let key = seq([seq([oid("1.2.840.113549.1.5.13"), schemes]), octets(encrypted.clone())]);
    (!encrypted.is_empty()).then(|| pem::encode("ENCRYPTED PRIVATE KEY", &key.encode()).into_bytes())
}

#[test]
fn what_a_hint_says_to_run_yields_what_is_accepted() {
    if !has("setsid") || !has("openssl") {
        return;
    }
    let (mut complaints, mut run) = (Complaints::default(), BTreeSet::new());
    let mut followed = 0;
    for way in &WAYS {
        match follow(way, &mut run) {
            None => println!("skipped: {}, a tool that makes the input is absent", way.name),
            Some(Ok(())) => followed += 1,
            Some(Err(why)) => complaints.add(format!("{}: {why}", way.name)),
        }
    }
    println!("{followed} of {} ways followed", WAYS.len());
    with_uncompressed_point(&mut run, &mut complaints);
    by_themselves(&mut run, &mut complaints);
    for (command, rule) in all_commands() {
        // Of a part of a command only that part itself is meant.
        let is_listed = NOT_RUN.iter().any(|(start, why)| match why.contains("whole") {
            true => command == *start || command.starts_with(&format!("{start} subject")),
            false => command.starts_with(start),
        });
        if !is_listed && !run.contains(&command) && !is_way(&command) {
            complaints.add(format!("{rule}: nothing runs `{command}`"));
        }
    }
    complaints.done("commands of hints");
}

/// Whether a way that was skipped here runs the command.
fn is_way(command: &str) -> bool {
    WAYS.iter().any(|way| way.commands.iter().any(|start| command.starts_with(start)))
}

/// Every command in the hint of a rule or of a finding of a case, and where it is.
fn all_commands() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for rule in catalogue::all() {
        all.extend(commands(rule.hint).map(|command| (command.to_owned(), rule.code.to_owned())));
    }
    for case in cases() {
        let report = check(&case.form(), &case.policy(), case.at());
        for finding in &report.findings {
            all.extend(commands(&finding.hint).map(|command| (command.to_owned(), case.path.clone())));
        }
    }
    all
}

/// The two commands that lead from a key with a compressed point to a request without one, in their order.
fn with_uncompressed_point(run: &mut BTreeSet<String>, complaints: &mut Complaints) {
    for curve in ["prime256v1", "SM2"] {
        let folder = Folder::new("uncompressed");
        let make =
            "openssl ecparam -name CURVE -genkey -noout | openssl ec -conv_form compressed -out key.pem";
        if !folder.run(&make.replace("CURVE", curve)).1 {
            println!("skipped: a compressed point on {curve}, which OpenSSL here does not make");
            continue;
        }
        for command in commands(catalogue::find("cert-point-compressed").unwrap().hint) {
            if !folder.run(command).1 {
                complaints.add(format!("{curve}: `{command}` fails"));
            }
            run.insert(command.to_owned());
        }
        let (point, _) = folder.run("openssl req -in new.csr -noout -text | grep -A1 pub: | tail -1");
        if !String::from_utf8_lossy(&point).trim().starts_with("04:") {
            complaints
                .add(format!("{curve}: the point of the request is {}", String::from_utf8_lossy(&point)));
        }
    }
}

/// Commands that look at a file or make a new key: each is run, and a key that it makes is one that certgate takes.
fn by_themselves(run: &mut BTreeSet<String>, complaints: &mut Complaints) {
    let form = read(&form::rsa());
    let text = |field| form.content(field).and_then(Content::as_text).unwrap().to_owned();
    for (command, rule) in all_commands() {
        let is_look = [
            "openssl x509 -in FILE",
            "openssl pkey -in FILE",
            "openssl asn1parse -i -in",
            "jq ",
            "cat ",
            "openssl pkey -in key.pem",
        ];
        let makes =
            ["openssl genrsa", "openssl genpkey", "openssl req -new -newkey", "openssl req -new -key"];
        let is_of = |starts: &[&str]| starts.iter().any(|start| command.starts_with(start));
        if run.contains(&command) || !is_of(&is_look) && !is_of(&makes) {
            continue;
        }
        let folder = Folder::new("alone");
        let is_of_certificate =
            command.starts_with("openssl x509") || command.starts_with("openssl asn1parse");
        folder.write("FILE", if is_of_certificate { text(CHAIN) } else { text(KEY) });
        folder.write("key.pem", text(KEY));
        let (printed, is_run) = folder.run(&command);
        if !is_run {
            complaints.add(format!("{rule}: `{command}` fails"));
        }
        let key = folder.read("new-key.pem");
        let key = if key.is_empty() && command == "openssl genrsa" { printed.clone() } else { key };
        if is_of(&makes[..3]) {
            let text = Content::from_bytes(key);
            let blocks = certgate::pem::parse(&text, certgate::pem::Expected::PrivateKey, &policy()).value;
            let block = blocks.as_ref().and_then(|blocks| blocks.first());
            let checked = block.map(|block| certgate::key::check(block, &policy()));
            if !checked.is_some_and(|checked| checked.is_ok()) {
                complaints.add(format!("{rule}: `{command}` makes no key that is taken"));
            }
        } else if !command.contains(" -out ") && !command.contains(" -check ") && printed.is_empty() {
            complaints.add(format!("{rule}: `{command}` prints nothing"));
        }
        run.insert(command);
    }
}
