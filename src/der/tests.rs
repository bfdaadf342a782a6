//! Faults of DER, each with its path and offset; and strict reading, which stops at the first.
#![allow(clippy::indexing_slicing, clippy::type_complexity, clippy::unwrap_used)]
use super::fault::DerFault;
use super::*;

fn faults(input: &[u8]) -> Vec<String> {
    let mut out = Vec::new();
    let root = Path::root("x");
    let mut reader = Reader::new(input);
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
fn every_fault_is_reported_with_its_path_and_offset() {
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
        (&[0x1F, 0x01, 0x00], &["x@0: tag number above 30, which neither certificates nor keys use"]),
        (&[0x02, 0x00], &["x@0: INTEGER of 0 octets (X.690, 8.3.1)"]),
        (&[0x02, 0x02, 0x00, 0x7F], &["x@0: INTEGER is not in its shortest form (X.690, 8.3.2)"]),
        (&[0x02, 0x02, 0xFF, 0x80], &["x@0: INTEGER is not in its shortest form (X.690, 8.3.2)"]),
        (&[0x02, 0x02, 0x00, 0x80], &[]),
        (&[0x01, 0x02, 0, 0], &["x@0: BOOLEAN of 2 octets, not 1"]),
        (&[0x03, 0x01, 0x00], &[]),
        (&[0x03, 0x02, 0x03, 0x0F], &["x@0: BIT STRING has set bits after its last one (X.690, 11.2.1)"]),
        (
            &[0x24, 0x03, 0x04, 0x01, 0x00],
            &["x@0: OCTET STRING in constructed form, which DER forbids (X.690, 10.2)"],
        ),
        (&[0x06, 0x03, 0x2A, 0x80, 0x01], &["x@0: OBJECT IDENTIFIER is empty, cut or padded (X.690, 8.19)"]),
        (&[0x1E, 0x03, 0, 0x41, 0], &["x@0: 3 octets of text, which is not a whole number of characters"]),
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

#[test]
fn lengths_are_strict() {
    let cases: [(&[u8], Result<usize, DerFault>); 9] = [
        (&[0x02, 0x01, 0x05], Ok(1)),
        (&[0x02, 0x81, 0x01, 0x05], Err(DerFault::NonMinimalLength)),
        (&[0x02, 0x82, 0x00, 0x80], Err(DerFault::NonMinimalLength)),
        (&[0x30, 0x80, 0x00, 0x00], Err(DerFault::IndefiniteLength)),
        (&[0x02, 0x02, 0x05], Err(DerFault::Cut)),
        (&[0x02], Err(DerFault::Cut)),
        (&[], Err(DerFault::Missing)),
        (&[0x1f, 0x01, 0x00], Err(DerFault::HighTag)),
        (&[0x02, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00], Err(DerFault::Cut)),
    ];
    for (input, expected) in cases {
        let actual = Reader::new(input).any().map(|tlv| tlv.value.len()).map_err(|error| error.fault);
        assert_eq!(actual, expected, "{input:02x?}");
    }
}

#[test]
fn integers_are_minimal() {
    let cases: [(&[u8], Option<(Sign, &[u8])>); 8] = [
        (&[0x02, 0x01, 0x00], Some((Sign::Zero, &[]))),
        (&[0x02, 0x01, 0x7f], Some((Sign::Positive, &[0x7f]))),
        (&[0x02, 0x02, 0x00, 0x80], Some((Sign::Positive, &[0x80]))),
        (&[0x02, 0x01, 0x80], Some((Sign::Negative, &[0x80]))),
        (&[0x02, 0x02, 0xff, 0x7f], Some((Sign::Negative, &[0xff, 0x7f]))),
        (&[0x02, 0x02, 0x00, 0x7f], None),
        (&[0x02, 0x02, 0xff, 0x80], None),
        (&[0x02, 0x00], None),
    ];
    for (input, expected) in cases {
        let integer = Reader::new(input).any().unwrap().integer();
        assert_eq!(integer.ok().map(|integer| (integer.sign, integer.magnitude)), expected, "{input:02x?}");
    }
}

#[test]
fn offsets_count_from_the_outermost_element() {
    let input = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x80];
    let mut inside = Reader::new(&input).any().unwrap().inside();
    inside.any().unwrap();
    assert_eq!(inside.offset(), 5);
    assert_eq!(
        inside.expect(tag::OID).err().unwrap(),
        DerError { fault: DerFault::UnexpectedTag { expected: tag::OID, found: tag::INTEGER }, offset: 5 }
    );
    assert_eq!(inside.finish().err().unwrap().fault, DerFault::Trailing(3));
}

#[test]
fn what_is_encoded_reads_back() {
    for length in [0, 1, 127, 128, 255, 256, 70_000] {
        let value = vec![0x5a; length];
        let der = encode(tag::OCTET_STRING, &value);
        let mut reader = Reader::new(&der);
        assert_eq!(reader.any().unwrap().value, value);
        assert!(reader.is_empty());
    }
    assert_eq!(encode_integer(&[]), [2, 1, 0]);
    assert_eq!(encode_integer(&[0x80]), [2, 2, 0, 0x80]);
    assert_eq!(encode_integer(&[0x7f]), [2, 1, 0x7f]);
}
