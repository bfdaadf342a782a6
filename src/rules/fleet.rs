//! What only many forms together show: RSA keys that share a prime, and one key under different names.

use super::label::join;
use crate::finding::{Checked, Finding, Findings, told};
use crate::location::Location;
use crate::policy::Policy;
use crate::relate::fleet::{Fleet, Shared};
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::text;

/// Compares the certificates of all forms of a fleet. The findings have no place: their facts say which forms they are about.
///
/// ```
/// use certgate::fleet::{self, Fleet};
/// use certgate::{At, CertificateForm, Check, Policy};
///
/// let (policy, mut all) = (Policy::default(), Fleet::new());
/// # let ca = certgate_forge::cert::Cert::ca("Test CA").self_signed();
/// # let leaf = |host: &str| certgate_forge::cert::Cert::leaf(host).issued_by(&ca);
/// # let lines = ["a.example.com", "b.example.com"].map(|host| certgate_forge::form::single("RSA", &leaf(host)).json());
/// // `lines`: two forms, with one key and certificates for different names.
/// for (number, line) in (1..).zip(lines) {
///     let form = CertificateForm::from_json(line.as_bytes()).expect("a form");
///     let (checked, member) = Check::new(&form, &policy, At::NotEvaluated).run_with_member();
///     assert!(checked.is_ok());
///     all.add(&format!("line {number}"), member);
/// }
/// let checked = fleet::check(&all, &policy);
/// assert_eq!(checked.findings[0].code(), "fleet-key-shared");
/// ```
pub fn check(fleet: &Fleet, policy: &Policy) -> Checked<()> {
    let mut findings = Findings::new(policy);
    for keys in fleet.with_shared_primes() {
        report_primes(&keys, &mut findings);
    }
    for key in fleet.with_other_names() {
        note_key(key, &mut findings);
    }
    if fleet.left_out() > 0 {
        let certificates = text::count(fleet.left_out(), "certificate");
        findings.not_evaluated("fleet", format!("{certificates} beyond what one comparison takes"));
    }
    findings.checked(Some(()))
}

static FLEET_PRIME_SHARED: Rule = Rule {
    code: "fleet-prime-shared",
    severity: Severity::Error,
    soft: true,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "RSA keys of different certificates share a prime, so anyone can compute them",
    hint: "Make a new key for each of these certificates on another machine, for example `openssl genpkey -algorithm RSA -pkeyopt \
           rsa_keygen_bits:2048 -out new-key.pem`, and request new certificates.",
    why: "An RSA key is safe as long as nobody finds the two primes of its modulus. Where two moduli have a prime in common, their greatest \
          common divisor is that prime, and it takes less than a second to compute both private keys from the two certificates. This happens \
          where a machine makes a key before it has collected enough randomness, or where a program has a fault. One certificate alone shows \
          nothing, so only a comparison of many finds it. certgate never shows the prime.\n\n\
          Example: two routers of one maker that made their keys at their first start.",
    citations: &[
        "Heninger, Durumeric, Wustrow, Halderman 2012, \"Mining Your Ps and Qs\", section 3.3",
        "CA/Browser BR, section 6.1.1.3",
        "CWE-331: insufficient entropy",
    ],
    since: "0.2.0",
    ..Rule::BASE
};

fn report_primes(keys: &[&Shared], findings: &mut Findings<'_>) {
    let all: Vec<&(String, String)> = keys.iter().flat_map(|key| &key.holders).collect();
    let count = keys.iter().fold(0_usize, |count, key| count.saturating_add(key.count));
    let message = told!(
        "{found} RSA keys share a prime with one another: those of {holders}",
        found = keys.len(),
        holders = named(&all, count),
        forms = labels(&all),
    );
    findings.add(Finding::new(&FLEET_PRIME_SHARED, Location::none(), message));
}

static FLEET_KEY_SHARED: Rule = Rule {
    code: "fleet-key-shared",
    severity: Severity::Note,
    stage: Stage::Key,
    api: ApiCode::Invalid,
    summary: "One key is in certificates whose subjects or alternative names differ",
    hint: "If these are different servers or customers, make a key for each. If it is one server, you do not need to do anything.",
    why: "Whoever has the private key of one of these certificates can pose as all of them. And if the key has to be replaced, all of them have \
          to be replaced at the same time. Certificates with the same subject and the same subject alternative names are not counted: a renewal \
          may keep its key.\n\n\
          Example: one key file that a script copied to the servers of several customers.",
    citations: &["NIST SP 800-57 part 1, section 5.2", "CWE-522: insufficiently protected credentials"],
    since: "0.2.0",
    ..Rule::BASE
};

fn note_key(key: &Shared, findings: &mut Findings<'_>) {
    let all: Vec<&(String, String)> = key.holders.iter().collect();
    let message = told!(
        "one key is in certificates whose subjects or alternative names differ: those of {holders}",
        holders = named(&all, key.count),
        forms = labels(&all),
    );
    findings.add(Finding::new(&FLEET_KEY_SHARED, Location::none(), message));
}

/// `line 1 (CN=a), line 3 (CN=b)`.
fn named(holders: &[&(String, String)], count: usize) -> String {
    let names: Vec<String> = holders.iter().map(|(label, name)| format!("{label} ({name})")).collect();
    join(&names, count)
}

fn labels(holders: &[&(String, String)]) -> Vec<String> {
    holders.iter().map(|(label, _)| label.clone()).collect()
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&FLEET_PRIME_SHARED, &FLEET_KEY_SHARED];
