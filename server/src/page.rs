//! The page at `/`: the built files of `web`, where the setting `page` names their folder, else a few words about the server.

use std::fs;
use std::path::Path;

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use axum::routing::{MethodRouter, get};

use crate::failure::Failure;

/// The paths of the page, the file of each in the folder, and what kind of file it is.
const FILES: [(&str, &str, &str); 4] = [
    ("/", "index.html", "text/html; charset=utf-8"),
    ("/page.js", "page.js", "text/javascript"),
    ("/page.css", "page.css", "text/css"),
    ("/icon.svg", "icon.svg", "image/svg+xml"),
];

/// What the file itself cannot say: nobody puts the page into a frame of his own.
const NO_FRAME: &str = "frame-ancestors 'none'";

/// The answers of the page, each for its path. Files are read once, at the start.
pub(crate) struct Page(Vec<(&'static str, MethodRouter)>);

impl Page {
    /// The page in that folder; without one, the server's own words.
    pub(crate) fn read(folder: Option<&Path>) -> Result<Self, Failure> {
        let Some(folder) = folder else {
            return Ok(Self(vec![("/", get(|| async { Html(include_str!("page.html")) }))]));
        };
        let answers = FILES.into_iter().map(|(path, name, kind)| {
            let file = folder.join(name);
            let bytes = fs::read(&file).map_err(|error| {
                Failure::new(format!("{} cannot be read: {}", file.display(), error.kind()))
            })?;
            Ok((path, answer(kind, bytes.into())))
        });
        answers.collect::<Result<_, Failure>>().map(Self)
    }

    /// The paths, and what answers at them.
    pub(crate) fn routes(&self) -> impl Iterator<Item = (&'static str, MethodRouter)> {
        self.0.iter().cloned()
    }
}

fn answer(kind: &'static str, bytes: Bytes) -> MethodRouter {
    let headers = [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, NO_FRAME), (CACHE_CONTROL, "no-cache")];
    get(move || async move { (headers, bytes).into_response() })
}
