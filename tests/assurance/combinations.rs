//! Proves: of two, three and eight faults in one form each is reported, or the table here says which hides it and why. Takes 3 seconds.
#![allow(clippy::restriction)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use certgate::CertificateForm;
use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::form::Form;
use certgate_forge::key::{self, Key, Rsa};
use certgate_forge::sign::{Hash, Scheme};
use certgate_forge::{chain, der, ext, name, pem};
use support::{Complaints, NOW, check, findings, policy};

/// A form in the making: its parts before they are signed and written.
#[derive(Clone)]
struct Draft {
    form: Form,
    leaf: Cert,
    issuer: Cert,
    /// The certificates after the leaf and its issuer.
    more: Vec<Issued>,
    is_leaf_damaged: bool,
    is_issuer_first: bool,
    is_issuer_twice: bool,
    roots: Vec<Issued>,
    key: String,
    cert_text: Vec<fn(&str) -> String>,
    key_text: Vec<fn(&str) -> String>,
}

/// Certificates that were signed before, by the parts they were made of.
type Signed = BTreeMap<String, Issued>;

impl Draft {
    fn new() -> Self {
        Self {
            form: Form::of("RSA", &[]),
            leaf: chain::plain_leaf(key::rsa2048(0)),
            issuer: chain::plain_issuers().0.cert,
            more: Vec::new(),
            is_leaf_damaged: false,
            is_issuer_first: false,
            is_issuer_twice: false,
            roots: Vec::new(),
            key: key::rsa2048(0).pem(),
            cert_text: Vec::new(),
            key_text: Vec::new(),
        }
    }

    fn form(self, signed: &mut Signed) -> Form {
        let (_, root) = chain::plain_issuers();
        let mut sign = |cert: Cert, by: &Issued| {
            let parts = format!("{cert:?} {:?}", by.der);
            signed.entry(parts).or_insert_with(|| cert.issued_by(by)).clone()
        };
        let issuer = sign(self.issuer, &root);
        let mut leaf = sign(self.leaf, &issuer);
        if self.is_leaf_damaged {
            *leaf.der.last_mut().unwrap() ^= 1;
        }
        let mut certificates = if self.is_issuer_first { vec![issuer, leaf] } else { vec![leaf, issuer] };
        certificates.extend(self.more);
        if self.is_issuer_twice {
            certificates.push(certificates[usize::from(!self.is_issuer_first)].clone());
        }
        let mut form = self.form;
        form.cert_content =
            Some(self.cert_text.iter().fold(bundle(&certificates), |text, change| change(&text)));
        form.private_key = Some(self.key_text.iter().fold(self.key, |text, change| change(&text)));
        form.trusted_root_ca = (!self.roots.is_empty()).then(|| bundle(&self.roots));
        form
    }
}

/// One thing that is wrong, and the codes that say so.
struct Fault {
    name: &'static str,
    codes: &'static [&'static str],
    apply: fn(&mut Draft),
}

