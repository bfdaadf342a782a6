use std::collections::BTreeMap;

use certgate::certificate::{self, Role};
use certgate::internals::prove;
use certgate::key::PrivateKey;
use certgate::pem::{self, BlockKind, Expected};
use certgate::repair::Repaired;
use certgate::{CertificateForm, Field, Finding, Report};

use crate::bounds::bounded;
use crate::secrets::{assert_untold, is_told_by_design};
use crate::{NOW, policy, subject, told};

/// The repair of a form.
///
/// # Panics
/// If a property is broken.
pub fn repair(data: &[u8]) {
    let Ok(form) = serde_json::from_slice::<CertificateForm>(data) else { return };
    if is_told_by_design(&form) {
        return;
    }
    let policy = policy();
    let repaired = bounded(4 * data.len(), || subject::repair(&form, &policy));
    assert_untold(&format!("{repaired:?}"), "a repair");
    told::edits(&repaired.edits);

    let report = report(&repaired);
    assert_eq!(*report, check(&repaired.form), "the result is not that of the repaired form");
    let left: Vec<_> =
        report.findings.iter().filter(|finding| finding.is_fixable()).map(Finding::code).collect();
    assert!(left.is_empty(), "left unrepaired: {left:?}");

    let again = subject::repair(&repaired.form, &policy);
    assert!(again.edits.is_empty(), "repaired twice");
    assert_eq!(again.form, repaired.form, "a second repair changes the form");
    if repaired.edits.is_empty() {
        assert_eq!(repaired.form, form, "no edit, yet changed");
    }
    for field in [Field::Name, Field::Type, Field::InstanceId, Field::AlgorithmType] {
        assert_eq!(repaired.form.text(field), form.text(field));
    }
    // What was changed in its text is as it was before the change: other DER, but no more of it.
    if repaired.edits.iter().any(|edit| edit.mends.contains(&"pem-altered")) {
        let (before, after) = (objects_in(&form, &Field::ALL), objects_in(&repaired.form, &Field::ALL));
        assert!(after.len() <= before.len(), "{} objects of {}", after.len(), before.len());
    } else {
        keeps_the_der(&form, &repaired.form);
    }
}

fn report(repaired: &Repaired) -> &Report {
    match &repaired.result {
        Ok(accepted) => accepted.report(),
        Err(rejected) => rejected.report(),
    }
}

fn check(form: &CertificateForm) -> Report {
    match certgate::validate(form, &policy(), NOW) {
        Ok(accepted) => accepted.into_report(),
        Err(rejected) => rejected.into_report(),
    }
}

/// The distinct DER of the form is that of before, less issuers that the chain does not need, keys that are there in another encoding, and
/// blocks that are neither a certificate nor a private key.
fn keeps_the_der(before: &CertificateForm, after: &CertificateForm) {
    // The keys that are uploaded; one that was left in a field for certificates may be an issuer's.
    // A signature key without a signature certificate counts for nothing.
    let has_sign = after.cert_content_sign.is_some();
    let fields: &[Field] =
        if has_sign { &[Field::PrivateKey, Field::PrivateKeySign] } else { &[Field::PrivateKey] };
    let own = objects_in(after, fields);
    let own: Vec<PrivateKey> = own.keys().filter_map(|der| PrivateKey::from_der(der).ok()).collect();
    let (before, after) = (objects_in(before, &Field::ALL), objects_in(after, &Field::ALL));
    let keys_of = |objects: &BTreeMap<Vec<u8>, BlockKind>| -> Vec<PrivateKey> {
        objects.keys().filter_map(|der| PrivateKey::from_der(der).ok()).collect()
    };
    let (given, keys) = (keys_of(&before), keys_of(&after));
    let is_of_a_given_key = |der: &[u8]| {
        let public = PrivateKey::from_der(der).ok().and_then(|key| key.public_key().ok());
        public.is_some_and(|public| given.iter().any(|key| prove(&public, key).is_ok()))
    };
    let invented = after.keys().filter(|der| !before.contains_key(*der) && !is_of_a_given_key(der)).count();
    assert_eq!(invented, 0, "{invented} objects invented");
    for (der, kind) in before.iter().filter(|(der, _)| !after.contains_key(*der)) {
        if !matches!(kind, BlockKind::Certificate | BlockKind::PrivateKey | BlockKind::EncryptedKey) {
            continue;
        }
        if let Ok(lost) = PrivateKey::from_der(der) {
            let is_kept = |key: &PrivateKey| {
                key.public_key() == lost.public_key()
                    || key.public_key().is_ok_and(|public| prove(&public, &lost).is_ok())
            };
            assert!(keys.iter().any(is_kept), "a key is lost");
            continue;
        }
        let read = certificate::check(der, Role::Issuer, &policy(), NOW)
            .value
            .expect("something unreadable is lost");
        assert!(read.is_ca() || read.is_self_issued(), "a leaf is lost");
        let is_leaf =
            read.public_key().is_some_and(|public| own.iter().any(|key| prove(public, key).is_ok()));
        assert!(!is_leaf, "the key's certificate is lost");
    }
}

/// The DER of everything in these fields of a form, and what it is.
fn objects_in(form: &CertificateForm, fields: &[Field]) -> BTreeMap<Vec<u8>, BlockKind> {
    let contents = fields.iter().filter_map(|field| form.content(*field));
    let blocks = contents
        .flat_map(|content| pem::parse(content, Expected::Certificates, &policy()).value.unwrap_or_default());
    blocks.map(|block| (block.der.to_vec(), block.kind)).collect()
}
