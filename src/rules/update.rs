//! What an update changes about the upload that it replaces: names that nobody serves any more, an earlier end, the same key again, trusted
//! roots that go. Nothing here says that the update is wrong; a policy may.

use crate::crypto::spki::PublicKey;
use crate::finding::{Finding, Findings, told};
use crate::location::{Field, Location};
use crate::read::block::BlockKind;
use crate::read::certificate::{Certificate, GeneralName, format_time};
use crate::read::form::CertificateForm;
use crate::read::upload::Upload;
use crate::relate::Relations;
use crate::rule::{ApiCode, Rule, Severity, Stage};
use crate::rules::certificate::hosts::{Host, serving};
use crate::text;

/// Compares an upload with the one that it replaces, which was accepted: the server's certificate is the first of its field. Of the stored
/// form no private key is needed.
pub(crate) fn judge(
    stored: &CertificateForm,
    form: &CertificateForm,
    relations: &Relations<'_>,
    findings: &mut Findings<'_>,
) {
    let before = Upload::read(stored, findings.policy().content_max_bytes);
    let pairs = std::iter::once(&relations.base).chain(&relations.sign);
    for (uploaded, field) in pairs.zip([Field::CertContent, Field::CertContentSign]) {
        let mut blocks = before.blocks(field).iter();
        let block = blocks.find(|block| block.kind == BlockKind::Certificate);
        let old = block.and_then(|block| Certificate::read(&block.der, &block.location).ok());
        // The same certificate again changes nothing.
        if let Some((old, new)) = old.zip(uploaded.pair.leaf()).filter(|(old, new)| old.der() != new.der()) {
            compare(&old, new, findings);
        }
    }
    let has_roots =
        |form: &CertificateForm| form.trusted_root_ca.is_some() && !form.is_blank(Field::TrustedRootCa);
    if has_roots(stored) && !has_roots(form) {
        let message = "the stored certificate has trusted roots, and this upload has none: they are removed";
        findings.add(Finding::new(&UPDATE_ROOTS_DROPPED, Location::field(Field::TrustedRootCa), message));
    }
}

/// Reports what the new one of two certificates takes away, and whether it has the same key.
pub(crate) fn compare(old: &Certificate<'_>, new: &Certificate<'_>, findings: &mut Findings<'_>) {
    report_lost_names(old, new, findings);
    report_earlier_end(old, new, findings);
    if is_same_key(old, new) {
        let message = "the new certificate has the same key as the stored one";
        findings.add(Finding::new(&UPDATE_SAME_KEY, new.location().clone(), message));
    }
}

/// Whether two certificates have one key, of a kind that can be compared.
pub(crate) fn is_same_key(old: &Certificate<'_>, new: &Certificate<'_>) -> bool {
    let is_known = |key: &&PublicKey| !matches!(key, PublicKey::Unsupported(_));
    old.public_key().filter(is_known).is_some_and(|key| new.public_key() == Some(key))
}

static UPDATE_NAMES_LOST: Rule = Rule {
    code: "update-names-lost",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The new certificate does not serve every name of the stored one",
    hint: "If clients still use these names, request a certificate that has them too. Otherwise you do not need to do anything.",
    why: "Clients of a name that is lost get an error at the handshake from the moment of the update on. A new wildcard serves the names below it, \
          so these do not count as lost.\n\n\
          Example: the renewed certificate has `www.example.com`, and `example.com` was forgotten in the request.",
    citations: &["RFC 9525, section 6.3"],
    since: "0.2.0",
    ..Rule::BASE
};

/// How many names a fact holds.
const SHOWN: usize = 20;

/// The DNS names and addresses of the old one that the new one does not serve.
pub(crate) fn lost_names(old: &Certificate<'_>, new: &Certificate<'_>) -> Vec<String> {
    let is_lost = |name: &&GeneralName<'_>| match name {
        GeneralName::Dns(dns) => {
            let is_there = new
                .san()
                .iter()
                .any(|other| matches!(other, GeneralName::Dns(other) if other.eq_ignore_ascii_case(dns)));
            let is_served = Host::parse(dns).is_some_and(|host| serving(new, &host).is_some());
            !is_there && !is_served
        }
        GeneralName::Ip(octets) => {
            !new.san().iter().any(|other| matches!(other, GeneralName::Ip(other) if other == octets))
        }
        _ => false,
    };
    old.san().iter().filter(is_lost).map(ToString::to_string).collect()
}

