//! The static files.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// Only files of this server, no inline script or style, nothing that could become markup, no frames.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! files {
    ($($name:literal: $kind:ident,)*) => {
        &[$(($name, $kind, include_str!(concat!("../../page/", $name)))),*]
    };
}

/// Name, content type, text.
const FILES: &[(&str, &str, &str)] = files! {
    "page.css": CSS,
    "page.js": JAVASCRIPT,
    "address.js": JAVASCRIPT,
    "dom.js": JAVASCRIPT,
    "stream.js": JAVASCRIPT,
    "feed.js": JAVASCRIPT,
    "filter.js": JAVASCRIPT,
    "detail.js": JAVASCRIPT,
    "journey.js": JAVASCRIPT,
    "rail.js": JAVASCRIPT,
    "faults.js": JAVASCRIPT,
    "json.js": JAVASCRIPT,
    "rust.js": JAVASCRIPT,
    "icon.svg": SVG,
};

pub(super) async fn index() -> Response {
    respond(HTML, include_str!("../../page/index.html"))
}

pub(super) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, kind, text)) => respond(kind, text),
        None => (StatusCode::NOT_FOUND, "no such file\n").into_response(),
    }
}

fn respond(kind: &'static str, text: &'static str) -> Response {
    // The guard adds what is on every answer.
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        // Another version of the program may serve the next one.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_another_one_names_is_served() {
        let html = include_str!("../../page/index.html");
        let named = html.split('"').filter_map(|word| word.strip_prefix("/page/"));
        let scripts = FILES.iter().filter(|(_, kind, _)| *kind == JAVASCRIPT);
        let imported = scripts.flat_map(|(.., text)| text.split('"').filter_map(|word| word.strip_prefix("./")));
        let named: Vec<&str> = named.chain(imported).collect();
        assert!(named.len() > 10, "{named:?}");
        for name in named {
            assert!(FILES.iter().any(|(file, ..)| *file == name), "{name}");
        }
    }

    #[test]
    fn nothing_in_the_page_needs_more_than_its_policy_allows() {
        let html = include_str!("../../page/index.html");
        for forbidden in ["<style", "style=\"", "onclick", "javascript:", "http://", "https://", "data:"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
        for (name, _, text) in FILES {
            for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "@import"] {
                assert!(!text.contains(forbidden), "{name}: {forbidden}");
            }
        }
    }
}
