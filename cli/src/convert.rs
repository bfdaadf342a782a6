//! `certgate convert`: certificate and key as a target wants them.

use std::io::{self, Write};

use certgate::targets::{ConvertedFile, Layout, Verdict, convert};

use crate::args::Convert;
use crate::assemble::make_folder;
use crate::failure::{About, Failure};
use crate::fix::outputs;
use crate::style::Look;
use crate::trust::Trusted;
use crate::{Outcome, assembled, held, policy, targets, text, usage};

pub(crate) fn run(command: &Convert) -> Result<Outcome, Failure> {
    let profile = targets::one(&command.target)?;
    if command.output.as_os_str() == "-" {
        let text =
            "the output holds the private key and is written to files of mode 600: give a path with -o";
        return Err(Failure::new(About::Usage, text));
    }
    let (policy, clock) = policy::read(&command.policy)?;
    let at = clock.at();
    let mut held = held::gather(&command.paths, Vec::new(), &command.passphrase)?;
    if let Some(failure) = held.failure.take() {
        return Err(failure);
    }
    if held.objects.is_empty() {
        return Err(held.nothing(&command.paths));
    }
    let pool = Trusted::read_pool(&command.pool)?;
    pool.complete(&mut held);
    let sets = assembled::sets(&mut held, None, &policy, at);
    pool.forget_unused(&mut held);
    let set = match sets.as_slice() {
        [] => return Err(held.nothing(&command.paths)),
        [set] => set,
        several => {
            let text = format!("there are {} keys here: give the files of one pair", several.len());
            return Err(Failure::new(About::Input, text));
        }
    };
    let converted = convert(&set.form, &profile, &policy, at)
        .map_err(|why| Failure::new(About::Input, why.to_string()))?;
    let path_of = |file: &ConvertedFile| match profile.layout() {
        Layout::TwoFiles | Layout::KeyBeside => command.output.join(file.name),
        _ => command.output.clone(),
    };
    if let Some(there) = converted.files.iter().map(path_of).find(|path| path.exists()) {
        let text = format!(
            "{} is there already, and is not written over: give another path",
            usage::name_of(&there)
        );
        return Err(Failure::new(About::Output, text));
    }
    let look = Look::of_stderr();
    let mut said = String::new();
    for file in &converted.files {
        let path = path_of(file);
        make_folder(&path)?;
        said.push_str(&outputs::write(&path, file.content.as_bytes())?);
    }
    for change in &converted.changes {
        said.push_str(&text::paragraph(look, "  - ", "    ", change));
    }
    said.push_str(&assembled::left_out(look, &held.left_out));
    said.push_str(&targets::in_words(look, std::slice::from_ref(&converted.target)));
    let _ = io::stderr().write_all(said.as_bytes());
    let is_fault = held.left_out.iter().any(|left| left.is_fault);
    let refuses = converted.target.verdict == Verdict::Refuses;
    Ok(if refuses || is_fault { Outcome::Rejected } else { Outcome::Accepted })
}
