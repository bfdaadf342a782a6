//! Objects to forms: which key is whose, who issued whom, and what a form does not need.

mod pairs;

use std::collections::BTreeMap;

use super::opening::label;
use super::{LeftOut, Object, Reason, place};
use crate::crypto::hash::Hash;
use crate::location::Field;
use crate::policy::{At, Policy};
use crate::read::block::BlockKind;
use crate::read::certificate::Certificate;
use crate::read::form::{CertificateForm, Content};
use crate::read::key::{self, PrivateKey};
use crate::read::pem::container::Container;
use crate::relate::sm2_set::Role;
use crate::tell::plan::encode::{Piece, encode};
use pairs::Pairing;

/// The forms that objects make.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Assembly {
    /// A form for each private key whose certificate is here, in the order of the certificates; the two pairs of an SM2 double set make one.
    ///
    /// Where no key belongs to any certificate, one form of everything, so that a check can say what is wrong.
    pub sets: Vec<Set>,
    /// What no form needs, and what could not be read.
    pub left_out: Vec<LeftOut>,
}

/// A form, and where each of its blocks came from.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Set {
    /// The form. Its name is the one that was asked for, or made from the certificate's.
    pub form: CertificateForm,
    /// Whether each key is proven to belong to the first certificate of its field.
    pub is_proven: bool,
    /// Where each block came from, in the order of the form.
    pub parts: Vec<Part>,
    /// The SHA-256 of the SubjectPublicKeyInfo of the server's certificate, in hexadecimal digits.
    pub spki_sha256: Option<String>,
    /// The DER of the roots that end the chains, where they are among the objects and were left out: a look for a way to a trusted root
    /// ([`Check::completing`](crate::Check::completing)) has to know them.
    pub roots: Vec<Vec<u8>>,
}

/// A block of a form, and the object that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// The field.
    pub field: Field,
    /// The block in the field, from 1. None where the whole text stands in the field as it is.
    pub block: Option<usize>,
    /// How to get to the object.
    pub inside: Vec<String>,
    /// The object's block in its own text, where it has a number.
    pub source_block: Option<usize>,
    /// The line of its BEGIN, where it came from a text.
    pub line: Option<usize>,
    /// Whether the text that it came from was damaged, or has another label, so that it is written otherwise than it was.
    pub(crate) repaired: bool,
}

/// Puts objects together: pairs by the proof that the key is the certificate's, chains by names, key identifiers and signatures. A root that
/// clients have, a copy, and whatever belongs to nothing are left out, each with its reason.
///
/// `name` is the name of the form; where there are several, each has one made from its certificate.
pub fn assemble(objects: &[Object], name: Option<&str>, policy: &Policy, at: impl Into<At>) -> Assembly {
    let mut assembly = Assembly::default();
    let held = Held::read(objects, &mut assembly.left_out);
    let pairing = Pairing::new(&held, policy, at.into().time());
    let mut used = vec![false; objects.len()];
    for sides in pairing.sets() {
        let mut set = Set { is_proven: true, ..Set::default() };
        for (number, (pair, fields)) in sides.iter().zip(FIELDS).enumerate() {
            let mut chain = pair.chain.clone();
            if number == 0 && pairing.count() == 1 && pair.lacks_issuer(&held) {
                // Any of them may be the issuer: a check says what is wrong with them.
                chain.extend(held.unread_of(BlockKind::Certificate));
            }
            set.fill(objects, fields.0, &chain, &mut used);
            set.fill(objects, fields.1, &[pair.key], &mut used);
            set.roots.extend(pair.root.and_then(|root| Some(objects.get(root)?.block.der.to_vec())));
        }
        let leaf = sides
            .first()
            .and_then(|pair| held.certificates.iter().find(|(at, _)| pair.chain.first() == Some(at)));
        set.spki_sha256 = leaf.and_then(|(_, leaf)| fingerprint(leaf));
        let own = || leaf.map(|(_, leaf)| made_name(leaf));
        set.form.name = if pairing.count() == 1 { name.map(str::to_owned).or_else(own) } else { own() };
        assembly.sets.push(set);
    }
    if assembly.sets.is_empty() {
        assembly.sets.extend(unproven(objects, &held, name, &mut used));
    }
    let unread = held.unread.iter().filter(|(at, _)| !used.get(*at).copied().unwrap_or_default());
    assembly
        .left_out
        .extend(unread.filter_map(|(at, why)| Some(left(objects.get(*at)?, Reason::Damaged(why)))));
    for (at, reason) in pairing.reasons(&held, &used) {
        if let Some(object) = objects.get(at) {
            assembly.left_out.push(left(object, reason));
        }
    }
    assembly
}

