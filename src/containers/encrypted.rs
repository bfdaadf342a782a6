//! Encrypted private keys: EncryptedPrivateKeyInfo (RFC 5958, section 3) with PBES2 (RFC 8018).

use ::pkcs8::pkcs5::pbes2::Kdf;
use ::pkcs8::pkcs5::{EncryptionScheme, Error as Scheme};
use ::pkcs8::{EncryptedPrivateKeyInfoRef, Error};
use zeroize::Zeroizing;

use super::Reason;
use super::opening::Opening;

pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], block: Option<usize>, der: &[u8]) {
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(der) else {
        return opening.leave(inside, block, NOT_SUPPORTED);
    };
    if let Some(limit) = dear(&info.encryption_algorithm, opening) {
        return opening.leave(inside, block, Reason::TooMuch(limit));
    }
    let Some(passphrase) = opening.passphrase else {
        return opening.leave(inside, block, Reason::NeedsPassphrase);
    };
    if !opening.may_derive(inside, block) {
        return;
    }
    match info.decrypt(passphrase) {
        Ok(document) => {
            opening.der(inside, block.unwrap_or(1), Zeroizing::new(document.as_bytes().to_vec()));
        }
        Err(Error::EncryptedPrivateKey(Scheme::NoPbes1CryptSupport)) => opening.leave(
            inside,
            block,
            Reason::NotSupported {
                what: "a private key with the encryption of PKCS#5 version 1",
                instead: "decrypt it with `openssl pkey -in KEY -out plain.pem`",
            },
        ),
        Err(Error::EncryptedPrivateKey(
            Scheme::UnsupportedAlgorithm { .. } | Scheme::AlgorithmParametersInvalid { .. },
        )) => {
            opening.leave(inside, block, NOT_SUPPORTED);
        }
        // What is no key after decryption was decrypted wrongly.
        Err(_) => opening.leave(inside, block, Reason::WrongPassphrase),
    }
}

const NOT_SUPPORTED: Reason = Reason::NotSupported {
    what: "a private key with this encryption",
    instead: "decrypt it with `openssl pkey -in KEY -out plain.pem` (for SM4: with GmSSL or Tongsuo)",
};

/// The limit that a derivation of the key would break.
fn dear(scheme: &EncryptionScheme, opening: &Opening<'_>) -> Option<String> {
    let limits = opening.limits;
    let EncryptionScheme::Pbes2(parameters) = scheme else { return None };
    match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => (kdf.iteration_count > limits.iterations).then(|| {
            let (asked, most) = (kdf.iteration_count, limits.iterations);
            format!("it asks for {asked} rounds to derive the key, and {most} are allowed")
        }),
        Kdf::Scrypt(kdf) => {
            let block = u64::from(kdf.block_size).saturating_mul(128);
            let bytes = block.saturating_mul(kdf.cost_parameter.saturating_add(kdf.parallelization.into()));
            let work = bytes.saturating_mul(kdf.parallelization.into());
            (work > limits.derivation_bytes).then(|| {
                let most = limits.derivation_bytes >> 20;
                format!("it asks for more than {most} MiB of memory to derive the key")
            })
        }
        _ => None,
    }
}
