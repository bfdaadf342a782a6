//! Forms in which the key belongs to each member of a chain in turn, or to none: every order of the members, every choice of which are CAs.

use certgate::{CertificateForm, Policy, PolicySettings, Severity, catalogue};
use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::ext;
use certgate_forge::form::Form;
use certgate_forge::key::{self, Key};
use certgate_forge::name::name;

/// A form, and what the forge knows of it.
pub struct Owned {
    /// What it is made of, for messages.
    pub name: String,
    pub form: CertificateForm,
    /// cert_content and private_key as they stand in the form.
    pub certificates: String,
    pub key: String,
    /// The SPKI of the first certificate, and that of the private key, as the forge encodes them.
    pub first_spki: Vec<u8>,
    pub key_spki: Vec<u8>,
}

impl Owned {
    /// Whether the private key is that of the first certificate.
    pub fn is_of_the_first(&self) -> bool {
        self.first_spki == self.key_spki
    }
}

/// What signs the members.
#[derive(Clone, Copy, PartialEq)]
enum Signed {
    /// Each by the next; the last by itself.
    Chain,
    Alone,
    /// Each by the next, and all under one name.
    ChainOfOneName,
}

const MEMBERS: usize = 3;

/// Keys of three members, and one that belongs to none.
fn families() -> [(&'static str, [Key; MEMBERS + 1]); 4] {
    let (rsa, ec) = (key::rsa2048, key::p256);
    [
        ("RSA", [rsa(0), rsa(1), rsa(2), key::rsa3072()]),
        ("P-256", [ec(0), ec(1), ec(2), key::p384(0)]),
        ("P-256 under RSA", [ec(0), rsa(0), rsa(1), ec(1)]),
        ("RSA under P-256", [rsa(0), ec(0), ec(1), rsa(1)]),
    ]
}

/// Each member with a SAN and with what a server needs, so that any of them could be the server's certificate.
fn member(place: usize, key: Key, is_ca: bool, signed: Signed) -> Cert {
    let host = format!("m{place}.forge.example");
    let usage = ext::DIGITAL_SIGNATURE | if is_ca { ext::KEY_CERT_SIGN } else { 0 };
    let common_name = if signed == Signed::ChainOfOneName { "one name" } else { &*host };
    Cert::leaf(&host)
        .subject(name(&[("O", "Forge Ltd"), ("CN", common_name)]))
        .key(key)
        .with(ext::basic_constraints(is_ca, None))
        .with(ext::key_usage(usage))
}

fn members(keys: &[Key; MEMBERS + 1], flags: usize, signed: Signed) -> Vec<Issued> {
    let plain: Vec<Cert> = (0..MEMBERS)
        .map(|place| member(place, keys[place].clone(), flags >> place & 1 == 1, signed))
        .collect();
    (0..MEMBERS)
        .map(|place| match plain.get(place + 1) {
            Some(next) if signed != Signed::Alone => plain[place].clone().signed_by(next),
            _ => plain[place].clone().self_signed(),
        })
        .collect()
}

/// Every choice of one to three members, in every order.
fn arrangements() -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    while from < all.len() {
        for place in 0..MEMBERS {
            if !all[from].contains(&place) {
                let longer = [all[from].as_slice(), &[place]].concat();
                all.push(longer);
            }
        }
        from += 1;
    }
    all.into_iter().filter(|arrangement| !arrangement.is_empty()).collect()
}

/// All the forms.
pub fn owned() -> Vec<Owned> {
    let mut forms = Vec::new();
    for (family, keys) in families() {
        for (signing, signed) in [
            ("a chain", Signed::Chain),
            ("all self-signed", Signed::Alone),
            ("a chain of one name", Signed::ChainOfOneName),
        ] {
            for flags in 0..1 << MEMBERS {
                let members = members(&keys, flags, signed);
                for arrangement in arrangements() {
                    let certificates = bundle(arrangement.iter().map(|place| &members[*place]));
                    for (owner, key) in keys.iter().enumerate() {
                        let form = Form {
                            name: Some("owner_test".to_owned()),
                            cert_content: Some(certificates.clone()),
                            private_key: Some(key.pem()),
                            ..Form::default()
                        };
                        let owner = if owner == MEMBERS { "none".to_owned() } else { owner.to_string() };
                        forms.push(Owned {
                            name: format!(
                                "{family}, {signing}, CAs {flags:03b}, members {arrangement:?}, key of {owner}"
                            ),
                            form: serde_json::from_str(&form.json()).unwrap(),
                            certificates: certificates.clone(),
                            key: key.pem(),
                            first_spki: keys[arrangement[0]].spki().encode(),
                            key_spki: key.spki().encode(),
                        });
                    }
                }
            }
        }
    }
    forms
}

/// The default policy, and one that lowers to a note whatever may be lowered.
pub fn policies() -> [(&'static str, Policy); 2] {
    let mut settings = PolicySettings::default();
    for rule in catalogue::all().iter().filter(|rule| rule.admits(Severity::Note)) {
        settings.severity.insert(rule.code.to_owned(), Severity::Note);
    }
    [("default policy", Policy::default()), ("softest policy", Policy::new(settings).expect("soft rules"))]
}