/// The fields of the first pair and of the second.
const FIELDS: [(Field, Field); 2] =
    [(Field::CertContent, Field::PrivateKey), (Field::CertContentSign, Field::PrivateKeySign)];

/// The certificates and keys among the objects, each once, with the position of the object.
struct Held<'o> {
    objects: &'o [Object],
    certificates: Vec<(usize, Certificate<'o>)>,
    keys: Vec<(usize, PrivateKey)>,
    /// Those that cannot be read, and how that is said.
    unread: Vec<(usize, &'static str)>,
}

impl<'o> Held<'o> {
    fn read(objects: &'o [Object], left_out: &mut Vec<LeftOut>) -> Self {
        let mut held = Self { objects, certificates: Vec::new(), keys: Vec::new(), unread: Vec::new() };
        let mut seen: BTreeMap<&[u8], &Object> = BTreeMap::new();
        for (at, object) in objects.iter().enumerate() {
            let der = object.block.der.as_slice();
            let is_key = object.block.kind == BlockKind::PrivateKey;
            let first = seen.get(der).filter(|_| !is_key);
            if let Some(first) = first {
                let first = place(&first.inside, first.block.location.block);
                left_out.push(left(object, Reason::Copy(first)));
                continue;
            }
            seen.insert(der, object);
            match object.block.kind {
                BlockKind::Certificate => match Certificate::read(der, &object.block.location) {
                    Ok(certificate) => held.certificates.push((at, certificate)),
                    Err(_) => held.unread.push((at, "the certificate cannot be read")),
                },
                BlockKind::PrivateKey => match key::read(&object.block) {
                    Ok(key) => held.keys.push((at, key)),
                    Err(_) => held.unread.push((at, UNREAD_KEY)),
                },
                kind => left_out.push(left(object, Reason::NotNeeded(not_needed(kind)))),
            }
        }
        held
    }

    /// The objects of a kind that cannot be read.
    fn unread_of(&self, kind: BlockKind) -> impl Iterator<Item = usize> {
        let is_kind = move |at: &usize| self.objects.get(*at).is_some_and(|object| object.block.kind == kind);
        self.unread.iter().map(|(at, _)| *at).filter(is_kind)
    }

    /// Whether a certificate that bears the name of the issuer of `lower` is meant as that: its key is named there, or the two come from the same
    /// file. Both are positions of certificates.
    fn is_meant(&self, lower: usize, upper: usize) -> bool {
        let (Some((lower_at, lower)), Some((upper_at, upper))) =
            (self.certificates.get(lower), self.certificates.get(upper))
        else {
            return false;
        };
        let wanted = lower.authority_key_id().and_then(|id| id.key_id);
        let source = |at: &usize| self.objects.get(*at).map(|object| &object.inside);
        wanted.is_some() && wanted == upper.subject_key_id() || source(lower_at) == source(upper_at)
    }
}

const UNREAD_KEY: &str = "the private key cannot be read, or is of a kind that the API does not take";

fn left(object: &Object, reason: Reason) -> LeftOut {
    LeftOut { inside: object.inside.clone(), block: object.block.location.block, reason }
}

fn not_needed(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Request => {
            "a certificate request, which a form does not need: give the certificate that the CA sent back for it"
        }
        BlockKind::Crl => "a certificate revocation list, which a form does not need",
        BlockKind::PublicKey => "a public key, which a form does not need",
        BlockKind::EcParameters | BlockKind::DhParameters => "parameters, which a form does not need",
        _ => "neither a certificate nor a private key",
    }
}

