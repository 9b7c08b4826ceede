//! Faults as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault::{Course, Fault};

/// A fault as the JSON API spells it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FaultSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    never_answer: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    always: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl TryFrom<FaultSpec> for Fault {
    type Error = &'static str;

    fn try_from(spec: FaultSpec) -> Result<Self, Self::Error> {
        let fault = match (spec.status, spec.delay_ms, spec.never_answer) {
            (None, None, false) => return Err("needs one of status, delay_ms, never_answer"),
            (Some(_), _, true) => return Err("status and never_answer exclude each other"),
            (None, _, true) => Self::never_answer(),
            (Some(status @ 200..=999), _, false) => Self::status(status),
            (Some(_), _, false) => return Err("status must be from 200 to 999"),
            (None, Some(_), false) => Self::delay(Duration::ZERO),
        };
        let fault = match (spec.times, spec.always) {
            (Some(_), true) => return Err("times and always exclude each other"),
            (None, true) => fault.always(),
            (times, false) => fault.times(times.unwrap_or(1)),
        };
        Ok(Self {
            delay: Duration::from_millis(spec.delay_ms.unwrap_or(0)),
            headers: spec.headers.into_iter().collect(),
            body: spec.body,
            ..fault
        })
    }
}

impl From<Fault> for FaultSpec {
    fn from(fault: Fault) -> Self {
        let is_plain = fault.course == Course::Normal;
        let delay_ms = u64::try_from(fault.delay.as_millis()).unwrap_or(u64::MAX);
        Self {
            status: match fault.course {
                Course::Status(status) => Some(status),
                Course::Normal | Course::NeverAnswered => None,
            },
            delay_ms: (is_plain || delay_ms > 0).then_some(delay_ms),
            never_answer: fault.course == Course::NeverAnswered,
            headers: fault.headers.into_iter().collect(),
            body: fault.body,
            times: fault.left,
            always: fault.left.is_none(),
        }
    }
}
