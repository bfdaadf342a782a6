//! What is found in chains, as one line for each finding.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod chains;
mod issuers;
mod names;
mod oracle;
mod rare;
mod real;

use crate::finding::Findings;
use crate::read::certificate::Certificate;
use crate::relate::chain::Chain;
use crate::rules::chain;
use crate::{At, Checked, Field, Location, Policy};
use certgate_forge::cert::Issued;

/// The time of the checks: all ready chains hold then.
pub(in crate::rules) const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

pub(in crate::rules) fn policy() -> Policy {
    Policy::default()
}

pub(in crate::rules) fn read<'a>(ders: &[&'a [u8]], field: Field) -> Vec<Certificate<'a>> {
    ders.iter()
        .enumerate()
        .map(|(index, der)| {
            let place = Location::field(field).block(index + 1).line(1 + 20 * index);
            Certificate::read(der, &place).expect("readable")
        })
        .collect()
}

fn check_ders(ders: &[&[u8]], key_fits: Option<usize>, policy: &Policy, at: impl Into<At>) -> Checked<Chain> {
    let mut findings = Findings::at(policy, at.into());
    let chain = chain::read(&read(ders, Field::CertContent), key_fits, true, &mut findings);
    findings.checked(chain)
}

fn check(certificates: &[&Issued]) -> Checked<Chain> {
    check_with(certificates, None, &policy(), NOW)
}

fn check_with(
    certificates: &[&Issued],
    key_fits: Option<usize>,
    policy: &Policy,
    at: impl Into<At>,
) -> Checked<Chain> {
    let ders: Vec<&[u8]> = certificates.iter().map(|issued| issued.der.as_slice()).collect();
    check_ders(&ders, key_fits, policy, at)
}

/// `chain-order error 1 fix`: code, severity, block, and whether it can be fixed.
pub(in crate::rules) fn found<T>(checked: &Checked<T>) -> Vec<String> {
    checked
        .findings
        .iter()
        .map(|finding| {
            let block = finding.location.block.unwrap_or_default();
            let fix = if finding.is_fixable() { " fix" } else { "" };
            format!("{} {} {block}{fix}", finding.code(), finding.severity)
        })
        .collect()
}
