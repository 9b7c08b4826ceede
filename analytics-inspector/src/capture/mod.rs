//! The routes that events are sent to: what is read, judged and remembered, and what a fault makes of it.

mod exchange;
mod flags;
mod v0;
mod v1;

use std::sync::Arc;

use axum::Router;

use crate::shared::Shared;

/// The capture routes of both protocols, and those of the feature flags.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    v0::routes().merge(v1::routes()).merge(flags::routes())
}
