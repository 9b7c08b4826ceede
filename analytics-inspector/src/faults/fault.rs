//! What goes wrong, with whom, and how often.

use std::time::Duration;

use bytes::Bytes;

use super::condition::Condition;
use super::effect::{Delivery, FaultEffect, ResetAt, Verdict};
use super::schedule::Schedule;
use super::share::Share;

/// Something that goes wrong with a request on a capture route.
///
/// A fault happens [once](Self::times) unless told otherwise. A request meets the first fault, in the
/// order in which they were [injected](crate::Inspector::inject), that has occasions and time left, that
/// draws it by lot (if it is [for a share](Self::for_share)) and whose conditions it meets. So faults for
/// all requests follow one another, and faults for some requests let the others pass to the next.
///
/// ```
/// use analytics_inspector::Fault;
/// use std::time::Duration;
///
/// let busy = Fault::status(503).with_header("Retry-After", "2").times(3);
/// let slow = Fault::delay(Duration::from_millis(300)).always();
/// let flaky = Fault::reset_after_request().for_share(0.1);
/// let down = Fault::refuse_connections().during(Duration::from_secs(3));
/// let strict = Fault::status(413).if_wire_bytes_exceed(20_000).always();
/// let poisoned = Fault::status(400).if_body_contains("poison").always();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(crate) effect: FaultEffect,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) delivery: Delivery,
    pub(crate) condition: Condition,
    pub(crate) schedule: Schedule,
}