impl Set {
    /// Puts objects into a field, in this order.
    fn fill(&mut self, objects: &[Object], field: Field, positions: &[usize], used: &mut [bool]) {
        let taken: Vec<&Object> = positions.iter().filter_map(|at| objects.get(*at)).collect();
        if taken.is_empty() {
            return;
        }
        let blocks: Vec<_> = taken
            .iter()
            .map(|object| {
                let der = object.block.der.as_slice();
                // A body that was cut is of no known kind, and keeps its label.
                let label: &str = match Container::of(der) {
                    Some(container) => label(container),
                    None => &object.block.label,
                };
                (object.block.kind == BlockKind::Certificate, label, der)
            })
            .collect();
        let pieces = blocks.iter().map(|(is_certificate, label, der)| Piece {
            is_certificate: *is_certificate,
            label,
            der,
        });
        let content: Content = encode(pieces);
        if let Some(slot) = self.form.content_mut(field) {
            *slot = Some(content);
        }
        for (at, (object, (_, label, _))) in taken.iter().zip(&blocks).enumerate() {
            self.parts.push(Part {
                field,
                block: Some(at.saturating_add(1)),
                inside: object.inside.clone(),
                source_block: object.block.location.block,
                line: object.block.location.line,
                repaired: object.repaired || *label != object.block.label,
            });
        }
        for position in positions {
            if let Some(used) = used.get_mut(*position) {
                *used = true;
            }
        }
    }

    /// The part that a block of a field is, or is in.
    pub fn part(&self, field: Field, block: usize) -> Option<&Part> {
        self.parts.iter().find(|part| part.field == field && part.block.is_none_or(|own| own == block))
    }
}

impl std::fmt::Display for Part {
    /// `cert_content, block 1: fullchain.pem, block 1`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.field.as_str())?;
        if let Some(block) = self.block {
            write!(f, ", block {block}")?;
        }
        write!(f, ": {}", place(&self.inside, self.source_block))
    }
}

/// Everything in one form, where nothing is proven, and what cannot be read with it, so that a check says why.
fn unproven(objects: &[Object], held: &Held<'_>, name: Option<&str>, used: &mut [bool]) -> Option<Set> {
    let certificates = held.certificates.iter().map(|(at, _)| *at);
    let mut certificates: Vec<usize> = certificates.chain(held.unread_of(BlockKind::Certificate)).collect();
    certificates.sort_unstable();
    // One key: of several that fit nothing, none is nearer than the other.
    let keys = held.keys.iter().map(|(at, _)| *at);
    let keys: Vec<usize> = keys.chain(held.unread_of(BlockKind::PrivateKey)).take(1).collect();
    if certificates.is_empty() && keys.is_empty() {
        return None;
    }
    let mut set = Set::default();
    set.fill(objects, Field::CertContent, &certificates, used);
    set.fill(objects, Field::PrivateKey, &keys, used);
    let first = held.certificates.first().map(|(_, certificate)| certificate);
    set.spki_sha256 = first.and_then(fingerprint);
    let own = || first.map_or_else(|| NAMELESS.to_owned(), made_name);
    set.form.name = Some(name.map_or_else(own, str::to_owned));
    Some(set)
}

fn fingerprint(certificate: &Certificate<'_>) -> Option<String> {
    let digest = Hash::Sha256.digest(certificate.spki_der())?;
    Some(digest.iter().map(|octet| format!("{octet:02x}")).collect())
}

/// The name of a form whose certificate cannot be read.
pub(super) const NAMELESS: &str = "certificate";

/// A name that the API takes, from the certificate's own.
fn made_name(certificate: &Certificate<'_>) -> String {
    const LONGEST: usize = 50;
    let dns = certificate.san().first().map(ToString::to_string);
    let own = dns.unwrap_or_else(|| certificate.subject().to_string());
    let own = own.strip_prefix("DNS:").unwrap_or(&own).replace('*', "wildcard");
    let own: String = own.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let is_name = own.len() >= 4 && own.starts_with(|c: char| c.is_ascii_alphabetic());
    let name = if is_name { own } else { format!("cert_{own}") };
    name.chars().take(LONGEST).collect()
}

/// Which of the two roles of a double set a certificate may have.
fn roles(certificate: &Certificate<'_>) -> (bool, bool) {
    (Role::Encryption.is_allowed(certificate), Role::Signature.is_allowed(certificate))
}
