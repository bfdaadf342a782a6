//! The OpenAPI document, from the code.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::answer;

/// The document.
#[derive(OpenApi)]
#[openapi(
    info(title = "certgate", description = "The certificate endpoints of an API gateway. Every form is checked before it is stored, and every error says all that is wrong."),
    paths(list, create, check, show_one, update, delete, health, ready, metrics),
    components(schemas(Kind, Algorithm)),
    modifiers(&Credentials)
)]
struct Document;

/// The two ways to say who calls.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let header =
            |name, what| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, what)));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "token",
            header("X-Auth-Token", "A token, from `certgate-server token new`."),
        );
        let signed = "SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…: a request signed with an access key, from `certgate-server access-key new`.";
        components.add_security_scheme("access_key", header("Authorization", signed));
    }
}

/// The form of the reference page (table 3).
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Form {
    /// 4 to 50 letters, digits and underscores; a letter first. Unique in the project.
    name: String,
    /// The certificate chain in PEM, the server's certificate first; with SM2 that of the encryption certificate.
    cert_content: String,
    /// Its private key in PEM, not encrypted.
    private_key: String,
    /// `global` (the default) or `instance`.
    r#type: Option<String>,
    /// The gateway; mandatory with `instance`.
    instance_id: Option<String>,
    /// Root certificates in PEM, for mutual TLS.
    trusted_root_ca: Option<String>,
    /// `RSA`, `ECC` or `SM2`.
    algorithm_type: Option<String>,
    /// With SM2: the chain of the signature certificate.
    cert_content_sign: Option<String>,
    /// With SM2: its private key.
    private_key_sign: Option<String>,
}

/// A certificate (table 4 of the reference page). What it does not have is left out.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Certificate {
    id: String,
    name: String,
    r#type: String,
    instance_id: String,
    project_id: String,
    common_name: Option<String>,
    san: Option<Vec<String>>,
    version: Option<u32>,
    organization: Option<Vec<String>>,
    organizational_unit: Option<Vec<String>>,
    locality: Option<Vec<String>>,
    state: Option<Vec<String>>,
    country: Option<Vec<String>>,
    not_before: Option<String>,
    not_after: Option<String>,
    /// In decimal.
    serial_number: Option<String>,
    issuer: Option<Vec<String>>,
    signature_algorithm: Option<String>,
    create_time: String,
    update_time: String,
    is_has_trusted_root_ca: bool,
    algorithm_type: Option<String>,
    /// After a create or an update: warnings and notes.
    findings: Option<Vec<Finding>>,
}

/// A page of certificates, oldest first.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Page {
    /// How many are on this page.
    size: u64,
    /// How many the filters find.
    total: u64,
    certs: Vec<Listed>,
}

/// A certificate in a list.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Listed {
    id: String,
    name: String,
    r#type: String,
    instance_id: String,
    project_id: String,
    common_name: Option<String>,
    san: Option<Vec<String>>,
    not_after: String,
    signature_algorithm: Option<String>,
    create_time: String,
    update_time: String,
    is_has_trusted_root_ca: bool,
    algorithm_type: Option<String>,
}

/// An error. The first two keys are the API's.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Error {
    error_code: String,
    error_msg: String,
    /// All that is wrong with the form, where one was refused.
    findings: Option<Vec<Finding>>,
}

/// One thing that was found: `certgate explain CODE` says more.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Finding {
    code: String,
    /// `error`, `warning` or `note`.
    severity: String,
    field: Option<String>,
    message: String,
    hint: String,
    fixable: bool,
}

/// The report of a check, as the command line prints it.
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Report {
    schema: u32,
    accepted: bool,
    findings: Vec<Finding>,
    #[schema(value_type = Option<Object>)]
    fix: Option<Value>,
}

macro_rules! described {
    ($name:ident, $method:ident, $path:literal, $what:literal, $($rest:tt)*) => {
        #[utoipa::path($method, path = $path, description = $what, $($rest)*)]
        #[allow(dead_code, reason = "only its description is used")]
        fn $name() {}
    };
}

described!(list, get, "/v2/{project_id}/apigw/certificates", "Lists certificates, oldest first.",
    params(
        ("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to pass over."),
        ("limit" = Option<i64>, Query, description = "How many to show: 20 where it is absent or below 1, at most 500."),
        ("name" = Option<String>, Query), ("common_name" = Option<String>, Query),
        ("signature_algorithm" = Option<String>, Query),
        ("type" = Option<Kind>, Query),
        ("instance_id" = Option<String>, Query),
        ("algorithm_type" = Option<Vec<Algorithm>>, Query, style = Form, explode),
        ("expires_before" = Option<String>, Query, format = Date, description = "A day or a time in RFC 3339.")
    ),
    responses((status = 200, body = Page), (status = "4XX", body = Error), (status = "5XX", body = Error)),
    security(("token" = []), ("access_key" = [])));

