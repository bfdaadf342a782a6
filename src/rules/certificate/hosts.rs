//! Whether a server certificate serves the hosts that the caller asks for.

use std::cmp::Reverse;
use std::fmt;
use std::net::IpAddr;

use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::outline::TBS;
use crate::read::certificate::{Certificate, GeneralName};
use crate::rule::{ApiCode, Rule, Stage};
use crate::text;

use super::Judge;

/// A host as a client knows it: a DNS name in ASCII, in lower case and without the dot at its end, or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Dns(String),
    Address(IpAddr),
}

impl Host {
    /// `None` for what is no host: a URL, a name with a port, a wildcard, a name that is not in ASCII.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::Address(address));
        }
        let name = text.strip_suffix('.').unwrap_or(text);
        let is_label = |label: &str| {
            let is_in = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            (1..=63).contains(&label.len()) && label.bytes().all(is_in)
        };
        (name.len() <= 253 && name.split('.').all(is_label)).then(|| Self::Dns(name.to_ascii_lowercase()))
    }

    /// Whether a name of a certificate is this host's (RFC 9525, 6.3): letters in either case; an asterisk stands for exactly one label, the
    /// first; addresses are compared as octets.
    fn is(&self, name: &GeneralName<'_>) -> bool {
        match (self, name) {
            (Self::Dns(host), GeneralName::Dns(name)) => {
                let parents = || name.strip_prefix("*.").zip(host.split_once('.'));
                name.eq_ignore_ascii_case(host)
                    || parents().is_some_and(|(below, (_, parent))| below.eq_ignore_ascii_case(parent))
            }
            (Self::Address(IpAddr::V4(address)), GeneralName::Ip(octets)) => address.octets() == **octets,
            (Self::Address(IpAddr::V6(address)), GeneralName::Ip(octets)) => address.octets() == **octets,
            _ => false,
        }
    }

    /// Whether it is that domain, or has it at its end.
    fn is_at_or_below(&self, domain: &str) -> bool {
        let Self::Dns(host) = self else { return false };
        let domain = domain.to_ascii_lowercase();
        host.strip_suffix(&domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Address(address) => address.fmt(f),
        }
    }
}

/// The name of a certificate that serves a host.
pub(crate) fn serving<'c>(certificate: &'c Certificate<'_>, host: &Host) -> Option<&'c GeneralName<'c>> {
    certificate.san().iter().find(|name| host.is(name))
}

static CERT_HOST_NOT_SERVED: Rule = Rule {
    code: "cert-host-not-served",
    soft: true,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The certificate is not for a host that the check names",
    hint: "Upload the certificate of this host instead. If there is none, request one that has the host in its subject alternative name.",
    why: "A client looks for the host that it wants among the DNS names and addresses of the subject alternative name, and ends the handshake if \
          it is not there. It does not look at the common name. `*.example.com` stands for exactly one label before `example.com`: it serves \
          `www.example.com`, but neither `example.com` nor `a.b.example.com`. The check looks only for hosts that it is given: `hosts` in \
          the policy, `--host` on the command line.\n\n\
          Example: a certificate for `*.example.com`, and the gateway answers for `example.com`.",
    citations: &["RFC 9525, section 6.3", "RFC 5280, section 4.2.1.6"],
    since: "0.2.0",
    ..Rule::BASE
};

/// Reports each host of the policy that a leaf does not serve.
pub(super) fn judge(certificate: &Certificate<'_>, judge: &mut Judge<'_, '_>) {
    for host in &judge.policy().hosts {
        let Some(host) = Host::parse(host) else { continue };
        if serving(certificate, &host).is_none() {
            let place = judge.place(certificate.extension_list().offset, &TBS.field("extensions"));
            judge.add(not_served(certificate, &host, place));
        }
    }
}

/// How many names a fact holds.
const SHOWN: usize = 20;

fn not_served(certificate: &Certificate<'_>, host: &Host, place: Location) -> Finding {
    let is_of_host = |name: &&GeneralName<'_>| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_));
    let names: Vec<String> = certificate.san().iter().filter(is_of_host).map(ToString::to_string).collect();
    let message = match text::list(&names) {
        none if none.is_empty() => {
            told!("the certificate is not for {host}: it names no host at all", host = host.to_string())
        }
        listed => told!(
            "the certificate is not for {host}; it is for {listed}",
            host = host.to_string(),
            listed = listed,
            names = names.iter().take(SHOWN).cloned().collect::<Vec<_>>(),
        ),
    };
    let finding = Finding::new(&CERT_HOST_NOT_SERVED, place, message);
    let Some(nearest) = nearest(certificate, host) else { return finding };
    let is_below_wildcard = nearest.strip_prefix("*.").is_some_and(|parent| host.is_at_or_below(parent));
    let nearest = text::escape(nearest);
    finding.hint(if is_below_wildcard {
        told!(
            "`{nearest}` stands for exactly one label before the first dot. Request a certificate that names {host} itself.",
            nearest = nearest,
            host = host.to_string(),
        )
    } else {
        told!(
            "The nearest name is `{nearest}`: is that the host you mean? Otherwise use the certificate for {host}, or request one that names it.",
            nearest = nearest,
            host = host.to_string(),
        )
    })
}