fn report_lost_names(old: &Certificate<'_>, new: &Certificate<'_>, findings: &mut Findings<'_>) {
    let lost = lost_names(old, new);
    if !lost.is_empty() {
        let message = told!(
            "{names} of the stored certificate {verb} not in the new one: {listed}",
            names = text::count(lost.len(), "name"),
            verb = if lost.len() == 1 { "is" } else { "are" },
            listed = text::list(&lost),
            lost = lost.iter().take(SHOWN).cloned().collect::<Vec<_>>(),
        );
        findings.add(Finding::new(&UPDATE_NAMES_LOST, new.location().clone(), message));
    }
}

static UPDATE_EXPIRES_EARLIER: Rule = Rule {
    code: "update-expires-earlier",
    severity: Severity::Warning,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The new certificate expires before the stored one",
    hint: "Check that you did not upload an older file by mistake.",
    why: "A renewed certificate ends later than the one before. One that ends earlier is often an old file from the same folder.\n\n\
          Example: the files of last year and of this year have the same name, and the wrong one was taken.",
    citations: &["RFC 5280, section 4.1.2.5"],
    since: "0.2.0",
    ..Rule::BASE
};

fn report_earlier_end(old: &Certificate<'_>, new: &Certificate<'_>, findings: &mut Findings<'_>) {
    if let Some((old, end)) = old.not_after().zip(new.not_after()).filter(|(old, new)| new < old) {
        let message = told!(
            "the new certificate expires at {end}; the stored one at {stored}",
            end = format_time(end),
            stored = format_time(old),
        );
        findings.add(Finding::new(&UPDATE_EXPIRES_EARLIER, new.location().clone(), message));
    }
}

static UPDATE_SAME_KEY: Rule = Rule {
    code: "update-same-key",
    severity: Severity::Note,
    stage: Stage::Validity,
    api: ApiCode::Invalid,
    summary: "The new certificate has the key of the stored one",
    hint: "Make a new key for the next request, unless something pins this one.",
    why: "Whoever once got a copy of a key can use it as long as certificates for it are renewed. A new key with each certificate ends that.\n\n\
          Example: a renewal script that keeps the file of the key.",
    citations: &["NIST SP 800-57 Part 1, section 5.3"],
    since: "0.2.0",
    ..Rule::BASE
};

