//! Forms that are near a fault and right: a fault with the one thing undone, or what looks like it and is not. In the order of the codes of the
//! rules whose neighbours they are.

use super::Base::{Ecc, Rsa, Sm2};
use super::chains::{client_ca, intermediate, plain, roots};
use super::keys::{lambda, numbers, pkcs8, rsa_lie};
use super::leaf::{leaf, san, subject, validity};
use super::pairs::{enc, put_set, sign, usage};
use super::text::ec_parameters;
use super::{Fault, on_cert, on_key, put, put_chain, put_key, row};
use crate::cert::Cert;
use crate::der::{self, oid, utf8};
use crate::form::Form;
use crate::key::{self, Pkcs8, Rsa as Parts};
use crate::name::name_of;
use crate::sign::{Hash, Scheme, rsa_algorithm};
use crate::{chain, ext, pem};
use num_bigint::BigInt;

/// The certificates below these lines of text.
fn below(form: &mut Form, lines: &str) {
    on_cert(form, |text| format!("{lines}\n{text}"));
}
/// The private key below these lines of text.
fn key_below(form: &mut Form, lines: &str) {
    on_key(form, |text| format!("{lines}\n{text}"));
}

/// The RSA chain with a leaf whose length leaves this remainder when divided by three: 1 makes `==` of the end of its base64, 2 makes `=`.
fn padded(form: &mut Form, remainder: usize) {
    let (intermediate, _) = chain::plain_issuers();
    let leaf = |more| {
        let common_name = utf8(format!("www{}.forge.example", "w".repeat(more)));
        let leaf = chain::plain_leaf(key::rsa2048(0)).subject(name_of([("CN", common_name)]));
        leaf.issued_by(&intermediate)
    };
    let leaf = (0..3).map(leaf).find(|leaf| leaf.der.len() % 3 == remainder).unwrap();
    put_chain(form, &[leaf, intermediate]);
}

/// The keys of the SM2 set, the second or both of them as SEC1.
fn sm2_sec1(form: &mut Form, both: bool) {
    if both {
        form.private_key = Some(key::sm2_enc().traditional_pem());
    }
    form.private_key_sign = Some(key::sm2_sign().traditional_pem());
}

