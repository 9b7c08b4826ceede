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
//! alike, and it listens on `127.0.0.1` only.
//!
//! # What it speaks
//!
//! `POST` on `/batch`, `/i/v0/e`, `/e`, `/capture`, `/track` and `/engage`, each with or without a
//! trailing slash, accepted and refused as PostHog's capture source does it: one unreadable event,
//! an empty name or a missing `distinct_id` costs the whole request. Bodies are JSON, plain or gzip.
//! Base64, lz-string and form-encoded bodies, which only browsers send, are not read.
//!
//! # JSON API
//!
//! For people, scripts and tests in other languages. The `Host` header (and `Origin`, when there is
//! one) must name a loopback address, else the answer is 403, so that no web page reads along.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/events?name=&actor=&text=&limit=&offset=` | `{"matching": n, "events": […]}`, oldest first. `name` and `actor` match exactly, `text` anywhere in the JSON, without regard to case. `limit` defaults to 100 |
//! | `GET /api/requests?limit=&offset=` | `{"matching": n, "requests": […]}`, oldest first |
//! | `GET /api/counts` | the [`Totals`] |
//! | `POST /api/reset` | 204; forgets all that was received, faults stay armed |
//! | `GET /api/faults` | `{"faults": […]}`, the next one first |
//! | `POST /api/faults` | 204; arms one: `{"status": 503, "headers": {"Retry-After": "2"}, "body": "…", "times": 3}`, `{"delay_ms": 500, "always": true}`, `{"never_answer": true}` |
//! | `DELETE /api/faults` | 204; disarms all |
//! | `GET /api/health` | `{"status": "ok"}` |

mod api;
mod faults;
mod inspector;
mod options;
mod protocol;
mod server;
mod shared;
mod store;

pub use faults::Fault;
pub use inspector::Inspector;
pub use options::{DEFAULT_CAPACITY, DEFAULT_CAPACITY_BYTES, InspectorOptions};
pub use store::{ReceivedEvent, ReceivedRequest, Totals};
