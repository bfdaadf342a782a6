//! Judging certificates: what was read, for a role and under a policy.
//!
//! The faults of reading come first, in their order; then the key, whose limits the policy sets; then, for a leaf, its time and what
//! clients will say of it. A rule that is broken over and over is reported 20 times, then counted.

pub(crate) mod encoding;
pub(crate) mod extensions;
pub(crate) mod general_names;
pub(crate) mod hosts;
pub(crate) mod issued;
pub(crate) mod key;
pub(crate) mod leaf;
pub(crate) mod names;
pub(crate) mod outline;
#[cfg(test)]
mod tests;
pub(crate) mod times;
pub(crate) mod validity;
pub(crate) mod weak;

use std::sync::LazyLock;

use time::OffsetDateTime;

use crate::der::Path;
use crate::finding::{Checked, Finding, Findings, told};
use crate::location::Location;
use crate::policy::{At, Policy};
use crate::read::certificate::fault::{
    ExtensionFault, Fault, FaultKind, Faults, KEPT, KeyFault, OutlineFault, TimeFault,
};
use crate::read::certificate::{Certificate, Unreadable};
use crate::rule::{ApiCode, Rule, Severity};
use crate::text;

/// What a certificate is for, which decides how it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The server's certificate: all rules.
    Leaf,
    /// An issuer in the chain: what is wrong with its encoding is a warning, since a site cannot re-encode the certificates of its CA.
    /// A weak hash or a short key is an error, unless it is self-signed. Time and purpose are the chain's to judge.
    Issuer,
    /// A trusted root: as a self-signed issuer.
    Root,
}

/// Reads and judges a certificate by itself, in DER, as if it came alone: no chain, no key.
///
/// The value is `None` only where the outline is broken, so that nothing can be said of the certificate.
///
/// ```
/// use certgate::{At, Policy};
/// use certgate::certificate::{self, Role};
///
/// # let ca = certgate_forge::cert::Cert::ca("Test CA").self_signed();
/// # let der = certgate_forge::cert::Cert::leaf("www.example.com").issued_by(&ca).der;
/// // `der`: a certificate for www.example.com, read from somewhere.
/// let checked = certificate::check(&der, Role::Leaf, &Policy::default(), At::NotEvaluated);
/// assert!(checked.is_ok());
/// let read = checked.value.unwrap();
/// assert!(read.subject().to_string().ends_with("CN=www.example.com"));
///
/// // Cut short, it is not a certificate.
/// let checked = certificate::check(&der[..100], Role::Leaf, &Policy::default(), At::NotEvaluated);
/// assert!(checked.value.is_none());
/// assert_eq!(checked.findings[0].code(), "cert-unreadable");
/// ```
pub fn check<'a>(der: &'a [u8], role: Role, policy: &Policy, at: impl Into<At>) -> Checked<Certificate<'a>> {
    let mut findings = Findings::at(policy, at.into());
    let reading = Certificate::read(der, &Location::none());
    judge(reading.as_ref().map_err(Box::as_ref), role, &mut findings);
    findings.checked(reading.ok())
}

/// Judges what was read of a certificate, for its role.
pub(crate) fn judge(
    reading: Result<&Certificate<'_>, &Unreadable<'_>>,
    role: Role,
    findings: &mut Findings<'_>,
) {
    judge_unless_told(reading, role, false, findings);
}

/// As [`judge`]. `is_name_told`: another certificate names this one as its issuer, in the same octets, so that the faults of the name are told there.
pub(crate) fn judge_unless_told(
    reading: Result<&Certificate<'_>, &Unreadable<'_>>,
    role: Role,
    is_name_told: bool,
    findings: &mut Findings<'_>,
) {
    let (place, faults) = match &reading {
        Ok(certificate) => (certificate.location(), certificate.faults()),
        Err(unreadable) => (unreadable.location(), unreadable.faults()),
    };
    let mut judge = Judge { role, place, findings, counts: Vec::new() };
    let is_told = |fault: &Fault<'_>| {
        is_name_told && reading.is_ok_and(|certificate| certificate.is_of_its_name(fault))
    };
    judge.add_faults(faults, is_told);
    if let Ok(certificate) = reading {
        if certificate.name_constraints().is_some_and(|constraints| constraints.has_distances) {
            judge.not_evaluated(
                "name-constraints",
                "the minimum and maximum of a name constraint, which no profile uses",
            );
        }
        key::judge(certificate, &mut judge);
        weak::judge(certificate, &mut judge);
        if role == Role::Leaf {
            leaf::judge(certificate, &mut judge);
        }
        issued::judge(certificate, &mut judge);
    }
    judge.finish();
}

/// What is wrong with a certificate that no client passes over on a path.
pub(crate) struct PathBreaker {
    pub(crate) finding: Finding,
    /// Whether the upload is rejected for it only since 0.2.0.
    pub(crate) is_new: bool,
    /// Whether a changed character leaves such a fault, and a CA hardly ever.
    pub(crate) is_damage: bool,
}

