//! Private keys in a field for certificates, also where they cannot be read as keys: damaged, in another format, or printed in words.

use super::ERROR;
use crate::finding::{Finding, told};
use crate::location::{Field, Location};
use crate::rule::{Mend, Rule};

/// A private key where certificates belong. The check of the fields reports the blocks that are whole keys.
pub(crate) static KEY_EXPOSED: Rule = Rule {
    code: "key-exposed",
    summary: "A private key is in a field for certificates",
    hint: "Do not upload this text: remove the key from this field. If it was already uploaded or sent to anybody, treat the key as compromised and make a \
           new one.",
    why: "Certificate fields are public: they are stored in clear, logged and shown. A private key there is a leaked secret, even if it is \
          damaged, in a format that the API does not accept, or printed as readable text. The repair removes it only where a key field holds \
          the same key, so that nothing is lost.\n\n\
          Example: a combined `server.pem` (certificate and key) pasted into `cert_content`, or the output of `openssl rsa -text` before the \
          certificate.",
    citations: &["API page, table 3: cert_content", "CA/Browser Forum BR, section 6.1.1.3: compromised keys"],
    mend: Some(Mend::Drop),
    ..ERROR
};

/// A private key that cannot be read is in `field`.
pub(super) fn unread(field: Field, place: Location) -> Finding {
    let message =
        told!("`{field}` holds a PRIVATE KEY that cannot be read; this field is public", field = field);
    Finding::new(&KEY_EXPOSED, place, message)
}

/// A private key is printed in words in `field`.
pub(super) fn printed(field: Field, place: Location) -> Finding {
    let message = told!(
        "`{field}` holds the numbers of a PRIVATE KEY as readable text; this field is public",
        field = field
    );
    Finding::new(&KEY_EXPOSED, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&KEY_EXPOSED];
