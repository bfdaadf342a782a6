//! The routes, and what all calls have in common: a request identifier, one line of log, the credential, the body.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use certgate::{IssuerCache, Policy};
use time::OffsetDateTime;
use tokio::sync::Semaphore;

use crate::access::{Action, Caller, Tokens, is_project, now};
use crate::answer::{Code, Refusal, Who, in_shape};
use crate::body::{self, Held};
use crate::certificates;
use crate::failure::Failure;
use crate::metrics::{self, Metrics};
use crate::openapi;
use crate::page::Page;
use crate::pool::Pool;
use crate::rate::Rates;
use crate::seal::{MasterKey, random_id};
use crate::settings::Settings;
use crate::store::Store;

/// How many calls may wait for a thread of a pool.
const WAITING: usize = 256;

/// The threads that wait for the database. Writes that wait together share one wait for the disk.
const DATABASE_THREADS: usize = 32;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the server is made of.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) master_key: Arc<MasterKey>,
    /// Threads that check forms.
    pub(crate) checks: Pool,
    /// Threads that wait for the database.
    pub(crate) database: Pool,
    pub(crate) metrics: Metrics,
    /// What the library found out about issuers: most chains of a site end in the same few.
    pub(crate) issuers: Arc<IssuerCache>,
    /// Tokens that were looked up a moment ago.
    pub(crate) tokens: Tokens,
    page: Page,
    policy: RwLock<Arc<Policy>>,
    rates: Rates,
    bodies: Arc<Semaphore>,
}

impl App {
    pub(crate) fn new(settings: Settings, store: Store, master_key: MasterKey) -> Result<Self, Failure> {
        Ok(Self {
            page: Page::read(settings.page.as_deref())?,
            policy: RwLock::new(Arc::new(settings.read_policy()?)),
            checks: Pool::new("check", settings.workers, WAITING)?,
            database: Pool::new("database", DATABASE_THREADS, WAITING)?,
            issuers: Arc::default(),
            metrics: Metrics::default(),
            tokens: Tokens::default(),
            rates: Rates::new(settings.rate),
            bodies: Arc::new(Semaphore::new(body::BUDGET)),
            master_key: Arc::new(master_key),
            store,
            settings,
        })
    }

    /// The policy of the next check.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Uses another policy from the next check on.
    pub(crate) fn set_policy(&self, policy: Policy) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }
}

/// All paths of the server.
pub(crate) fn routes(app: Arc<App>) -> Router {
    const ALL: &str = "/v2/{project_id}/apigw/certificates";
    const ONE: &str = "/v2/{project_id}/apigw/certificates/{certificate_id}";
    let router = Router::new()
        .route(ALL, get(certificates::list).post(certificates::create))
        .route(&format!("{ALL}/check"), post(certificates::check))
        .route(ONE, get(certificates::show).put(certificates::update).delete(certificates::delete))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::show))
        .route("/openapi.json", get(openapi::show));
    let router = app.page.routes().fold(router, |router, (path, answer)| router.route_service(path, answer));
    router.layer(from_fn_with_state(Arc::clone(&app), around)).with_state(app)
}

/// Whether the database answers.
async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Refusal> {
    let store = app.store.clone();
    app.database.run(move || store.is_ready()).await??;
    Ok("ready\n")
}

/// A call that was let in.
pub(crate) struct Call {
    pub(crate) project: String,
    /// The identifier of the token or access key.
    pub(crate) who: String,
    /// The request's identifier.
    pub(crate) request: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Held,
    pub(crate) now: OffsetDateTime,
}

/// Lets a call in, or says why not. The credential is looked up before the body is read, so that nobody without one can make the server hold a
/// body.
pub(crate) async fn admit(
    app: &App,
    project: &str,
    action: Action,
    request: Request,
) -> Result<Call, Refusal> {
    let (parts, body) = request.into_parts();
    let now = now();
    let caller = Caller::of(app, &parts, now).await?;
    let body = admit_known(app, project, action, &parts, body, &caller, now).await;
    let body = body.map_err(|refusal| refusal.to(&caller.id))?;
    #[cfg(debug_assertions)]
    crate::failure::panic_if_asked("handler", &body.bytes);
    let request = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    Ok(Call { project: project.to_owned(), who: caller.id, request, headers: parts.headers, body, now })
}

async fn admit_known(
    app: &App,
    project: &str,
    action: Action,
    parts: &Parts,
    body: Body,
    caller: &Caller,
    now: OffsetDateTime,
) -> Result<Held, Refusal> {
    app.rates.count(caller.project().unwrap_or(project), Instant::now()).map_err(Refusal::too_many_calls)?;
    let body = body::read(body, app.settings.max_body, &app.bodies).await?;
    caller.may(action, project, parts, &body.bytes, now)?;
    if !is_project(project) {
        return Err(Refusal::invalid("project_id"));
    }
    if matches!(action, Action::Create | Action::Update | Action::Check) && !calls_itself_json(parts) {
        return Err(Refusal::not_json());
    }
    Ok(body)
}

/// The identifier of a request, as the answer and the log have it.
#[derive(Clone)]
struct RequestId(String);

/// Whether the body says that it is JSON, or says nothing.
fn calls_itself_json(parts: &Parts) -> bool {
    parts.headers.get(CONTENT_TYPE).is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

/// What is done around every call. The log has no path, no query and no header: each may hold a secret by mistake.
async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let id = random_id().unwrap_or_default();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let client = client_of(&request, &app.settings.trusted_proxy);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = in_shape(caught(next.run(request)).await);
    if method == Method::HEAD && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        *response.body_mut() = Body::empty();
    }
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("-")));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    let code = response.extensions().get::<Code>().map_or("-", |code| code.0);
    let who = response.extensions().get::<Who>().map_or("-", |who| &who.0);
    let status = response.status().as_u16();
    app.metrics.count(&method, &route, status, code, started.elapsed());
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let client = client.map_or_else(|| "-".to_owned(), |client| client.to_string());
    tracing::info!(request = %id, %method, route, status, code, who, client, milliseconds, "call");
    response
}

/// The answer of a handler; where it panics, which is a bug, the answer says so, and the connection goes on.
async fn caught(answer: impl Future<Output = Response<Body>>) -> Response<Body> {
    let mut answer = pin!(answer);
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Refusal::internal().into_response()))
    })
    .await
}

/// The address of the client: that of the connection, or where that is a trusted proxy's, the last address in X-Forwarded-For that is not.
fn client_of(request: &Request, trusted: &[IpAddr]) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let mut client = peer.ip();
    if !trusted.contains(&client) {
        return Some(client);
    }
    let values = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let said: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    for address in said.iter().rev() {
        let Ok(address) = address.trim().parse() else { break };
        client = address;
        if !trusted.contains(&client) {
            break;
        }
    }
    Some(client)
}

/// A path whose parts are not text leads nowhere.
pub(crate) fn no_path(_: axum::extract::rejection::PathRejection) -> Refusal {
    Refusal::no_api()
}
