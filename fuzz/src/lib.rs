//! What must hold for any input.
//!
//! Each function here takes the bytes of one input, drives one entry point of certgate with them, and panics where a property is
//! broken. The fuzzer calls them with what it makes up, `tests/replay.rs` with the seeds and with mutations of the seeds.
//!
//! | target | input | besides "no panic, bounded cost, clean text, no secret told" |
//! |---|---|---|
//! | [`name`] | text | the verdict is that of the reference page's rule, written once more |
//! | [`pem`] | text | the blocks are those of two other readers; written anew they are read again without a finding |
//! | [`certificate`] | DER | facts agree with x509-parser's and OpenSSL's; a byte more or less is never accepted |
//! | [`key`] | DER | a key that proves itself passes OpenSSL's check and has the same public half |
//! | [`pair`] | PEM of certificate and key | what matches, OpenSSL matches; a changed key does not |
//! | [`form`] | JSON | overrides of severity change no fact; the API's answer is that of the first error; what is accepted, OpenSSL matches |
//! | [`repair`] | JSON | idempotent; no DER lost but copies and roots, none invented; nothing fixable is left |
//! | [`containers`] | any file | archives, keystores and manifests cost no more than their limits; what is called proven is proven to the check |
//! | [`border`] | a call by C | the number and the text are those of the library; NULL and wrong lengths are refused; each text can be given back |
//! | [`json`] | text | read, written and read again it is the same; errors tell nothing of the input; any policy that can be read holds |

pub mod bounds;
pub mod mutate;
#[cfg(feature = "openssl")]
mod oracle;
mod packed;
mod secrets;
pub mod seeds;
mod subject;
mod target;
mod told;

pub use target::border::border;
pub use target::certificate::certificate;
pub use target::containers::containers;
pub use target::form::form;
pub use target::json::json;
pub use target::key::key;
pub use target::name::name;
pub use target::pair::pair;
pub use target::pem::pem;
pub use target::repair::repair;

use certgate::Policy;
use certgate::time::OffsetDateTime;
use certgate::time::macros::datetime;

#[global_allocator]
static HEAP: certgate_heap::Counting = certgate_heap::Counting;

/// A target: its name, its property, and what mutates its inputs by their structure.
pub type Target = (&'static str, fn(&[u8]), Option<mutate::Mutator>);

/// All targets.
pub const TARGETS: [Target; 10] = [
    ("name", name, None),
    ("pem", pem, Some(mutate::pem)),
    ("certificate", certificate, Some(mutate::der)),
    ("key", key, Some(mutate::der)),
    ("pair", pair, Some(mutate::pem)),
    ("form", form, Some(mutate::form)),
    ("repair", repair, Some(mutate::form)),
    ("json", json, None),
    ("containers", containers, Some(mutate::octets)),
    ("border", border, Some(mutate::border)),
];

/// The time for which the forms of the seeds are made.
const NOW: OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

/// The default policy.
fn policy() -> Policy {
    Policy::default()
}
