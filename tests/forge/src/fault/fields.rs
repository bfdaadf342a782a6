//! Names and fields.

use super::Base::{Ecc, Rsa, Sm2};
use super::Fault;
use crate::chain;
use crate::form::Form;

fn name(form: &mut Form, name: impl Into<String>) {
    form.name = Some(name.into());
}

pub(super) const ROWS: &[Fault] = &[
    Fault::accept(Rsa, "rsa", |_| ()),
    Fault::accept(Ecc, "ecc", |_| ()),
    Fault::accept(Sm2, "sm2", |_| ()),
    Fault::reject(Rsa, "name-absent", |f| f.name = None).api("2001"),
    Fault::reject(Rsa, "name-of-3", |f| name(f, "abc")).api("2005"),
    Fault::reject(Rsa, "name-of-51", |f| name(f, "a".repeat(51))).api("2006"),
    Fault::accept(Rsa, "name-of-4", |f| name(f, "abcd")),
    Fault::accept(Rsa, "name-of-50", |f| name(f, "a".repeat(50))),
    Fault::reject(Rsa, "name-digit-first", |f| name(f, "1abc")).api("2011"),
    Fault::reject(Rsa, "name-underscore-first", |f| name(f, "_abc")).api("2011"),
    Fault::reject(Rsa, "name-hyphen", |f| name(f, "a-bc")).api("2011"),
    Fault::reject(Rsa, "name-full-width", |f| name(f, "\u{ff41}bcd")).api("2011"),
    Fault::reject(Rsa, "name-newline", |f| name(f, "abcd\n")).api("2011"),
    Fault::reject(Rsa, "name-leading-space", |f| name(f, " abcd")).api("2011"),
    Fault::reject(Rsa, "name-trailing-space", |f| name(f, "abcd ")).api("2011"),
    Fault::reject(Rsa, "name-han", |f| name(f, "证书名称")).api("2011"),
    Fault::warn(Rsa, "unknown-field", |f| {
        f.extra.insert("certificate".to_owned(), "x".into());
    }),
    Fault::reject(Rsa, "name-twice", |f| f.again.push(("name", "forge_more"))).api("2000"),
    Fault::reject(Rsa, "name-is-a-number", |f| {
        f.name = None;
        f.extra.insert("name".to_owned(), 1234.into());
    })
    .api("2011"),
    Fault::note(Rsa, "instance-id-with-global", |f| f.instance_id = Some("gw-1".to_owned())),
    Fault::reject(Rsa, "cert-absent", |f| f.cert_content = None).api("2001"),
    Fault::reject(Rsa, "key-absent", |f| f.private_key = None).api("2001"),
    Fault::accept(Rsa, "type-absent", |f| f.kind = None),
    Fault::reject(Rsa, "type-unknown", |f| f.kind = Some("local".to_owned())).api("2011"),
    Fault::accept(Rsa, "instance", |f| *f = f.clone().instance("gw-1")),
    Fault::reject(Rsa, "instance-id-with-a-line-break", |f| *f = f.clone().instance("gw-1\n")).api("2011"),
    Fault::reject(Rsa, "instance-without-id", |f| f.kind = Some("instance".to_owned())).api("2001"),
    Fault::accept(Rsa, "algorithm-absent", |f| f.algorithm_type = None),
    Fault::accept(Sm2, "algorithm-absent-sm2", |f| f.algorithm_type = None),
    Fault::reject(Rsa, "algorithm-unknown", |f| f.algorithm_type = Some("DSA".to_owned())).api("2011"),
    Fault::reject(Rsa, "algorithm-ecc-for-rsa", |f| f.algorithm_type = Some("ECC".to_owned())).api("3709"),
    Fault::reject(Ecc, "algorithm-rsa-for-ecc", |f| f.algorithm_type = Some("RSA".to_owned())).api("3709"),
    Fault::reject(Sm2, "algorithm-ecc-for-sm2", |f| f.algorithm_type = Some("ECC".to_owned())).api("3709"),
    Fault::reject(Sm2, "sign-fields-absent", |f| {
        f.cert_content_sign = None;
        f.private_key_sign = None;
    })
    .api("2001"),
    Fault::reject(Sm2, "sign-key-absent", |f| f.private_key_sign = None).api("2001"),
    Fault::warn(Rsa, "sign-fields-with-rsa", |f| {
        let set = chain::sm2();
        *f = f.clone().signed_with(&[set.sign, set.ca]);
    }),
];
