//! Findings by role and time, and how they are bounded.

use certgate_forge::ext::Ext;
use certgate_forge::sign::{Hash as ForgeHash, Scheme};

use super::*;

#[test]
fn faults_leave_the_facts_readable() {
    let issued = leaf(|c| {
        c.serial([0x85, 1])
            .not_before("250230000000Z")
            .with(ext::san_dns(&["a.example"]).trailing(&[5, 0]))
            .with(Ext::new(ext::BASIC_CONSTRAINTS, der::seq([der::boolean_raw(1)])))
            .with_another(ext::san_dns(&["b.example"]))
    });
    let checked = check(&issued.der, Role::Leaf, &policy(), NOW);
    let certificate = checked.value.unwrap();
    assert_eq!(certificate.serial().to_string(), "-31487");
    assert_eq!(certificate.not_before(), None);
    assert_eq!(certificate.not_after(), Some(datetime!(2035-01-01 0:00 UTC)));
    assert_eq!(certificate.san(), [GeneralName::Dns("a.example".into())]);
    assert!(certificate.is_ca());
    let codes: Vec<_> = checked.findings.iter().map(Finding::code).collect();
    assert_eq!(
        codes,
        [
            "cert-serial-number",
            "cert-time-invalid",
            "cert-lax-encoding",
            "cert-trailing-data",
            "cert-duplicate-extension",
            "cert-ca-as-leaf",
        ]
    );
}

/// One name for subject and issuer is not enough: the key must be of a kind that can have made the signature.
#[test]
fn a_key_of_another_kind_has_not_signed_its_certificate() {
    let one_name = |key: keys::Key, signer: keys::Key| {
        let same = Cert::leaf("a.example").key(signer).without_key_ids();
        Cert::leaf("a.example").key(key).without_key_ids().signed_by(&same)
    };
    for (key, signer, want) in [
        (keys::rsa2048(0), keys::rsa2048(1), true),
        (keys::p256(0), keys::p384(1), true),
        (keys::sm2_enc(), keys::sm2_sign(), true),
        (keys::ed25519(), keys::ed25519(), true),
        (keys::rsa2048(0), keys::p256(1), false),
        (keys::p256(0), keys::rsa2048(1), false),
        (keys::p256(0), keys::sm2_sign(), false),
        (keys::sm2_enc(), keys::p256(1), false),
        (keys::p256(0), keys::ed25519(), false),
        (keys::x25519(), keys::ed25519(), false),
        (keys::x25519(), keys::rsa2048(0), false),
    ] {
        let issued = one_name(key, signer);
        let certificate = check(&issued.der, Role::Issuer, &policy(), NOW).value.unwrap();
        assert!(certificate.is_self_issued());
        assert_eq!(certificate.looks_self_signed(), want, "{:?}", certificate.public_key());
    }
}

#[test]
fn an_issuer_is_judged_by_its_encoding_hash_and_key() {
    let old = |c: Cert| {
        c.serial([])
            .not_before("150101000000Z")
            .not_after("20480101000000Z")
            .scheme(Scheme::Rsa(ForgeHash::Sha1))
    };
    let ca = old(Cert::ca("Old CA").key(keys::rsa1024())).issued_by(&Cert::ca("Root").self_signed());
    let told = |issued: &Issued, role| tell(&issued.der, role, &policy(), NOW);
    let as_root = [
        "warning cert-der tbsCertificate.serialNumber",
        "warning cert-time-lax tbsCertificate.validity.notAfter",
        "warning cert-rsa-short tbsCertificate.subjectPublicKeyInfo",
    ];
    assert_eq!(told(&ca, Role::Root), as_root);
    let [serial, time, _] = as_root;
    assert_eq!(
        told(&ca, Role::Issuer),
        [
            serial,
            time,
            "error cert-issuer-rsa-short tbsCertificate.subjectPublicKeyInfo",
            "error cert-weak-signature signatureAlgorithm",
        ]
    );
    // What signed itself is trusted for itself.
    let self_signed = old(Cert::ca("Old CA").key(keys::rsa1024())).self_signed();
    assert_eq!(told(&self_signed, Role::Issuer), as_root);
    // A policy may ask more of the site's own keys than of CAs.
    let strict = Policy::with(|policy| policy.rsa_min_bits = 4096);
    let ca = Cert::ca("CA").issued_by(&Cert::ca("Root").self_signed());
    assert_eq!(
        tell(&ca.der, Role::Issuer, &strict, NOW),
        ["warning cert-rsa-short tbsCertificate.subjectPublicKeyInfo"]
    );
    assert_eq!(
        tell(&[0x30, 3, 2, 1, 1], Role::Issuer, &policy(), NOW),
        ["error cert-unreadable tbsCertificate"]
    );
}

