//! `SDK-HMAC-SHA256`: how the family's SDKs sign a request with an access key (`api/family.md` of the project's contracts).

use std::borrow::Cow;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ring::digest::{SHA256, digest};
use ring::hmac;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// How far a request's date may be off, either way. A signature that is sent again within that time is accepted again.
const TOLERANCE: Duration = Duration::minutes(15);

/// The most signed headers.
const MOST_HEADERS: usize = 64;

/// What the header `Authorization` says.
pub(crate) struct Signed<'h> {
    /// The identifier of the access key.
    pub(crate) access: &'h str,
    names: Vec<&'h str>,
    signature: [u8; 32],
    date: &'h str,
}

impl<'h> Signed<'h> {
    /// Reads the headers of a request. `None` where it is not signed, or not in the way that it has to be: with `Host` and `X-Sdk-Date`
    /// among the signed headers, and with a date that is near `now`.
    pub(crate) fn read(headers: &'h HeaderMap, now: OffsetDateTime) -> Option<Self> {
        let text = headers.get("authorization")?.to_str().ok()?;
        let (mut access, mut names, mut signature) = (None, None, None);
        for part in text.strip_prefix("SDK-HMAC-SHA256 ")?.split(',') {
            match part.trim().split_once('=')? {
                ("Access", value) => access = Some(value),
                ("SignedHeaders", value) => names = Some(value.split(';').collect::<Vec<_>>()),
                ("Signature", value) => signature = Some(value),
                _ => return None,
            }
        }
        let names = names.filter(|names| names.len() <= MOST_HEADERS)?;
        let is_signed = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        let date = headers.get("x-sdk-date")?.to_str().ok()?;
        let form = format_description!("[year][month][day]T[hour][minute][second]Z");
        let sent = PrimitiveDateTime::parse(date, form).ok()?.assume_utc();
        if !is_signed("host") || !is_signed("x-sdk-date") || !is_near(sent, now) {
            return None;
        }
        Some(Self { access: access?, names, signature: octets(signature?)?, date })
    }

    /// Whether the secret key made the signature of this request, whose body is `body`. The comparison takes the same time wherever the
    /// signatures differ.
    pub(crate) fn is_made_with(&self, secret: &[u8], parts: &Parts, body: &[u8]) -> bool {
        let digest_of_body = digest(&SHA256, body);
        if let Some(said) = parts.headers.get("x-sdk-content-sha256") {
            // UNSIGNED-PAYLOAD is no digest, and so refused.
            let said = said.to_str().ok().and_then(octets);
            if said.is_none_or(|said: [u8; 32]| said != digest_of_body.as_ref()) {
                return false;
            }
        }
        let Some(canonical) = self.canonical(parts, &HEXLOWER.encode(digest_of_body.as_ref())) else {
            return false;
        };
        let digest = HEXLOWER.encode(digest(&SHA256, canonical.as_bytes()).as_ref());
        let text = format!("SDK-HMAC-SHA256\n{}\n{digest}", self.date);
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), text.as_bytes(), &self.signature).is_ok()
    }

    fn canonical(&self, parts: &Parts, digest: &str) -> Option<String> {
        let mut path: String =
            parts.uri.path().split('/').map(|part| encode(&decode(part))).collect::<Vec<_>>().join("/");
        if !path.ends_with('/') {
            path.push('/');
        }
        let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = parts
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decode_form(name), decode_form(value)))
            .collect();
        pairs.sort();
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let mut headers = String::new();
        for name in &self.names {
            let value = parts.headers.get(*name)?.to_str().ok()?;
            headers.push_str(&format!("{}:{}\n", name.to_ascii_lowercase(), value.trim()));
        }
        let names = self.names.join(";").to_ascii_lowercase();
        Some([parts.method.as_str(), &path, &query.join("&"), &headers, &names, digest].join("\n"))
    }
}

/// In Unix seconds, which cannot overflow as times can.
fn is_near(sent: OffsetDateTime, now: OffsetDateTime) -> bool {
    let off = sent.unix_timestamp().abs_diff(now.unix_timestamp());
    off <= TOLERANCE.whole_seconds().unsigned_abs()
}

fn octets(hex: &str) -> Option<[u8; 32]> {
    HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok()
}

