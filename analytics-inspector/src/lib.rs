//! A local server that speaks PostHog's capture protocol, remembers what it received and fails on
//! demand: the double behind tests of delivery, and a window on what a service really sends.
//!
//! ```
//! use analytics_inspector::{Fault, Inspector, InspectorOptions};
//!
//! # fn main() -> std::io::Result<()> {
//! let inspector = Inspector::start(InspectorOptions::default())?;
//! inspector.inject(Fault::status(503).with_header("Retry-After", "2").times(3));
//!
//! // Point the code under test at `inspector.url()`, then:
//! assert!(inspector.events().is_empty());
//! assert_eq!(inspector.totals().requests, 0);
//! # Ok(())
//! # }
//! ```
//!
//! It runs on a thread and a runtime of its own, so it serves synchronous and asynchronous tests
//! alike, and it listens on `127.0.0.1` only, unless [told otherwise](InspectorOptions::with_address).
//!
//! # What it speaks
//!
//! Accepted, refused and answered as PostHog's [capture source] does it; each path with or without a
//! trailing slash.
//!
//! - v0 on `/batch`, `/i/v0/e`, `/e`, `/capture`, `/track` and `/engage`: one unreadable
//!   event, an empty name or a missing `distinct_id` costs the whole request. JSON in the body or in `data`
//!   of the query or of a form; plain, gzip or base64. Not lz-string.
//! - v1 on `/i/v1/analytics/events` and, for AI events, `/i/v1/ai/events`: required
//!   headers; gzip, deflate, br and zstd; a verdict for each event, by uuid. Properties are looked at as far as their
//!   first byte, options are coerced, and an event under an id such as `null` is stored without a person. PostHog has
//!   this route only where it is switched on; `Fault::status(404).always()` plays the others.
//! - `/i/v0/ai/batch`: v0, for AI events and no others.
//! - `/flags` and `/decide`: no flags, so that full SDKs start. These are no capture requests.
//!
//! Capture routes let any web page send, as PostHog's do; the JSON API lets none in but its own.
//!
//! A 200 here is no more proof of storage than it is there. What an event itself says about its being lost
//! later, [`ReceivedEvent::silently_dropped`] tells.
//!
//! # Faults
//!
//! A [`Fault`] says what goes wrong: any status, headers and body; a quota used up; delay, no answer, an answer byte by
//! byte or without end; a reset before, during or after the request, or after its events were accepted; a connection
//! closed, or refused; verdicts on single events. It says with whom: the next so many requests, all for a time, a share
//! of them by lot, those over a size, those with a marker. Several compose in the order of injection, and
//! [`Inspector::faults`] reports how often each has acted.
//!
//! With the feature `tls` it speaks TLS with a certificate that is good, self-signed, expired or another
//! host's (`InspectorOptions::with_tls`).
//!
//! # The page
//!
//! `GET /` shows to a browser what arrives: a live feed, each event as it was on the wire and as an assertion
//! to copy into a test, an actor's journey from anonymous to known, counts, and buttons for the usual faults.
//! It is one file of HTML, with a style and plain scripts; it loads nothing from elsewhere, and it is served to
//! the callers of the API only. What lies below `/page` and `/api/page` is its own and may change.
//!
//! # Who may do what
//!
//! | who | sends events | reads the page and the API | arms faults, resets |
//! |---|---|---|---|
//! | a program on this machine | yes | yes, under a loopback name or an [allowed one](InspectorOptions::with_allowed_host) | yes, likewise |
//! | the inspector's own page in a browser on this machine | – | yes | yes |
//! | a page of another origin, on another port of this machine too | yes | no: 403, or an answer that it cannot read | no: 403 |
//! | a caller from elsewhere | yes | with the [token](Inspector::token), else 401 | with the token, else 401 |
//!
//! To send events takes a project key, of which any will do, as on PostHog's routes: whoever reaches the port may send.
//! For all else the address of the caller's socket decides; no header does, neither `Host` nor `X-Forwarded-For`, so a
//! proxy on this machine makes local callers of all that it serves. A program brings the token as `Authorization:
//! Bearer TOKEN`; a browser opens `/?token=TOKEN` once, gets a cookie for it and goes on without the token in its
//! address.
//!
//! # What it puts up with
//!
//! However many clients misbehave, and on purpose too, the page goes on to answer and memory stays bounded; the numbers
//! are in [`Limits`].
//!
//! - A connection that sends no whole head in its time, or no further request, is closed. There is a number of
//!   connections; one more takes the place of the one that has waited longest. A head of more than 64 KiB is answered
//!   431.
//! - A body that stops coming, or takes too long, is answered 408. Bodies are decoded and judged on threads of their
//!   own, each within a time; what takes longer, or has no room beside the others in hand, is answered 503.
//! - A client that does not read its answer is cut off, and one that does not read its stream too; what it then missed
//!   it learns from `missed` when it comes back. `readers_dropped` counts those of the API.
//! - Events and requests beyond the [capacity](InspectorOptions::with_capacity) are forgotten, the oldest first. Names
//!   are counted one by one up to 10,000 and to 200 characters of each, others together in `other_names`. By the API at
//!   most 1,000 faults are armed, 409 beyond that.
//!
//! # JSON API
//!
//! For people, scripts and tests in other languages.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/events?name=&actor=&text=&limit=&offset=` | `{"matching": n, "events": […]}`, oldest first. `name` and `actor` match exactly, `text` anywhere in the JSON, without regard to case. `limit` defaults to 100. `silently_dropped` says why PostHog would lose the event, `personless` that it would store it without a person |
//! | `GET /api/events?filter=&format=jsonl` | the events that meet every term of `filter`, as the page's box takes them: `items>3 plan!=free -name:page_viewed actor:u1 uuid:018f… is:duplicate`. Terms stand between spaces, a value with spaces in double quotes; a minus before a term negates it; `…` stands for a part that was left out of an id. 400 with a sentence for what cannot be understood. With `format=jsonl` all of them, one a line, as they were received |
//! | `GET /api/stream?name=&actor=&text=&since=&refused=` | new events as they are accepted, and those from number `since` on; with `refused=true` refused requests among them, whatever the filter, as `{"refused": {…}}`, a line or the event `refused`: a JSON object a line; `format=human`: a line of at most 1 KiB for people, fit for a [terminal]; `format=sse` or `Accept: text/event-stream`: server-sent events, which resume with `Last-Event-ID`. What was forgotten before it could be read is counted in `missed` |
//! | `GET /api/requests?limit=&offset=&bodies=` | `{"matching": n, "requests": […]}`, oldest first; with `bodies=true` the inflated bodies as text |
//! | `GET /api/requests/NUMBER` | one request with its body |
//! | `GET /api/oracle?repeated=&limit=&offset=` | the remembered events as PostHog's storage merges them, by day, name, actor and uuid, in the order of first arrival: `{"unique": n, "duplicates": n, "complete": true, "matching": n, "rows": [{"day": "2026-01-02", "event": "…", "distinct_id": "…", "uuid": "…", "requests": [1, 3]}]}`; with `repeated=true` only the rows that arrived more than once |
//! | `GET /api/problems?limit=&offset=` | what was sent and is not stored, the newest first: `{"matching": n, "complete": true, "problems": [{"request": 3, "status": 200, "endpoint": null, "event": "$identify", "uuid": "…", "distinct_id": "u1", "reason": "person_event_without_profile", "details": null, "fix": "Leave …"}]}`; see [below](#what-is-a-problem) |
//! | `GET /api/counts` | the [`Totals`] |
//! | `POST /api/reset` | 204; forgets all that was received, faults stay armed |
//! | `GET /api/faults` | `{"faults": […], "finished": […]}`, the next one first, each with its `id`, `acted` and what is left of `times` |
//! | `POST /api/faults` | 204; arms one, see below; 409 when there are 1,000 |
//! | `DELETE /api/faults` | 204; disarms all |
//! | `DELETE /api/faults/{id}` | 204; disarms one and forgets what it did; 404 if there is none |
//! | `GET /api/health` | `{"status": "ok"}` |
//!
//! ## What is a problem
//!
//! An event that PostHog would lose after its 200 ([`ReceivedEvent::silently_dropped`], or another one under the same
//! day, name, actor and uuid, which storage merges with it); an event without `ok` or `warning` among the verdicts of
//! v1; an event of a request that was refused, or broken off by a fault once its body was there; and a refused request
//! in which no event can be read, with its `endpoint`. An event that came again as it was is none.
//!
//! A refusal that a retry made good is none either: its sender did what it is there for. An event is known again by its
//! uuid, which no accepted event of the whole run may have, or, without one, by its text in a later request. Of an
//! event that was refused several times the last one counts.
//!
//! `reason` is a word that stays the same, `fix` one sentence that says what to change, `details` what the refusal
//! said. The newest 10,000 are told. `complete` is `false` once something was forgotten that may have been one.
//!
//! ## Faults
//!
//! A fault is an object with one of these: `"status": 503`; `"over_quota": 402` (or 429); `"never_answer": true`;
//! `"reset": "before"`, `"during"` (with `"after_body_bytes": n`), `"after"` or `"after_accepting"`; `"verdict":
//! "drop"`, `"retry"` or `"warning"` (with `"details"`); `"refuse_connections": true` (with `"during_ms"`). An answer,
//! with a status or as it would be, takes `"headers": {}`, `"body": "…"`, `"delay_ms"`, and one of `"byte_by_byte_ms"`,
//! `"endless_body": true`, `"close": true`. It is for `"times": 1` request unless there is another number, `"always":
//! true`, `"during_ms"` or `"share": 0.1` (with `"seed"`), and only for those with `"wire_bytes_over"`,
//! `"content_bytes_over"`, `"body_contains"`.
//!
//! [capture source]: https://github.com/PostHog/posthog/tree/master/rust/capture

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod access;
mod attached;
mod budget;
mod faults;
mod gate;
mod limits;
mod loss;
pub mod terminal;
mod time;
#[cfg(feature = "tls")]
mod tls;
mod wire;
mod workers;

mod received;

mod options;
mod protocol;
mod store;

mod filter;

mod shared;

mod api;
mod capture;

mod page;

mod server;

mod inspector;

pub use faults::{Fault, FaultReport, Verdict};
pub use inspector::Inspector;
pub use limits::Limits;
pub use options::{DEFAULT_CAPACITY, DEFAULT_CAPACITY_BYTES, InspectorOptions};
pub use received::{ReceivedEvent, ReceivedRequest};
pub use store::{Oracle, OracleRow, Problem, Problems, Totals};
#[cfg(feature = "tls")]
pub use tls::TlsCertificate;
