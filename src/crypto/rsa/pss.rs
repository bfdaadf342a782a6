//! The parameters of RSASSA-PSS (RFC 4055, 3.1; RFC 8017, A.2.3).

use der_parser::oid;

use super::RsaPublicKey;
use crate::crypto::algorithm::{RSA_PSS, SignatureScheme};
use crate::crypto::hash::Hash;
use crate::der::{Element, Reader, Sign, tag};

/// RSASSA-PSS-params as read; `None` in a field: certgate does not know the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PssParameters {
    pub(crate) hash: Option<Hash>,
    /// The hash in the mask; `None` also for another mask than MGF1.
    mask_hash: Option<Hash>,
    salt_octets: Option<usize>,
    has_usual_trailer: bool,
}

/// RSASSA-PSS-params of which all values are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pss {
    pub(crate) hash: Hash,
    pub(crate) mask_hash: Hash,
    pub(crate) salt_octets: usize,
}

impl PssParameters {
    /// All fields may be left out.
    const DEFAULT: Self = Self {
        hash: Some(Hash::Sha1),
        mask_hash: Some(Hash::Sha1),
        salt_octets: Some(20),
        has_usual_trailer: true,
    };

    /// Reads RSASSA-PSS-params, header included; `None` if they are not of that structure.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        Self::read(&Reader::new(der).expect(tag::SEQUENCE).ok()?)
    }

    fn read(sequence: &Element<'_>) -> Option<Self> {
        const SALT: u8 = 0xA2;
        const TRAILER: u8 = 0xA3;
        let mut fields = sequence.inside();
        let mut parameters = Self::DEFAULT;
        if let Some(hash) = fields.optional(tag::CONTEXT_0).ok()? {
            parameters.hash = read_hash(&mut hash.inside())?;
        }
        if let Some(mask) = fields.optional(tag::CONTEXT_1).ok()? {
            parameters.mask_hash = read_mask(&mask)?;
        }
        if let Some(salt) = fields.optional(SALT).ok()? {
            let salt = salt.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            parameters.salt_octets = match (salt.sign, salt.magnitude) {
                (Sign::Zero, _) => Some(0),
                (Sign::Positive, [low]) => Some(usize::from(*low)),
                (Sign::Positive, [high, low]) => Some(usize::from(u16::from_be_bytes([*high, *low]))),
                _ => None,
            };
        }
        if let Some(trailer) = fields.optional(TRAILER).ok()? {
            let trailer = trailer.inside().expect(tag::INTEGER).ok()?.integer().ok()?;
            parameters.has_usual_trailer = (trailer.sign, trailer.magnitude) == (Sign::Positive, &[1]);
        }
        fields.finish().ok()?;
        Some(parameters)
    }

    /// The parameters, if all their values are known.
    pub(crate) fn known(self) -> Option<Pss> {
        let Self { hash, mask_hash, salt_octets, has_usual_trailer } = self;
        let pss = Pss { hash: hash?, mask_hash: mask_hash?, salt_octets: salt_octets? };
        has_usual_trailer.then_some(pss)
    }
}

impl Pss {
    /// The scheme; `None` for two different hashes, and for a salt that is not as long as the digest.
    pub(crate) fn scheme(self) -> Option<SignatureScheme> {
        let is_plain = self.mask_hash == self.hash && self.salt_octets == self.hash.octets();
        is_plain.then_some(SignatureScheme::RsaPss(self.hash))
    }

    /// Whether the hashes are among those whose signatures are verified.
    pub(crate) fn is_verified(&self) -> bool {
        [self.hash, self.mask_hash]
            .iter()
            .all(|hash| matches!(hash, Hash::Sha1 | Hash::Sha256 | Hash::Sha384 | Hash::Sha512))
    }

    /// Whether a signature with these parameters is one that a key with `restriction` may make (RFC 4055, 3.3).
    pub(crate) fn keeps_to(self, restriction: Self) -> bool {
        self.hash == restriction.hash
            && self.mask_hash == restriction.mask_hash
            && self.salt_octets >= restriction.salt_octets
    }
}