const fn fault(name: &'static str, codes: &'static [&'static str], apply: fn(&mut Draft)) -> Fault {
    Fault { name, codes, apply }
}

fn leaf(draft: &mut Draft, change: impl FnOnce(Cert) -> Cert) {
    draft.leaf = change(draft.leaf.clone());
}
fn issuer(draft: &mut Draft, change: impl FnOnce(Cert) -> Cert) {
    draft.issuer = change(draft.issuer.clone());
}
fn attribute(draft: &mut Draft, value: (&'static str, der::Node)) {
    leaf(draft, |cert| {
        let mut subject = cert.subject.clone();
        subject.push(der::set([name::attribute(value.0, value.1)]));
        cert.subject(subject)
    });
}

/// Issuers of other chains.
static STRANGERS: LazyLock<[Issued; 2]> =
    LazyLock::new(|| [chain::google().intermediate, chain::amazon().intermediate]);

/// Roots for clients; the last is expired.
static ROOTS: LazyLock<[Issued; 3]> = LazyLock::new(|| {
    let root = |name, key| Cert::ca(name).key(key::p256(key));
    [root("A", 1), root("B", 1), root("C", 2).not_after("260101000000Z")].map(Cert::self_signed)
});

/// The faults, in the order in which they are applied.
const FAULTS: &[Fault] = &[
    // The form.
    fault("name-hyphen", &["name-character"], |d| d.form.name.as_mut().unwrap().insert(2, '-')),
    fault("name-digit-first", &["name-start"], |d| d.form.name.as_mut().unwrap().insert(0, '1')),
    fault("name-of-3", &["name-too-short"], |d| d.form.name.as_mut().unwrap().truncate(3)),
    fault("unknown-field", &["field-unknown"], |d| {
        d.form.extra.insert("certificate".to_owned(), "x".into());
    }),
    fault("instance-without-id", &["field-missing"], |d| d.form.kind = Some("instance".to_owned())),
    fault("algorithm-of-another", &["algorithm-contradicts"], |d| {
        d.form.algorithm_type = Some("ECC".to_owned())
    }),
    fault("algorithm-unknown", &["algorithm-invalid"], |d| d.form.algorithm_type = Some("DSA".to_owned())),
    fault("sign-key-for-nothing", &["sign-unused"], |d| {
        d.form.private_key_sign = Some(key::rsa2048(1).pem())
    }),
    // The leaf.
    fault("serial-negative", &["cert-serial-number"], |d| leaf(d, |c| c.serial([0x85, 1]))),
    fault("boolean-01", &["cert-lax-encoding"], |d| {
        leaf(d, |c| c.with(ext::basic_constraints(false, None).critical_node(der::boolean_raw(1))));
    }),
    fault("not-utf8", &["cert-name-not-utf8"], |d| attribute(d, ("OU", der::utf8(b"\xb9\xe3")))),
    fault("t61-string", &["cert-name-t61"], |d| attribute(d, ("OU", der::t61(b"Z\xfcrich")))),
    fault("control-character", &["cert-name-deceptive"], |d| attribute(d, ("OU", der::utf8("a\x07b")))),
    fault("unknown-critical-extension", &["cert-critical-extension"], |d| {
        leaf(d, |c| c.with(ext::unknown().critical()))
    }),
    fault("wildcard-inside", &["cert-wildcard-shape"], |d| {
        leaf(d, |c| c.with(ext::san_dns(&["www.*.example"])))
    }),
    fault("san-absent", &["cert-san-missing"], |d| leaf(d, |c| c.without(ext::SAN))),
    fault("duplicate-extension", &["cert-duplicate-extension"], |d| {
        leaf(d, |c| c.with_another(ext::key_usage(ext::DIGITAL_SIGNATURE)));
    }),
    fault("without-server-auth", &["cert-not-for-servers"], |d| {
        leaf(d, |c| c.with(ext::ext_key_usage(&[ext::CLIENT_AUTH])))
    }),
    fault("utc-time-offset", &["cert-time-lax"], |d| {
        leaf(d, |c| Cert { not_before: der::utc_time("250101080000+0800"), ..c });
    }),
    fault("expired", &["cert-expired"], |d| leaf(d, |c| c.not_after("260531235959Z"))),
    fault("after-2038", &["cert-expires-after-2038"], |d| leaf(d, |c| c.not_after("380119031408Z"))),
    fault("sha1-signature", &["cert-weak-signature"], |d| leaf(d, |c| c.scheme(Scheme::Rsa(Hash::Sha1)))),
    fault("exponent-even", &["cert-key-invalid"], |d| {
        let parts = Rsa { e: 65536.into(), ..key::rsa2048(0).rsa() };
        leaf(d, |c| c.spki(parts.spki()));
    }),
    // The key.
    fault("key-of-another", &["match-other-key"], |d| d.key = key::rsa2048(1).pem()),
    fault("key-that-lies", &["match-key-contradicts-itself"], |d| {
        let (victim, other) = (key::rsa2048(0).rsa(), key::rsa2048(1).rsa());
        d.key = Key::from(Rsa { d: other.d, ..victim }).pem();
    }),
    fault("key-trailing-byte", &["key-trailing-bytes"], |d| {
        d.key = pem::encode("PRIVATE KEY", &[pem::decode(&d.key), vec![0]].concat());
    }),
    fault("key-label", &["key-label"], |d| d.key = pem::relabelled(&d.key, "RSA PRIVATE KEY")),
    fault("key-encrypted", &["key-encrypted"], |d| d.key = key::RSA_ENCRYPTED.to_owned()),
    fault("second-key", &["keys-differ"], |d| d.key += &key::rsa3072().pem()),
    // The chain.
    fault("issuer-not-ca", &["chain-issuer-not-ca"], |d| {
        issuer(d, |c| c.with(ext::key_usage(ext::DIGITAL_SIGNATURE)))
    }),
    fault("issuer-expired", &["chain-issuer-expired"], |d| issuer(d, |c| c.not_after("260101000000Z"))),
    fault("signature-damaged", &["chain-signature"], |d| d.is_leaf_damaged = true),
    fault("issuer-first", &["chain-leaf-not-first"], |d| d.is_issuer_first = true),
    fault("issuer-twice", &["chain-duplicate"], |d| d.is_issuer_twice = true),
    fault("root-included", &["chain-root-included"], |d| d.more.push(chain::plain_issuers().1)),
    fault("unrelated", &["chain-gap"], |d| d.more.push(STRANGERS[0].clone())),
    // Trusted roots.
    fault("roots-with-global", &["root-with-global"], |d| d.roots.push(ROOTS[0].clone())),
    fault("one-root-expired", &["root-expired"], |d| {
        d.roots.extend(ROOTS[1..].iter().cloned());
    }),
    // The texts.
    fault("key-trailing-spaces", &["pem-body-space"], |d| d.key_text.push(pem::trailing_spaces)),
    fault("key-nbsp", &["pem-bad-character"], |d| d.key_text.push(|t| pem::inside(t, "\u{a0}"))),
    fault("key-without-end", &["pem-truncated"], |d| d.key_text.push(pem::without_end)),
    fault("block-cut-off", &["pem-truncated"], |d| {
        d.cert_text.push(|t| t.to_owned() + &pem::truncated(&chain::plain_issuers().1.pem()));
    }),
    fault("unreadable-block-first", &["cert-unreadable"], |d| {
        d.cert_text.push(|t| pem::encode("CERTIFICATE", &[0x30, 0x03, 0x02, 0x01, 0x00]) + t);
    }),
    fault("cert-holds-a-key", &["key-exposed"], |d| {
        d.cert_text.push(|t| t.to_owned() + &key::rsa2048(1).pem())
    }),
    fault("certificate-beside-key", &["certificate-in-key-field"], |d| {
        d.key_text.push(|t| t.to_owned() + &STRANGERS[1].pem());
    }),
    fault("text-around", &["pem-text-around"], |d| d.cert_text.push(pem::bag_attributes)),
    fault("cert-literal-n", &["pem-escaped-newlines"], |d| d.cert_text.push(pem::literal_n)),
    fault("cert-quoted", &["pem-quoted"], |d| d.cert_text.push(pem::quoted)),
    fault("key-bom", &["pem-bom"], |d| d.key_text.push(pem::bom)),
];

/// Faults that hide others, and why they do.
struct Hiding {
    by: &'static [&'static str],
    /// A fault that has to be there as well.
    with: Option<&'static str>,
    what: &'static [&'static str],
    /// What the report then lists as not evaluated.
    told: Option<&'static str>,
    why: &'static str,
}

