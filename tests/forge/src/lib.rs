//! Makes certificates, keys, PEM texts, forms and their faults for the tests of certgate, the same bytes at each run.
//!
//! Nothing here depends on certgate, and no cryptography is shared with it but SHA-2 and Ed25519: what it accepts was
//! made by other code.
//!
//! ```
//! use certgate_forge::{cert::Cert, der, ext, form, key, pem};
//!
//! // A valid form, and one with a fault.
//! let mut form = form::rsa();
//! form.cert_content = form.cert_content.map(|text| pem::literal_n(&text));
//! println!("{}", form.json());
//!
//! // A certificate with a fault, under an issuer.
//! let ca = Cert::ca("Test CA").key(key::p256(1)).self_signed();
//! let leaf = Cert::leaf("a.example").key(key::p256(0)).with_another(ext::san_dns(&["b.example"])).issued_by(&ca);
//! assert!(leaf.pem().starts_with("-----BEGIN CERTIFICATE-----"));
//!
//! // Surgery before signing: the BOOLEAN of basicConstraints written as 01.
//! let odd = Cert::ca("Odd CA").issued_after(&ca, |tbs| *tbs.at(&[7, 0, 0, 1]) = der::boolean_raw(1));
//! assert_ne!(odd.der, leaf.der);
//!
//! // A key that lies: the victim's public part beside a scalar of another key.
//! let victim = key::p256(0).ec();
//! let liar = key::Ec { scalar: key::p256(1).ec().scalar, ..victim };
//! println!("{}", key::Key::from(liar).pem());
//! ```
//!
//! | module | makes |
//! |---|---|
//! | [`der`] | DER, right and wrong; surgery by path |
//! | [`key`] | fixed keys, their parts, every encoding of them, envelopes |
//! | [`curve`] | curve parameters and point arithmetic |
//! | [`sign`] | hashes and deterministic signatures |
//! | [`name`] | distinguished names |
//! | [`ext`] | extensions and general names |
//! | [`cert`] | certificates |
//! | [`pem`] | PEM texts and their damages |
//! | [`chain`] | ready chains |
//! | [`form`] | ready forms |
//! | [`fault`] | changes to ready forms: faults, and what is near a fault and right |
//! | [`foreign`] | what users upload by mistake |
//! | [`size`] | forms of any size, honest and hostile |

pub mod cert;
pub mod chain;
pub mod curve;
pub mod der;
pub mod ext;
pub mod fault;
pub mod foreign;
pub mod form;
pub mod key;
pub mod name;
pub mod pem;
pub mod sign;
pub mod size;

pub use num_bigint::{BigInt, BigUint};
