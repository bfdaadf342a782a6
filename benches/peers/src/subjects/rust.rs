//! Rust libraries: rustls, x509-cert, x509-parser.

use std::hint::black_box;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_cert::Certificate;
use x509_cert::der::DecodePem;

use super::{Subject, here};

/// The Rust libraries.
pub fn all() -> Vec<Subject> {
    vec![
        Subject {
            peer: "rustls",
            operation: "CertifiedKey, keys_match",
            version: env!("RUSTLS_VERSION").to_owned(),
            shows: "equal SubjectPublicKeyInfo; ring checks an RSA key's numbers, and a curve's point against the scalar, while it loads them",
            lacks: "SM2, P-521; other rules of the certificate",
            measure: here(|input| {
                let provider = default_provider();
                Ok(Box::new(move || {
                    let certificate = CertificateDer::from_pem_slice(input.certificate.as_bytes());
                    let certificate = certificate.map_err(|error| error.to_string())?;
                    let key = PrivateKeyDer::from_pem_slice(input.key.as_bytes())
                        .map_err(|error| error.to_string())?;
                    let key = CertifiedKey::from_der(vec![certificate], key, &provider);
                    let key = key.map_err(|error| error.to_string())?;
                    key.keys_match().map_err(|error| error.to_string())
                }))
            }),
        },
        Subject {
            peer: "x509-cert",
            operation: "from_pem",
            version: env!("X509_CERT_VERSION").to_owned(),
            shows: "a certificate in DER",
            lacks: "anything about a key",
            measure: here(|input| {
                Ok(Box::new(move || {
                    let certificate = Certificate::from_pem(black_box(input.certificate.as_bytes()));
                    black_box(certificate.map_err(|error| error.to_string())?);
                    Ok(())
                }))
            }),
        },
        Subject {
            peer: "x509-parser",
            operation: "parse_x509_certificate",
            version: env!("X509_PARSER_VERSION").to_owned(),
            shows: "a certificate in DER, the one parse that the goals count",
            lacks: "anything about a key",
            measure: here(|input| {
                Ok(Box::new(move || {
                    let parsed = x509_parser::parse_x509_certificate(black_box(&input.der));
                    black_box(parsed.map_err(|error| error.to_string())?);
                    Ok(())
                }))
            }),
        },
    ]
}
