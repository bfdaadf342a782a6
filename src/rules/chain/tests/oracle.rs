//! The same chains judged by the OpenSSL command line, where it is at hand.

use super::check;
use crate::Severity;
use certgate_forge::cert::{Cert, Issued, bundle};
use certgate_forge::der::Node;
use certgate_forge::name::name;
use certgate_forge::{chain, ext, key};
use std::process::Command;

/// Whether OpenSSL takes the chain with its last certificate as the trust anchor; `None` without OpenSSL 3.
fn openssl_accepts(label: &str, chain: &[&Issued]) -> Option<bool> {
    let version = Command::new("openssl").arg("version").output().ok()?;
    if !version.stdout.starts_with(b"OpenSSL 3") {
        return None;
    }
    let folder = std::env::temp_dir().join(format!("certgate-chain-{}-{label}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |file: &str, certificates: &[&Issued]| {
        let path = folder.join(file);
        std::fs::write(&path, bundle(certificates.iter().copied())).unwrap();
        path
    };
    let (leaf, issuers) = chain.split_first().unwrap();
    let (anchor, between) = issuers.split_last().unwrap();
    let mut verify = Command::new("openssl");
    verify
        .args(["verify", "-no_check_time", "-partial_chain", "-trusted"])
        .arg(write("anchor.pem", &[anchor]));
    if !between.is_empty() {
        verify.arg("-untrusted").arg(write("between.pem", between));
    }
    let output = verify.arg(write("leaf.pem", &[leaf])).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    Some(output.status.success())
}

/// Fails unless both say the same of each chain.
fn compare(label: &str, chains: &[(String, Vec<Issued>)]) {
    let mut wrong = Vec::new();
    let mut counts = std::collections::BTreeMap::new();
    for (what, certificates) in chains {
        let certificates: Vec<&Issued> = certificates.iter().collect();
        let Some(theirs) = openssl_accepts(label, &certificates) else {
            println!("skipped: no OpenSSL 3");
            return;
        };
        let ours = check(&certificates).findings.iter().all(|finding| finding.severity < Severity::Error);
        *counts.entry(theirs).or_insert(0) += 1;
        if ours != theirs {
            wrong.push(format!("{what}: certgate accepts {ours}, OpenSSL {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Both verdicts must occur, or the comparison says nothing.
    assert!(counts.len() == 2 && counts.values().all(|count| *count >= 4), "{counts:?}");
}

fn bound(permitted: Vec<Node>, excluded: Vec<Node>, leaf: Cert) -> Vec<Issued> {
    let (_, root) = chain::plain_issuers();
    let ca = Cert::ca("Bound CA")
        .key(key::p256(1))
        .with(ext::name_constraints(permitted, excluded))
        .issued_by(&root);
    vec![leaf.issued_by(&ca), ca]
}

#[test]
fn dns_constraints() {
    let names = [
        "example.com",
        "www.example.com",
        "a.b.example.com",
        "badexample.com",
        "EXAMPLE.com",
        "com",
        "example.org",
        "*.example.com",
    ];
    let bases =
        ["example.com", "www.example.com", ".example.com", "com", "Example.COM", "xample.com", "example.org"];
    let mut chains = Vec::new();
    for subject in names {
        for base in bases {
            let leaf = Cert::leaf(subject);
            let base_of = || vec![ext::dns(base)];
            chains.push((format!("{subject} in {base}"), bound(base_of(), vec![], leaf.clone())));
            chains.push((format!("{subject} not in {base}"), bound(vec![], base_of(), leaf)));
        }
    }
    compare("dns", &chains);
}

#[test]
fn address_constraints() {
    let mut chains = Vec::new();
    let v6 = [[0x20; 16], [0xff; 16]].concat();
    for address in ["10.1.2.3", "11.1.2.3", "2020:2020:2020:2020:2020:2020:2020:2020", "2001:db8::1"] {
        for base in
            [&[10, 0, 0, 0, 255, 0, 0, 0][..], &[10, 1, 2, 3, 255, 255, 255, 255], &[0; 8], &v6, &[0; 32]]
        {
            let leaf = Cert::leaf("x").with(ext::san([ext::ip(address)]));
            let base_of = || vec![ext::ip_raw(base)];
            chains.push((format!("{address} in {base:?}"), bound(base_of(), vec![], leaf.clone())));
            chains.push((format!("{address} not in {base:?}"), bound(vec![], base_of(), leaf)));
        }
    }
    compare("ip", &chains);
}

#[test]
fn directory_constraints() {
    let corp = [("C", "CN"), ("O", "Corp Ltd"), ("CN", "a.example")];
    let mut chains = Vec::new();
    for subject in [
        &corp[..],
        &corp[..2],
        &corp[1..],
        &[("C", "CN"), ("O", "corp  LTD")],
        &[("C", "CN"), ("O", "Corp")],
        &[],
    ] {
        for base in [&corp[..], &corp[..2], &corp[..1], &corp[1..2], &[("C", "cn"), ("O", "CORP ltd")], &[]] {
            let leaf = Cert::leaf("x").subject(name(subject));
            let base_of = || vec![ext::directory(name(base))];
            chains.push((format!("{subject:?} in {base:?}"), bound(base_of(), vec![], leaf.clone())));
            chains.push((format!("{subject:?} not in {base:?}"), bound(vec![], base_of(), leaf)));
        }
    }
    compare("directory", &chains);
}

#[test]
fn path_length_and_permission_to_issue() {
    let (_, root) = chain::plain_issuers();
    let mut chains = Vec::new();
    for outer in [None, Some(0), Some(1)] {
        for inner in [None, Some(0)] {
            for renewed in [false, true] {
                let outer_ca = Cert::ca("Outer")
                    .key(key::p256(1))
                    .with(ext::basic_constraints(true, outer))
                    .issued_by(&root);
                let name = if renewed { "Outer" } else { "Inner" };
                let inner_ca = Cert::ca(name)
                    .key(key::p256(2))
                    .with(ext::basic_constraints(true, inner))
                    .issued_by(&outer_ca);
                let last = Cert::ca("Last").key(key::p384(1)).issued_by(&inner_ca);
                let leaf = Cert::leaf("a.example");
                let what = format!("pathLen {outer:?} {inner:?}, renewed {renewed}");
                chains.push((
                    what.clone(),
                    vec![leaf.clone().issued_by(&inner_ca), inner_ca.clone(), outer_ca.clone()],
                ));
                chains.push((format!("{what}, long"), vec![leaf.issued_by(&last), last, inner_ca, outer_ca]));
            }
        }
    }
    for usage in [None, Some(ext::DIGITAL_SIGNATURE), Some(ext::KEY_CERT_SIGN)] {
        for constraints in [None, Some(false), Some(true)] {
            let mut ca = Cert::ca("Middle").key(key::p256(1));
            ca = usage.map_or_else(
                || ca.clone().without(ext::KEY_USAGE),
                |usage| ca.clone().with(ext::key_usage(usage)),
            );
            ca = constraints.map_or_else(
                || ca.clone().without(ext::BASIC_CONSTRAINTS),
                |is_ca| ca.clone().with(ext::basic_constraints(is_ca, None)),
            );
            let ca = ca.issued_by(&root);
            let leaf = Cert::leaf("a.example").issued_by(&ca);
            chains.push((format!("usage {usage:?}, CA {constraints:?}"), vec![leaf, ca, root.clone()]));
        }
    }
    compare("path", &chains);
}
