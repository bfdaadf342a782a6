use std::collections::HashMap;
use std::sync::LazyLock;

use certgate::certificate::{self, Role};
use certgate::internals::PublicKey;
use certgate::key::PrivateKey;
use certgate::pem::{BlockKind, Expected};
use certgate_forge::key::{self, Key};

use crate::bounds::bounded;
use crate::secrets::assert_untold;
use crate::{NOW, policy, subject, told};

/// The proof that a private key belongs to a certificate: every key of the text against every certificate in it.
///
/// # Panics
/// If a property is broken.
pub fn pair(data: &[u8]) {
    let policy = policy();
    let Ok(text) = std::str::from_utf8(data) else { return };
    let blocks =
        certgate::pem::parse(&text.into(), Expected::Certificates, &policy).value.unwrap_or_default();
    let certificates = blocks.iter().filter(|block| block.kind == BlockKind::Certificate).take(3);
    let certificates: Vec<_> = certificates
        .filter_map(|block| certificate::check(&block.der, Role::Leaf, &policy, NOW).value)
        .collect();
    let keys = blocks.iter().filter(|block| block.kind == BlockKind::PrivateKey).take(3);
    for (block, key) in keys.filter_map(|block| Some((block, PrivateKey::from_der(&block.der).ok()?))) {
        for certificate in &certificates {
            let checked = bounded(data.len(), || certgate::pair::check(certificate, &key, &policy));
            told::checked(&checked, data);
            let Some(public) = certificate.public_key() else { continue };
            let proof = bounded(data.len(), || subject::prove(public, &key, &block.der));
            assert_untold(&format!("{proof:?}"), "a proof");
            if proof.is_ok() {
                assert!(checked.value.is_some(), "the proof holds, the check says otherwise");
                #[cfg(feature = "openssl")]
                assert_ne!(crate::oracle::is_pair(public, &block.der), Some(false), "no pair, says OpenSSL");
                a_changed_key_does_not_pass(public, &block.der, data);
            } else {
                assert!(checked.value.is_none() && !checked.is_ok());
            }
        }
    }
}

/// The secret numbers of the forge's keys by the SubjectPublicKeyInfo.
static NUMBERS: LazyLock<HashMap<Vec<u8>, Vec<Vec<u8>>>> = LazyLock::new(|| {
    let numbers = |key: &Key| match key {
        Key::Rsa(rsa) => [&rsa.d, &rsa.p, &rsa.q, &rsa.dp, &rsa.dq, &rsa.qinv]
            .map(|number| number.magnitude().to_bytes_be())
            .to_vec(),
        Key::Ec(ec) => vec![certgate_forge::curve::octets(&ec.scalar, ec.curve.size)],
        Key::Other(_) => Vec::new(),
    };
    key::names().map(key::named).map(|key| (key.spki().encode(), numbers(&key))).collect()
});

/// One bit of one secret number changed, wherever the input says: the key is refused.
fn a_changed_key_does_not_pass(public: &PublicKey, der: &[u8], data: &[u8]) {
    let Some(numbers) = public.to_spki_der().and_then(|spki| NUMBERS.get(&spki)) else { return };
    let mut dice = crate::mutate::Dice::of(data);
    if numbers.is_empty() {
        return;
    }
    let number = dice.one_of(numbers);
    let Some(at) = der.windows(number.len()).position(|window| window == number) else { return };
    let mut changed = der.to_vec();
    changed[at + dice.below(number.len())] ^= 1 << dice.below(8);
    let passes =
        PrivateKey::from_der(&changed).is_ok_and(|key| subject::prove(public, &key, &changed).is_ok());
    assert!(!passes, "a changed key passes");
}
