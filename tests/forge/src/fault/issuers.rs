//! Issuers that are weak or cannot be used: their hashes, keys and names.

use super::Base::Rsa;
use super::chains::{client_ca, intermediate, plain, roots};
use super::leaf::leaf;
use super::{Fault, on_cert, put_chain, row};
use crate::cert::Cert;
use crate::der::{self, Length, Node, bits_raw, ctx, null, oid, seq, utf8};
use crate::ext::{self, Ext};
use crate::form::Form;
use crate::name::{name, name_of};
use crate::sign::{Hash, Scheme, md5_algorithm};
use crate::{chain, key, pem};

/// The leaf, with a host, a URI and a mail address, under a CA with these constraints.
fn constrained(form: &mut Form, permitted: Vec<Node>, excluded: Vec<Node>) {
    let ca = Cert::ca("Bound CA").key(key::rsa2048(2)).with(ext::name_constraints(permitted, excluded));
    let ca = ca.issued_by(&chain::plain_issuers().1);
    let names =
        [ext::dns("www.forge.example"), ext::uri("https://a.forge.example/"), ext::email("a@forge.example")];
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(names)).issued_by(&ca), ca]);
}

/// rsaEncryption, for a key.
fn rsa_algorithm_of_keys() -> Node {
    seq([oid("1.2.840.113549.1.1.1"), null()])
}

/// The leaf under a root of its own, changed, and that root.
fn own_root(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    let root = change(Cert::ca("Own Root CA").key(key::p256(1))).self_signed();
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&root), root]);
}

/// The leaf under a sub CA whose issuer has a name in GB2312.
fn not_utf8(form: &mut Form) {
    let subject = name_of([("O", utf8(b"\xb9\xe3\xb6\xab\xca\xa1")), ("CN", utf8("Old Root CA"))]);
    let root = Cert::ca("x").subject(subject).key(key::p256(1)).self_signed();
    let ca = Cert::ca("Sub CA").key(key::rsa2048(2)).issued_by(&root);
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&ca), ca]);
}

/// The leaf under the sub CA after surgery on the sub CA's TBSCertificate.
fn operated(form: &mut Form, surgery: impl FnOnce(&mut Node)) {
    let (intermediate, root) = chain::plain_issuers();
    let intermediate = intermediate.cert.issued_after(&root, surgery);
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&intermediate), intermediate]);
}

