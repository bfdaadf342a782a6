//! A certificate builder whose every field can be wrong.

use crate::der::{Node, bits_raw, ctx, ctx_prim, generalized_time, int_raw, octets, seq, small, utc_time};
use crate::ext::{self, Ext};
use crate::key::{self, Key};
use crate::name::name;
use crate::pem;
use crate::sign::{Hash, Scheme};

/// What a certificate is made of. The fields are public; the methods set the usual ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cert {
    /// What `version [0]` holds; `None` leaves it out, which means version 1.
    pub version: Option<Node>,
    /// serialNumber; `None` derives 16 octets from subject, key and validity.
    pub serial: Option<Node>,
    /// The AlgorithmIdentifier inside; `None` takes the scheme's.
    pub inner: Option<Node>,
    /// The AlgorithmIdentifier outside; `None` takes the one inside.
    pub outer: Option<Node>,
    /// issuer; `None` takes the signer's subject.
    pub issuer: Option<Node>,
    /// notBefore
    pub not_before: Node,
    /// notAfter
    pub not_after: Node,
    /// subject
    pub subject: Node,
    /// The subject's key.
    pub key: Key,
    /// subjectPublicKeyInfo; `None` takes the key's.
    pub spki: Option<Node>,
    /// issuerUniqueID
    pub issuer_uid: Option<Vec<u8>>,
    /// subjectUniqueID
    pub subject_uid: Option<Vec<u8>>,
    /// extensions; an empty list leaves the field out.
    pub extensions: Vec<Ext>,
    /// Whether SKI and AKI are added on signing where they are absent.
    pub key_ids: bool,
    /// How the signer signs; `None` takes what is usual for its key.
    pub scheme: Option<Scheme>,
}

/// A signed certificate and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The certificate.
    pub der: Vec<u8>,
    /// What it was made of.
    pub cert: Cert,
}

impl Cert {
    fn new(subject: Node, key: Key) -> Cert {
        Cert {
            version: Some(small(2)),
            serial: None,
            inner: None,
            outer: None,
            issuer: None,
            not_before: utc_time("250101000000Z"),
            not_after: utc_time("350101000000Z"),
            subject,
            key,
            spki: None,
            issuer_uid: None,
            subject_uid: None,
            extensions: Vec::new(),
            key_ids: true,
            scheme: None,
        }
    }

    /// A server certificate for `host` (common name and SAN) with the key `rsa2048a`, valid 2025-01-01 to 2035-01-01.
    pub fn leaf(host: &str) -> Cert {
        let subject =
            name(&[("C", "CN"), ("ST", "Guangdong"), ("L", "Shenzhen"), ("O", "Forge Ltd"), ("CN", host)]);
        Cert::new(subject, key::rsa2048(0))
            .with(ext::basic_constraints(false, None))
            .with(ext::key_usage(ext::DIGITAL_SIGNATURE | ext::KEY_ENCIPHERMENT))
            .with(ext::ext_key_usage(&[ext::SERVER_AUTH, ext::CLIENT_AUTH]))
            .with(ext::san_dns(&[host]))
    }

    /// A CA certificate of this common name with the key `rsa2048b`, valid 2025-01-01 to 2035-01-01.
    pub fn ca(common_name: &str) -> Cert {
        Cert::new(name(&[("C", "CN"), ("O", "Forge CA"), ("CN", common_name)]), key::rsa2048(1))
            .with(ext::basic_constraints(true, None))
            .with(ext::key_usage(ext::KEY_CERT_SIGN | ext::CRL_SIGN))
    }

