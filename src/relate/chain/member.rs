//! A certificate of a chain with what the chain asks of it again and again.

use time::OffsetDateTime;

use super::name::Comparable;
use crate::crypto::spki::PublicKey;
use crate::location::Location;
use crate::read::certificate::{Certificate, attribute, format_time};
use crate::text;

/// A certificate of the chain.
pub(super) struct Member<'c, 'a> {
    pub(super) certificate: &'c Certificate<'a>,
    /// Its position in the input, from 0.
    pub(super) index: usize,
    pub(super) subject: Comparable,
    pub(super) issuer: Comparable,
}

/// What the key identifiers of two certificates say of their link (RFC 5280, 4.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyId {
    /// The lower one names the upper one's key.
    Same,
    /// One of them names no key.
    Silent,
    /// The lower one names another key.
    Other,
}

impl<'c, 'a> Member<'c, 'a> {
    pub(super) fn new(index: usize, certificate: &'c Certificate<'a>) -> Self {
        let subject = Comparable::new(certificate.subject());
        let issuer = Comparable::new(certificate.issuer());
        Self { certificate, index, subject, issuer }
    }

    /// Whether subject and issuer are the same name (RFC 5280, 6.1).
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Whether it is its own issuer by name, and neither its key identifiers nor the algorithm of its signature contradict that.
    pub(super) fn calls_itself_issuer(&self) -> bool {
        self.is_self_issued() && self.certificate.may_have_signed_itself()
    }

    /// Whether it could be an issuer: its extensions say that it is a CA.
    pub(super) fn is_ca(&self) -> bool {
        self.certificate.is_ca()
    }

    /// What the key identifiers say of `issuer` having issued this certificate.
    pub(super) fn key_id(&self, issuer: &Self) -> KeyId {
        let wanted = self.certificate.authority_key_id().and_then(|id| id.key_id);
        match (wanted, issuer.certificate.subject_key_id()) {
            (Some(wanted), Some(found)) if wanted == found => KeyId::Same,
            (Some(_), Some(_)) => KeyId::Other,
            _ => KeyId::Silent,
        }
    }

    /// Whether both have the same subject and the same key: one CA, certified twice.
    pub(super) fn is_twin_of(&self, other: &Self) -> bool {
        self.subject == other.subject && self.has_key_of(other)
    }

    fn has_key_of(&self, other: &Self) -> bool {
        match (self.certificate.public_key(), other.certificate.public_key()) {
            // Keys that are known by name only are equal if their encoding is.
            (Some(PublicKey::Unsupported(_)) | None, _) | (_, Some(PublicKey::Unsupported(_)) | None) => {
                self.certificate.spki_der() == other.certificate.spki_der()
            }
            (Some(mine), Some(others)) => mine == others,
        }
    }

    /// Whether it has expired at that time; not where there is no time.
    pub(super) fn has_expired(&self, time: Option<OffsetDateTime>) -> bool {
        matches!((self.certificate.not_after(), time), (Some(end), Some(time)) if end < time)
    }

    /// The place of the whole certificate.
    pub(super) fn location(&self) -> Location {
        self.certificate.location().clone()
    }

    /// The number that people see: of its block, else of its position from 1.
    pub(super) fn number(&self) -> usize {
        number(self.certificate, self.index)
    }

    /// `block 2`.
    pub(super) fn block(&self) -> String {
        format!("block {}", self.number())
    }

    /// `block 2 "CN=Example CA"`: the common name where there is one, else the whole subject.
    pub(super) fn label(&self) -> String {
        label(self.certificate, self.index)
    }

    /// What to do where `issuer` has the right name and the wrong key.
    pub(super) fn hint_to_replace(&self, issuer: &Self) -> String {
        match self.fetch_issuer() {
            Some(command) => {
                format!(
                    "Replace {} by the certificate that `{command}` writes, or take {} from its original file again: it may have been \
                     damaged in copying.",
                    issuer.block(),
                    self.block()
                )
            }
            None => format!(
                "Replace {} by the certificate of \"{}\" that your CA delivered with {}, or take {} from its original file again: it may \
                 have been damaged in copying.",
                issuer.block(),
                self.certificate.issuer(),
                self.block(),
                self.block()
            ),
        }
    }

    /// What to do where the issuer of this certificate is missing: a command, where the certificate says where to fetch it.
    pub(super) fn hint_to_add_issuer(&self) -> String {
        let issuer = self.certificate.issuer();
        match self.fetch_issuer() {
            Some(command) => {
                format!(
                    "Put the certificate of \"{issuer}\" after {}: `{command} >> chain.pem`",
                    self.block()
                )
            }
            None => {
                format!(
                    "Ask your CA for the certificate of \"{issuer}\" and put it after {}; a root that your clients have need not be sent.",
                    self.block()
                )
            }
        }
    }

    /// The command that fetches the issuer's certificate and writes it as PEM.
    fn fetch_issuer(&self) -> Option<String> {
        let url = self.issuer_url().filter(|url| is_plain_url(url))?;
        let convert = if url.ends_with(".p7c") || url.ends_with(".p7b") {
            "openssl pkcs7 -inform DER -print_certs -in issuer.der"
        } else {
            "openssl x509 -inform DER -in issuer.der"
        };
        // Quotes only where the shell would read the URL otherwise.
        let quote = if url.bytes().any(|byte| b"?&;()~".contains(&byte)) { "'" } else { "" };
        Some(format!("curl -fL -o issuer.der {quote}{url}{quote} && {convert}"))
    }

    /// Where the issuer's certificate is published, as the certificate says; escaped and cut. Never fetched.
    pub(super) fn published(&self) -> String {
        self.issuer_url()
            .map_or_else(String::new, |url| format!("; it is published at {}", text::escape(url)))
    }

    fn issuer_url(&self) -> Option<&str> {
        let urls = self.certificate.ca_issuers_urls();
        urls.iter().find(|url| is_plain_url(url)).or_else(|| urls.first()).copied()
    }
}

/// Whether a URL can stand between single quotes in a shell command and be nothing but a URL of the web.
fn is_plain_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && url.len() <= 200
        && url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-_~%?=&+,;@()".contains(&byte))
}

/// That the certificate at `index` is not valid yet at that time; `None` where it is, or where nothing can be said.
pub(super) fn not_yet_valid(
    certificate: &Certificate<'_>,
    index: usize,
    time: Option<OffsetDateTime>,
) -> Option<String> {
    let (begin, time) = certificate.begins().zip(time).filter(|(begin, time)| time < begin)?;
    let (begin, time) = (format_time(begin), format_time(time));
    Some(format!("{} is not valid before {begin} (checked at {time})", label(certificate, index)))
}

fn number(certificate: &Certificate<'_>, index: usize) -> usize {
    certificate.location().block.unwrap_or(index.saturating_add(1))
}

/// `block 2 "CN=Example CA"`, of a certificate at this position, from 0.
pub(super) fn label(certificate: &Certificate<'_>, index: usize) -> String {
    let number = number(certificate, index);
    let subject = certificate.subject();
    let common_name = subject.values(attribute::COMMON_NAME).next_back();
    match common_name.filter(|name| !name.is_empty()) {
        Some(name) => format!("block {number} \"CN={}\"", text::escape(name)),
        None => format!("block {number} \"{subject}\""),
    }
}

/// Texts that are safe to print, joined with commas: the first five, and how many more there are.
pub(super) fn join(texts: &[String]) -> String {
    const LISTED: usize = 5;
    let shown = texts.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match texts.len().checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}
