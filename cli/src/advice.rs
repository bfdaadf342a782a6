//! The hint of a finding, with what only the command line can do: the library's own words are for pages and servers too.

use certgate::{CertificateForm, Content, Field, Finding};

use crate::input::Input;
use crate::style;

/// What to do about a finding of a form.
pub(crate) fn hint(finding: &Finding, form: &CertificateForm, input: &Input) -> String {
    let file = |field, other: &str| match input.files.get(&field) {
        Some(file) => style::shell_word(file),
        None => other.to_owned(),
    };
    let certificate = || file(Field::CertContent, "CERT");
    let own = match finding.code() {
        "chain-not-trusted" if finding.hint.ends_with("give them this root.") => {
            "If it is your own CA, give its root with `--trust FILE`.".to_owned()
        }
        "field-missing" if input.is_assembled => {
            let what = match finding.location.field {
                Some(Field::CertContent | Field::CertContentSign) => ("certificate", "CERT"),
                Some(Field::PrivateKey | Field::PrivateKeySign) => ("private key", "KEY"),
                _ => return finding.hint.to_string(),
            };
            return format!(
                "Give the file with the {} too: `certgate check {} {}`.",
                what.0, input.arguments, what.1
            );
        }
        "key-encrypted" if !input.is_assembled && is_pkcs8(finding, form) => format!(
            "Or give the passphrase: `certgate check {} {} --passphrase-file F` opens the key, and `certgate assemble` with the same arguments writes it \
             without a passphrase.",
            certificate(),
            file(Field::PrivateKey, "KEY")
        ),
        "match-other-key" | "match-other-type" => {
            format!("`certgate inspect {} *.key` shows which key belongs to the certificate.", certificate())
        }
        _ if finding.fixable && !input.is_assembled => "Or run `certgate fix`.".to_owned(),
        _ => return finding.hint.to_string(),
    };
    format!("{} {own}", finding.hint)
}

/// Whether the key of a finding is encrypted as PKCS#8, which a passphrase opens here.
fn is_pkcs8(finding: &Finding, form: &CertificateForm) -> bool {
    let content = finding.location.field.and_then(|field| form.content(field));
    content.and_then(Content::as_text).is_some_and(|text| text.contains("ENCRYPTED PRIVATE KEY"))
}
