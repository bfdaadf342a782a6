//! Object identifiers of keys, and what their algorithms are called.

use crate::der::tlv::{DerFault, Tlv};
use der_parser::oid;

/// Content octets of the identifiers that certgate works with.
pub(crate) const RSA_ENCRYPTION: &[u8] = &oid!(raw 1.2.840.113549.1.1.1);
pub(crate) const EC_PUBLIC_KEY: &[u8] = &oid!(raw 1.2.840.10045.2.1);
pub(crate) const P256: &[u8] = &oid!(raw 1.2.840.10045.3.1.7);
pub(crate) const P384: &[u8] = &oid!(raw 1.3.132.0.34);
pub(crate) const P521: &[u8] = &oid!(raw 1.3.132.0.35);
/// The curve of SM2, and in some certificates the algorithm itself (GM/T 0006).
pub(crate) const SM2: &[u8] = &oid!(raw 1.2.156.10197.1.301);

/// The name of a key algorithm that the API does not take, from its dotted identifier.
pub(crate) fn algorithm_name(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "1.2.840.113549.1.1.7" => "RSAES-OAEP",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.3.1" => "Diffie-Hellman",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.10046.2.1" => "Diffie-Hellman",
        "1.3.14.3.2.12" => "DSA",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.3.132.1.12" => "ECDH",
        "1.3.132.1.13" => "ECMQV",
        "1.2.643.2.2.19" => "GOST R 34.10-2001",
        "1.2.643.7.1.1.1.1" => "GOST R 34.10-2012 (256)",
        "1.2.643.7.1.1.1.2" => "GOST R 34.10-2012 (512)",
        "1.2.156.10197.1.302" => "SM9",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        "2.16.840.1.101.3.4.3.20" => "SLH-DSA-SHA2-128s",
        "2.16.840.1.101.3.4.3.21" => "SLH-DSA-SHA2-128f",
        "2.16.840.1.101.3.4.3.22" => "SLH-DSA-SHA2-192s",
        "2.16.840.1.101.3.4.3.23" => "SLH-DSA-SHA2-192f",
        "2.16.840.1.101.3.4.3.24" => "SLH-DSA-SHA2-256s",
        "2.16.840.1.101.3.4.3.25" => "SLH-DSA-SHA2-256f",
        "2.16.840.1.101.3.4.3.26" => "SLH-DSA-SHAKE-128s",
        "2.16.840.1.101.3.4.3.27" => "SLH-DSA-SHAKE-128f",
        "2.16.840.1.101.3.4.3.28" => "SLH-DSA-SHAKE-192s",
        "2.16.840.1.101.3.4.3.29" => "SLH-DSA-SHAKE-192f",
        "2.16.840.1.101.3.4.3.30" => "SLH-DSA-SHAKE-256s",
        "2.16.840.1.101.3.4.3.31" => "SLH-DSA-SHAKE-256f",
        "2.16.840.1.101.3.4.4.1" => "ML-KEM-512",
        "2.16.840.1.101.3.4.4.2" => "ML-KEM-768",
        "2.16.840.1.101.3.4.4.3" => "ML-KEM-1024",
        _ => return None,
    })
}

/// The name of an elliptic curve that the API does not take, from its dotted identifier.
pub(crate) fn curve_name(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "1.2.840.10045.3.1.1" => "EC P-192",
        "1.3.132.0.10" => "EC secp256k1",
        "1.3.132.0.31" => "EC secp192k1",
        "1.3.132.0.32" => "EC secp224k1",
        "1.3.132.0.33" => "EC P-224",
        "1.3.36.3.3.2.8.1.1.1" => "EC brainpoolP160r1",
        "1.3.36.3.3.2.8.1.1.3" => "EC brainpoolP192r1",
        "1.3.36.3.3.2.8.1.1.5" => "EC brainpoolP224r1",
        "1.3.36.3.3.2.8.1.1.7" => "EC brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.8" => "EC brainpoolP256t1",
        "1.3.36.3.3.2.8.1.1.9" => "EC brainpoolP320r1",
        "1.3.36.3.3.2.8.1.1.10" => "EC brainpoolP320t1",
        "1.3.36.3.3.2.8.1.1.11" => "EC brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.12" => "EC brainpoolP384t1",
        "1.3.36.3.3.2.8.1.1.13" => "EC brainpoolP512r1",
        "1.3.36.3.3.2.8.1.1.14" => "EC brainpoolP512t1",
        "1.3.132.0.1" => "EC sect163k1",
        "1.3.132.0.15" => "EC sect163r2",
        "1.3.132.0.26" => "EC sect233k1",
        "1.3.132.0.27" => "EC sect233r1",
        "1.3.132.0.16" => "EC sect283k1",
        "1.3.132.0.17" => "EC sect283r1",
        "1.3.132.0.36" => "EC sect409k1",
        "1.3.132.0.37" => "EC sect409r1",
        "1.3.132.0.38" => "EC sect571k1",
        "1.3.132.0.39" => "EC sect571r1",
        "1.2.250.1.223.101.256.1" => "EC FRP256v1",
        _ => return None,
    })
}

/// The octets of the longest identifier that is read: messages repeat it, and none that is assigned is half as long.
const LONGEST: usize = 64;

/// The dotted form of an OBJECT IDENTIFIER's content octets (X.690, 8.19); `None` if it is empty, cut, padded, has an arc of more
/// than 128 bits, or is longer than 64 octets.
pub(crate) fn dotted(content: &[u8]) -> Option<String> {
    use std::fmt::Write;
    if content.len() > LONGEST {
        return None;
    }
    let mut out = String::new();
    let mut arc: u128 = 0;
    let mut open = false;
    for octet in content {
        if !open && *octet == 0x80 {
            return None;
        }
        arc = arc.checked_mul(128)?.checked_add(u128::from(octet & 0x7f))?;
        open = octet & 0x80 != 0;
        if open {
            continue;
        }
        let written = if out.is_empty() {
            let first = (arc / 40).min(2);
            let second = arc.checked_sub(first.checked_mul(40)?)?;
            write!(out, "{first}.{second}")
        } else {
            write!(out, ".{arc}")
        };
        written.ok()?;
        arc = 0;
    }
    (!open && !out.is_empty()).then_some(out)
}

/// [`dotted`] of an element, with the element's offset in the fault.
pub(crate) fn dotted_of(oid: &Tlv<'_>) -> Result<String, crate::der::tlv::DerError> {
    dotted(oid.value).ok_or_else(|| oid.error(DerFault::ObjectIdentifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_what_their_names_say() {
        let cases: [(&[u8], Option<&str>); 13] = [
            (RSA_ENCRYPTION, Some("1.2.840.113549.1.1.1")),
            (EC_PUBLIC_KEY, Some("1.2.840.10045.2.1")),
            (P256, Some("1.2.840.10045.3.1.7")),
            (P384, Some("1.3.132.0.34")),
            (P521, Some("1.3.132.0.35")),
            (SM2, Some("1.2.156.10197.1.301")),
            (&[0x88, 0x37], Some("2.999")),
            (&[0x00], Some("0.0")),
            (&[], None),
            (&[0x2a, 0x80, 0x01], None),
            (&[0x2a, 0x86], None),
            (&[0xff; 20], None),
            (&[0x2a; 65], None),
        ];
        for (content, expected) in cases {
            assert_eq!(dotted(content).as_deref(), expected, "{content:02x?}");
        }
    }
}
