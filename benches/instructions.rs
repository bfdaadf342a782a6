//! Proves keys of two classes (`classes.rs`), one call of `counted` for each and a line for it: what `instructions.sh` counts.

#![allow(
    missing_docs,
    clippy::print_stdout,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing
)]

mod classes;

use std::hint::black_box;

use certgate::internals::PublicKey;
use certgate::internals::prove;
use certgate::key::PrivateKey;

#[global_allocator]
static HEAP: certgate_heap::Level = certgate_heap::Level;

/// Its symbol is what the counting begins and ends at.
#[inline(never)]
fn counted(work: &dyn Fn() -> bool) -> bool {
    black_box(work())
}

fn main() {
    let tests = [
        ("P-256", classes::p256()),
        ("P-384", classes::p384()),
        ("P-521", classes::p521()),
        ("SM2", classes::sm2()),
        ("RSA d", classes::rsa_d()),
        ("RSA p", classes::rsa_p()),
        ("RSA dP", classes::rsa_dp()),
        ("RSA dP, ones", classes::rsa_dp_ones()),
        ("RSA dQ", classes::rsa_dq()),
        ("RSA qInv", classes::rsa_qinv()),
    ];
    for (name, classes) in &tests {
        let public = PublicKey::from_spki_der(&classes.public.spki().encode()).unwrap();
        let read = |key: &certgate_forge::key::Key| PrivateKey::from_der(&key.pkcs8()).unwrap();
        // Builds the tables, and takes from the heap what is then reused.
        for key in classes.left.iter().take(2) {
            assert!(prove(&public, &read(key)).is_err());
        }
        for (class, keys) in [("special", &classes.left), ("random", &classes.right)] {
            for key in keys {
                let key = read(key);
                assert!(!counted(&|| prove(&public, &key).is_ok()));
                println!("{name}\t{class}");
            }
        }
    }
    // The check of the check: a comparison that stops at the first difference.
    let secret = black_box([7_u8; 64]);
    for (class, at) in [("special", 0), ("random", 40)] {
        let mut guess = secret;
        guess[at] = 8;
        assert!(!counted(&|| secret.iter().zip(&guess).all(|(one, other)| one == other)));
        println!("leaky\t{class}");
    }
}
