//! The endpoints of the family: create, list, show, update, delete; and the check, which stores nothing.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, ETAG, IF_MATCH};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use certgate::repair::Edit;
use certgate::{CertificateForm, Check, IssuerCache, Policy, Report, repair};
use serde::{Deserialize, Serialize};

use crate::access::Action;
use crate::answer::{Refusal, Who, json};
use crate::app::{App, Call, admit, no_path};
use crate::form::{self, Candidate};
use crate::query;
use crate::seal::random_id;
use crate::store::StoreError;
use crate::store::audit::{self, Entry};
use crate::store::certificates::{self as kept, Known};

type Answer = Result<Response<Body>, Refusal>;

/// The project of a path.
type InProject = Result<Path<String>, PathRejection>;

/// The project and the certificate of a path.
type OfCertificate = Result<Path<(String, String)>, PathRejection>;

/// Creates a certificate.
pub(crate) async fn create(State(app): State<Arc<App>>, path: InProject, request: Request) -> Answer {
    let Path(project) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::Create, request).await?;
    let id = random_id().map_err(|_| Refusal::internal())?;
    let entry = entry(&call, Action::Create, &id);
    let answer = create_one(&app, call, id, entry.clone()).await;
    audited(&app, entry, answer).await
}

async fn create_one(app: &Arc<App>, call: Call, id: String, entry: Entry) -> Answer {
    let created = call.now.unix_timestamp();
    let Candidate { record, body } = checked(app, call, id, created, None).await?;
    let quota = app.settings.quota;
    let is_done = written(app, move |store| {
        store.write(move |transaction| {
            let fingerprint = Some(record.fingerprint.clone());
            let is_done = kept::insert(transaction, record, quota.into())?;
            if is_done {
                audit::add(transaction, Entry { fingerprint, ..entry })?;
            }
            Ok(is_done)
        })
    });
    if !is_done.await? {
        return Err(Refusal::quota(quota.into()));
    }
    Ok(with_tag(json(StatusCode::OK, body), 1))
}

/// Lists certificates.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    path: InProject,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer {
    let Path(project) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::List, request).await?;
    told(&call.who, list_some(&app, &call, query.as_deref().unwrap_or_default()).await)
}

async fn list_some(app: &App, call: &Call, query: &str) -> Answer {
    let query::List { offset, limit, filter } = query::read(query)?;
    let (store, project) = (app.store.clone(), call.project.clone());
    let page = app.database.run(move || {
        let (total, found) =
            store.read(|transaction| kept::list(transaction, &project, &filter, offset, limit))?;
        let certs: Vec<query::Listed<'_>> =
            found.iter().filter_map(|response| serde_json::from_str(response).ok()).collect();
        if certs.len() < found.len() {
            return Err(StoreError::Shape);
        }
        Ok(serde_json::to_vec(&query::Page { size: certs.len(), total, certs }).unwrap_or_default())
    });
    Ok(json(StatusCode::OK, page.await??))
}

/// Shows a certificate.
pub(crate) async fn show(State(app): State<Arc<App>>, path: OfCertificate, request: Request) -> Answer {
    let Path((project, id)) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::Get, request).await?;
    let answer = known(&app, &call.project, id).await;
    told(&call.who, answer.map(|known| with_tag(json(StatusCode::OK, known.response), known.version)))
}

/// Replaces a certificate.
pub(crate) async fn update(State(app): State<Arc<App>>, path: OfCertificate, request: Request) -> Answer {
    let Path((project, id)) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::Update, request).await?;
    let entry = entry(&call, Action::Update, &id);
    let answer = update_one(&app, call, id, entry.clone()).await;
    audited(&app, entry, answer).await
}

