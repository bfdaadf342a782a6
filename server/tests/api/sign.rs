//! Signs a request as the SDKs of the family do, by the text of `api/family.md`, in code that shares nothing with the server's.

use data_encoding::HEXLOWER;
use ring::{digest, hmac};
use time::OffsetDateTime;
use time::macros::format_description;

/// The headers of a signed request without a query.
pub(crate) fn headers(
    address: &str,
    (access, secret): (&str, &str),
    method: &str,
    path: &str,
    body: &[u8],
) -> Vec<(String, String)> {
    let date = OffsetDateTime::now_utc()
        .format(format_description!("[year][month][day]T[hour][minute][second]Z"))
        .unwrap();
    let hash = |text: &[u8]| HEXLOWER.encode(digest::digest(&digest::SHA256, text).as_ref());
    let canonical =
        format!("{method}\n{path}/\n\nhost:{address}\nx-sdk-date:{date}\n\nhost;x-sdk-date\n{}", hash(body));
    let text = format!("SDK-HMAC-SHA256\n{date}\n{}", hash(canonical.as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = HEXLOWER.encode(hmac::sign(&key, text.as_bytes()).as_ref());
    let authorization =
        format!("SDK-HMAC-SHA256 Access={access}, SignedHeaders=host;x-sdk-date, Signature={signature}");
    vec![("X-Sdk-Date".to_owned(), date), ("Authorization".to_owned(), authorization)]
}
