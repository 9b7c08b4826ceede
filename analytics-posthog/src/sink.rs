//! [`PostHogSink`].

use std::time::Duration;

use analytics_core::{AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record};
use analytics_delivery::DeliverySink;
use async_trait::async_trait;

use crate::config::PostHogConfig;
use crate::encoder::RoutedEncoder;
use crate::error::PostHogError;
use crate::transport::PostHogTransport;

/// Sends events to PostHog.
#[derive(Debug)]
pub struct PostHogSink {
    inner: DeliverySink,
}

impl PostHogSink {
    /// Starts the sink and its worker. Nothing is sent before the first event.
    ///
    /// # Errors
    /// In a test process, unless the server is on this machine or
    /// [`allow_in_tests`](crate::PostHogOptions::allow_in_tests) is set; if the host needs TLS and none is compiled in;
    /// if a header is invalid; if the HTTP client or the worker cannot be started.
    pub fn spawn(config: PostHogConfig) -> Result<Self, PostHogError> {
        if let Some(test) = config.held_back() {
            return Err(PostHogError::InTestProcess(test));
        }
        let transport = PostHogTransport::new(&config)?;
        let encoder = RoutedEncoder::new(&config);
        let inner = DeliverySink::spawn_observed(encoder, transport, config.delivery, config.observers)?;
        Ok(Self { inner })
    }

    /// Notices that the observers were not told because too many waited.
    #[must_use]
    pub fn missed_notices(&self) -> u64 {
        self.inner.missed_notices()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl AnalyticsSink for PostHogSink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        self.inner.capture(record)
    }

    async fn room(&self, lane: Lane) {
        self.inner.room(lane).await;
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        self.inner.flush(grace).await
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        self.inner.shutdown(grace).await
    }

    fn ledger(&self) -> Ledger {
        self.inner.ledger()
    }

    fn purge(&self, reason: DropReason) -> u64 {
        self.inner.purge(reason)
    }

    fn health(&self) -> Health {
        self.inner.health()
    }
}
