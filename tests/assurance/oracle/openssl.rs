//! The OpenSSL command line as a second opinion.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder for OpenSSL's files, gone when dropped; `None` without OpenSSL 3.
pub(crate) struct OpenSsl {
    folder: PathBuf,
}

impl OpenSsl {
    pub(crate) fn new(label: &str) -> Option<Self> {
        let version = Command::new("openssl").arg("version").output();
        if !version.is_ok_and(|output| output.stdout.starts_with(b"OpenSSL 3")) {
            println!("skipped: no OpenSSL 3");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("certgate-{label}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Some(Self { folder })
    }

    /// `OK`, or the first error that `openssl verify` tells of a chain, server certificate first, whose last certificate is trusted.
    pub(crate) fn verify(&self, chain: &[&[u8]]) -> String {
        let write = |file: &str, ders: &[&[u8]]| {
            let path = self.folder.join(file);
            let blocks: Vec<_> = ders.iter().map(|der| pem::Pem::new("CERTIFICATE", *der)).collect();
            fs::write(&path, pem::encode_many(&blocks)).unwrap();
            path
        };
        let (leaf, issuers) = chain.split_first().unwrap();
        let (anchor, between) = issuers.split_last().unwrap_or((leaf, &[]));
        let mut command = Command::new("openssl");
        command.args(["verify", "-no_check_time", "-check_ss_sig", "-auth_level", "0"]);
        if !issuers.is_empty() {
            command.arg("-partial_chain");
        }
        command.arg("-trusted").arg(write("anchor.pem", &[anchor]));
        if !between.is_empty() {
            command.arg("-untrusted").arg(write("between.pem", between));
        }
        let output = command.arg(write("leaf.pem", &[leaf])).output().unwrap();
        if output.status.success() {
            return "OK".to_owned();
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let told =
            text.lines().find_map(|line| line.split_once("lookup: ").map(|(_, reason)| reason.to_owned()));
        told.unwrap_or_else(|| "unreadable".to_owned())
    }

    /// The SPKI of a private key without a passphrase, in DER; `None` where OpenSSL cannot read the key.
    pub(crate) fn public_half(&self, key: &Path) -> Option<Vec<u8>> {
        let output = Command::new("openssl")
            .args(["pkey", "-pubout", "-outform", "DER", "-passin", "pass:", "-in"])
            .arg(key)
            .output()
            .unwrap();
        output.status.success().then_some(output.stdout)
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
