//! Proves: attacks that have hurt other validators are refused with the right code, and their cost is bounded. Takes 4 seconds.
//!
//! The bound on memory is exact, for what is allocated does not depend on the machine; that on time is generous, for a loaded machine
//! and an unoptimised build. `cargo test -p certgate --test attacks -- --nocapture` prints the figures.
#![allow(clippy::restriction)]

use std::sync::Once;
use std::time::{Duration, Instant};

use certgate::{CertificateForm, Policy, Report, Severity, is_unprintable, validate};
use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::der::{self, Node};
use certgate_forge::form::{self, Form};
use certgate_forge::key::{self, Key, Pkcs8, Rsa, Sec1};
use certgate_forge::{BigInt, chain, ext, fault, name, pem};
use certgate_heap::{Counting, measure};
use time::macros::datetime;

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

#[global_allocator]
static HEAP: Counting = Counting;

/// An attack: the forms that carry it, a code that one of the findings of each must have, and the most bytes a check may hold at a time.
struct Attack {
    name: &'static str,
    forms: Vec<Form>,
    code: &'static [&'static str],
    held: u64,
}

/// What the longest check of these may take.
const LONGEST: Duration = Duration::from_secs(20);

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

fn check(form: &Form) -> (Report, u64, Duration) {
    let form: CertificateForm = serde_json::from_value(form.value()).unwrap();
    let policy = Policy::default();
    // Tables and patterns that are built once.
    static WARM: Once = Once::new();
    WARM.call_once(|| {
        for form in [form::rsa(), form::ecc(), form::ecc_p384(), form::ecc_p521(), form::sm2()] {
            let form: CertificateForm = serde_json::from_value(form.value()).unwrap();
            assert!(validate(&form, &policy, NOW).is_ok());
        }
        // Those that look at a text which is not PEM.
        let other = pem::encode("CERTIFICATE", b"no certificate");
        for text in ["no PEM", "{\"-----BEGIN\": \"-----BEGIN\"}", other.as_str()] {
            let mut form: CertificateForm = serde_json::from_value(form::rsa().value()).unwrap();
            form.cert_content = Some(text.into());
            assert!(validate(&form, &policy, NOW).is_err());
        }
        // And at one whose DER is damaged.
        for at in [1, 5] {
            let cut = |der: &[u8]| [&der[..at], &[0x84, 0xff, 0xff, 0xff, 0xff], &der[at + 1..]].concat();
            let mut form: CertificateForm = serde_json::from_value(form::rsa().value()).unwrap();
            form.cert_content = Some(pem::encode("CERTIFICATE", &cut(&form_leaf().der)).into());
            form.private_key = Some(pem::encode("PRIVATE KEY", &cut(&key::rsa2048(0).pkcs8())).into());
            assert!(validate(&form, &policy, NOW).is_err());
        }
    });
    let start = Instant::now();
    let (report, heap) = measure(|| match validate(&form, &policy, NOW) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    });
    (report, heap.peak, start.elapsed())
}

fn run(attack: Attack) {
    assert!(!attack.forms.is_empty());
    let (mut most, mut longest, mut largest) = (0, Duration::ZERO, 0);
    for (number, form) in attack.forms.iter().enumerate() {
        let what = format!("{} ({number})", attack.name);
        let (report, held, took) = check(form);
        let codes: Vec<_> = report.findings.iter().map(certgate::Finding::code).collect();
        assert!(!report.is_accepted(), "{what}: accepted with {codes:?}");
        assert!(
            attack.code.iter().any(|code| report
                .findings
                .iter()
                .any(|finding| finding.code() == *code && finding.severity == Severity::Error)),
            "{what}: {codes:?}"
        );
        assert!(held <= attack.held, "{what}: {held} bytes held");
        assert!(took <= LONGEST, "{what}: {took:?}");
        let told = serde_json::to_string(&report.findings).unwrap().len();
        assert!(told <= 400 << 10, "{what}: findings of {told} bytes");
        assert!(report.findings.iter().all(|finding| !finding.message.contains(is_unprintable)), "{what}");
        most = most.max(held);
        longest = longest.max(took);
        largest = largest.max(form.json().len());
    }
    println!(
        "| {} | {} | {largest} | {most} | {} | {longest:.1?} |",
        attack.name,
        attack.forms.len(),
        attack.held
    );
}

