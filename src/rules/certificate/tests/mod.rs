//! Whole certificates in; findings out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::panic)]

mod damage;
mod judging;
mod rows;
mod values;

use ::time::macros::datetime;
use certgate_forge::cert::{Cert, Issued};
use certgate_forge::der::{self, Node};
use certgate_forge::{chain, ext, key as keys};

use super::*;
use crate::read::certificate::GeneralName;
use crate::read::certificate::tests::{dates, leaf, san, subject, tbs, whole};

const NOW: OffsetDateTime = datetime!(2026-06-01 0:00 UTC);

fn policy() -> Policy {
    Policy::default()
}

fn tell(der: &[u8], role: Role, policy: &Policy, at: impl Into<At>) -> Vec<String> {
    let checked = check(der, role, policy, at);
    checked
        .findings
        .iter()
        .map(|finding| {
            let path = finding.location.der_path.as_deref().unwrap_or("-");
            format!("{} {} {path}", finding.severity, finding.code())
        })
        .collect()
}
