//! Ready chains that look like those of well-known issuers. Names are made up; structure, extensions and algorithms are
//! as the issuers have them. All hold at 2026-06-01T00:00:00Z.

use crate::cert::{Cert, Issued};
use crate::der::{Node, null, oid, seq};
use crate::ext::{self, Ext};
use crate::key::{self, Key};
use crate::name::name;
use crate::sign::{Hash, Scheme};
use std::sync::OnceLock;

/// A leaf, its issuer and the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The server certificate.
    pub leaf: Issued,
    /// The sub CA.
    pub intermediate: Issued,
    /// The root CA.
    pub root: Issued,
}

/// A chain with a root that an older root has cross-signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// The server certificate.
    pub leaf: Issued,
    /// The sub CA.
    pub intermediate: Issued,
    /// The root, self-signed.
    pub root: Issued,
    /// The same subject and key as `root`, signed by `old_root`.
    pub cross: Issued,
    /// The older root, self-signed.
    pub old_root: Issued,
}

/// A SM2 set: the certificates of one subscriber for signature and encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sm2Set {
    /// The signature certificate.
    pub sign: Issued,
    /// The encryption certificate.
    pub enc: Issued,
    /// The sub CA of both.
    pub ca: Issued,
    /// The root CA.
    pub root: Issued,
}

/// The leaf for `www.forge.example` of this key under [`plain_issuers`].
pub fn plain(key: Key) -> Plain {
    let (intermediate, root) = plain_issuers();
    let leaf = plain_leaf(key).issued_by(&intermediate);
    Plain { leaf, intermediate, root }
}

/// A RSA sub CA (key `rsa2048c`) and its root (key `rsa4096`).
pub fn plain_issuers() -> (Issued, Issued) {
    static ISSUERS: OnceLock<(Issued, Issued)> = OnceLock::new();
    let make = || {
        let root = Cert::ca("Forge Root CA").key(key::rsa4096()).self_signed();
        let intermediate = Cert::ca("Forge TLS CA 1")
            .key(key::rsa2048(2))
            .with(ext::basic_constraints(true, Some(0)))
            .issued_by(&root);
        (intermediate, root)
    };
    ISSUERS.get_or_init(make).clone()
}

/// The leaf of [`plain`], not signed yet.
pub fn plain_leaf(key: Key) -> Cert {
    let usage = usage_of(&key);
    Cert::leaf("www.forge.example").key(key).with(ext::key_usage(usage)).with(ext::san_dns(&[
        "www.forge.example",
        "forge.example",
        "*.api.forge.example",
    ]))
}

fn usage_of(key: &Key) -> u16 {
    match key {
        Key::Rsa(_) => ext::DIGITAL_SIGNATURE | ext::KEY_ENCIPHERMENT,
        _ => ext::DIGITAL_SIGNATURE,
    }
}

fn public_leaf(subject: Node, key: Key, names: &[&str], aia: Ext, policies: &[&str], crl: &[&str]) -> Cert {
    let usage = usage_of(&key);
    Cert::leaf("x")
        .subject(subject)
        .key(key)
        .not_before("260510000000Z")
        .not_after("260808000000Z")
        .with(ext::key_usage(usage))
        .with(aia)
        .with(ext::san_dns(names))
        .with(ext::policies(policies))
        .with(ext::crl_distribution_points(crl))
        .with(ext::sct_list(2))
}

const DOMAIN_VALIDATED: &str = "2.23.140.1.2.1";
const ORGANIZATION_VALIDATED: &str = "2.23.140.1.2.2";