/// What is wrong with a certificate that no client passes over on a path: of each rule the first case. `is_name_told` as in [`judge_unless_told`].
pub(crate) fn path_breakers(certificate: &Certificate<'_>, is_name_told: bool) -> Vec<PathBreaker> {
    static POLICY: LazyLock<Policy> = LazyLock::new(Policy::default);
    // Without a key, nothing below the certificate can be verified, whatever is wrong with the key.
    let spki = if certificate.public_key().is_none() { key::SPKI.to_string() } else { String::new() };
    let is_of_key = |fault: &Fault<'_>| {
        let is_too_large = matches!(fault.kind, FaultKind::Key(KeyFault::ModulusTooLarge { .. }));
        !spki.is_empty() && fault.path.starts_with(&spki) && !is_too_large
    };
    let mut broken: Vec<PathBreaker> = Vec::new();
    for fault in certificate.faults().iter() {
        let is_unparsable = certificate.is_unparsable_for(fault);
        let is_told = is_name_told && certificate.is_of_its_name(fault);
        if is_told || !(fault.kind.ends_every_path() || is_unparsable || is_of_key(fault)) {
            continue;
        }
        let place = certificate.location().clone().der(fault.offset, fault.path.clone());
        let finding = finding(fault, place, &POLICY);
        let is_new = !fault.kind.ends_every_path()
            || matches!(fault.kind, FaultKind::Extension(ExtensionFault::NoConstraints))
            || is_of_key(fault);
        let is_time = matches!(fault.kind, FaultKind::Time(TimeFault::Invalid { .. }));
        let is_damage = is_unparsable || is_of_key(fault) || is_time;
        match broken.iter_mut().find(|known| known.finding.rule == finding.rule) {
            Some(known) => {
                known.is_new &= is_new;
                known.is_damage |= is_damage;
            }
            None => broken.push(PathBreaker { finding, is_new, is_damage }),
        }
    }
    broken
}

/// The finding on a fault.
fn finding(fault: &Fault<'_>, place: Location, policy: &Policy) -> Finding {
    match &fault.kind {
        FaultKind::Outline(fault) => outline::judge(fault, place),
        FaultKind::Encoding(fault) => encoding::judge(fault, place),
        FaultKind::Name(fault) => names::judge(fault, place),
        FaultKind::GeneralName(fault) => general_names::judge(fault, place),
        FaultKind::Time(fault) => times::judge(fault, place),
        FaultKind::Extension(fault) => extensions::judge(fault, place),
        FaultKind::Key(fault) => key::judge_fault(fault, place, policy),
    }
}

/// One certificate being judged: as what, where it is, and where findings go.
struct Judge<'j, 'p> {
    role: Role,
    place: &'j Location,
    findings: &'j mut Findings<'p>,
    /// How often each rule was broken.
    counts: Vec<(&'static Rule, usize)>,
}

impl<'p> Judge<'_, 'p> {
    fn policy(&self) -> &'p Policy {
        self.findings.policy()
    }

    fn time(&self) -> Option<OffsetDateTime> {
        self.findings.time()
    }

    /// The place of an element.
    fn place(&self, offset: usize, path: &Path<'_>) -> Location {
        self.place.clone().der(offset, path.to_string())
    }

    fn not_evaluated(&mut self, code: &'static str, why: &'static str) {
        self.findings.not_evaluated(code, why);
    }

    /// Adds the findings on all faults, and counts those that were not kept.
    fn add_faults(&mut self, faults: &Faults<'_>, is_told: impl Fn(&Fault<'_>) -> bool) {
        let make = |fault: &Fault<'_>, judge: &Self| {
            let place = judge.place.clone().der(fault.offset, fault.path.clone());
            finding(fault, place, judge.policy())
        };
        for fault in faults.iter().filter(|fault| !is_told(fault)) {
            let finding = make(fault, self);
            if matches!(fault.kind, FaultKind::Outline(OutlineFault::Unreadable(_))) {
                // Nothing can be handed on, whatever the role.
                self.findings.add(match self.role {
                    Role::Issuer => finding.answered_with(ApiCode::Chain),
                    Role::Leaf | Role::Root => finding,
                });
            } else {
                self.add(finding);
            }
        }
        for (first, count) in faults.kinds().filter(|(_, count)| *count > KEPT) {
            let rule = make(first, self).rule;
            if let Some((_, broken)) = self.counts.iter_mut().find(|(other, _)| *other == rule) {
                *broken = count;
            }
        }
    }

    /// Adds a finding, unless its rule was broken too often; of a certificate of a CA it is a warning at most.
    fn add(&mut self, finding: Finding) {
        let finding = self.for_role(finding);
        self.add_for_every_role(finding);
    }

    /// Adds a finding that weighs the same in every role, unless its rule was broken too often.
    fn add_for_every_role(&mut self, finding: Finding) {
        let index = self.counts.iter().position(|(rule, _)| *rule == finding.rule);
        let index = index.unwrap_or_else(|| {
            self.counts.push((finding.rule, 0));
            self.counts.len().saturating_sub(1)
        });
        if let Some((_, broken)) = self.counts.get_mut(index) {
            *broken = broken.saturating_add(1);
            if *broken > KEPT {
                return;
            }
        }
        self.findings.add(finding);
    }

    /// A site cannot re-encode the certificate of its CA.
    fn for_role(&self, finding: Finding) -> Finding {
        match self.role {
            Role::Leaf => finding,
            Role::Issuer | Role::Root => finding.at_most(Severity::Warning),
        }
    }

    /// Says how often a rule was broken beyond what was reported.
    fn finish(mut self) {
        for (rule, broken) in std::mem::take(&mut self.counts) {
            let more = broken.saturating_sub(KEPT);
            if more > 0 {
                let shown = text::count(more, "more place");
                let message = told!("the same at {shown} of the certificate", more = more);
                let finding = Finding::new(rule, self.place.clone(), message);
                self.findings.add(self.for_role(finding));
            }
        }
    }
}
