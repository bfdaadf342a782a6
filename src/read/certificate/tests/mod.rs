//! Whole certificates in; findings and facts out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

mod algorithms;
mod damage;
mod facts;
mod rows;
mod values;

use ::time::macros::datetime;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::der::{self, Node};
use certgate_forge::ext;
use certgate_forge::name::name_of;
use certgate_forge::{chain, key as keys};

use super::*;

fn policy() -> Policy {
    Policy::default().at(datetime!(2026-06-01 0:00 UTC))
}

fn tell(der: &[u8], role: Role, policy: &Policy) -> Vec<String> {
    let checked = Certificate::check(der, role, policy);
    checked
        .findings
        .iter()
        .map(|finding| {
            let path = finding.location.der_path.as_deref().unwrap_or("-");
            format!("{} {} {path}", finding.severity, finding.code())
        })
        .collect()
}

fn leaf(change: impl FnOnce(Cert) -> Cert) -> Issued {
    let ca = Cert::ca("Test CA").key(keys::p256(1)).self_signed();
    change(Cert::leaf("www.forge.example").key(keys::p256(0))).issued_by(&ca)
}

fn tbs(surgery: impl FnOnce(&mut Node)) -> Issued {
    let ca = Cert::ca("Test CA").key(keys::p256(1)).self_signed();
    Cert::leaf("www.forge.example").key(keys::p256(0)).issued_after(&ca, surgery)
}

fn whole(surgery: impl FnOnce(&mut Node)) -> Issued {
    leaf(|c| c).operated(surgery)
}

fn subject(common_name: Node) -> Issued {
    leaf(|c| c.subject(name_of([("O", der::utf8("Forge Ltd")), ("CN", common_name)])))
}

fn san(names: impl IntoIterator<Item = Node>) -> Issued {
    leaf(|c| c.with(ext::san(names)))
}

fn dates(not_before: &str, not_after: &str) -> Issued {
    leaf(|c| c.not_before(not_before).not_after(not_after))
}