static UPDATE_ROOTS_DROPPED: Rule = Rule {
    code: "update-roots-dropped",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::ParameterMissing,
    summary: "The update removes the stored trusted roots",
    hint: "If the gateway is still to ask clients for certificates, send `trusted_root_ca` again with each update.",
    why: "An update replaces the whole form. Without `trusted_root_ca` the gateway no longer asks clients for certificates: mutual TLS is off, and \
          whoever could not connect before now can.\n\n\
          Example: a renewal script that sends only the name, the certificate and its key.",
    citations: &["API page, trusted_root_ca"],
    since: "0.2.0",
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] =
    &[&UPDATE_NAMES_LOST, &UPDATE_EXPIRES_EARLIER, &UPDATE_SAME_KEY, &UPDATE_ROOTS_DROPPED];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::cert::Cert;
    use certgate_forge::{ext, form, key};

    use crate::policy::{Policy, PolicySettings};
    use crate::read::form::CertificateForm;
    use crate::rule::Severity;
    use crate::validate::{Check, validate};

    const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

    fn read(form: &form::Form) -> CertificateForm {
        CertificateForm::from_json(form.json().as_bytes()).unwrap()
    }

    /// A form of a leaf with these names and this key, that ends in that year (its last two digits).
    fn of(names: &[&str], key: key::Key, year: u32) -> form::Form {
        let names: Vec<_> = names.iter().map(ext::dns).collect();
        let leaf = Cert::leaf("www.example.com")
            .key(key)
            .with(ext::san(names))
            .not_after(&format!("{year}0101000000Z"));
        form::of_leaf("ECC", leaf)
    }

    /// What an update says beyond the check of the form alone.
    fn told(stored: &form::Form, new: &form::Form) -> Vec<(&'static str, String)> {
        let mut stored = read(stored);
        stored.private_key = None;
        let (new, policy) = (read(new), Policy::default());
        let alone = validate(&new, &policy, NOW).unwrap().into_report().findings;
        let update = Check::new(&new, &policy, NOW).replacing(&stored).run().unwrap().into_report().findings;
        assert_eq!(update[..alone.len()], alone);
        update[alone.len()..].iter().map(|finding| (finding.code(), finding.message.to_string())).collect()
    }

    #[test]
    fn what_an_update_takes_away_is_told_and_nothing_else() {
        let (first, second) = (key::p256(0), key::p256(1));
        let names = &["www.example.com", "example.com", "api.example.com"][..];
        let stored = of(names, first.clone(), 30);
        for (what, new, want) in [
            ("the same", stored.clone(), vec![]),
            ("a renewal", of(names, second.clone(), 31), vec![]),
            (
                "names in other letters",
                of(&["WWW.example.com", "Example.com", "api.EXAMPLE.com"], second.clone(), 31),
                vec![],
            ),
            ("a wildcard", of(&["*.example.com", "example.com"], second.clone(), 31), vec![]),
            ("a wildcard alone", of(&["*.example.com"], second.clone(), 31), vec!["update-names-lost"]),
            ("earlier", of(names, second.clone(), 29), vec!["update-expires-earlier"]),
            ("the same end", of(names, second.clone(), 30), vec![]),
            ("the same key", of(names, first.clone(), 31), vec!["update-same-key"]),
            (
                "all of it",
                of(&["www.example.com"], first.clone(), 29),
                vec!["update-names-lost", "update-expires-earlier", "update-same-key"],
            ),
        ] {
            let codes: Vec<_> = told(&stored, &new).into_iter().map(|(code, _)| code).collect();
            assert_eq!(codes, want, "{what}");
        }
        let lost = told(&stored, &of(&["www.example.com"], second, 31));
        assert_eq!(
            lost,
            [(
                "update-names-lost",
                "2 names of the stored certificate are not in the new one: DNS:example.com, DNS:api.example.com".to_owned()
            )]
        );
    }

    #[test]
    fn roots_that_an_update_removes_are_told() {
        let (plain, roots) = (form::ecc().instance("gw-1"), certgate_forge::chain::plain(key::p256(1)));
        let stored = plain.clone().trusting(&[roots.root]);
        let codes = |stored, new| told(stored, new).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        assert_eq!(codes(&stored, &plain), ["update-roots-dropped"]);
        assert_eq!(codes(&stored, &stored), [""; 0]);
        assert_eq!(codes(&plain, &stored), [""; 0]);
        assert_eq!(codes(&plain, &plain), [""; 0]);
    }

    #[test]
    fn the_signature_pair_is_compared_too_and_a_policy_may_refuse() {
        let set = certgate_forge::chain::sm2();
        let other = form::Form::of("SM2", &[set.enc.clone(), set.ca.clone()])
            .signed_with(&[set.sign.clone(), set.ca.clone()]);
        assert_eq!(told(&other, &other), []);
        let mut settings = PolicySettings::default();
        settings.severity.insert("update-names-lost".to_owned(), Severity::Error);
        let policy = Policy::new(settings).unwrap();
        let stored = read(&of(&["www.example.com", "example.com"], key::p256(0), 30));
        let new = read(&of(&["www.example.com"], key::p256(1), 31));
        let rejected = Check::new(&new, &policy, NOW).replacing(&stored).run().unwrap_err();
        assert_eq!(rejected.api().body.error_code.as_str(), "APIG.2106");
        assert!(validate(&new, &policy, NOW).is_ok());
    }
}
