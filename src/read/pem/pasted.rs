//! Texts without any block that are known by how they begin, and what each is.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::container::Container;
use super::nested::is_scalar;
use super::pattern;

/// Something known that was pasted instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pasted {
    /// An object or a file; whether it is base64 without BEGIN and END lines.
    Container { container: Container, is_bare: bool },
    /// A JSON object or list.
    Json,
    /// HTML or XML.
    Markup,
    /// A certificate or key in another notation than PEM.
    Notation(Notation),
    /// What stands for the content, and is not it.
    Placeholder(Placeholder),
    /// The path of a file.
    Path,
    /// The address of a file.
    Url,
}

impl Pasted {
    pub(super) fn of(container: Container) -> Self {
        Self::Container { container, is_bare: false }
    }

    /// Whether it is a private key, in a format of its own.
    pub(super) fn is_key_file(self) -> bool {
        match self {
            Self::Container { container, .. } => container.is_key_file(),
            Self::Notation(notation) => !matches!(
                notation,
                Notation::PrintedCertificate
                    | Notation::Jwk(Numbers::Public)
                    | Notation::RsaKeyValue(Numbers::Public)
            ),
            _ => false,
        }
    }
}

/// A certificate or key in another notation than PEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    /// A JSON Web Key (RFC 7517).
    Jwk(Numbers),
    /// What a tool prints of a certificate, in words.
    PrintedCertificate,
    /// What a tool prints of a key, in words.
    PrintedKey,
    /// `RSAKeyValue`, in XML.
    RsaKeyValue(Numbers),
    /// A number that can be the key of an elliptic curve.
    Scalar,
}

/// Which numbers of a key a notation has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// All that a key file has.
    All,
    /// Those of the public key.
    Public,
    /// The private exponent of RSA, but not the primes and what goes with them.
    WithoutPrimes,
}

impl Numbers {
    pub(super) fn new(has_private: bool, has_primes: bool) -> Self {
        match (has_private, has_primes) {
            (true, true) => Self::All,
            (true, false) => Self::WithoutPrimes,
            (false, _) => Self::Public,
        }
    }
}

/// What stands for a content, and is not it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// A command that was not run.
    Command,
    /// A line of a web server's configuration, which names a file.
    Directive,
    /// What a vault tool encrypted.
    Encrypted,
    /// Stars or words where a tool hid the content.
    Hidden,
    /// The pointer that Git LFS keeps in place of a file.
    LfsPointer,
    /// What a program writes for no value: the word, where it is a usual one.
    Nothing(Option<&'static str>),
    /// The name of a secret in a store.
    Reference,
    /// The size of a content, as `kubectl describe` shows it.
    Size,
    /// A template that was not filled in.
    Template,
    /// Words that ask for the content.
    Words,
    /// A variable that was not filled in.
    Variable,
}

static LOOKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let extension = "pem|crt|cer|cert|der|key|p12|pfx|p7b|p7c|jks|jceks|ppk|csr|txt";
    pattern(&format!(
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

/// What stands for a content. Each pattern is one of a short text, but for those of [`Placeholder::is_long`].
static PLACEHOLDERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?ix-u)\A(?:
            (?P<nothing>(?:null|none|nil|undefined|nan|true|false|n/a|tbd|todo|empty|\[object\ [a-z]+\]|~)\z)
          | (?P<hidden>(?:\*{3,}|x{4,}|\.{3,}|\u{2022}+|[<(\[{]?\ *(?:sensitive|redacted|masked|hidden|secret|omitted|known\ after\ apply)(?:\ (?:value|data|output))?\ *[>)\]}]?
              |\[?\*+\ ?redacted\ ?\*+\]?)\z)
          | (?P<encrypted>ENC\[ | \$ANSIBLE_VAULT; | !vault\b | age-encryption\.org/ | vault:v[0-9]+:)
          | (?P<lfs>version\ https://git-lfs)
          | (?P<command>(?:\$\( | file\( | `cat\ ))
          | (?P<template>(?:\{\{ | <%=? | \#\{ | \$\[\[ | !Ref\b | !Sub\b | Fn::))
          | (?P<variable>(?:\$\{ | %[a-z_][a-z0-9_]*% \z | \$[a-z_][a-z0-9_.]*\z | \$env: | process\.env | os\.(?:environ|getenv) | \$\$?\{?[a-z_]))
          | (?P<directive>(?:ssl_(?:certificate|trusted_certificate|client_certificate)(?:_key)? | SSL(?:CertificateKey|CertificateChain|Certificate|CACertificate)File
              | tls\ /\S+ | bind\ \S+\ ssl\ crt | ssl\.(?:pemfile|privkey))\b)
          | (?P<reference>(?:arn:aws | vault:[a-z] | op:// | secret:// | secrets?/ | kv/ | projects/[^/\s]+/(?:secrets|locations)/ | ref\+ | \{?\{?resolve: | @Microsoft\.KeyVault\( | https://[^/\s]+\.vault\.azure\.net/
              | (?:aws|gcp|azure|alibaba)?-?(?:secretsmanager|secret-?manager|sm|ssm|keyvault): | k8s:// | secretKeyRef\b | csms:))
          | (?P<size>[a-z0-9_.-]+:\s+[0-9]+\ bytes\b)
          | (?P<words>(?:[<\[{(]\ *(?:[a-z]+[\ _-]){1,10}[a-z]+\.{0,3}\ *[>\]})] | [<\[{(]\ *(?:certificate|cert|private[_-]?key|key|pem)\.{0,3}\ *[>\]})]
              | (?:paste|insert|enter|put|add|copy|your|change|replace)[\ _-]?(?:[a-z]+[\ _-]?){1,10}\.{0,3}
              | -*\ ?(?:your|the)?[\ _-]?(?:certificate|private[\ _-]key|cert|key)(?:[\ _-](?:content|here|goes|text|data|pem|body))*\ ?-*)\z)
        )",
    )
});

/// What stands for a content in `text`, which is trimmed.
fn placeholder(text: &[u8]) -> Option<Placeholder> {
    let found = PLACEHOLDERS.as_ref()?.captures(text.get(..text.len().min(512))?)?;
    let is = |name: &str| found.name(name).is_some();
    [
        ("encrypted", Placeholder::Encrypted),
        ("lfs", Placeholder::LfsPointer),
        ("nothing", Placeholder::Nothing(word_for_nothing(text))),
        ("hidden", Placeholder::Hidden),
        ("command", Placeholder::Command),
        ("template", Placeholder::Template),
        ("variable", Placeholder::Variable),
        ("directive", Placeholder::Directive),
        ("reference", Placeholder::Reference),
        ("size", Placeholder::Size),
        ("words", Placeholder::Words),
    ]
    .into_iter()
    .find(|(name, _)| is(name))
    .map(|(_, placeholder)| placeholder)
    .filter(|placeholder| text.len() <= 512 || *placeholder == Placeholder::Encrypted)
}

/// The word for no value that `text` is.
fn word_for_nothing(text: &[u8]) -> Option<&'static str> {
    const WORDS: [&str; 7] = ["null", "none", "nil", "undefined", "NaN", "true", "false"];
    WORDS.into_iter().find(|word| word.as_bytes().eq_ignore_ascii_case(text))
}

/// A certificate or key in another notation, by what is only in that.
fn notation(text: &[u8]) -> Option<Notation> {
    // Longer than each of these notations with the largest key.
    let head = text.get(..text.len().min(1 << 14))?;
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    let has_all = |words: &[&[u8]]| words.iter().all(|word| has(word));
    if text.starts_with(b"{") && has(b"\"kty\"") {
        let has_primes = has_all(&[b"\"p\"", b"\"q\"", b"\"dp\"", b"\"dq\"", b"\"qi\""]);
        Some(Notation::Jwk(Numbers::new(has(b"\"d\""), has_primes || !has(b"\"RSA\""))))
    } else if has(b"<RSAKeyValue") {
        let has_primes = has_all(&[b"<P>", b"<Q>", b"<DP>", b"<DQ>", b"<InverseQ>"]);
        Some(Notation::RsaKeyValue(Numbers::new(has(b"<D>"), has_primes)))
    } else if is_scalar(text) {
        Some(Notation::Scalar)
    } else if has(b"Private-Key: (") || has(b"privateExponent:") || has(b"priv:\n") {
        Some(Notation::PrintedKey)
    } else if text.starts_with(b"Certificate:") && has(b"Serial Number:") {
        Some(Notation::PrintedCertificate)
    } else {
        None
    }
}

/// What a text without any block is, where its start shows it. `text` is trimmed.
pub(super) fn recognise(text: &[u8]) -> Option<Pasted> {
    if let Some(notation) = notation(text) {
        return Some(Pasted::Notation(notation));
    }
    if let Some(placeholder) = placeholder(text) {
        return Some(Pasted::Placeholder(placeholder));
    }
    // Paths and URLs are short, and no pattern needs more than the start of the rest.
    let short = text.len() <= 4096;
    let found = LOOKS.as_ref()?.captures(text.get(..text.len().min(4096))?)?;
    let is = |name: &str| found.name(name).is_some();
    if is("putty") {
        Some(Pasted::of(Container::PuttyKey))
    } else if is("ssh") {
        Some(Pasted::of(Container::SshPublicKey))
    } else if is("path") && short {
        Some(Pasted::Path)
    } else if is("url") && short {
        Some(Pasted::Url)
    } else if is("json") {
        Some(Pasted::Json)
    } else if is("markup") {
        Some(Pasted::Markup)
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
            ("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none", Some(Pasted::of(Container::PuttyKey))),
            ("ssh-rsa AAAAB3Nza me@host", Some(Pasted::of(Container::SshPublicKey))),
            ("ssh-ed25519 AAAA", Some(Pasted::of(Container::SshPublicKey))),
            ("ecdsa-sha2-nistp256 AAAA", Some(Pasted::of(Container::SshPublicKey))),
            ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", Some(Pasted::of(Container::SshPublicKey))),
            (r"C:\certs\server.pem", Some(Pasted::Path)),
            ("d:/certs/my key", Some(Pasted::Path)),
            (r"\\share\certs\a.pfx", Some(Pasted::Path)),
            ("/etc/nginx/ssl/server.crt", Some(Pasted::Path)),
            ("/etc/ssl/private/server", Some(Pasted::Path)),
            ("./x.pem", Some(Pasted::Path)),
            ("../x", Some(Pasted::Path)),
            ("~/x", Some(Pasted::Path)),
            ("@cert.pem", Some(Pasted::Path)),
            ("server.key", Some(Pasted::Path)),
            ("certs/server.key", Some(Pasted::Path)),
            ("file:///etc/x", Some(Pasted::Path)),
            ("https://ca.example/ca.crt", Some(Pasted::Url)),
            ("{\"a\":1}", Some(Pasted::Json)),
            ("<html>", Some(Pasted::Markup)),
            ("MIIEvQIBADANBgkqhkiG9w0BAQEF", None),
            ("/9j/4AAQSkZJRgABAQ", None),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(recognise(text.as_bytes()), want, "{text}");
        }
        // Neither is that long.
        for (start, want) in [("/etc/", Pasted::Path), ("https://ca.example/", Pasted::Url)] {
            let text = |length: usize| format!("{start:a<length$}");
            assert_eq!(recognise(text(4096).as_bytes()), Some(want), "{start}");
            assert_eq!(recognise(text(4097).as_bytes()), None, "{start}");
        }
    }
}