/// Like Let's Encrypt: a leaf of this key under a RSA sub CA ("R13") and root ("ISRG Root X1"), which an older root has
/// cross-signed. The leaf has only a common name.
pub fn lets_encrypt(key: Key) -> Crossed {
    let old_root = Cert::ca("x")
        .subject(name(&[("O", "Alt Signature Trust Co."), ("CN", "ADS Root CA X3")]))
        .key(key::rsa3072())
        .scheme(Scheme::Rsa(Hash::Sha1))
        .not_before("000930211219Z")
        .not_after("300930140115Z")
        .self_signed();
    let ca = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "Security Forge Group"), ("CN", "SFG Root X1")]))
        .key(key::rsa4096())
        .not_before("150604110438Z")
        .not_after("350604110438Z");
    let root = ca.clone().self_signed();
    let cross = ca.not_before("210120191403Z").not_after("290930181403Z").issued_by(&old_root);
    let intermediate = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "Let's Forge"), ("CN", "R13")]))
        .key(key::rsa2048(2))
        .not_before("240313000000Z")
        .not_after("270312235959Z")
        .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_CERT_SIGN | ext::CRL_SIGN))
        .with(ext::ext_key_usage(&[ext::CLIENT_AUTH, ext::SERVER_AUTH]))
        .with(ext::basic_constraints(true, Some(0)))
        .with(ext::aia(None, Some("http://x1.i.forge.example/")))
        .with(ext::policies(&[DOMAIN_VALIDATED]))
        .with(ext::crl_distribution_points(&["http://x1.c.forge.example/"]))
        .issued_by(&root);
    let leaf = public_leaf(
        name(&[("CN", "shop.example")]),
        key,
        &["shop.example", "www.shop.example"],
        ext::aia(None, Some("http://r13.i.forge.example/")),
        &[DOMAIN_VALIDATED],
        &["http://r13.c.forge.example/12.crl"],
    )
    .issued_by(&intermediate);
    Crossed { leaf, intermediate, root, cross, old_root }
}

/// Like Google Trust Services: a P-256 leaf under a RSA sub CA ("WR2") and root ("GTS Root R1"), cross-signed by an older
/// root.
pub fn google() -> Crossed {
    let old_root = Cert::ca("x")
        .subject(name(&[
            ("C", "BE"),
            ("O", "WorldSign nv-sa"),
            ("OU", "Root CA"),
            ("CN", "WorldSign Root CA"),
        ]))
        .key(key::rsa3072())
        .scheme(Scheme::Rsa(Hash::Sha1))
        .not_before("980901120000Z")
        .not_after("280128120000Z")
        .self_signed();
    let ca = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "Forge Trust Services LLC"), ("CN", "FTS Root R1")]))
        .key(key::rsa4096())
        .scheme(Scheme::Rsa(Hash::Sha384))
        .not_before("160622000000Z")
        .not_after("360622000000Z")
        .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_CERT_SIGN | ext::CRL_SIGN));
    let root = ca.clone().self_signed();
    let cross = ca
        .scheme(Scheme::Rsa(Hash::Sha256))
        .not_before("200619000042Z")
        .not_after("280128000042Z")
        .with(ext::aia(Some("http://ocsp.pki.forge.example/gsr1"), Some("http://pki.forge.example/gsr1.crt")))
        .issued_by(&old_root);
    let intermediate = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "Forge Trust Services"), ("CN", "WR2")]))
        .key(key::rsa2048(2))
        .not_before("231213090000Z")
        .not_after("290220140000Z")
        .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_CERT_SIGN | ext::CRL_SIGN))
        .with(ext::ext_key_usage(&[ext::SERVER_AUTH, ext::CLIENT_AUTH]))
        .with(ext::basic_constraints(true, Some(0)))
        .with(ext::aia(None, Some("http://i.pki.forge.example/r1.crt")))
        .with(ext::crl_distribution_points(&["http://c.pki.forge.example/r/r1.crl"]))
        .with(ext::policies(&[DOMAIN_VALIDATED]))
        .issued_by(&root);
    let leaf = public_leaf(
        name(&[("CN", "*.search.example")]),
        key::p256(1),
        &["*.search.example", "search.example", "*.video.example", "xn--fiqs8s.example"],
        ext::aia(Some("http://o.pki.forge.example/wr2"), Some("http://i.pki.forge.example/wr2.crt")),
        &[DOMAIN_VALIDATED],
        &["http://c.pki.forge.example/wr2/75r4ZyA3vA0.crl"],
    )
    .with(ext::basic_constraints(false, None))
    .with(ext::ext_key_usage(&[ext::SERVER_AUTH]))
    .issued_by(&intermediate);
    Crossed { leaf, intermediate, root, cross, old_root }
}

