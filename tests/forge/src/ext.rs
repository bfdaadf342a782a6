//! Certificate extensions (RFC 5280, section 4.2; RFC 6962).

use crate::der::{Node, bits_raw, boolean, ctx, ctx_prim, generalized_time, octets, oid, seq, small, utf8};
use crate::name::name;
use std::net::IpAddr;

/// subjectKeyIdentifier
pub const SKI: &str = "2.5.29.14";
/// keyUsage
pub const KEY_USAGE: &str = "2.5.29.15";
/// subjectAltName
pub const SAN: &str = "2.5.29.17";
/// issuerAltName
pub const ISSUER_ALT_NAME: &str = "2.5.29.18";
/// basicConstraints
pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
/// nameConstraints
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
/// cRLDistributionPoints
pub const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
/// certificatePolicies
pub const CERTIFICATE_POLICIES: &str = "2.5.29.32";
/// policyMappings
pub const POLICY_MAPPINGS: &str = "2.5.29.33";
/// authorityKeyIdentifier
pub const AKI: &str = "2.5.29.35";
/// policyConstraints
pub const POLICY_CONSTRAINTS: &str = "2.5.29.36";
/// extKeyUsage
pub const EXT_KEY_USAGE: &str = "2.5.29.37";
/// inhibitAnyPolicy
pub const INHIBIT_ANY_POLICY: &str = "2.5.29.54";
/// authorityInfoAccess
pub const AIA: &str = "1.3.6.1.5.5.7.1.1";
/// TLS feature (must-staple)
pub const TLS_FEATURE: &str = "1.3.6.1.5.5.7.1.24";
/// The precertificate poison
pub const POISON: &str = "1.3.6.1.4.1.11129.2.4.3";
/// The SCT list
pub const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";

/// One extension; every field can be made wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ext {
    /// extnID
    pub oid: Node,
    /// critical; `None` leaves it out, as DER demands for FALSE.
    pub critical: Option<Node>,
    /// The contents of extnValue.
    pub value: Vec<u8>,
}

impl Ext {
    /// An extension of this value.
    pub fn new(oid_text: &str, value: Node) -> Ext {
        Ext::raw(oid_text, value.encode())
    }
    /// An extension of these bytes.
    pub fn raw(oid_text: &str, value: impl Into<Vec<u8>>) -> Ext {
        Ext { oid: oid(oid_text), critical: None, value: value.into() }
    }
    /// The same extension, critical.
    pub fn critical(mut self) -> Ext {
        self.critical = Some(boolean(true));
        self
    }
    /// The same extension with this node in the place of critical: `boolean(false)`, `boolean_raw(1)` ...
    pub fn critical_node(mut self, node: Node) -> Ext {
        self.critical = Some(node);
        self
    }
    /// The same extension with bytes after its value, inside extnValue.
    pub fn trailing(mut self, bytes: &[u8]) -> Ext {
        self.value.extend(bytes);
        self
    }
    /// The structure.
    pub fn node(&self) -> Node {
        seq([Some(self.oid.clone()), self.critical.clone(), Some(octets(self.value.as_slice()))]
            .into_iter()
            .flatten())
    }
}

/// GeneralName dNSName; any bytes.
pub fn dns(text: impl AsRef<[u8]>) -> Node {
    ctx_prim(2, text)
}
/// GeneralName rfc822Name.
pub fn email(text: &str) -> Node {
    ctx_prim(1, text)
}
/// GeneralName uniformResourceIdentifier.
pub fn uri(text: &str) -> Node {
    ctx_prim(6, text)
}
/// GeneralName iPAddress.
pub fn ip(address: &str) -> Node {
    match address.parse().unwrap() {
        IpAddr::V4(v4) => ctx_prim(7, v4.octets()),
        IpAddr::V6(v6) => ctx_prim(7, v6.octets()),
    }
}
/// GeneralName iPAddress of any octets; in nameConstraints address and mask.
pub fn ip_raw(bytes: &[u8]) -> Node {
    ctx_prim(7, bytes)
}
/// GeneralName directoryName.
pub fn directory(name: Node) -> Node {
    ctx(4, [name])
}
/// GeneralName otherName with a UTF8String (a Microsoft UPN).
pub fn other_name(text: &str) -> Node {
    ctx(0, [oid("1.3.6.1.4.1.311.20.2.3"), ctx(0, [utf8(text)])])
}
/// GeneralName registeredID.
pub fn registered_id(dotted: &str) -> Node {
    oid(dotted).tagged(0x88)
}

/// subjectAltName of any names.
pub fn san(names: impl IntoIterator<Item = Node>) -> Ext {
    Ext::new(SAN, seq(names))
}
/// subjectAltName of dNSNames.
pub fn san_dns(names: &[&str]) -> Ext {
    san(names.iter().map(dns))
}

/// basicConstraints, critical; an end entity's is the empty SEQUENCE.
pub fn basic_constraints(ca: bool, path_len: Option<i64>) -> Ext {
    let ca = ca.then(|| boolean(true));
    Ext::new(BASIC_CONSTRAINTS, seq(ca.into_iter().chain(path_len.map(small)))).critical()
}

/// digitalSignature
pub const DIGITAL_SIGNATURE: u16 = 1;
/// nonRepudiation (contentCommitment)
pub const NON_REPUDIATION: u16 = 1 << 1;
/// keyEncipherment
pub const KEY_ENCIPHERMENT: u16 = 1 << 2;
/// dataEncipherment
pub const DATA_ENCIPHERMENT: u16 = 1 << 3;
/// keyAgreement
pub const KEY_AGREEMENT: u16 = 1 << 4;
/// keyCertSign
pub const KEY_CERT_SIGN: u16 = 1 << 5;
/// cRLSign
pub const CRL_SIGN: u16 = 1 << 6;

