use std::time::Instant;

use certgate::containers::{Limits, Opened, Part, Set, inspect, open};
use certgate::pem::BlockKind;
use certgate_heap::measure;

use crate::bounds::longest;
use crate::secrets::{assert_untold, is_told_by_design};
use crate::{NOW, policy, subject, told};

/// The passphrase of the seeds that are encrypted.
pub(crate) const PASSPHRASE: &str = "forge";

/// The most that archives may expand to here.
const EXPANDED: usize = 1 << 20;

/// The most bytes that an opening holds at one time, whatever it is given: what archives may expand to, a few times over, and what derivations of keys need.
const HELD: u64 = 64 << 20;

/// The readers of what people hold, and the assembly of a form.
///
/// # Panics
/// If a property is broken.
pub fn containers(data: &[u8]) {
    let mut limits = Limits::default();
    limits.entries = 64;
    limits.expanded_bytes = EXPANDED;
    limits.iterations = 5000;
    limits.derivation_bytes = 1 << 20;
    limits.derivations = 4;
    for passphrase in [None, Some(PASSPHRASE)] {
        let opened = opened(data, passphrase, &limits);
        let again = open("file", data, passphrase, &limits);
        assert_eq!(opened.left_out, again.left_out, "two openings differ");
        assert_eq!(opened.objects.len(), again.objects.len(), "two openings differ");
        assembled(&opened);
    }
}

fn opened(data: &[u8], passphrase: Option<&str>, limits: &Limits) -> Opened {
    let start = Instant::now();
    let (opened, heap) = measure(|| open("file", data, passphrase, limits));
    assert!(
        heap.peak <= HELD + 64 * data.len() as u64,
        "{} bytes held for an input of {}",
        heap.peak,
        data.len()
    );
    let took = start.elapsed();
    assert!(took <= longest(data.len().max(EXPANDED)), "{took:?} for an input of {} bytes", data.len());
    assert!(
        !opened.objects.is_empty() || !opened.left_out.is_empty(),
        "nothing is found, and nothing is said"
    );
    for left in &opened.left_out {
        assert_eq!(left.inside.first().map(String::as_str), Some("file"));
        assert!(left.inside.len() <= limits.depth + 2, "{:?}", left.inside);
        let reason = left.reason.to_string();
        assert_untold(&reason, "a reason");
        told::assert_clean(&reason);
    }
    for object in &opened.objects {
        assert_eq!(object.inside.first().map(String::as_str), Some("file"));
        assert_ne!(object.block.kind, BlockKind::EncryptedKey, "an encrypted key is an object");
        object.inside.iter().for_each(|part| told::assert_clean(part));
    }
    opened
}

/// Whatever was found can be told and put together, and what is called proven is proven to the check.
fn assembled(opened: &Opened) {
    let policy = policy();
    let places = inspect(&opened.objects, &policy, NOW);
    let told: usize = places
        .iter()
        .map(|place| place.inspection.certificates().count() + place.inspection.keys.len())
        .sum();
    assert!(told <= opened.objects.len());
    let assembly = subject::assemble(&opened.objects, &policy);
    let parts: usize = assembly.sets.iter().map(|set| set.parts.len()).sum();
    // The two pairs of a set share their issuers.
    assert!(parts <= 2 * opened.objects.len() * assembly.sets.len().max(1));
    for set in &assembly.sets {
        assert_untold(&format!("{:?}", set.form), "a form");
        for part in &set.parts {
            assert!(part.block.is_some_and(|block| set.part(part.field, block).is_some()));
        }
        if !set.is_proven || is_told_by_design(&set.form) {
            continue;
        }
        let report = match subject::validate(&set.form, &policy, NOW) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        let is_of_match = |code: &str| code.starts_with("match-");
        let found: Vec<_> = report.findings.iter().map(|finding| finding.code()).collect();
        assert!(!found.iter().any(|code| is_of_match(code)), "a proven pair does not match: {found:?}");
    }
    as_given(opened, assembly.sets);
}

/// A text of which a part could not be read has a finding in its field, where it stands in a form as it is.
fn as_given(opened: &Opened, mut sets: Vec<Set>) {
    for text in &opened.texts {
        if !text.put_into(&mut sets) {
            continue;
        }
        let is_whole = |part: &&Part| part.block.is_none() && part.inside == text.inside;
        let (set, part) = sets
            .iter()
            .find_map(|set| Some((set, set.parts.iter().find(is_whole)?)))
            .expect("a text that was taken is a part");
        let report = match subject::validate(&set.form, &policy(), NOW) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        let is_told = report.findings.iter().any(|finding| finding.location.field == Some(part.field));
        assert!(is_told, "{}: a damaged text has no finding", part.field);
    }
}