/// A P-256 form whose leaf carries this SubjectPublicKeyInfo, whose key is this text.
fn with_spki(spki: Node, key: String) -> Form {
    let leaf = chain::plain_leaf(key::p256(0)).spki(spki);
    Form { private_key: Some(key), algorithm_type: None, ..form::of_leaf("ECC", leaf) }
}

fn ec_algorithm(parameters: Node) -> Node {
    der::seq([der::oid("1.2.840.10045.2.1"), parameters])
}

/// Explicit parameters of P-256 over another "prime", the base point compressed: its square root is what never ended.
fn parameters_over(prime: BigInt) -> Node {
    let ec = key::p256(0).ec();
    let mut parameters = key::explicit(ec.curve);
    *parameters.at(&[1, 1]) = der::int(&prime);
    *parameters.at(&[3]) = der::octets(ec.curve.compressed(&ec.curve.g()));
    parameters
}

fn with_parameters(parameters: &Node) -> [Form; 3] {
    let ec = key::p256(0).ec();
    let algorithm = ec_algorithm(parameters.clone());
    let spki = key::spki(algorithm.clone(), &ec.compressed());
    let sec1 =
        Sec1 { parameters: Some(parameters.clone()), public: Some(ec.compressed()), ..ec.sec1() }.node();
    let pkcs8 = Pkcs8 { algorithm, ..ec.pkcs8() };
    let with_key = |text: String| Form { private_key: Some(text), ..form::ecc() };
    [
        with_spki(spki, ec_pem()),
        with_key(pem::encode("EC PRIVATE KEY", &sec1.encode())),
        with_key(pkcs8.pem()),
    ]
}

fn ec_pem() -> String {
    key::p256(0).pem()
}

fn ones(bits: u32) -> BigInt {
    (BigInt::from(1) << bits) - 1
}

#[test]
fn cve_2022_0778_a_square_root_that_never_ends() {
    // 2^256 − 1 and the composite 697 of the original exploit.
    let forms =
        [ones(256), BigInt::from(697)].into_iter().flat_map(|prime| with_parameters(&parameters_over(prime)));
    run(Attack {
        name: "CVE-2022-0778: composite field of an explicit curve",
        forms: forms.collect(),
        code: &["cert-key-invalid", "key-explicit-curve"],
        held: 32 * KIB,
    });
}

#[test]
fn cve_2024_34703_a_huge_field() {
    let forms = with_parameters(&parameters_over(ones(400_000))).to_vec();
    run(Attack {
        name: "CVE-2024-34703: explicit curve over a field of 400,000 bits",
        forms,
        code: &["cert-key-invalid", "key-explicit-curve"],
        held: 128 * KIB,
    });
}

/// An RSA key of this many bits whose numbers only look like a key's.
fn huge(bits: u32) -> Rsa {
    let rsa = key::rsa2048(0).rsa();
    Rsa { n: ones(bits), d: ones(bits - 2), p: ones(bits / 2), q: ones(bits / 2), ..rsa }
}

#[test]
fn cve_2023_29409_a_huge_rsa_key() {
    let mut forms = Vec::new();
    for bits in [8_200, 16_384, 65_536, 1_000_000] {
        let rsa = huge(bits);
        forms.push(Form { private_key: Some(Key::from(rsa.clone()).pem()), ..form::rsa() });
        forms.push(with_spki(rsa.spki(), ec_pem()));
        // The issuer's key is what a signature is verified with.
        let ca = Cert::ca("Huge CA").key(key::rsa2048(2)).spki(rsa.spki()).self_signed();
        let leaf = chain::plain_leaf(key::p256(0)).issued_by(&ca);
        let mut form = Form::of("ECC", &[leaf, ca]);
        form.name = Some("1".to_owned());
        forms.push(form);
    }
    // An exponent as long as the modulus makes each verification as dear as a signature.
    let exponent = Rsa { e: ones(8_191), ..key::rsa8192().rsa() };
    let ca = Cert::ca("Slow CA").key(key::rsa2048(2)).spki(exponent.spki()).self_signed();
    let leaf = chain::plain_leaf(key::p256(0)).issued_by(&ca);
    forms.push(Form { name: Some("1".to_owned()), ..Form::of("ECC", &[leaf, ca]) });
    run(Attack {
        name: "CVE-2023-29409: RSA keys of up to 1,000,000 bits, in leaf, key and issuer",
        forms,
        code: &["key-rsa-too-large", "cert-rsa-long", "name-too-short"],
        held: 768 * KIB,
    });
}

