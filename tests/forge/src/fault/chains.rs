//! Chains and trusted roots.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, put_chain, row};
use crate::cert::{Cert, Issued, bundle};
use crate::der::{oid, seq};
use crate::ext;
use crate::form::Form;
use crate::name::name;
use crate::sign::{Hash, Scheme, rsa_algorithm};
use crate::{chain, key};

/// Leaf, intermediate and root of the plain RSA chain.
pub(super) fn plain() -> [Issued; 3] {
    let plain = chain::plain(key::rsa2048(0));
    [plain.leaf, plain.intermediate, plain.root]
}

/// The chain with its intermediate changed before signing.
pub(super) fn intermediate(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    let (intermediate, root) = chain::plain_issuers();
    let intermediate = change(intermediate.cert).issued_by(&root);
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&intermediate), intermediate]);
}

/// The leaf under a sub CA with name constraints, changed.
fn constrained(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
    let corp = chain::enterprise(change);
    put_chain(form, &[corp.leaf, corp.intermediate]);
}

/// The leaf under an issuer of this key and way to sign.
fn under(form: &mut Form, issuer: key::Key, scheme: Scheme) {
    let ca = Cert::ca("Odd CA").key(issuer).issued_by(&chain::plain_issuers().1);
    put_chain(form, &[chain::plain_leaf(key::rsa2048(0)).scheme(scheme).issued_by(&ca), ca]);
}

/// A chain of this many certificates, P-256 issuers.
fn long(form: &mut Form, certificates: usize) {
    let mut chain = vec![Cert::ca("Long CA 0").key(key::p256(1)).issued_by(&chain::plain_issuers().1)];
    for i in 1..certificates - 1 {
        let ca = Cert::ca(&format!("Long CA {i}")).key(key::p256(1 + i % 2)).issued_by(&chain[i - 1]);
        chain.push(ca);
    }
    let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&chain[certificates - 2]);
    chain.push(leaf);
    chain.reverse();
    put_chain(form, &chain);
}

/// For a gateway, with these trusted roots.
pub(super) fn roots(form: &mut Form, roots: &[Issued]) {
    *form = form.clone().instance("gw-1").trusting(roots);
}

pub(super) fn client_ca() -> Cert {
    Cert::ca("Client Root CA").key(key::p256(1))
}

