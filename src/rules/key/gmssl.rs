//! Keys that GmSSL 3 encrypted: SM4-CBC, with a key from PBKDF2 over HMAC-SM3. `openssl pkey` refuses that function ("unsupported prf"), though
//! OpenSSL 3 has all the parts.

use std::fmt::Write;

use der_parser::oid;

use crate::der::{DerError, Reader, tag};

const PBES2: &[u8] = &oid!(raw 1.2.840.113549.1.5.13);
const HMAC_SM3: &[u8] = &oid!(raw 1.2.156.10197.1.401.2);
const SM4_CBC: &[u8] = &oid!(raw 1.2.156.10197.1.104.2);
/// The longest salt that goes into a command.
const LONGEST_SALT: usize = 64;

/// The command that decrypts an EncryptedPrivateKeyInfo, where GmSSL 3 wrote it. Its numbers are no secrets: the salt, the initialisation
/// vector, the rounds and the length of what is encrypted.
pub(super) fn command(der: &[u8]) -> Option<String> {
    let Parameters { salt, rounds, vector, length } = parameters(der).ok().flatten()?;
    Some(format!(
        "GmSSL 3 encrypted it in a way that `openssl pkey` does not read. Save the key as `encrypted.pem` and run this, with your passphrase in the \
         place of PASSPHRASE (where it is wrong, OpenSSL says \"bad decrypt\"): `openssl asn1parse -in encrypted.pem -noout -out \
         encrypted.der && tail -c {length} encrypted.der | openssl enc -d -sm4-cbc -iv {} -K $(openssl kdf -keylen 16 -kdfopt digest:SM3 -kdfopt \
         pass:'PASSPHRASE' -kdfopt hexsalt:{} -kdfopt iter:{rounds} -binary PBKDF2 | xxd -p) | openssl pkey -inform DER -out new-key.pem`. \
         Then give what is in `new-key.pem`.",
        hex(vector),
        hex(salt),
    ))
}

struct Parameters<'a> {
    salt: &'a [u8],
    rounds: u32,
    vector: &'a [u8],
    length: usize,
}

/// The parameters (RFC 8018, appendix A.4); `None` where they are of other algorithms.
fn parameters(der: &[u8]) -> Result<Option<Parameters<'_>>, DerError> {
    let mut outer = Reader::new(der).expect(tag::SEQUENCE)?.inside();
    let mut algorithm = outer.expect(tag::SEQUENCE)?.inside();
    let length = outer.expect(tag::OCTET_STRING)?.value.len();
    let scheme = algorithm.expect(tag::OID)?.value;
    let mut both = algorithm.expect(tag::SEQUENCE)?.inside();
    let mut derivation = both.expect(tag::SEQUENCE)?.inside();
    let mut cipher = both.expect(tag::SEQUENCE)?.inside();
    derivation.expect(tag::OID)?;
    let mut inside = derivation.expect(tag::SEQUENCE)?.inside();
    let salt = inside.expect(tag::OCTET_STRING)?.value;
    let rounds = inside.expect(tag::INTEGER)?.value;
    inside.optional(tag::INTEGER)?;
    let function = inside.expect(tag::SEQUENCE)?.inside().expect(tag::OID)?.value;
    let is_known = scheme == PBES2 && function == HMAC_SM3 && cipher.expect(tag::OID)?.value == SM4_CBC;
    let vector = cipher.expect(tag::OCTET_STRING)?.value;
    let is_short = rounds.len() <= 4 && salt.len() <= LONGEST_SALT && vector.len() == 16;
    let rounds = rounds.iter().fold(0_u32, |sum, octet| sum << 8 | u32::from(*octet));
    Ok((is_known && is_short).then_some(Parameters { salt, rounds, vector, length }))
}

fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing into a text never fails.
        let _ = write!(text, "{octet:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::der::{int_raw, null, octets, oid, seq};

    use super::*;

    fn encrypted(function: &str) -> Vec<u8> {
        let derivation = seq([
            octets(vec![0xA1; 8]),
            int_raw(vec![1, 0, 0]),
            int_raw(vec![16]),
            seq([oid(function), null()]),
        ]);
        let schemes = seq([
            seq([oid("1.2.840.113549.1.5.12"), derivation]),
            seq([oid("1.2.156.10197.1.104.2"), octets(vec![0xB2; 16])]),
        ]);
        seq([seq([oid("1.2.840.113549.1.5.13"), schemes]), octets(vec![0xC3; 144])]).encode()
    }

    #[test]
    fn only_a_key_of_gmssl_gets_the_long_command() {
        let command = command(&encrypted("1.2.156.10197.1.401.2")).unwrap();
        for part in ["tail -c 144 ", &"b2".repeat(16), "hexsalt:a1a1a1a1a1a1a1a1 ", "iter:65536 "] {
            assert!(command.contains(part), "{part} in {command}");
        }
        assert_eq!(
            super::command(&encrypted("1.2.840.113549.2.9")),
            None,
            "HMAC-SHA256, which OpenSSL reads"
        );
        assert_eq!(super::command(&[0x30, 0]), None);
    }
}
