//! certgate: the pair, the whole check, and their parts.

use std::hint::black_box;

use certgate::key::{PrivateKey, prove};
use certgate::{Policy, validate};
use time::macros::datetime;

use super::{PAIR, Subject, here};

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
    let policy = || Policy::default().at(datetime!(2026-06-01 00:00 UTC));
    vec![
        subject(
            "whole check",
            "the proof, and all rules of a form; metadata as JSON (SM2: two pairs)",
            "trust, revocation, host name",
            here(move |input| {
                let policy = policy();
                Ok(Box::new(move || {
                    let accepted =
                        validate(black_box(&input.form), &policy).map_err(|rejected| rejected.to_string())?;
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
