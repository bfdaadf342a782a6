//! OpenSSL's opinion.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use certgate::internals::PublicKey;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcPoint, PointConversionForm};
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::x509::X509;

/// What OpenSSL reads from the DER of a private key.
pub(crate) enum Read {
    Key(PKey<Private>),
    /// Nothing: it lacks the algorithm identifier, the version, or the leniency.
    Refused,
}

pub(crate) fn read(der: &[u8]) -> Read {
    PKey::private_key_from_der(der).map_or(Read::Refused, Read::Key)
}

/// Whether OpenSSL finds the key sound and its public half to be `public`; `None` where it cannot say.
pub(crate) fn is_pair(public: &PublicKey, der: &[u8]) -> Option<bool> {
    let spki = public.to_spki_der()?;
    if spki.windows(SM2.len()).any(|window| window == SM2) {
        return is_sm2_pair(&spki, der);
    }
    let Read::Key(key) = read(der) else { return None };
    let public = PKey::public_key_from_der(&spki).expect("an SPKI that certgate wrote");
    let is_sound = match key.id() {
        // Its search for factors of the primes takes seconds for the longest keys.
        Id::RSA if key.bits() > 4096 => return None,
        Id::RSA => is_sound_rsa(der, &key),
        Id::EC => key.ec_key().is_ok_and(|ec| ec.check_key().is_ok()),
        _ => return None,
    };
    Some(is_sound && key.public_eq(&public))
}

/// `check_key` of each key once: it takes a hundred times as long as everything else.
fn is_sound_rsa(der: &[u8], key: &PKey<Private>) -> bool {
    static KNOWN: Mutex<BTreeMap<Vec<u8>, bool>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() > 1000 {
        known.clear();
    }
    let check = || key.rsa().is_ok_and(|rsa| rsa.check_key().unwrap_or(false));
    *known.entry(der.to_vec()).or_insert_with(check)
}

/// The curve's object identifier 1.2.156.10197.1.301.
const SM2: [u8; 10] = [0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d];

/// OpenSSL 3 hands out no EC key of an SM2 key: the multiplication is asked for.
fn is_sm2_pair(spki: &[u8], der: &[u8]) -> Option<bool> {
    // ECPrivateKey: version 1, an OCTET STRING of 32 octets.
    let start = [0x02, 0x01, 0x01, 0x04, 0x20];
    let at = der.windows(start.len()).position(|window| window == start)? + start.len();
    let scalar = BigNum::from_slice(der.get(at..at + 32)?).ok()?;
    let group = EcGroup::from_curve_name(Nid::SM2).ok()?;
    let mut context = BigNumContext::new().ok()?;
    let mut point = EcPoint::new(&group).ok()?;
    point.mul_generator2(&group, &scalar, &mut context).ok()?;
    let octets = point.to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context).ok()?;
    Some(spki.ends_with(&octets))
}

/// What OpenSSL reads from a certificate: serial number in decimal, subject, issuer.
pub(crate) fn certificate(der: &[u8]) -> Option<(String, Vec<u8>, Vec<u8>, X509)> {
    let x509 = X509::from_der(der).ok()?;
    let serial = x509.serial_number().to_bn().ok()?.to_dec_str().ok()?.to_string();
    let subject = x509.subject_name().to_der().ok()?;
    let issuer = x509.issuer_name().to_der().ok()?;
    Some((serial, subject, issuer, x509))
}
