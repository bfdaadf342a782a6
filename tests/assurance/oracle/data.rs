//! The real certificates and keys, where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use certgate_forge::sign::Hash;

/// A certificate of a source, by a name that does not change with the order of a bundle.
pub(crate) struct Sample {
    pub(crate) source: &'static str,
    pub(crate) name: String,
    pub(crate) der: Vec<u8>,
}

fn work() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle")
}

/// A program that `run.sh` built.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    present(work().join(name))
}

/// The folder of the package `cryptography-vectors`.
pub(crate) fn vectors() -> Option<PathBuf> {
    present(work().join("site/cryptography_vectors"))
}

fn present(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no {}; run tests/assurance/oracle/run.sh", path.display());
    None
}

/// Every certificate of every source that is at hand.
pub(crate) fn certificates() -> Vec<Sample> {
    let mut samples = bundle("certifi", &work().join("site/certifi/cacert.pem"));
    samples.extend(bundle("debian", Path::new("/etc/ssl/certs/ca-certificates.crt")));
    let Some(vectors) = vectors() else { return samples };
    for file in files(&vectors) {
        let name = file.strip_prefix(&vectors).unwrap().to_str().unwrap().to_owned();
        let bytes = fs::read(&file).unwrap();
        let is_certificate = match file.extension().and_then(|extension| extension.to_str()) {
            Some("crt") => true,
            Some("der") => {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                ["x509", "x509/custom"].contains(&folder) && !name.contains("/crl_")
            }
            _ => false,
        };
        if is_certificate && bytes.first() == Some(&0x30) {
            samples.push(Sample { source: "vectors", name, der: bytes });
            continue;
        }
        let ders = blocks(&bytes, |label| label == "CERTIFICATE" || label == "X509 CERTIFICATE");
        let several = ders.len() > 1;
        for (index, der) in ders.into_iter().enumerate() {
            let name = if several { format!("{name}#{}", index + 1) } else { name.clone() };
            samples.push(Sample { source: "vectors", name, der });
        }
    }
    samples
}

/// The certificates of a bundle, named by the start of their SHA-256.
fn bundle(source: &'static str, file: &Path) -> Vec<Sample> {
    let Some(file) = present(file.to_owned()) else { return Vec::new() };
    let ders = blocks(&fs::read(file).unwrap(), |label| label == "CERTIFICATE");
    let name = |der: &[u8]| {
        let digest = Hash::Sha256.of(der);
        digest.iter().take(8).map(|octet| format!("{octet:02x}")).collect()
    };
    ders.into_iter().map(|der| Sample { source, name: name(&der), der }).collect()
}

/// The decoded blocks of a text, read by the crate `pem`, not by certgate.
pub(crate) fn blocks(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Vec<Vec<u8>> {
    let blocks = pem::parse_many(bytes).unwrap_or_default();
    blocks.into_iter().filter(|block| wanted(block.tag())).map(pem::Pem::into_contents).collect()
}

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
