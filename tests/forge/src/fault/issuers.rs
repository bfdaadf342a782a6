//! Issuers that are weak or cannot be used: their hashes, keys and names.

use super::Base::Rsa;
use super::chains::{client_ca, intermediate, plain, roots};
use super::{Fault, put_chain, row};
use crate::cert::Cert;
use crate::form::Form;
use crate::sign::{Hash, Scheme, md5_algorithm};
use crate::{chain, key};

/// The leaf under a root of its own, changed, and that root.
fn own_root(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    let root = change(Cert::ca("Own Root CA").key(key::p256(1))).self_signed();
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&root), root]);
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
    // Keys.
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
