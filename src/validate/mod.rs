//! The whole check of a form, in four steps: read, relate, judge, tell.

#[cfg(test)]
mod tests;

use crate::crypto::ec::public::PreparedKeys;
use crate::crypto::issuer_cache::{IssuerCache, Verifier};
use crate::finding::Findings;
use crate::policy::{At, Policy, PolicySettings};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use crate::relate::altered::Altered;
use crate::relate::fleet::Member;
use crate::relate::server::Limits;
use crate::relate::trust::{self, Store, Way};
use crate::relate::{Proven, Relations};
use crate::rule::ApiCode;
use crate::rules;
use crate::rules::catalogue::is_of_weak_key;
use crate::target::{self, Profile, TargetReport};
use crate::tell::metadata::response;
use crate::tell::plan::Plan;
use crate::tell::report::{Accepted, ApiError, HostServed, Rejected, Report};
use crate::tell::trust::Trust;

/// Checks a whole form: fields, name, PEM, keys, matches, chains, validity; everything that is wrong is found in one pass.
///
/// Pure: the time is an argument, [`At::NotEvaluated`] where there is none. Fields that do not depend on each other are all checked; a step
/// that cannot go on stops only itself, and what was therefore not evaluated is listed. A check takes 0.1 to 1 ms of one thread and does not wait for anything.
///
/// # Errors
/// [`Rejected`] where any finding is an error. Both results carry all findings.
///
/// ```
/// use certgate::{At, CertificateForm, Policy, validate};
///
/// let mut form = CertificateForm::default();
/// form.name = Some("1st".to_owned());
/// let rejected = validate(&form, &Policy::default(), At::NotEvaluated).expect_err("nothing in this form is right");
/// let codes: Vec<_> = rejected.report().findings.iter().map(|finding| finding.code()).collect();
/// assert_eq!(codes, ["field-missing", "field-missing", "name-too-short", "name-start"]);
/// assert_eq!(rejected.api().body.error_code.as_str(), "APIG.2001");
/// ```
pub fn validate(
    form: &CertificateForm,
    policy: &Policy,
    at: impl Into<At>,
) -> Result<Accepted, Box<Rejected>> {
    Check::new(form, policy, at).run()
}

/// [`validate`] with more than a form: a cache of issuers, or the stored form that this one replaces.
///
/// ```
/// use certgate::{At, CertificateForm, Check, IssuerCache, Policy};
///
/// let (policy, cache) = (Policy::default(), IssuerCache::default());
/// let mut stored = CertificateForm::default();
/// stored.trusted_root_ca = Some("-----BEGIN CERTIFICATE-----…".into());
/// let form = CertificateForm::default();
/// let check = Check::new(&form, &policy, At::NotEvaluated).cache(&cache).replacing(&stored);
/// let rejected = check.run().expect_err("an empty form");
/// let last = rejected.report().findings.last().map(|finding| finding.code());
/// assert_eq!(last, Some("update-roots-dropped"));
/// ```
#[derive(Clone, Copy)]
pub struct Check<'a> {
    form: &'a CertificateForm,
    policy: &'a Policy,
    at: At,
    cache: Option<&'a IssuerCache>,
    stored: Option<&'a CertificateForm>,
    roots: Option<&'a Store>,
    pool: Option<&'a Store>,
    targets: &'a [&'a Profile],
}

impl<'a> Check<'a> {
    /// What [`validate`] checks.
    pub fn new(form: &'a CertificateForm, policy: &'a Policy, at: impl Into<At>) -> Self {
        Self { form, policy, at: at.into(), cache: None, stored: None, roots: None, pool: None, targets: &[] }
    }

    /// Uses what earlier checks found out about issuers: the report is the same, and comes sooner where an issuer was seen before.
    #[must_use]
    pub fn cache(self, cache: &'a IssuerCache) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// Also says what this form takes away from `stored`, a form that was accepted: names, days, trusted roots; and whether the key is the
    /// same again. None of it is an error, unless the policy makes it one. Only the certificate fields and `trusted_root_ca` of `stored` are
    /// read, so that its private keys may be absent.
    #[must_use]
    pub fn replacing(self, stored: &'a CertificateForm) -> Self {
        Self { stored: Some(stored), ..self }
    }

    /// Also looks for a way from the server certificate to one of these roots ([`Report::trust`]); where there is none, that is an error. It says
    /// nothing of revocation.
    #[must_use]
    pub fn trusting(self, roots: &'a Store) -> Self {
        Self { roots: Some(roots), ..self }
    }

    /// Lets the way to a root lead over these issuers too, where the upload has not all of them. The upload stays as it is.
    #[must_use]
    pub fn completing(self, issuers: &'a Store) -> Self {
        Self { pool: Some(issuers), ..self }
    }

    /// Also says what each of these targets will do with the upload ([`Report::targets`]). It changes nothing in the verdict of the check.
    #[must_use]
    pub fn targeting(self, targets: &'a [&'a Profile]) -> Self {
        Self { targets, ..self }
    }

