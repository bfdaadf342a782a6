//! Every link between two real certificates, and every chain of NIST's PKITS, judged by OpenSSL too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use certgate::certificate::{self, Certificate, Role};
use certgate::inspect::{LinkSignature, inspect};
use certgate::{At, Finding, Policy, Severity, chain};
use serde::Deserialize;

use crate::data::{Sample, certificates};
use crate::openssl::OpenSsl;

/// A chain on which the two differ, with what each says and why certgate is right to differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    chain: String,
    certgate: String,
    openssl: String,
    #[allow(dead_code)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    link: Vec<Difference>,
}

#[test]
fn links_and_chains_are_what_openssl_says() {
    let Some(openssl) = OpenSsl::new("links") else { return };
    let mut seen = BTreeSet::new();
    let mut samples = certificates();
    samples.retain(|sample| seen.insert(sample.der.clone()));
    let policy = Policy::default();
    let read: Vec<_> = samples
        .iter()
        .filter_map(|sample| {
            Some((sample, certificate::check(&sample.der, Role::Leaf, &policy, At::NotEvaluated).value?))
        })
        .collect();
    if read.is_empty() {
        return;
    }
    let known: Differences = toml::from_str(include_str!("links.toml")).expect("links.toml");
    let mut known: BTreeMap<String, Difference> =
        known.link.into_iter().map(|entry| (entry.chain.clone(), entry)).collect();

    let mut chains: Vec<Vec<&Sample>> = Vec::new();
    for (child, certificate) in &read {
        for (issuer, candidate) in &read {
            if certificate.issuer() == candidate.subject() {
                // A self-signed certificate stands alone.
                chains.push(if issuer.der == child.der { vec![child] } else { vec![child, issuer] });
            }
        }
    }
    let links = chains.len();
    chains.extend(pkits(&read));

    let mut faults = String::new();
    let mut figures: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    for chain in &chains {
        let name = chain.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>().join(" < ");
        let ders: Vec<&[u8]> = chain.iter().map(|sample| &*sample.der).collect();
        let ours = if let [alone] = ders[..] { judge_self(alone) } else { judge(&ders) };
        let theirs = openssl.verify(&ders);
        // What is said to be not evaluated is neither passed nor refused.
        let is_open = ours.starts_with("OK but");
        let equal = is_open || (ours == "OK") == (theirs == "OK");
        let verdict = if is_open {
            "does not evaluate"
        } else if ours == "OK" {
            "accepts"
        } else {
            "refuses"
        };
        *figures.entry((verdict, theirs == "OK")).or_default() += 1;
        match known.remove(&name) {
            None if equal => {}
            Some(entry) if !equal && entry.certgate == ours && entry.openssl == theirs => {}
            Some(_) if equal => writeln!(faults, "{name}: agrees now: {ours}").unwrap(),
            _ => writeln!(
                faults,
                "[[link]]\nchain = {name:?}\ncertgate = {ours:?}\nopenssl = {theirs:?}\nreason = \"\"\n"
            )
            .unwrap(),
        }
    }
    println!("{links} links and {} chains of PKITS", chains.len() - links);
    for ((ours, theirs), count) in figures {
        let theirs = if theirs { "accepts" } else { "refuses" };
        println!("certgate {ours}, OpenSSL {theirs}: {count}");
    }
    if samples.iter().any(|sample| sample.source == "vectors") && !known.is_empty() {
        writeln!(faults, "no such chain: {:?}", known.keys()).unwrap();
    }
    assert!(faults.is_empty(), "{faults}");
}

/// `OK`, or the codes of certgate's errors on a chain, without a time.
fn judge(ders: &[&[u8]]) -> String {
    let policy = Policy::default();
    let mut certificates = Vec::new();
    let mut codes = BTreeSet::new();
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    for (index, der) in ders.iter().enumerate() {
        let role = if index == 0 { Role::Leaf } else { Role::Issuer };
        let checked = certificate::check(der, role, &policy, At::NotEvaluated);
        codes.extend(checked.findings.iter().filter(is_error).map(Finding::code));
        certificates.extend(checked.value);
    }
    let checked = chain::check(&certificates, &policy, At::NotEvaluated);
    codes.extend(checked.findings.iter().filter(is_error).map(Finding::code));
    // What says nothing of the path: certgate is stricter there, or asks for what OpenSSL does not.
    for code in [
        "cert-expires-after-2038",
        "cert-key-published",
        "cert-key-unsupported",
        "cert-san-missing",
        "cert-weak-signature",
    ] {
        codes.remove(code);
    }
    if !codes.is_empty() {
        return codes.into_iter().collect::<Vec<_>>().join(" ");
    }
    let open: BTreeSet<_> =
        checked.not_evaluated.iter().map(|entry| &*entry.code).filter(|code| *code != "validity").collect();
    if open.is_empty() {
        "OK".to_owned()
    } else {
        format!("OK but for {}", open.into_iter().collect::<Vec<_>>().join(" "))
    }
}

/// `OK` where a certificate's own key made its signature, else what certgate says instead.
fn judge_self(der: &[u8]) -> String {
    let found = inspect(der, &Policy::default(), At::NotEvaluated);
    match found.certificate.and_then(|certificate| certificate.issuer_signature) {
        Some(LinkSignature::Verified) => "OK".to_owned(),
        Some(LinkSignature::Wrong) => "signature wrong".to_owned(),
        Some(_) => "OK but for signature".to_owned(),
        None => "not signed by itself".to_owned(),
    }
}

/// The chains of PKITS: each certificate of an end entity, its issuers by name up to the trust anchor.
fn pkits<'s>(read: &[(&'s Sample, Certificate<'s>)]) -> Vec<Vec<&'s Sample>> {
    let of_pkits = || read.iter().filter(|(sample, _)| sample.name.contains("PKITS_data/certs/"));
    let mut chains = Vec::new();
    for (leaf, certificate) in of_pkits().filter(|(sample, _)| sample.name.ends_with("EE.crt")) {
        let (mut chain, mut last) = (vec![*leaf], certificate);
        while chain.len() < 9 {
            let mut candidates: Vec<_> = of_pkits()
                .filter(|(_, candidate)| candidate.subject() == last.issuer())
                .filter(|(sample, _)| chain.iter().all(|member| member.der != sample.der))
                .collect();
            // Of several issuers of one name, that whose key signed.
            candidates
                .sort_by_key(|(sample, _)| judge(&[last.der(), &sample.der]).contains("chain-signature"));
            let Some((issuer, certificate)) = candidates.first() else { break };
            chain.push(issuer);
            last = certificate;
        }
        if chain.len() > 2 {
            chains.push(chain);
        }
    }
    chains
}