    /// Sets the subject's key.
    pub fn key(mut self, key: impl Into<Key>) -> Cert {
        self.key = key.into();
        self
    }
    /// Sets the SubjectPublicKeyInfo, whatever the key.
    pub fn spki(mut self, spki: Node) -> Cert {
        self.spki = Some(spki);
        self
    }
    /// Sets the subject: see [`name`], [`crate::name::name_of`].
    pub fn subject(mut self, subject: Node) -> Cert {
        self.subject = subject;
        self
    }
    /// Sets the issuer, whatever the signer.
    pub fn issuer(mut self, issuer: Node) -> Cert {
        self.issuer = Some(issuer);
        self
    }
    /// Sets what `version [0]` holds: 0, 1, 2 for versions 1, 2, 3; `None` leaves it out.
    pub fn version(mut self, value: Option<i64>) -> Cert {
        self.version = value.map(small);
        self
    }
    /// Sets the contents of the serial number.
    pub fn serial(mut self, content: impl Into<Vec<u8>>) -> Cert {
        self.serial = Some(int_raw(content));
        self
    }
    /// Sets notBefore: 13 characters or fewer are UTCTime, more GeneralizedTime.
    pub fn not_before(mut self, text: &str) -> Cert {
        self.not_before = time(text);
        self
    }
    /// Sets notAfter: 13 characters or fewer are UTCTime, more GeneralizedTime.
    pub fn not_after(mut self, text: &str) -> Cert {
        self.not_after = time(text);
        self
    }
    /// Sets notBefore and notAfter as they are.
    pub fn validity(mut self, not_before: Node, not_after: Node) -> Cert {
        self.not_before = not_before;
        self.not_after = not_after;
        self
    }
    /// Puts an extension in the place of the one with the same OID, or last.
    pub fn with(mut self, extension: Ext) -> Cert {
        match self.extensions.iter_mut().find(|e| e.oid == extension.oid) {
            Some(place) => *place = extension,
            None => self.extensions.push(extension),
        }
        self
    }
    /// Appends an extension, a second of the same OID too.
    pub fn with_another(mut self, extension: Ext) -> Cert {
        self.extensions.push(extension);
        self
    }
    /// Removes the extension of this OID.
    pub fn without(mut self, oid: &str) -> Cert {
        let oid = crate::der::oid(oid);
        self.extensions.retain(|e| e.oid != oid);
        self
    }
    /// Removes all extensions and adds none.
    pub fn without_extensions(mut self) -> Cert {
        self.extensions.clear();
        self.key_ids = false;
        self
    }
    /// No SKI and AKI beyond those given.
    pub fn without_key_ids(mut self) -> Cert {
        self.key_ids = false;
        self
    }
    /// Sets the way the signer signs.
    pub fn scheme(mut self, scheme: Scheme) -> Cert {
        self.scheme = Some(scheme);
        self
    }
    /// Sets the AlgorithmIdentifiers inside and outside, whatever the scheme.
    pub fn algorithms(mut self, inner: Node, outer: Node) -> Cert {
        self.inner = Some(inner);
        self.outer = Some(outer);
        self
    }

    /// The identifier of the subject's key: SHA-1 of the public key's octets (RFC 5280, 4.2.1.2, method 1).
    pub fn key_id(&self) -> Vec<u8> {
        let given = self.extensions.iter().find(|e| e.oid == crate::der::oid(ext::SKI));
        if let Some(given) = given.and_then(|e| Node::parse(&e.value)) {
            return given.content();
        }
        let spki = self.spki.clone().unwrap_or_else(|| self.key.spki()).encode();
        let key = Node::parse(&spki).map(|mut n| n.at(&[1]).content()).unwrap_or(spki);
        Hash::Sha1.of(key.get(1..).unwrap_or(&key))
    }