    /// Checks.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn run(self) -> Result<Accepted, Box<Rejected>> {
        self.and_then(|_, _| ()).0
    }

    /// Checks, and gives what a [`Fleet`](crate::fleet::Fleet) has to know of the form, accepted or not.
    ///
    /// # Errors
    /// As [`validate`], in the first of the two.
    pub fn run_with_member(self) -> (Result<Accepted, Box<Rejected>>, Member) {
        let (result, member) = self.and_then(|relations, _| Member::of(relations));
        let report = result.as_ref().map_or_else(|rejected| rejected.report(), Accepted::report);
        let has_weak_key = report.findings.iter().any(is_of_weak_key);
        (result, member.with_weak_key(has_weak_key))
    }

    /// Checks, and gives what `then` makes of the relations and of the plan of a repair.
    pub(crate) fn and_then<T>(
        self,
        then: impl FnOnce(&Relations<'_>, &Plan<'_>) -> T,
    ) -> (Result<Accepted, Box<Rejected>>, T) {
        let Self { form, policy, .. } = self;
        // Read.
        let mut upload = Upload::read(form, policy.content_max_bytes);
        // Relate.
        let keys = PreparedKeys::default();
        let limits = self.limits(&keys);
        let relations = Relations::new(form, &upload, limits);
        let altered = relations.altered(limits);
        if altered.is_empty() {
            return self.tell(&upload, &relations, then);
        }
        // What was changed in its text is read as it was before.
        drop(relations);
        for Altered { field, block, change, der, is_proven } in altered {
            upload.change(field, block, der, change, is_proven);
        }
        let relations = Relations::new(form, &upload, limits);
        self.tell(&upload, &relations, then)
    }

    /// Judges what was read and related, and tells it.
    fn tell<T>(
        self,
        upload: &Upload,
        relations: &Relations<'_>,
        then: impl FnOnce(&Relations<'_>, &Plan<'_>) -> T,
    ) -> (Result<Accepted, Box<Rejected>>, T) {
        let Self { form, policy, at, stored, .. } = self;
        let ways = self.ways(relations);
        // Judge.
        let exceptions = rules::exception::of_upload(upload, relations, policy);
        let findings = Findings::at(policy, at).with_exceptions(exceptions);
        let mut findings = if relations.proven().is_some() { findings } else { findings.with_all_rules() };
        rules::judge(form, upload, relations, &mut findings);
        if let Some(stored) = stored {
            rules::update::judge(stored, form, relations, &mut findings);
        }
        ways.iter().for_each(|way| rules::trust::judge(way, &mut findings));
        if self.roots.is_some() && ways.is_empty() {
            findings
                .not_evaluated("trust", "there is no server certificate that a way to a root could begin at");
        }
        let (mut findings, not_evaluated) = findings.finish();
        // Tell.
        let is_repairable = findings.iter().any(|finding| finding.mend.is_some());
        let mut plan = if is_repairable { Plan::new(form, upload, relations) } else { Plan::default() };
        plan.name(&mut findings);
        let report = Report {
            checked_at: at.time(),
            api: ApiError::of(&findings, policy),
            certificate: response::of_form(form, relations, policy),
            sign_certificate: relations.sign.as_ref().and_then(|sign| response::of_pair(&sign.pair)),
            hosts: HostServed::all(relations.base.pair.leaf(), policy),
            trust: ways.first().filter(|_| relations.base.pair.leaf().is_some()).map(Trust::of),
            targets: self.target_reports(upload, relations),
            not_evaluated,
            findings,
        };
        (verdict(report, relations.proven(), policy), then(relations, &plan))
    }
}

impl<'a> Check<'a> {
    /// For the leaf of each pair the way to a trusted root, where roots are given.
    fn ways<'r>(self, relations: &'r Relations<'r>) -> Vec<Way<'r>>
    where
        'a: 'r,
    {
        let Some(roots) = self.roots else { return Vec::new() };
        let keys = PreparedKeys::default();
        let limits = self.limits(&keys);
        let pairs = std::iter::once(&relations.base).chain(&relations.sign);
        let found = pairs.filter_map(|uploaded| {
            let pair = &uploaded.pair;
            Some(trust::find(pair.leaf()?, &pair.certificates, self.pool, roots, limits))
        });
        found.collect()
    }

    /// What the targets will do. They do not know the policy: all findings count, as this version has them.
    fn target_reports(self, upload: &Upload, relations: &Relations<'_>) -> Vec<TargetReport> {
        if self.targets.is_empty() {
            return Vec::new();
        }
        let policy =
            Policy::checked(PolicySettings { max_findings: MOST_FOR_TARGETS, ..PolicySettings::default() });
        let mut findings = Findings::at(&policy, self.at);
        rules::judge(self.form, upload, relations, &mut findings);
        let (findings, not_evaluated) = findings.all();
        let facts = target::collect(self.form, upload, relations, &findings, &not_evaluated);
        self.targets.iter().map(|profile| target::judge(profile, &facts)).collect()
    }

    /// What the policy allows, for reading and relating.
    pub(crate) fn limits<'l>(self, keys: &'l PreparedKeys) -> Limits<'l>
    where
        'a: 'l,
    {
        let Self { policy, at, cache, .. } = self;
        let verifier = Verifier::new(&policy.sm2_ids, keys);
        Limits {
            max_certificates: policy.chain_max_certificates,
            verifier: cache.map_or(verifier, |cache| verifier.with_cache(cache)),
            time: at.time(),
        }
    }
}

/// The findings that the rules of targets are asked about, at most: it bounds the cost.
const MOST_FOR_TARGETS: usize = 10_000;

/// Accepts what has no error and whose keys are proven. A form without a proof is rejected even where no finding says so: what was not
/// evaluated is never "ok".
fn verdict(report: Report, proven: Option<Proven>, policy: &Policy) -> Result<Accepted, Box<Rejected>> {
    Accepted::new(report, proven)
        .map_err(|report| Box::new(Rejected::new(*report, || ApiError::new(ApiCode::Mismatch, None, policy))))
}
