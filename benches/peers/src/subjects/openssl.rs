//! OpenSSL through the `openssl` crate.

use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

use super::{Subject, here};
use crate::inputs::Input;

/// The comparison that most servers make, and the key check that few make.
pub fn all() -> Vec<Subject> {
    vec![
        Subject {
            peer: "OpenSSL",
            operation: "compare",
            version: openssl::version::version().to_owned(),
            shows: "equal public keys, as the files carry them",
            lacks: "that the key is the private half: a foreign exponent or scalar beside the certificate's numbers passes",
            measure: here(|input| Ok(Box::new(move || compare(input).map(drop)))),
        },
        Subject {
            peer: "OpenSSL",
            operation: "compare and check_key",
            version: openssl::version::version().to_owned(),
            shows: "equal public keys; RSA: p and q are prime, n = p·q, d·e ≡ 1, CRT values; curves: d·G = Q",
            lacks: "other rules of the certificate",
            measure: here(|input| {
                Ok(Box::new(move || {
                    let key = compare(input)?;
                    let sound = match (key.rsa(), key.ec_key()) {
                        (Ok(rsa), _) => rsa.check_key(),
                        (_, Ok(ec)) => ec.check_key().map(|()| true),
                        (_, Err(error)) => return Err(error.to_string()),
                    };
                    match sound {
                        Ok(true) => Ok(()),
                        _ => Err("key refused".to_owned()),
                    }
                }))
            }),
        },
    ]
}

fn compare(input: &Input) -> Result<PKey<Private>, String> {
    let certificate = X509::from_pem(input.certificate.as_bytes()).map_err(|error| error.to_string())?;
    let key = PKey::private_key_from_pem(input.key.as_bytes()).map_err(|error| error.to_string())?;
    let public = certificate.public_key().map_err(|error| error.to_string())?;
    if public.public_eq(&key) { Ok(key) } else { Err("no match".to_owned()) }
}
