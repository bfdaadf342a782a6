//! SM2 sets: base pair for encryption, sign pair for signatures.

use super::Base::Sm2;
use super::{Fault, put_chain, row};
use crate::cert::{Cert, Issued, bundle};
use crate::form::Form;
use crate::key::{self, Key};
use crate::name::{name, name_of};
use crate::sign::Scheme;
use crate::{chain, der, ext};

const BOTH: u16 = chain::SM2_SIGN_USAGE | chain::SM2_ENC_USAGE;

/// The set of these two, each under the sub CA.
pub(super) fn put_set(form: &mut Form, enc: Cert, sign: Cert) {
    let (ca, _) = chain::sm2_issuers();
    put_chain(form, &[enc.issued_by(&ca), ca.clone()]);
    *form = form.clone().signed_with(&[sign.issued_by(&ca), ca]);
}

pub(super) fn enc() -> Cert {
    chain::sm2_leaf(key::sm2_enc(), chain::SM2_ENC_USAGE)
}
pub(super) fn sign() -> Cert {
    chain::sm2_leaf(key::sm2_sign(), chain::SM2_SIGN_USAGE)
}
pub(super) fn usage(cert: Cert, usage: u16) -> Cert {
    cert.with(ext::key_usage(usage))
}

/// Of an ID that nobody knows: to who checks it, the same as a signature over something else.
fn under_another_id() -> Scheme {
    Scheme::Sm2(b"forge@example".to_vec())
}

pub(super) const ROWS: &[Fault] = &[
    row(Sm2, "pairs-swapped", |f| {
        std::mem::swap(&mut f.cert_content, &mut f.cert_content_sign);
        std::mem::swap(&mut f.private_key, &mut f.private_key_sign);
    }),
    row(Sm2, "pairs-swapped-one-without-key-usage", |f| put_set(f, sign(), enc().without(ext::KEY_USAGE))),
    row(Sm2, "certificates-swapped", |f| {
        std::mem::swap(&mut f.cert_content, &mut f.cert_content_sign);
    }),
    row(Sm2, "keys-crossed", |f| std::mem::swap(&mut f.private_key, &mut f.private_key_sign)),
    row(Sm2, "base-without-encryption-usage", |f| put_set(f, usage(enc(), chain::SM2_SIGN_USAGE), sign())),
    row(Sm2, "sign-without-signature-usage", |f| put_set(f, enc(), usage(sign(), chain::SM2_ENC_USAGE))),
    row(Sm2, "signed-under-two-ids", |f| put_set(f, enc().scheme(under_another_id()), sign())),
    row(Sm2, "both-signed-under-another-id", |f| {
        put_set(f, enc().scheme(under_another_id()), sign().scheme(under_another_id()));
    }),
    row(Sm2, "both-with-both-usages", |f| put_set(f, usage(enc(), BOTH), usage(sign(), BOTH))),
    row(Sm2, "without-key-usage", |f| {
        put_set(f, enc().without(ext::KEY_USAGE), sign().without(ext::KEY_USAGE))
    }),
    row(Sm2, "one-without-key-usage", |f| put_set(f, enc().without(ext::KEY_USAGE), sign())),
    row(Sm2, "same-certificate-in-both", |f| {
        let both = || usage(enc(), BOTH);
        put_set(f, both(), both());
    }),
    row(Sm2, "same-key-in-both", |f| put_set(f, enc(), sign().key(key::sm2_enc()))),
    row(Sm2, "other-subject", |f| {
        put_set(
            f,
            enc(),
            sign().subject(name(&[("C", "CN"), ("O", "Other Ltd"), ("CN", "gm.other.example")])),
        );
    }),
    row(Sm2, "subjects-of-other-string-types", |f| {
        let subject = [
            ("C", der::utf8("cn")),
            ("ST", der::bmp("广东省")),
            ("L", der::universal("深圳市")),
            ("O", der::bmp("锻造科技有限公司")),
            ("OU", der::bmp("运维部")),
            ("CN", der::printable("GM.forge.example")),
        ];
        put_set(f, enc(), sign().subject(name_of(subject)));
    }),
    row(Sm2, "other-issuer", |f| {
        let set = chain::sm2_under_p256();
        *f = f.clone().signed_with(&[set.sign, set.ca]);
    }),
    row(Sm2, "sign-pair-rsa", |f| {
        let plain = chain::plain(Key::Rsa(key::rsa2048(0).rsa()));
        *f = f.clone().signed_with(&[plain.leaf, plain.intermediate]);
    }),
    row(Sm2, "both-self-signed", |f| {
        let [enc, sign] = [enc(), sign()].map(Cert::self_signed);
        put_chain(f, std::slice::from_ref(&enc));
        *f = f.clone().signed_with(&[sign]);
    }),
    row(Sm2, "both-pairs-together", |f| {
        let (ca, _) = chain::sm2_issuers();
        let [enc, sign] = [enc(), sign()].map(|cert| cert.issued_by(&ca));
        f.private_key = Some(format!("{}{}", sign.key_pem(), enc.key_pem()));
        f.cert_content = Some(bundle(&[sign, enc, ca]));
        (f.cert_content_sign, f.private_key_sign) = (None, None);
    }),
    row(Sm2, "pairs-of-another-ca", |f| {
        let ca = Cert::ca("Another SM2 CA").key(key::sm2_ca()).self_signed();
        let sub = Cert::ca("Another SM2 Sub CA").key(key::sm2_ca()).issued_by(&ca);
        put_chain(f, &[enc().issued_by(&sub), sub.clone()]);
        *f = f.clone().signed_with(&[sign().issued_by(&sub), sub]);
    }),
    row(Sm2, "both-alone", |f| {
        let (ca, _) = chain::sm2_issuers();
        let [enc, sign]: [Issued; 2] = [enc().issued_by(&ca), sign().issued_by(&ca)];
        put_chain(f, &[enc]);
        *f = f.clone().signed_with(&[sign]);
    }),
];