const HIDING: &[Hiding] = &[
    Hiding {
        by: &["instance-without-id"],
        with: None,
        what: &["roots-with-global"],
        told: None,
        why: "the certificate is not global then",
    },
    Hiding {
        by: &["algorithm-unknown"],
        with: None,
        what: &["algorithm-of-another"],
        told: None,
        why: "one field has one value",
    },
    Hiding {
        by: &["exponent-even"],
        with: None,
        what: &["algorithm-of-another", "key-of-another", "key-that-lies"],
        told: Some("match"),
        why: "a public key that could not be read is compared with nothing",
    },
    Hiding {
        by: &["exponent-even"],
        with: Some("algorithm-unknown"),
        what: &["sign-key-for-nothing"],
        told: Some("private_key_sign"),
        why: "where nothing tells the algorithm, the signature fields may be needed",
    },
    Hiding {
        by: &["san-absent"],
        with: None,
        what: &["wildcard-inside"],
        told: None,
        why: "without the extension there is no wildcard",
    },
    Hiding {
        by: &["after-2038"],
        with: None,
        what: &["expired"],
        told: None,
        why: "one certificate has one notAfter",
    },
    Hiding {
        by: &["key-that-lies"],
        with: None,
        what: &["key-of-another"],
        told: None,
        why: "the key that lies has taken its place",
    },
    Hiding {
        by: &["key-trailing-byte"],
        with: None,
        what: &["key-of-another", "key-that-lies", "key-label"],
        told: Some("match"),
        why: "a private key that could not be read is compared with nothing",
    },
    Hiding {
        by: &["key-encrypted"],
        with: None,
        what: &["key-of-another", "key-that-lies", "key-trailing-byte", "key-label"],
        told: Some("match"),
        why: "the encrypted key has taken the other's place",
    },
    Hiding {
        by: &["second-key"],
        with: None,
        what: &["key-of-another", "key-that-lies", "key-trailing-byte", "key-label", "key-encrypted"],
        told: Some("match"),
        why: "neither of two keys is chosen, so neither is looked into",
    },
    Hiding {
        by: &["key-without-end"],
        with: None,
        what: &["key-of-another", "key-that-lies", "key-trailing-byte", "key-label", "key-encrypted"],
        told: Some("match"),
        why: "a block that could not be decoded holds no key",
    },
    Hiding {
        by: &["key-without-end"],
        with: None,
        what: &["second-key"],
        told: None,
        why: "of the two keys only one could be decoded",
    },
    Hiding {
        by: &["key-nbsp"],
        with: None,
        what: &["key-trailing-spaces"],
        told: None,
        why: "the lines are read again without what was added to them, spaces among it",
    },
    Hiding {
        by: &["key-nbsp"],
        with: None,
        what: &["key-trailing-byte"],
        told: Some("match"),
        why: "the text is not read again without the space where no sound key comes out",
    },
    Hiding {
        by: &["key-without-end"],
        with: None,
        what: &["key-trailing-spaces", "key-nbsp"],
        told: Some("match"),
        why: "a body without an end is not looked into",
    },
    Hiding {
        by: &["block-cut-off", "unreadable-block-first"],
        with: None,
        what: &["unrelated"],
        told: Some("chain"),
        why: "what joins it to the chain may be the certificate that could not be read",
    },
];