/// The DNS name that has the most labels at its end in common with the host, and then the fewest letters that differ. Nothing is near that has
/// neither two labels in common nor at most two letters that differ.
fn nearest<'c>(certificate: &'c Certificate<'_>, host: &Host) -> Option<&'c str> {
    let Host::Dns(host) = host else { return None };
    let in_common = |name: &str| {
        let pairs = name.rsplit('.').zip(host.rsplit('.'));
        pairs.take_while(|(name, host)| name.eq_ignore_ascii_case(host)).count()
    };
    let dns = certificate.san().iter().filter_map(|name| match name {
        GeneralName::Dns(name) => Some(&**name),
        _ => None,
    });
    // Letters are compared for the first names only, and names that a host can have: it bounds the cost.
    let letters = |(number, name): (usize, &str)| {
        let is_compared = number < 64 && name.len() <= 253;
        if is_compared { text::distance(&name.to_ascii_lowercase(), host) } else { usize::MAX }
    };
    dns.enumerate()
        .map(|(number, name)| (in_common(name), Reverse(letters((number, name))), name))
        .filter(|(count, Reverse(distance), _)| *count > 1 || *distance <= 2)
        .max_by_key(|(count, distance, _)| (*count, *distance))
        .map(|(.., name)| name)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CERT_HOST_NOT_SERVED];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_serves_a_host_as_the_rfc_says() {
        let octets = [192, 0, 2, 1];
        for (host, name, want) in [
            ("www.example.com", GeneralName::Dns("www.example.com".into()), true),
            ("WWW.example.com.", GeneralName::Dns("www.EXAMPLE.com".into()), true),
            ("www.example.com", GeneralName::Dns("*.example.com".into()), true),
            ("example.com", GeneralName::Dns("*.example.com".into()), false),
            ("a.b.example.com", GeneralName::Dns("*.example.com".into()), false),
            ("www.example.com", GeneralName::Dns("*.com".into()), false),
            ("www.example.com", GeneralName::Dns("w*.example.com".into()), false),
            ("www.example.com", GeneralName::Dns("*".into()), false),
            ("com", GeneralName::Dns("*.com".into()), false),
            ("www.example.com", GeneralName::Email("www.example.com".into()), false),
            ("192.0.2.1", GeneralName::Ip(&octets), true),
            ("192.0.2.2", GeneralName::Ip(&octets), false),
            ("::ffff:192.0.2.1", GeneralName::Ip(&octets), false),
            ("192.0.2.1", GeneralName::Dns("192.0.2.1".into()), false),
        ] {
            assert_eq!(Host::parse(host).unwrap().is(&name), want, "{host} {name}");
        }
    }

    #[test]
    fn the_nearest_name_is_told_and_a_wildcard_is_explained_where_it_nearly_serves() {
        use certgate_forge::{cert::Cert, ext, form, key};
        let names = ["shop.example.com", "www.example.com", "*.api.example.com", "example.net"];
        let leaf = Cert::leaf("www.example.com").key(key::p256(0)).with(ext::san_dns(&names)).self_signed();
        let form: crate::CertificateForm = serde_json::from_str(&form::single("ECC", &leaf).json()).unwrap();
        for (host, want) in [
            ("ww.example.com", "The nearest name is `www.example.com`"),
            ("shopp.example.com", "The nearest name is `shop.example.com`"),
            ("wwww.exmaple.com", "Upload the certificate of this host instead"),
            ("www.exmple.com", "The nearest name is `www.example.com`"),
            ("api.example.com", "`*.api.example.com` stands for exactly one label"),
            ("a.b.api.example.com", "`*.api.example.com` stands for exactly one label"),
            ("example.nt", "The nearest name is `example.net`"),
            ("example.org", "Upload the certificate of this host instead"),
            ("10.0.0.1", "Upload the certificate of this host instead"),
        ] {
            let policy = crate::policy::Policy::with(|policy| policy.hosts = vec![host.to_owned()]);
            let report = crate::validate(&form, &policy, crate::At::NotEvaluated).unwrap_err().into_report();
            let finding =
                report.findings.iter().find(|finding| finding.rule == &CERT_HOST_NOT_SERVED).unwrap();
            assert!(finding.hint.starts_with(want), "{host}: {}", finding.hint);
        }
    }

    #[test]
    fn what_is_no_host_is_not_taken_for_one() {
        for text in [
            "",
            ".",
            "https://www.example.com",
            "www.example.com:443",
            "*.example.com",
            "www..example.com",
            "例子.example",
            "a b",
            "[::1]",
            &"a".repeat(64),
            &["a"; 128].join("."),
        ] {
            assert_eq!(Host::parse(text), None, "{text}");
        }
        assert_eq!(Host::parse("2001:DB8::1").map(|host| host.to_string()).as_deref(), Some("2001:db8::1"));
    }
}
