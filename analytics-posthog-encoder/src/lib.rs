//! A record in PostHog's JSON, without I/O.
//!
//! `analytics-posthog` sends what this writes. The testkit's recording sink asks it what production would refuse and
//! leave out, so that a test is no more lenient than the backend. A service needs neither by name.
//!
//! What PostHog would answer with a 200 and then lose is refused here, or left out and told: see
//! [`PostHogEncoder::encode`].

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod actor;
mod lifted;
mod names;
mod options;
mod person;
mod protocol;
mod standard;
mod value_kind;
mod weight;

mod config;
mod cookieless;

mod context;
mod group;
mod lane;

mod properties;
mod read_back;

mod encoder;

pub use self::config::{EncoderConfig, MAX_AI_EVENT_BYTES, PersonProfiles};
pub use self::encoder::{LIBRARY, LIBRARY_VERSION, PostHogEncoder, SDK, uuid_of};
pub use self::options::EventOptions;
pub use self::protocol::{AI_PATH, AI_PATH_V1, Protocol};
pub use self::read_back::{ReadBack, standard_event, standard_key};
