//! How do I send events somewhere else? An `Encoder` and a `Transport`: here to a webhook, whose receiver is below.
//! Run it with `cargo run -p analytics-examples --example custom_backend`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use analytics_core::json::{Limits, ObjectWriter};
use analytics_core::{
    Action, Actor, Analytics, CopilotEvent, DropReason, EventDescription, EventId, Key, Record, Value, async_trait,
};
use analytics_delivery::{
    Answer, Batch, DeliveryConfig, DeliverySink, Encoded, Encoder, OrderKey, Outcome, Refusal, Repeats, Route,
    Transport,
};
use axum::{Router, http::StatusCode, routing::post};

/// Writes `{"id":…,"at":…,"who":…,"what":…,"properties":{…}}`. It runs on the thread that tracks, once an event.
#[derive(Debug)]
struct WebhookEncoder;

impl Encoder for WebhookEncoder {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        // This receiver has no notion of persons and groups; what it cannot take is dropped by name.
        let Action::Track { name, .. } = record.action() else { return Err(DropReason::Filtered.into()) };
        let (id, who) = (record.id(), record.actor().id());
        let mut event = ObjectWriter::new(out, &Limits::DEFAULT);
        event.value(&Key::new("id"), Value::Display(&id));
        event.value(&Key::new("at"), Value::Time(record.at()));
        event.value(&Key::new("who"), who.value());
        event.value(&Key::new("what"), Value::Str(name));
        let mut properties = event.object("properties");
        record.visit_properties(&mut properties);
        let left_out = properties.finish()?;
        event.finish()?;
        Ok(Encoded::without(left_out))
    }

    /// A line has no id.
    fn event_id(&self, _event: &[u8]) -> Option<EventId> {
        None
    }

    fn order(&self, record: &Record<'_>) -> OrderKey {
        OrderKey::of_record(record)
    }

    fn route(&self, record: &Record<'_>) -> Route {
        Route::new(record.description().map(EventDescription::lane).unwrap_or_default())
    }
}

/// Posts a batch as a JSON array: one attempt. Queue, batches, retries and accounting are the engine's.
#[derive(Debug)]
struct WebhookTransport {
    client: reqwest::Client,
    url: String,
}

#[async_trait]
impl Transport for WebhookTransport {
    async fn send(&self, batch: &Batch<'_>, deadline: Instant) -> Answer {
        let events: Vec<_> = batch.events().map(|event| event.bytes()).collect();
        let body = [b"[", events.join(&b","[..]).as_slice(), b"]"].concat();
        let bytes = body.len();
        let left = deadline.saturating_duration_since(Instant::now());
        let request = self.client.post(&self.url).header("content-type", "application/json").timeout(left);
        let answer = match request.body(body).send().await {
            Ok(response) => judge(response.status().as_u16()),
            Err(_) => Answer::new(Outcome::Retry { after: None }).with_cause("no answer"),
        };
        answer.with_body_bytes(bytes)
    }

    fn repeats(&self) -> Repeats {
        Repeats::Divisible
    }

    fn destination(&self) -> String {
        self.url.clone()
    }
}

fn judge(status: u16) -> Answer {
    let outcome = match status {
        200..=299 => Outcome::Delivered,
        401 | 403 => Outcome::Refused(DropReason::Unauthorized),
        413 => Outcome::Split,
        408 | 429 | 500.. => Outcome::Retry { after: None },
        _ => Outcome::Refused(DropReason::Refused),
    };
    Answer::new(outcome).with_cause(format!("status {status}"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, receiver()).await });

    let transport = WebhookTransport { client: reqwest::Client::new(), url };
    let analytics = Analytics::new(DeliverySink::spawn(WebhookEncoder, transport, DeliveryConfig::default())?);
    for tool_name in ["search", "summarize", "translate"] {
        let event = CopilotEvent::ToolCalled { session_id: "s1", tool_name, tool_call_id: "c1" };
        analytics.with("environment", "demo").track(Actor::session("s1"), event);
    }
    println!("{}", analytics.shutdown(Duration::from_secs(10)).await);
    Ok(())
}

/// The other end: busy at first, then it takes what comes.
fn receiver() -> Router {
    let requests = Arc::new(AtomicU32::new(0));
    let hook = async move |body: String| {
        if requests.fetch_add(1, Ordering::Relaxed) == 0 {
            println!("503 to {} bytes", body.len());
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        println!("202 to {} bytes:\n{}", body.len(), body.replace("},{", "},\n {"));
        StatusCode::ACCEPTED
    };
    Router::new().route("/hook", post(hook))
}
