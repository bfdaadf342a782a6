//! Chains where it is in question who signed the server's certificate, whose key is beside it, and what is missing.

use super::Base::{Ecc, Rsa, Sm2};
use super::chains::{plain, roots};
use super::pairs::{enc, sign};
use super::{Fault, put_chain, row};
use crate::cert::{Cert, Issued, bundle};
use crate::der::{oid, seq, t61};
use crate::form::Form;
use crate::name::{name, name_of};
use crate::sign::Scheme;
use crate::{chain, ext, key};

/// The last bit of the signature is another.
fn damaged(issued: Issued) -> Issued {
    let mut der = issued.der.clone();
    *der.last_mut().unwrap() ^= 1;
    Issued { der, ..issued }
}

/// The plain server's certificate, self-signed, with the identifier of its own key as its issuer's.
fn self_named() -> Issued {
    let leaf = chain::plain_leaf(key::p256(0));
    let id = leaf.key_id();
    leaf.with(ext::aki(&id)).self_signed()
}

/// A letter of the organisation is another: in its issuer (0) or its subject (1).
fn other_owner(issued: Issued, which: usize) -> Issued {
    let mut der = issued.der.clone();
    let organisation = b"Forge Ltd";
    let places = der.windows(organisation.len()).enumerate().filter(|(_, octets)| octets == organisation);
    let place = places.map(|(place, _)| place).nth(which).unwrap();
    der[place] = b'G';
    Issued { der, ..issued }
}

/// A root CA that has the name of the plain server.
fn namesake() -> Issued {
    let subject = chain::plain_leaf(key::p256(0)).subject;
    Cert::ca("Same Name").subject(subject).key(key::p256(1)).self_signed()
}

/// A sub CA of the plain root with its own address where its certificate is published, and the plain server's certificate of it.
fn published() -> [Issued; 2] {
    let (_, root) = chain::plain_issuers();
    let ca = Cert::ca("Published CA").key(key::p256(2)).issued_by(&root);
    let aia = ext::aia(None, Some("http://crt.forge.example/published.crt"));
    [chain::plain_leaf(key::rsa2048(0)).with(aia).issued_by(&ca), ca]
}

/// Two CAs, each certified by the other.
fn circle() -> [Issued; 2] {
    let [one, other] = [("Circle CA 1", 1), ("Circle CA 2", 2)]
        .map(|(name, number)| Cert::ca(name).key(key::p256(number)).self_signed());
    [one.cert.clone().issued_by(&other), other.cert.issued_by(&one)]
}

/// The plain server under a CA that another CA certifies, which has expired.
fn old_cross(form: &mut Form, behind: impl FnOnce(&Issued) -> Vec<Issued>) {
    let old_root = Cert::ca("Old Root").key(key::p256(2)).self_signed();
    let cross = Cert::ca("New Root")
        .key(key::p256(1))
        .not_before("200101000000Z")
        .not_after("240930181403Z")
        .issued_by(&old_root);
    let ca = Cert::ca("Issuing CA").key(key::rsa2048(2)).issued_by(&cross);
    let mut given = vec![chain::plain_leaf(key::rsa2048(0)).issued_by(&ca), ca, cross];
    given.extend(behind(&old_root));
    put_chain(form, &given);
}

