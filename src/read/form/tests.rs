//! What is read of a request body, in JSON and in other formats of serde.
#![allow(clippy::unwrap_used)]

use serde::de::value::{
    BytesDeserializer, Error as PlainError, F64Deserializer, I64Deserializer, MapDeserializer,
    U64Deserializer,
};

use serde::Deserialize;

use super::*;

#[test]
fn reads_what_is_there_and_remarks_on_the_rest() {
    let form: CertificateForm = serde_json::from_str(
        r#"{"name":"abcd","secret":{"a":[1]},"private_key":7,"cert_content":"x","name":"efgh","type":null}"#,
    )
    .unwrap();
    assert_eq!(form.name.as_deref(), Some("abcd"));
    assert_eq!(form.cert_content.as_ref().and_then(Content::as_text), Some("x"));
    assert_eq!(
        form.remarks,
        [
            FormRemark::Unknown { position: 2, near: None },
            FormRemark::NotText { field: Field::PrivateKey, kind: "a number" },
            FormRemark::Duplicate { field: Field::Name, position: 5 },
        ]
    );
}

#[test]
fn a_field_of_the_response_is_told_from_an_unknown_one() {
    let form: CertificateForm = serde_json::from_str(r#"{"id":"1","common_name":["x"],"ID":1}"#).unwrap();
    assert_eq!(
        form.remarks,
        [
            FormRemark::Response { position: 1, name: "id" },
            FormRemark::Response { position: 2, name: "common_name" },
            FormRemark::Unknown { position: 3, near: None },
        ]
    );
}

#[test]
fn a_field_is_blank_where_it_holds_nothing_or_only_space() {
    for (text, optional, mandatory) in [
        ("", true, true),
        (" \r\n\t", true, false),
        (" \u{3000}\u{a0}", true, false),
        (" x", false, false),
        ("\u{3000}x", false, false),
        ("-", false, false),
    ] {
        let mut form = CertificateForm::default();
        for field in Field::ALL {
            assert!(!form.is_blank(field), "{field}");
            form.set(field, text.to_owned());
            let want = match field {
                Field::CertContent | Field::PrivateKey => mandatory,
                _ => optional,
            };
            assert_eq!(form.is_blank(field), want, "{field} {text:?}");
        }
    }
    let bytes = CertificateForm { trusted_root_ca: Some(Content::from_bytes([0xff])), ..Default::default() };
    assert!(!bytes.is_blank(Field::TrustedRootCa));
}

#[test]
fn writes_the_reference_names_in_order() {
    let mut form = CertificateForm { r#type: Some("global".to_owned()), ..CertificateForm::default() };
    form.private_key = Some("k".into());
    form.name = Some("abcd".to_owned());
    assert_eq!(serde_json::to_string(&form).unwrap(), r#"{"name":"abcd","private_key":"k","type":"global"}"#);
    form.cert_content = Some(Content::from_bytes([0xff]));
    assert!(serde_json::to_string(&form).is_err());
}

#[test]
fn an_error_quotes_no_text() {
    let number = serde_json::from_str::<CertificateForm>("123456789012").unwrap_err();
    assert!(!number.to_string().contains("123456"), "{number}");
    for json in [r#""MIIEvQIBADANBg""#, r#"["MIIEvQIBADANBg"]"#, r#"{"MIIEvQIBADANBg":MIIEvQIBADANBg}"#] {
        let error = serde_json::from_str::<CertificateForm>(json).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("MIIE"), "{error}");
    }
}

#[test]
fn debug_shows_no_content() {
    let key = Some("MIIEvQIBADANBg".into());
    let form = CertificateForm { private_key: key, ..CertificateForm::default() };
    assert!(!format!("{form:?}").contains("MIIE"));
}

#[test]
fn what_is_not_text_is_named_by_its_kind() {
    for (json, kind) in [
        ("true", "a boolean"),
        ("7", "a number"),
        ("-7", "a number"),
        ("1.5", "a number"),
        (r#"["MIIEvQIBADANBg", 1, [2]]"#, "a list"),
        (r#"{"MIIEvQIBADANBg": {"a": 1}}"#, "an object"),
    ] {
        let form: CertificateForm =
            serde_json::from_str(&format!(r#"{{"private_key": {json}, "name": "abcd"}}"#)).unwrap();
        assert_eq!(form.remarks, [FormRemark::NotText { field: Field::PrivateKey, kind }], "{json}");
        assert!(form.private_key.is_none());
        // What follows is read all the same.
        assert_eq!(form.name.as_deref(), Some("abcd"));
    }
    let null: CertificateForm = serde_json::from_str(r#"{"private_key": null}"#).unwrap();
    assert_eq!((null.remarks.as_slice(), null.private_key.is_none()), (&[][..], true));
    // A second value of a field is a duplicate, whatever it is.
    let twice: CertificateForm = serde_json::from_str(r#"{"name": "abcd", "name": [1]}"#).unwrap();
    assert_eq!(twice.remarks, [FormRemark::Duplicate { field: Field::Name, position: 2 }]);
}

#[test]
fn what_is_not_a_form_is_named_by_its_kind() {
    const WANTED: &str = "expected a JSON object with the fields of the request body";
    for (json, kind) in [
        (r#""MIIEvQIBADANBg""#, "a text"),
        ("7", "a number"),
        ("-7", "a number"),
        ("1.5", "a number"),
        ("[]", "a list"),
        ("[1e400]", "a list"),
        ("null", "null"),
        ("true", "boolean `true`"),
    ] {
        let error = serde_json::from_str::<CertificateForm>(json).unwrap_err().to_string();
        assert!(error.starts_with(&format!("invalid type: {kind}, {WANTED}")), "{error}");
    }
    // Formats other than JSON have kinds of their own.
    let error = |read: Result<CertificateForm, PlainError>| read.unwrap_err().to_string();
    let bytes = CertificateForm::deserialize(BytesDeserializer::new(b"MIIEvQIBADANBg"));
    assert_eq!(error(bytes), format!("invalid type: bytes, {WANTED}"));
    let number = CertificateForm::deserialize(I64Deserializer::new(-7));
    assert_eq!(error(number), format!("invalid type: a number, {WANTED}"));
    let number = CertificateForm::deserialize(U64Deserializer::new(7));
    assert_eq!(error(number), format!("invalid type: a number, {WANTED}"));
    let number = CertificateForm::deserialize(F64Deserializer::new(1.5));
    assert_eq!(error(number), format!("invalid type: a number, {WANTED}"));
}

#[test]
fn keys_and_values_of_other_formats_are_refused_without_a_quote() {
    let key = MapDeserializer::<_, PlainError>::new([(true, "abcd")].into_iter());
    let error = CertificateForm::deserialize(key).unwrap_err().to_string();
    assert_eq!(error, "invalid type: boolean `true`, expected a field's name");
    let value = MapDeserializer::<_, PlainError>::new([("private_key", &b"MIIEvQIBADANBg"[..])].into_iter());
    let error = CertificateForm::deserialize(value).unwrap_err().to_string();
    assert_eq!(error, "invalid type: byte array, expected a value");
    let text = MapDeserializer::<_, PlainError>::new([("name", "abcd".to_owned())].into_iter());
    assert_eq!(CertificateForm::deserialize(text).unwrap().name.as_deref(), Some("abcd"));
}

/// What is inside an object, a list or a JSON string is read as if it stood at the top, and remarked on.
#[test]
fn a_form_inside_something_is_found() {
    use FormRemark::{Misnamed, Nested, Unknown};
    let another = Nested { wrapper: "another object" };
    let misnamed = |field, position| Misnamed { field, position };
    let certificate = r#"{"name":"abcd","cert_content":"x"}"#;
    for (json, remarks) in [
        (format!(r#"{{"certificate":{certificate}}}"#), vec![another]),
        (format!(r#"{{"a":1,"data":{{"items":[{certificate}]}}}}"#), vec![another]),
        (format!("[{certificate}]"), vec![Nested { wrapper: "a list" }]),
        (serde_json::to_string(certificate).unwrap(), vec![Nested { wrapper: "a JSON string" }]),
        (r#"{"Cert":"x","name":"abcd"}"#.to_owned(), vec![misnamed(Field::CertContent, 1)]),
        (
            r#"{"name":"abcd","type":"tls","data":{"tls.crt":"x","b":1}}"#.to_owned(),
            vec![another, Unknown { position: 2, near: None }, misnamed(Field::CertContent, 1)],
        ),
    ] {
        let form = CertificateForm::from_json(json.as_bytes()).unwrap();
        assert_eq!(form.cert_content.as_ref().and_then(Content::as_text), Some("x"), "{json}");
        assert_eq!(form.name.as_deref(), Some("abcd"), "{json}");
        assert_eq!(form.remarks, remarks, "{json}");
        assert!(form.other_shape().is_some() && form.r#type.is_none());
    }
    for other in [
        format!("[{certificate},{certificate}]"),
        format!("[[[[{certificate}]]]]"),
        "[]".to_owned(),
        "[{}]".to_owned(),
        r#""{\"name\":\"abcd\"}""#.to_owned(),
        r#""{""#.to_owned(),
    ] {
        assert!(CertificateForm::from_json(other.as_bytes()).is_err(), "{other}");
    }
}

/// A form of its own is never exchanged for what another field holds, and a name that is right counts before one that is not.
#[test]
fn what_a_form_has_is_not_taken_from_elsewhere() {
    let json =
        r#"{"cert":"y","old":{"cert_content":"z","private_key":"z"},"cert_content":"x","trustedRoot":"r"}"#;
    let form = CertificateForm::from_json(json.as_bytes()).unwrap();
    assert_eq!(form.cert_content.as_ref().and_then(Content::as_text), Some("x"));
    assert!(form.private_key.is_none() && form.trusted_root_ca.is_none());
    let unknown = |position, near| FormRemark::Unknown { position, near };
    assert_eq!(form.remarks, [unknown(1, None), unknown(2, None), unknown(4, Some(Field::TrustedRootCa))]);
    assert_eq!(form.other_shape(), None);
}

/// A value that is not wanted may be whatever it likes.
#[test]
fn what_is_unknown_is_not_judged() {
    for json in [
        r#"{"x":1e400,"cert_content":"x","private_key":"y"}"#,
        r#"{"x":{"y":[1e400]},"cert":1e400,"cert_content":"x"}"#,
    ] {
        let form = CertificateForm::from_json(json.as_bytes()).unwrap();
        assert_eq!(form.cert_content.as_ref().and_then(Content::as_text), Some("x"), "{json}");
    }
}
