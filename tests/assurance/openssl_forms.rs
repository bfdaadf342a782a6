//! Proves: forms whose keys and certificates the OpenSSL command line makes on the spot are accepted, with the metadata that was asked for.
//! Takes 3 seconds. Skips with a printed line where there is no OpenSSL 3.
#![allow(clippy::restriction)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use certgate::{AlgorithmType, At, CertificateForm, Content, Finding, Policy, Report, validate};

const SUBJECT: &str = "/C=CN/ST=Guangdong/L=Shenzhen/O=Example/OU=Web/CN=www.example.com";
const SAN: &str = "subjectAltName=DNS:www.example.com,DNS:*.example.com";

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("certgate-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder to work in");
        Self(path)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).expect("a file that OpenSSL wrote")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn has_openssl() -> bool {
    let version = Command::new("openssl").arg("version").output();
    let found = version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("OpenSSL 3"));
    if !found {
        println!("skipped: no OpenSSL 3 command line");
    }
    found
}

fn openssl(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl");
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn certificate(folder: &Path, key: &[&str], name: &str, usage: &str) {
    let (key_file, certificate_file) = (format!("{name}.key"), format!("{name}.crt"));
    let mut generate = vec!["genpkey"];
    generate.extend(key);
    generate.extend(["-out", &key_file]);
    openssl(folder, &generate);
    let mut request =
        vec!["req", "-x509", "-new", "-key", &key_file, "-out", &certificate_file, "-days", "3650"];
    request.extend([
        "-subj",
        SUBJECT,
        "-addext",
        SAN,
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        usage,
    ]);
    if key.contains(&"EC") && key.iter().any(|part| part.contains("SM2")) {
        request.extend(["-sm3", "-sigopt", "distid:1234567812345678"]);
    }
    openssl(folder, &request);
}

fn check(form: &CertificateForm) -> Report {
    match validate(form, &Policy::default(), At::NotEvaluated) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => panic!("{rejected}: {:?}", rejected.report().findings),
    }
}

fn assert_metadata(folder: &Folder, name: &str, response: &certgate::CertificateResponse, signature: &str) {
    let metadata = &response.certificate;
    assert_eq!(metadata.common_name.as_deref(), Some("www.example.com"));
    assert_eq!(metadata.san, ["www.example.com", "*.example.com"]);
    assert_eq!(metadata.organization, ["Example"]);
    assert_eq!(metadata.organizational_unit, ["Web"]);
    assert_eq!(metadata.locality, ["Shenzhen"]);
    assert_eq!(metadata.state, ["Guangdong"]);
    assert_eq!(metadata.country, ["CN"]);
    assert_eq!(metadata.issuer, ["Example"]);
    assert_eq!(metadata.version, Some(3));
    assert_eq!(metadata.signature_algorithm.as_deref(), Some(signature));
    let file = format!("{name}.crt");
    // OpenSSL's serial is in hexadecimal; ours in decimal.
    let serial = openssl(&folder.0, &["x509", "-in", &file, "-noout", "-serial"]);
    let hexadecimal = serial.trim().trim_start_matches("serial=");
    let wanted = certgate_forge::BigUint::parse_bytes(hexadecimal.as_bytes(), 16).expect("a number");
    assert_eq!(metadata.serial_number.as_deref(), Some(wanted.to_string().as_str()));
}

#[test]
fn every_kind_of_key_is_accepted() {
    if !has_openssl() {
        return;
    }
    let ec = |curve: &'static str| {
        vec!["-algorithm", "EC", "-pkeyopt", curve, "-pkeyopt", "ec_param_enc:named_curve"]
    };
    let rsa = |bits: &'static str| vec!["-algorithm", "RSA", "-pkeyopt", bits];
    let kinds = [
        ("rsa2048", rsa("rsa_keygen_bits:2048"), AlgorithmType::Rsa, "SHA256-RSA"),
        ("rsa4096", rsa("rsa_keygen_bits:4096"), AlgorithmType::Rsa, "SHA256-RSA"),
        ("p256", ec("ec_paramgen_curve:P-256"), AlgorithmType::Ecc, "ECDSA-SHA256"),
        ("p384", ec("ec_paramgen_curve:P-384"), AlgorithmType::Ecc, "ECDSA-SHA256"),
        ("p521", ec("ec_paramgen_curve:P-521"), AlgorithmType::Ecc, "ECDSA-SHA256"),
    ];
    let folder = Folder::new("kinds");
    for (name, key, algorithm, signature) in kinds {
        certificate(&folder.0, &key, name, "keyUsage=digitalSignature,keyEncipherment");
        let mut form = CertificateForm::default();
        form.name = Some(format!("test_{name}"));
        form.cert_content = Some(folder.read(&format!("{name}.crt")).into());
        form.private_key = Some(folder.read(&format!("{name}.key")).into());
        let report = check(&form);
        let codes: Vec<_> = report.findings.iter().map(Finding::code).collect();
        assert_eq!(codes, ["cert-self-signed"], "{name}");
        let response = report.certificate.expect("metadata");
        assert_eq!(response.algorithm_type, Some(algorithm), "{name}");
        assert_metadata(&folder, name, &response, signature);
    }
}

#[test]
fn an_sm2_double_set_is_accepted() {
    if !has_openssl() {
        return;
    }
    let folder = Folder::new("sm2");
    let key =
        ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-pkeyopt", "ec_param_enc:named_curve"];
    certificate(&folder.0, &key, "enc", "keyUsage=keyEncipherment,dataEncipherment,keyAgreement");
    certificate(&folder.0, &key, "sign", "keyUsage=digitalSignature,nonRepudiation");
    let content = |file: &str| Some(Content::from_text(folder.read(file)));
    let mut form = CertificateForm::default();
    form.name = Some("test_sm2".to_owned());
    form.algorithm_type = Some("SM2".to_owned());
    form.cert_content = content("enc.crt");
    form.private_key = content("enc.key");
    form.cert_content_sign = content("sign.crt");
    form.private_key_sign = content("sign.key");
    let report = check(&form);
    let codes: Vec<_> = report.findings.iter().map(Finding::code).collect();
    assert_eq!(codes, ["cert-self-signed", "cert-self-signed"]);
    assert_metadata(&folder, "enc", &report.certificate.expect("metadata"), "SM2-SM3");
    assert_metadata(&folder, "sign", &report.sign_certificate.expect("metadata"), "SM2-SM3");
}
