//! Texts without any block that are known by how they begin.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::container::Container;
use super::fault::Pasted;
use super::pattern;

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

/// What a text without any block is, where its start shows it. `text` is trimmed.
pub(super) fn recognise(text: &[u8]) -> Option<Pasted> {
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
