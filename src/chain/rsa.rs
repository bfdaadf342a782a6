//! Verification of RSA signatures (RFC 8017, 8.1.2 and 8.2.2): by ring where it can, else by the public operation itself, for moduli
//! below 2048 bits and for the parameters of RSASSA-PSS that ring does not know. Only public values: nothing here is secret.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents};

use super::link::{Hash, Outcome, RSA_PSS, Signed, verdict};
use crate::spki::{PublicKey, RsaPublicKey};
use crate::tlv::{self, Reader, tag};

/// Octets of the largest public exponent that is raised to. Exponents in use are 65537 or 3; the cost grows with their length.
const MAX_EXPONENT_OCTETS: usize = 8;

/// Parameters of RSASSA-PSS (RFC 4055, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pss {
    hash: Hash,
    mask_hash: Hash,
    salt_octets: usize,
}

impl Pss {
    /// Reads RSASSA-PSS-params, of which all fields have defaults.
    pub(crate) fn read(parameters: Option<&[u8]>) -> Result<Self, String> {
        let mut pss = Self { hash: Hash::Sha1, mask_hash: Hash::Sha1, salt_octets: 20 };
        let parameters = parameters.ok_or("RSASSA-PSS without parameters is not supported")?;
        pss.read_params(Reader::new(parameters))
            .ok_or_else(|| "these parameters of RSASSA-PSS are not supported".to_owned())
            .map(|()| pss)
    }

    fn read_params(&mut self, mut fields: Reader<'_>) -> Option<()> {
        const MGF1: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08];
        let mut params = fields.expect(tag::SEQUENCE).ok()?.inside();
        if let Some(hash) = params.optional(tag::CONTEXT_0).ok()? {
            self.hash = read_hash(&mut hash.inside())?;
        }
        if let Some(mask) = params.optional(tag::CONTEXT_1).ok()? {
            let mut mask = mask.inside().expect(tag::SEQUENCE).ok()?.inside();
            if mask.expect(tag::OID).ok()?.value != MGF1 {
                return None;
            }
            self.mask_hash = read_hash(&mut mask)?;
        }
        if let Some(salt) = params.optional(0xA2).ok()? {
            let salt = salt.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            self.salt_octets = match (salt.sign, salt.magnitude) {
                (tlv::Sign::Zero, _) => 0,
                (tlv::Sign::Positive, [low]) => usize::from(*low),
                (tlv::Sign::Positive, [high, low]) => usize::from(u16::from_be_bytes([*high, *low])),
                _ => return None,
            };
        }
        // trailerField has one value only.
        if let Some(trailer) = params.optional(0xA3).ok()? {
            let trailer = trailer.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            if trailer.magnitude != [1] {
                return None;
            }
        }
        params.finish().ok()
    }
}

/// The hash function of an AlgorithmIdentifier; its parameters are NULL or absent.
fn read_hash(reader: &mut Reader<'_>) -> Option<Hash> {
    let mut algorithm = reader.expect(tag::SEQUENCE).ok()?.inside();
    Hash::from_oid(algorithm.expect(tag::OID).ok()?.value)
}

/// The RSA key of a SubjectPublicKeyInfo whose algorithm is RSASSA-PSS (RFC 4055, 1.2). Parameters there would bind the key to one
/// hash; that a CA keeps to its own restriction is not checked.
pub(crate) fn key_of_pss_spki(spki: &[u8]) -> Option<RsaPublicKey> {
    let mut fields = Reader::new(spki).expect(tag::SEQUENCE).ok()?.inside();
    let mut algorithm = fields.expect(tag::SEQUENCE).ok()?.inside();
    if algorithm.expect(tag::OID).ok()?.value != RSA_PSS {
        return None;
    }
    let bits = fields.expect(tag::BIT_STRING).ok()?;
    // The same key under the identifier that the key reader knows: rsaEncryption and NULL.
    let mut plain = tlv::encode(tag::OID, crate::spki::oid::RSA_ENCRYPTION);
    plain.extend(tlv::encode(tag::NULL, &[]));
    let mut body = tlv::encode(tag::SEQUENCE, &plain);
    body.extend(tlv::encode(tag::BIT_STRING, bits.value));
    match PublicKey::from_spki_der(&tlv::encode(tag::SEQUENCE, &body)) {
        Ok(PublicKey::Rsa(key)) => Some(key),
        _ => None,
    }
}

/// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2).
pub(crate) fn verify_pkcs1(key: &RsaPublicKey, hash: Hash, signed: Signed<'_>) -> Outcome {
    let by_ring = match hash {
        Hash::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    // ring demands the NULL that a few old signers leave out, so its "no" is not the last word.
    if ring_takes(key) && fits_by_ring(key, by_ring, signed) {
        return Outcome::Fits;
    }
    if key.exponent().len() > MAX_EXPONENT_OCTETS {
        return exponent_too_long(key);
    }
    let digest = hash.of(signed.tbs);
    verdict(raise(key, signed.signature).is_some_and(|block| {
        [&[tag::NULL, 0][..], &[]].into_iter().any(|parameters| {
            let wanted = encode_pkcs1(hash, parameters, digest.as_ref(), block.len());
            wanted.is_some_and(|wanted| wanted == block)
        })
    }))
}

/// RSASSA-PSS (RFC 8017, 8.1.2).
pub(crate) fn verify_pss(key: &RsaPublicKey, pss: Pss, signed: Signed<'_>) -> Outcome {
    let by_ring = match pss.hash {
        _ if pss.hash != pss.mask_hash || pss.salt_octets != pss.hash.octets() || !ring_takes(key) => None,
        Hash::Sha1 => None,
        Hash::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
    };
    if let Some(by_ring) = by_ring {
        return verdict(fits_by_ring(key, by_ring, signed));
    }
    if key.exponent().len() > MAX_EXPONENT_OCTETS {
        return exponent_too_long(key);
    }
    let block = raise(key, signed.signature);
    verdict(block.and_then(|block| decode_pss(key, pss, signed.tbs, &block)).is_some())
}

/// Whether ring computes with this key: its bounds are 2048 to 8192 bits and an exponent of at most 33 bits.
fn ring_takes(key: &RsaPublicKey) -> bool {
    (2048..=8192).contains(&key.bits()) && key.exponent().len() <= 4
}

fn fits_by_ring(key: &RsaPublicKey, parameters: &RsaParameters, signed: Signed<'_>) -> bool {
    let key = RsaPublicKeyComponents { n: key.modulus(), e: key.exponent() };
    key.verify(parameters, signed.tbs, signed.signature).is_ok()
}

fn exponent_too_long(key: &RsaPublicKey) -> Outcome {
    let octets = key.exponent().len();
    Outcome::NotSupported(format!("RSA with a public exponent of {octets} octets is not supported"))
}

/// RSAVP1 (RFC 8017, 5.2.2): signature^e mod n, as long as the modulus. `None` unless the signature is as long as the modulus and
/// below it.
fn raise(key: &RsaPublicKey, signature: &[u8]) -> Option<Vec<u8>> {
    let octets = key.modulus().len();
    if signature.len() != octets || signature >= key.modulus() {
        return None;
    }
    let bits = u32::try_from(octets.div_ceil(8).checked_mul(64)?).ok()?;
    let modulus = Odd::new(BoxedUint::from_be_slice(key.modulus(), bits).ok()?).into_option()?;
    let signature = BoxedUint::from_be_slice(signature, bits).ok()?;
    let exponent = BoxedUint::from_be_slice(key.exponent(), 64).ok()?;
    let parameters = BoxedMontyParams::new_vartime(modulus);
    let raised = BoxedMontyForm::new(signature, &parameters).pow_bounded_exp(&exponent, exponent.bit_width());
    let block = raised.retrieve().to_be_bytes();
    let padding = block.len().checked_sub(octets)?;
    block.get(padding..).map(<[u8]>::to_vec)
}

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2): comparing the whole block leaves no room for forged padding.
fn encode_pkcs1(hash: Hash, parameters: &[u8], digest: &[u8], octets: usize) -> Option<Vec<u8>> {
    let mut algorithm = tlv::encode(tag::OID, hash.oid());
    algorithm.extend_from_slice(parameters);
    let mut info = tlv::encode(tag::SEQUENCE, &algorithm);
    info.extend(tlv::encode(tag::OCTET_STRING, digest));
    let info = tlv::encode(tag::SEQUENCE, &info);
    let fill = octets.checked_sub(info.len())?.checked_sub(3).filter(|fill| *fill >= 8)?;
    let mut block = vec![0, 1];
    block.resize(fill.saturating_add(2), 0xFF);
    block.push(0);
    block.extend(info);
    Some(block)
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2); `Some` if the block is consistent with the message.
fn decode_pss(key: &RsaPublicKey, pss: Pss, message: &[u8], block: &[u8]) -> Option<()> {
    let bits = key.bits().checked_sub(1)?;
    // Where the modulus has 8k + 1 bits the block is one octet shorter, and the first octet is zero.
    let encoded = match block.len().checked_sub(bits.div_ceil(8))? {
        0 => block,
        _ => block.strip_prefix(&[0])?,
    };
    let unused_bits = encoded.len().checked_mul(8)?.checked_sub(bits)?;
    let (trailer, encoded) = encoded.split_last()?;
    let (masked, hash) = encoded.split_at_checked(encoded.len().checked_sub(pss.hash.octets())?)?;
    let mask = mask(pss.mask_hash, hash, masked.len());
    let mut data: Vec<u8> = masked.iter().zip(mask).map(|(left, right)| left ^ right).collect();
    let top = 0xFF_u8.checked_shr(u32::try_from(unused_bits).ok()?)?;
    if *trailer != 0xBC || masked.first()? & !top != 0 {
        return None;
    }
    *data.first_mut()? &= top;
    let zeros = data.len().checked_sub(pss.salt_octets)?.checked_sub(1)?;
    let (padding, salt) = data.split_at_checked(zeros.checked_add(1)?)?;
    let (one, padding) = padding.split_last()?;
    if *one != 1 || padding.iter().any(|octet| *octet != 0) {
        return None;
    }
    let salted = [&[0; 8][..], pss.hash.of(message).as_ref(), salt].concat();
    (pss.hash.of(&salted).as_ref() == hash).then_some(())
}

/// MGF1 (RFC 8017, B.2.1).
fn mask(hash: Hash, seed: &[u8], octets: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.saturating_add(hash.octets()));
    for counter in 0_u32.. {
        if out.len() >= octets {
            break;
        }
        out.extend_from_slice(hash.of(&[seed, &counter.to_be_bytes()].concat()).as_ref());
    }
    out.truncate(octets);
    out
}