#[test]
fn without_a_time_validity_is_not_evaluated() {
    let issued = dates("150101000000Z", "160101000000Z");
    let checked = check(&issued.der, Role::Leaf, &Policy::default(), At::NotEvaluated);
    assert_eq!(checked.findings, []);
    assert_eq!(checked.not_evaluated.len(), 1);
    assert_eq!(checked.not_evaluated[0].code, "validity");
    // The limit of 2038 needs no clock.
    let issued = dates("150101000000Z", "380119031408Z");
    assert_eq!(
        tell(&issued.der, Role::Leaf, &Policy::default(), At::NotEvaluated),
        ["error cert-expires-after-2038 tbsCertificate.validity.notAfter"]
    );
}

#[test]
fn the_last_second_counts() {
    let issued = dates("260101000000Z", "270101000000Z");
    let at = |time: OffsetDateTime| tell(&issued.der, Role::Leaf, &policy(), time);
    assert_eq!(
        at(datetime!(2025-12-31 23:59:59 UTC)),
        ["warning cert-not-yet-valid tbsCertificate.validity.notBefore"]
    );
    assert_eq!(at(datetime!(2026-01-01 0:00 UTC)), [""; 0]);
    assert_eq!(at(datetime!(2026-12-01 23:59:59 UTC)), [""; 0]);
    assert_eq!(
        at(datetime!(2026-12-02 0:00 UTC)),
        ["warning cert-expires-soon tbsCertificate.validity.notAfter"]
    );
    assert_eq!(
        at(datetime!(2027-01-01 0:00 UTC)),
        ["warning cert-expires-soon tbsCertificate.validity.notAfter"]
    );
    assert_eq!(
        at(datetime!(2027-01-01 0:00:01 UTC)),
        ["error cert-expired tbsCertificate.validity.notAfter"]
    );
}

#[test]
fn a_fault_without_end_is_reported_20_times_and_counted() {
    let issued = san((0..500).map(|_| ext::dns("")));
    let checked = check(&issued.der, Role::Leaf, &policy(), NOW);
    assert_eq!(checked.findings.len(), 21);
    assert_eq!(checked.findings[20].message, "the same at 480 more places of the certificate");
}

#[test]
fn messages_say_what_is_wrong_where() {
    let rsa = keys::rsa1024().rsa().spki().encode();
    for (issued, element, path, want) in [
        (
            dates("240101000000Z", "260531000000Z"),
            b"\x17\x0D260531000000Z".as_slice(),
            "tbsCertificate.validity.notAfter",
            "the certificate expired at 2026-05-31T00:00:00Z, 24 hours before the time of this check, 2026-06-01T00:00:00Z",
        ),
        (
            leaf(|c| c.key(keys::rsa1024())),
            &rsa,
            "tbsCertificate.subjectPublicKeyInfo",
            "the RSA modulus has 1024 bits, fewer than 2048",
        ),
        (
            subject(der::utf8("a\0b")),
            b"\x0C\x03a\0b",
            "tbsCertificate.subject[1][0].value",
            "CN \"a\\u{0}b\" holds a NUL character",
        ),
        (
            san([ext::dns("a.example"), ext::ip_raw(&[1, 2, 3])]),
            b"\x87\x03\x01\x02\x03",
            "tbsCertificate.extensions[3].extnValue[1]",
            "iPAddress has 3 octets, not 4 (IPv4) or 16 (IPv6)",
        ),
        (
            leaf(|c| c.serial([0x85, 1])),
            b"\x02\x02\x85\x01",
            "tbsCertificate.serialNumber",
            "the serial number is negative",
        ),
    ] {
        let checked = check(&issued.der, Role::Leaf, &policy(), NOW);
        assert_eq!(checked.findings.len(), 1);
        let finding = &checked.findings[0];
        let offset = issued.der.windows(element.len()).position(|window| window == element);
        assert_eq!(finding.location, Location::none().der(offset.unwrap(), path));
        assert_eq!(finding.message, want);
    }
}

/// A number of days that a policy names counts alone; without one, a short-lived certificate is not called old for most of its life.
#[test]
fn days_that_a_policy_names_count_for_short_lives_too() {
    let of_47_days = dates("260101000000Z", "260217000000Z");
    let told = |days: Option<u32>, time: OffsetDateTime| {
        let policy = Policy::with(|policy| policy.expiry_warning_days = days);
        tell(&of_47_days.der, Role::Leaf, &policy, time).len()
    };
    let with_22_left = datetime!(2026-01-26 0:00 UTC);
    let with_15_left = datetime!(2026-02-02 0:00 UTC);
    assert_eq!((told(None, with_22_left), told(None, with_15_left)), (0, 1));
    assert_eq!((told(Some(22), with_22_left), told(Some(21), with_22_left)), (1, 0));
    assert_eq!((told(Some(60), datetime!(2026-01-03 0:00 UTC)), told(Some(0), with_15_left)), (1, 0));
}
