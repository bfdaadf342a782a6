//! certgate: the pair, the whole check, and their parts.

use std::hint::black_box;

use certgate::certificate::{self, Role};
use certgate::internals::prove;
use certgate::key::{self, PrivateKey};
use certgate::pem::{self, Expected};
use certgate::{CertificateMetadata, Content, Policy, validate};
use time::macros::datetime;

use super::{PAIR, Subject, here};

const NOW: time::OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

/// The operations of certgate.
pub fn all() -> Vec<Subject> {
    let subject = |operation, shows, lacks, measure| Subject {
        peer: PAIR.0,
        operation,
        version: "this tree".to_owned(),
        shows,
        lacks,
        measure,
    };
    let policy = || Policy::default();
    vec![
        subject(
            "pair",
            "the key is the private half of the certificate's (see proof), all rules of the certificate and of the key by themselves; \
             metadata as JSON",
            "trust, revocation, host name",
            here(move |input| {
                let policy = policy();
                let certificate = Content::from_text(input.certificate.as_str());
                let key = Content::from_text(input.key.as_str());
                Ok(Box::new(move || pair(black_box(&certificate), black_box(&key), &policy)))
            }),
        ),
        subject(
            "whole check",
            "the proof, and all rules of a form; metadata as JSON (SM2: two pairs)",
            "trust, revocation, host name",
            here(move |input| {
                let policy = policy();
                Ok(Box::new(move || {
                    let accepted = validate(black_box(&input.form), &policy, NOW)
                        .map_err(|rejected| rejected.to_string())?;
                    black_box(
                        serde_json::to_string(accepted.certificate()).map_err(|error| error.to_string())?,
                    );
                    Ok(())
                }))
            }),
        ),
        subject(
            "proof",
            "n = p·q, d·e ≡ 1, dP, dQ, qInv; d·G = Q: the key is the private half",
            "anything about the certificate around the key",
            here(move |input| {
                let key = PrivateKey::from_der(&input.key_der).map_err(|error| error.to_string())?;
                let public = key.public_key().map_err(|error| error.to_string())?;
                Ok(Box::new(move || {
                    prove(black_box(&public), black_box(&key)).map_err(|error| error.to_string())
                }))
            }),
        ),
        subject(
            "metadata",
            "a certificate that breaks no rule; metadata as JSON, from DER",
            "anything about a key",
            here(move |input| {
                let policy = policy();
                Ok(Box::new(move || {
                    let checked = certificate::check(black_box(&input.der), Role::Leaf, &policy, NOW);
                    let certificate = checked.into_result().map_err(|findings| findings[0].to_string())?;
                    json(&CertificateMetadata::of(&certificate))
                }))
            }),
        ),
        subject(
            "PEM",
            "two well-formed blocks",
            "what is in them",
            here(move |input| {
                let policy = policy();
                let certificate = Content::from_text(input.certificate.as_str());
                let key = Content::from_text(input.key.as_str());
                Ok(Box::new(move || {
                    black_box(pem::parse(black_box(&certificate), Expected::Certificates, &policy));
                    black_box(pem::parse(black_box(&key), Expected::PrivateKey, &policy));
                    Ok(())
                }))
            }),
        ),
        subject(
            "key from DER",
            "a well-formed key",
            "that its numbers fit together",
            here(move |input| {
                Ok(Box::new(move || {
                    black_box(
                        PrivateKey::from_der(black_box(&input.key_der)).map_err(|error| error.to_string())?,
                    );
                    Ok(())
                }))
            }),
        ),
    ]
}

/// PEM certificate and PEM key to a proven match and the metadata as JSON.
fn pair(certificate: &Content, key: &Content, policy: &Policy) -> Result<(), String> {
    let refused =
        |findings: Vec<certgate::Finding>| findings.iter().map(ToString::to_string).collect::<String>();
    let blocks = pem::parse(certificate, Expected::Certificates, policy).into_result().map_err(refused)?;
    let block = blocks.first().ok_or("no certificate")?;
    let certificate =
        certificate::check(&block.der, Role::Leaf, policy, NOW).into_result().map_err(refused)?;
    let blocks = pem::parse(key, Expected::PrivateKey, policy).into_result().map_err(refused)?;
    let key = key::check(blocks.first().ok_or("no key")?, policy).into_result().map_err(refused)?;
    prove(certificate.public_key().ok_or("no public key")?, &key).map_err(|mismatch| mismatch.to_string())?;
    json(&CertificateMetadata::of(&certificate))
}

/// Writes the JSON into a buffer that it fits in, as a server would.
fn json(value: &impl serde::Serialize) -> Result<(), String> {
    let mut buffer = Vec::with_capacity(1024);
    serde_json::to_writer(&mut buffer, value).map_err(|error| error.to_string())?;
    black_box(buffer);
    Ok(())
}
