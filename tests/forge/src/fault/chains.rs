//! Chains and trusted roots.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, put_chain};
use crate::cert::{Cert, Issued, bundle};
use crate::der::{oid, seq};
use crate::ext;
use crate::form::Form;
use crate::name::name;
use crate::sign::{Hash, Scheme, rsa_algorithm};
use crate::{chain, key};

/// Leaf, intermediate and root of the plain RSA chain.
fn plain() -> [Issued; 3] {
    let plain = chain::plain(key::rsa2048(0));
    [plain.leaf, plain.intermediate, plain.root]
}

/// The chain with its intermediate changed before signing.
fn intermediate(form: &mut Form, change: impl FnOnce(Cert) -> Cert) {
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
fn roots(form: &mut Form, roots: &[Issued]) {
    *form = form.clone().instance("gw-1").trusting(roots);
}

fn client_ca() -> Cert {
    Cert::ca("Client Root CA").key(key::p256(1))
}

pub(super) const ROWS: &[Fault] = &[
    Fault::warn(Rsa, "leaf-alone", |f| {
        let (intermediate, _) = chain::plain_issuers();
        let aia = ext::aia(None, Some("http://crt.forge.example/tls1.crt"));
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(aia).issued_by(&intermediate)]);
    }),
    Fault::reject(Rsa, "root-first", |f| {
        let mut certificates = plain();
        certificates.reverse();
        f.cert_content = Some(bundle(&certificates));
    })
    .api("2104")
    .soft()
    .fix(),
    Fault::reject(Rsa, "intermediate-first", |f| {
        let [leaf, intermediate, _] = plain();
        f.cert_content = Some(bundle(&[intermediate, leaf]));
    })
    .api("2104")
    .soft()
    .fix(),
    Fault::reject(Rsa, "issuers-exchanged", |f| {
        let [leaf, intermediate, root] = plain();
        put_chain(f, &[leaf, root, intermediate]);
    })
    .api("2104")
    .soft()
    .fix(),
    Fault::reject(Rsa, "gap", |f| {
        let [leaf, _, root] = plain();
        put_chain(f, &[leaf, root]);
    })
    .api("2104"),
    Fault::reject(Rsa, "unrelated", |f| {
        let [leaf, intermediate, _] = plain();
        let stranger = chain::google().intermediate;
        put_chain(f, &[leaf, intermediate, stranger]);
    })
    .api("2104"),
    Fault::reject(Rsa, "signature-of-another-key", |f| {
        let [leaf, intermediate, root] = plain();
        let impostor = intermediate.cert.key(key::rsa2048(1)).issued_by(&root);
        put_chain(f, &[leaf, impostor]);
    })
    .api("2104"),
    Fault::reject(Rsa, "signature-damaged", |f| {
        let [leaf, intermediate, _] = plain();
        let mut der = leaf.der.clone();
        *der.last_mut().unwrap() ^= 1;
        put_chain(f, &[Issued { der, ..leaf }, intermediate]);
    })
    .api("2104"),
    Fault::reject(Rsa, "issuer-not-ca", |f| intermediate(f, |c| c.with(ext::basic_constraints(false, None))))
        .api("2104"),
    Fault::reject(Rsa, "issuer-without-basic-constraints", |f| {
        intermediate(f, |c| c.without(ext::BASIC_CONSTRAINTS));
    })
    .api("2104"),
    Fault::reject(Rsa, "issuer-without-key-cert-sign", |f| {
        intermediate(f, |c| c.with(ext::key_usage(ext::DIGITAL_SIGNATURE)));
    })
    .api("2104"),
    Fault::accept(Rsa, "issuer-without-key-usage", |f| intermediate(f, |c| c.without(ext::KEY_USAGE))),
    Fault::reject(Rsa, "path-length-exceeded", |f| {
        let [_, intermediate, _] = plain();
        let sub = Cert::ca("Sub Sub CA").key(key::p256(1)).issued_by(&intermediate);
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).issued_by(&sub), sub, intermediate]);
    })
    .api("2104"),
    // Name constraints.
    Fault::accept(Rsa, "constraints-kept", |f| constrained(f, |c| c)),
    Fault::reject(Rsa, "constraints-dns", |f| {
        constrained(f, |c| c.with(ext::san_dns(&["www.other.example"])))
    })
    .api("2104"),
    Fault::reject(Rsa, "constraints-dns-suffix", |f| {
        constrained(f, |c| c.with(ext::san_dns(&["evilcorp.example"])))
    })
    .api("2104"),
    Fault::reject(Rsa, "constraints-dns-excluded", |f| {
        constrained(f, |c| c.with(ext::san_dns(&["a.secret.corp.example"])));
    })
    .api("2104"),
    Fault::reject(Rsa, "constraints-ip", |f| constrained(f, |c| c.with(ext::san([ext::ip("192.0.2.1")]))))
        .api("2104"),
    Fault::reject(Rsa, "constraints-directory", |f| {
        constrained(f, |c| c.subject(name(&[("C", "CN"), ("O", "Other Ltd"), ("CN", "app.corp.example")])));
    })
    .api("2104"),
    Fault::accept(Rsa, "constraints-on-mail", |f| {
        let (_, root) = chain::plain_issuers();
        let ca = Cert::ca("Mail CA")
            .key(key::rsa2048(2))
            .with(ext::name_constraints(vec![ext::email("forge.example")], Vec::new()))
            .issued_by(&root);
        let names = [ext::dns("www.forge.example"), ext::email("a@other.example")];
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(names)).issued_by(&ca), ca]);
    }),
    Fault::reject(Rsa, "constraints-too-many", |f| {
        let (_, root) = chain::plain_issuers();
        let names = |prefix: &str| (0..520).map(|i| ext::dns(format!("{prefix}{i}.example"))).collect();
        let ca = Cert::ca("Strict CA")
            .key(key::rsa2048(2))
            .with(ext::name_constraints(Vec::new(), names("x")))
            .issued_by(&root);
        let san: Vec<_> = names("h");
        put_chain(f, &[chain::plain_leaf(key::rsa2048(0)).with(ext::san(san)).issued_by(&ca), ca]);
    })
    .api("2104"),
    // Links that cannot be verified.
    Fault::warn(Rsa, "link-ed448", |f| under(f, key::ed448(), Scheme::of(&key::ed448()))),
    Fault::warn(Rsa, "link-ml-dsa", |f| {
        under(f, key::ml_dsa44(), Scheme::Garbage(seq([oid("2.16.840.1.101.3.4.3.17")])));
    }),
    Fault::warn(Rsa, "link-sm2-unknown-id", |f| {
        under(f, key::sm2_ca(), Scheme::Sm2(b"forge@example".to_vec()))
    }),
    Fault::warn(Rsa, "link-sm2-empty-id", |f| under(f, key::sm2_ca(), Scheme::Sm2(Vec::new()))),
    // Links that can.
    Fault::accept(Rsa, "link-sm2", |f| under(f, key::sm2_ca(), Scheme::sm2())),
    Fault::accept(Rsa, "link-ed25519", |f| under(f, key::ed25519(), Scheme::Ed25519)),
    Fault::accept(Rsa, "link-pss", |f| under(f, key::rsa2048(2), Scheme::Pss(Hash::Sha256))),
    Fault::accept(Rsa, "link-sha512", |f| under(f, key::rsa4096(), Scheme::Rsa(Hash::Sha512))),
    Fault::accept(Rsa, "link-p256", |f| under(f, key::p256(1), Scheme::Ecdsa(Hash::Sha256))),
    Fault::accept(Rsa, "link-p384", |f| under(f, key::p384(1), Scheme::Ecdsa(Hash::Sha384))),
    Fault::accept(Rsa, "link-p521", |f| under(f, key::p521(1), Scheme::Ecdsa(Hash::Sha512))),
    Fault::accept(Ecc, "p256-under-sm2", |f| {
        let (ca, _) = chain::sm2_issuers();
        put_chain(f, &[chain::plain_leaf(key::p256(0)).issued_by(&ca), ca]);
    }),
    Fault::accept(Sm2, "sm2-under-p256", |f| {
        let set = chain::sm2_under_p256();
        put_chain(f, &[set.enc, set.ca.clone()]);
        *f = f.clone().signed_with(&[set.sign, set.ca]);
    }),
    // Look-alikes of public chains, as their servers send them.
    Fault::accept(Rsa, "lets-encrypt-rsa", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate]);
    }),
    Fault::accept(Ecc, "lets-encrypt-ecc", |f| {
        let c = chain::lets_encrypt(key::p256(0));
        put_chain(f, &[c.leaf, c.intermediate]);
    }),
    Fault::accept(Rsa, "lets-encrypt-with-cross", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    Fault::accept(Ecc, "google", |f| {
        let c = chain::google();
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    Fault::accept(Rsa, "amazon", |f| {
        let c = chain::amazon();
        put_chain(f, &[c.leaf, c.intermediate, c.cross]);
    }),
    Fault::warn(Rsa, "amazon-with-old-root", |f| {
        let c = chain::amazon();
        put_chain(f, &[c.leaf, c.intermediate, c.cross, c.old_root]);
    })
    .fix(),
    Fault::warn(Rsa, "alternative-issuer", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        put_chain(f, &[c.leaf, c.intermediate, c.cross, c.root]);
    }),
    // Expiry of issuers.
    Fault::reject(Rsa, "issuer-expired", |f| {
        intermediate(f, |c| c.not_before("200101000000Z").not_after("260101000000Z"));
    })
    .api("2104"),
    Fault::warn(Rsa, "needless-issuer-expired", |f| {
        let c = chain::lets_encrypt(key::rsa2048(0));
        let cross = c.cross.cert.not_after("240930181403Z").issued_by(&c.old_root);
        put_chain(f, &[c.leaf, c.intermediate, c.root, cross]);
    })
    .fix(),
    Fault::warn(Rsa, "issuer-not-yet-valid", |f| intermediate(f, |c| c.not_before("260602000000Z"))),
    // Faults of issuers that end every path.
    Fault::reject(Rsa, "issuer-critical-extension", |f| {
        intermediate(f, |c| c.with(ext::unknown().critical()))
    })
    .api("2104"),
    Fault::reject(Rsa, "issuer-precertificate", |f| intermediate(f, |c| c.with(ext::poison()))).api("2104"),
    Fault::reject(Rsa, "issuer-duplicate-extension", |f| {
        intermediate(f, |c| c.with_another(ext::basic_constraints(true, None)));
    })
    .api("2104"),
    Fault::reject(Rsa, "issuer-reversed", |f| {
        intermediate(f, |c| c.not_before("350101000000Z").not_after("300101000000Z"));
    })
    .api("2104"),
    Fault::reject(Rsa, "issuer-february-30", |f| intermediate(f, |c| c.not_after("350230000000Z")))
        .api("2104"),
    Fault::reject(Rsa, "issuer-algorithms-differ", |f| {
        intermediate(f, |c| c.algorithms(rsa_algorithm(Hash::Sha256), rsa_algorithm(Hash::Sha384)));
    })
    .api("2104"),
    Fault::reject(Rsa, "key-of-a-self-signed-issuer", |f| {
        let server =
            chain::plain_leaf(key::rsa2048(0)).with(ext::basic_constraints(true, None)).self_signed();
        let client = Cert::leaf("client.forge.example").key(key::p256(1)).issued_by(&server);
        put_chain(f, &[server, client]);
    })
    .api("2104"),
    Fault::reject(Rsa, "intermediate-first-with-its-key", |f| {
        let [leaf, intermediate, _] = plain();
        f.private_key = Some(intermediate.key_pem());
        f.cert_content = Some(bundle(&[intermediate, leaf]));
    })
    .api("2101"),
    Fault::warn(Rsa, "issuer-serial-zero", |f| intermediate(f, |c| c.serial([0]))),
    // What issuers may issue for.
    Fault::warn(Rsa, "issuer-for-any-purpose", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&["2.5.29.37.0"])));
    }),
    Fault::warn(Rsa, "issuer-for-clients-only", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH])));
    }),
    Fault::accept(Rsa, "issuer-for-servers", |f| {
        intermediate(f, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH, ext::SERVER_AUTH])));
    }),
    // Too much.
    Fault::warn(Rsa, "duplicate-issuer", |f| {
        let [leaf, intermediate, _] = plain();
        put_chain(f, &[leaf, intermediate.clone(), intermediate]);
    })
    .fix(),
    Fault::warn(Rsa, "duplicate-leaf", |f| {
        let [leaf, intermediate, _] = plain();
        put_chain(f, &[leaf.clone(), leaf, intermediate]);
    })
    .fix(),
    Fault::warn(Rsa, "root-after-chain", |f| put_chain(f, &plain())).fix(),
    // Without it, the server certificate would be alone.
    Fault::warn(Rsa, "root-of-leaf", |f| {
        let root = Cert::ca("Own Root CA").key(key::p256(1)).self_signed();
        let leaf = chain::plain_leaf(key::rsa2048(0)).issued_by(&root);
        put_chain(f, &[leaf, root]);
    }),
    Fault::accept(Rsa, "10-certificates", |f| long(f, 10)),
    Fault::reject(Rsa, "11-certificates", |f| long(f, 11)).soft(),
    // Trusted roots.
    Fault::accept(Rsa, "trusted-root", |f| roots(f, &[client_ca().self_signed()])),
    Fault::accept(Rsa, "trusted-root-sha1", |f| {
        roots(f, &[Cert::ca("Old Root").scheme(Scheme::Rsa(Hash::Sha1)).self_signed()]);
    }),
    Fault::reject(Rsa, "trusted-root-is-a-leaf", |f| roots(f, &[chain::plain(key::p256(1)).leaf])),
    Fault::reject(Rsa, "trusted-root-empty", |f| {
        roots(f, &[]);
    }),
    Fault::warn(Rsa, "trusted-roots-one-expired", |f| {
        let old = Cert::ca("Old Root").not_before("150101000000Z").not_after("250101000000Z").self_signed();
        roots(f, &[client_ca().self_signed(), old]);
    }),
    Fault::warn(Rsa, "trusted-root-not-yet-valid", |f| {
        roots(f, &[client_ca().not_before("260602000000Z").self_signed()]);
    }),
    Fault::warn(Rsa, "trusted-roots-one-leaf", |f| {
        roots(f, &[client_ca().self_signed(), chain::plain(key::p256(1)).leaf]);
    }),
    Fault::warn(Rsa, "trusted-roots-duplicate", |f| {
        roots(f, &[client_ca().self_signed(), client_ca().self_signed()]);
    }),
    Fault::warn(Rsa, "trusted-root-version-1", |f| {
        roots(f, &[client_ca().version(None).without_extensions().self_signed()]);
    }),
    Fault::warn(Rsa, "trusted-root-with-global", |f| {
        *f = f.clone().trusting(&[client_ca().self_signed()]);
    }),
];
