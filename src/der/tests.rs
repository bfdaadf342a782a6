//! Faults of DER, each with its path and offset.
#![allow(clippy::unwrap_used)]
use super::*;

fn faults(input: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    let root = Path::root("x");
    let mut reader = Reader::new(input, 0);
    while let (offset, Some(element)) = (reader.offset(), reader.next()) {
        match element {
            Ok(element) => {
                check(&element, &root, &mut |offset, path, fault| {
                    out.push(format!("{path}@{offset}: {fault}"));
                });
            }
            Err(fault) => out.push(format!("x@{offset}: {fault}")),
        }
    }
    out
}

#[test]
fn every_fault_is_told_with_its_path_and_offset() {
    let cases: [(&[u8], &[&str]); 20] = [
        (&[0x30, 0x03, 0x02, 0x01, 0x05], &[]),
        (&[0x30, 0x81, 0x03, 0x02, 0x01, 0x05], &["x@0: length is not in its shortest form (X.690, 10.1)"]),
        (&[0x30, 0x80, 0x02, 0x01, 0x05, 0, 0], &["x@0: indefinite length, which DER forbids (X.690, 10.1)"]),
        (
            &[0x30, 0x80, 0x30, 0x80, 0, 0, 0x01, 0x01, 0x01, 0, 0],
            &[
                "x@0: indefinite length, which DER forbids (X.690, 10.1)",
                "x[0]@2: indefinite length, which DER forbids (X.690, 10.1)",
                "x[1]@6: BOOLEAN TRUE is encoded as 0x01, not 0xFF (X.690, 11.1)",
            ],
        ),
        (&[0x30, 0x80, 0x02, 0x01, 0x05], &["x@0: element is cut short: 2 octets announced, 0 left"]),
        (&[0x04, 0x80, 0, 0], &["x@0: indefinite length, which DER forbids (X.690, 10.1)"]),
        (&[0x30, 0x02, 0x02, 0x01], &["x[0]@2: element is cut short: 1 octets announced, 0 left"]),
        (
            &[0x30, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            &["x@0: element is cut short: 18446744073709551615 octets announced, 0 left"],
        ),
        (&[0x30], &["x@0: element is cut short: 2 octets announced, 1 left"]),
        (&[0x1F, 0x01, 0x00], &["x@0: tag number above 30, which no certificate uses"]),
        (&[0x02, 0x00], &["x@0: INTEGER of 0 octets (X.690, 8.3.1)"]),
        (&[0x02, 0x02, 0x00, 0x7F], &["x@0: INTEGER is padded, not in its shortest form (X.690, 8.3.2)"]),
        (&[0x02, 0x02, 0xFF, 0x80], &["x@0: INTEGER is padded, not in its shortest form (X.690, 8.3.2)"]),
        (&[0x02, 0x02, 0x00, 0x80], &[]),
        (&[0x01, 0x02, 0, 0], &["x@0: BOOLEAN of 2 octets, not 1"]),
        (&[0x03, 0x01, 0x00], &[]),
        (&[0x03, 0x02, 0x03, 0x0F], &["x@0: BIT STRING has set bits after its last one (X.690, 11.2.1)"]),
        (
            &[0x24, 0x03, 0x04, 0x01, 0x00],
            &["x@0: OCTET STRING in constructed form, which DER forbids (X.690, 10.2)"],
        ),
        (&[0x06, 0x03, 0x2A, 0x80, 0x01], &["x@0: OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)"]),
        (&[0x1E, 0x03, 0, 0x41, 0], &["x@0: 3 octets of text, which is no whole number of characters"]),
    ];
    for (input, want) in cases {
        assert_eq!(faults(input), want, "{input:02X?}");
    }
}

#[test]
fn nesting_is_bounded() {
    let mut deep = [0x30, 0x80].repeat(5_000);
    deep.extend([0, 0].repeat(5_000));
    let told = faults(&deep);
    assert_eq!(told.len(), MAX_DEPTH.checked_add(2).unwrap());
    assert!(told.last().unwrap().ends_with("elements nest deeper than 32 levels"));
}

#[test]
fn a_path_reads_from_the_outside_in() {
    let root = Path::root("tbsCertificate");
    let list = root.field("extensions");
    let third = list.index(3);
    assert_eq!(third.field("extnValue").to_string(), "tbsCertificate.extensions[3].extnValue");
}
