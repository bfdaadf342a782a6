use certgate::{CertificateForm, Field, FormRemark, Policy, validate};
use serde_json::Value;

use crate::bounds::bounded;
use crate::secrets::{Secrets, assert_untold, is_told_by_design};
use crate::{NOW, subject, told};

/// The form as JSON, and the policy as JSON.
///
/// # Panics
/// If a property is broken.
pub fn json(data: &[u8]) {
    match bounded(data.len(), || subject::read_form(data)) {
        Ok(form) => reads_again(&form, data),
        Err(told) => {
            assert_untold(&told, "a JSON error");
            let text = String::from_utf8_lossy(data);
            let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
            Secrets::of(words.filter(|word| word.len() >= 16)).assert_untold(&told, "a JSON error");
            let is_object = serde_json::from_slice::<Value>(data).is_ok_and(|value| value.is_object());
            assert!(!is_object, "an object is refused: {told}");
        }
    }
    if let Ok(policy) = serde_json::from_slice::<Policy>(data) {
        any_policy_holds(&policy);
    }
}

fn reads_again(form: &CertificateForm, data: &[u8]) {
    if !is_told_by_design(form) {
        assert_untold(&format!("{form:?}"), "a form");
    }
    let written = serde_json::to_string(form).expect("a form from JSON is text");
    let again: CertificateForm = serde_json::from_str(&written).expect("certgate wrote it");
    let mut bare = form.clone();
    bare.remarks.clear();
    assert_eq!(again, bare, "written and read again it is another form");

    // Without names given twice it holds what any JSON reader finds.
    let Ok(Value::Object(object)) = serde_json::from_slice::<Value>(data) else { return };
    if form.remarks.iter().any(|remark| matches!(remark, FormRemark::Duplicate { .. })) {
        return;
    }
    for field in Field::ALL {
        let ours = form.text(field).or_else(|| form.content(field).and_then(|content| content.as_text()));
        assert_eq!(ours, object.get(field.as_str()).and_then(Value::as_str), "{field}");
    }
}

/// Whatever the policy says, a check ends, and its report is sound.
fn any_policy_holds(policy: &Policy) {
    for form in [certgate_forge::form::ecc(), certgate_forge::form::rsa()] {
        let json = form.json();
        let form: CertificateForm = serde_json::from_str(&json).expect("a form of the forge");
        let report = match bounded(json.len(), || validate(&form, policy, NOW)) {
            Ok(accepted) => accepted.into_report(),
            Err(rejected) => rejected.into_report(),
        };
        told::report(&report, &form, policy.max_findings);
    }
}
