//! A chat copilot over HTTP that tracks what its users do: analytics in a whole service.
//!
//! ```sh
//! cargo run --bin chat_service            # events go where the environment says
//! cargo run --bin chat_service -- --demo  # a recorded conversation, and proof that every event arrived
//! ```
//!
//! | to see | read |
//! |---|---|
//! | analytics built at start-up, and shut down within a bound | [`run`](run()) |
//! | analytics passed down, and who did it taken from the request | [`router`], `app/tracked.rs` |
//! | events tracked once what they tell of has succeeded | `app/agents.rs` |
//! | how analytics is doing, shown by a health check | `app/health.rs` |
//! | a backend chosen in code, not by the environment | [`demo`](demo()) |
//! | a handler's events in a test | `tests/it/events.rs` |

// Each group uses only what stands in those above it.
mod domain;
mod serve;
mod settings;
mod signals;

mod app;

mod demo;
mod run;

#[cfg(doctest)]
#[path = "../guides.rs"]
mod guides;

pub use crate::app::router;
pub use crate::demo::{DemoError, Outcome, demo};
pub use crate::run::{RunError, run};
pub use crate::serve::{Grace, serve};
pub use crate::settings::{DEFAULT_GRACE, DEFAULT_PORT, InvalidSetting, Settings};
