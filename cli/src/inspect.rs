//! `certgate inspect`: what files hold.

mod drawing;
mod facts;
mod pairs;

use std::io::{self, Write};
use std::path::Path;

use certgate::containers::{Object, inspect as inspect_objects};
use certgate::inspect::{Inspection, inspect};
use certgate::{At, Policy};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{Inspect, InspectFormat};
use crate::failure::{About, Failure};
use crate::held::{self, Gathering, Held, Left};
use crate::style::{self, BAD, BOLD, Look};
use crate::{Outcome, assembled, input, json, policy, print, usage};

use pairs::{Belongs, Pairs};

/// What was looked at in one place.
struct Looked {
    /// How to get to it: the file, then what is inside of what.
    inside: Vec<String>,
    inspection: Inspection,
    is_form: bool,
    /// The text of the file, where the places of findings count in it.
    content: Option<Zeroizing<Vec<u8>>>,
}

/// One after the other: what a PATH holds, what was left out of it, or why it could not be read.
enum Told {
    Place(Box<Looked>),
    Left(Left),
    Failed(String, Failure),
}

#[derive(Serialize)]
struct Line<'a> {
    schema: u8,
    file: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    inside: &'a [String],
    #[serde(flatten)]
    inspection: &'a Inspection,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    belongs: Vec<Belongs<'a>>,
}

/// The line on what was not looked at.
#[derive(Serialize)]
struct LeftLine<'a> {
    schema: u8,
    file: &'a str,
    left_out: &'a Left,
}

pub(crate) fn run(command: &Inspect, quiet: bool) -> Result<Outcome, Failure> {
    let (policy, clock) = policy::read(&command.policy)?;
    let at = clock.at();
    if matches!(command.format, InspectFormat::Mermaid | InspectFormat::Dot) {
        return draw(command, &policy, at, quiet);
    }
    let mut gathering = Gathering::new(&command.passphrase)?;
    let mut told = Vec::new();
    for path in &command.files {
        match look_at(path, command.files.len(), &mut gathering, &policy, at) {
            Ok(of_path) => told.extend(of_path),
            // The other files are looked at all the same.
            Err(failure) => told.push(Told::Failed(usage::name_of(path), failure)),
        }
    }
    let mut pairs = Pairs::default();
    for one in &told {
        if let Told::Place(looked) = one {
            pairs.add(&looked.inside, &looked.inspection);
        }
    }
    let is_bad = |one: &Told| match one {
        Told::Place(looked) => !looked.inspection.is_ok(),
        Told::Left(left) => left.is_fault(),
        Told::Failed(..) => true,
    };
    let outcome = if told.iter().any(is_bad) { Outcome::Rejected } else { Outcome::Accepted };
    if !quiet {
        print(&match command.format {
            InspectFormat::Json => lines(&told, &pairs)?,
            _ => in_words(Look::of_stdout(), &told, &pairs),
        })?;
    }
    let mut failed = None;
    for one in told {
        if let Told::Failed(_, mut failure) = one {
            failure.is_printed = command.format == InspectFormat::Json && !quiet;
            if let Some(earlier) = failed.replace(failure) {
                let _ = writeln!(io::stderr(), "certgate: {earlier}");
            }
        }
    }
    failed.map_or(Ok(outcome), Err)
}

/// What a PATH holds. A text is told with all that is wrong with it; what is in a container or a folder, object by object.
fn look_at(
    path: &Path,
    paths: usize,
    gathering: &mut Gathering,
    policy: &Policy,
    at: At,
) -> Result<Vec<Told>, Failure> {
    if let Some(failure) = held::unsaid(path, paths) {
        return Err(failure);
    }
    if path.is_dir() {
        gathering.root(path);
        let held = gathering.take();
        if held.objects.is_empty() && held.left_out.is_empty() {
            return Err(held.nothing(&[path.to_owned()]));
        }
        return Ok(opened(held, policy, at));
    }
    let bytes = input::read(path, input::MOST)?;
    let file = style::escape(&path.display().to_string());
    let is_form = input::is_form(&bytes);
    let mut inspection = if is_form { form(path, policy, at) } else { inspect(&bytes, policy, at) };
    let has_encrypted = inspection.keys.iter().any(|facts| facts.form == Some("encrypted"));
    let is_container = |kind: &str| kind == "PKCS#7" || kind == "PKCS#12";
    let is_closed = inspection.certificate.is_none()
        && inspection.keys.iter().all(|facts| facts.form.is_none())
        && inspection.others.iter().all(|facts| is_container(facts.kind));
    if !is_form && (is_closed || has_encrypted && gathering.has_passphrase()) {
        gathering.open(path, &bytes);
        let held = gathering.take();
        if !held.objects.is_empty() {
            return Ok(opened(held, policy, at));
        }
        // A passphrase that does not open it is to be told; what else is wrong, the inspection says better.
        if gathering.has_passphrase() && held.left_out.iter().any(|left| left.is_fault()) {
            return Ok(held.left_out.into_iter().map(Told::Left).collect());
        }
    }
    for finding in &mut inspection.findings {
        finding.location.file = Some(file.clone());
    }
    let looked = Looked { inside: vec![file], inspection, is_form, content: Some(bytes) };
    Ok(vec![Told::Place(Box::new(looked))])
}