/// A form whose certificate field is this text, and another whose key field is.
fn with_text(text: &str) -> [Form; 2] {
    [
        Form { cert_content: Some(text.to_owned()), ..form::ecc() },
        Form { private_key: Some(text.to_owned()), ..form::ecc() },
    ]
}

#[test]
fn cve_2022_24675_pem_without_end() {
    let begin = "-----BEGIN CERTIFICATE-----\n".repeat(70_000);
    let nested: String = (0..40_000).map(|number| format!("-----BEGIN A{number}-----\n")).collect();
    run(Attack {
        name: "CVE-2022-24675: 2 MiB of BEGIN lines",
        forms: [begin, nested].iter().flat_map(|text| with_text(text)).collect(),
        code: PEM,
        held: MIB,
    });
}

const PEM: &[&str] = &[
    "pem-truncated",
    "pem-marker",
    "pem-missing-begin",
    "pem-not-pem",
    "pem-bad-character",
    "pem-end-label",
    "pem-headers",
];

#[test]
fn ghsa_r4pg_vg54_wxx4_pem_of_quadratic_cost() {
    let texts = [
        "-----BEGIN ".repeat(180_000),
        "-----".repeat(400_000),
        "-----END CERTIFICATE-----\n".repeat(75_000),
        "-----BEGIN CERTIFICATE-----\n-----END".repeat(50_000),
        format!("-----BEGIN CERTIFICATE-----\n{}", "A\n".repeat(1_000_000)),
        format!("-----BEGIN CERTIFICATE-----\n{}", ":".repeat(2_000_000)),
        format!("-----BEGIN CERTIFICATE-----\n{}", "a: b\n".repeat(400_000)),
    ];
    run(Attack {
        name: "GHSA-r4pg-vg54-wxx4: 2 MiB of PEM that invites to look back",
        forms: texts.iter().flat_map(|text| with_text(text)).collect(),
        code: PEM,
        held: 3 * MIB,
    });
}

#[test]
fn cve_2025_61729_the_cost_of_an_error_text() {
    // 60,000 names, each of which deserves a finding of its own, beside a key that does not fit.
    let names: Vec<Node> = (0..60_000).map(|number| ext::dns(format!("*.*.{number}_\u{7}"))).collect();
    let leaf = Cert::leaf("x").key(key::p256(1)).with(ext::san(names));
    let (ca, _) = chain::plain_issuers();
    let form = Form { private_key: Some(ec_pem()), ..Form::of("ECC", &[leaf.issued_by(&ca), ca]) };
    run(Attack {
        name: "CVE-2025-61729: 60,000 names in one certificate that is refused",
        forms: vec![form],
        code: &["match-other-key"],
        held: 12 * MIB,
    });
}

#[test]
fn cve_2021_3711_sm2_lengths() {
    let sm2 = key::sm2_enc().ec();
    let mut forms = Vec::new();
    for length in [0, 33, 64, 1_000, 100_000] {
        let sec1 = Sec1 { scalar: vec![0x5a; length], public: None, ..sm2.sec1() };
        forms.push(Form {
            private_key: Some(pem::encode("EC PRIVATE KEY", &sec1.node().encode())),
            ..form::sm2()
        });
        let (ca, _) = chain::sm2_issuers();
        let point = [&[4], vec![0x5a; length].as_slice()].concat();
        let leaf =
            chain::sm2_leaf(key::sm2_enc(), chain::SM2_ENC_USAGE).spki(key::spki(sm2.algorithm(), &point));
        forms.push(Form { cert_content: Some(bundle(&[leaf.issued_by(&ca), ca])), ..form::sm2() });
    }
    run(Attack {
        name: "CVE-2021-3711: SM2 scalars and points of 0 to 100,000 octets",
        forms,
        code: &["key-impossible-number", "cert-key-invalid"],
        held: 256 * KIB,
    });
}

#[test]
fn cve_2022_4450_an_empty_payload() {
    let block = |label: &str| format!("-----BEGIN {label}-----\n-----END {label}-----\n");
    let header = "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\n-----END CERTIFICATE-----\n";
    let texts = [
        block("CERTIFICATE"),
        block("PRIVATE KEY"),
        block(""),
        block("CERTIFICATE").repeat(1_000),
        header.to_owned(),
    ];
    run(Attack {
        name: "CVE-2022-4450: blocks without a body",
        forms: texts.iter().flat_map(|text| with_text(text)).collect(),
        code: &["pem-empty", "pem-not-pem", "pem-marker", "key-exposed", "key-encrypted"],
        held: MIB,
    });
}

