//! The leaf certificate.

use super::Base::{Ecc, Rsa, Sm2};
use super::pairs::{enc, put_set, sign};
use super::{Fault, put, put_chain, row};
use crate::cert::{Cert, Issued, time};
use crate::curve::octets;
use crate::der::{
    self, Length, Node, bmp, boolean, boolean_raw, ia5, int_raw, printable, seq, t61, universal, utf8,
};
use crate::ext::{self, Ext};
use crate::form::Form;
use crate::key::{self, Rsa as Parts};
use crate::name::{name, name_of};
use crate::sign::{Hash, Scheme, md5_algorithm, rsa_algorithm};
use crate::{chain, der::oid};
use num_bigint::BigInt;

/// The RSA leaf, changed before it is signed.
pub(super) fn leaf(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    put(form, change(chain::plain_leaf(key::rsa2048(0))));
}

/// The RSA leaf under its issuer, after surgery on the TBSCertificate. Its children: 0 version, 1 serialNumber, 2 signature,
/// 3 issuer, 4 validity, 5 subject, 6 subjectPublicKeyInfo, 7 extensions.
fn tbs(form: &mut Form, surgery: impl FnOnce(&mut Node)) {
    let (intermediate, _) = chain::plain_issuers();
    let leaf = chain::plain_leaf(key::rsa2048(0)).issued_after(&intermediate, surgery);
    put_chain(form, &[leaf, intermediate]);
}

/// The finished RSA leaf, changed. Its children: 0 tbsCertificate, 1 signatureAlgorithm, 2 signature.
fn whole(form: &mut Form, surgery: impl FnOnce(&mut Node)) {
    changed(form, |leaf| leaf.operated(surgery));
}
fn changed(form: &mut Form, change: impl FnOnce(Issued) -> Issued) {
    let plain = chain::plain(key::rsa2048(0));
    put_chain(form, &[change(plain.leaf), plain.intermediate]);
}

pub(super) fn san(form: &mut Form, names: impl IntoIterator<Item = Node>) {
    leaf(form, |c| c.with(ext::san(names)));
}

pub(super) fn subject(form: &mut Form, common_name: Node) {
    leaf(form, |c| c.subject(name_of([("O", utf8("Forge Ltd")), ("CN", common_name)])));
}

pub(super) fn validity(form: &mut Form, not_before: &str, not_after: &str) {
    leaf(form, |c| c.not_before(not_before).not_after(not_after));
}

/// The RSA leaf with another public key than the private key's.
fn modulus(form: &mut Form, change: fn(Parts) -> Parts) {
    let parts = change(key::rsa2048(0).rsa());
    leaf(form, |c| c.spki(parts.spki()));
}

/// The P-256 leaf with these octets as its point.
fn point(form: &mut Form, octets: impl FnOnce(&key::Ec) -> Vec<u8>) {
    let ec = key::p256(0).ec();
    let spki = key::spki(ec.algorithm(), &octets(&ec));
    put(form, chain::plain_leaf(key::p256(0)).spki(spki));
}

/// The set's certificates with SM2-SM3 written with NULL parameters.
fn sm2_null(form: &mut Form) {
    let (ca, _) = chain::sm2_issuers();
    let make = |key, usage| {
        let leaf = chain::sm2_leaf(key, usage).algorithms(chain::sm2_with_null(), chain::sm2_with_null());
        [leaf.issued_by(&ca), ca.clone()]
    };
    put_chain(form, &make(key::sm2_enc(), chain::SM2_ENC_USAGE));
    *form = form.clone().signed_with(&make(key::sm2_sign(), chain::SM2_SIGN_USAGE));
}

/// The intermediate changed, the leaf under it.
fn intermediate(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    let (intermediate, root) = chain::plain_issuers();
    let intermediate = change(intermediate.cert).issued_by(&root);
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&intermediate), intermediate]);
}

