//! Fields that grow inside one certificate or key.

use super::{count, issuer, leaf, leaf_with, octets_of_pem, of, sans};
use crate::cert::Cert;
use crate::der::{Node, int_raw, null, oid, seq, small, utf8};
use crate::ext::{self, Ext};
use crate::form::{self, Form};
use crate::name::{attribute, name_of_rdns};
use crate::{key, pem};

pub(super) fn odd_sans(bytes: usize) -> Ext {
    let number = count(octets_of_pem(bytes), 19);
    ext::san((0..number).map(|index| ext::dns(format!("a.*.\u{e9}\u{1b}{index:06}.x"))))
}

pub(super) fn same_sans(bytes: usize) -> Ext {
    ext::san((0..count(octets_of_pem(bytes), 15)).map(|_| ext::dns("forge.example")))
}

pub(super) fn subject(bytes: usize) -> Form {
    let number = count(octets_of_pem(bytes), 28);
    let organization = |index| vec![attribute("O", utf8(format!("Forge {index:06} Ltd")))];
    of(leaf().subject(name_of_rdns((0..number).map(organization))))
}

pub(super) fn long_name(bytes: usize) -> Form {
    let text = "\u{202e}\u{4f60}".repeat(count(octets_of_pem(bytes), 6));
    of(leaf().subject(name_of_rdns([vec![attribute("CN", utf8(text))]])))
}

pub(super) fn extensions(bytes: usize) -> Form {
    let number = count(octets_of_pem(bytes), 20);
    let unknown =
        |cert: Cert, index: usize| cert.with_another(Ext::new(&format!("1.3.6.1.4.1.99999.{index}"), null()));
    of((0..number).fold(leaf(), unknown))
}

pub(super) fn same_extensions(bytes: usize) -> Form {
    let number = count(octets_of_pem(bytes), 20);
    of((0..number).fold(leaf(), |cert, _| cert.with_another(Ext::new("1.3.6.1.4.1.99999.1", null()))))
}

pub(super) fn policies(bytes: usize) -> Form {
    let number = count(octets_of_pem(bytes), 15);
    let policies: Vec<_> = (0..number).map(|index| format!("1.3.6.1.4.1.99999.{index}")).collect();
    let policies: Vec<_> = policies.iter().map(String::as_str).collect();
    leaf_with(ext::policies(&policies))
}

pub(super) fn purposes(bytes: usize) -> Form {
    let number = count(octets_of_pem(bytes), 13);
    let purposes: Vec<_> = (0..number).map(|index| format!("1.3.6.1.4.1.99999.{index}")).collect();
    let purposes: Vec<_> = purposes.iter().map(String::as_str).chain([ext::SERVER_AUTH]).collect();
    leaf_with(ext::ext_key_usage(&purposes))
}

pub(super) fn urls(bytes: usize) -> Form {
    let one =
        |index| seq([oid("1.3.6.1.5.5.7.48.2"), ext::uri(&format!("http://ca-{index:06}.example/a.crt"))]);
    let number = count(octets_of_pem(bytes), 46);
    let leaf = leaf().with(Ext::new(ext::AIA, seq((0..number).map(one))));
    form::single("ECC", &leaf.issued_by(&issuer()))
}

pub(super) fn constraints(bytes: usize) -> Form {
    let half = octets_of_pem(bytes) / 2;
    let permitted = (0..count(half, 29)).map(|index| ext::dns(format!("none-{index:06}.forge.example")));
    let permitted = permitted.chain([ext::dns("forge.example")]).collect();
    let excluded =
        (0..count(half, 29) / 2).map(|index| ext::dns(format!("none-{index:06}.example"))).collect();
    let ca = Cert::ca("Forge Narrow CA")
        .key(key::p256(1))
        .with(ext::name_constraints(permitted, excluded).critical());
    let ca = ca.self_signed();
    Form::of("ECC", &[leaf().with(sans(bytes / 2)).issued_by(&ca), ca])
}

pub(super) fn nested(bytes: usize) -> Form {
    // Written backwards, from the inside: each level costs its tag and length, two to four octets.
    let mut value = vec![0, 5];
    while value.len() < octets_of_pem(bytes) / 2 {
        let length = value.len();
        value.extend(
            length
                .to_le_bytes()
                .into_iter()
                .take(length.to_le_bytes().iter().rposition(|&o| o != 0).unwrap() + 1),
        );
        let octets = value.len() - length;
        if length > 0x7f {
            value.push(0x80 | octets as u8);
        }
        value.push(0x30);
    }
    value.reverse();
    of(leaf()
        .with_another(Ext::raw("1.3.6.1.4.1.99999.1", value.clone()))
        .with_another(Ext::raw(ext::SAN, value)))
}

pub(super) fn serial(bytes: usize) -> Form {
    of(leaf().serial(vec![0x5a; octets_of_pem(bytes).max(1)]))
}

pub(super) fn long_oid(bytes: usize) -> Form {
    let mut arcs = vec![0x2b];
    arcs.resize(octets_of_pem(bytes).max(2), 0xff);
    arcs.push(0x7f);
    let purpose = Node::prim(6, arcs);
    leaf_with(Ext::new(ext::EXT_KEY_USAGE, seq([oid(ext::SERVER_AUTH), purpose])))
}

pub(super) fn modulus(bytes: usize) -> Form {
    let number = int_raw(vec![0x5b; octets_of_pem(bytes).max(300)]);
    let spki = key::spki(key::Rsa::algorithm(), &seq([number, small(65537)]).encode());
    let mut form = of(leaf().spki(spki));
    form.algorithm_type = Some("RSA".to_owned());
    form.private_key = Some(key::rsa2048(0).pem());
    form
}

pub(super) fn key_of(numbers: Vec<Node>) -> Form {
    let mut form = form::rsa();
    form.private_key = Some(pem::encode("RSA PRIVATE KEY", &seq(numbers).encode()));
    form
}

pub(super) fn key_modulus(bytes: usize) -> Form {
    let mut numbers = key::rsa2048(0).rsa().pkcs1();
    *numbers.at(&[1]) = int_raw(vec![0x5b; octets_of_pem(bytes).max(300)]);
    key_of(numbers.children().clone())
}

pub(super) fn key_exponent(bytes: usize) -> Form {
    let mut numbers = key::rsa2048(0).rsa().pkcs1();
    *numbers.at(&[3]) = int_raw(vec![0x5b; octets_of_pem(bytes).max(300)]);
    key_of(numbers.children().clone())
}