/// A small generator of random numbers (xorshift64*), so that the combinations are the same at each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let wide = u128::from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)) * bound as u128;
        usize::try_from(wide >> 64).unwrap()
    }
}

struct Check {
    signed: Signed,
    used: BTreeSet<(usize, &'static str, &'static str)>,
    complaints: Complaints,
}

impl Check {
    fn new() -> Self {
        Self { signed: Signed::new(), used: BTreeSet::new(), complaints: Complaints::default() }
    }

    fn combination(&mut self, faults: &[&Fault]) {
        let mut draft = Draft::new();
        for fault in faults {
            (fault.apply)(&mut draft);
        }
        let form: CertificateForm = serde_json::from_str(&draft.form(&mut self.signed).json()).unwrap();
        let report = check(&form, &policy(), NOW);
        let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
        for fault in faults {
            if fault.codes.iter().all(|code| report.findings.iter().any(|finding| finding.code() == *code)) {
                continue;
            }
            let reason = HIDING.iter().enumerate().find_map(|(index, hiding)| {
                let by = names.iter().find(|name| hiding.by.contains(*name))?;
                let is_complete = hiding.with.is_none_or(|with| names.contains(&with));
                let is_told = hiding
                    .told
                    .is_none_or(|told| report.not_evaluated.iter().any(|entry| entry.code == told));
                (is_complete && is_told && hiding.what.contains(&fault.name))
                    .then_some((index, *by, fault.name))
            });
            match reason {
                Some(reason) => {
                    self.used.insert(reason);
                }
                None => self.complaints.add(format!(
                    "{names:?}: {} is missing; the report has {:?}, not evaluated {:?}",
                    fault.name,
                    findings(&report),
                    report.not_evaluated.iter().map(|entry| &*entry.code).collect::<Vec<_>>()
                )),
            }
        }
    }
}

/// The table of faults itself: each alone is reported.
#[test]
fn each_fault_alone_is_reported() {
    let mut run = Check::new();
    for fault in FAULTS {
        run.combination(&[fault]);
    }
    run.complaints.done("faults that are not reported");
}

#[test]
fn every_two_and_a_thousand_times_three_faults_are_all_reported_or_hidden_for_a_reason() {
    let mut run = Check::new();
    for (index, one) in FAULTS.iter().enumerate() {
        for other in &FAULTS[index + 1..] {
            run.combination(&[one, other]);
        }
    }
    let mut random = Random(0x00ce_47ca_7e00_2026);
    let mut seen = BTreeSet::new();
    while seen.len() < 1000 {
        let three: BTreeSet<usize> = (0..3).map(|_| random.below(FAULTS.len())).collect();
        if three.len() == 3 && seen.insert(three.clone()) {
            let faults: Vec<&Fault> = three.iter().map(|index| &FAULTS[*index]).collect();
            run.combination(&faults);
        }
    }
    for (index, hiding) in HIDING.iter().enumerate() {
        for by in hiding.by {
            for what in hiding.what.iter().filter(|what| *what != by) {
                if !run.used.contains(&(index, *by, *what)) {
                    run.complaints
                        .add(format!("{by} does not hide {what}: \"{}\" is not needed", hiding.why));
                }
            }
        }
    }
    run.complaints.done("complaints about combinations");
}

#[test]
fn eight_faults_are_reported_in_one_run() {
    let names = [
        "name-digit-first",
        "unknown-field",
        "serial-negative",
        "expired",
        "key-label",
        "key-of-another",
        "issuer-not-ca",
        "cert-quoted",
    ];
    let mut draft = Draft::new();
    let mut codes = BTreeSet::new();
    for fault in FAULTS.iter().filter(|fault| names.contains(&fault.name)) {
        (fault.apply)(&mut draft);
        codes.extend(fault.codes.iter().copied());
    }
    let form: CertificateForm = serde_json::from_str(&draft.form(&mut Signed::new()).json()).unwrap();
    let report = check(&form, &policy(), NOW);
    let found: BTreeSet<&str> = report.findings.iter().map(|finding| finding.code()).collect();
    assert_eq!(codes.len(), 8);
    assert_eq!(found, codes, "{report:?}");
}