/// A CA with `constraints` subtrees over a leaf with `names` names.
fn constrained(constraints: usize, names: usize, excluded: bool) -> Form {
    let tree = |number: usize| ext::dns(format!("c{number}.example"));
    let trees: Vec<Node> = (0..constraints).map(tree).collect();
    let (permitted, excluded) = if excluded { (Vec::new(), trees) } else { (trees, Vec::new()) };
    let ca = Cert::ca("Constrained CA")
        .key(key::p256(1))
        .with(ext::name_constraints(permitted, excluded))
        .self_signed();
    let san = (0..names).map(|number| ext::dns(format!("www.h{number}.c{number}.other")));
    let leaf = Cert::leaf("x").key(key::p256(0)).with(ext::san(san)).issued_by(&ca);
    // The name is refused either way, so that each form has an error.
    Form { name: Some("1".to_owned()), ..Form::of("ECC", &[leaf, ca]) }
}

#[test]
fn name_constraints_that_multiply() {
    run(Attack {
        name: "name constraints: 20,000 subtrees over 20,000 names",
        forms: vec![constrained(20_000, 20_000, false), constrained(20_000, 20_000, true)],
        code: &["name-too-short"],
        held: 8 * MIB,
    });
}

/// As many comparisons as are allowed: DNS names that share their end with all subtrees, and addresses in ranges of odd masks.
#[test]
fn name_constraints_up_to_the_limit() {
    let ranges = |count: u32| {
        (0..count).map(|number| {
            let mask = 0xAAAA_0000 | (number << 1 | 1);
            ext::ip_raw(&[0xFFFF_FFFF_u32.to_be_bytes(), mask.to_be_bytes()].concat())
        })
    };
    let addresses = |count: u32| (0..count).map(|number| ext::ip_raw(&number.to_be_bytes()));
    let ca = Cert::ca("Ranges CA")
        .key(key::p256(1))
        .with(ext::name_constraints(Vec::new(), ranges(1_024).collect()))
        .self_signed();
    let leaf = Cert::leaf("x").key(key::p256(0)).with(ext::san(addresses(1_023))).issued_by(&ca);
    let of_addresses = Form { name: Some("1".to_owned()), ..Form::of("ECC", &[leaf, ca]) };
    let forms = vec![constrained(1_024, 1_023, false), constrained(1_024, 1_023, true), of_addresses];
    for form in &forms {
        let (report, ..) = check(form);
        let codes: Vec<_> = report.findings.iter().map(|finding| finding.code()).collect();
        assert!(!codes.contains(&"chain-name-constraints-cost"), "{codes:?}");
    }
    run(Attack {
        name: "name constraints: a million comparisons",
        forms,
        code: &["name-too-short"],
        held: MIB,
    });
}

#[test]
fn keys_that_lie() {
    let forms: Vec<Form> =
        fault::all().filter(|row| row.row.starts_with("lie-")).map(fault::Fault::form).collect();
    assert!(forms.len() >= 15);
    run(Attack {
        name: "private keys with the certificate's public half beside foreign numbers",
        forms,
        code: &["match-key-contradicts-itself"],
        held: 32 * KIB,
    });
}

#[test]
fn nul_in_a_name() {
    let san = |node: Node| Cert::leaf("x").key(key::p256(0)).with(ext::san([node]));
    let subject = |node: Node| chain::plain_leaf(key::p256(0)).subject(name::name_of([("CN", node)]));
    let forms = [
        san(ext::dns("www.bank.example\0.evil.example")),
        subject(der::utf8("www.bank.example\0.evil.example")),
        subject(der::printable("www.bank.example\0.evil.example")),
        subject(der::bmp("www.bank.example\0.evil.example")),
    ];
    run(Attack {
        name: "NUL in dNSName and common name",
        forms: forms.into_iter().map(|leaf| form::of_leaf("ECC", leaf)).collect(),
        code: &["cert-name-nul"],
        held: 32 * KIB,
    });
}

#[test]
fn an_unknown_critical_extension() {
    let leaf = chain::plain_leaf(key::p256(0)).with_another(ext::unknown().critical());
    run(Attack {
        name: "unknown critical extension",
        forms: vec![form::of_leaf("ECC", leaf)],
        code: &["cert-critical-extension"],
        held: 32 * KIB,
    });
}

