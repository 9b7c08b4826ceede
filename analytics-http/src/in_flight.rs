//! A request until its end.

use std::time::{Duration, Instant};

use analytics_core::unwind::catch_panic;
use analytics_core::{Exception, Value};

use crate::event::{HttpRequest, RequestOutcome};
use crate::field::{ROUTE, RequestDuration};
use crate::handle::RequestHandle;

/// A request until its end, which is told once. One that is dropped before was cancelled by its client, or by a panic.
#[derive(Debug)]
pub struct InFlight {
    handle: RequestHandle,
    started: Instant,
    settings: InFlightSettings,
    http_status: Option<u16>,
    grpc_status: Option<u16>,
    /// Taken where it is known before the end.
    duration: Option<Duration>,
    has_ended: bool,
}

/// What the options say of how a request is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InFlightSettings {
    pub(crate) is_tracked: bool,
    pub(crate) duration: RequestDuration,
    pub(crate) is_grpc: bool,
    /// Whether its answer has no body, whatever it says.
    pub(crate) is_head: bool,
}

/// gRPC's number for a method that nobody implements.
const UNIMPLEMENTED: u16 = 12;

impl InFlight {
    pub(crate) fn new(handle: RequestHandle, settings: InFlightSettings) -> Self {
        Self {
            handle,
            started: Instant::now(),
            settings,
            http_status: None,
            grpc_status: None,
            duration: None,
            has_ended: false,
        }
    }

    /// The request's handle.
    #[must_use]
    pub fn handle(&self) -> &RequestHandle {
        &self.handle
    }

    /// Tracks an error that the answer carries, with the request's scope.
    pub fn track_error(&self, error: &Exception) {
        self.handle.tracker().track(error);
    }

    /// Tells that the answer's headers are there. The request goes on if its body is to be waited for: it is given
    /// back then, and is to end with the body.
    ///
    /// `grpc_status` is the value of the header `grpc-status`, which an answer without a body has.
    #[must_use = "what is dropped counts as cancelled"]
    pub fn answered(mut self, http_status: u16, grpc_status: Option<&[u8]>) -> Option<Self> {
        self.http_status = Some(http_status);
        self.set_grpc_status(grpc_status);
        let has_body = !self.settings.is_head && !matches!(http_status, ..200 | 204 | 304);
        let awaits_trailers = self.settings.is_grpc && self.grpc_status.is_none();
        if self.settings.duration == RequestDuration::ToHeaders {
            self.duration = Some(self.started.elapsed());
        }
        let awaits_body = self.settings.duration == RequestDuration::ToEnd;
        if has_body && (awaits_trailers || awaits_body) {
            return Some(self);
        }
        self.end(RequestOutcome::Answered);
        None
    }

    /// Notes the value of `grpc-status` in a body's trailers.
    pub fn set_grpc_status(&mut self, value: Option<&[u8]>) {
        let status = value.and_then(|value| str::from_utf8(value).ok()?.trim().parse().ok());
        if self.settings.is_grpc && status.is_some() {
            self.grpc_status = status;
        }
    }

    /// Tells that the body has ended.
    pub fn completed(mut self) {
        self.end(RequestOutcome::Answered);
    }

    /// Tells that there is an error instead of an answer, or of the rest of one.
    pub fn failed(mut self) {
        self.end(RequestOutcome::Failed);
    }

    fn end(&mut self, outcome: RequestOutcome) {
        if std::mem::replace(&mut self.has_ended, true) || !self.settings.is_tracked {
            return;
        }
        let duration = self.duration.unwrap_or_else(|| self.started.elapsed());
        let (http_status, grpc_status) = (self.http_status, self.grpc_status);
        let event = HttpRequest { outcome, http_status, grpc_status, duration };
        let tracker = self.handle.tracker();
        if grpc_status == Some(UNIMPLEMENTED) {
            // What was called is nothing that the service has: the client made it up.
            return tracker.clone().with(ROUTE, Value::Null).track(event);
        }
        tracker.track(event);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A second panic, a mock sink's say, would end the process.
            catch_panic(|| self.end(RequestOutcome::Panicked));
        } else {
            self.end(RequestOutcome::Cancelled);
        }
    }
}