pub(super) const ROWS: &[Fault] = &[
    row(Ecc, "self-signed-damaged", |f| {
        put_chain(f, &[damaged(chain::plain_leaf(key::p256(0)).self_signed())]);
    }),
    row(Ecc, "self-signed-subject-damaged", |f| put_chain(f, &[other_owner(self_named(), 1)])),
    row(Ecc, "self-signed-issuer-damaged", |f| put_chain(f, &[other_owner(self_named(), 0)])),
    row(Ecc, "self-signed-twice-damaged", |f| put_chain(f, &[damaged(other_owner(self_named(), 0))])),
    row(Ecc, "issuer-almost-same-name", |f| {
        let leaf = chain::plain_leaf(key::p256(0)).subject(name(&[("CN", "forge.example 1")]));
        let ca = Cert::ca("x").subject(name(&[("CN", "forge.example 2")])).key(key::p256(1)).self_signed();
        put_chain(f, &[leaf.issued_by(&ca)]);
    }),
    row(Ecc, "self-signed-t61", |f| {
        let subject = name_of([("CN", t61(b"Z\xfcrich"))]);
        put_chain(f, &[chain::plain_leaf(key::p256(0)).subject(subject).self_signed()]);
    }),
    row(Ecc, "self-signed-p256", |f| put_chain(f, &[chain::plain_leaf(key::p256(0)).self_signed()])),
    row(Rsa, "self-signed-by-unknown-algorithm", |f| {
        let scheme = Scheme::Garbage(seq([oid("1.2.840.113549.1.1.99")]));
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).scheme(scheme).self_signed()]);
    }),
    row(Sm2, "self-signed-empty-id", |f| {
        let [enc, sign] = [enc(), sign()].map(|cert| cert.scheme(Scheme::Sm2(Vec::new())).self_signed());
        put_chain(f, std::slice::from_ref(&enc));
        *f = f.clone().signed_with(&[sign]);
    }),
    row(Ecc, "issuer-same-name", |f| {
        let ca = namesake();
        put_chain(f, &[chain::plain_leaf(key::p256(0)).without_key_ids().issued_by(&ca), ca]);
    }),
    row(Ecc, "issuer-same-name-with-key-id", |f| {
        let ca = namesake();
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&ca), ca]);
    }),
    row(Ecc, "issuer-same-name-alone", |f| {
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&namesake())]);
    }),
    row(Ecc, "issuer-other-name", |f| {
        let ca = Cert::ca("Another Name").key(key::p256(1)).self_signed();
        put_chain(f, &[chain::plain_leaf(key::p256(0)).without_key_ids().issued_by(&ca), ca]);
    }),
    row(Sm2, "encryption-signed-by-its-set", |f| {
        let sign = sign().self_signed();
        put_chain(f, &[enc().issued_by(&sign)]);
        *f = f.clone().signed_with(&[sign]);
    }),
    // Whose key.
    row(Ecc, "key-of-block-2", |f| {
        let (_, root) = chain::plain_issuers();
        let ca = Cert::ca("Issuing CA").key(key::p256(0)).issued_by(&root);
        let sub =
            Cert::ca("Sub CA").key(key::p256(1)).with(ext::san_dns(&["www.forge.example"])).issued_by(&ca);
        put_chain(f, &[sub, ca.clone()]);
        f.private_key = Some(ca.key_pem());
    }),
    row(Rsa, "only-cas", |f| {
        let [_, intermediate, root] = plain();
        f.cert_content = Some(bundle(&[intermediate, root]));
    }),
    row(Rsa, "only-one-ca", |f| {
        let [_, intermediate, _] = plain();
        f.cert_content = Some(bundle(&[intermediate]));
    }),
    row(Rsa, "self-signed-ca-with-hosts-and-another-key", |f| {
        let server =
            chain::plain_leaf(key::rsa2048(1)).with(ext::basic_constraints(true, None)).self_signed();
        f.cert_content = Some(bundle(&[server]));
    }),
    // What is missing.
    row(Rsa, "placeholder-before-cas", |f| {
        let [_, intermediate, root] = plain();
        let subject = name(&[("CN", "placeholder.forge.example")]);
        let own = chain::plain_leaf(key::rsa2048(0)).subject(subject).self_signed();
        put_chain(f, &[own, intermediate, root]);
    }),
    row(Rsa, "placeholder-before-the-chain", |f| {
        let [leaf, intermediate, _] = plain();
        let subject = name(&[("CN", "placeholder.forge.example")]);
        let own = chain::plain_leaf(key::rsa2048(0)).subject(subject).self_signed();
        put_chain(f, &[own, leaf, intermediate]);
    }),
    row(Rsa, "expired-before-its-renewal", |f| {
        let [leaf, intermediate, _] = plain();
        let old =
            leaf.cert.clone().not_before("240101000000Z").not_after("250101000000Z").issued_by(&intermediate);
        put_chain(f, &[old, leaf, intermediate]);
    }),
    row(Rsa, "former-issuer", |f| {
        let [leaf, _] = published();
        let [_, former, _] = plain();
        put_chain(f, &[leaf, former]);
    }),
    row(Rsa, "former-issuer-and-root", |f| {
        let [leaf, _] = published();
        let [_, former, root] = plain();
        put_chain(f, &[leaf, former, root]);
    }),
    row(Rsa, "current-issuer", |f| put_chain(f, &published())),
    row(Rsa, "issuer-among-trusted-roots", |f| {
        let [leaf, ca] = published();
        let [_, former, root] = plain();
        put_chain(f, &[leaf, former]);
        roots(f, &[root, ca]);
    }),
    row(Rsa, "leaf-alone-issuer-among-trusted-roots", |f| {
        let [leaf, ca] = published();
        put_chain(f, &[leaf]);
        roots(f, &[ca]);
    }),
    row(Rsa, "two-other-chains", |f| {
        let [leaf, intermediate, _] = plain();
        let (google, amazon) = (chain::google(), chain::amazon());
        let given =
            [leaf, intermediate, google.intermediate, google.cross, amazon.intermediate, amazon.cross];
        put_chain(f, &given);
    }),
    row(Rsa, "issuers-in-a-circle", |f| {
        let [one, other] = circle();
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&one), one, other]);
    }),
    row(Rsa, "issuers-that-certify-each-other-below-a-root", |f| {
        let (_, root) = chain::plain_issuers();
        let [one, _] = circle();
        let other = Cert::ca("Circle CA 2").key(key::p256(2)).issued_by(&root);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&one), one, other]);
    }),
    // Expiry.
    row(Rsa, "old-cross-expired", |f| old_cross(f, |_| Vec::new())),
    row(Rsa, "old-cross-expired-below-another", |f| {
        old_cross(f, |old_root| {
            let elder = Cert::ca("Elder Root").key(key::p384(1)).self_signed();
            vec![old_root.cert.clone().issued_by(&elder)]
        });
    }),
    row(Rsa, "issuer-expired-and-renewed", |f| {
        let [leaf, intermediate, _] = plain();
        let (_, root) = chain::plain_issuers();
        let old =
            intermediate.cert.clone().not_before("200101000000Z").not_after("260101000000Z").issued_by(&root);
        put_chain(f, &[leaf, old, intermediate]);
    }),
];
