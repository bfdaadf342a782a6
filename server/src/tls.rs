//! TLS: the files, checked by certgate before they are used.

use std::path::Path;
use std::sync::Arc;

use certgate::{CertificateForm, Content, Policy, Severity, validate};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use crate::access::now;
use crate::failure::Failure;

/// Reads a chain and its key, checks them, and makes of them what a connection needs.
pub(crate) fn load(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, Failure> {
    let (chain, key) = (Zeroizing::new(read(certificate)?), Zeroizing::new(read(key)?));
    check(&chain, &key)?;
    let unusable =
        || Failure::new("rustls does not take the certificate or the key of --tls-cert and --tls-key");
    let chain =
        CertificateDer::pem_slice_iter(&chain).collect::<Result<Vec<_>, _>>().map_err(|_| unusable())?;
    let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| unusable())?;
    let mut config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).map_err(|_| unusable())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// certgate's own check. It refuses what it would refuse in an upload; warnings go to the log.
fn check(chain: &[u8], key: &[u8]) -> Result<(), Failure> {
    let mut form = CertificateForm::default();
    form.name = Some("server_tls".to_owned());
    form.cert_content = Some(Content::from_bytes(chain));
    form.private_key = Some(Content::from_bytes(key));
    let result = validate(&form, &Policy::default(), now());
    let report = crate::form::report(&result);
    let worst = if result.is_ok() { Severity::Warning } else { Severity::Error };
    let found = report.findings.iter().filter(|finding| finding.severity == worst);
    let found: Vec<String> =
        found.map(|finding| format!("{}: {}", finding.code(), finding.message)).collect();
    if result.is_err() {
        return Err(Failure::new(format!("--tls-cert and --tls-key are not used: {}", found.join("; "))));
    }
    for finding in found {
        tracing::warn!(finding, "the server's own certificate");
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::new(format!("{} cannot be read: {}", path.display(), error.kind())))
}