    /// The TBSCertificate for this signer.
    pub fn tbs(&self, signer: &Cert) -> Node {
        let spki = self.spki.clone().unwrap_or_else(|| self.key.spki());
        let serial = self.serial.clone().unwrap_or_else(|| {
            let seed = [&self.subject, &spki, &self.not_before, &self.not_after].map(Node::encode).concat();
            let mut serial = Hash::Sha256.of(&seed)[..16].to_vec();
            serial[0] = serial[0] & 0x3f | 0x40;
            int_raw(serial)
        });
        let inner = self.inner.clone().unwrap_or_else(|| self.scheme_for(&signer.key).algorithm());
        let mut tbs = seq(self.version.clone().map(|v| ctx(0, [v])));
        tbs.push(serial);
        tbs.push(inner);
        tbs.push(self.issuer.clone().unwrap_or_else(|| signer.subject.clone()));
        tbs.push(seq([self.not_before.clone(), self.not_after.clone()]));
        tbs.push(self.subject.clone());
        tbs.push(spki);
        for (number, uid) in [(1, &self.issuer_uid), (2, &self.subject_uid)] {
            if let Some(uid) = uid {
                tbs.push(ctx_prim(number, [&[0], uid.as_slice()].concat()));
            }
        }
        let mut extensions = self.extensions.clone();
        if self.key_ids {
            let absent = |list: &[Ext], oid| !list.iter().any(|e| e.oid == crate::der::oid(oid));
            if absent(&extensions, ext::SKI) {
                extensions.push(ext::ski(&self.key_id()));
            }
            if absent(&extensions, ext::AKI) && self.key_id() != signer.key_id() {
                extensions.push(ext::aki(&signer.key_id()));
            }
        }
        if !extensions.is_empty() {
            tbs.push(ctx(3, [seq(extensions.iter().map(Ext::node))]));
        }
        tbs
    }

    fn scheme_for(&self, signer: &Key) -> Scheme {
        self.scheme.clone().unwrap_or_else(|| Scheme::of(signer))
    }

    /// Signs with the certificate's own key.
    pub fn self_signed(self) -> Issued {
        let signer = self.clone();
        self.signed_by(&signer)
    }
    /// Signs with the key of `issuer`, whose subject becomes the issuer.
    pub fn issued_by(self, issuer: &Issued) -> Issued {
        self.signed_by(&issuer.cert)
    }
    /// Signs with the key of `signer`, which need not be signed yet.
    pub fn signed_by(self, signer: &Cert) -> Issued {
        let tbs = self.tbs(signer);
        let der = self.seal(tbs, &signer.key).encode();
        Issued { der, cert: self }
    }
    /// Signs any TBSCertificate, after surgery, with any key: the whole certificate as a node.
    pub fn seal(&self, tbs: Node, signer: &Key) -> Node {
        let scheme = self.scheme_for(signer);
        let algorithm =
            self.outer.clone().or_else(|| self.inner.clone()).unwrap_or_else(|| scheme.algorithm());
        let signature = scheme.sign(signer, &tbs.encode());
        seq([tbs, algorithm, bits_raw(0, &signature)])
    }
    /// Like [`Cert::issued_by`], after `surgery` on the TBSCertificate.
    pub fn issued_after(self, issuer: &Issued, surgery: impl FnOnce(&mut Node)) -> Issued {
        let mut tbs = self.tbs(&issuer.cert);
        surgery(&mut tbs);
        let der = self.seal(tbs, &issuer.cert.key).encode();
        Issued { der, cert: self }
    }
}

impl Issued {
    /// The certificate as PEM.
    pub fn pem(&self) -> String {
        pem::encode("CERTIFICATE", &self.der)
    }
    /// The subject's key as PKCS#8 PEM.
    pub fn key_pem(&self) -> String {
        self.cert.key.pem()
    }
    /// Surgery on the finished certificate; the signature stays as it is.
    pub fn operated(&self, surgery: impl FnOnce(&mut Node)) -> Issued {
        let mut node = Node::parse(&self.der).expect("DER");
        surgery(&mut node);
        Issued { der: node.encode(), cert: self.cert.clone() }
    }
    /// The certificate followed by bytes that do not belong to it.
    pub fn trailing(&self, bytes: &[u8]) -> Issued {
        Issued { der: [self.der.as_slice(), bytes].concat(), cert: self.cert.clone() }
    }
}

/// The PEM blocks of several certificates, one after the other.
pub fn bundle<'a>(certificates: impl IntoIterator<Item = &'a Issued>) -> String {
    certificates.into_iter().map(Issued::pem).collect()
}

/// UTCTime for 13 characters or fewer, else GeneralizedTime.
pub fn time(text: &str) -> Node {
    if text.len() <= 13 { utc_time(text) } else { generalized_time(text) }
}

/// An OCTET STRING's worth of an extension value that is not DER.
pub fn not_der() -> Node {
    octets([0xff, 0xff, 0xff])
}
