//! PostHog's client for Rust.

use std::error::Error;

use posthog_rs::{CaptureCompression, ClientOptions, ClientOptionsBuilder, Event};
use tokio::runtime::Runtime;

use super::{Client, KEY};
use crate::message::Message;

struct Official {
    client: posthog_rs::Client,
    runtime: Runtime,
}

/// Starts the client: as it comes, or with settings that suit the script and batches of this many events.
pub fn posthog_rs(url: &str, batch: Option<usize>) -> Result<Box<dyn Client>, Box<dyn Error>> {
    let options = match batch {
        None => ClientOptions::from((KEY, url)),
        Some(size) => patient(url, size)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let client = runtime.block_on(posthog_rs::client(options));
    Ok(Box::new(Official { client, runtime }))
}

/// Compression, so that fewer bodies are too large, and attempts enough for each outage.
fn patient(url: &str, batch: usize) -> Result<ClientOptions, Box<dyn Error>> {
    let options = ClientOptionsBuilder::default()
        .api_key(KEY.to_owned())
        .host(url)
        .capture_compression(CaptureCompression::Gzip)
        .max_capture_attempts(30)
        .retry_max_backoff_ms(5_000)
        .flush_at(batch)
        .max_batch_size(batch)
        .shutdown_timeout_ms(60_000)
        .build()?;
    Ok(options)
}

impl Client for Official {
    fn capture(&self, message: &Message) {
        let mut event = Event::new("message_sent", message.user.as_str());
        let properties = [
            event.insert_prop("session", &message.session),
            event.insert_prop("number", message.number),
            event.insert_prop("length", message.length),
            event.insert_prop("remark", message.remark),
        ];
        debug_assert!(properties.iter().all(Result::is_ok), "strings and numbers are JSON");
        self.client.capture(event);
    }

    fn flush(&self) {
        self.runtime.block_on(self.client.flush());
    }

    fn shutdown(&self) {
        self.runtime.block_on(async {
            self.client.flush().await;
            self.client.shutdown().await;
        });
    }
}
