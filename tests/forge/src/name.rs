//! Distinguished names of any attributes, string types and bytes.

use crate::der::{Node, ia5, oid, printable, seq, set, utf8};

/// The OID of an attribute by its short name (CN, O, OU, C, L, ST, STREET, serialNumber, emailAddress, DC, ...), or the
/// dotted text itself.
pub fn attribute_oid(name: &str) -> &str {
    match name {
        "CN" => "2.5.4.3",
        "SN" => "2.5.4.4",
        "serialNumber" => "2.5.4.5",
        "C" => "2.5.4.6",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "STREET" => "2.5.4.9",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "T" => "2.5.4.12",
        "postalCode" => "2.5.4.17",
        "GN" => "2.5.4.42",
        "organizationIdentifier" => "2.5.4.97",
        "businessCategory" => "2.5.4.15",
        "jurisdictionC" => "1.3.6.1.4.1.311.60.2.1.3",
        "emailAddress" => "1.2.840.113549.1.9.1",
        "DC" => "0.9.2342.19200300.100.1.25",
        "UID" => "0.9.2342.19200300.100.1.1",
        dotted => dotted,
    }
}

/// One attribute, its value any node.
pub fn attribute(name: &str, value: Node) -> Node {
    seq([oid(attribute_oid(name)), value])
}

/// A name of one attribute a RDN. Strings are UTF8String; C and serialNumber PrintableString; emailAddress and DC
/// IA5String.
pub fn name(attributes: &[(&str, &str)]) -> Node {
    name_of(attributes.iter().map(|(name, text)| {
        let value = match *name {
            "C" | "serialNumber" | "jurisdictionC" => printable(text),
            "emailAddress" | "DC" => ia5(text),
            _ => utf8(text),
        };
        (*name, value)
    }))
}

/// A name of one attribute a RDN, each value any node.
pub fn name_of<'a>(attributes: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    seq(attributes.into_iter().map(|(name, value)| set([attribute(name, value)])))
}

/// A name of RDNs, each a run of attributes.
pub fn name_of_rdns(rdns: impl IntoIterator<Item = Vec<Node>>) -> Node {
    seq(rdns.into_iter().map(set))
}