async fn update_one(app: &Arc<App>, call: Call, id: String, entry: Entry) -> Answer {
    let before = known(app, &call.project, id.clone()).await?;
    let expected = expected(&call.headers, before.version)?;
    let created = before.created;
    let Candidate { record, body } = checked(app, call, id, created, Some(before)).await?;
    let version = written(app, move |store| {
        store.write(move |transaction| {
            let fingerprint = Some(record.fingerprint.clone());
            let version = kept::update(transaction, record, expected)?;
            if version.is_some() {
                audit::add(transaction, Entry { fingerprint, ..entry })?;
            }
            Ok(version)
        })
    });
    let gone = || if expected.is_some() { Refusal::changed() } else { Refusal::no_certificate() };
    Ok(with_tag(json(StatusCode::OK, body), version.await?.ok_or_else(gone)?))
}

/// Deletes a certificate.
pub(crate) async fn delete(State(app): State<Arc<App>>, path: OfCertificate, request: Request) -> Answer {
    let Path((project, id)) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::Delete, request).await?;
    let entry = entry(&call, Action::Delete, &id);
    let answer = delete_one(&app, call, id, entry.clone()).await;
    audited(&app, entry, answer).await
}

async fn delete_one(app: &App, call: Call, id: String, entry: Entry) -> Answer {
    let before = known(app, &call.project, id.clone()).await?;
    let expected = expected(&call.headers, before.version)?;
    let project = call.project;
    let gone = written(app, move |store| {
        store.write(move |transaction| {
            let fingerprint = kept::delete(transaction, &project, &id, expected)?;
            if fingerprint.is_some() {
                audit::add(transaction, Entry { fingerprint: fingerprint.clone(), ..entry })?;
            }
            Ok(fingerprint)
        })
    });
    let none = || if expected.is_some() { Refusal::changed() } else { Refusal::no_certificate() };
    gone.await?.ok_or_else(none)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// What the query of a check may ask for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CheckQuery {
    /// The plan of a repair too.
    #[serde(default)]
    fix: bool,
    /// The repaired form too, with its keys.
    #[serde(default)]
    secrets: bool,
}

/// The answer of a check: the whole report, and the plan of a repair where it is asked for.
#[derive(Serialize)]
struct CheckAnswer<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Fix<'a>>,
}

/// A repair: what is changed, what is found afterwards, and the form where secrets are asked for.
#[derive(Serialize)]
struct Fix<'a> {
    edits: &'a [Edit],
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'a CertificateForm>,
}