described!(
    create,
    post,
    "/v2/{project_id}/apigw/certificates",
    "Checks a form and stores it.",
    params(("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$")),
    request_body = Form,
    responses(
        (status = 200, body = Certificate, headers(("ETag" = String))),
        (status = "4XX", body = Error),
        (status = "5XX", body = Error)
    ),
    security(("token" = []), ("access_key" = []))
);

described!(check, post, "/v2/{project_id}/apigw/certificates/check", "Checks a form and stores nothing. The report says whether it would be accepted.",
    params(
        ("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$"),
        ("fix" = Option<bool>, Query, description = "The plan of a repair too."),
        ("secrets" = Option<bool>, Query, description = "With `fix`: the repaired form too, with its keys.")
    ),
    request_body = Form,
    responses((status = 200, body = Report), (status = "4XX", body = Error), (status = "5XX", body = Error)),
    security(("token" = []), ("access_key" = [])));

described!(
    show_one,
    get,
    "/v2/{project_id}/apigw/certificates/{certificate_id}",
    "Shows a certificate. No call ever returns a stored private key.",
    params(
        ("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$"),
        ("certificate_id" = String, Path, pattern = "^[0-9a-f]{32}$")
    ),
    responses(
        (status = 200, body = Certificate, headers(("ETag" = String))),
        (status = "4XX", body = Error),
        (status = "5XX", body = Error)
    ),
    security(("token" = []), ("access_key" = []))
);

described!(update, put, "/v2/{project_id}/apigw/certificates/{certificate_id}", "Checks a form and replaces the stored one, all fields of it.",
    params(
        ("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$"), ("certificate_id" = String, Path, pattern = "^[0-9a-f]{32}$"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the stored one must have.")
    ),
    request_body = Form,
    responses((status = 200, body = Certificate, headers(("ETag" = String))), (status = "4XX", body = Error), (status = "5XX", body = Error)),
    security(("token" = []), ("access_key" = [])));

described!(delete, delete, "/v2/{project_id}/apigw/certificates/{certificate_id}", "Deletes a certificate.",
    params(
        ("project_id" = String, Path, pattern = "^[A-Za-z0-9_-]{1,64}$"), ("certificate_id" = String, Path, pattern = "^[0-9a-f]{32}$"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the stored one must have.")
    ),
    responses((status = 204), (status = "4XX", body = Error), (status = "5XX", body = Error)),
    security(("token" = []), ("access_key" = [])));

described!(
    health,
    get,
    "/healthz",
    "Whether the server runs.",
    responses((status = 200, body = String, content_type = "text/plain"))
);

described!(
    ready,
    get,
    "/readyz",
    "Whether the database answers.",
    responses((status = 200, body = String, content_type = "text/plain"), (status = "5XX", body = Error))
);

described!(
    metrics,
    get,
    "/metrics",
    "Figures for Prometheus.",
    responses((status = 200, body = String, content_type = "text/plain"), (status = "5XX", body = Error))
);

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
enum Kind {
    Global,
    Instance,
}

#[derive(ToSchema)]
#[schema(rename_all = "UPPERCASE")]
#[allow(dead_code, reason = "only its schema is used")]
enum Algorithm {
    Rsa,
    Ecc,
    Sm2,
}

/// A form that is accepted: a throw-away key of the project's examples, valid until 2037.
const EXAMPLE: &str = include_str!("../../examples/rsa.json");

/// The document as JSON text, with examples that work.
pub(crate) fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
        let form: Value = serde_json::from_str(EXAMPLE).unwrap_or_default();
        for path in document
            .get_mut("paths")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|paths| paths.values_mut())
        {
            for method in ["post", "put"] {
                let place = format!("/{method}/requestBody/content/application~1json");
                if let Some(body) = path.pointer_mut(&place).and_then(Value::as_object_mut) {
                    body.insert(
                        "examples".to_owned(),
                        json!({"rsa": {"summary": "accepted", "value": form}}),
                    );
                }
            }
        }
        // A check takes anything: what is no form is reported as that.
        let check = "/paths/~1v2~1{project_id}~1apigw~1certificates~1check/post/requestBody";
        if let Some(body) = document.pointer_mut(check).and_then(Value::as_object_mut) {
            body.insert("required".to_owned(), false.into());
        }
        if let Some(schema) = document.pointer_mut(&format!("{check}/content/application~1json/schema")) {
            *schema = json!({"description": "A form, as for a create."});
        }
        format!("{document:#}\n")
    });
    &TEXT
}

/// `GET /openapi.json`.
pub(crate) async fn show() -> Response<Body> {
    answer::json(StatusCode::OK, text())
}