/// The octets of a percent-encoded text; a percent sign without two digits stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.split_first_chunk::<2>().filter(|_| *first == b'%');
        let decoded =
            digits.and_then(|(digits, after)| Some((HEXLOWER_PERMISSIVE.decode(digits).ok()?, after)));
        match decoded {
            Some((octet, after)) => {
                octets.extend(octet);
                rest = after;
            }
            None => {
                octets.push(*first);
                rest = after;
            }
        }
    }
    octets
}

/// The same in a query, where a plus sign is a space.
fn decode_form(text: &str) -> Vec<u8> {
    let text: Cow<'_, str> = if text.contains('+') { text.replace('+', "%20").into() } else { text.into() };
    decode(&text)
}

/// Everything but letters, digits and `-_.~` as `%XX`.
fn encode(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len());
    for octet in octets {
        if octet.is_ascii_alphanumeric() || b"-_.~".contains(octet) {
            text.push(char::from(*octet));
        } else {
            text.push_str(&format!("%{octet:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-06-01 00:00 UTC);

    /// The signature was computed with Python's `hmac` and `hashlib` from the text in `signs_this_text`, for the secret key `secret`.
    fn request(change: impl FnOnce(&mut Parts)) -> Parts {
        let signature = "Access=AK, SignedHeaders=host;x-sdk-date, Signature=f32ccf47894aa4014f22e033891f7b5f7d88839388418e234c2261ebba466a94";
        let (mut parts, ()) = Request::put("/v2/p/apigw/certificates/a%7eb?limit=1&b=%20x&b&a=1+2")
            .header("host", "127.0.0.1:8443")
            .header("x-sdk-date", "20260601T000500Z")
            .header("authorization", format!("SDK-HMAC-SHA256 {signature}"))
            .body(())
            .unwrap()
            .into_parts();
        change(&mut parts);
        parts
    }

    fn is_good(parts: &Parts, secret: &[u8], body: &[u8], now: OffsetDateTime) -> bool {
        Signed::read(&parts.headers, now)
            .is_some_and(|signed| signed.access == "AK" && signed.is_made_with(secret, parts, body))
    }

    #[test]
    fn signs_this_text() {
        let parts = request(|_| ());
        let signed = Signed::read(&parts.headers, NOW).unwrap();
        assert_eq!(
            signed.canonical(&parts, "digest").unwrap(),
            "PUT\n/v2/p/apigw/certificates/a~b/\na=1%202&b=&b=%20x&limit=1\nhost:127.0.0.1:8443\nx-sdk-date:20260601T000500Z\n\nhost;x-sdk-date\ndigest"
        );
    }

    #[test]
    fn a_signature_holds_for_its_request_its_body_its_key_and_its_time() {
        assert!(is_good(&request(|_| ()), b"secret", b"{}", NOW));
        assert!(!is_good(&request(|_| ()), b"Secret", b"{}", NOW));
        assert!(!is_good(&request(|_| ()), b"secret", b"{ }", NOW));
        let minute = Duration::minutes(1);
        assert!(is_good(&request(|_| ()), b"secret", b"{}", NOW + minute * 20));
        assert!(!is_good(&request(|_| ()), b"secret", b"{}", NOW + minute * 21));
        assert!(!is_good(&request(|_| ()), b"secret", b"{}", NOW - minute * 11));
        for (what, change) in [
            ("method", (|parts| parts.method = axum::http::Method::POST) as fn(&mut Parts)),
            ("path", |parts| {
                parts.uri = "/v2/p/apigw/certificates/c?limit=1&b=%20x&b&a=1+2".parse().unwrap()
            }),
            ("query", |parts| {
                parts.uri = "/v2/p/apigw/certificates/a%7eb?limit=2&b=%20x&b&a=1+2".parse().unwrap()
            }),
            ("host", |parts| _ = parts.headers.insert("host", "127.0.0.1:8444".parse().unwrap())),
            ("digest", |parts| {
                _ = parts.headers.insert("x-sdk-content-sha256", "UNSIGNED-PAYLOAD".parse().unwrap())
            }),
            ("names", |parts| {
                let text = parts.headers["authorization"].to_str().unwrap().replace("host;", "");
                parts.headers.insert("authorization", text.parse().unwrap());
            }),
        ] {
            assert!(!is_good(&request(change), b"secret", b"{}", NOW), "{what}");
        }
        let same_query = request(|parts| {
            parts.uri = "/v2/p/apigw/certificates/a~b?a=1%202&b&b=%20x&limit=1".parse().unwrap()
        });
        assert!(is_good(&same_query, b"secret", b"{}", NOW));
    }
}