/// keyUsage, critical, of these bits.
pub fn key_usage(usage: u16) -> Ext {
    let bytes: Vec<u8> = match usage.reverse_bits().to_be_bytes() {
        [0, 0] => vec![],
        [first, 0] => vec![first],
        both => both.to_vec(),
    };
    let unused = bytes.last().map_or(0, |last| last.trailing_zeros() as u8);
    Ext::new(KEY_USAGE, bits_raw(unused, &bytes)).critical()
}

/// serverAuth
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
/// clientAuth
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// extKeyUsage of these purposes.
pub fn ext_key_usage(purposes: &[&str]) -> Ext {
    Ext::new(EXT_KEY_USAGE, seq(purposes.iter().map(|p| oid(p))))
}

/// subjectKeyIdentifier
pub fn ski(id: &[u8]) -> Ext {
    Ext::new(SKI, octets(id))
}
/// authorityKeyIdentifier of the key's identifier
pub fn aki(id: &[u8]) -> Ext {
    Ext::new(AKI, seq([ctx_prim(0, id)]))
}
/// authorityKeyIdentifier of issuer and serial number
pub fn aki_of_issuer(issuer: Node, serial: &[u8]) -> Ext {
    Ext::new(AKI, seq([ctx(1, [directory(issuer)]), ctx_prim(2, serial)]))
}
/// authorityInfoAccess: OCSP responder and issuer's certificate, each if given
pub fn aia(ocsp: Option<&str>, ca_issuers: Option<&str>) -> Ext {
    let access = |method: &str, url: &str| seq([oid(method), uri(url)]);
    let ocsp = ocsp.map(|url| access("1.3.6.1.5.5.7.48.1", url));
    let issuers = ca_issuers.map(|url| access("1.3.6.1.5.5.7.48.2", url));
    Ext::new(AIA, seq(ocsp.into_iter().chain(issuers)))
}
/// cRLDistributionPoints, one point a URL
pub fn crl_distribution_points(urls: &[&str]) -> Ext {
    Ext::new(CRL_DISTRIBUTION_POINTS, seq(urls.iter().map(|url| seq([ctx(0, [ctx(0, [uri(url)])])]))))
}
/// certificatePolicies without qualifiers
pub fn policies(oids: &[&str]) -> Ext {
    Ext::new(CERTIFICATE_POLICIES, seq(oids.iter().map(|p| seq([oid(p)]))))
}
/// certificatePolicies with a CPS pointer
pub fn policy_with_cps(policy: &str, url: &str) -> Ext {
    let qualifier = seq([oid("1.3.6.1.5.5.7.2.1"), crate::der::ia5(url)]);
    Ext::new(CERTIFICATE_POLICIES, seq([seq([oid(policy), seq([qualifier])])]))
}
/// nameConstraints, critical; an absent side is left out
pub fn name_constraints(permitted: Vec<Node>, excluded: Vec<Node>) -> Ext {
    let side = |number, names: Vec<Node>| {
        (!names.is_empty()).then(|| ctx(number, names.into_iter().map(|n| seq([n]))))
    };
    Ext::new(NAME_CONSTRAINTS, seq([side(0, permitted), side(1, excluded)].into_iter().flatten())).critical()
}
/// The precertificate poison, critical
pub fn poison() -> Ext {
    Ext::new(POISON, crate::der::null()).critical()
}
/// An SCT list of `count` entries with made-up log IDs and signatures
pub fn sct_list(count: u8) -> Ext {
    let mut list = Vec::new();
    for log in 0..count {
        let mut sct = vec![0];
        sct.extend([log; 32]);
        sct.extend(1_735_689_600_000u64.to_be_bytes());
        sct.extend([0, 0, 4, 3, 0, 70]);
        sct.extend(seq([Node::prim(2, [0x11; 32]), Node::prim(2, [0x22; 32])]).encode());
        list.extend((sct.len() as u16).to_be_bytes());
        list.extend(sct);
    }
    let mut value = (list.len() as u16).to_be_bytes().to_vec();
    value.extend(list);
    Ext::new(SCT_LIST, octets(value))
}
/// An extension that nobody knows
pub fn unknown() -> Ext {
    Ext::new("1.3.6.1.4.1.99999.1.2.3", utf8("unknown"))
}
/// policyConstraints with requireExplicitPolicy, critical
pub fn policy_constraints(require: u8) -> Ext {
    Ext::new(POLICY_CONSTRAINTS, seq([ctx_prim(0, [require])])).critical()
}
/// inhibitAnyPolicy, critical
pub fn inhibit_any_policy(skip: i64) -> Ext {
    Ext::new(INHIBIT_ANY_POLICY, small(skip)).critical()
}
/// TLS feature status_request
pub fn must_staple() -> Ext {
    Ext::new(TLS_FEATURE, seq([small(5)]))
}
/// privateKeyUsagePeriod (2.5.29.16), seen in Chinese certificates
pub fn private_key_usage_period(not_before: &str, not_after: &str) -> Ext {
    let time = |number: u8, text| generalized_time(text).tagged(0x80 | number);
    Ext::new("2.5.29.16", seq([time(0, not_before), time(1, not_after)]))
}
/// issuerAltName of one directory name
pub fn issuer_alt_name(common_name: &str) -> Ext {
    Ext::new(ISSUER_ALT_NAME, seq([directory(name(&[("CN", common_name)]))]))
}
