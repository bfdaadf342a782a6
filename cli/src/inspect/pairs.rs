//! Which private key and which request belong to which certificate, over all that was looked at.

use certgate::inspect::{Inspection, KeyFacts};
use serde::Serialize;

use crate::style::{self, Look};
use crate::text;

/// The public keys of all places.
#[derive(Default)]
pub(super) struct Pairs {
    places: usize,
    certificates: Vec<Owner>,
    keys: Vec<Owner>,
    requests: Vec<Owner>,
}

/// What has a public key.
#[derive(Serialize)]
struct Owner {
    inside: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    /// The only one of its kind in the place, so that its block need not be named.
    #[serde(skip)]
    is_alone: bool,
    /// The SHA-256 of the SubjectPublicKeyInfo.
    #[serde(skip)]
    spki: String,
}

/// To what a key or a request belongs, for a program.
#[derive(Serialize)]
pub(super) struct Belongs<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<usize>,
    certificates: Vec<&'a Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<Vec<&'a Owner>>,
}

impl Pairs {
    pub(super) fn add(&mut self, inside: &[String], inspection: &Inspection) {
        self.places = self.places.saturating_add(1);
        let owner = |key: &KeyFacts, block, is_alone| {
            Some(Owner { inside: inside.to_vec(), block, is_alone, spki: key.spki_sha256.clone()? })
        };
        let certificates = inspection.certificates().count();
        self.certificates.extend(
            inspection.certificates().filter_map(|facts| owner(&facts.key, facts.block, certificates == 1)),
        );
        let keys = inspection.keys.len();
        self.keys
            .extend(inspection.keys.iter().filter_map(|facts| owner(&facts.key, facts.block, keys == 1)));
        let requests: Vec<_> =
            inspection.others.iter().filter(|facts| facts.kind == "certificate request").collect();
        let is_alone = requests.len() == 1;
        self.requests.extend(
            requests.into_iter().filter_map(|facts| owner(facts.key.as_ref()?, facts.block, is_alone)),
        );
    }

    /// A line for each private key and each request, where there are several places and something to belong to.
    pub(super) fn text(&self, look: Look) -> String {
        let has_pairs = !self.keys.is_empty() && !self.certificates.is_empty();
        let is_alone = self.keys.is_empty() && self.certificates.is_empty();
        let has_requests = !self.requests.is_empty() && !is_alone;
        if self.places < 2 || !(has_pairs || has_requests) {
            return String::new();
        }
        let mut out = text::heading(look, "Which key is whose");
        for key in self.keys.iter().filter(|_| has_pairs) {
            let name = key.name();
            out.push_str(&match names(&of(&self.certificates, key)) {
                none if none.is_empty() => {
                    format!("  {name} is the key of none of the certificates that could be read\n")
                }
                owned => format!("  {name} is the key of {owned}\n"),
            });
        }
        for request in self.requests.iter().filter(|_| has_requests) {
            let name = request.name();
            let (keys, certificates) = (of(&self.keys, request), of(&self.certificates, request));
            out.push_str(&match (names(&keys), names(&certificates)) {
                (keys, certificates) if keys.is_empty() && certificates.is_empty() => {
                    format!(
                        "  {name} is a request for none of the keys and certificates that could be read\n"
                    )
                }
                (keys, certificates) if certificates.is_empty() => {
                    format!("  {name} is a request with the key {keys}\n")
                }
                (keys, certificates) if keys.is_empty() => {
                    format!("  {name} is a request with the key of {certificates}\n")
                }
                (keys, certificates) => {
                    format!("  {name} is a request with the key {keys}, which is that of {certificates}\n")
                }
            });
        }
        out
    }

    /// The same for a program: what the keys and requests of one place belong to.
    pub(super) fn of_place(&self, inside: &[String]) -> Vec<Belongs<'_>> {
        let keys = self.keys.iter().filter(|owner| owner.inside == inside).map(|owner| Belongs {
            kind: "private key",
            block: owner.block,
            certificates: of(&self.certificates, owner),
            keys: None,
        });
        let requests = self.requests.iter().filter(|owner| owner.inside == inside).map(|owner| Belongs {
            kind: "certificate request",
            block: owner.block,
            certificates: of(&self.certificates, owner),
            keys: Some(of(&self.keys, owner)),
        });
        keys.chain(requests).collect()
    }
}

/// Those that have the key of another.
fn of<'a>(owners: &'a [Owner], other: &Owner) -> Vec<&'a Owner> {
    owners.iter().filter(|owner| owner.spki == other.spki).collect()
}

fn names(owners: &[&Owner]) -> String {
    owners.iter().map(|owner| owner.name()).collect::<Vec<_>>().join(" and ")
}

impl Owner {
    fn name(&self) -> String {
        let place = style::escape(&self.inside.join(", "));
        match self.block {
            Some(block) if !self.is_alone => format!("{place}, block {block}"),
            _ => place,
        }
    }
}
