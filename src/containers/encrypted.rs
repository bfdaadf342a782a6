//! Encrypted private keys: EncryptedPrivateKeyInfo (RFC 5958, section 3) with PBES2 (RFC 8018).

use ::pkcs8::pkcs5::pbes2::Kdf;
use ::pkcs8::pkcs5::{EncryptionScheme, Error as Scheme};
use ::pkcs8::{EncryptedPrivateKeyInfoRef, Error};
use der_parser::oid;
use zeroize::Zeroizing;

use super::Reason;
use super::opening::Opening;

pub(super) fn read(opening: &mut Opening<'_>, inside: &[String], block: Option<usize>, der: &[u8]) {
    let Ok(info) = EncryptedPrivateKeyInfoRef::try_from(der) else {
        return opening.leave(inside, block, not_supported(der));
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
            opening.leave(inside, block, not_supported(der));
        }
        // The wrong passphrase gives octets that are not a key.
        Err(_) => opening.leave(inside, block, Reason::WrongPassphrase),
    }
}

/// That an encryption is not read here, by its name where it is known.
fn not_supported(der: &[u8]) -> Reason {
    /// The start of an identifier, and what has it.
    const NAMED: &[(&[u8], &str)] = &[
        (&oid!(raw 1.2.156.10197.1.104), "a private key encrypted with SM4"),
        (&oid!(raw 1.2.840.113549.1.12.1.3), "a private key encrypted with PBE-SHA1-3DES"),
        (&oid!(raw 1.2.840.113549.1.12.1), "a private key encrypted as old PKCS#12 files are (PBE-SHA1)"),
        (&oid!(raw 1.2.840.113549.3.2), "a private key encrypted with RC2"),
        (&oid!(raw 1.2.392.200011.61.1.1.1), "a private key encrypted with Camellia"),
        (&oid!(raw 1.2.410.200046.1.1), "a private key encrypted with ARIA"),
    ];
    // What is encrypted comes last, and its identifiers are before it.
    let start = der.get(..der.len().min(160)).unwrap_or_default();
    let is_in = |oid: &[u8]| start.windows(oid.len()).any(|window| window == oid);
    let named = NAMED.iter().find(|(oid, _)| is_in(oid));
    Reason::NotSupported {
        what: named.map_or("a private key with this encryption", |(_, what)| what),
        instead: "decrypt it with `openssl pkey -in KEY -out plain.pem` (for SM4: with GmSSL or Tongsuo)",
    }
}

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

#[cfg(test)]
mod tests {
    use certgate_forge::der::{int_raw, null, octets, oid, seq};

    use super::*;

    fn what(algorithm: certgate_forge::der::Node) -> &'static str {
        match not_supported(&seq([algorithm, octets(vec![0xC3; 1200])]).encode()) {
            Reason::NotSupported { what, .. } => what,
            reason => panic!("{reason:?}"),
        }
    }

    #[test]
    fn an_encryption_is_named_where_it_is_known() {
        let pbes2 = |cipher| {
            let salt = seq([octets(vec![0xA1; 8]), int_raw(vec![16, 0])]);
            let parts =
                seq([seq([oid("1.2.840.113549.1.5.12"), salt]), seq([oid(cipher), octets(vec![0xB2; 16])])]);
            seq([oid("1.2.840.113549.1.5.13"), parts])
        };
        assert_eq!(what(pbes2("1.2.156.10197.1.104.2")), "a private key encrypted with SM4");
        assert_eq!(what(pbes2("1.2.840.113549.3.2")), "a private key encrypted with RC2");
        assert_eq!(what(pbes2("1.2.392.200011.61.1.1.1.4")), "a private key encrypted with Camellia");
        assert_eq!(what(pbes2("1.2.410.200046.1.1.2")), "a private key encrypted with ARIA");
        assert_eq!(what(pbes2("1.2.3.4")), "a private key with this encryption");
        let pkcs12 = |scheme| seq([oid(scheme), seq([octets(vec![0xA1; 8]), int_raw(vec![16, 0])])]);
        assert_eq!(what(pkcs12("1.2.840.113549.1.12.1.3")), "a private key encrypted with PBE-SHA1-3DES");
        let other = "a private key encrypted as old PKCS#12 files are (PBE-SHA1)";
        assert_eq!(what(pkcs12("1.2.840.113549.1.12.1.6")), other);
        assert_eq!(what(seq([oid("1.2.3"), null()])), "a private key with this encryption");
    }
}
