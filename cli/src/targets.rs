//! Targets: `check --target`, `certgate targets` and `certgate explain target`.

use std::collections::BTreeMap;
use std::path::Path;

use certgate::Report;
use certgate::targets::{Profile, Subject, TargetReport, TargetRule, Verdict, built_in, find, nearest};
use serde::Serialize;

use crate::args::{Format, TargetArgs, Targets};
use crate::failure::{About, Failure};
use crate::style::{self, BAD, BOLD, DIM, GOOD, Look};
use crate::{Outcome, input, json, print, table, text, usage};

/// The largest profile that is read, in bytes.
const MOST: usize = 1 << 20;

/// The targets that were asked for.
#[derive(Default)]
pub(crate) struct Asked {
    profiles: Vec<Profile>,
}

impl Asked {
    /// Finds the profiles: each once, in the order of the arguments.
    pub(crate) fn read(arguments: &TargetArgs) -> Result<Self, Failure> {
        let mut profiles: Vec<Profile> = Vec::new();
        for name in &arguments.targets {
            let found = match name.as_str() {
                "all" => all().cloned().collect(),
                path if is_file(path) => vec![from_file(Path::new(path), &profiles)?],
                name => vec![named(name)?.clone()],
            };
            for profile in found {
                if !profiles.iter().any(|known| known.name() == profile.name()) {
                    profiles.push(profile);
                }
            }
        }
        Ok(Self { profiles })
    }

    /// The profiles of targets.
    pub(crate) fn profiles(&self) -> Vec<&Profile> {
        self.profiles.iter().filter(|profile| !profile.is_library()).collect()
    }
}

/// The profile of one target: a name, or a file.
pub(crate) fn one(name: &str) -> Result<Profile, Failure> {
    if name == "all" {
        let text = "files are written for one target: give its name, of which `certgate targets` is the list";
        return Err(Failure::new(About::Usage, text));
    }
    if is_file(name) { from_file(Path::new(name), &[]) } else { named(name).cloned() }
}

/// The exit status of a report: the API's verdict, and what the targets do that were asked for.
pub(crate) fn outcome(report: &Report) -> Outcome {
    let refuses = report.targets.iter().any(|target| target.verdict == Verdict::Refuses);
    if report.is_accepted() && !refuses { Outcome::Accepted } else { Outcome::Rejected }
}

/// All targets that come with certgate.
fn all() -> impl Iterator<Item = &'static Profile> {
    built_in().iter().filter(|profile| !profile.is_library())
}

fn is_file(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// A profile may build on those that come with certgate, and on files that are named before it, which come first.
fn from_file(path: &Path, before: &[Profile]) -> Result<Profile, Failure> {
    let name = usage::name_of(path);
    let bytes = input::read(path, MOST)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(About::Input, format!("{name} is not UTF-8")))?;
    let known: Vec<Profile> = before.iter().chain(built_in()).cloned().collect();
    Profile::from_toml(text, &known).map_err(|error| {
        Failure::new(About::Input, format!("{name} is not the profile of a target: {error}"))
    })
}

/// The profile with that name.
pub(crate) fn named(name: &str) -> Result<&'static Profile, Failure> {
    find(name).ok_or_else(|| {
        let what = match usage::may_be_repeated(name) {
            true => format!("no target has the name `{name}`"),
            false => format!("no target has that name, which is {}", usage::UNSAID),
        };
        let next = nearest(name).map_or_else(
            || "`certgate targets` lists them all".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::new(About::Usage, format!("{what}: {next}"))
    })
}

