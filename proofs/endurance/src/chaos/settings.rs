//! Settings at random, small enough for their limits to be met.

use std::time::Duration;

use analytics_posthog::{Compression, Overflow, PostHogConfig, Protocol, SuspectAnswers};
use fastrand::Rng;

use crate::harness::fixture::{config, count};
use crate::unmet::Unmet;

pub(super) fn random(rng: &mut Rng, url: &str) -> Result<PostHogConfig, Unmet> {
    let mut config = config(url)?;
    config.options.protocol = if rng.bool() { Protocol::V0 } else { Protocol::V1 };
    config.options.compression = if rng.bool() { Compression::Gzip } else { Compression::None };
    config.options.compress_from = rng.usize(0..4_096);
    config.options.suspect_answers = if rng.bool() { SuspectAnswers::Accept } else { SuspectAnswers::Retry };
    config.options.limits.bytes = rng.choice([4_096, 900 * 1024]).unwrap_or(4_096);
    let millis = |rng: &mut Rng, from: u64, to: u64| Duration::from_millis(rng.u64(from..to));
    let delivery = &mut config.delivery;
    delivery.queue_events = count(rng.choice([3, 200, 1_000, 10_000]).unwrap_or(200));
    delivery.queue_bytes = count(rng.choice([32 << 10, 256 << 10, 16 << 20]).unwrap_or(256 << 10));
    delivery.batch_events = count(rng.usize(1..60));
    delivery.batch_bytes = count(rng.choice([2 << 10, 20 << 10, 1 << 20]).unwrap_or(1 << 20));
    delivery.flush_at = count(rng.usize(1..60));
    delivery.flush_interval = millis(rng, 1, 200);
    delivery.overflow = if rng.bool() { Overflow::DropNewest } else { Overflow::DropOldest };
    delivery.in_flight = count(rng.usize(1..5));
    delivery.request_timeout = millis(rng, 30, 300);
    delivery.max_age = rng.choice([Duration::from_millis(150), Duration::from_secs(3_600)]).unwrap_or(Duration::MAX);
    delivery.max_retries = rng.choice([None, None, Some(0), Some(2)]).flatten();
    Ok(config)
}
