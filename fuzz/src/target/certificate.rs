use certgate::certificate::{Certificate, Role};
use certgate::{CertificateMetadata, Checked, Severity};

use crate::bounds::bounded;
use crate::secrets::{assert_untold, is_in_certificate};
use crate::{policy, subject, told};

/// The reader of certificates.
///
/// # Panics
/// If a property is broken.
pub fn certificate(data: &[u8]) {
    if is_in_certificate(data) {
        return;
    }
    let policy = policy();
    for role in [Role::Leaf, Role::Issuer, Role::Root] {
        let checked = bounded(data.len(), || subject::check_certificate(data, role, &policy));
        told::checked(&checked, data);
        let Some(certificate) = &checked.value else {
            assert!(!checked.is_ok(), "no value and no error");
            continue;
        };
        assert_eq!(certificate.der().len(), data.len());
        let metadata = bounded(data.len(), || CertificateMetadata::of(certificate));
        for text in [
            format!("{certificate:?}"),
            format!("{metadata:?}"),
            serde_json::to_string(&metadata).expect("JSON"),
        ] {
            assert_untold(&text, "a certificate");
        }
        if role == Role::Leaf {
            is_exact(&checked, data);
            if checked.is_ok() {
                agrees_with_x509_parser(certificate);
                #[cfg(feature = "openssl")]
                agrees_with_openssl(certificate, &metadata);
            }
        }
    }
}

/// A byte more or less is never accepted.
fn is_exact(checked: &Checked<Certificate<'_>>, data: &[u8]) {
    if !checked.is_ok() {
        return;
    }
    let policy = policy();
    for last in [0x00, 0x5a] {
        let more = [data, &[last]].concat();
        assert!(!subject::check_certificate(&more, Role::Leaf, &policy).is_ok(), "a byte more is accepted");
    }
    let less = &data[..data.len() - 1];
    assert!(!subject::check_certificate(less, Role::Leaf, &policy).is_ok(), "a byte less is accepted");
    assert!(checked.findings.iter().all(|finding| finding.severity < Severity::Error));
}

/// Its own reading, not what certgate makes of it.
fn agrees_with_x509_parser(certificate: &Certificate<'_>) {
    use x509_parser::prelude::FromDer;
    let Ok((rest, theirs)) = x509_parser::certificate::X509Certificate::from_der(certificate.der()) else {
        return;
    };
    assert!(rest.is_empty());
    assert_eq!(theirs.tbs_certificate.as_ref(), certificate.tbs());
    assert_eq!(theirs.tbs_certificate.subject_pki.raw, certificate.spki_der());
    assert_eq!(theirs.subject().as_raw(), certificate.subject().der());
    assert_eq!(theirs.issuer().as_raw(), certificate.issuer().der());
    assert_eq!(theirs.signature_value.data.as_ref(), certificate.signature());
    if let Some(time) = certificate.not_before() {
        assert_eq!(time.unix_timestamp(), theirs.validity().not_before.timestamp());
    }
    if let Some(time) = certificate.not_after() {
        assert_eq!(time.unix_timestamp(), theirs.validity().not_after.timestamp());
    }
}

#[cfg(feature = "openssl")]
fn agrees_with_openssl(certificate: &Certificate<'_>, metadata: &CertificateMetadata) {
    let Some((serial, subject, issuer, x509)) = crate::oracle::certificate(certificate.der()) else { return };
    if let Some(ours) = &metadata.serial_number {
        assert_eq!(*ours, serial);
    }
    assert_eq!(certificate.subject().der(), subject);
    assert_eq!(certificate.issuer().der(), issuer);
    let times = [(certificate.not_before(), x509.not_before()), (certificate.not_after(), x509.not_after())];
    for (ours, theirs) in times {
        let ours =
            ours.map(|time| openssl::asn1::Asn1Time::from_unix(time.unix_timestamp()).expect("a time"));
        assert!(ours.is_none_or(|ours| ours == *theirs));
    }
}
