//! The versions of the peers, from the lock file.

use std::fs;

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    for name in ["rustls", "x509-cert", "x509-parser"] {
        let version = lock.split("[[package]]").find_map(|package| {
            let rest = package.trim_start().strip_prefix(&format!("name = \"{name}\"\nversion = \""))?;
            rest.split('"').next()
        });
        let variable = name.to_uppercase().replace('-', "_");
        println!("cargo::rustc-env={variable}_VERSION={}", version.unwrap_or("unknown"));
    }
}
