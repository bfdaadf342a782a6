//! The arguments that name a form.

use std::path::PathBuf;

use clap::Args;

/// A form: one JSON file, or the files and values that it is made of.
#[derive(Debug, Args)]
pub(crate) struct FormArgs {
    /// The form: a JSON object with the field names of the API; `-` is standard input
    #[arg(value_name = "FORM.json", required_unless_present_any = PARTS, conflicts_with_all = PARTS)]
    pub(crate) form: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) parts: Parts,
}

/// The files and values that a form is made of.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Instead of a form")]
pub(crate) struct Parts {
    /// The certificate's name
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
    /// The certificate and its chain, PEM or DER; for SM2, the encryption certificate. Several files in PEM follow one another
    #[arg(long, value_name = "FILE", requires = "name", requires = "key")]
    pub(crate) cert: Vec<PathBuf>,
    /// Issuers that follow the certificate, PEM; may be repeated
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) chain: Vec<PathBuf>,
    /// The private key, PEM or DER; for SM2, the encryption key
    #[arg(long, value_name = "FILE", requires = "name", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// SM2: the signature certificate and its chain
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) sign_cert: Option<PathBuf>,
    /// SM2: the private key of the signature certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) sign_key: Option<PathBuf>,
    /// The CA certificates that client certificates must come from
    #[arg(long, value_name = "FILE")]
    pub(crate) root_ca: Option<PathBuf>,
    /// RSA, ECC or SM2; without it, the certificate's key decides
    #[arg(long, value_name = "ALGORITHM")]
    pub(crate) algorithm: Option<String>,
    /// `instance` or `global`
    #[arg(long = "type", value_name = "T")]
    pub(crate) certificate_type: Option<String>,
    /// The gateway, mandatory with `--type instance`
    #[arg(long, value_name = "I")]
    pub(crate) instance_id: Option<String>,
}

impl Parts {
    /// Whether one of them is given.
    pub(crate) fn is_any(&self) -> bool {
        let Self { name, cert, chain, key, sign_cert, sign_key, root_ca, .. } = self;
        let Self { algorithm, certificate_type, instance_id, .. } = self;
        !cert.is_empty()
            || !chain.is_empty()
            || [name, algorithm, certificate_type, instance_id].into_iter().any(Option::is_some)
            || [key, sign_cert, sign_key, root_ca].into_iter().any(Option::is_some)
    }
}

/// One of these stands in the place of a form.
pub(super) const PARTS: [&str; 10] = [
    "name",
    "cert",
    "chain",
    "key",
    "sign_cert",
    "sign_key",
    "root_ca",
    "algorithm",
    "certificate_type",
    "instance_id",
];

/// These stand in the place of what a path holds; the other parts go beside it.
pub(super) const FILES: [&str; 5] = ["cert", "chain", "key", "sign_cert", "sign_key"];
