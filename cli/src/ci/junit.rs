//! A JUnit report: a suite for each form, a case for each finding; those that reject fail.

use certgate::{Finding, Severity};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{CheckedForm, Checks, Place, path_of, words};
use crate::failure::Failure;

type Xml = Writer<Vec<u8>>;

pub(super) fn text(checks: &Checks<'_>) -> Result<String, Failure> {
    let mut xml: Xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    document(&mut xml, checks).map_err(|error| Failure::output(&error))?;
    let mut text = xml.into_inner();
    text.push(b'\n');
    String::from_utf8(text).map_err(|_| Failure::json())
}

fn document(xml: &mut Xml, checks: &Checks<'_>) -> std::io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let faults: Vec<_> = checks.left_out.iter().filter(|left| left.is_fault()).collect();
    let cases = checks.forms.iter().map(cases).fold(faults.len(), usize::saturating_add);
    let failures = checks.forms.iter().map(failures).fold(0, usize::saturating_add);
    let suites = xml.create_element("testsuites").with_attributes([
        ("name", "certgate"),
        ("tests", cases.to_string().as_str()),
        ("failures", failures.to_string().as_str()),
        ("errors", faults.len().to_string().as_str()),
    ]);
    suites.write_inner_content(|xml| {
        checks.forms.iter().try_for_each(|form| suite(xml, form))?;
        if faults.is_empty() {
            return Ok(());
        }
        let count = faults.len().to_string();
        let suite = xml.create_element("testsuite").with_attributes([
            ("name", "not read"),
            ("tests", count.as_str()),
            ("failures", "0"),
            ("errors", count.as_str()),
            ("skipped", "0"),
        ]);
        let suite = suite.write_inner_content(|xml| {
            for left in faults {
                let name = left.to_string();
                let file = left.file().map(path_of).unwrap_or_default();
                let case = xml
                    .create_element("testcase")
                    .with_attributes([("name", name.as_str()), ("classname", file.as_str())]);
                case.write_inner_content(|xml| {
                    xml.create_element("error").with_attribute(("message", name.as_str())).write_empty()?;
                    Ok(())
                })?;
            }
            Ok(())
        });
        suite.map(|_| ())
    })?;
    Ok(())
}

/// One for the verdict, and one for each finding, each check that was not made, each target that does not simply load the form, and each file that is not ready.
fn cases(form: &CheckedForm) -> usize {
    let report = &form.report;
    let all = [1, report.findings.len(), report.not_evaluated.len(), form.told().count()];
    all.into_iter().fold(0, usize::saturating_add)
}

fn failures(form: &CheckedForm) -> usize {
    let refusals = form.told().filter(|told| told.severity == Severity::Error).count();
    let of_gate = form.report.count(Severity::Error).saturating_add(usize::from(!form.report.is_accepted()));
    of_gate.saturating_add(refusals)
}

fn suite(xml: &mut Xml, form: &CheckedForm) -> std::io::Result<()> {
    let source = path_of(&form.source);
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", source.as_str()),
        ("tests", cases(form).to_string().as_str()),
        ("failures", failures(form).to_string().as_str()),
        ("errors", "0"),
        ("skipped", form.report.not_evaluated.len().to_string().as_str()),
    ]);
    suite.write_inner_content(|xml| {
        let verdict = xml
            .create_element("testcase")
            .with_attributes([("name", "accepted"), ("classname", source.as_str())]);
        match &form.report.api {
            None => verdict.write_empty()?,
            Some(api) => verdict.write_inner_content(|xml| {
                let message = format!("{}: {}", api.body.error_code, api.body.error_msg);
                xml.create_element("failure")
                    .with_attributes([("message", message.as_str()), ("type", "rejected")])
                    .write_empty()?;
                Ok(())
            })?,
        };
        form.findings().try_for_each(|(finding, place)| case(xml, &source, finding, place))?;
        for told in form.told() {
            let case = xml
                .create_element("testcase")
                .with_attributes([("name", told.title.as_str()), ("classname", source.as_str())]);
            case.write_inner_content(|xml| outcome(xml, told.severity, &told.text, &told.text))?;
        }
        for entry in &form.report.not_evaluated {
            let case = xml
                .create_element("testcase")
                .with_attributes([("name", &*entry.code), ("classname", source.as_str())]);
            case.write_inner_content(|xml| {
                xml.create_element("skipped").with_attribute(("message", &*entry.why)).write_empty()?;
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

/// The place stands in the text: the schema has no attribute for it.
fn case(xml: &mut Xml, source: &str, finding: &Finding, place: &Place) -> std::io::Result<()> {
    let file = place.file.as_deref().map_or_else(|| source.to_owned(), path_of);
    let case =
        xml.create_element("testcase").with_attributes([("name", finding.code()), ("classname", source)]);
    let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
    let text = format!("{file}{line}: {}", words(finding));
    case.write_inner_content(|xml| outcome(xml, finding.severity, &finding.message, &text))?;
    Ok(())
}

/// What an error fails, and anything else prints.
fn outcome(xml: &mut Xml, severity: Severity, message: &str, text: &str) -> std::io::Result<()> {
    let element = match severity {
        Severity::Error => {
            xml.create_element("failure").with_attributes([("message", message), ("type", severity.as_str())])
        }
        Severity::Warning | Severity::Note => xml.create_element("system-out"),
    };
    element.write_text_content(BytesText::new(text))?;
    Ok(())
}
