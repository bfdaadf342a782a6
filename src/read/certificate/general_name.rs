//! GeneralName (RFC 5280, 4.2.1.6).

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::der::{self, DerFault, Element, Path, tag};
use crate::text;

use super::fault::{FaultKind, GeneralNameFault, InvalidGeneralName, TextKind};
use super::name::{Name, check_text};
use super::oid::Oid;
use super::string::ascii;
use super::walk::Walk;

/// A name of the subject alternative name, of name constraints or of an access description.
///
/// Texts are not escaped: use them for comparing; `Display` escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum GeneralName<'a> {
    /// otherName: the type; the value is not looked at.
    Other(Oid<'a>),
    /// rfc822Name.
    Email(Cow<'a, str>),
    /// dNSName.
    Dns(Cow<'a, str>),
    /// x400Address, not looked at.
    X400,
    /// directoryName.
    Directory(Name<'a>),
    /// ediPartyName, not looked at.
    EdiParty,
    /// uniformResourceIdentifier.
    Uri(Cow<'a, str>),
    /// iPAddress: 4 or 16 octets; in name constraints 8 or 32, an address and its mask. Other lengths are kept as they are.
    Ip(&'a [u8]),
    /// registeredID.
    RegisteredId(Oid<'a>),
}

impl<'a> GeneralName<'a> {
    /// Reads a GeneralName; `None` where it is not one, which is a fault.
    pub(super) fn read(element: &Element<'a>, path: &Path<'_>, walk: &mut Walk<'a>) -> Option<Self> {
        let text = || ascii(element.value);
        Some(match element.tag {
            0xA0 => {
                walk.check(element, path);
                Self::Other(walk.take(&mut element.inside(), tag::OID, path).map(|oid| Oid::new(oid.value))?)
            }
            0x81 => Self::Email(text()),
            0x82 => Self::Dns(text()),
            0xA3 => {
                walk.check(element, path);
                Self::X400
            }
            0xA4 => {
                let mut inside = element.inside();
                let name = walk.take(&mut inside, tag::SEQUENCE, path)?;
                walk.finish_reader(&inside, path);
                Self::Directory(Name::read(&name, path, walk))
            }
            0xA5 => {
                walk.check(element, path);
                Self::EdiParty
            }
            0x86 => Self::Uri(text()),
            0x87 => Self::Ip(element.value),
            0x88 => {
                if !der::is_object_identifier(element.value) {
                    walk.fault(element.offset, path, DerFault::ObjectIdentifier);
                }
                Self::RegisteredId(Oid::new(element.value))
            }
            found => {
                let expected = tag::CONTEXT_2_PRIMITIVE;
                walk.fault(element.offset, path, DerFault::UnexpectedTag { expected, found });
                return None;
            }
        })
    }

    /// The kind, as OpenSSL names it: `DNS`, `IP`, `email`, `URI`, `dirName`, `RID`, `otherName`, `X400`, `EdiParty`.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Other(_) => "otherName",
            Self::Email(_) => "email",
            Self::Dns(_) => "DNS",
            Self::X400 => "X400",
            Self::Directory(_) => "dirName",
            Self::EdiParty => "EdiParty",
            Self::Uri(_) => "URI",
            Self::Ip(_) => "IP",
            Self::RegisteredId(_) => "RID",
        }
    }
}

impl fmt::Display for GeneralName<'_> {
    /// `DNS:www.example.com`, `IP:192.0.2.1`: kind and value, escaped and cut.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.kind())?;
        match self {
            Self::Email(text) | Self::Dns(text) | Self::Uri(text) => f.write_str(&text::escape(text)),
            Self::Directory(name) => name.fmt(f),
            Self::Ip(octets) => write_address(f, octets),
            Self::Other(oid) | Self::RegisteredId(oid) => oid.fmt(f),
            Self::X400 | Self::EdiParty => f.write_str("(not shown)"),
        }
    }
}

/// An address, or an address and its mask, or their number of octets where they are neither.
fn write_address(f: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    let (address, mask) = match octets.len() {
        8 | 32 => octets.split_at(octets.len() / 2),
        _ => (octets, &[] as &[u8]),
    };
    let write = |f: &mut fmt::Formatter<'_>, octets: &[u8]| {
        if let Ok(octets) = <[u8; 4]>::try_from(octets) {
            write!(f, "{}", Ipv4Addr::from(octets))
        } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
            write!(f, "{}", Ipv6Addr::from(octets))
        } else {
            write!(f, "({} octets)", octets.len())
        }
    };
    write(f, address)?;
    if mask.is_empty() {
        return Ok(());
    }
    f.write_str("/")?;
    write(f, mask)
}

/// Reads GeneralNames, the value of the subject alternative name, and looks for what is wrong with each name.
pub(super) fn read_subject_alt_name<'a>(
    sequence: &Element<'a>,
    path: &Path<'_>,
    walk: &mut Walk<'a>,
) -> Vec<GeneralName<'a>> {
    let mut names = Vec::new();
    let mut inside = sequence.inside();
    if inside.is_empty() {
        let fault = GeneralNameFault::Invalid(InvalidGeneralName::None);
        walk.report(sequence.offset, path, FaultKind::GeneralName(fault));
    }
    let mut index = 0_usize;
    while let (offset, Some(next)) = (inside.offset(), inside.next()) {
        let path = path.index(index);
        match next {
            Ok(element) => {
                if let Some(lapse) = element.lapse {
                    walk.fault(offset, &path, lapse);
                }
                if let Some(name) = GeneralName::read(&element, &path, walk) {
                    check(&name, element.offset, &path, walk);
                    names.push(name);
                }
            }
            Err(fault) => walk.fault(offset, &path, fault),
        }
        index = index.saturating_add(1);
    }
    names
}

