//! What was pasted instead of a certificate or key: named, with the command that turns it into one.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::block::BlockKind;
use super::shape::Shape;
use super::{ERROR, Expected};
use crate::finding::Finding;
use crate::location::Location;
use crate::rule::Rule;

static PASTED_CRL: Rule = Rule {
    code: "pasted-crl",
    summary: "A certificate revocation list instead of a certificate or key",
    hint: "Paste the certificate itself; the list of revoked certificates is not part of an upload.",
    why: "A revocation list names the certificates that a CA has withdrawn. It comes from the same CA and looks alike, but it \
          holds neither a certificate nor a key.\n\n\
          Example: a block with the label `X509 CRL`.",
    citations: &["RFC 7468, section 6", "RFC 5280, section 5"],
    ..ERROR
};

static PASTED_KEYSTORE: Rule = Rule {
    code: "pasted-keystore",
    summary: "A Java keystore instead of PEM",
    hint: "Convert it: `keytool -importkeystore -srckeystore FILE.jks -destkeystore FILE.p12 -deststoretype PKCS12`, \
           then `openssl pkcs12 -in FILE.p12 -nodes -out FILE.pem`.",
    why: "JKS and JCEKS files hold key and certificates in a form that only Java reads. keytool turns them into PKCS#12, and openssl \
          turns that into PEM.\n\n\
          Example: `server.jks` from a Tomcat server.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..ERROR
};

static PASTED_OPENSSH_KEY: Rule = Rule {
    code: "pasted-openssh-key",
    summary: "A private key in OpenSSH's own format",
    hint: "Convert a copy of it: `ssh-keygen -p -m PEM -f COPY`. An Ed25519 key stays as it is: the API does not take one.",
    why: "`ssh-keygen` writes private keys in a format of its own, which TLS software does not read. The command rewrites the file in \
          place, so work on a copy. A key made for SSH seldom has a certificate: check that it is the key of the certificate request.\n\n\
          Example: a block with the label `OPENSSH PRIVATE KEY`.",
    citations: &["OpenSSH, PROTOCOL.key", "API page, table 3"],
    ..ERROR
};

static PASTED_OTHER: Rule = Rule {
    code: "pasted-other",
    summary: "A file of another kind instead of PEM",
    hint: "Paste the text from -----BEGIN to -----END that is inside it.",
    why: "The text is a JSON object, a page of HTML or XML, or an archive. The certificate may be inside it, but the API takes \
          the PEM text alone.\n\n\
          Example: the error page of a download link, saved as `server.crt`.",
    citations: &["API page, table 3"],
    ..ERROR
};

static PASTED_PATH: Rule = Rule {
    code: "pasted-path",
    summary: "The path of a file instead of what the file holds",
    hint: "Paste the content of the file, from -----BEGIN to -----END.",
    why: "The API has no access to the caller's files. Web servers are configured with paths, so a path is easily taken along.\n\n\
          Example: `/etc/nginx/ssl/server.crt` in cert_content.",
    citations: &["API page, table 3"],
    ..ERROR
};

static PASTED_PGP: Rule = Rule {
    code: "pasted-pgp",
    summary: "A PGP message or key",
    hint: "Paste a certificate or key in PEM; if this is an encrypted file from the CA, decrypt it first: `gpg -d FILE`",
    why: "PGP has its own keys and its own armour, which looks like PEM. TLS does not use them.\n\n\
          Example: a block with the label `PGP PUBLIC KEY BLOCK`.",
    citations: &["RFC 9580, section 6.2", "API page, table 3"],
    ..ERROR
};

static PASTED_PKCS12: Rule = Rule {
    code: "pasted-pkcs12",
    summary: "A PKCS#12 file (.p12, .pfx) instead of PEM",
    hint: "Convert it: `openssl pkcs12 -in FILE.p12 -nodes -out FILE.pem`",
    why: "PKCS#12 holds a key and its certificates together, under a password. The API takes them apart, in PEM and without a password. \
          With OpenSSL 3 a file from old software may need `-legacy`.\n\n\
          Example: `server.pfx` exported by Windows.",
    citations: &["RFC 7292", "API page, table 3"],
    ..ERROR
};

