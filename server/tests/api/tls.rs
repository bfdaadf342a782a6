//! TLS: files are checked before they are used, at the start and at a hangup.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use certgate_forge::form::Form;
use certgate_forge::{chain, form, key};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::server::{Database, Home};

/// The answer to a request for `/healthz`, and the certificate that the server has shown.
fn ask(address: &str) -> (String, Vec<u8>) {
    let root = chain::plain(key::p256(0)).root;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root.pem().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("www.forge.example").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: www.forge.example\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    let shown = stream.conn.peer_certificates().unwrap()[0].to_vec();
    (text, shown)
}

fn write(folder: &Path, form: &Form) {
    fs::write(folder.join("chain.pem"), form.cert_content.as_ref().unwrap()).unwrap();
    fs::write(folder.join("key.pem"), form.private_key.as_ref().unwrap()).unwrap();
}

#[test]
fn tls_files_are_read_again_at_a_hangup_and_bad_ones_change_nothing() {
    let home = Home::on(Database::Sqlite);
    let folder = &home.folder.0;
    let (first, second) = (form::ecc(), form::rsa());
    write(folder, &first);
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    let files = ["--tls-cert", chain.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let server = home.start(&files);
    assert!(server.log.lock().unwrap().contains("listening on https://127.0.0.1:"));
    let (answer, shown) = ask(&server.address);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let reload = |said: &str| {
        let before = server.log.lock().unwrap().len();
        server.signal("HUP");
        for _ in 0..1000 {
            if server.log.lock().unwrap()[before..].lines().any(|line| line.starts_with(said)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("not told: {said}");
    };
    // The key of another certificate.
    fs::write(&key, second.private_key.as_ref().unwrap()).unwrap();
    reload("not reloaded: --tls-cert and --tls-key are not used: match-other-type");
    assert_eq!(ask(&server.address).1, shown);
    write(folder, &second);
    reload("reloaded");
    assert_ne!(ask(&server.address).1, shown);
    // At the start they are refused.
    fs::write(&key, first.private_key.as_ref().unwrap()).unwrap();
    let refused = home.command(&files).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("match-other-type"), "{told}");
    assert!(!told.contains(&first.private_key.as_ref().unwrap().lines().nth(1).unwrap()[..30]));
}
