//! What was pasted instead of a certificate or key: named, with the command that turns it into one.

mod hints;

use super::{ERROR, Expected, INSTEAD};
use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::pem::container::Container;
use crate::read::pem::fault::{Notation, Numbers, Pasted, Placeholder};
use crate::rule::Rule;

static PASTED_CRL: Rule = Rule {
    code: "pasted-crl",
    summary: "A certificate revocation list instead of a certificate or key",
    hint: "Paste the certificate itself. The list of revoked certificates is not part of an upload.",
    why: "A revocation list names the certificates that a CA has withdrawn. It comes from the same CA and looks similar, but it holds neither a \
          certificate nor a key.\n\n\
          Example: a block with the label `X509 CRL`.",
    citations: &["RFC 7468, section 6", "RFC 5280, section 5"],
    hides: INSTEAD,
    ..ERROR
};

static PASTED_KEYSTORE: Rule = Rule {
    code: "pasted-keystore",
    summary: "A Java keystore instead of PEM",
    hint: "Convert it: `keytool -importkeystore -srckeystore FILE.jks -destkeystore FILE.p12 -deststoretype PKCS12`, then `openssl pkcs12 -in \
           FILE.p12 -nokeys -out new-chain.pem` for the certificates and `openssl pkcs12 -in FILE.p12 -nocerts -nodes -out new-key.pem` for the \
           key.",
    why: "JKS and JCEKS files hold key and certificates in a form that only Java reads. keytool turns them into PKCS#12, and openssl \
          turns that into PEM.\n\n\
          Example: `server.jks` from a Tomcat server.",
    citations: &["RFC 7468, section 2", "API page, table 3"],
    ..ERROR
};

static PASTED_OPENSSH_KEY: Rule = Rule {
    code: "pasted-openssh-key",
    summary: "A private key in OpenSSH's own format",
    hint: "Convert a copy of it: `ssh-keygen -p -m PEM -f COPY`. An Ed25519 key cannot be used: the API does not accept one.",
    why: "`ssh-keygen` writes private keys in a format of its own, which TLS software does not read. The command rewrites the file in \
          place, so work on a copy. A key made for SSH seldom has a certificate: check that it is the key of the certificate request.\n\n\
          Example: a block with the label `OPENSSH PRIVATE KEY`.",
    citations: &["OpenSSH, PROTOCOL.key", "API page, table 3"],
    ..ERROR
};

static PASTED_OTHER: Rule = Rule {
    code: "pasted-other",
    summary: "A file of another kind instead of PEM",
    hint: "Open or unpack the file and paste the text from -----BEGIN to -----END. If there is no such text in it, download the certificate again.",
    why: "The text is a JSON object, a page of HTML or XML, or an archive. The certificate may be inside it, but the API accepts only the PEM \
          text.\n\n\
          Example: the error page of a download link, saved as `server.crt`.",
    citations: &["API page, table 3"],
    ..ERROR
};