static PASTED_PKCS7: Rule = Rule {
    code: "pasted-pkcs7",
    summary: "PKCS#7 (.p7b) instead of PEM certificates",
    hint: "Convert it: `openssl pkcs7 -print_certs -in FILE.p7b -out FILE.pem` (with `-inform DER` for a binary file).",
    why: "PKCS#7 or CMS is a container. CAs deliver chains in it, and some deliver SM2 encryption keys in its enveloped form. \
          The API takes plain certificates and keys.\n\n\
          Example: a block with the label `PKCS7`.",
    citations: &["RFC 7468, section 8", "RFC 5652", "GM/T 0010"],
    ..ERROR
};

static PASTED_PUBLIC_KEY: Rule = Rule {
    code: "pasted-public-key",
    summary: "A public key instead of a certificate or private key",
    hint: "In cert_content paste the certificate, in private_key the private key.",
    why: "A public key alone is neither: a certificate binds it to names, and the private key is its secret half.\n\n\
          Example: the content of `id_rsa.pub`, or a block with the label `PUBLIC KEY`.",
    citations: &["RFC 7468, section 13", "API page, table 3"],
    ..ERROR
};

static PASTED_PUTTY_KEY: Rule = Rule {
    code: "pasted-putty-key",
    summary: "A private key in PuTTY's own format (.ppk)",
    hint: "Convert it: `puttygen FILE.ppk -O private-openssh -o FILE.pem`, then `ssh-keygen -p -m PEM -f FILE.pem`.",
    why: "PuTTY keeps private keys in a format of its own, which TLS software does not read. A key made for SSH seldom has a \
          certificate: check that it is the key of the certificate request.\n\n\
          Example: a file that starts with `PuTTY-User-Key-File-3`.",
    citations: &["PuTTY User Manual, appendix C", "API page, table 3"],
    ..ERROR
};

static PASTED_REQUEST: Rule = Rule {
    code: "pasted-request",
    summary: "A certificate request (CSR) instead of a certificate or key",
    hint: "Paste what the CA sent back for this request, or the private key that the request was made with.",
    why: "A request is what is sent to a CA; the CA answers with the certificate. Both carry the same names and the same public key, and \
          the files often lie side by side.\n\n\
          Example: a block with the label `CERTIFICATE REQUEST`.",
    citations: &["RFC 7468, section 7", "RFC 2986"],
    ..ERROR
};

static PASTED_URL: Rule = Rule {
    code: "pasted-url",
    summary: "A URL instead of what is to be found there",
    hint: "Download it and paste the content, from -----BEGIN to -----END.",
    why: "The API fetches nothing, and neither does certgate.\n\n\
          Example: the address of the CA's certificate from the certificate's Authority Information Access.",
    citations: &["API page, table 3"],
    ..ERROR
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &PASTED_CRL,
    &PASTED_KEYSTORE,
    &PASTED_OPENSSH_KEY,
    &PASTED_OTHER,
    &PASTED_PATH,
    &PASTED_PGP,
    &PASTED_PKCS12,
    &PASTED_PKCS7,
    &PASTED_PUBLIC_KEY,
    &PASTED_PUTTY_KEY,
    &PASTED_REQUEST,
    &PASTED_URL,
];

/// Something that is neither a certificate nor a private key that TLS software reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    Crl,
    Enveloped,
    Keystore,
    Markup(&'static str),
    OpenSshKey,
    Path,
    Pgp,
    Pkcs12,
    Pkcs7,
    PublicKey,
    PuttyKey,
    Request,
    SshPublicKey,
    Url,
}

impl Foreign {
    /// What a shape means where it is neither certificate nor private key.
    pub(super) fn of(shape: Shape) -> Option<Self> {
        match shape {
            Shape::Kind(kind) => Self::of_kind(kind),
            Shape::Enveloped => Some(Self::Enveloped),
            Shape::OpenSshKey => Some(Self::OpenSshKey),
            Shape::Keystore => Some(Self::Keystore),
            Shape::Zip => Some(Self::Markup("a ZIP archive")),
        }
    }

