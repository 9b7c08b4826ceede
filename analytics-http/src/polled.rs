//! A request as whoever polls for its end holds it.

use std::task::Poll;

use crate::in_flight::InFlight;

/// A request as whoever polls for its end holds it: the future of an answer, or the answer's body. None where the
/// request has ended, or was never read.
#[derive(Debug, Default)]
pub struct Polled {
    in_flight: Option<InFlight>,
    /// What is to come of a body whose length is known: who writes it asks for no more.
    bytes_left: Option<u64>,
}

impl Polled {
    /// A request whose answer is to come.
    #[must_use]
    pub fn new(in_flight: Option<InFlight>) -> Self {
        Self { in_flight, bytes_left: None }
    }

    /// A request whose answer's body is to come, of so many bytes if that is known. It ends at once where there are
    /// none.
    #[must_use]
    pub fn body(in_flight: Option<InFlight>, bytes: Option<u64>) -> Self {
        let mut polled = Self { in_flight, bytes_left: bytes };
        polled.sent(0);
        polled
    }

    /// Polls for what the request waits for. The request is given out with it, for the caller to give back what of it
    /// goes on. Where `poll` panics the request ends with that, even if somebody outside catches the panic.
    pub fn poll<T>(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<(T, Option<InFlight>)> {
        // It is dropped in here while the panic unwinds.
        let in_flight = self.in_flight.take();
        match poll() {
            Poll::Ready(value) => Poll::Ready((value, in_flight)),
            Poll::Pending => {
                self.in_flight = in_flight;
                Poll::Pending
            }
        }
    }

    /// Takes back a request that goes on.
    pub fn go_on(&mut self, in_flight: Option<InFlight>) {
        self.in_flight = in_flight;
    }

    /// Counts bytes of the body, and ends the request with the last.
    pub fn sent(&mut self, bytes: usize) {
        if let Some(left) = &mut self.bytes_left {
            *left = left.saturating_sub(bytes as u64);
            if *left == 0 {
                self.completed();
            }
        }
    }

    /// Tells that the body has ended.
    pub fn completed(&mut self) {
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.completed();
        }
    }

    /// Tells that the body broke off.
    pub fn failed(&mut self) {
        if let Some(in_flight) = self.in_flight.take() {
            in_flight.failed();
        }
    }

    /// Notes the value of `grpc-status` in a body's trailers.
    pub fn set_grpc_status(&mut self, value: Option<&[u8]>) {
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.set_grpc_status(value);
        }
    }
}
