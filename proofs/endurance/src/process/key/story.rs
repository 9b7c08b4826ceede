//! Everything that can happen to a sink, in one process that listens to itself.

use std::sync::Arc;
use std::time::Duration;

use analytics_core::{Actor, Analytics, AnalyticsSink as _, DynamicEvent};
use analytics_inspector::{Fault, Inspector, InspectorOptions, TlsCertificate};
use analytics_posthog::{ApiKey, Compression, Host, PostHogConfig, PostHogSink};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::recorder::Recorder;
use super::shown::{self, Texts};
use super::{HEADER, KEY, secrets_in};
use crate::harness::fixture::{OrFail, attempt, inspector, track};
use crate::harness::log_lines::Lines;
use crate::harness::subprocess;
use crate::unmet::Unmet;

pub(super) fn tell(arguments: &[String]) -> Result<(), Unmet> {
    let lines = Lines::default();
    tracing_subscriber::registry().with(lines.clone()).try_init().or_fail("the subscriber")?;
    log::set_boxed_logger(Box::new(lines.clone())).or_fail("the logger")?;
    log::set_max_level(log::LevelFilter::Trace);
    let mut texts = Texts::default();
    answers(subprocess::argument(arguments, 0)?, &mut texts)?;
    echoes(&mut texts)?;
    encrypted(&mut texts)?;
    unreachable(&mut texts)?;
    shown::errors_and_settings(&mut texts);

    let lines = lines.take();
    let hit = |text: &&String| !secrets_in(text).is_empty();
    // Enough of each to find its place.
    let shown = |text: &String| format!("{:?}", text.chars().take(300).collect::<String>());
    let found: Vec<_> = lines.iter().chain(&texts.0).filter(hit).take(3).map(shown).collect();
    subprocess::tell("found", found.join(" "));
    subprocess::tell("lines", lines.len());
    subprocess::tell("bytes", lines.iter().map(String::len).sum::<usize>());
    subprocess::tell("texts", texts.0.len());
    for origin in ["analytics", "reqwest", "hyper_util", "rustls"] {
        subprocess::tell(origin, lines.iter().filter(|line| line.starts_with(origin)).count());
    }
    Ok(())
}

fn config(url: &str) -> Result<PostHogConfig, Unmet> {
    let host = Host::parse_allowing_http(url).or_fail("the host")?;
    let mut config = PostHogConfig::new(ApiKey::parse(KEY).or_fail("the key")?, host);
    config.headers = vec![("X-Secret".to_owned(), HEADER.to_owned())];
    config.options.compression = Compression::None;
    config.options.allow_in_tests = true;
    config.delivery.request_timeout = Duration::from_secs(2);
    Ok(config)
}

/// Sends something, and writes down everything that a service could print.
fn use_one(config: PostHogConfig, texts: &mut Texts) -> Result<(), Unmet> {
    texts.add(&config);
    let sink = Arc::new(PostHogSink::spawn(config).or_fail("the sink did not start")?);
    let analytics = Analytics::new(Arc::clone(&sink));
    track(&analytics, 0..3);
    analytics.track(Actor::user("null"), DynamicEvent::new("refused"));
    texts.add(&attempt(&analytics)?);
    texts.add(&(sink.health(), &sink, &analytics));
    analytics.shutdown_blocking(Duration::from_millis(200));
    texts.add(&(sink.health(), &sink, analytics.ledger()));
    Ok(())
}

/// What a server can say.
fn answers(other: &str, texts: &mut Texts) -> Result<(), Unmet> {
    let faults = [200, 204, 400, 401, 402, 403, 404, 413, 429, 500, 503].map(Fault::status);
    let redirects = [301, 302, 303, 307, 308].map(|status| Fault::redirect(status, format!("{other}/batch/")));
    let breaks = [Fault::reset_during_request(10), Fault::reset_after_request(), Fault::accept_then_reset()];
    for fault in faults.into_iter().chain(redirects).chain(breaks) {
        let inspector = inspector()?;
        inspector.inject(fault);
        use_one(config(&inspector.url())?, texts)?;
    }
    let inspector = inspector()?;
    inspector.inject(Fault::never_answer().always());
    use_one(config(&inspector.url())?, texts)?;
    // Dropped with events pending, which is logged.
    let analytics = Analytics::new(PostHogSink::spawn(config(&inspector.url())?).or_fail("the sink")?);
    track(&analytics, 0..3);
    drop(analytics);
    Ok(())
}

/// Servers that say back what they were sent, in every place of an answer.
fn echoes(texts: &mut Texts) -> Result<(), Unmet> {
    let echoes: [fn(&str) -> String; 6] = [
        |request| {
            let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            format!("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        },
        // Cut short, as by a server that shows the beginning of what it could not read.
        |_| {
            let cut: String = KEY.chars().take(40).collect();
            format!("HTTP/1.1 400 Bad Request\r\nContent-Length: 40\r\nConnection: close\r\n\r\n{cut}")
        },
        |_| format!("HTTP/1.1 401 {KEY}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        |_| {
            format!(
                "HTTP/1.1 503 No\r\nRetry-After: {KEY}\r\nX: {KEY}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        },
        |_| format!("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/{KEY}\r\nContent-Length: 0\r\n\r\n"),
        |_| format!("{KEY}\r\n\r\n"),
    ];
    for echo in echoes {
        let server = Recorder::answering(echo)?;
        use_one(config(&server.url)?, texts)?;
    }
    Ok(())
}

/// Certificates, good and bad.
fn encrypted(texts: &mut Texts) -> Result<(), Unmet> {
    for certificate in [TlsCertificate::Valid, TlsCertificate::SelfSigned, TlsCertificate::Expired] {
        let options = InspectorOptions::default().with_tls(certificate);
        let inspector = Inspector::start(options).or_fail("the server did not start")?;
        let ca = inspector.tls_ca_pem().unwrap_or_default();
        let ca = reqwest::Certificate::from_pem(ca.as_bytes()).or_fail("the certificate")?;
        let client = reqwest::Client::builder().tls_certs_only([ca]).no_proxy().build().or_fail("the client")?;
        use_one(config(&inspector.url())?.with_client(client), texts)?;
    }
    Ok(())
}

/// Hosts that cannot be reached: through a proxy that refuses, and because nobody listens.
fn unreachable(texts: &mut Texts) -> Result<(), Unmet> {
    use_one(config("https://analytics.invalid")?, texts)?;
    use_one(config("http://127.0.0.1:9")?, texts)
}