pub(super) const ROWS: &[Fault] = &[
    row(Rsa, "leaf-alone", |f| {
        let (intermediate, _) = chain::plain_issuers();
        let aia = ext::aia(None, Some("http://crt.forge.example/tls1.crt"));
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(aia).issued_by(&intermediate)]);
    }),
    row(Rsa, "root-first", |f| {
        let mut certificates = plain();
        certificates.reverse();
        f.cert_content = Some(bundle(&certificates));
    }),
    row(Rsa, "intermediate-first", |f| {
        let [leaf, intermediate, _] = plain();
        f.cert_content = Some(bundle(&[intermediate, leaf]));
    }),
    row(Rsa, "issuers-exchanged", |f| {
        let [leaf, intermediate, root] = plain();
        put_chain(f, &[leaf, root, intermediate]);
    }),
    row(Rsa, "gap", |f| {
        let [leaf, _, root] = plain();
        put_chain(f, &[leaf, root]);
    }),
    row(Rsa, "unrelated", |f| {
        let [leaf, intermediate, _] = plain();
        let stranger = chain::google().intermediate;
        put_chain(f, &[leaf, intermediate, stranger]);
    }),
    row(Rsa, "signature-of-another-key", |f| {
        let [leaf, intermediate, root] = plain();
        let impostor = intermediate.cert.key(key::rsa2048(1)).issued_by(&root);
        put_chain(f, &[leaf, impostor]);
    }),
    row(Rsa, "signature-damaged", |f| {
        let [leaf, intermediate, _] = plain();
        let mut der = leaf.der.clone();
        *der.last_mut().unwrap() ^= 1;
        put_chain(f, &[Issued { der, ..leaf }, intermediate]);
    }),
    row(Rsa, "issuer-not-ca", |f| intermediate(f, |c| c.with(ext::basic_constraints(false, None)))),
    row(Rsa, "issuer-without-basic-constraints", |f| {
        intermediate(f, |c| c.without(ext::BASIC_CONSTRAINTS));
    }),
    row(Rsa, "issuer-without-key-cert-sign", |f| {
        intermediate(f, |c| c.with(ext::key_usage(ext::DIGITAL_SIGNATURE)));
    }),
    row(Rsa, "issuer-without-key-usage", |f| intermediate(f, |c| c.without(ext::KEY_USAGE))),
    row(Rsa, "path-length-exceeded", |f| {
        let [_, intermediate, _] = plain();
        let sub = Cert::ca("Sub Sub CA").key(key::p256(1)).issued_by(&intermediate);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&sub), sub, intermediate]);
    }),
    // Name constraints.
    row(Rsa, "constraints-kept", |f| constrained(f, |c| c)),
    row(Rsa, "constraints-dns", |f| constrained(f, |c| c.with(ext::san_dns(&["www.other.example"])))),
    row(Rsa, "constraints-dns-suffix", |f| constrained(f, |c| c.with(ext::san_dns(&["evilcorp.example"])))),
    row(Rsa, "constraints-dns-excluded", |f| {
        constrained(f, |c| c.with(ext::san_dns(&["a.secret.corp.example"])));
    }),
    row(Rsa, "constraints-ip", |f| constrained(f, |c| c.with(ext::san([ext::ip("192.0.2.1")])))),
    row(Rsa, "constraints-directory", |f| {
        constrained(f, |c| c.subject(name(&[("C", "CN"), ("O", "Other Ltd"), ("CN", "app.corp.example")])));
    }),
    row(Rsa, "constraints-on-mail", |f| {
        let (_, root) = chain::plain_issuers();
        let ca = Cert::ca("Mail CA")
            .key(key::rsa2048(2))
            .with(ext::name_constraints(vec![ext::email("forge.example")], Vec::new()))
            .issued_by(&root);
        let names = [ext::dns("www.forge.example"), ext::email("a@other.example")];
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(names)).issued_by(&ca), ca]);
    }),
    row(Rsa, "constraints-too-many", |f| {
        let (_, root) = chain::plain_issuers();
        let names = |prefix: &str| (0..1025).map(|i| ext::dns(format!("{prefix}{i}.example"))).collect();
        let ca = Cert::ca("Strict CA")
            .key(key::rsa2048(2))
            .with(ext::name_constraints(Vec::new(), names("x")))
            .issued_by(&root);
        let san: Vec<_> = names("h");
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(san)).issued_by(&ca), ca]);
    }),
    // Links that cannot be verified.
    row(Rsa, "link-ed448", |f| under(f, key::ed448(), Scheme::of(&key::ed448()))),
    row(Rsa, "link-ml-dsa", |f| {
        under(f, key::ml_dsa44(), Scheme::Garbage(seq([oid("2.16.840.1.101.3.4.3.17")])));
    }),
    row(Rsa, "link-sm2-unknown-id", |f| under(f, key::sm2_ca(), Scheme::Sm2(b"forge@example".to_vec()))),
    row(Rsa, "link-sm2-empty-id", |f| under(f, key::sm2_ca(), Scheme::Sm2(Vec::new()))),
    // Links that can.
    row(Rsa, "link-sm2", |f| under(f, key::sm2_ca(), Scheme::sm2())),
    row(Rsa, "link-ed25519", |f| under(f, key::ed25519(), Scheme::Ed25519)),
    row(Rsa, "link-pss", |f| under(f, key::rsa2048(2), Scheme::Pss(Hash::Sha256))),
    row(Rsa, "link-sha512", |f| under(f, key::rsa4096(), Scheme::Rsa(Hash::Sha512))),
    row(Rsa, "link-p256", |f| under(f, key::p256(1), Scheme::Ecdsa(Hash::Sha256))),
    row(Rsa, "link-p384", |f| under(f, key::p384(1), Scheme::Ecdsa(Hash::Sha384))),
    row(Rsa, "link-p521", |f| under(f, key::p521(1), Scheme::Ecdsa(Hash::Sha512))),
    row(Ecc, "p256-under-sm2", |f| {
        let (ca, _) = chain::sm2_issuers();
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&ca), ca]);
    }),
    row(Sm2, "sm2-under-p256", |f| {
        let set = chain::sm2_under_p256();
        put_chain(f, &[set.enc, set.ca.clone()]);
        *f = f.clone().signed_with(&[set.sign, set.ca]);
    }),
    // Look-alikes of public chains, as their servers send them.
    row(Rsa, "lets-encrypt-rsa", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate]);
    }),
    row(Ecc, "lets-encrypt-ecc", |f| {
        let c = chain::lets_encrypt(key::p256(0));
        put_chain(f, &[c.leaf, c.intermediate]);
    }),
    row(Rsa, "lets-encrypt-with-cross", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    row(Ecc, "google", |f| {
        let c = chain::google();
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    row(Rsa, "amazon", |f| {
        let c = chain::amazon();
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    row(Rsa, "amazon-with-old-root", |f| {
        let c = chain::amazon();
        put_chain(f, &[c.leaf, c.intermediate, c.cross, c.old_root]);
    }),
    row(Rsa, "alternative-issuer", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate, c.cross, c.root]);
    }),
    // Expiry of issuers.
    row(Rsa, "issuer-expired", |f| {
        intermediate(f, |c| c.not_before("200101000000Z").not_after("260101000000Z"));
    }),
    row(Rsa, "needless-issuer-expired", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        let cross = c.cross.cert.not_after("240930181403Z").issued_by(&c.old_root);
        put_chain(f, &[c.leaf, c.intermediate, c.root, cross]);
    }),
    row(Rsa, "issuer-not-yet-valid", |f| intermediate(f, |c| c.not_before("260602000000Z"))),
    // Faults of issuers that end every path.
    row(Rsa, "issuer-critical-extension", |f| intermediate(f, |c| c.with(ext::unknown().critical()))),
    row(Rsa, "issuer-precertificate", |f| intermediate(f, |c| c.with(ext::poison()))),
    row(Rsa, "issuer-duplicate-extension", |f| {
        intermediate(f, |c| c.with_another(ext::basic_constraints(true, None)));
    }),
    row(Rsa, "issuer-reversed", |f| {
        intermediate(f, |c| c.not_before("350101000000Z").not_after("300101000000Z"));
    }),
    row(Rsa, "issuer-february-30", |f| intermediate(f, |c| c.not_after("350230000000Z"))),
    row(Rsa, "issuer-algorithms-differ", |f| {
        intermediate(f, |c| c.algorithms(rsa_algorithm(Hash::Sha256), rsa_algorithm(Hash::Sha384)));
    }),
    row(Rsa, "key-of-a-self-signed-issuer", |f| {
        let server =
            chain::plain_leaf(key::rsa2048(0)).with(ext::basic_constraints(true, None)).self_signed();
        let client = Cert::leaf("client.forge.example").key(key::p256(1)).issued_by(&server);
        put_chain(f, &[server, client]);
    }),
    row(Rsa, "intermediate-first-with-its-key", |f| {
        let [leaf, intermediate, _] = plain();
        f.private_key = Some(intermediate.key_pem());
        f.cert_content = Some(bundle(&[intermediate, leaf]));
    }),
    row(Rsa, "issuer-serial-zero", |f| intermediate(f, |c| c.serial([0]))),
    // What issuers may issue for.
    row(Rsa, "issuer-for-any-purpose", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&["2.5.29.37.0"])));
    }),
    row(Rsa, "issuer-for-clients-only", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH])));
    }),
    row(Rsa, "issuer-for-servers", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH, ext::SERVER_AUTH])));
    }),
    // Too much.
    row(Rsa, "duplicate-issuer", |f| {
        let [leaf, intermediate, _] = plain();
        put_chain(f, &[leaf, intermediate.clone(), intermediate]);
    }),
    row(Rsa, "duplicate-leaf", |f| {
        let [leaf, intermediate, _] = plain();
        put_chain(f, &[leaf.clone(), leaf, intermediate]);
    }),
    row(Rsa, "root-after-chain", |f| put_chain(f, &plain())),
    // Without it, the server certificate would be alone.
    row(Rsa, "root-of-leaf", |f| {
        let root = Cert::ca("Own Root CA").key(key::p256(1)).self_signed();
        let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&root);
        put_chain(f, &[leaf, root]);
    }),
    row(Rsa, "10-certificates", |f| long(f, 10)),
    row(Rsa, "11-certificates", |f| long(f, 11)),
    // Trusted roots.
    row(Rsa, "trusted-root", |f| roots(f, &[client_ca().self_signed()])),
    row(Rsa, "trusted-root-sha1", |f| {
        roots(f, &[Cert::ca("Old Root").scheme(Scheme::Rsa(Hash::Sha1)).self_signed()]);
    }),
    row(Rsa, "trusted-root-is-a-leaf", |f| roots(f, &[chain::plain(key::p256(1)).leaf])),
    row(Rsa, "trusted-root-empty", |f| {
        roots(f, &[]);
    }),
    row(Rsa, "trusted-roots-one-expired", |f| {
        let old = Cert::ca("Old Root").not_before("150101000000Z").not_after("250101000000Z").self_signed();
        roots(f, &[client_ca().self_signed(), old]);
    }),
    row(Rsa, "trusted-root-not-yet-valid", |f| {
        roots(f, &[client_ca().not_before("260602000000Z").self_signed()]);
    }),
    row(Rsa, "trusted-roots-one-leaf", |f| {
        roots(f, &[client_ca().self_signed(), chain::plain(key::p256(1)).leaf]);
    }),
    row(Rsa, "trusted-roots-duplicate", |f| {
        roots(f, &[client_ca().self_signed(), client_ca().self_signed()]);
    }),
    row(Rsa, "trusted-root-version-1", |f| {
        roots(f, &[client_ca().version(None).without_extensions().self_signed()]);
    }),
    row(Rsa, "trusted-root-with-global", |f| {
        *f = f.clone().trusting(&[client_ca().self_signed()]);
    }),
];
