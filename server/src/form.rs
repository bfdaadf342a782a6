//! From the form of a call to what is kept of it.

use std::collections::BTreeMap;

use certgate::pem::{self, BlockKind, Expected};
use certgate::{
    Accepted, CertificateForm, CertificateResponse, Check, Content, Field, Finding, IssuerCache, Policy,
    Rejected, Report,
};
use data_encoding::HEXLOWER;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::answer::Refusal;
use crate::app::Call;
use crate::seal::{MasterKey, Owner};
use crate::store::certificates::{Known, Record};

/// An accepted form: what is to be kept, and what is to be answered.
pub(crate) struct Candidate {
    pub(crate) record: Record,
    pub(crate) body: Vec<u8>,
}

/// The answer to a form that was accepted: the reference page's keys, and beside them what was found.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    response: &'a CertificateResponse,
    findings: &'a [Finding],
}

/// Checks the form of a call; what is accepted becomes a record with its keys sealed.
pub(crate) fn candidate(
    call: &Call,
    policy: &Policy,
    issuers: &IssuerCache,
    keys: &MasterKey,
    id: String,
    created: i64,
    before: Option<&Known>,
) -> Result<Candidate, Refusal> {
    #[cfg(debug_assertions)]
    crate::failure::panic_if_asked("check", &call.body.bytes);
    let form = CertificateForm::from_json(&call.body.bytes)
        .map_err(|unread| Refusal::rejected(&unread.reject(policy, call.now)))?;
    let stored = before.map(stored).transpose()?;
    let check = Check::new(&form, policy, call.now).cache(issuers);
    let check = stored.as_ref().map_or(check, |stored| check.replacing(stored));
    let accepted = check.run().map_err(|rejected| Refusal::rejected(&rejected))?;
    let mut response = accepted.certificate().clone();
    response.id = Some(id.clone());
    response.project_id = Some(call.project.clone());
    response.update_time = Some(call.now);
    response.create_time = time::OffsetDateTime::from_unix_timestamp(created).ok();
    let findings = &accepted.report().findings;
    let body = text(&Told { response: &response, findings })?;
    let owner = Owner::Certificate { project: &call.project, id: &id };
    let sealed = keys.seal(&owner, &private(&form)?).map_err(|_| Refusal::internal())?;
    let record = Record {
        sealed,
        key_id: keys.id().to_owned(),
        content: String::from_utf8(text(&public(&form))?).map_err(|_| Refusal::internal())?,
        response: String::from_utf8(text(&response)?).map_err(|_| Refusal::internal())?,
        fingerprint: fingerprint(&form, policy),
        not_after: response.certificate.not_after.map_or(i64::MAX, time::OffsetDateTime::unix_timestamp),
        signature_algorithm: response
            .certificate
            .signature_algorithm
            .as_deref()
            .unwrap_or_default()
            .to_owned(),
        common_name: response.certificate.common_name.clone().unwrap_or_default(),
        algorithm_type: response.algorithm_type.map_or("", certgate::AlgorithmType::as_str).to_owned(),
        instance_id: response.instance_id.as_deref().unwrap_or_default().to_owned(),
        kind: response.r#type.as_deref().unwrap_or_default().to_owned(),
        name: response.name.clone().unwrap_or_default(),
        project: call.project.clone(),
        id,
        created,
    };
    Ok(Candidate { record, body })
}

/// The report of a check, whatever came of it.
pub(crate) fn report(result: &Result<Accepted, Box<Rejected>>) -> &Report {
    match result {
        Ok(accepted) => accepted.report(),
        Err(rejected) => rejected.report(),
    }
}

const PUBLIC: [Field; 3] = [Field::CertContent, Field::TrustedRootCa, Field::CertContentSign];
const PRIVATE: [Field; 2] = [Field::PrivateKey, Field::PrivateKeySign];

/// The fields that everybody may see. A certificate field with a key in it is never accepted.
fn public(form: &CertificateForm) -> BTreeMap<&'static str, &str> {
    fields(form, &PUBLIC)
}

/// The public fields of a stored certificate, as a form.
fn stored(known: &Known) -> Result<CertificateForm, Refusal> {
    CertificateForm::from_json(known.content.as_bytes()).map_err(|_| Refusal::internal())
}

/// The private keys, as JSON in a buffer that is wiped and does not grow.
fn private(form: &CertificateForm) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let fields = fields(form, &PRIVATE);
    // Each character of a text is at most six in JSON.
    let most = fields.values().map(|text| text.len().saturating_mul(6)).fold(64_usize, usize::saturating_add);
    let mut text = Zeroizing::new(Vec::with_capacity(most));
    serde_json::to_writer(&mut *text, &fields).map_err(|_| Refusal::internal())?;
    Ok(text)
}

fn fields<'f>(form: &'f CertificateForm, which: &[Field]) -> BTreeMap<&'static str, &'f str> {
    let of = |field: &Field| Some((field.as_str(), form.content(*field)?.as_text()?));
    which.iter().filter_map(of).collect()
}

/// SHA-256 of the server's certificate, in hexadecimal. An accepted form has it first.
fn fingerprint(form: &CertificateForm, policy: &Policy) -> String {
    let read = |content: &Content| pem::parse(content, Expected::Certificates, policy).value;
    let blocks = form.cert_content.as_ref().and_then(read).unwrap_or_default();
    let first = blocks.iter().find(|block| block.kind == BlockKind::Certificate);
    first.map_or_else(String::new, |block| HEXLOWER.encode(digest(&SHA256, &block.der).as_ref()))
}

fn text(value: &impl Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|_| Refusal::internal())
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_policy_can_let_a_key_into_a_public_field() {
        let rule = certgate::catalogue::find("key-exposed").unwrap();
        assert!(rule.severity == certgate::Severity::Error && !rule.soft);
    }
}
