//! One request and its answer.

use std::time::{Duration, Instant, SystemTime};

use analytics_rules::display::root_cause;
use product_analytics::config::Target;
use reqwest::header::{AGE, DATE};
use reqwest::{Client, Response, redirect};

use super::Server;
use crate::report::{Check, Failure, Report};

/// What an answer says of the time.
pub(super) struct Dated {
    /// The server's time when it answered, of whole seconds.
    pub(super) server: SystemTime,
    /// This machine's time in the middle of the request.
    pub(super) here: SystemTime,
}

/// Gets the host's first page. Any answer will do: it is one of the server, and it has a date. PostHog's capture
/// answers 200 there (`rust/capture/src/router.rs` in its source), others as they like.
pub(super) async fn get(server: &Server, target: &Target, timeout: Duration, report: &mut Report) -> Option<Dated> {
    // As the sink's client: no redirect is followed, no proxy stands before this machine or hears what is in clear
    // text, and a host without TLS needs no roots.
    let builder = Client::builder().redirect(redirect::Policy::none()).timeout(timeout);
    let is_encrypted = server.url.scheme() == "https";
    let builder = if target.region == "local" || !is_encrypted { builder.no_proxy() } else { builder };
    let builder = if is_encrypted { builder } else { builder.tls_certs_only([]) };
    // Made before the clock runs: it reads the system's roots.
    let client = builder.user_agent(concat!("analytics-doctor/", env!("CARGO_PKG_VERSION"))).build();
    let begun = (Instant::now(), SystemTime::now());
    let answered = match client {
        Ok(client) => client.get(server.url.clone()).send().await,
        Err(error) => Err(error),
    };
    let took = begun.0.elapsed();
    match answered {
        Ok(response) => {
            let status = response.status().as_u16();
            let text = format!("GET {} → {status}, with a connection of its own", server.url.path());
            report.tell(if status < 500 { Check::ok("http", text) } else { Check::warn("http", text) }.took(took));
            dated(&response, begun.1 + took / 2)
        }
        Err(error) => {
            let check = Check::ok("http", format!("no answer: {}", cause(&error))).took(took);
            report.fail(Failure::Unreachable, check.with_fix("does this address speak HTTP, and is the server up?"));
            None
        }
    }
}

fn dated(response: &Response, here: SystemTime) -> Option<Dated> {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let date = httpdate::parse_http_date(header(DATE)?).ok()?;
    // A cache's answer has the date of the one that it kept, and says how long ago that was.
    let age = header(AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    Some(Dated { server: date + Duration::from_secs(age), here })
}

fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() { "none in time".to_owned() } else { root_cause(error).to_string() }
}
