//! The names of the subject alternative name.

use crate::finding::{Finding, told};
use crate::location::Location;
use crate::read::certificate::fault::{GeneralNameFault, InvalidGeneralName};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// The finding on a fault of the subject alternative name.
pub(super) fn judge(fault: &GeneralNameFault<'_>, place: Location) -> Finding {
    match fault {
        GeneralNameFault::Invalid(fault) => invalid(*fault, place),
        GeneralNameFault::NotAscii(dns) => not_ascii(dns, place),
        GeneralNameFault::Wildcard(dns) => wildcard(dns, place),
        GeneralNameFault::NotAHost(dns) => not_a_host(dns, place),
    }
}

static CERT_SAN_INVALID: Rule = Rule {
    code: "cert-san-invalid",
    severity: Severity::Error,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "The subject alternative name is empty or contains an invalid name",
    hint: "Ask the CA to issue the certificate again. In the request, write each host as DNS:… and each address as IP:….",
    why: "Clients look for the host in the subject alternative name. The extension must hold at least one name, a dNSName at least one \
          character, and an iPAddress exactly 4 octets (IPv4) or 16 (IPv6). Otherwise Go and others refuse the whole certificate.\n\n\
          Example: an address written as the text 192.0.2.1, which makes an iPAddress of 9 octets.",
    citations: &["RFC 5280, section 4.2.1.6"],
    ..Rule::BASE
};

fn invalid(fault: InvalidGeneralName, place: Location) -> Finding {
    let message = match fault {
        InvalidGeneralName::None => "the subject alternative name is empty".into(),
        InvalidGeneralName::EmptyDnsName => "dNSName is empty".into(),
        InvalidGeneralName::AddressLength { octets } => {
            let shown = text::count(octets, "octet");
            told!("iPAddress has {shown}, not 4 (IPv4) or 16 (IPv6)", octets = octets)
        }
    };
    Finding::new(&CERT_SAN_INVALID, place, message)
}

static CERT_DNS_NAME_NOT_ASCII: Rule = Rule {
    code: "cert-dns-name-not-ascii",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A dNSName holds characters outside ASCII",
    hint: "At the next renewal, ask the CA for the xn-- form of the name. Clients compare only that form.",
    why: "A dNSName is an IA5String. Internationalised names are written there in their A-label form, `xn--…`. Clients convert what the user \
          typed to that form before they compare it, so a name in other letters never matches.\n\n\
          Example: dNSName 例子.example instead of xn--fsqu00a.example.",
    citations: &["RFC 5280, section 7.2", "RFC 9525, section 6.2"],
    ..Rule::BASE
};

fn not_ascii(dns: &str, place: Location) -> Finding {
    let message = told!("dNSName \"{name}\" holds characters outside ASCII", name = text::escape(dns));
    Finding::new(&CERT_DNS_NAME_NOT_ASCII, place, message)
}

static CERT_WILDCARD_SHAPE: Rule = Rule {
    code: "cert-wildcard-shape",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A wildcard is in a place where clients do not accept it",
    hint: "At the next renewal, ask for names of the form *.example.com, or list the hosts one by one.",
    why: "Clients accept a wildcard only as the whole leftmost label, for exactly one label, and above a name of at least two labels. Some \
          private CAs issue other shapes. Such a certificate loads, but browsers report a wrong host.\n\n\
          Example: www*.example.com, *.*.example.com, or *.com.",
    citations: &["RFC 9525, section 6.3", "CA/Browser BR, section 3.2.2.6"],
    ..Rule::BASE
};

fn wildcard(dns: &str, place: Location) -> Finding {
    let message =
        told!("dNSName \"{name}\" is a wildcard that clients do not accept", name = text::escape(dns));
    Finding::new(&CERT_WILDCARD_SHAPE, place, message)
}

static CERT_DNS_NAME_ODD: Rule = Rule {
    code: "cert-dns-name-odd",
    severity: Severity::Warning,
    stage: Stage::Pem,
    api: ApiCode::Invalid,
    summary: "A dNSName is not the name of a host",
    hint: "At the next renewal, ask for the host name alone, such as www.example.com. An address belongs in an iPAddress entry.",
    why: "Clients compare a dNSName, label by label, with the host that they connect to. A URL, a port, a space, an address in digits, an empty \
          label (a dot at the end makes one), or a label of more than 63 characters never equals a host, so clients ignore the entry.\n\n\
          Example: dNSName https://www.example.com, www.example.com:443, .example.com or 192.0.2.1.",
    citations: &["RFC 9525, section 6.2", "RFC 5280, section 4.2.1.6", "RFC 1034, section 3.5"],
    ..Rule::BASE
};

fn not_a_host(dns: &str, place: Location) -> Finding {
    let message =
        told!("dNSName \"{name}\" is not a host name that a client could compare", name = text::escape(dns));
    Finding::new(&CERT_DNS_NAME_ODD, place, message)
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&CERT_SAN_INVALID, &CERT_DNS_NAME_NOT_ASCII, &CERT_WILDCARD_SHAPE, &CERT_DNS_NAME_ODD];
