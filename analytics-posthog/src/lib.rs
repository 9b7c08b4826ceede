//! The PostHog backend: typed events to PostHog's capture API.
//!
//! ```no_run
//! use analytics_core::{Actor, Analytics, CopilotEvent};
//! use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = PostHogConfig::new(ApiKey::parse("phc_…")?, Host::parse("eu")?);
//! let analytics = Analytics::new(PostHogSink::spawn(config)?).with("environment", "production");
//! analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 12 });
//! analytics.shutdown_blocking(std::time::Duration::from_secs(10));
//! # Ok(())
//! # }
//! ```
//!
//! Services get this sink through `product-analytics`, which reads the key and the host from the environment. In a test
//! process it does not start, unless the server is on this machine: test events do not belong in a project.
//!
//! # On the wire
//!
//! Events go to `POST {host}/batch/`, [PostHog's capture endpoint](https://posthog.com/docs/api/capture), as gzipped
//! JSON, or with [`Protocol::V1`] to `POST {host}/i/v1/analytics/events`, whose answer has a verdict for each event:
//! one that is dropped is counted under its reason, one that could not be stored is sent again with its batch, which
//! keeps its request id and counts its attempts. Not every deployment has that endpoint; the others answer 404. Each
//! carries a UUID v7 seeded from its own time, so that PostHog can merge repeats; `sent_at` is the time of each
//! attempt, from which PostHog works out the skew of the clock. A server's events say `$geoip_disable` (its address is
//! not the user's) and `$is_server`.
//!
//! **Model calls.** Events in [`Lane::Ai`](analytics_core::Lane::Ai), as
//! [`AiGeneration`](analytics_core::AiGeneration), go to `POST {host}/i/v0/ai/batch/` in v0's form, whatever the
//! protocol: one may have 8 MiB, and a request about 5 MiB. They have a queue, a back-off and requests of their own.
//! The names of all begin with `$ai_`: one that does not is refused at once, since PostHog would refuse its whole
//! request. No event is sent there for its name.
//!
//! **Persons.** Events of actors that are no users say `$process_person_profile: false`: they cost less and make no
//! person. [`PersonProfiles::Always`] turns that off. An event that sets a person's properties never says it.
//!
//! **What a 200 means.** PostHog answers 200 as soon as it has queued a batch. Events of a key that no project of that
//! region owns, and events over a project's quota, get a 200 as well: `delivered` in the ledger is the server's word
//! that it took them, not that they are stored. A 200 with a body that is not PostHog's, a login page say, is counted
//! as [`suspect`](analytics_core::Traffic::suspect); [`SuspectAnswers`] says what becomes of the events.
//!
//! **A wrong key.** A 401 or 403 drops the request's events as
//! [`Unauthorized`](analytics_core::DropReason::Unauthorized), and from then on one request a minute asks again. Events
//! that wait stay; a flush or a shutdown meanwhile drops them at once, for the same reason.
//!
//! **Another key without a restart.** Of a key that [came from a file](PostHogConfig::key_file) the file is read again
//! once a minute while batches are sent, and whenever the server refuses the key: then the same events are sent again
//! at once with another one that the file has. So a key is replaced by first writing the file, and then revoking the
//! old one. A server that answers 200 to a key that no project owns refuses nothing: there, revoke it once the log says
//! `the file of the key has another one`. No batch waits for the file, a refused one for 3 seconds at most.
//!
//! # Proxies
//!
//! An `https` host is reached through the proxy of `HTTPS_PROXY`, else `ALL_PROXY`, in capitals or not, unless
//! `NO_PROXY` names the host; user and password in the proxy's URL are sent to the proxy. It sees a `CONNECT` with the
//! host's name and then ciphertext, never the key. A host on this machine and any host without TLS pass by all proxies.
//! Where `REQUEST_METHOD` is set (CGI) no proxy is used; SOCKS is not supported. A client of your own
//! (`PostHogConfig::with_client`) brings its own proxies.
//!
//! # Features
//!
//! `rustls` (default), `rustls-no-provider`, `native-tls`: where TLS comes from. Without any, only loopback hosts and
//! hosts behind [`Host::parse_allowing_http`] can be reached. `zstd`: requests compressed with zstd, in v1. `metrics`:
//! the ledger and the batches through the crate `metrics`. `bundled-roots`: Mozilla's roots in the executable, in place
//! of the system's, for containers that have none. It brings no TLS itself; it goes with any of the three.
//! `reqwest-client`: a client of the service's own, by `PostHogConfig::with_client`; its type is that of reqwest 0.13.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod test_process;
mod text;

mod api_key;
mod error;
mod host;

mod config;

mod encoder;
mod transport;

mod key_check;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod sink;

pub use analytics_delivery::{
    AttemptResult, BatchReport, DeliveryConfig, DroppedEvent, Health, Observers, Order, Overflow, SinkSnapshot,
};
pub use analytics_posthog_encoder::{EventOptions, PersonProfiles, Protocol};

pub use self::api_key::{ApiKey, InvalidApiKey, KeyFileError};
pub use self::config::{Compression, PostHogConfig, PostHogOptions, SuspectAnswers};
pub use self::error::PostHogError;
pub use self::host::{DEFAULT_HOST, Host, InvalidHost, Region};
pub use self::key_check::KeyVerdict;
pub use self::sink::PostHogSink;
pub use self::test_process::TestProcess;
pub use self::text::InvalidText;