/// SEQUENCEs in SEQUENCEs, this deep.
fn nested(depth: usize) -> Vec<u8> {
    let mut lengths = Vec::with_capacity(depth);
    let mut length = 0usize;
    for _ in 0..depth {
        let header: Vec<u8> = match length {
            0..0x80 => vec![0x30, length as u8],
            0x80..0x1_0000 => vec![0x30, 0x82, (length >> 8) as u8, length as u8],
            _ => vec![0x30, 0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8],
        };
        length += header.len();
        lengths.push(header);
    }
    lengths.into_iter().rev().flatten().collect()
}

#[test]
fn deep_nesting() {
    let deep = nested(200_000);
    let node = || Node::raw(deep.clone());
    let leaf = || chain::plain_leaf(key::p256(0));
    let mut forms = vec![
        form::of_leaf("ECC", leaf().with(ext::Ext::raw("2.5.29.17", deep.clone()))),
        form::of_leaf("ECC", leaf().with(ext::Ext::raw("2.5.29.32", deep.clone()))),
        form::of_leaf("ECC", leaf().with(ext::Ext::raw("2.5.29.30", deep.clone()).critical())),
        form::of_leaf("ECC", leaf().with(ext::san([ext::directory(node())]))),
        form::of_leaf("ECC", leaf().subject(node())),
        form::of_leaf("ECC", leaf().spki(node()).with(ext::ski(&[7; 20]))),
    ];
    for label in
        ["CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", "X509 CRL", "PKCS7", "ENCRYPTED PRIVATE KEY"]
    {
        forms.extend(with_text(&pem::encode(label, &deep)));
    }
    for form in &mut forms {
        form.name = Some("1".to_owned());
    }
    run(Attack { name: "DER nested 200,000 deep", forms, code: &["name-too-short"], held: 2 * MIB });
}

#[test]
fn lengths_that_overflow() {
    let huge: [&[u8]; 5] = [
        &[0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0xfe, 0xff, 0xff],
        &[0xff, 0xff],
    ];
    let certificate = form_leaf().der;
    let key = key::rsa2048(0).pkcs8();
    let mut forms = Vec::new();
    for length in huge {
        // In the place of the length of each of the first elements: each offset from 1 where a length could be.
        for at in [1, 5, 10, 30, 60] {
            for (label, der) in [("CERTIFICATE", &certificate), ("PRIVATE KEY", &key)] {
                let changed = [&der[..at], length, &der[at + 1..]].concat();
                let text = pem::encode(label, &changed);
                let [first, second] = with_text(&text);
                forms.push(if label == "CERTIFICATE" { first } else { second });
            }
        }
    }
    run(Attack {
        name: "lengths up to 2^64 − 1",
        forms,
        code: &[
            "cert-unreadable",
            "cert-der",
            "cert-trailing-data",
            "key-malformed",
            "key-not-der",
            "key-trailing-bytes",
        ],
        // Each thread has its own memory of the patterns, which the first damaged text of a thread fills.
        held: 256 * KIB,
    });
}

fn form_leaf() -> Issued {
    chain::plain(key::p256(0)).leaf
}

#[test]
fn terminal_escapes_in_names() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}moc\u{200b}\u{9b}31m";
    let subject = name::name(&[("C", "CN"), ("O", evil), ("OU", evil), ("CN", evil)]);
    let leaf = chain::plain_leaf(key::p256(0)).subject(subject.clone()).with(ext::san_dns(&[evil]));
    let ca = Cert::ca("x").subject(subject).key(key::p256(1)).self_signed();
    let mut form = Form::of("ECC", &[leaf.issued_by(&ca), ca]);
    form.name = Some(evil.to_owned());
    form.kind = Some(evil.to_owned());
    form.algorithm_type = Some(evil.to_owned());
    form.instance_id = Some(evil.to_owned());
    let (report, ..) = check(&form);
    let shown = serde_json::to_string(&report).unwrap();
    assert!(!shown.contains(is_unprintable));
    // serde_json writes control characters as `\u001b`: none came that far.
    assert!(!shown.contains("\\u00"), "{shown}");
    run(Attack {
        name: "terminal escapes in every name",
        forms: vec![form],
        code: &["name-character"],
        held: 48 * KIB,
    });
}

#[test]
fn json_nested_deep() {
    let deep = format!(r#"{{"name":{}"#, "[".repeat(1_000_000));
    let (read, heap) = measure(|| serde_json::from_str::<CertificateForm>(&deep).is_err());
    assert!(read);
    assert!(heap.peak <= 2 * MIB, "{heap:?}");
}