pub(super) const ROWS: &[Fault] = &[
    // Structure.
    row(Rsa, "cert-trailing-byte", |f| changed(f, |c| c.trailing(&[0]))),
    row(Rsa, "cert-indefinite-length", |f| whole(f, |c| c.length = Length::Indefinite)),
    row(Rsa, "cert-indefinite-inside", |f| tbs(f, |t| t.at(&[5]).length = Length::Indefinite)),
    row(Rsa, "cert-padded-length", |f| whole(f, |c| c.length = Length::Padded(1))),
    row(Rsa, "cert-padded-length-inside", |f| tbs(f, |t| t.at(&[7, 0, 3]).length = Length::Padded(1))),
    row(Rsa, "cert-length-too-large", |f| whole(f, |c| c.length = Length::Claim(60_000))),
    row(Rsa, "cert-truncated-der", |f| changed(f, |c| Issued { der: c.der[..400].to_vec(), ..c })),
    row(Rsa, "cert-not-der", |f| changed(f, |c| Issued { der: vec![0xff; 300], ..c })),
    row(Rsa, "duplicate-extension", |f| leaf(f, |c| c.with_another(ext::san_dns(&["b.example"])))),
    row(Rsa, "algorithms-differ", |f| {
        leaf(f, |c| c.algorithms(rsa_algorithm(Hash::Sha256), rsa_algorithm(Hash::Sha384)));
    }),
    row(Rsa, "algorithms-differ-and-duplicate-extension", |f| {
        leaf(f, |c| {
            let doubled = c.with_another(ext::san_dns(&["b.example"]));
            doubled.algorithms(rsa_algorithm(Hash::Sha256), rsa_algorithm(Hash::Sha384))
        })
    }),
    row(Rsa, "version-1-with-extensions", |f| leaf(f, |c| c.version(None))),
    row(Rsa, "version-4", |f| leaf(f, |c| c.version(Some(3)))),
    row(Rsa, "not-before-after-not-after", |f| validity(f, "350101000000Z", "250101000000Z")),
    row(Rsa, "february-30", |f| validity(f, "250230000000Z", "350101000000Z")),
    row(Rsa, "second-60", |f| validity(f, "250101000060Z", "350101000000Z")),
    row(Rsa, "time-without-z", |f| validity(f, "250101000000", "350101000000Z")),
    row(Rsa, "empty-serial", |f| leaf(f, |c| c.serial([]))),
    // Names.
    row(Rsa, "nul-in-common-name", |f| subject(f, utf8("www.example.com\0.evil.example"))),
    row(Rsa, "nul-in-san", |f| san(f, [ext::dns("www.example.com\0.evil.example")])),
    row(Rsa, "san-empty", |f| san(f, [])),
    row(Rsa, "san-empty-dns", |f| san(f, [ext::dns(""), ext::dns("www.forge.example")])),
    row(Rsa, "san-bytes-after", |f| {
        leaf(f, |c| c.with(ext::san_dns(&["www.forge.example"]).trailing(&[5, 0])));
    }),
    row(Rsa, "san-ip-of-5", |f| san(f, [ext::ip_raw(&[10, 0, 0, 1, 2])])),
    row(Rsa, "san-ip-of-8", |f| san(f, [ext::ip_raw(&[10, 0, 0, 0, 255, 0, 0, 0])])),
    row(Rsa, "host-above-the-wildcard", |f| san(f, [ext::dns("*.forge.example")])),
    row(Rsa, "host-of-another-name", |f| {
        san(f, [ext::dns("www.forge.example"), ext::ip_raw(&[192, 0, 2, 1])])
    }),
    row(Rsa, "not-utf8", |f| subject(f, utf8(b"\xb9\xe3\xb6\xab\xca\xa1"))),
    row(Rsa, "unknown-critical-extension", |f| leaf(f, |c| c.with(ext::unknown().critical()))),
    row(Rsa, "precertificate", |f| leaf(f, |c| c.with(ext::poison()))),
    // Public keys that are none.
    row(Ecc, "point-off-curve", |f| {
        point(f, |ec| [&[4], [7; 64].as_slice()].concat()[..=ec.curve.size * 2].to_vec())
    }),
    row(Ecc, "point-at-infinity", |f| point(f, |_| vec![0])),
    row(Ecc, "point-coordinate-too-large", |f| {
        point(f, |ec| [vec![4], octets(&(ec.curve.p() + 1u8), 32), vec![0; 32]].concat());
    }),
    row(Ecc, "point-hybrid", |f| point(f, |ec| ec.curve.hybrid(&ec.point))),
    row(Rsa, "modulus-even", |f| modulus(f, |k| Parts { n: k.n - 1, ..k })),
    row(Rsa, "modulus-zero", |f| modulus(f, |k| Parts { n: BigInt::ZERO, ..k })),
    row(Rsa, "modulus-negative", |f| modulus(f, |k| Parts { n: -k.n, ..k })),
    row(Rsa, "exponent-zero", |f| modulus(f, |k| Parts { e: BigInt::ZERO, ..k })),
    row(Rsa, "exponent-1", |f| modulus(f, |k| Parts { e: BigInt::from(1), ..k })),
    row(Rsa, "exponent-even", |f| modulus(f, |k| Parts { e: BigInt::from(65536), ..k })),
    // Encodings that clients bear.
    row(Rsa, "serial-negative", |f| leaf(f, |c| c.serial([0x85, 1]))),
    row(Rsa, "serial-zero", |f| leaf(f, |c| c.serial([0]))),
    row(Rsa, "serial-of-21", |f| leaf(f, |c| c.serial([0x55; 21]))),
    row(Rsa, "serial-of-20", |f| leaf(f, |c| c.serial([0x55; 20]))),
    row(Rsa, "boolean-01", |f| {
        leaf(f, |c| c.with(ext::basic_constraints(false, None).critical_node(boolean_raw(1))));
    }),
    row(Rsa, "default-critical-false", |f| {
        leaf(f, |c| c.with(ext::san_dns(&["www.forge.example"]).critical_node(boolean(false))));
    }),
    row(Rsa, "default-ca-false", |f| {
        leaf(f, |c| c.with(Ext::new(ext::BASIC_CONSTRAINTS, seq([boolean(false)])).critical()));
    }),
    row(Rsa, "utc-time-without-seconds", |f| validity(f, "2501010000Z", "350101000000Z")),
    row(Rsa, "utc-time-offset", |f| {
        leaf(f, |c| c.validity(der::utc_time("250101080000+0800"), time("350101000000Z")));
    }),
    row(Rsa, "fraction-seconds", |f| validity(f, "20250101000000.5Z", "350101000000Z")),
    row(Rsa, "generalized-time-before-2050", |f| validity(f, "250101000000Z", "20350101000000Z")),
    row(Rsa, "spki-without-null", |f| {
        let public = key::rsa2048(0).rsa().public().encode();
        leaf(f, |c| c.spki(key::spki(Parts::algorithm_without_null(), &public)));
    }),
    row(Rsa, "signature-without-null", |f| {
        let bare = seq([oid("1.2.840.113549.1.1.11")]);
        leaf(f, |c| c.algorithms(bare.clone(), bare));
    }),
    row(Sm2, "sm2-sm3-with-null", sm2_null),
    row(Rsa, "control-character", |f| subject(f, utf8("www.forge\x07.example"))),
    row(Rsa, "escape-sequence", |f| subject(f, utf8("\x1b[31mwww.forge.example"))),
    row(Rsa, "bidi-override", |f| subject(f, utf8("www.\u{202e}elpmaxe"))),
    row(Rsa, "san-not-ascii", |f| san(f, [ext::dns("www.例子.example")])),
    row(Rsa, "t61-string", |f| subject(f, t61(b"Z\xfcrich"))),
    row(Rsa, "printable-string-underscore", |f| subject(f, printable("my_host"))),
    row(Rsa, "numeric-string-letter", |f| subject(f, Node::prim(0x12, b"12a"))),
    row(Rsa, "ia5-string-latin1", |f| subject(f, ia5(b"Z\xfcrich"))),
    row(Rsa, "visible-string-latin1", |f| subject(f, Node::prim(0x1A, b"Z\xfcrich"))),
    row(Rsa, "bmp-string-lone-surrogate", |f| subject(f, Node::prim(0x1E, b"\0w\xd8\0\0w"))),
    row(Rsa, "universal-string-too-large", |f| subject(f, Node::prim(0x1C, b"\0\x11\0\0"))),
    row(Rsa, "common-name-integer", |f| subject(f, der::small(7))),
    row(Rsa, "common-name-visible-string", |f| subject(f, Node::prim(0x1A, b"www.forge.example"))),
    row(Rsa, "common-name-general-string", |f| subject(f, Node::prim(0x1B, b"www.forge.example"))),
    row(Rsa, "unknown-attribute-visible-string", |f| {
        let value = Node::prim(0x1A, b"7");
        leaf(f, |c| c.subject(name_of([("1.3.6.1.4.1.99999.1", value), ("CN", utf8("www.forge.example"))])));
    }),
    row(Rsa, "wildcard-partial", |f| san(f, [ext::dns("w*.forge.example")])),
    row(Rsa, "wildcard-double", |f| san(f, [ext::dns("*.*.forge.example")])),
    row(Rsa, "wildcard-inside", |f| san(f, [ext::dns("www.*.forge.example")])),
    row(Rsa, "dns-name-url", |f| san(f, [ext::dns("https://www.forge.example")])),
    row(Rsa, "dns-name-address", |f| san(f, [ext::dns("192.0.2.1")])),
    row(Rsa, "wildcard-alone", |f| san(f, [ext::dns("*")])),
    // Fine, if unusual.
    row(Rsa, "bmp-string", |f| subject(f, bmp("锻造有限公司"))),
    row(Rsa, "universal-string", |f| subject(f, universal("锻造有限公司"))),
    row(Rsa, "printable-string", |f| subject(f, printable("www.forge.example"))),
    row(Rsa, "printable-string-wildcard", |f| subject(f, printable("*.forge.example"))),
    row(Rsa, "numeric-string", |f| subject(f, Node::prim(0x12, b"12 34"))),
    row(Rsa, "ia5-string-underscore", |f| subject(f, ia5(b"my_host"))),
    row(Rsa, "bmp-string-surrogate-pair", |f| subject(f, bmp("a\u{20000}"))),
    row(Rsa, "utc-year-50-is-1950", |f| validity(f, "500101000000Z", "350101000000Z")),
    row(Rsa, "issuer-year-9999", |f| intermediate(f, |c| c.not_after("99991231235959Z"))),
    row(Rsa, "5000-sans", |f| san(f, (0..5000).map(|i| ext::dns(format!("h{i}.forge.example"))))),
    row(Rsa, "empty-subject-critical-san", |f| {
        leaf(f, |c| c.subject(name(&[])).with(ext::san_dns(&["www.forge.example"]).critical()));
    }),
    row(Rsa, "san-ip-only", |f| san(f, [ext::ip("192.0.2.1"), ext::ip("2001:db8::1")])),
    row(Rsa, "san-all-kinds", |f| {
        let names = [
            ext::dns("www.forge.example"),
            ext::email("a@forge.example"),
            ext::uri("https://forge.example/"),
            ext::directory(name(&[("CN", "forge")])),
            ext::other_name("a@forge.example"),
            ext::registered_id("1.2.3.4"),
        ];
        san(f, names);
    }),
    row(Rsa, "critical-known-extensions", |f| {
        leaf(f, |c| c.with(ext::policies(&["2.23.140.1.2.2"]).critical()).with(ext::inhibit_any_policy(0)));
    }),
    row(Rsa, "san-absent", |f| leaf(f, |c| c.without(ext::SAN))),
    row(Rsa, "san-absent-excepted", |f| leaf(f, |c| c.without(ext::SAN))),
    row(Rsa, "san-absent-exception-ended", |f| leaf(f, |c| c.without(ext::SAN))),
    row(Ecc, "ecc-san-absent", |f| put(f, chain::plain_leaf(key::p256(0)).without(ext::SAN))),
    row(Sm2, "sm2-san-absent", |f| put_set(f, enc().without(ext::SAN), sign().without(ext::SAN))),
    // Times.
    row(Rsa, "expired", |f| validity(f, "240101000000Z", "260531235959Z")),
    row(Rsa, "not-yet-valid", |f| validity(f, "260602000000Z", "350101000000Z")),
    row(Rsa, "after-2038", |f| validity(f, "250101000000Z", "380119031408Z")),
    row(Rsa, "until-2038", |f| validity(f, "250101000000Z", "380119031407Z")),
    row(Rsa, "issuer-after-2038", |f| intermediate(f, |c| c.not_after("450101000000Z"))),
    row(Rsa, "close-to-its-end", |f| validity(f, "260401000000Z", "260630000000Z")),
    row(Rsa, "two-fifths-left", |f| validity(f, "260510000000Z", "260616000000Z")),
    // What clients will say.
    row(Rsa, "without-server-auth", |f| leaf(f, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH])))),
    row(Rsa, "for-any-purpose", |f| leaf(f, |c| c.with(ext::ext_key_usage(&["2.5.29.37.0"])))),
    row(Rsa, "usage-of-a-ca", |f| {
        leaf(f, |c| c.with(ext::key_usage(ext::KEY_CERT_SIGN | ext::CRL_SIGN)));
    }),
    row(Rsa, "usage-empty", |f| leaf(f, |c| c.with(ext::key_usage(0)))),
    row(Ecc, "usage-key-agreement-only", |f| {
        put(f, chain::plain_leaf(key::p256(0)).with(ext::key_usage(ext::KEY_AGREEMENT)));
    }),
    row(Rsa, "usage-key-encipherment-only", |f| {
        leaf(f, |c| c.with(ext::key_usage(ext::KEY_ENCIPHERMENT)));
    }),
    row(Rsa, "usage-absent", |f| leaf(f, |c| c.without(ext::KEY_USAGE))),
    row(Rsa, "sha1-signature", |f| leaf(f, |c| c.scheme(Scheme::Rsa(Hash::Sha1)))),
    row(Rsa, "md5-signature", |f| leaf(f, |c| c.scheme(Scheme::Garbage(md5_algorithm())))),
    row(Rsa, "ca-as-leaf", |f| {
        leaf(f, |c| {
            c.with(ext::basic_constraints(true, Some(0)))
                .with(ext::key_usage(ext::KEY_CERT_SIGN | ext::DIGITAL_SIGNATURE))
        });
    }),
    row(Rsa, "version-1", |f| leaf(f, |c| c.version(None).without_extensions())),
    row(Sm2, "sm2-version-1", |f| put_set(f, enc().version(None).without_extensions(), sign())),
    row(Sm2, "sm2-version-2", |f| {
        let old = Cert { issuer_uid: Some(vec![1]), ..enc().version(Some(1)).without_extensions() };
        put_set(f, old, sign());
    }),
    row(Rsa, "year-9999", |f| validity(f, "250101000000Z", "99991231235959Z")),
    row(Rsa, "self-signed", |f| put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).self_signed()])),
    // What some programs refuse, and the API does not.
    row(Rsa, "must-staple", |f| leaf(f, |c| c.with(ext::must_staple()))),
    row(Rsa, "policy-twice", |f| leaf(f, |c| c.with(ext::policies(&["2.23.140.1.2.2", "2.23.140.1.2.2"])))),
    row(Rsa, "san-uri-not-a-uri", |f| san(f, [ext::dns("www.forge.example"), ext::uri("http://[::1")])),
    row(Rsa, "unique-ids", |f| {
        leaf(f, |c| Cert { issuer_uid: Some(vec![1]), subject_uid: Some(vec![2]), ..c });
    }),
    row(Rsa, "positive-serial-with-zero-octet", |f| {
        leaf(f, |c| Cert { serial: Some(int_raw([0, 0x95, 1])), ..c });
    }),
];