static PASTED_NOTATION: Rule = Rule {
    code: "pasted-notation",
    summary: "A certificate or key in another notation than PEM",
    hint: "Export it as PEM, and paste the text from -----BEGIN to -----END.",
    why: "The same numbers can be written in many ways: as a JSON Web Key, in XML, as bare digits, or as the words that a tool prints. The API \
          accepts only PEM.\n\n\
          Example: 64 hexadecimal digits, the bare number of an SM2 key.",
    citations: &["API page, table 3", "RFC 7517", "RFC 5915, section 3"],
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

static PASTED_PLACEHOLDER: Rule = Rule {
    code: "pasted-placeholder",
    summary: "A placeholder instead of the content",
    hint: "Put the content itself there: the PEM text, from -----BEGIN to -----END.",
    why: "Templates, variables and references are filled in by the program that reads them, and tools hide secrets when they print them. The API \
          fills nothing in: it takes the text as it is.\n\n\
          Example: `${TLS_KEY}`, sent because the variable was not set where the request was made.",
    citations: &["API page, table 3"],
    since: "0.2.0",
    refused_before: true,
    ..ERROR
};

static PASTED_PATH: Rule = Rule {
    code: "pasted-path",
    summary: "The path of a file instead of what the file holds",
    hint: "Paste the content of the file, from -----BEGIN to -----END.",
    why: "The API has no access to the caller's files. Web servers are configured with paths, so a path is easily copied by mistake.\n\n\
          Example: `/etc/nginx/ssl/server.crt` in cert_content.",
    citations: &["API page, table 3"],
    ..ERROR
};

static PASTED_PGP: Rule = Rule {
    code: "pasted-pgp",
    summary: "A PGP message or key",
    hint: "Paste a certificate or key in PEM. If this is an encrypted file from the CA, decrypt it first: `gpg -d FILE`",
    why: "PGP has its own keys and its own text format, which looks like PEM. TLS does not use them.\n\n\
          Example: a block with the label `PGP PUBLIC KEY BLOCK`.",
    citations: &["RFC 9580, section 6.2", "API page, table 3"],
    ..ERROR
};

static PASTED_PKCS12: Rule = Rule {
    code: "pasted-pkcs12",
    summary: "A PKCS#12 file (.p12, .pfx) instead of PEM",
    hint: "Convert it: `openssl pkcs12 -in FILE.p12 -nokeys -out new-chain.pem` for the certificates, `openssl pkcs12 -in FILE.p12 -nocerts \
           -nodes -out new-key.pem` for the key (for an old file, OpenSSL 3 also needs `-legacy`).",
    why: "PKCS#12 holds a key and its certificates together, under a password. The API accepts them in separate fields, in PEM and without a \
          password. OpenSSL 3 reads files from old software only with `-legacy`.\n\n\
          Example: `server.pfx` exported by Windows.",
    citations: &["RFC 7292", "API page, table 3"],
    ..ERROR
};

static PASTED_PKCS7: Rule = Rule {
    code: "pasted-pkcs7",
    summary: "PKCS#7 (.p7b) instead of PEM certificates",
    hint: "Convert it: `openssl pkcs7 -print_certs -in FILE.p7b -out FILE.pem` (with `-inform DER` for a binary file).",
    why: "PKCS#7 or CMS is a container. CAs deliver chains in it, and some deliver SM2 encryption keys in its enveloped form. The API accepts \
          plain certificates and keys.\n\n\
          Example: a block with the label `PKCS7`.",
    citations: &["RFC 7468, section 8", "RFC 5652", "GM/T 0010"],
    ..ERROR
};

static PASTED_PUBLIC_KEY: Rule = Rule {
    code: "pasted-public-key",
    summary: "A public key instead of a certificate or private key",
    hint: "In cert_content paste the certificate, in private_key the private key.",
    why: "A public key alone is neither of them. A certificate binds a public key to names, and the private key is the secret half.\n\n\
          Example: the content of `id_rsa.pub`, or a block with the label `PUBLIC KEY`.",
    citations: &["RFC 7468, section 13", "API page, table 3"],
    hides: INSTEAD,
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
    hides: INSTEAD,
    ..ERROR
};

static PASTED_URL: Rule = Rule {
    code: "pasted-url",
    summary: "A URL instead of the file that it points to",
    hint: "Download it and paste the content, from -----BEGIN to -----END.",
    why: "The API does not download anything, and neither does certgate.\n\n\
          Example: the address of the CA's certificate from the certificate's Authority Information Access.",
    citations: &["API page, table 3"],
    ..ERROR
};

/// The finding on something known, with the command that helps where `expected` was wanted; `is_there` where that is in the field too.
/// `None` for what is nothing wrong there.
pub(super) fn finding(
    pasted: Pasted,
    expected: Expected,
    is_there: bool,
    place: Location,
) -> Option<Finding> {
    let (rule, what) = rule(pasted)?;
    if [&PASTED_CRL, &PASTED_PUBLIC_KEY, &PASTED_REQUEST].contains(&rule) {
        if expected == Expected::Anything {
            return None;
        }
        if is_there {
            return Some(beside(rule, what, expected, place));
        }
    }
    let wanted = match expected {
        Expected::Anything => "a certificate or key in PEM",
        Expected::Certificates => "a certificate in PEM",
        Expected::PrivateKey => "a private key in PEM",
    };
    let message = match pasted {
        Pasted::Placeholder(Placeholder::Nothing(Some(word))) => told!(
            "this is the word `{word}`, {found}, but {wanted} is expected",
            word = word,
            found = "which programs write where there is no value",
            wanted = wanted
        ),
        _ => told!("this is {found}, but {wanted} is expected", found = what, wanted = wanted),
    };
    let finding = Finding::new(rule, place, message);
    let hint = hints::hint(pasted, expected).unwrap_or(rule.hint);
    Some(match pasted {
        Pasted::Container { container: Container::Pkcs12, is_bare: true } => {
            finding.hint(format!("Decode the base64 first: `base64 -d FILE > FILE.p12`. {hint}"))
        }
        _ => finding.hint(hint),
    })
}

/// Something that does not belong to an upload, in a field that holds what is expected too.
fn beside(rule: &'static Rule, what: &'static str, expected: Expected, place: Location) -> Finding {
    let wanted = if expected == Expected::PrivateKey { "private key" } else { "certificates" };
    if rule == &PASTED_PUBLIC_KEY {
        let message = "this is a public key, and it is neither that of the server's certificate nor that of the private key";
        return Finding::new(rule, place, message).hint(
            "Remove the block, and check that the certificate and the private key are the right ones.",
        );
    }
    let message = told!("this is {found}, beside the {wanted}", found = what, wanted = wanted);
    Finding::new(rule, place, message).hint("Remove the block: it is not part of an upload.")
}

/// The rule that something breaks by standing there, and what it is in words; `None` for what is wanted.
fn rule(pasted: Pasted) -> Option<(&'static Rule, &'static str)> {
    let container = match pasted {
        Pasted::Container { container, .. } => container,
        Pasted::Json => return Some((&PASTED_OTHER, "JSON")),
        Pasted::Markup => return Some((&PASTED_OTHER, "HTML or XML")),
        Pasted::Notation(notation) => {
            let what = match notation {
                Notation::Jwk(Numbers::Public) => "a public key in JSON (JWK)",
                Notation::Jwk(_) => "a key in JSON (JWK)",
                Notation::PrintedCertificate => {
                    "what a tool prints of a certificate, without the certificate itself"
                }
                Notation::PrintedKey => "what a tool prints of a private key, without the PEM text itself",
                Notation::RsaKeyValue(Numbers::Public) => "a public RSA key in XML (RSAKeyValue)",
                Notation::RsaKeyValue(_) => "an RSA key in XML (RSAKeyValue)",
                Notation::Scalar => {
                    "a number in hexadecimal digits, as long as the bare key of an elliptic curve"
                }
            };
            return Some((&PASTED_NOTATION, what));
        }
        Pasted::Placeholder(placeholder) => {
            let what = match placeholder {
                Placeholder::Command => "a command that was not run",
                Placeholder::Directive => "a line of a web server's configuration",
                Placeholder::Encrypted => "a value that a vault tool encrypted",
                Placeholder::Hidden => "the mark that a tool shows in place of a hidden value",
                Placeholder::LfsPointer => "a pointer of Git LFS, not the file itself",
                Placeholder::Nothing(_) => "a word that programs write where there is no value",
                Placeholder::Reference => "the name of a secret in a store",
                Placeholder::Size => "the size of a value, as `kubectl describe` shows it",
                Placeholder::Template => "a template that was not filled in",
                Placeholder::Variable => "a variable that was not filled in",
                Placeholder::Words => "a placeholder",
            };
            return Some((&PASTED_PLACEHOLDER, what));
        }
        Pasted::Path => return Some((&PASTED_PATH, "the path of a file")),
        Pasted::Url => return Some((&PASTED_URL, "a URL")),
    };
    Some(match container {
        Container::Crl => (&PASTED_CRL, "a certificate revocation list"),
        Container::EnvelopedData => {
            (&PASTED_PKCS7, "PKCS#7 enveloped data (some CAs deliver SM2 encryption keys in it)")
        }
        Container::Gzip => (&PASTED_OTHER, "a file that gzip compressed"),
        Container::Keystore => (&PASTED_KEYSTORE, "a Java keystore"),
        Container::OpenSshKey => (&PASTED_OPENSSH_KEY, "a private key in OpenSSH's own format"),
        Container::Pgp => (&PASTED_PGP, "PGP data"),
        Container::Pkcs12 => (&PASTED_PKCS12, "a PKCS#12 file"),
        Container::Pkcs7 => (&PASTED_PKCS7, "PKCS#7 data"),
        Container::PublicKey => (&PASTED_PUBLIC_KEY, "a public key"),
        Container::PuttyKey => (&PASTED_PUTTY_KEY, "a private key in PuTTY's own format"),
        Container::Request => (&PASTED_REQUEST, "a certificate request"),
        Container::SshPublicKey => (&PASTED_PUBLIC_KEY, "a public key in OpenSSH's format"),
        Container::Zip => (&PASTED_OTHER, "a ZIP archive"),
        Container::Certificate
        | Container::EncryptedKey
        | Container::EnvelopedKey
        | Container::Pkcs1
        | Container::Pkcs8
        | Container::Sec1 => return None,
    })
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[
    &PASTED_CRL,
    &PASTED_KEYSTORE,
    &PASTED_OPENSSH_KEY,
    &PASTED_NOTATION,
    &PASTED_OTHER,
    &PASTED_PATH,
    &PASTED_PGP,
    &PASTED_PKCS12,
    &PASTED_PKCS7,
    &PASTED_PLACEHOLDER,
    &PASTED_PUBLIC_KEY,
    &PASTED_PUTTY_KEY,
    &PASTED_REQUEST,
    &PASTED_URL,
];