/// What was opened, place by place.
fn opened(held: Held, policy: &Policy, at: At) -> Vec<Told> {
    let places = inspect_objects(&held.objects, policy, at).into_iter().map(|mut place| {
        for finding in &mut place.inspection.findings {
            finding.location.file = place.inside.first().cloned();
            if place.inside.len() > 1 {
                finding.location.inside = place.inside.clone();
            }
        }
        let (inside, inspection) = (place.inside, place.inspection);
        Told::Place(Box::new(Looked { inside, inspection, is_form: false, content: None }))
    });
    places.chain(held.left_out.into_iter().map(Told::Left)).collect()
}

/// The objects of all paths as a graph.
fn draw(command: &Inspect, policy: &Policy, at: At, quiet: bool) -> Result<Outcome, Failure> {
    let held = held::gather_all(&command.files, Vec::new(), &command.passphrase)?;
    let objects: &[Object] = &held.objects;
    if objects.len() > drawing::MOST {
        let text = format!("at most {} objects can be drawn: give fewer files", drawing::MOST);
        return Err(Failure::new(About::Usage, text));
    }
    if !quiet {
        print(&drawing::text(command.format, objects, policy, at))?;
        let told = assembled::left_out(Look::of_stderr(), &held.left_out);
        let _ = io::stderr().write_all(told.as_bytes());
    }
    let is_bad = held.left_out.iter().any(|left| left.is_fault());
    Ok(if is_bad { Outcome::Rejected } else { Outcome::Accepted })
}

fn lines(told: &[Told], pairs: &Pairs) -> Result<String, Failure> {
    let mut out = String::new();
    for one in told {
        out.push_str(&match one {
            Told::Place(looked) => json::line(&Line {
                schema: 1,
                file: looked.inside.first().map_or("", String::as_str),
                inside: if looked.inside.len() > 1 { &looked.inside } else { &[] },
                inspection: &looked.inspection,
                belongs: pairs.of_place(&looked.inside),
            })?,
            Told::Left(left) => {
                json::line(&LeftLine { schema: 1, file: left.file().unwrap_or_default(), left_out: left })?
            }
            Told::Failed(file, failure) => json::failure(failure, Some(file))?,
        });
    }
    Ok(out)
}

fn in_words(look: Look, told: &[Told], pairs: &Pairs) -> String {
    let mut out = String::new();
    let mut left_out = String::new();
    for one in told {
        match one {
            Told::Place(looked) => {
                if !out.is_empty() {
                    out.push('\n');
                }
                let what = if looked.is_form {
                    look.paint(BAD, "a form")
                } else {
                    facts::contents(look, &looked.inspection)
                };
                let name = style::escape(&looked.inside.join(", "));
                let head = format!("{}: {what}\n", look.paint(BOLD, &name));
                let text = looked.content.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok());
                out.push_str(&facts::report(look, head, &looked.inspection, text));
            }
            Told::Left(left) => left_out.push_str(&assembled::left_line(look, left)),
            Told::Failed(..) => {}
        }
    }
    out.push_str(&pairs.text(look));
    if !left_out.is_empty() {
        out.push_str(&crate::text::heading(look, "Left out"));
        out.push_str(&left_out);
    }
    out
}

/// A form is not looked into: its texts are JSON strings, and what is said of quotes and line ends in them would be wrong.
fn form(path: &Path, policy: &Policy, at: At) -> Inspection {
    // What the library says of JSON that holds nothing.
    let mut inspection = inspect(b"{}", policy, at);
    for finding in &mut inspection.findings {
        finding.message = "this is a form (a JSON object), not a file in PEM or DER".into();
        finding.hint = format!("Check it: `certgate check {}`", input::path_word(path, "FORM.json")).into();
    }
    inspection
}
