//! Whether the chain ends at a root that the caller trusts. Judged only where the caller brings roots.

use crate::finding::{Finding, Findings, told};
use crate::relate::trust::{End, Way};
use crate::rule::{ApiCode, Rule, Stage};
use crate::text;

static CHAIN_NOT_TRUSTED: Rule = Rule {
    code: "chain-not-trusted",
    soft: true,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "No way leads from the server certificate to a root that the check trusts",
    hint: "Add the missing issuer to the chain, or use a certificate of a CA that your clients trust.",
    why: "A client looks for a way from the server certificate over the issuers that the server sends to a root of its own. If it finds none, it ends the \
          handshake. The check looks for such a way only where it is given roots: over the chain that was uploaded, and over other issuers where \
          they are given too. It compares names and key identifiers, verifies signatures, and looks at times, CA flags, key usages, extended key usages of \
          intermediates, path lengths and name constraints. It does not look at revocation, certificate policies or certificate transparency, and not at what programs demand of single roots.\n\n\
          Example: a certificate of a company's own CA, checked against the roots of browsers.",
    citations: &["RFC 5280, section 6.1", "RFC 8446, section 4.4.2"],
    since: "0.2.0",
    ..Rule::BASE
};

/// Reports a way that does not end at a trusted root.
pub(crate) fn judge(way: &Way<'_>, findings: &mut Findings<'_>) {
    let (Some(leaf), Some(last)) = (way.steps.first(), way.steps.last()) else { return };
    let (place, last) = (leaf.certificate.location().clone(), &last.certificate);
    let (name, issuer) = (last.subject().to_string(), last.issuer().to_string());
    let finding = match way.end {
        End::Trusted => return,
        End::NoIssuer => {
            let message = told!(
                "no trusted root is reached: the issuer \"{issuer}\" of \"{name}\" is neither in the chain nor trusted",
                issuer = issuer,
                name = name,
            );
            let id = last.authority_key_id().and_then(|id| id.key_id).map(text::hex);
            let id = id.map_or_else(String::new, |id| format!(" with the key identifier {id}"));
            let finding = Finding::new(&CHAIN_NOT_TRUSTED, place, message);
            match last.ca_issuers_urls().first() {
                Some(url) => finding.hint(told!(
                    "Add the certificate of \"{wanted}\"{id} to the chain. It is published at {published_at}",
                    wanted = last.issuer().to_string(),
                    id = id,
                    published_at = text::escape(url),
                )),
                None => finding.hint(told!(
                    "Ask your CA for the certificate of \"{wanted}\"{id}. If it is an intermediate, add it to the chain; if it is a root, the check has to \
                     trust it: adding it to the chain does not help.",
                    wanted = last.issuer().to_string(),
                    id = id,
                )),
            }
        }
        End::OtherRoot => {
            let message = told!(
                "the chain ends at the root \"{name}\", which is not among the trusted ones",
                name = name
            );
            Finding::new(&CHAIN_NOT_TRUSTED, place, message)
                .hint("Use a certificate of a CA that your clients trust, or give them this root.")
        }
        End::NameConstraints => {
            let message = "a trusted root is reached, but name constraints on the way do not allow the names of the server certificate";
            Finding::new(&CHAIN_NOT_TRUSTED, place, message)
                .hint("Request a certificate for names that the CA may issue for, or use another CA.")
        }
        End::NotForServers => {
            let issuer = way.steps.iter().skip(1).find(|step| step.is_not_for_servers());
            let issuer = issuer.map_or_else(|| last.subject(), |step| step.certificate.subject());
            let message = told!(
                "a trusted root is reached, but \"{issuer}\" on the way may not issue certificates for servers: its extKeyUsage lacks serverAuth",
                issuer = issuer.to_string(),
            );
            Finding::new(&CHAIN_NOT_TRUSTED, place, message)
                .hint("Use a certificate of a CA that may issue certificates for servers.")
        }
        End::Cut => {
            let message =
                "no trusted root was reached within as many certificates and signatures as are looked at";
            Finding::new(&CHAIN_NOT_TRUSTED, place, message)
                .hint("Upload the server certificate and its own issuers, nothing else.")
        }
    };
    findings.add(finding);
}

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_NOT_TRUSTED];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use certgate_forge::cert::{Cert, Issued};
    use certgate_forge::{ext, form, key};

    use crate::policy::Policy;
    use crate::read::form::CertificateForm;
    use crate::tell::report::Report;
    use crate::trust::Store;
    use crate::validate::Check;

    const NOW: time::OffsetDateTime = time::macros::datetime!(2026-06-01 00:00 UTC);

    fn store(certificates: &[&Issued]) -> Store {
        let mut store = Store::default();
        let text: String = certificates.iter().map(|certificate| certificate.pem()).collect();
        assert_eq!(store.add(text.as_bytes()), certificates.len());
        store
    }

    fn checked(chain: &[Issued], roots: &Store, pool: &Store, at: time::OffsetDateTime) -> Report {
        let form = form::Form::of("ECC", chain);
        let form = CertificateForm::from_json(form.json().as_bytes()).unwrap();
        let policy = Policy::default();
        match Check::new(&form, &policy, at).trusting(roots).completing(pool).run() {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        }
    }

    /// Where each step of the way comes from, or why there is none.
    fn told(report: &Report) -> Vec<String> {
        let trust = report.trust.as_ref().unwrap();
        let findings = report.findings.iter().filter(|finding| finding.code() == "chain-not-trusted");
        let messages: Vec<_> = findings.map(|finding| format!("{finding} {}", finding.hint)).collect();
        assert_eq!(messages.is_empty(), trust.trusted);
        match trust.trusted {
            true => trust.path.iter().map(|step| step.from.clone()).collect(),
            false => messages,
        }
    }

    #[test]
    fn a_way_is_found_over_the_upload_and_the_pool_and_only_by_issuers_that_may_and_did_sign() {
        let root = Cert::ca("Root").key(key::p256(1)).self_signed();
        let other = Cert::ca("Root").key(key::rsa2048(0)).self_signed();
        let ca = Cert::ca("CA").key(key::p256(2)).issued_by(&root);
        let leaf = |names| Cert::leaf("a.example.com").key(key::p256(0)).with(ext::san_dns(names));
        let names = &["a.example.com"][..];
        let leaf_of = |issuer: &Issued| leaf(names).issued_by(issuer);
        let none = Store::default();
        let full = [leaf_of(&ca), ca.clone()];
        for (what, chain, roots, pool, want) in [
            ("a whole chain", &full[..], store(&[&root]), none.clone(), vec!["upload", "upload", "roots"]),
            (
                "another root of that name first",
                &full,
                store(&[&other, &root]),
                none.clone(),
                vec!["upload", "upload", "roots"],
            ),
            (
                "the pool completes it",
                &full[..1],
                store(&[&root]),
                store(&[&root, &ca]),
                vec!["upload", "pool", "roots"],
            ),
            ("the intermediate is trusted", &full, store(&[&ca]), none.clone(), vec!["upload", "roots"]),
        ] {
            assert_eq!(told(&checked(chain, &roots, &pool, NOW)), want, "{what}");
        }
        let reason = |chain: &[Issued], roots: &Store, at| told(&checked(chain, roots, &none, at)).concat();
        // What lacks is named.
        let missing = checked(&full[..1], &store(&[&root]), &none, NOW).trust.unwrap().missing.unwrap();
        assert!(missing.subject.contains("CN=CA") && missing.key_id.is_some(), "{missing:?}");
        assert!(reason(&full, &store(&[&other]), NOW).contains("neither in the chain nor trusted"));
        let whole = [leaf_of(&ca), ca.clone(), root.clone()];
        assert!(reason(&whole, &store(&[&other]), NOW).contains("ends at the root"));
        assert!(reason(&full, &none, NOW).contains("CN=Root"));
        // A server certificate is a root only where it is self-signed.
        assert!(reason(&full[..1], &store(&[&full[0]]), NOW).contains("neither in the chain nor trusted"));
        let own = leaf(names).self_signed();
        assert_eq!(told(&checked(std::slice::from_ref(&own), &store(&[&own]), &none, NOW)), ["roots"]);
        // A root that is over leads nowhere.
        let late = time::macros::datetime!(2200-01-01 00:00 UTC);
        assert!(!reason(&full, &store(&[&root]), late).is_empty());
        // A server certificate issues nothing, and name constraints count.
        let server = leaf(names).key(key::p256(2)).issued_by(&root);
        let below =
            Cert::leaf("a.example.com").key(key::p256(0)).with(ext::san_dns(names)).issued_by(&server);
        assert!(!reason(&[below, server], &store(&[&root]), NOW).is_empty());
        let bound = Cert::ca("CA")
            .key(key::p256(2))
            .with(ext::name_constraints(vec![ext::dns("example.org")], Vec::new()));
        let bound = bound.issued_by(&root);
        assert!(reason(&[leaf_of(&bound), bound], &store(&[&root]), NOW).contains("name constraints"));
    }

    /// Browsers take extKeyUsage of an intermediate for a limit on what is below it (RFC 5280, 4.2.1.12); what a trusted root says of itself binds nothing.
    #[test]
    fn no_way_leads_over_an_issuer_that_is_not_for_servers() {
        let ca = |purposes: Option<&[&str]>| {
            let ca = Cert::ca("CA").key(key::p256(2));
            purposes.map_or(ca.clone(), |purposes| ca.with(ext::ext_key_usage(purposes)))
        };
        let root = Cert::ca("Root").key(key::p256(1)).self_signed();
        let leaf_of = |issuer: &Issued| {
            let leaf = Cert::leaf("a.example.com").key(key::p256(0));
            leaf.with(ext::san_dns(&["a.example.com"])).issued_by(issuer)
        };
        let none = Store::default();
        for (purposes, is_trusted) in [
            (None, true),
            (Some(&[ext::SERVER_AUTH][..]), true),
            (Some(&[ext::CLIENT_AUTH, ext::SERVER_AUTH]), true),
            (Some(&[ext::CLIENT_AUTH]), false),
            (Some(&["2.5.29.37.0"]), false),
        ] {
            let issuer = ca(purposes).issued_by(&root);
            let chain = [leaf_of(&issuer), issuer.clone()];
            let report = checked(&chain, &store(&[&root]), &none, NOW);
            let trust = report.trust.as_ref().unwrap();
            assert_eq!(trust.trusted, is_trusted, "{purposes:?}");
            assert_eq!(trust.missing, None, "{purposes:?}");
            if !is_trusted {
                let message = told(&report).concat();
                assert!(
                    message.contains("CN=CA\" on the way may not issue certificates for servers"),
                    "{message}"
                );
                // Another certificate of the same issuer, without the limit, is a way.
                let other = store(&[&ca(None).issued_by(&root)]);
                assert!(
                    checked(&chain, &store(&[&root]), &other, NOW).trust.unwrap().trusted,
                    "{purposes:?}"
                );
                // And the issuer itself may be trusted.
                assert!(
                    checked(&chain, &store(&[&issuer]), &none, NOW).trust.unwrap().trusted,
                    "{purposes:?}"
                );
            }
        }
        let clients =
            Cert::ca("Root").key(key::p256(1)).with(ext::ext_key_usage(&[ext::CLIENT_AUTH])).self_signed();
        let issuer = ca(None).issued_by(&clients);
        assert!(checked(&[leaf_of(&issuer), issuer], &store(&[&clients]), &none, NOW).trust.unwrap().trusted);
    }
}