/// What the targets do, in words.
pub(crate) fn in_words(look: Look, targets: &[TargetReport]) -> String {
    if targets.is_empty() {
        return String::new();
    }
    let mut out = text::heading(look, "Targets");
    for target in targets {
        out.push_str(&format!(
            "  {}: {}\n",
            style::escape(&target.name),
            paint(look, target.verdict, target.verdict.as_str())
        ));
        for finding in &target.findings {
            let mut place = finding.field.map(|field| field.to_string()).unwrap_or_default();
            if let Some(block) = finding.location.block {
                place.push_str(&format!(", block {block}"));
            }
            if !place.is_empty() {
                place.push_str(": ");
            }
            out.push_str(&text::paragraph(look, "    - ", "      ", &format!("{place}{}", finding.message)));
        }
        let known = text::paragraph(look, "    ", "    ", &target.known);
        out.push_str(&look.paint(DIM, known.trim_end()));
        out.push('\n');
    }
    out
}

fn paint(look: Look, verdict: Verdict, word: &str) -> String {
    match verdict {
        Verdict::Loads => look.paint(GOOD, word),
        Verdict::Refuses => look.paint(BAD, word),
        _ => look.severity(certgate::Severity::Warning, word),
    }
}

/// `certgate targets`.
pub(crate) fn run(command: &Targets) -> Result<Outcome, Failure> {
    print(&match command.format {
        Format::Text => {
            let look = Look::of_stdout().unwrapped_in_a_pipe();
            let row = |profile: &Profile| {
                vec![profile.name().to_owned(), profile.known(), profile.takes().to_owned()]
            };
            let rows: Vec<_> = all().map(row).collect();
            let mut out = table::table(look, 0, &rows);
            out.push_str("\n`certgate explain target NAME` shows the rules of one. `certgate check --target NAME` asks it.\n");
            out
        }
        Format::Json => {
            let facts = |subject: &Subject| (subject.as_str(), subject.facts().iter().copied().collect());
            let facts = Subject::ALL.iter().map(facts).collect();
            json::line(&Listed { schema: 1, targets: all().map(Entry::of).collect(), facts })?
        }
    })
}

#[derive(Serialize)]
struct Listed<'a> {
    schema: u8,
    targets: Vec<Entry<'a>>,
    /// What a profile may speak of, and the facts that there are of it, each with its meaning.
    facts: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    title: &'a str,
    known: String,
    takes: &'a str,
    sources: &'a [String],
    rules: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    on: &'a [Subject],
    then: Verdict,
    says: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(profile: &'a Profile) -> Self {
        let line = |rule: &'a TargetRule| Line {
            name: rule.name(),
            on: rule.subjects(),
            then: rule.verdict(),
            says: rule.says(),
            source: rule.source(),
        };
        Self {
            name: profile.name(),
            title: profile.title(),
            known: profile.known(),
            takes: profile.takes(),
            sources: profile.sources(),
            rules: profile.rules().iter().map(line).collect(),
        }
    }
}

/// `certgate explain target NAME`.
pub(crate) fn explain(name: &str) -> Result<Outcome, Failure> {
    print(&page(Look::of_stdout(), named(name)?))
}

fn page(look: Look, profile: &Profile) -> String {
    let mut out = format!("{}: {}\n", look.paint(BOLD, profile.name()), profile.title());
    out.push_str(&text::paragraph(look, "", "", &profile.known()));
    out.push_str(&text::heading(look, "Takes"));
    out.push_str(&text::paragraph(look, "  ", "  ", profile.takes()));
    for (verdict, title) in [(Verdict::Refuses, "Refuses"), (Verdict::Warns, "Loads, but")] {
        let mut rules = profile.rules().iter().filter(|rule| rule.verdict() == verdict).peekable();
        if rules.peek().is_some() {
            out.push_str(&text::heading(look, title));
        }
        for rule in rules {
            let source = rule.source().map(|source| format!(" [{source}]")).unwrap_or_default();
            let line = format!("{}: {}{source}", rule.name(), rule.says());
            out.push_str(&text::paragraph(look, "  - ", "    ", &line));
        }
    }
    out.push_str(&text::heading(look, "Sources"));
    for source in profile.sources() {
        out.push_str(&text::paragraph(look, "  - ", "    ", source));
    }
    out
}
