//! A keystore as a target wants it: PKCS#12 (RFC 7292), with PBES2 and AES-256, as Java and OpenSSL 3 write it.

use std::path::Path;

use certgate::containers::{Limits, assemble, open};
use certgate::pem::BlockKind;
use certgate::targets::{Conversion, Profile};
use certgate::{At, Policy};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use zeroize::Zeroizing;

use crate::args::OutPassphraseArgs;
use crate::failure::{About, Failure};
use crate::passphrase;

/// Rounds of the derivation of keys: what Java 17 and OpenSSL 3 take some tens of milliseconds for.
const ROUNDS: u32 = 100_000;

/// The shortest passphrase: keytool refuses a shorter one.
const SHORTEST: usize = 6;

/// The name of the entry.
const ALIAS: &str = "server";

/// The passphrase of the keystore that is to be written; `None` where the output is to be PEM.
///
/// # Errors
/// The target takes no keystore, a keystore without a passphrase, or a passphrase without a keystore.
pub(crate) fn wanted(
    output: &Path,
    profile: &Profile,
    arguments: &OutPassphraseArgs,
) -> Result<Option<Zeroizing<String>>, Failure> {
    let usage = |text: String| Err(Failure::new(About::Usage, text));
    let extension = output.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let name = profile.name();
    match extension.to_ascii_lowercase().as_str() {
        "p12" | "pfx" => {}
        "jks" | "keystore" => {
            return usage(
                "Java reads PKCS#12 since version 8: write FILE.p12. Where it must be JKS: `keytool -importkeystore -srckeystore FILE.p12 -destkeystore FILE.jks -deststoretype JKS`"
                    .to_owned(),
            );
        }
        _ if arguments.is_any() => {
            return usage(
                "a passphrase is for a keystore: write FILE.p12, or leave out --out-passphrase".to_owned(),
            );
        }
        _ => return Ok(None),
    }
    if !profile.takes_keystore() {
        return usage(format!("`{name}` takes PEM and no keystore: give another name than FILE.{extension}"));
    }
    let Some(passphrase) = passphrase::read_out(arguments)? else {
        return usage("a keystore has a passphrase: give --out-passphrase-file, --out-passphrase-fd or --out-passphrase-env".to_owned());
    };
    if passphrase.chars().count() < SHORTEST {
        return usage(format!(
            "the passphrase of a keystore must have {SHORTEST} characters or more: keytool refuses a shorter one"
        ));
    }
    Ok(Some(passphrase))
}

/// The keystore with the certificates and the key of a conversion. What was written is opened again and must hold the same.
///
/// # Errors
/// It could not be written so.
pub(crate) fn pkcs12(converted: &Conversion, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = || Failure::new(About::Input, "this pair could not be written as PKCS#12");
    let limits = Limits::default();
    let opened = |bytes: &[u8], passphrase| open("", bytes, passphrase, &limits);
    let objects: Vec<_> =
        converted.files.iter().flat_map(|file| opened(file.content.as_bytes(), None).objects).collect();
    let of = |kind| objects.iter().map(|object| &object.block).filter(move |block| block.kind == kind);
    let key = of(BlockKind::PrivateKey).next().ok_or_else(failed)?;
    let chain: Result<Vec<Certificate>, _> =
        of(BlockKind::Certificate).map(|block| Certificate::from_der(&block.der)).collect();
    let chain = PrivateKeyChain::new(
        // Joins the key and its certificate inside of the file.
        ALIAS,
        PrivateKey::from_der(&key.der).map_err(|_| failed())?,
        chain.map_err(|_| failed())?,
    );
    let mut store = KeyStore::new();
    store.add_entry(ALIAS, KeyStoreEntry::PrivateKeyChain(chain));
    let writer = store.writer(passphrase).encryption_iterations(ROUNDS).mac_iterations(ROUNDS);
    let bytes = Zeroizing::new(writer.write().map_err(|_| failed())?);

    let again = opened(&bytes, Some(passphrase));
    let is_whole = again.objects.len() == objects.len() && again.left_out.is_empty();
    let again = assemble(&again.objects, None, &Policy::default(), At::NotEvaluated);
    match again.sets.as_slice() {
        [set] if set.is_proven && is_whole => Ok(bytes),
        _ => Err(failed()),
    }
}