pub(super) const ROWS: &[Fault] = &[
    // The leaf certificate.
    row(Rsa, "basic-constraints-absent", |f| leaf(f, |c| c.without(ext::BASIC_CONSTRAINTS))),
    row(Rsa, "length-127-and-128", |f| {
        let uri = |length: usize| ext::uri(&format!("https://forge.example/{}", "x".repeat(length - 22)));
        san(f, [ext::dns("www.forge.example"), uri(127), uri(128)]);
    }),
    row(Rsa, "san-punycode", |f| san(f, [ext::dns("www.xn--fsqu00a.example")])),
    row(Rsa, "dns-name-like-an-address", |f| {
        san(f, [ext::dns("192-0-2-1.forge.example"), ext::dns("https.forge.example")]);
    }),
    row(Rsa, "two-names-in-one-extension", |f| {
        san(f, [ext::dns("www.forge.example"), ext::dns("b.example")])
    }),
    row(Rsa, "wildcard-and-its-parent", |f| san(f, [ext::dns("*.forge.example"), ext::dns("forge.example")])),
    row(Rsa, "expired-long-ago", |f| validity(f, "090101000000Z", "100101000000Z")),
    row(Ecc, "spki-compressed-p384", |f| {
        let ec = key::p384(0).ec();
        put(f, chain::plain_leaf(key::p384(0)).spki(ec.spki_compressed()));
    }),
    row(Ecc, "kind-p256", |f| put_key(f, key::p256(2))),
    row(Rsa, "subject-right-to-left", |f| subject(f, utf8("שלום עולם"))),
    row(Rsa, "subject-with-backslash-and-zero", |f| subject(f, utf8("www.example.com\\0.forge.example"))),
    row(Rsa, "utf8-string-umlaut", |f| subject(f, utf8("Zürich"))),
    row(Rsa, "for-servers-alone", |f| leaf(f, |c| c.with(ext::ext_key_usage(&[ext::SERVER_AUTH])))),
    row(Rsa, "precertificate-made-final", |f| leaf(f, |c| c.with(ext::sct_list(2)))),
    row(Rsa, "rsa-e-3-made-65537", |f| numbers(f, key::rsa2048e3().rsa(), 65537)),
    row(Rsa, "rsa-of-2048", |f| put_key(f, key::rsa2048(1))),
    row(Rsa, "san-of-the-common-name", |f| san(f, [ext::dns("www.forge.example")])),
    row(Rsa, "self-issued", |f| {
        let leaf = chain::plain_leaf(key::rsa2048(0));
        let ca = Cert::ca("x").subject(leaf.subject.clone()).key(key::p256(1));
        let ca = ca.issued_by(&chain::plain_issuers().1);
        put_chain(f, &[leaf.issued_by(&ca), ca]);
    }),
    row(Rsa, "algorithms-both-sha384", |f| {
        leaf(f, |c| {
            c.scheme(Scheme::Rsa(Hash::Sha384))
                .algorithms(rsa_algorithm(Hash::Sha384), rsa_algorithm(Hash::Sha384))
        });
    }),
    row(Rsa, "cert-ends-in-zero", |f| {
        let (intermediate, _) = chain::plain_issuers();
        let ends = |serial: u16| {
            let leaf = chain::plain_leaf(key::rsa2048(0)).serial([&[1], &serial.to_be_bytes()[..]].concat());
            leaf.issued_by(&intermediate)
        };
        let leaf = ends(SERIAL_THAT_ENDS_IN_ZERO);
        assert!(leaf.der.ends_with(&[0]), "look for another serial number");
        put_chain(f, &[leaf, intermediate]);
    }),
    row(Rsa, "version-3-with-san-alone", |f| {
        leaf(f, |c| c.without_extensions().with(ext::san_dns(&["www.forge.example"])));
    }),
    row(Rsa, "unknown-extension", |f| leaf(f, |c| c.with(ext::unknown()))),
    row(Rsa, "validity-of-a-moment", |f| validity(f, "260601000000Z", "260601000000Z")),
    row(Rsa, "wildcard-first-label", |f| san(f, [ext::dns("*.forge.example")])),
    // Chains.
    row(Rsa, "issuer-renewed", |f| {
        let [leaf, intermediate, root] = plain();
        let renewed = intermediate.cert.clone().not_before("260101000000Z").issued_by(&root);
        put_chain(f, &[leaf, intermediate, renewed]);
    }),
    row(Rsa, "issuer-on-its-last-day", |f| intermediate(f, |c| c.not_after("260601235959Z"))),
    row(Rsa, "issuer-from-today", |f| intermediate(f, |c| c.not_before("260601000000Z"))),
    row(Rsa, "constraints-many", |f| {
        let (_, root) = chain::plain_issuers();
        let names = |prefix: &str| (0..1000).map(|i| ext::dns(format!("{prefix}{i}.example"))).collect();
        let ca = Cert::ca("Strict CA")
            .key(key::rsa2048(2))
            .with(ext::name_constraints(Vec::new(), names("x")))
            .issued_by(&root);
        let san: Vec<_> = names("h");
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(san)).issued_by(&ca), ca]);
    }),
    row(Rsa, "path-length-reached", |f| {
        let [_, intermediate, root] = plain();
        let intermediate = intermediate.cert.with(ext::basic_constraints(true, Some(1))).issued_by(&root);
        let sub = Cert::ca("Sub Sub CA").key(key::p256(1)).issued_by(&intermediate);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&sub), sub, intermediate]);
    }),
    // Names and fields.
    row(Rsa, "content-at-the-limit", |f| on_cert(f, |t| pem::rewrapped(t, 50))),
    row(Rsa, "name-as-instance-id", |f| *f = f.clone().instance("forge_test")),
    row(Rsa, "instance-id-of-digits", |f| *f = f.clone().instance("1234")),
    row(Rsa, "instance-id-of-hex", |f| *f = f.clone().instance("eddc4d25480b4cd6b512f270a1b8b341")),
    row(Sm2, "all-fields", |f| *f = f.clone().instance("gw-1").trusting(&[client_ca().self_signed()])),
    row(Rsa, "name-digit-second", |f| f.name = Some("a1bc".to_owned())),
    row(Sm2, "sm2-for-a-gateway", |f| *f = f.clone().instance("gw-1")),
    // Keys.
    row(Ecc, "ec-parameters-after-key", |f| {
        f.private_key = Some(key::p256(0).traditional_pem() + &ec_parameters());
    }),
    row(Ecc, "ec-parameters-twice-before-key", |f| {
        let parameters = ec_parameters();
        f.private_key = Some(parameters.clone() + &parameters + &key::p256(0).traditional_pem());
    }),
    row(Rsa, "proc-type-clear", |f| on_key(f, |t| t.replacen("\n", "\nProc-Type: 4,MIC-CLEAR\n\n", 1))),
    row(Ecc, "pkcs8-inner-curve-p384", |f| {
        put_key(f, key::p384(0));
        let ec = key::p384(0).ec();
        f.private_key = Some(Pkcs8 { key: ec.sec1().node().encode(), ..ec.pkcs8() }.pem());
    }),
    row(Rsa, "cert-with-printed-public-key", |f| {
        below(f, "Public-Key: (2048 bit)\nModulus:\n    00:b3:1f:0c\nExponent: 65537 (0x10001)");
    }),
    row(Ecc, "pkcs8-attributes-p384", |f| {
        put_key(f, key::p384(0));
        let usage = der::seq([oid("2.5.29.15"), der::set([der::bits_raw(7, &[0x80])])]);
        let key = Pkcs8 { attributes: Some(der::ctx(0, [usage])), ..key::p384(0).ec().pkcs8() };
        f.private_key = Some(key.pem());
    }),
    row(Ecc, "sec1-p384", |f| {
        put_key(f, key::p384(0));
        f.private_key = Some(key::p384(0).traditional_pem());
    }),
    row(Rsa, "rsa-pkcs8-attributes", |f| {
        let usage = der::seq([oid("2.5.29.15"), der::set([der::bits_raw(7, &[0x80])])]);
        let key = Pkcs8 { attributes: Some(der::ctx(0, [usage])), ..key::rsa2048(0).rsa().pkcs8() };
        f.private_key = Some(key.pem());
    }),
    row(Rsa, "two-primes-in-pkcs1", |f| {
        put_key(f, key::rsa2048(1));
        f.private_key = Some(key::rsa2048(1).traditional_pem());
    }),
    row(Ecc, "key-length-in-two-octets", |f| {
        let comment = der::seq([oid("1.3.6.1.4.1.99999.1"), der::set([der::octets([7; 200])])]);
        pkcs8(f, |_, p| Pkcs8 { attributes: Some(der::ctx(0, [comment])), ..p });
    }),
    row(Rsa, "other-rsa-key-with-e-65537", |f| {
        let parts = Parts { e: BigInt::from(65537), ..key::rsa2048e3().rsa() };
        f.private_key = Some(key::Key::from(parts.complete()).pem());
    }),
    row(Rsa, "blank-lines-after-key", |f| on_key(f, |t| t.to_owned() + "\n\n")),
    row(Rsa, "rsa-primes-exchanged-and-completed", |f| {
        rsa_lie(f, |v, _| Parts { p: v.q.clone(), q: v.p.clone(), ..v }.complete());
    }),
    row(Rsa, "rsa-d-beyond-lambda", |f| {
        rsa_lie(f, |v, _| Parts { d: &v.d % lambda(&v) + lambda(&v), ..v });
    }),
    row(Rsa, "rsa-e-of-31-bits", |f| numbers(f, key::rsa2048(0).rsa(), 2_147_483_647)),
    row(Rsa, "issuer-with-e-3", |f| intermediate(f, |c| c.key(key::rsa2048e3()))),
    row(Ecc, "issuer-with-compressed-point", |f| {
        let (_, root) = chain::plain_issuers();
        let ca = Cert::ca("Compressed CA").key(key::p256(1)).spki(key::p256(1).ec().spki_compressed());
        let ca = ca.issued_by(&root);
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&ca), ca]);
    }),
    row(Rsa, "rsa-e-65539", |f| numbers(f, key::rsa2048(0).rsa(), 65539)),
    row(Ecc, "other-p256-key-on-both-sides", |f| put_key(f, key::p256(1))),
    // What tools print, above the certificate or key that was asked for.
    row(Rsa, "below-words-of-a-crl", |f| below(f, "X509 CRL: http://crl.forge.example/tls1.crl")),
    row(Rsa, "below-words-of-a-keystore", |f| {
        below(f, "Keystore type: JKS\nAlias name: tls\nEntry type: trustedCertEntry");
    }),
    row(Rsa, "below-words-of-openssh", |f| key_below(f, "exported with ssh-keygen -p -m PEM, was OPENSSH")),
    row(Rsa, "below-json", |f| below(f, "{\"certificate\": 1}")),
    row(Rsa, "below-a-path", |f| key_below(f, "==> /etc/ssl/private/tls.key <==")),
    row(Rsa, "below-words-of-pgp", |f| key_below(f, "Signed with PGP key 0x1234")),
    row(Rsa, "below-words-of-pkcs12", |f| {
        below(f, "MAC: sha256, Iteration 2048\nMAC length: 32, salt length: 8\nPKCS7 Data");
    }),
    row(Rsa, "below-words-of-pkcs7", |f| {
        below(f, "subject=CN = www.forge.example\n\nissuer=CN = Forge TLS CA 1\n");
    }),
    row(Rsa, "below-words-of-a-public-key", |f| key_below(f, "writing RSA key, not the public key")),
    row(Rsa, "below-words-of-putty", |f| key_below(f, "exported by PuTTY key generator as OpenSSL key")),
    row(Rsa, "below-words-of-a-request", |f| {
        below(f, "Certificate request self-signature ok\nsubject=CN = www.forge.example");
    }),
    row(Rsa, "below-a-url", |f| below(f, "https://ca.forge.example/tls1.crt")),
    // Text and PEM.
    row(Rsa, "below-words-of-a-certificate", |f| key_below(f, "certificate: see cert_content")),
    row(Ecc, "ec-parameters-before-certificate", |f| on_cert(f, |t| ec_parameters() + t)),
    row(Rsa, "nbsp-above", |f| below(f, "forge\u{a0}example")),
    row(Rsa, "below-numbered-lines", |f| below(f, "1: subject\n2: issuer\n3: serial number")),
    row(Rsa, "below-a-page-number", |f| below(f, "Page 3 of 7")),
    // Lines of zeros, which are alike and belong there.
    row(Rsa, "lines-alike", |f| {
        let zeros = ext::Ext::raw("1.3.6.1.4.1.55555.7", vec![0; 200]);
        *f = crate::form::of_leaf("RSA", chain::plain_leaf(key::rsa2048(0)).with(zeros));
    }),
    row(Rsa, "key-one-line-body", |f| on_key(f, |t| pem::rewrapped(t, 1 << 20))),
    row(Rsa, "key-lines-of-76", |f| on_key(f, |t| pem::rewrapped(t, 76))),
    row(Rsa, "blank-lines-between", |f| on_cert(f, |t| t.replace("-----\n-----", "-----\n\n\n-----"))),
    row(Rsa, "han-above", |f| below(f, "证书")),
    row(Rsa, "certificate-file-in-pem", |f| {
        // Another row may have taken the field away.
        if let Some(text) = f.cert_content.take() {
            f.files.insert("cert_content", text.into_bytes());
        }
    }),
    row(Rsa, "blank-lines-above", |f| on_cert(f, |t| "\n\n".to_owned() + t)),
    row(Ecc, "ec-parameters-before-p384-key", |f| {
        put_key(f, key::p384(0));
        let parameters = pem::encode("EC PARAMETERS", &oid(key::p384(0).ec().curve.oid).encode());
        f.private_key = Some(parameters + &key::p384(0).traditional_pem());
    }),
    row(Rsa, "below-backslash-n", |f| below(f, "from C:\\new\\tls.crt")),
    row(Rsa, "header-above", |f| below(f, "Comment: web server\n")),
    row(Rsa, "below-words-of-a-label", |f| below(f, "TRUSTED CERTIFICATE of www.forge.example")),
    row(Rsa, "below-a-line-of-hyphens", |f| below(f, "----------------")),
    row(Rsa, "below-indented-text", |f| below(f, "    subject: www.forge.example")),
    row(Rsa, "above-words-of-an-end", |f| on_cert(f, |t| t.to_owned() + "END OF FILE\n")),
    row(Rsa, "two-characters-of-padding", |f| padded(f, 1)),
    row(Rsa, "one-character-of-padding", |f| padded(f, 2)),
    row(Rsa, "below-quoted-text", |f| below(f, "the \"forge\" certificate")),
    row(Rsa, "spaces-around", |f| on_cert(f, |t| format!(" \t\n{t}  \n\t\n"))),
    row(Rsa, "label-of-the-key-above", |f| below(f, "goes with the PRIVATE KEY of www.forge.example")),
    // Trusted roots.
    row(Rsa, "trusted-roots-two", |f| {
        roots(f, &[client_ca().self_signed(), Cert::ca("Other Root CA").key(key::p256(2)).self_signed()]);
    }),
    row(Rsa, "trusted-root-on-its-last-day", |f| {
        roots(f, &[client_ca().not_after("260601235959Z").self_signed()]);
    }),
    row(Rsa, "trusted-root-from-today", |f| {
        roots(f, &[client_ca().not_before("260601000000Z").self_signed()]);
    }),
    row(Rsa, "trusted-root-with-path-length", |f| {
        roots(f, &[client_ca().with(ext::basic_constraints(true, Some(0))).self_signed()]);
    }),
    row(Rsa, "trusted-root-without-key-usage", |f| {
        roots(f, &[client_ca().without(ext::KEY_USAGE).self_signed()]);
    }),
    row(Rsa, "trusted-root-of-another-gateway", |f| {
        *f = f.clone().instance("gw-2").trusting(&[client_ca().self_signed()]);
    }),
    // SM2 sets.
    row(Sm2, "sm2-both-keys-sec1", |f| sm2_sec1(f, true)),
    row(Sm2, "sm2-sign-key-sec1", |f| sm2_sec1(f, false)),
    row(Sm2, "sm2-sign-renewed", |f| put_set(f, enc(), sign().not_before("260101000000Z"))),
    row(Sm2, "sm2-key-agreement-alone", |f| put_set(f, usage(enc(), ext::KEY_AGREEMENT), sign())),
    row(Sm2, "sm2-fewer-usages", |f| {
        let enciphers = ext::KEY_ENCIPHERMENT | ext::DATA_ENCIPHERMENT;
        put_set(f, usage(enc(), enciphers), usage(sign(), ext::DIGITAL_SIGNATURE));
    }),
    row(Sm2, "sm2-one-usage-each", |f| {
        put_set(f, usage(enc(), ext::KEY_ENCIPHERMENT), usage(sign(), ext::DIGITAL_SIGNATURE));
    }),
];

/// A serial number with which the signature ends in a zero octet.
const SERIAL_THAT_ENDS_IN_ZERO: u16 = 261;