pub(super) const ROWS: &[Fault] = &[
    // Hashes.
    row(Rsa, "issuer-sha1-signature", |f| intermediate(f, |c| c.scheme(Scheme::Rsa(Hash::Sha1)))),
    row(Rsa, "issuer-md5-signature", |f| intermediate(f, |c| c.scheme(Scheme::Garbage(md5_algorithm())))),
    row(Rsa, "cross-sign-sha1-signature", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        let cross = c.cross.cert.scheme(Scheme::Rsa(Hash::Sha1)).issued_by(&c.old_root);
        put_chain(f, &[c.leaf, c.intermediate, cross]);
    }),
    row(Rsa, "root-of-leaf-sha1", |f| own_root(f, |c| c.scheme(Scheme::Ecdsa(Hash::Sha1)))),
    row(Rsa, "issuer-sha1-signature-as-of-0-1-0", |f| {
        intermediate(f, |c| c.scheme(Scheme::Rsa(Hash::Sha1)));
    }),
    // Names.
    row(Rsa, "issuer-common-name-integer", |f| {
        let subject = name_of([("O", utf8("Forge CA")), ("CN", der::small(7))]);
        intermediate(f, |c| c.subject(subject));
    }),
    row(Rsa, "root-common-name-integer", |f| {
        let subject = name_of([("O", utf8("Forge CA")), ("CN", der::small(7))]);
        let root = Cert::ca("x").subject(subject).key(key::p256(1)).self_signed();
        let ca = Cert::ca("Sub CA").key(key::rsa2048(2)).issued_by(&root);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&ca), ca]);
    }),
    row(Rsa, "issuer-empty", |f| intermediate(f, |c| c.subject(name(&[])))),
    row(Rsa, "issuer-empty-above-issuer", |f| {
        let root = Cert::ca("x").subject(name(&[])).key(key::p256(1)).self_signed();
        let ca = Cert::ca("Nameless Root's CA").key(key::rsa2048(2)).issued_by(&root);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&ca), ca]);
    }),
    row(Rsa, "subject-and-issuer-empty", |f| {
        let san = ext::san_dns(&["www.forge.example"]).critical();
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).subject(name(&[])).with(san).self_signed()]);
    }),
    // Name constraints.
    row(Rsa, "issuer-constraints-empty", |f| constrained(f, Vec::new(), Vec::new())),
    row(Rsa, "issuer-constraints-empty-as-of-0-1-0", |f| constrained(f, Vec::new(), Vec::new())),
    row(Rsa, "issuer-constraints-empty-lists", |f| {
        let empty = seq([ctx(0, []), ctx(1, [])]);
        intermediate(f, |c| c.with(Ext::new(ext::NAME_CONSTRAINTS, empty).critical()));
    }),
    row(Rsa, "constraints-empty-in-leaf", |f| {
        leaf(f, |c| c.with(ext::name_constraints(Vec::new(), Vec::new())));
    }),
    row(Rsa, "constraints-one-of-both", |f| {
        constrained(f, vec![ext::dns("forge.example")], Vec::new());
    }),
    row(Rsa, "constraints-exclude-other-name", |f| {
        constrained(f, Vec::new(), vec![ext::other_name("a@forge.example")]);
    }),
    row(Rsa, "constraints-exclude-uri", |f| constrained(f, Vec::new(), vec![ext::uri(".forge.example")])),
    row(Rsa, "constraints-exclude-mail", |f| constrained(f, Vec::new(), vec![ext::email("forge.example")])),
    // Keys.
    row(Rsa, "issuer-point-off-curve", |f| {
        let ec = key::p256(1).ec();
        let point = [&[4], [7; 64].as_slice()].concat();
        let spki = key::spki(ec.algorithm(), &point);
        intermediate(f, |c| c.spki(spki));
    }),
    row(Rsa, "issuer-key-not-der", |f| {
        let bits = bits_raw(0, &[0x30, 0x80, 0, 0]);
        intermediate(f, |c| c.spki(seq([rsa_algorithm_of_keys(), bits])));
    }),
    row(Rsa, "issuer-key-oid-damaged", |f| {
        let parts = key::rsa2048(2).rsa();
        let mut spki = parts.spki();
        *spki.at(&[0, 0]) = oid("1.2.840.113549.1.1.65");
        intermediate(f, |c| c.spki(spki));
    }),
    row(Rsa, "issuer-ed448", |f| {
        let spki = seq([seq([oid("1.3.101.113")]), bits_raw(0, &[7; 57])]);
        let scheme = Scheme::Garbage(seq([oid("1.3.101.113")]));
        let (intermediate, root) = chain::plain_issuers();
        let ca = intermediate.cert.spki(spki).issued_by(&root);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).scheme(scheme).issued_by(&ca), ca]);
    }),
    // Their encoding.
    row(Rsa, "issuer-serial-empty", |f| intermediate(f, |c| c.serial([]))),
    row(Rsa, "issuer-key-usage-damaged", |f| {
        intermediate(f, |c| c.with(Ext::new(ext::KEY_USAGE, bits_raw(9, &[6])).critical()));
    }),
    row(Rsa, "issuer-basic-constraints-damaged", |f| {
        intermediate(f, |c| c.with(Ext::new(ext::BASIC_CONSTRAINTS, der::octets([1])).critical()));
    }),
    row(Rsa, "issuer-not-utf8", not_utf8),
    row(Rsa, "issuer-not-utf8-allowed", not_utf8),
    row(Rsa, "issuer-trailing-inside", |f| operated(f, |tbs| tbs.push(null()))),
    row(Rsa, "issuer-unreadable", |f| {
        let unreadable = pem::encode("CERTIFICATE", &seq([seq([null()]), null()]).encode());
        on_cert(f, |text| format!("{text}{unreadable}"));
    }),
    row(Rsa, "unreadable-before-leaf", |f| {
        let unreadable = pem::encode("CERTIFICATE", &seq([seq([null()]), null()]).encode());
        on_cert(f, |text| format!("{unreadable}{text}"));
    }),
    row(Rsa, "issuer-long-length", |f| {
        operated(f, |tbs| tbs.at(&[4]).length = Length::Padded(1));
    }),
    row(Rsa, "issuer-policies-damaged", |f| {
        intermediate(f, |c| c.with(Ext::new("2.5.29.32", der::octets([1]))));
    }),
    row(Rsa, "issuer-rsa1024", |f| intermediate(f, |c| c.key(key::rsa1024()))),
    row(Rsa, "issuer-rsa2040", |f| intermediate(f, |c| c.key(key::rsa2040()))),
    row(Rsa, "issuer-rsa3072", |f| intermediate(f, |c| c.key(key::rsa3072()))),
    row(Rsa, "cross-sign-rsa1024", |f| {
        let [_, _, root] = plain();
        let old = Cert::ca("Old Root").key(key::rsa3072()).self_signed();
        let ca = Cert::ca("Cross CA").key(key::rsa1024());
        let intermediate = Cert::ca("Sub CA").key(key::rsa2048(2)).issued_by(&ca.clone().issued_by(&root));
        let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&intermediate);
        put_chain(f, &[leaf, intermediate, ca.issued_by(&old)]);
    }),
    row(Rsa, "root-of-leaf-rsa1024", |f| own_root(f, |c| c.key(key::rsa1024()))),
    row(Rsa, "trusted-root-rsa1024", |f| roots(f, &[client_ca().key(key::rsa1024()).self_signed()])),
];