impl Fault {
    /// Answers with this status whatever the request carries.
    ///
    /// The events count as accepted if the status is a 2xx. HTTP has final statuses from 200 to
    /// 999; any other is answered as a 500 that says so. A 400, a 401 and a 402 have a body in
    /// PostHog's words, others none.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::of(FaultEffect::Status(status))
    }

    /// Answers with this status (301, 302, 303, 307 or 308, say) and this `Location`.
    #[must_use]
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::status(status).with_header("Location", location)
    }

    /// Answers as PostHog does for a project whose quota is used up, and stores nothing.
    ///
    /// By v1 that is `billing_limit_exceeded` with this status, 402 or 429; with 429 comes
    /// `Retry-After: 1`, as versions of the server had it for which this is no reason to come again either. Any other
    /// status is answered as a 500 that says so. By v0 it is a 200 that says `quota_limited`. A
    /// request that would be refused is refused all the same. Single events over a quota are a
    /// [verdict](Self::verdict) with [details](Self::with_details), such as `exceptions_over_quota`.
    #[must_use]
    pub fn over_quota(status: u16) -> Self {
        Self::of(FaultEffect::OverQuota(status))
    }

    /// Answers as usual, but only after this delay. Should the client leave before, the request
    /// counts as never answered and its events as not accepted.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::of(FaultEffect::Normal).with_delay(delay)
    }

    /// Reads the request and never answers, as long as the client keeps the connection open.
    #[must_use]
    pub fn never_answer() -> Self {
        Self::of(FaultEffect::NeverAnswered)
    }

    /// Answers as usual, but [byte by byte](Self::with_byte_by_byte).
    #[must_use]
    pub fn byte_by_byte(interval: Duration) -> Self {
        Self::of(FaultEffect::Normal).with_byte_by_byte(interval)
    }

    /// Answers as usual, but with a body that [has no end](Self::with_endless_body).
    #[must_use]
    pub fn endless_body() -> Self {
        Self::of(FaultEffect::Normal).with_endless_body()
    }

    /// Answers as usual, and then closes the connection, which the answer
    /// [did not announce](Self::with_close).
    #[must_use]
    pub fn close_after_reply() -> Self {
        Self::of(FaultEffect::Normal).with_close()
    }

    /// Resets the connection as soon as the head of the request tells what it is, before its body is
    /// read. Nothing of it is judged.
    #[must_use]
    pub fn reset_before_request() -> Self {
        Self::of(FaultEffect::Reset(ResetAt::BeforeBody))
    }

    /// Resets the connection once this many bytes of the body have been read, or all of it if it is
    /// smaller. Nothing of it is judged.
    #[must_use]
    pub fn reset_during_request(body_bytes: u64) -> Self {
        Self::of(FaultEffect::Reset(ResetAt::BodyBytes(body_bytes)))
    }

    /// Reads and judges the whole request, accepts nothing, and resets the connection in place of an
    /// answer.
    #[must_use]
    pub fn reset_after_request() -> Self {
        Self::of(FaultEffect::Reset(ResetAt::End))
    }

    /// Accepts the events that deserve it, and then resets the connection in place of an answer: what
    /// the client has to send again, the server has already.
    #[must_use]
    pub fn accept_then_reset() -> Self {
        Self::of(FaultEffect::AcceptedThenReset)
    }

    /// Stops listening and resets the connections that capture requests came over. Nobody else gets the
    /// port meanwhile, on Unix.
    ///
    /// For as long as told by [`during`](Self::during), else until the faults are cleared. The JSON API
    /// is not reachable either, except over connections that it already has. A number of
    /// [times](Self::times), a share and conditions mean nothing here.
    #[must_use]
    pub fn refuse_connections() -> Self {
        Self::of(FaultEffect::Refused).always()
    }

    /// Gives this verdict on events of a v1 request: on those that
    /// [contain a marker](Self::if_body_contains) if there is one, else on all. Other protocols have no
    /// such verdicts.
    ///
    /// A request may meet several of these faults and another one too; the first one gives the verdict on
    /// an event. It happens [once](Self::times) a request, however many events it is about. Delays, headers
    /// and bodies mean nothing here.
    #[must_use]
    pub fn verdict(verdict: Verdict) -> Self {
        Self::of(FaultEffect::Judged { verdict, details: verdict.usual_details().to_owned() })
    }

    fn of(effect: FaultEffect) -> Self {
        Self {
            effect,
            delay: Duration::ZERO,
            headers: Vec::new(),
            body: None,
            delivery: Delivery::Whole,
            condition: Condition::default(),
            schedule: Schedule::default(),
        }
    }

    /// Waits this long before the answer or the reset. Default: not at all.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Adds a header to the answer, in place of any of that name. Default: none.
    ///
    /// A name or value that HTTP does not allow is answered as a 500 that says so.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Answers with this body, text or bytes, in place of the usual one.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into().into());
        self
    }

    /// Sends the answer one byte at a time, head included, with this pause before each byte, and then
    /// closes the connection. The request counts as answered when the first byte is due.
    #[must_use]
    pub fn with_byte_by_byte(mut self, interval: Duration) -> Self {
        self.delivery = Delivery::ByteByByte(interval);
        self
    }

    /// Goes on with the letter `x` after the body, for as long as the client reads.
    #[must_use]
    pub fn with_endless_body(mut self) -> Self {
        self.delivery = Delivery::Endless;
        self
    }

    /// Closes the connection after the answer, as a server does that tidies up idle connections: the
    /// answer does not say `Connection: close`.
    #[must_use]
    pub fn with_close(mut self) -> Self {
        self.delivery = Delivery::ThenClosed;
        self
    }

    /// Gives these details with a [verdict](Self::verdict). Default: `rejected` for a drop,
    /// `not_persisted` for a retry, `person_processing_disabled` for a warning.
    #[must_use]
    pub fn with_details(mut self, text: impl Into<String>) -> Self {
        if let FaultEffect::Judged { details, .. } = &mut self.effect {
            *details = text.into();
        }
        self
    }

    /// Happens only to bodies of more than this many bytes on the wire, compressed if they are.
    #[must_use]
    pub fn if_wire_bytes_exceed(mut self, bytes: usize) -> Self {
        self.condition.wire_bytes_over = Some(bytes);
        self
    }

    /// Happens only to bodies of more than this many bytes once inflated.
    #[must_use]
    pub fn if_content_exceeds(mut self, bytes: usize) -> Self {
        self.condition.content_bytes_over = Some(bytes);
        self
    }

    /// Happens only to bodies with this text somewhere in them, letter for letter, once inflated. A
    /// [verdict](Self::verdict) is given on the events with this text in their JSON.
    #[must_use]
    pub fn if_body_contains(mut self, marker: impl Into<String>) -> Self {
        self.condition.contains = Some(marker.into());
        self
    }

    /// Happens to this many requests. Default 1; 0 is never.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.schedule.times = Some(times);
        self.schedule.is_always = false;
        self
    }

    /// Happens to every request until the faults are cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.schedule.times = None;
        self.schedule.is_always = true;
        self
    }

    /// Happens to every request (or to as many [times](Self::times), or to a
    /// [share](Self::for_share)) for this long.
    ///
    /// The time begins when the fault is injected, or when the last of the faults before it that are for
    /// all requests is over, if that is later. So `a.during(…)` and `b.during(…)` follow one another.
    #[must_use]
    pub fn during(mut self, time: Duration) -> Self {
        self.schedule.during = Some(time);
        self
    }

    /// Happens to this share of all requests, from 0.0 to 1.0, by lot. The lot is the same in every run
    /// with the same [seed](Self::with_seed), request by request from the injection on.
    #[must_use]
    pub fn for_share(mut self, share: f64) -> Self {
        self.schedule.share = Some(Share::new(share));
        self
    }

    /// Draws the lots of [`for_share`](Self::for_share) from this seed. Default 0.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.schedule.seed = seed;
        self
    }

    /// What it is called in the record of a request.
    pub(crate) fn name(&self) -> &'static str {
        match (&self.effect, self.delivery) {
            (FaultEffect::Normal, Delivery::Whole) => "delay",
            (FaultEffect::Normal, Delivery::ByteByByte(_)) => "byte_by_byte",
            (FaultEffect::Normal, Delivery::Endless) => "endless_body",
            (FaultEffect::Normal, Delivery::ThenClosed) => "close",
            (effect, _) => effect.name(),
        }
    }

    /// Whether it takes every request that reaches it, so that those behind it have to wait.
    pub(super) fn is_for_all(&self) -> bool {
        match self.effect {
            FaultEffect::Refused => true,
            FaultEffect::Judged { .. } => false,
            _ => self.schedule.share.is_none() && self.condition.is_empty(),
        }
    }

    /// Whether a verdict is meant for this event.
    pub(crate) fn is_about(&self, json: &str) -> bool {
        self.condition.is_met_by_event(json)
    }
}