/// Like Amazon: a RSA leaf, sub CA ("RSA 2048 M02") and root, cross-signed by an older root.
pub fn amazon() -> Crossed {
    let subject = [
        ("C", "US"),
        ("ST", "Arizona"),
        ("L", "Scottsdale"),
        ("O", "Nightfield Technologies, Inc."),
        ("CN", "Nightfield Services Root Certificate Authority - G2"),
    ];
    let old_root = Cert::ca("x")
        .subject(name(&subject))
        .key(key::rsa3072())
        .not_before("090901000000Z")
        .not_after("371231235959Z")
        .self_signed();
    let ca = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "River"), ("CN", "River Root CA 1")]))
        .key(key::rsa2048(1))
        .not_before("150526000000Z")
        .not_after("380117000000Z")
        .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_CERT_SIGN | ext::CRL_SIGN));
    let root = ca.clone().self_signed();
    let cross = ca
        .not_before("150525120000Z")
        .not_after("371231010000Z")
        .with(ext::aia(Some("http://o.ss2.forge.example/"), Some("http://x.ss2.forge.example/x.cer")))
        .with(ext::crl_distribution_points(&["http://s.ss2.forge.example/r.crl"]))
        .with(ext::policies(&["2.5.29.32.0"]))
        .issued_by(&old_root);
    let intermediate = Cert::ca("x")
        .subject(name(&[("C", "US"), ("O", "River"), ("CN", "River RSA 2048 M02")]))
        .key(key::rsa2048(2))
        .not_before("220823222530Z")
        .not_after("300823222530Z")
        .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_CERT_SIGN | ext::CRL_SIGN))
        .with(ext::ext_key_usage(&[ext::SERVER_AUTH, ext::CLIENT_AUTH]))
        .with(ext::basic_constraints(true, Some(0)))
        .with(ext::aia(
            Some("http://ocsp.rootca1.forge.example"),
            Some("http://crt.rootca1.forge.example/1.cer"),
        ))
        .with(ext::crl_distribution_points(&["http://crl.rootca1.forge.example/rootca1.crl"]))
        .with(ext::policies(&[DOMAIN_VALIDATED]))
        .issued_by(&root);
    let leaf = public_leaf(
        name(&[("CN", "cloud.example")]),
        key::rsa2048(0),
        &["cloud.example", "*.cloud.example"],
        ext::aia(Some("http://ocsp.r2m02.forge.example"), Some("http://crt.r2m02.forge.example/r2m02.cer")),
        &[DOMAIN_VALIDATED],
        &["http://crl.r2m02.forge.example/r2m02.crl"],
    )
    .issued_by(&intermediate);
    Crossed { leaf, intermediate, root, cross, old_root }
}

/// An enterprise CA whose sub CA has critical name constraints: dNSName `corp.example`, iPAddress 10.0.0.0/8 and
/// directoryName `C=CN, O=Corp Ltd` permitted, dNSName `secret.corp.example` excluded. `leaf` sets what is tested.
pub fn enterprise(leaf: impl FnOnce(Cert) -> Cert) -> Plain {
    let corp = [("C", "CN"), ("O", "Corp Ltd")];
    let root = Cert::ca("x")
        .subject(name(&[("DC", "example"), ("DC", "corp"), ("CN", "Corp Root CA")]))
        .key(key::rsa4096())
        .self_signed();
    let permitted = vec![
        ext::dns("corp.example"),
        ext::ip_raw(&[10, 0, 0, 0, 255, 0, 0, 0]),
        ext::directory(name(&corp)),
    ];
    let intermediate = Cert::ca("x")
        .subject(name(&[("C", "CN"), ("O", "Corp Ltd"), ("CN", "Corp Issuing CA")]))
        .key(key::rsa2048(2))
        .with(ext::basic_constraints(true, Some(0)))
        .with(ext::name_constraints(permitted, vec![ext::dns("secret.corp.example")]))
        .issued_by(&root);
    let plain = Cert::leaf("app.corp.example")
        .subject(name(&[("C", "CN"), ("O", "Corp Ltd"), ("OU", "IT"), ("CN", "app.corp.example")]))
        .with(ext::san([ext::dns("app.corp.example"), ext::ip("10.1.2.3")]))
        .with(ext::policies(&[ORGANIZATION_VALIDATED]));
    let leaf = leaf(plain).issued_by(&intermediate);
    Plain { leaf, intermediate, root }
}

