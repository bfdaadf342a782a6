//! The signatures of a chain, each verified once and only so many of them.

use std::collections::BTreeMap;

use super::link::{self, Outcome, Signed, Signer};
use super::member::{KeyId, Member};
use crate::finding::{Finding, Findings};
use crate::rule::{ApiCode, Rule, Severity, Stage};

static CHAIN_SIGNATURE: Rule = Rule {
    code: "chain-signature",
    severity: Severity::Error,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "An issuer's name fits, but its key did not make the signature",
    hint: "Replace the issuer's certificate by the one that came with the server certificate.",
    why: "A certificate names its issuer, and the issuer's key signs it. Two CA certificates can have one name and different keys: a CA \
          that renewed its key, or an imitation. Clients find the name, verify the signature, and refuse. The same happens where a \
          certificate was changed after it was signed.\n\n\
          Example: a chain with the CA's certificate of 2015, although its key of 2023 signed the server certificate.",
    citations: &["RFC 5280, section 6.1.3 (a) (1)", "RFC 5280, section 4.1.1.3"],
    ..Rule::BASE
};

static CHAIN_LINK_NOT_VERIFIED: Rule = Rule {
    code: "chain-link-not-verified",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "The signature of a link could not be verified",
    hint: "Verify this link with a tool that knows the algorithm, then upload; certgate neither vouches for it nor calls it invalid.",
    why: "certgate verifies RSA (PKCS#1 v1.5 and PSS), ECDSA on P-256, P-384 and P-521, Ed25519, and SM2 under known signer IDs. Another \
          algorithm leaves open whether the signature is right. So does an SM2 signature that fits under none of the known IDs: the ID \
          enters through a hash, so nothing tells an unknown ID from a wrong key.\n\n\
          Example: an issuer with an Ed448 key, or a CA that signs with an SM2 ID of its own. The policy's `sm2_ids` takes more IDs.",
    citations: &["RFC 5280, section 6.1.3 (a) (1)", "GB/T 32918.2", "GM/T 0009, section 10"],
    ..Rule::BASE
};

static CHAIN_SM2_EMPTY_ID: Rule = Rule {
    code: "chain-sm2-empty-id",
    severity: Severity::Warning,
    stage: Stage::Chain,
    api: ApiCode::Chain,
    summary: "SM2 link signed with an empty ID",
    hint: "Ask the CA to sign with the ID 1234567812345678; clients that insist on it refuse this certificate.",
    why: "An SM2 signature covers an ID of its signer. For certificates it is 1234567812345678; some programs leave it empty by mistake. \
          Both signatures are sound, but a client that knows only the usual ID calls this one invalid.\n\n\
          Example: a test CA made with a library whose default ID is empty.",
    citations: &["GM/T 0009, section 10", "GM/T 0015", "GB/T 32918.2"],
    ..Rule::BASE
};

/// The rules of this file.
pub(crate) static RULES: &[&Rule] = &[&CHAIN_SIGNATURE, &CHAIN_LINK_NOT_VERIFIED, &CHAIN_SM2_EMPTY_ID];

/// What is known of the link between two certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// The issuer's key made the signature.
    Fits,
    /// It did, under an empty SM2 ID.
    FitsEmptyId,
    /// It did not.
    DoesNotFit,
    /// It cannot be verified, for the reason given.
    Open(String),
    /// The SM2 signature fits under none of the known IDs.
    UnknownId,
    /// It was not tried: too many others were.
    NotTried,
}

/// Verifies signatures, each pair of certificates once.
pub(super) struct Signatures<'p> {
    sm2_ids: &'p [String],
    /// How many links may still be verified.
    links_left: usize,
    /// How many self-signatures may still be verified.
    own_left: usize,
    known: BTreeMap<(usize, usize), Link>,
}

impl<'p> Signatures<'p> {
    /// For a chain of at most `max_certificates`: one link fewer, and the self-signatures of a root and of one more.
    pub(super) fn new(max_certificates: usize, sm2_ids: &'p [String]) -> Self {
        Self { sm2_ids, links_left: max_certificates.saturating_sub(1), own_left: 2, known: BTreeMap::new() }
    }

    /// Whether the key of `issuer` signed `member`.
    pub(super) fn link(&mut self, member: &Member<'_, '_>, issuer: &Member<'_, '_>) -> Link {
        let pair = (member.index, issuer.index);
        if let Some(known) = self.known.get(&pair) {
            return known.clone();
        }
        let left = if pair.0 == pair.1 { &mut self.own_left } else { &mut self.links_left };
        let Some(fewer) = left.checked_sub(1) else { return Link::NotTried };
        *left = fewer;
        let link = verify(member, issuer, self.sm2_ids);
        self.known.insert(pair, link.clone());
        link
    }

