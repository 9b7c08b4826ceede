//! The HTTP interface. A handler does what was asked, then tracks that it was done.

mod agents;
mod feed;
mod headers;
mod health;
mod messages;
mod problem;
mod tools;
mod tracked;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, post};
use product_analytics::Analytics;

use crate::domain::{Feed, Library};

/// The property `source` of every event of this service.
const SOURCE: &str = "chat_copilot";

/// What the handlers share. Cheap to clone.
#[derive(Clone, Debug)]
struct App {
    analytics: Analytics,
    feed: Feed,
    library: Library,
}

/// The service's routes, tracking to `analytics`.
///
/// A request says its session in `x-session-id`, and its user in `x-user-id` where there is one: a gateway in front
/// of the service has signed users in.
pub fn router(analytics: &Analytics) -> Router {
    let app = App { analytics: analytics.with("source", SOURCE), feed: Feed::new(), library: Library::shipped() };
    Router::new()
        .route("/messages", post(messages::send))
        .route("/tools/{tool_name}", post(tools::call))
        .route("/agents/{library_agent_id}/runs", post(agents::run))
        .route("/agents/{library_agent_id}/schedules", post(agents::schedule))
        .route("/agents/{library_agent_id}/triggers", post(agents::set_up_trigger))
        .route("/feed", get(feed::read))
        .route("/health", get(health::read))
        .with_state(app)
}

impl FromRef<App> for Analytics {
    fn from_ref(app: &App) -> Self {
        app.analytics.clone()
    }
}

impl FromRef<App> for Feed {
    fn from_ref(app: &App) -> Self {
        app.feed.clone()
    }
}

impl FromRef<App> for Library {
    fn from_ref(app: &App) -> Self {
        app.library
    }
}
