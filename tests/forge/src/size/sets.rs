//! Blocks that grow in number.

use super::text::with_text;
use super::{count, issuer, leaf};
use crate::cert::{Cert, Issued};
use crate::der::{ctx, int_raw, oid, seq, set, utf8};
use crate::form::{self, Form};
use crate::{key, pem};

pub(super) fn copies(bytes: usize) -> Form {
    let issuer = issuer().pem();
    with_text(|text| text + &issuer.repeat(count(bytes, issuer.len())))
}

/// Certificates that differ in the serial number alone: the signature is that of the first.
pub(super) fn variants(first: &Issued, number: usize) -> String {
    let variant = |index: usize| {
        let serial = [[0x40].as_slice(), &index.to_be_bytes()].concat();
        first.operated(|node| *node.at(&[0, 1]) = int_raw(serial.clone())).pem()
    };
    (0..number).map(variant).collect()
}

pub(super) fn certificates(bytes: usize) -> Form {
    let issuer = issuer();
    let number = count(bytes, issuer.pem().len());
    with_text(|text| text + &variants(&issuer, number))
}

pub(super) fn self_issued(bytes: usize) -> Form {
    let ca = Cert::ca("Forge Circle CA").key(key::p256(1)).without_key_ids().self_signed();
    let leaf = leaf().without_key_ids().issued_by(&ca);
    let mut form = Form::of("ECC", std::slice::from_ref(&leaf));
    form.cert_content = Some(leaf.pem() + &variants(&ca, count(bytes, ca.pem().len())));
    form
}

pub(super) fn roots(bytes: usize) -> Form {
    let ca = Cert::ca("Forge Client CA").key(key::p256(1)).self_signed();
    let mut form = form::ecc().instance("gateway-1");
    form.trusted_root_ca = Some(variants(&ca, count(bytes, ca.pem().len())));
    form
}

/// One P-521 key, its PKCS#8 differing in an attribute.
pub(super) fn encodings(bytes: usize) -> String {
    let encoding = |index: usize| {
        let mut pkcs8 = key::p521(0).ec().pkcs8();
        let value = set([utf8(format!("{index:06}"))]);
        let attribute = seq([oid("1.2.840.113549.1.9.20"), value]);
        pkcs8.attributes = Some(ctx(0, [attribute]));
        pkcs8.pem()
    };
    let each = encoding(0).len();
    (0..count(bytes, each)).map(encoding).collect()
}

pub(super) fn keys(bytes: usize) -> Form {
    let mut form = form::ecc_p521();
    form.private_key = Some(encodings(bytes));
    form
}

pub(super) fn exposed_keys(bytes: usize) -> Form {
    let mut form = form::ecc_p521();
    let half = encodings(bytes / 2);
    form.cert_content = form.cert_content.map(|text| text + &half);
    form.private_key = Some(half);
    form
}

/// Forms with keys in both fields that all differ: P-521 scalars without their points.
pub(super) fn other_keys(bytes: usize) -> Form {
    let other = |index: usize| {
        let ec = key::p521(0).ec();
        let mut pkcs8 = ec.pkcs8();
        pkcs8.key = key::Sec1 { public: None, ..key::Ec { scalar: &ec.scalar - index, ..ec.clone() }.sec1() }
            .node()
            .encode();
        pkcs8.pem()
    };
    let number = count(bytes, other(0).len());
    let mut form = form::ecc_p521();
    form.private_key = Some((0..number / 2).map(other).collect());
    form.cert_content =
        form.cert_content.map(|text| text + &(number / 2..number).map(other).collect::<String>());
    form
}

/// Blocks of a few octets in both fields, that all differ.
pub(super) fn small_blocks(bytes: usize) -> Form {
    let block = |index: usize| pem::encode("CERTIFICATE", &seq([int_raw(index.to_be_bytes())]).encode());
    let number = count(bytes, block(0).len());
    let mut form = form::ecc();
    form.private_key = form.private_key.map(|text| text + &(0..number / 2).map(block).collect::<String>());
    form.cert_content =
        form.cert_content.map(|text| text + &(number / 2..number).map(block).collect::<String>());
    form
}

pub(super) fn misplaced(bytes: usize) -> Form {
    let mut form = certificates(bytes / 2);
    form.private_key =
        form.private_key.zip(form.cert_content.as_ref()).map(|(key, certificates)| key + certificates);
    form
}

pub(super) fn ec_parameters(bytes: usize) -> Form {
    let block = pem::encode("EC PARAMETERS", &oid("1.2.840.10045.3.1.7").encode());
    let mut form = form::ecc();
    form.private_key = form.private_key.map(|key| block.repeat(count(bytes, block.len())) + &key);
    form
}
