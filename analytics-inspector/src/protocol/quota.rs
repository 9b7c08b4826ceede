//! What is answered to a project whose quota is used up.

use axum::http::StatusCode;

use super::outcome::{EventVerdict, Outcome};
use super::reply::Reply;
use super::v1;
use crate::loss::LossReason;

/// The answer of v0, which is a success.
const QUOTA_LIMITED: &str = r#"{"status":"Ok","quota_limited":["events"]}"#;

/// What becomes of a request over quota. `status` is that of v1; v0 has no other than 200.
///
/// The server looks at quotas when it has read a request, so what is refused is refused all the same.
pub(crate) fn exceeded(outcome: Outcome, status: StatusCode) -> Outcome {
    match outcome {
        Outcome::Refused { .. } => outcome,
        // With all of its events dropped there is nothing left to be over a quota.
        Outcome::Judged { ref verdicts, .. } if !verdicts.iter().any(EventVerdict::is_accepted) => outcome,
        Outcome::Accepted { reply, .. } => Outcome::Refused {
            reply: reply.replaced_by(Reply::json(StatusCode::OK, QUOTA_LIMITED)),
            loss: LossReason::BillingLimitExceeded,
            reason: "over quota: a success, and yet no event is stored".to_owned(),
        },
        Outcome::Judged { headers, .. } => Outcome::from(v1::billing_limit_exceeded(status)).with_headers(headers),
    }
}