/// Checks a form.
pub(crate) async fn check(
    State(app): State<Arc<App>>,
    path: InProject,
    query: Result<Query<CheckQuery>, QueryRejection>,
    request: Request,
) -> Answer {
    let Path(project) = path.map_err(no_path)?;
    let call = admit(&app, &project, Action::Check, request).await?;
    let who = call.who.clone();
    let Ok(Query(query)) = query else { return told(&who, Err(Refusal::invalid("fix"))) };
    let secrets = query.fix && query.secrets;
    let (policy, issuers) = (app.policy(), Arc::clone(&app.issuers));
    let answer = app.checks.run(move || check_form(&call, &policy, &issuers, &query)).await;
    let mut response = told(&who, answer.map(|text| json(StatusCode::OK, text)).map_err(Refusal::from))?;
    if secrets {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

fn check_form(call: &Call, policy: &Policy, issuers: &IssuerCache, query: &CheckQuery) -> Vec<u8> {
    #[cfg(debug_assertions)]
    crate::failure::panic_if_asked("check", &call.body.bytes);
    let form = match CertificateForm::from_json(&call.body.bytes) {
        Ok(form) => form,
        Err(unread) => return text_of(unread.reject(policy, call.now).report(), None),
    };
    let result = Check::new(&form, policy, call.now).cache(issuers).run();
    let report = form::report(&result);
    if !query.fix {
        return text_of(report, None);
    }
    let repaired = repair::repair(&form, policy, call.now);
    let fix = Fix {
        edits: &repaired.edits,
        report: form::report(&repaired.result),
        form: query.secrets.then_some(&repaired.form),
    };
    text_of(report, Some(fix))
}

fn text_of(report: &Report, fix: Option<Fix<'_>>) -> Vec<u8> {
    serde_json::to_vec(&CheckAnswer { report, fix }).unwrap_or_default()
}

/// The answer of a handler, with who called.
fn told(who: &str, answer: Answer) -> Answer {
    let mut response = answer.map_err(|refusal| refusal.to(who))?;
    response.extensions_mut().insert(Who(who.to_owned()));
    Ok(response)
}

/// The audit's entry of a call that succeeds.
fn entry(call: &Call, action: Action, id: &str) -> Entry {
    Entry {
        at: call.now.unix_timestamp(),
        project: call.project.clone(),
        who: call.who.clone(),
        action: action.as_str().to_owned(),
        // Anything else in its place may be a secret.
        certificate: is_id(id).then(|| id.to_owned()),
        result: "ok".to_owned(),
        fingerprint: None,
        request: call.request.clone(),
    }
}

/// Notes an attempt that was refused. One that succeeded is noted in the transaction that it was made in.
async fn audited(app: &App, entry: Entry, answer: Answer) -> Answer {
    let who = entry.who.clone();
    if let Err(refusal) = &answer {
        let (store, entry) = (app.store.clone(), Entry { result: refusal.code().to_owned(), ..entry });
        let noted =
            app.database.run(move || store.write(move |transaction| audit::add(transaction, entry))).await;
        if !matches!(noted, Ok(Ok(()))) {
            tracing::error!("an attempt that was refused is not in the audit");
        }
    }
    told(&who, answer)
}

/// Whether a text can be an identifier: 32 hexadecimal digits.
fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The certificate of that identifier.
async fn known(app: &App, project: &str, id: String) -> Result<Known, Refusal> {
    if !is_id(&id) {
        return Err(Refusal::no_certificate());
    }
    let (store, project) = (app.store.clone(), project.to_owned());
    let found = app.database.run(move || store.read(|transaction| kept::get(transaction, &project, &id)));
    found.await??.ok_or_else(Refusal::no_certificate)
}

/// Checks the form of a call on the threads for checks, and makes what is kept of it.
async fn checked(
    app: &Arc<App>,
    call: Call,
    id: String,
    created: i64,
    before: Option<Known>,
) -> Result<Candidate, Refusal> {
    let (policy, issuers, keys) = (app.policy(), Arc::clone(&app.issuers), Arc::clone(&app.master_key));
    app.checks
        .run(move || form::candidate(&call, &policy, &issuers, &keys, id, created, before.as_ref()))
        .await?
}

/// Writes on a thread of the database. A name that is taken is the API's own error.
async fn written<T: Send + 'static>(
    app: &App,
    write: impl FnOnce(crate::store::Store) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Refusal> {
    let store = app.store.clone();
    match app.database.run(move || write(store)).await? {
        Err(StoreError::Taken) => Err(Refusal::name_taken(app.policy().conflict_is_409)),
        other => Ok(other?),
    }
}

/// The version that `If-Match` asks for; `None` where it asks for none. An error where it is not the version that is there.
fn expected(headers: &HeaderMap, version: i64) -> Result<Option<i64>, Refusal> {
    // What is not text is a tag that no certificate has: left out, it would ask for nothing.
    let mut tags =
        headers.get_all(IF_MATCH).iter().map(|value| value.to_str().unwrap_or_default()).peekable();
    if tags.peek().is_none() {
        return Ok(None);
    }
    let own = tag(version);
    let fits = tags.flat_map(|tags| tags.split(',')).any(|tag| ["*", own.as_str()].contains(&tag.trim()));
    if fits { Ok(Some(version)) } else { Err(Refusal::changed()) }
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

fn with_tag(mut response: Response<Body>, version: i64) -> Response<Body> {
    if let Ok(tag) = HeaderValue::from_str(&tag(version)) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}
