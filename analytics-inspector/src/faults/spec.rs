//! Faults as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::effect::{Delivery, FaultEffect, ResetAt, Verdict};
use super::fault::Fault;
use super::report::FaultReport;
use super::schedule::Schedule;
use super::share::Share;

/// A fault as the JSON API spells it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the API")]
pub(crate) struct FaultSpec {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    over_quota: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    never_answer: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset: Option<ResetSpec>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_body_bytes: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    refuse_connections: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_by_byte_ms: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    endless_body: bool,
    #[serde(skip_serializing_if = "is_false")]
    close: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wire_bytes_over: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_bytes_over: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_contains: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    always: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    during_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ResetSpec {
    Before,
    During,
    After,
    AfterAccepting,
}

/// A fault and what it has done.
#[derive(Debug, Serialize)]
pub(crate) struct ReportSpec {
    id: u64,
    #[serde(flatten)]
    fault: FaultSpec,
    acted: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

type Read<T> = Result<T, &'static str>;

impl TryFrom<FaultSpec> for Fault {
    type Error = &'static str;

    fn try_from(spec: FaultSpec) -> Read<Self> {
        let schedule = spec.schedule()?;
        if spec.refuse_connections && schedule.during.is_none() {
            return Err("refuse_connections needs during_ms: nobody could clear it over this API");
        }
        Ok(Self {
            effect: spec.effect()?,
            delay: Duration::from_millis(spec.delay_ms.unwrap_or(0)),
            delivery: spec.delivery()?,
            headers: spec.headers.into_iter().collect(),
            body: spec.body.map(Into::into),
            condition: Condition {
                wire_bytes_over: spec.wire_bytes_over,
                content_bytes_over: spec.content_bytes_over,
                contains: spec.body_contains,
            },
            schedule,
        })
    }
}

impl FaultSpec {
    fn effect(&self) -> Read<FaultEffect> {
        let courses = [
            self.status.is_some(),
            self.over_quota.is_some(),
            self.never_answer,
            self.reset.is_some(),
            self.refuse_connections,
            self.verdict.is_some(),
        ];
        if courses.into_iter().filter(|is_set| *is_set).count() > 1 {
            return Err("status, over_quota, never_answer, reset, refuse_connections and verdict exclude each other");
        }
        if self.after_body_bytes.is_some() != (self.reset == Some(ResetSpec::During)) {
            return Err("after_body_bytes and a reset \"during\" the request go together");
        }
        if self.details.is_some() && self.verdict.is_none() {
            return Err("details need a verdict");
        }
        if let Some(status) = self.status {
            let is_final = (200..=999).contains(&status);
            return if is_final { Ok(FaultEffect::Status(status)) } else { Err("status must be from 200 to 999") };
        }
        if let Some(status) = self.over_quota {
            let is_known = matches!(status, 402 | 429);
            return if is_known { Ok(FaultEffect::OverQuota(status)) } else { Err("over_quota must be 402 or 429") };
        }
        if let Some(reset) = self.reset {
            return Ok(match reset {
                ResetSpec::Before => FaultEffect::Reset(ResetAt::BeforeBody),
                ResetSpec::During => FaultEffect::Reset(ResetAt::BodyBytes(self.after_body_bytes.unwrap_or(0))),
                ResetSpec::After => FaultEffect::Reset(ResetAt::End),
                ResetSpec::AfterAccepting => FaultEffect::AcceptedThenReset,
            });
        }
        if let Some(word) = &self.verdict {
            let verdict: Verdict = word.parse().map_err(|_| "verdict must be drop, retry or warning")?;
            let details = self.details.clone().unwrap_or_else(|| verdict.usual_details().to_owned());
            return Ok(FaultEffect::Judged { verdict, details });
        }
        let is_bent = self.delay_ms.is_some() || self.byte_by_byte_ms.is_some() || self.endless_body || self.close;
        match (self.never_answer, self.refuse_connections) {
            (true, _) => Ok(FaultEffect::NeverAnswered),
            (_, true) => Ok(FaultEffect::Refused),
            _ if is_bent => Ok(FaultEffect::Normal),
            _ => Err("needs one of status, over_quota, delay_ms, never_answer, reset, refuse_connections, verdict, \
                      byte_by_byte_ms, endless_body, close"),
        }
    }