    /// What a block of that kind means where it is neither certificate nor private key.
    pub(super) fn of_kind(kind: BlockKind) -> Option<Self> {
        match kind {
            BlockKind::Crl => Some(Self::Crl),
            BlockKind::Pkcs12 => Some(Self::Pkcs12),
            BlockKind::Pkcs7 => Some(Self::Pkcs7),
            BlockKind::PublicKey => Some(Self::PublicKey),
            BlockKind::Request => Some(Self::Request),
            BlockKind::Certificate
            | BlockKind::PrivateKey
            | BlockKind::EncryptedKey
            | BlockKind::EcParameters
            | BlockKind::Other => None,
        }
    }

    /// The kind of a block that holds it.
    pub(super) fn kind(self) -> BlockKind {
        match self {
            Self::Crl => BlockKind::Crl,
            Self::Pkcs12 => BlockKind::Pkcs12,
            Self::Pkcs7 | Self::Enveloped => BlockKind::Pkcs7,
            Self::PublicKey => BlockKind::PublicKey,
            Self::Request => BlockKind::Request,
            _ => BlockKind::Other,
        }
    }

    /// The finding, with the command that helps where `expected` was wanted.
    pub(super) fn finding(self, expected: Expected, place: Location) -> Finding {
        let wants_key = expected == Expected::PrivateKey;
        let (rule, what) = match self {
            Self::Crl => (&PASTED_CRL, "a certificate revocation list"),
            Self::Enveloped => {
                (&PASTED_PKCS7, "PKCS#7 enveloped data, as some CAs deliver SM2 encryption keys,")
            }
            Self::Keystore => (&PASTED_KEYSTORE, "a Java keystore"),
            Self::Markup(what) => (&PASTED_OTHER, what),
            Self::OpenSshKey => (&PASTED_OPENSSH_KEY, "a private key in OpenSSH's own format"),
            Self::Path => (&PASTED_PATH, "the path of a file"),
            Self::Pgp => (&PASTED_PGP, "PGP data"),
            Self::Pkcs12 => (&PASTED_PKCS12, "a PKCS#12 file"),
            Self::Pkcs7 => (&PASTED_PKCS7, "PKCS#7 data"),
            Self::PublicKey => (&PASTED_PUBLIC_KEY, "a public key"),
            Self::PuttyKey => (&PASTED_PUTTY_KEY, "a private key in PuTTY's own format"),
            Self::Request => (&PASTED_REQUEST, "a certificate request"),
            Self::SshPublicKey => (&PASTED_PUBLIC_KEY, "a public key in OpenSSH's format"),
            Self::Url => (&PASTED_URL, "a URL"),
        };
        let wanted = if wants_key { "a private key in PEM" } else { "a certificate in PEM" };
        let finding = Finding::new(rule, place, format!("this is {what} where {wanted} is wanted"));
        match (self, wants_key) {
            (Self::Enveloped, _) => finding.hint(
                "Open the envelope with the signature key and the CA's tool, and paste the plain private key; it cannot be used as it is.",
            ),
            (Self::Pkcs12, true) => {
                finding.hint("Convert it: `openssl pkcs12 -in FILE.p12 -nocerts -nodes -out new-key.pem`")
            }
            (Self::Pkcs12, false) => {
                finding.hint("Convert it: `openssl pkcs12 -in FILE.p12 -nokeys -nodes -out new-chain.pem`")
            }
            (Self::Pkcs7, true) => {
                finding.hint("Paste the private key itself: PKCS#7 of this form holds certificates, not the key.")
            }
            (Self::Request, true) => {
                finding.hint("Paste the private key that was written when this request was made (`openssl req -keyout`).")
            }
            (Self::Request, false) => finding.hint("Paste the certificate that the CA sent back for this request."),
            (Self::PublicKey | Self::SshPublicKey, true) => finding.hint("Paste the private key: this is its public half."),
            (Self::PublicKey | Self::SshPublicKey, false) => {
                finding.hint("Paste the certificate: a public key alone carries no names.")
            }
            _ => finding,
        }
    }
}

static LOOKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let extension = "pem|crt|cer|cert|der|key|p12|pfx|p7b|p7c|jks|jceks|ppk|csr|txt";
    super::pattern(&format!(
        r"(?ix-u)\A(?:
            (?P<putty>PuTTY-User-Key-File-)
          | (?P<ssh>(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-[a-z0-9-]+|sk-[a-z0-9-]+@openssh\.com)\s | -{{4}}\ BEGIN\ SSH2\ PUBLIC)
          | (?P<path>(?: file:// | [A-Z]:[\\/] | \\\\[^\\\s]+\\ | @?\.{{1,2}}[\\/] | ~[\\/] ) [^\r\n]* \z
                   | @?/?(?:[^\r\n/=+]+/)* [^\r\n/=]* \.(?:{extension}) \z
                   | /(?:etc|home|usr|var|opt|root|tmp|mnt|data|run|srv|app|Users|Volumes|Library|private|ssl|certs?)/[^\r\n]* \z )
          | (?P<url>(?:https?|ftp|s3|oss|obs)://\S+ \z)
          | (?P<json>[\{{\[])
          | (?P<markup><)
        )"
    ))
});

/// What a text without any block is, where it can be told at a glance. `text` is trimmed.
pub(super) fn recognise(text: &[u8]) -> Option<Foreign> {
    // Paths and URLs are short, and no pattern needs more than the start of the rest.
    let short = text.len() <= 4096;
    let found = LOOKS.as_ref()?.captures(text.get(..text.len().min(4096))?)?;
    let is = |name: &str| found.name(name).is_some();
    if is("putty") {
        Some(Foreign::PuttyKey)
    } else if is("ssh") {
        Some(Foreign::SshPublicKey)
    } else if is("path") && short {
        Some(Foreign::Path)
    } else if is("url") && short {
        Some(Foreign::Url)
    } else if is("json") {
        Some(Foreign::Markup("JSON"))
    } else if is("markup") {
        Some(Foreign::Markup("HTML or XML"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_recognised() {
        for (text, want) in [
            ("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none", Some(Foreign::PuttyKey)),
            ("ssh-rsa AAAAB3Nza me@host", Some(Foreign::SshPublicKey)),
            ("ssh-ed25519 AAAA", Some(Foreign::SshPublicKey)),
            ("ecdsa-sha2-nistp256 AAAA", Some(Foreign::SshPublicKey)),
            ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", Some(Foreign::SshPublicKey)),
            (r"C:\certs\server.pem", Some(Foreign::Path)),
            ("d:/certs/my key", Some(Foreign::Path)),
            (r"\\share\certs\a.pfx", Some(Foreign::Path)),
            ("/etc/nginx/ssl/server.crt", Some(Foreign::Path)),
            ("/etc/ssl/private/server", Some(Foreign::Path)),
            ("./x.pem", Some(Foreign::Path)),
            ("../x", Some(Foreign::Path)),
            ("~/x", Some(Foreign::Path)),
            ("@cert.pem", Some(Foreign::Path)),
            ("server.key", Some(Foreign::Path)),
            ("certs/server.key", Some(Foreign::Path)),
            ("file:///etc/x", Some(Foreign::Path)),
            ("https://ca.example/ca.crt", Some(Foreign::Url)),
            ("{\"a\":1}", Some(Foreign::Markup("JSON"))),
            ("<html>", Some(Foreign::Markup("HTML or XML"))),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEF", None),
            ("/9j/4AAQSkZJRgABAQ", None),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(recognise(text.as_bytes()), want, "{text}");
        }
        // Neither is that long.
        for (start, want) in [("/etc/", Foreign::Path), ("https://ca.example/", Foreign::Url)] {
            let text = |length: usize| format!("{start:a<length$}");
            assert_eq!(recognise(text(4096).as_bytes()), Some(want), "{start}");
            assert_eq!(recognise(text(4097).as_bytes()), None, "{start}");
        }
    }
}