fn check<'a>(name: &GeneralName<'a>, offset: usize, path: &Path<'_>, walk: &mut Walk<'a>) {
    match name {
        GeneralName::Dns(dns) => check_dns(dns, offset, path, walk),
        GeneralName::Email(text) => check_text(text, TextKind::Rfc822Name, path, offset, walk),
        GeneralName::Uri(text) => check_text(text, TextKind::Uri, path, offset, walk),
        GeneralName::Ip(octets) if !matches!(octets.len(), 4 | 16) => {
            let octets = octets.len();
            let fault = GeneralNameFault::Invalid(InvalidGeneralName::AddressLength { octets });
            walk.report(offset, path, FaultKind::GeneralName(fault));
        }
        _ => {}
    }
}

#[allow(clippy::ptr_arg, reason = "a clone of the text borrows from the certificate")]
fn check_dns<'a>(dns: &Cow<'a, str>, offset: usize, path: &Path<'_>, walk: &mut Walk<'a>) {
    let report = |fault, walk: &mut Walk<'a>| walk.report(offset, path, FaultKind::GeneralName(fault));
    if dns.is_empty() {
        report(GeneralNameFault::Invalid(InvalidGeneralName::EmptyDnsName), walk);
    }
    check_text(dns, TextKind::DnsName, path, offset, walk);
    if !dns.is_ascii() {
        report(GeneralNameFault::NotAscii(dns.clone()), walk);
    }
    if dns.contains('*') && !is_usual_wildcard(dns) {
        report(GeneralNameFault::Wildcard(dns.clone()), walk);
    } else if is_not_a_host(dns) {
        report(GeneralNameFault::NotAHost(dns.clone()), walk);
    }
}

/// Whether a name with an asterisk is `*.` and a name of at least two labels (RFC 9525, 6.3).
fn is_usual_wildcard(dns: &str) -> bool {
    let Some(parent) = dns.strip_prefix("*.") else { return false };
    !parent.contains('*') && parent.contains('.') && !has_impossible_labels(parent)
}

/// Whether a name cannot be that of a host: characters of URLs, spaces, impossible labels, or an IPv4 address. Underscores are met in the
/// wild; control and other characters outside ASCII are faults of their own.
fn is_not_a_host(dns: &str) -> bool {
    let is_separator = |byte: u8| b" /:@?#[]\\,;".contains(&byte);
    !dns.is_empty()
        && (dns.bytes().any(is_separator) || has_impossible_labels(dns) || dns.parse::<Ipv4Addr>().is_ok())
}

/// Whether a label is empty or has more than 63 octets, or all together have more than 253 (RFC 1034, 3.1; RFC 5280, 4.2.1.6). A dot at the
/// end, which no client has in the name that it compares, makes the last one empty.
fn has_impossible_labels(dns: &str) -> bool {
    dns.len() > 253 || dns.split('.').any(|label| label.is_empty() || label.len() > 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_host_name_is_not_a_host() {
        for (dns, want) in [
            ("www.example.com", false),
            ("www.example.com.", true),
            (&"a".repeat(63), false),
            (&"a".repeat(64), true),
            (&format!("{}aaa", "a.".repeat(125)), false),
            (&format!("{}aaaa", "a.".repeat(125)), true),
            ("_acme.example.com", false),
            ("localhost", false),
            ("1.2.3.4.in-addr.arpa", false),
            ("*.example.com", false),
            ("", false),
            (".example.com", true),
            ("a..com", true),
            (".", true),
            ("http://a.com", true),
            ("a.com:443", true),
            ("a b.com", true),
            ("1.2.3.4", true),
        ] {
            assert_eq!(is_not_a_host(dns), want, "{dns}");
        }
    }

    #[test]
    fn only_the_usual_wildcard_is_usual() {
        for (dns, want) in [
            ("*.example.com", true),
            ("*.example.com.", false),
            ("*.a.b.example.com", true),
            ("*.com", false),
            ("*", false),
            ("*.", false),
            ("www*.example.com", false),
            ("*w.example.com", false),
            ("a.*.example.com", false),
            ("*.*.example.com", false),
            ("*..com", false),
        ] {
            assert_eq!(is_usual_wildcard(dns), want, "{dns}");
        }
    }

    #[test]
    fn addresses_are_written_as_people_do() {
        for (octets, want) in [
            (&[192, 0, 2, 1][..], "IP:192.0.2.1"),
            (&[10, 0, 0, 0, 255, 0, 0, 0], "IP:10.0.0.0/255.0.0.0"),
            (&[0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "IP:2001:db8::1"),
            (b"192.0.2.1", "IP:(9 octets)"),
        ] {
            assert_eq!(GeneralName::Ip(octets).to_string(), want);
        }
    }
}
