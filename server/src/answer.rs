//! What the API answers: JSON, and for errors the reference page's shape (table 5) with more beside it.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use certgate::Rejected;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::pool::Undone;
use crate::store::StoreError;

/// An answer that is an error.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// The findings of a form, as JSON.
    findings: Option<Box<RawValue>>,
    retry_after: Option<u32>,
    /// Who called, where that is known.
    who: Option<String>,
}

/// Who called, for the log: the identifier of the token or access key.
#[derive(Clone)]
pub(crate) struct Who(pub(crate) String);

/// The error code of an answer, for the log and the metrics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Code(pub(crate) &'static str);

/// The body of an error. Keys beyond the first two are this server's.
#[derive(Serialize)]
struct Shape<'a> {
    error_code: &'a str,
    error_msg: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'a RawValue>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), findings: None, retry_after: None, who: None }
    }

    /// 401: no credential, or one that does not count. Which of the two is not said.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "APIG.1002", "Incorrect token or token resolution failed")
    }

    /// 403: another project, or a call that the credential does not allow.
    pub(crate) fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "APIG.1005", "No permissions to request this method")
    }

    /// 404: no certificate of that identifier in the project.
    pub(crate) fn no_certificate() -> Self {
        Self::new(StatusCode::NOT_FOUND, "APIG.3025", "The certificate does not exist.")
    }

    /// 404: no such path.
    pub(crate) fn no_api() -> Self {
        Self::new(StatusCode::NOT_FOUND, "APIG.0101", "The API does not exist")
    }

    /// 405: a path that has other methods.
    pub(crate) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "APIG.2000", "The method is not supported on this path.")
    }

    /// 400 or, where the policy says so, 409: the name is taken (the reference page's example).
    pub(crate) fn name_taken(conflict_is_409: bool) -> Self {
        let status = if conflict_is_409 { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
        Self::new(status, "APIG.3325", "The certificate name already exists")
    }

    /// 400: a value in the query or in a header.
    pub(crate) fn invalid(parameter: &str) -> Self {
        let message = format!(
            "Invalid parameter value,parameterName:{parameter}. Please refer to the support documentation"
        );
        Self::new(StatusCode::BAD_REQUEST, "APIG.2011", message)
    }

    /// 412: `If-Match` names another version.
    pub(crate) fn changed() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "APIG.2000",
            "The certificate was changed: its ETag is not the one in If-Match.",
        )
    }

    /// 413: a body beyond the limit.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("The parameter is too long: a request body may have {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "APIG.2006", message)
    }

    /// 415: a body that does not call itself JSON.
    pub(crate) fn not_json() -> Self {
        let message = "The body must be JSON: send the header Content-Type: application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "APIG.2000", message)
    }

    /// 408: the body did not come in time.
    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "APIG.2000", "The request body did not arrive in time.")
    }

    /// 400: the connection broke off within the body.
    pub(crate) fn broken_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "APIG.2000", "The request body could not be read to its end.")
    }

    /// 429: too many calls.
    pub(crate) fn too_many_calls(seconds: u32) -> Self {
        let message =
            "The throttling threshold has been reached: too many calls in this project. Try again later.";
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "APIG.0308", message) }
    }

    /// 429: as many certificates as a project may have.
    pub(crate) fn quota(most: i64) -> Self {
        let message = format!("The project has {most} certificates, which is its quota. Delete one first.");
        Self { retry_after: Some(3600), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "APIG.0308", message) }
    }

    /// 503: too much work at once, or the database does not answer.
    pub(crate) fn busy() -> Self {
        let message = "System error: the server cannot do this right now. Try again later.";
        Self { retry_after: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "APIG.9999", message) }
    }

    /// 500: a bug.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "APIG.9999", "System error")
    }

    /// What the library answers to a rejected form, with all findings.
    pub(crate) fn rejected(rejected: &Rejected) -> Self {
        let api = rejected.api();
        Self {
            status: StatusCode::from_u16(api.status).unwrap_or(StatusCode::BAD_REQUEST),
            code: api.body.error_code.as_str(),
            message: api.body.error_msg.clone(),
            findings: serde_json::value::to_raw_value(&rejected.report().findings).ok(),
            retry_after: None,
            who: None,
        }
    }

    /// The same, with who called.
    pub(crate) fn to(self, who: &str) -> Self {
        Self { who: Some(who.to_owned()), ..self }
    }

    /// The error code that is answered.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let shape =
            Shape { error_code: self.code, error_msg: &self.message, findings: self.findings.as_deref() };
        let mut response = json(self.status, serde_json::to_vec(&shape).unwrap_or_default());
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(Code(self.code));
        if let Some(who) = self.who {
            response.extensions_mut().insert(Who(who));
        }
        response
    }
}

/// An answer of JSON text.
pub(crate) fn json(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Gives an error that is not of the API's shape (a router's own 404 or 405, say) that shape.
pub(crate) fn in_shape(response: Response<Body>) -> Response<Body> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || response.extensions().get::<Code>().is_some() {
        return response;
    }
    let refusal = match status {
        StatusCode::NOT_FOUND => Refusal::no_api(),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::method(),
        _ if status.is_client_error() => Refusal::new(status, "APIG.2000", "Parameter error."),
        _ => Refusal::internal(),
    };
    let mut shaped = refusal.into_response();
    if let Some(allow) = response.headers().get(ALLOW) {
        shaped.headers_mut().insert(ALLOW, allow.clone());
    }
    shaped
}

impl From<Undone> for Refusal {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Busy => Self::busy(),
            Undone::Panicked => Self::internal(),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "database");
        Self::busy()
    }
}
