//! PEM inside other notations, keys in other notations, and what stands for a content.

use super::Base::{Ecc, Rsa};
use super::{Fault, on_cert, on_key, row};
use crate::pem;

/// `apiVersion: v1 …`, as `kubectl get secret -o yaml` prints it, with the text under that name.
fn secret(name: &str, text: &str) -> String {
    let data = pem::base64_of_text(text).replace('\n', "");
    format!(
        "apiVersion: v1\ndata:\n  {name}: {data}\nkind: Secret\nmetadata:\n  name: web\ntype: kubernetes.io/tls\n"
    )
}

/// A part of a mail with the text in base64, as a mail program shows it as the source.
fn mail_part(text: &str) -> String {
    let headers =
        "Content-Type: application/x-pem-file; name=\"tls.crt\"\nContent-Transfer-Encoding: base64\n";
    format!("--part\n{headers}\n{}\n--part--\n", pem::base64_of_text(text))
}

/// Lines of 32 octets in hexadecimal digits.
fn hex_dump(text: &str) -> String {
    let line = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>() + "\n";
    pem::decode(text).chunks(32).map(line).collect()
}

pub(super) const ROWS: &[Fault] = &[
    row(Rsa, "base64-twice", |f| on_cert(f, |t| pem::base64_of_text(&pem::base64_of_text(t)))),
    row(Rsa, "secret-in-yaml", |f| on_cert(f, |t| secret("tls.crt", t))),
    row(Rsa, "key-secret-in-yaml", |f| on_key(f, |t| secret("tls.key", t))),
    row(Rsa, "percent-encoded", |f| {
        on_cert(f, |t| t.replace(' ', "%20").replace('+', "%2B").replace('\n', "%0A"))
    }),
    row(Rsa, "quoted-printable", |f| on_cert(f, |t| t.replace('=', "=3D"))),
    row(Rsa, "mail-part", |f| on_cert(f, mail_part)),
    row(Rsa, "web-page-of-lines", |f| {
        on_cert(f, |t| format!("<html><body>{}</body></html>", t.replace('\n', "<br>\n")))
    }),
    row(Rsa, "pem-in-pem", |f| on_cert(f, |t| pem::encode("CERTIFICATE", t.as_bytes()))),
    row(Rsa, "utf16-as-text", |f| {
        on_cert(f, |t| t.chars().fold("\u{FF}\u{FE}".to_owned(), |all, c| all + &format!("{c}\0")))
    }),
    row(Ecc, "key-hex-dump", |f| on_key(f, hex_dump)),
    row(Ecc, "key-bare-scalar", |f| on_key(f, |_| "0123456789abcdef".repeat(4))),
    row(Rsa, "unset-variable", |f| on_cert(f, |_| "${TLS_CERT}".to_owned())),
    row(Rsa, "key-hidden", |f| on_key(f, |_| "(sensitive value)".to_owned())),
    row(Rsa, "key-word-null", |f| on_key(f, |_| "null".to_owned())),
    row(Rsa, "key-jwk-without-primes", |f| {
        on_key(f, |_| r#"{"kty":"RSA","n":"AQIDBAUGBwgJCgsM","e":"AQAB","d":"DQ4PEBESExQVFhcY"}"#.to_owned());
    }),
    row(Rsa, "below-a-variable", |f| on_cert(f, |t| format!("${{TLS_CERT}}\n{t}"))),
    row(Rsa, "below-a-yaml-line", |f| on_cert(f, |t| format!("kind: Secret\n{t}"))),
    row(Ecc, "below-hex-digits", |f| on_key(f, |t| format!("{}\n{t}", "0123456789abcdef".repeat(2)))),
];
