//! How the service is doing, for those who watch it.

use axum::Json;
use axum::extract::State;
use product_analytics::Analytics;
use serde_json::{Value, json};

/// `GET /health`: that the service answers, and how its analytics is doing.
///
/// The status is 200 also while events cannot be sent: nothing that users do depends on it, so it is no reason to take
/// the service out of traffic.
pub(super) async fn read(State(analytics): State<Analytics>) -> Json<Value> {
    Json(json!({ "status": "ok", "analytics": analytics.health().to_string() }))
}