/// SM2-SM3 as most Chinese CAs write it, with NULL parameters.
pub fn sm2_with_null() -> Node {
    seq([oid("1.2.156.10197.1.501"), null()])
}

/// The certificate of a SM2 subscriber, signature or encryption by `usage`; not signed yet.
pub fn sm2_leaf(key: Key, usage: u16) -> Cert {
    let subject = [
        ("C", "CN"),
        ("ST", "广东省"),
        ("L", "深圳市"),
        ("O", "锻造科技有限公司"),
        ("OU", "运维部"),
        ("CN", "gm.forge.example"),
    ];
    Cert::leaf("x")
        .subject(name(&subject))
        .key(key)
        .without(ext::EXT_KEY_USAGE)
        .with(ext::key_usage(usage))
        .with(ext::san_dns(&["gm.forge.example", "www.gm.forge.example"]))
        .with(ext::crl_distribution_points(&["http://crl.gm.forge.example/sm2/crl1.crl"]))
        .with(ext::policy_with_cps("1.2.156.112559.1.1", "http://www.gm.forge.example/cps"))
        .with(ext::aia(Some("http://ocsp.gm.forge.example"), Some("http://crt.gm.forge.example/sm2ca.crt")))
}

/// The usual usage of a SM2 signature certificate.
pub const SM2_SIGN_USAGE: u16 = ext::DIGITAL_SIGNATURE | ext::NON_REPUDIATION;
/// The usual usage of a SM2 encryption certificate.
pub const SM2_ENC_USAGE: u16 = ext::KEY_ENCIPHERMENT | ext::DATA_ENCIPHERMENT | ext::KEY_AGREEMENT;

/// A double set under SM2 issuers, signed with the usual ID.
pub fn sm2() -> Sm2Set {
    let (ca, root) = sm2_issuers();
    sm2_under(ca, root)
}

/// A SM2 sub CA and its root.
pub fn sm2_issuers() -> (Issued, Issued) {
    let root = Cert::ca("x")
        .subject(name(&[("C", "CN"), ("O", "FRCA"), ("CN", "ROOTCA")]))
        .key(key::sm2_root())
        .not_before("120714031159Z")
        .not_after("420707031159Z")
        .self_signed();
    let ca = Cert::ca("x")
        .subject(name(&[("C", "CN"), ("O", "Forge Certification Authority"), ("CN", "Forge SM2 CA1")]))
        .key(key::sm2_ca())
        .with(ext::basic_constraints(true, Some(0)))
        .issued_by(&root);
    (ca, root)
}

/// A double set under P-256 issuers.
pub fn sm2_under_p256() -> Sm2Set {
    let root = Cert::ca("Forge ECC Root").key(key::p256(2)).self_signed();
    let ca = Cert::ca("Forge ECC CA").key(key::p384(1)).issued_by(&root);
    sm2_under(ca, root)
}

/// A double set under these issuers.
pub fn sm2_under(ca: Issued, root: Issued) -> Sm2Set {
    let sign = sm2_leaf(key::sm2_sign(), SM2_SIGN_USAGE).issued_by(&ca);
    let enc = sm2_leaf(key::sm2_enc(), SM2_ENC_USAGE).issued_by(&ca);
    Sm2Set { sign, enc, ca, root }
}
