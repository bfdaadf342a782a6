//! Names and fields.

use super::Base::{Ecc, Rsa, Sm2};
use super::{Fault, row};
use crate::chain;
use crate::form::Form;
use serde_json::{Value, json};

fn name(form: &mut Form, name: impl Into<String>) {
    form.name = Some(name.into());
}

/// All fields that are optional with this form.
const OPTIONAL: [&str; 6] =
    ["type", "instance_id", "trusted_root_ca", "algorithm_type", "cert_content_sign", "private_key_sign"];

/// The form with that value in place of each optional field.
fn optional(form: &mut Form, value: &Value) {
    (form.kind, form.algorithm_type) = (None, None);
    form.extra.extend(OPTIONAL.map(|field| (field.to_owned(), value.clone())));
}

/// A form whose only field is an object that holds this one.
fn inside(name: &str, form: &Form) -> Form {
    Form { extra: [(name.to_owned(), form.value())].into(), ..Form::default() }
}

/// The form with other names for these fields.
fn renamed(form: &mut Form, names: &[(&str, &str)]) {
    for (right, other) in names {
        let field = match *right {
            "cert_content" => form.cert_content.take(),
            _ => form.private_key.take(),
        };
        form.extra.insert((*other).to_owned(), field.into());
    }
}

pub(super) const ROWS: &[Fault] = &[
    row(Rsa, "rsa", |_| ()),
    row(Ecc, "ecc", |_| ()),
    row(Sm2, "sm2", |_| ()),
    row(Rsa, "name-absent", |f| f.name = None),
    row(Rsa, "name-of-3", |f| name(f, "abc")),
    row(Rsa, "name-of-51", |f| name(f, "a".repeat(51))),
    row(Rsa, "name-of-4", |f| name(f, "abcd")),
    row(Rsa, "name-of-50", |f| name(f, "a".repeat(50))),
    row(Rsa, "name-digit-first", |f| name(f, "1abc")),
    row(Rsa, "name-underscore-first", |f| name(f, "_abc")),
    row(Rsa, "name-hyphen", |f| name(f, "a-bc")),
    row(Rsa, "name-full-width", |f| name(f, "\u{ff41}bcd")),
    row(Rsa, "name-newline", |f| name(f, "abcd\n")),
    row(Rsa, "name-leading-space", |f| name(f, " abcd")),
    row(Rsa, "name-trailing-space", |f| name(f, "abcd ")),
    row(Rsa, "name-han", |f| name(f, "证书名称")),
    row(Rsa, "unknown-field", |f| {
        f.extra.insert("certificate".to_owned(), "x".into());
    }),
    row(Rsa, "named-like-a-field", |f| name(f, "certificate")),
    row(Rsa, "misspelt-root", |f| {
        f.extra.insert("trusted_root".to_owned(), "x".into());
    }),
    row(Rsa, "issuers-in-a-field-of-their-own", |f| {
        let end = "-----END CERTIFICATE-----\n";
        let Some(chain) = &mut f.cert_content else { return };
        let Some(at) = chain.find(end) else { return };
        let issuers = chain.split_off(at + end.len());
        f.extra.insert("ca_bundle".to_owned(), issuers.into());
    }),
    row(Rsa, "nested", |f| *f = inside("certificate", f)),
    row(Rsa, "nested-in-list", |f| {
        *f = Form { extra: [("certificates".to_owned(), json!([f.value()]))].into(), ..Form::default() };
    }),
    row(Ecc, "names-in-camel-case", |f| {
        renamed(f, &[("cert_content", "certContent"), ("private_key", "privateKey")])
    }),
    row(Rsa, "names-of-another-product", |f| {
        renamed(f, &[("cert_content", "cert"), ("private_key", "key")]);
        f.extra.insert("snis".to_owned(), json!(["www.forge.example"]));
    }),
    row(Rsa, "secret-in-json", |f| {
        renamed(f, &[("cert_content", "tls.crt"), ("private_key", "tls.key")]);
        let base64 =
            |text: &Value| Value::from(crate::pem::base64(text.as_str().unwrap_or_default().as_bytes()));
        let data: serde_json::Map<_, _> =
            f.extra.iter().map(|(name, text)| (name.clone(), base64(text))).collect();
        *f = inside("data", &Form::default());
        f.extra.insert("data".to_owned(), data.into());
        f.extra.insert("kind".to_owned(), "Secret".into());
        f.extra.insert("type".to_owned(), "kubernetes.io/tls".into());
        f.name = Some("forge_test".to_owned());
    }),
    row(Rsa, "name-twice", |f| f.again.push(("name", "forge_more"))),
    row(Rsa, "name-is-a-number", |f| {
        f.name = None;
        f.extra.insert("name".to_owned(), 1234.into());
    }),
    row(Rsa, "instance-id-with-global", |f| f.instance_id = Some("gw-1".to_owned())),
    row(Rsa, "instance-id-common", |f| f.instance_id = Some("common".to_owned())),
    row(Rsa, "response-fields", |f| {
        for (field, value) in [
            ("id", json!("6e3b6a8f2c1d4e5f")),
            ("project_id", json!("73d69ae0cfcf460190522d06b60f05ad")),
            ("common_name", json!("www.forge.example")),
            ("san", json!(["www.forge.example"])),
            ("not_after", json!("2027-01-01T00:00:00Z")),
            ("create_time", json!("2026-01-01T00:00:00Z")),
            ("is_has_trusted_root_ca", json!(false)),
        ] {
            f.extra.insert(field.to_owned(), value);
        }
    }),
    row(Rsa, "optional-fields-empty", |f| optional(f, &json!(""))),
    row(Rsa, "optional-fields-of-space", |f| optional(f, &json!(" \r\n\t"))),
    row(Rsa, "optional-fields-null", |f| optional(f, &Value::Null)),
    row(Rsa, "name-of-space", |f| name(f, "    ")),
    row(Rsa, "key-null", |f| {
        f.private_key = None;
        f.extra.insert("private_key".to_owned(), Value::Null);
    }),
    row(Rsa, "instance-with-empty-id", |f| *f = f.clone().instance("")),
    row(Sm2, "sign-fields-empty", |f| {
        f.cert_content_sign = Some(String::new());
        f.private_key_sign = Some("\n".to_owned());
    }),
    row(Rsa, "cert-absent", |f| f.cert_content = None),
    row(Rsa, "key-absent", |f| f.private_key = None),
    row(Rsa, "type-absent", |f| f.kind = None),
    row(Rsa, "type-unknown", |f| f.kind = Some("local".to_owned())),
    row(Rsa, "instance", |f| *f = f.clone().instance("gw-1")),
    row(Rsa, "instance-id-with-a-line-break", |f| *f = f.clone().instance("gw-1\n")),
    row(Rsa, "instance-without-id", |f| f.kind = Some("instance".to_owned())),
    row(Rsa, "algorithm-absent", |f| f.algorithm_type = None),
    row(Sm2, "algorithm-absent-sm2", |f| f.algorithm_type = None),
    row(Rsa, "algorithm-unknown", |f| f.algorithm_type = Some("DSA".to_owned())),
    row(Rsa, "algorithm-ecc-for-rsa", |f| f.algorithm_type = Some("ECC".to_owned())),
    row(Ecc, "algorithm-rsa-for-ecc", |f| f.algorithm_type = Some("RSA".to_owned())),
    row(Sm2, "algorithm-ecc-for-sm2", |f| f.algorithm_type = Some("ECC".to_owned())),
    row(Sm2, "sign-fields-absent", |f| {
        f.cert_content_sign = None;
        f.private_key_sign = None;
    }),
    row(Sm2, "sign-key-absent", |f| f.private_key_sign = None),
    row(Rsa, "sign-fields-with-rsa", |f| {
        let set = chain::sm2();
        *f = f.clone().signed_with(&[set.sign, set.ca]);
    }),
];
