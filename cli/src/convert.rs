//! `certgate convert`: certificate and key as a target wants them.

use std::io::{self, Write};

use certgate::containers::Set;
use certgate::targets::{ConvertedFile, NotConverted, Verdict, convert};
use certgate::{At, Check, Policy, Severity};

use crate::args::Convert;
use crate::failure::{About, Failure};
use crate::fix::outputs;
use crate::held::Held;
use crate::style::Look;
use crate::trust::Trusted;
use crate::{Outcome, assembled, check, held, keystore, policy, targets, text};

pub(crate) fn run(command: &Convert) -> Result<Outcome, Failure> {
    let profile = targets::one(&command.target)?;
    if command.output.as_os_str() == "-" {
        let text =
            "the output holds the private key and is written to files of mode 600: give a path with -o";
        return Err(Failure::new(About::Usage, text));
    }
    let passphrase = keystore::wanted(&command.output, &profile, &command.out_passphrase)?;
    let (policy, clock) = policy::read(&command.policy)?;
    let at = clock.at();
    let mut held = held::gather_some(&command.paths, Vec::new(), &command.passphrase)?;
    let pool = Trusted::read_pool(&command.pool)?;
    pool.complete(&mut held);
    let mut sets = assembled::sets(&mut held, None, &policy, at);
    pool.forget_unused(&mut held);
    let set = match sets.as_slice() {
        [] => return Ok(not_proven(&mut held, &mut sets, &policy, at)),
        [set] => set,
        several => {
            let text = format!("there are {} keys here: give the files of one pair", several.len());
            return Err(Failure::new(About::Input, text));
        }
    };
    let converted = match convert(&set.form, &profile, &policy, at) {
        Ok(converted) => converted,
        Err(NotConverted::NotProven) => return Ok(not_proven(&mut held, &mut sets, &policy, at)),
        Err(why) => return Err(Failure::new(About::Input, why.to_string())),
    };
    let store = passphrase.map(|passphrase| keystore::pkcs12(&converted, &passphrase)).transpose()?;
    let has_store = store.is_some();
    let path_of = |file: &ConvertedFile| match converted.files.len() {
        1 => command.output.clone(),
        _ => command.output.join(file.name),
    };
    let mut said = match &store {
        Some(bytes) => {
            outputs::write_new(std::iter::once((command.output.as_path(), bytes.as_slice())), "another path")?
        }
        None => {
            let files: Vec<_> = converted.files.iter().map(|file| (path_of(file), &file.content)).collect();
            let written = files.iter().map(|(path, content)| (path.as_path(), content.as_bytes()));
            outputs::write_new(written, "another path")?
        }
    };
    for file in &converted.files {
        if let Some(field) = &file.goes_to {
            said.push_str(&format!("  - {} is for `{field}`.\n", file.name));
        }
    }
    let look = Look::of_stderr();
    for change in &converted.changes {
        said.push_str(&text::paragraph(look, "  - ", "    ", change));
    }
    if held.has_passphrase && !has_store {
        said.push_str("  - The private key is written without a passphrase.\n");
    }
    said.push_str(&assembled::sources(look, set));
    said.push_str(&assembled::left_out(look, &held.left_out));
    said.push_str(&targets::in_words(look, std::slice::from_ref(&converted.target)));
    let _ = io::stderr().write_all(said.as_bytes());
    let is_fault = held.left_out.iter().any(|left| left.is_fault());
    let refuses = converted.target.verdict == Verdict::Refuses;
    Ok(if refuses || is_fault { Outcome::Rejected } else { Outcome::Accepted })
}

/// Says what a check says of files whose key is not proven to be the certificate's.
fn not_proven(held: &mut Held, sets: &mut Vec<Set>, policy: &Policy, at: At) -> Outcome {
    assembled::put_texts(held, sets);
    let look = Look::of_stderr();
    let mut said = format!("nothing was written: {}\n", NotConverted::NotProven);
    for set in &*sets {
        let mut report = check::report_of(Check::new(&set.form, policy, at).run());
        report.findings.retain(|finding| finding.severity == Severity::Error);
        assembled::place_all(&mut report.findings, set);
        said.push_str(&text::findings(look, &report.findings, text::library_hint, |_, _| None));
    }
    said.push_str(&assembled::left_out(look, &held.left_out));
    let _ = io::stderr().write_all(said.as_bytes());
    Outcome::Rejected
}
