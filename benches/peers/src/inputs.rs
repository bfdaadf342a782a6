//! What is measured: one leaf certificate and its key for each algorithm.

use std::fs;
use std::path::{Path, PathBuf};

use certgate::CertificateForm;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::form::{self, Form};
use certgate_forge::{chain, key, pem};

/// A leaf and its key.
pub struct Input {
    /// The algorithm, as the tables name it.
    pub name: &'static str,
    /// The directory that the peers in other processes read, without spaces, below [`directory`].
    pub slug: &'static str,
    /// The leaf, PEM.
    pub certificate: String,
    /// The leaf, DER.
    pub der: Vec<u8>,
    /// The key, PKCS#8 PEM.
    pub key: String,
    /// The key, PKCS#8 DER.
    pub key_der: Vec<u8>,
    /// The form of the leaf alone; with SM2 of both pairs, since the form demands both.
    pub form: CertificateForm,
}

impl Input {
    fn new(name: &'static str, slug: &'static str, leaf: &Issued, form: Form) -> Self {
        Self {
            name,
            slug,
            certificate: leaf.pem(),
            der: leaf.der.clone(),
            key: leaf.key_pem(),
            key_der: pem::decode(&leaf.key_pem()),
            form: serde_json::from_value(form.value())
                .expect("the forge's forms have the reference's fields"),
        }
    }
}

/// One input for each algorithm.
pub fn all() -> Vec<Input> {
    let plain = |name, slug, key: key::Key, algorithm| {
        let leaf = chain::plain(key).leaf;
        Input::new(name, slug, &leaf, form::single(algorithm, &leaf))
    };
    let set = chain::sm2();
    let sm2 = form::single("SM2", &set.enc).signed_with(&[set.sign]);
    vec![
        plain("RSA-2048", "rsa2048", key::rsa2048(0), "RSA"),
        // The plain chain's root has the same key, so the leaf gets an issuer of its own.
        rsa4096(),
        plain("P-256", "p256", key::p256(0), "ECC"),
        plain("P-384", "p384", key::p384(0), "ECC"),
        plain("P-521", "p521", key::p521(0), "ECC"),
        Input::new("SM2", "sm2", &set.enc, sm2),
    ]
}

fn rsa4096() -> Input {
    let ca = Cert::ca("Forge Peers CA").key(key::rsa2048(1)).self_signed();
    let leaf = Cert::leaf("www.forge.example").key(key::rsa4096()).issued_by(&ca);
    Input::new("RSA-4096", "rsa4096", &leaf, form::single("RSA", &leaf))
}

/// Where the files and the helper programs of the peers are: `target/peers` of the project.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers")
}

/// Writes the inputs for the peers in other processes.
pub fn write(inputs: &[Input]) -> std::io::Result<()> {
    for input in inputs {
        let place = directory().join(input.slug);
        fs::create_dir_all(&place)?;
        fs::write(place.join("cert.pem"), &input.certificate)?;
        fs::write(place.join("key.pem"), &input.key)?;
    }
    Ok(())
}
