//! The arguments that name targets: programs and services that will load the upload.

use std::path::PathBuf;

use clap::Args;

use super::{Format, PassphraseArgs, PolicyArgs, PoolArgs};

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Passphrase of the keystore that is written")]
#[group(multiple = false)]
pub(crate) struct OutPassphraseArgs {
    /// A file whose first line becomes the passphrase
    #[arg(long, value_name = "F")]
    pub(crate) out_passphrase_file: Option<PathBuf>,
    /// The number of an open file (descriptor) whose first line becomes the passphrase
    #[arg(long, value_name = "N")]
    pub(crate) out_passphrase_fd: Option<u16>,
    /// The name of an environment variable that holds the passphrase
    #[arg(long, value_name = "V")]
    pub(crate) out_passphrase_env: Option<String>,
}

impl OutPassphraseArgs {
    /// Whether one was given.
    pub(crate) const fn is_any(&self) -> bool {
        self.out_passphrase_file.is_some()
            || self.out_passphrase_fd.is_some()
            || self.out_passphrase_env.is_some()
    }
}

#[derive(Debug, Default, Args)]
pub(crate) struct TargetArgs {
    /// Also say what this target will do with the upload: a name of `certgate targets`, `all`, or a profile (a file that ends
    /// in .toml). Several with commas or by repeating. A target that refuses makes the exit status 1
    #[arg(long = "target", value_name = "NAME", value_delimiter = ',')]
    pub(crate) targets: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  certgate targets\n  certgate explain target nginx")]
pub(crate) struct Targets {
    /// How to write the list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The same certificates and the same key are written as the target wants them: in order, each once, the key as PKCS#8. Most targets want two
files: give a folder, which gets chain.pem and key.pem. HAProxy and Azure Key Vault want one file, Kubernetes a Secret. Java and
Azure Key Vault also take a keystore, PKCS#12: give FILE.p12 and --out-passphrase-file. A double set of SM2 becomes four files, for
targets that have fields for it. Files are written with mode 600, and none is written over. Standard error says what was changed and left out, and what the target will do.
Exit status: 0 written, and the target loads it, 1 the key is not proven to be the certificate's, the target refuses it, or a part could
not be read, 2 could not run.

Examples:
  certgate convert web.p12 --target nginx -o web --passphrase-file passphrase.txt
  certgate convert fullchain.pem privkey.pem --target haproxy -o haproxy.pem
  certgate convert fullchain.pem privkey.pem --target kubernetes -o secret.yaml
  certgate convert fullchain.pem privkey.pem --target java -o web.p12 --out-passphrase-file new.txt")]
pub(crate) struct Convert {
    /// Files, folders and archives; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The target: a name of `certgate targets`, or a profile (a file that ends in .toml)
    #[arg(long, value_name = "NAME")]
    pub(crate) target: String,
    /// The file for the result, or the folder where the target wants two files
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    #[command(flatten)]
    pub(crate) out_passphrase: OutPassphraseArgs,
    #[command(flatten)]
    pub(crate) pool: PoolArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}