/// The hash function of an AlgorithmIdentifier, whose parameters are NULL or absent; `Some(None)` for an unknown one.
fn read_hash(reader: &mut Reader<'_>) -> Option<Option<Hash>> {
    let mut algorithm = reader.expect(tag::SEQUENCE).ok()?.inside();
    Some(Hash::of_pss(algorithm.expect(tag::OID).ok()?.value))
}

/// The hash function in a MaskGenAlgorithm; `Some(None)` for an unknown one, and for another mask than MGF1.
fn read_mask(wrapper: &Element<'_>) -> Option<Option<Hash>> {
    const MGF1: &[u8] = &oid!(raw 1.2.840.113549.1.1.8);
    let mut mask = wrapper.inside().expect(tag::SEQUENCE).ok()?.inside();
    if mask.expect(tag::OID).ok()?.value != MGF1 {
        return Some(None);
    }
    read_hash(&mut mask)
}

/// The RSA key of a SubjectPublicKeyInfo whose algorithm is RSASSA-PSS, and the parameters that it is bound to, where there are any
/// (RFC 4055, 1.2).
pub(crate) fn key_of_spki(spki: &[u8]) -> Option<(RsaPublicKey, Option<Pss>)> {
    let mut fields = Reader::new(spki).expect(tag::SEQUENCE).ok()?.inside();
    let mut algorithm = fields.expect(tag::SEQUENCE).ok()?.inside();
    if algorithm.expect(tag::OID).ok()?.value != RSA_PSS {
        return None;
    }
    let restriction = match algorithm.optional(tag::SEQUENCE).ok()? {
        Some(parameters) => Some(PssParameters::read(&parameters)?.known().filter(Pss::is_verified)?),
        None => None,
    };
    algorithm.finish().ok()?;
    let key = RsaPublicKey::from_bit_string(&fields.expect(tag::BIT_STRING).ok()?).ok()?;
    Some((key, restriction))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::der::{Node, ctx, int_raw, oid, seq, small};

    use super::*;

    const SHA256: &str = "2.16.840.1.101.3.4.2.1";

    fn read(parameters: &Node) -> Option<Pss> {
        PssParameters::from_der(&parameters.encode())?.known()
    }

    #[test]
    fn parameters_are_read_with_their_defaults() {
        let default = PssParameters::DEFAULT.known().unwrap();
        let hash = || seq([oid(SHA256)]);
        let mask = || seq([oid("1.2.840.113549.1.1.8"), hash()]);
        let salt = |salt_octets| Pss { salt_octets, ..default };
        for (parameters, want) in [
            (seq([]), default),
            (seq([ctx(0, [hash()])]), Pss { hash: Hash::Sha256, ..default }),
            (seq([ctx(1, [mask()])]), Pss { mask_hash: Hash::Sha256, ..default }),
            (seq([ctx(2, [small(0)])]), salt(0)),
            (seq([ctx(2, [small(255)])]), salt(255)),
            (seq([ctx(2, [small(256)])]), salt(256)),
            (seq([ctx(2, [small(65_535)])]), salt(65_535)),
            (seq([ctx(3, [small(1)])]), default),
        ] {
            assert_eq!(read(&parameters), Some(want), "{parameters:?}");
        }
    }

    #[test]
    fn other_parameters_are_not_known() {
        for parameters in [
            small(1),
            seq([ctx(0, [seq([oid("1.2.3.4")])])]),
            seq([ctx(1, [seq([oid("1.2.3.4"), seq([oid(SHA256)])])])]),
            seq([ctx(2, [small(65_536)])]),
            seq([ctx(2, [small(-1)])]),
            seq([ctx(3, [small(2)])]),
            seq([ctx(3, [small(-1)])]),
            seq([ctx(3, [int_raw([0, 1])])]),
            seq([ctx(4, [small(1)])]),
        ] {
            assert_eq!(read(&parameters), None, "{parameters:?}");
        }
    }

    /// A weak hash is found whatever else the parameters say.
    #[test]
    fn the_hash_is_read_beside_values_that_are_not_known() {
        let odd_salt = seq([ctx(0, [seq([oid(SHA256)])]), ctx(2, [small(65_536)])]);
        let read = PssParameters::from_der(&odd_salt.encode()).unwrap();
        assert_eq!((read.hash, read.known()), (Some(Hash::Sha256), None));
    }
}
