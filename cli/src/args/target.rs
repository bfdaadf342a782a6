//! The arguments that name targets: programs and services that will load the upload.

use clap::Args;

use super::Format;

#[derive(Debug, Default, Args)]
pub(crate) struct TargetArgs {
    /// Also say what this target will do with the upload: a name of `certgate targets`, `all`, or a profile (a file that ends
    /// in .toml). Several by repeating. A target that refuses makes the exit status 1
    #[arg(long = "target", value_name = "NAME")]
    pub(crate) targets: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  certgate targets\n  certgate explain target nginx")]
pub(crate) struct Targets {
    /// How to write the list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}
