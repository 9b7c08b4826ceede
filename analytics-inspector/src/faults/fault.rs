//! What goes wrong, and how often.

use std::time::Duration;

/// Something that goes wrong with a request on a capture route.
///
/// A fault happens [once](Self::times) unless told otherwise. Faults happen in the order in which
/// they were [injected](crate::Inspector::inject), each until it is used up.
///
/// ```
/// use analytics_inspector::Fault;
/// use std::time::Duration;
///
/// let busy = Fault::status(503).with_header("Retry-After", "2").times(3);
/// let slow = Fault::delay(Duration::from_millis(300)).always();
/// let hung = Fault::never_answer();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(crate) course: Course,
    pub(crate) delay: Duration,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// How often it still happens; `None` for always.
    pub(crate) left: Option<u64>,
}

/// What becomes of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// It is answered as it deserves.
    Normal,
    /// It is answered with this status, whatever it carries.
    Status(u16),
    /// It is read and never answered.
    NeverAnswered,
}

impl Fault {
    /// Answers with this status whatever the request carries.
    ///
    /// The events count as accepted if the status is a 2xx. HTTP has final statuses from 200 to
    /// 999; any other is answered as a 500 that says so.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::of(Course::Status(status))
    }

    /// Answers as usual, but only after this delay. Should the client leave before, the request
    /// counts as never answered and its events as not accepted.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::of(Course::Normal).with_delay(delay)
    }

    /// Reads the request and never answers, as long as the client keeps the connection open.
    #[must_use]
    pub fn never_answer() -> Self {
        Self::of(Course::NeverAnswered)
    }

    fn of(course: Course) -> Self {
        Self { course, delay: Duration::ZERO, headers: Vec::new(), body: None, left: Some(1) }
    }

    /// Waits this long before the answer. Default: not at all.
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

    /// Answers with this body in place of the usual one.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Happens to this many requests. Default 1; 0 is never.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.left = Some(times);
        self
    }

    /// Happens to every request until the faults are cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }
}
