//! Proves: an accepted form holds the private half of the key of the **first** certificate of cert_content, which is the one that a server
//! presents; whatever the order of the chain, whichever members are CAs, and whoever owns the key. The forge knows the keys; certgate is not
//! asked. Takes 10 seconds. The oracle `pairs` asks Go about the same forms.
#![allow(clippy::restriction, dead_code, unreachable_pub)]

#[path = "../support/owners.rs"]
mod owners;

use certgate::validate;
use owners::{owned, policies};

const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

#[test]
fn accepted_means_that_the_key_is_that_of_the_first_certificate() {
    let forms = owned();
    let mut breaches = Vec::new();
    for (which, policy) in policies() {
        let mut accepted = 0;
        for form in &forms {
            if validate(&form.form, &policy, NOW).is_ok() {
                accepted += 1;
                if !form.is_of_the_first() {
                    breaches.push(format!("{which}: {}", form.name));
                }
            }
        }
        println!("{which}: {} forms, {accepted} accepted", forms.len());
        assert!(accepted >= 30, "{which}: only {accepted} of {} forms are accepted", forms.len());
    }
    assert!(
        breaches.is_empty(),
        "{} accepted with a key of another certificate:\n{}",
        breaches.len(),
        breaches.join("\n")
    );
}