    fn delivery(&self) -> Read<Delivery> {
        match (self.byte_by_byte_ms, self.endless_body, self.close) {
            (None, false, false) => Ok(Delivery::Whole),
            (Some(interval), false, false) => Ok(Delivery::ByteByByte(Duration::from_millis(interval))),
            (None, true, false) => Ok(Delivery::Endless),
            (None, false, true) => Ok(Delivery::ThenClosed),
            _ => Err("byte_by_byte_ms, endless_body and close exclude each other"),
        }
    }

    fn schedule(&self) -> Read<Schedule> {
        if self.times.is_some() && self.always {
            return Err("times and always exclude each other");
        }
        if self.share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err("share must be from 0 to 1");
        }
        Ok(Schedule {
            times: self.times,
            is_always: self.always,
            during: self.during_ms.map(Duration::from_millis),
            share: self.share.map(Share::new),
            seed: self.seed.unwrap_or(0),
        })
    }
}

impl From<Fault> for FaultSpec {
    fn from(fault: Fault) -> Self {
        let limit = fault.schedule.limit();
        let mut spec = Self {
            headers: fault.headers.into_iter().collect(),
            body: fault.body.map(|body| String::from_utf8_lossy(&body).into_owned()),
            wire_bytes_over: fault.condition.wire_bytes_over,
            content_bytes_over: fault.condition.content_bytes_over,
            body_contains: fault.condition.contains,
            times: limit,
            always: limit.is_none() && fault.schedule.is_always,
            during_ms: fault.schedule.during.map(milliseconds),
            share: fault.schedule.share.map(Share::as_f64),
            seed: Some(fault.schedule.seed).filter(|seed| *seed != 0),
            ..Self::default()
        };
        match fault.delivery {
            Delivery::Whole => {}
            Delivery::ByteByByte(interval) => spec.byte_by_byte_ms = Some(milliseconds(interval)),
            Delivery::Endless => spec.endless_body = true,
            Delivery::ThenClosed => spec.close = true,
        }
        let is_only_late = fault.effect == FaultEffect::Normal && fault.delivery == Delivery::Whole;
        spec.delay_ms = (is_only_late || !fault.delay.is_zero()).then(|| milliseconds(fault.delay));
        match fault.effect {
            FaultEffect::Normal => {}
            FaultEffect::Status(status) => spec.status = Some(status),
            FaultEffect::OverQuota(status) => spec.over_quota = Some(status),
            FaultEffect::NeverAnswered => spec.never_answer = true,
            FaultEffect::Reset(ResetAt::BeforeBody) => spec.reset = Some(ResetSpec::Before),
            FaultEffect::Reset(ResetAt::BodyBytes(bytes)) => {
                spec.reset = Some(ResetSpec::During);
                spec.after_body_bytes = Some(bytes);
            }
            FaultEffect::Reset(ResetAt::End) => spec.reset = Some(ResetSpec::After),
            FaultEffect::AcceptedThenReset => spec.reset = Some(ResetSpec::AfterAccepting),
            FaultEffect::Refused => spec.refuse_connections = true,
            FaultEffect::Judged { verdict, details } => {
                spec.verdict = Some(verdict.to_string());
                spec.details = Some(details);
            }
        }
        spec
    }
}

impl From<FaultReport> for ReportSpec {
    /// `times` is how often it may still happen.
    fn from(report: FaultReport) -> Self {
        let fault = FaultSpec { times: report.left, ..report.fault.into() };
        Self { id: report.id, fault, acted: report.acted }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
