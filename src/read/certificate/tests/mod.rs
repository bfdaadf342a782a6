//! Whole certificates in; facts out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

mod algorithms;
mod facts;

use certgate_forge::cert::{Cert, Issued};
use certgate_forge::der::{self, Node};
use certgate_forge::ext;
use certgate_forge::name::name_of;
use certgate_forge::{chain, key as keys};

use super::*;

/// The certificate, which can be read.
fn read(der: &[u8]) -> Certificate<'_> {
    Certificate::read(der, &Location::none()).unwrap()
}

pub(crate) fn leaf(change: impl FnOnce(Cert) -> Cert) -> Issued {
    let ca = Cert::ca("Test CA").key(keys::p256(1)).self_signed();
    change(Cert::leaf("www.forge.example").key(keys::p256(0))).issued_by(&ca)
}

pub(crate) fn tbs(surgery: impl FnOnce(&mut Node)) -> Issued {
    let ca = Cert::ca("Test CA").key(keys::p256(1)).self_signed();
    Cert::leaf("www.forge.example").key(keys::p256(0)).issued_after(&ca, surgery)
}

pub(crate) fn whole(surgery: impl FnOnce(&mut Node)) -> Issued {
    leaf(|c| c).operated(surgery)
}

pub(crate) fn subject(common_name: Node) -> Issued {
    leaf(|c| c.subject(name_of([("O", der::utf8("Forge Ltd")), ("CN", common_name)])))
}

pub(crate) fn san(names: impl IntoIterator<Item = Node>) -> Issued {
    leaf(|c| c.with(ext::san(names)))
}

pub(crate) fn dates(not_before: &str, not_after: &str) -> Issued {
    leaf(|c| c.not_before(not_before).not_after(not_after))
}
