//! The arguments that name a form.

use std::path::PathBuf;

use clap::Args;

/// A form: one JSON file, or the files and values that it is made of.
#[derive(Debug, Args)]
pub(crate) struct FormArgs {
    /// The form: a JSON object with the field names of the API; `-` is standard input
    #[arg(value_name = "FORM.json", required_unless_present_any = PARTS, conflicts_with_all = PARTS)]
    pub(crate) form: Option<PathBuf>,
    /// The certificate's name
    #[arg(long, value_name = "N", requires = "cert", requires = "key", help_heading = "Instead of a form")]
    pub(crate) name: Option<String>,
    /// The certificate and its chain, PEM or DER; for SM2, the encryption certificate
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) cert: Option<PathBuf>,
    /// The private key, PEM or DER; for SM2, the encryption key
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) key: Option<PathBuf>,
    /// SM2: the signature certificate and its chain
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) sign_cert: Option<PathBuf>,
    /// SM2: the private key of the signature certificate
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) sign_key: Option<PathBuf>,
    /// The CA certificates that client certificates must come from
    #[arg(long, value_name = "FILE", requires = "name", help_heading = "Instead of a form")]
    pub(crate) root_ca: Option<PathBuf>,
    /// RSA, ECC or SM2; without it, the certificate's key decides
    #[arg(long, value_name = "ALGORITHM", requires = "name", help_heading = "Instead of a form")]
    pub(crate) algorithm: Option<String>,
    /// `instance` or `global`
    #[arg(long = "type", value_name = "T", requires = "name", help_heading = "Instead of a form")]
    pub(crate) certificate_type: Option<String>,
    /// The gateway, mandatory with `--type instance`
    #[arg(long, value_name = "I", requires = "name", help_heading = "Instead of a form")]
    pub(crate) instance_id: Option<String>,
}

const PARTS: [&str; 9] = [
    "name",
    "cert",
    "key",
    "sign_cert",
    "sign_key",
    "root_ca",
    "algorithm",
    "certificate_type",
    "instance_id",
];