    /// Whether a certificate is its own issuer: by name, and by signature as far as that can be verified.
    pub(super) fn is_self_signed(&mut self, member: &Member<'_, '_>) -> bool {
        member.is_self_issued()
            && match self.link(member, member) {
                Link::Fits | Link::FitsEmptyId => true,
                Link::DoesNotFit => false,
                Link::Open(_) | Link::UnknownId | Link::NotTried => member.calls_itself_issuer(),
            }
    }

    /// Tells what the links of `path` are worth, and of a self-issued end whose own signature is wrong.
    pub(super) fn judge(&mut self, path: &[&Member<'_, '_>], findings: &mut Findings<'_>) {
        for (member, issuer) in path.iter().zip(path.iter().skip(1)) {
            match self.link(member, issuer) {
                Link::Fits => {}
                Link::FitsEmptyId => {
                    let message =
                        format!("{} signed {} under an empty SM2 ID", issuer.label(), member.block());
                    findings.add(Finding::new(&CHAIN_SM2_EMPTY_ID, member.location(), message));
                }
                // Which of the two algorithms made the signature is not known, and that is told.
                Link::DoesNotFit if member.certificate.names_two_signature_algorithms() => {
                    findings.not_evaluated(
                        "link",
                        format!(
                            "whether {} signed {}: it names two signature algorithms",
                            issuer.block(),
                            member.block()
                        ),
                    );
                }
                Link::DoesNotFit => findings.add(misfit(member, issuer)),
                Link::Open(why) => {
                    let finding = not_verified(member, issuer, &why, findings);
                    findings.add(finding);
                }
                Link::UnknownId => {
                    let why = "the SM2 signature fits under none of the known signer IDs";
                    let hint = "If the CA signs with an ID of its own, add it to the policy's sm2_ids and check again.";
                    let finding = not_verified(member, issuer, why, findings);
                    findings.add(finding.hint(hint));
                }
                Link::NotTried => findings.not_evaluated(
                    "link",
                    format!("whether {} signed {}: too many signatures", issuer.block(), member.block()),
                ),
            }
        }
        // The signature of a lone or first certificate on itself is no link.
        if let [_, .., last] = path
            && last.is_self_issued()
            && last.key_id(last) != KeyId::Other
            && self.link(last, last) == Link::DoesNotFit
        {
            let message = format!("{} names itself as its issuer, but its key did not sign it", last.label());
            findings.add(Finding::new(&CHAIN_SIGNATURE, last.location(), message));
        }
    }
}

fn not_verified(
    member: &Member<'_, '_>,
    issuer: &Member<'_, '_>,
    why: &str,
    findings: &mut Findings<'_>,
) -> Finding {
    let message = format!("whether {} signed {} was not verified: {why}", issuer.label(), member.block());
    findings.not_evaluated("link", message.clone());
    Finding::new(&CHAIN_LINK_NOT_VERIFIED, member.location(), message)
}

fn misfit(member: &Member<'_, '_>, issuer: &Member<'_, '_>) -> Finding {
    let mut message = format!(
        "{} names {} as its issuer, but that key did not sign it (signature {}, issuer's key {})",
        member.block(),
        issuer.label(),
        member.certificate.signature_algorithm().name(),
        issuer.certificate.public_key().map_or("not readable", |key| key.name()),
    );
    if member.key_id(issuer) == KeyId::Other {
        message.push_str("; it names another key of that issuer");
    }
    let hint = member.hint_to_replace(issuer);
    Finding::new(&CHAIN_SIGNATURE, member.location(), message).hint(hint)
}

fn verify(member: &Member<'_, '_>, issuer: &Member<'_, '_>, sm2_ids: &[String]) -> Link {
    let Some(key) = issuer.certificate.public_key() else {
        return Link::Open("the issuer's public key is not readable".to_owned());
    };
    let algorithm = member.certificate.signature_algorithm();
    let signed = Signed {
        algorithm: algorithm.oid().as_bytes(),
        parameters: algorithm.parameters(),
        signature: member.certificate.signature(),
        tbs: member.certificate.tbs(),
    };
    match link::verify(signed, Signer { key, spki: issuer.certificate.spki_der() }, sm2_ids) {
        Outcome::Fits => Link::Fits,
        Outcome::FitsEmptyId => Link::FitsEmptyId,
        Outcome::DoesNotFit => Link::DoesNotFit,
        // Where the certificate itself names another key, the ID is not the question.
        Outcome::UnknownId if member.key_id(issuer) == KeyId::Other => Link::DoesNotFit,
        Outcome::UnknownId => Link::UnknownId,
        Outcome::NotSupported(why) => Link::Open(why),
    }
}
