//! The arguments that bring roots and issuers.

use std::path::PathBuf;

use clap::Args;

/// Whom the check trusts.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Trust")]
pub(crate) struct TrustArgs {
    /// Does the chain end at a root of this file or folder? `webpki` has the roots of browsers, `system` those of this computer. Revocation
    /// is not looked at
    #[arg(long, value_name = "FILE|webpki|system")]
    pub(crate) trust: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pool: PoolArgs,
}

/// Issuers that a chain is completed with.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Trust")]
pub(crate) struct PoolArgs {
    /// Issuers that complete a chain: a folder or file
    #[arg(long, value_name = "DIR")]
    pub(crate) intermediates: Option<PathBuf>,
}
