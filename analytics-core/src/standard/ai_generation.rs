//! A call of a language model.

use std::time::Duration;

use analytics_derive::Properties;
use serde_json::Value;

use super::AiTraceId;
use crate::event::{DescribedEvent, Event, EventDescription, EventKind, StandardEvent};
use crate::lane::Lane;
use crate::property::{DescribedProperties, Json};

/// A call of a language model. It takes [`Lane::Ai`], in which events may be large.
///
/// What the call cost is worked out by the backend from the model and the tokens, unless it is said here. Backends take
/// no change of a person from this event.
///
/// ```
/// # use std::time::Duration;
/// # use analytics_core::{Actor, AiGeneration, AiTraceId, Analytics, InvalidAiTraceId};
/// # fn example(analytics: &Analytics, conversation: &str) -> Result<(), InvalidAiTraceId> {
/// let generation = AiGeneration::new("gpt-5-mini", "openai")
///     .in_trace(AiTraceId::new(conversation)?)
///     .with_input_tokens(812)
///     .with_output_tokens(96)
///     .with_latency(Duration::from_millis(1_340));
/// analytics.track(Actor::user("u1"), generation);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Properties)]
pub struct AiGeneration<'a> {
    /// The model.
    #[event(rename = "ai_model")]
    model: &'a str,
    /// Who runs it.
    #[event(rename = "ai_provider")]
    provider: &'a str,
    /// What holds it together with other calls.
    #[event(rename = "ai_trace_id")]
    trace_id: Option<&'a str>,
    /// The call's own id.
    #[event(rename = "ai_span_id")]
    span_id: Option<&'a str>,
    /// The id of what it is a part of.
    #[event(rename = "ai_parent_id")]
    parent_id: Option<&'a str>,
    /// Tokens that the model read.
    #[event(rename = "ai_input_tokens")]
    input_tokens: Option<u64>,
    /// Tokens that the model wrote.
    #[event(rename = "ai_output_tokens")]
    output_tokens: Option<u64>,
    /// How long the call took, in seconds.
    #[event(rename = "ai_latency", unit = "seconds")]
    latency: Option<Duration>,
    /// What the input cost, in US dollars.
    #[event(rename = "ai_input_cost_usd")]
    input_cost_usd: Option<f64>,
    /// What the output cost, in US dollars.
    #[event(rename = "ai_output_cost_usd")]
    output_cost_usd: Option<f64>,
    /// What the call cost, in US dollars.
    #[event(rename = "ai_total_cost_usd")]
    total_cost_usd: Option<f64>,
    /// The messages that the model was sent.
    #[event(rename = "ai_input", privacy = "personal")]
    input: Option<Json<&'a Value>>,
    /// The messages that it answered.
    #[event(rename = "ai_output", privacy = "personal")]
    output: Option<Json<&'a Value>>,
    /// The status of its answer.
    #[event(rename = "ai_http_status")]
    http_status: Option<u16>,
    /// Whether it failed.
    #[event(rename = "ai_is_error")]
    is_error: Option<bool>,
    /// Why it failed.
    #[event(rename = "ai_error", privacy = "personal")]
    error: Option<&'a str>,
}

impl<'a> AiGeneration<'a> {
    /// What is known about the event.
    pub const EVENT: EventKind = EventKind::new(&Self::DESCRIPTION);

    const DESCRIPTION: EventDescription =
        EventDescription::new("ai_generation", <AiGeneration<'static> as DescribedProperties>::PROPERTIES)
            .with_doc("A call of a language model.")
            .with_lane(Lane::Ai)
            .with_standard(StandardEvent::AiGeneration);

    /// A call of `model`, as `gpt-5-mini`, that `provider` runs, as `openai`.
    #[must_use]
    pub const fn new(model: &'a str, provider: &'a str) -> Self {
        Self {
            model,
            provider,
            trace_id: None,
            span_id: None,
            parent_id: None,
            input_tokens: None,
            output_tokens: None,
            latency: None,
            input_cost_usd: None,
            output_cost_usd: None,
            total_cost_usd: None,
            input: None,
            output: None,
            http_status: None,
            is_error: None,
            error: None,
        }
    }

    /// Says which calls it belongs to. A call without a trace stands alone.
    #[must_use]
    pub const fn in_trace(mut self, trace_id: AiTraceId<'a>) -> Self {
        self.trace_id = Some(trace_id.as_str());
        self
    }

    /// Sets the call's own id within its trace.
    #[must_use]
    pub const fn with_span_id(mut self, span_id: &'a str) -> Self {
        self.span_id = Some(span_id);
        self
    }

    /// Sets the id of the span, or of the trace, that it is a part of.
    #[must_use]
    pub const fn with_parent_id(mut self, parent_id: &'a str) -> Self {
        self.parent_id = Some(parent_id);
        self
    }

    /// Sets the number of tokens that the model read.
    #[must_use]
    pub const fn with_input_tokens(mut self, tokens: u64) -> Self {
        self.input_tokens = Some(tokens);
        self
    }

    /// Sets the number of tokens that the model wrote.
    #[must_use]
    pub const fn with_output_tokens(mut self, tokens: u64) -> Self {
        self.output_tokens = Some(tokens);
        self
    }

    /// Sets how long the call took.
    #[must_use]
    pub const fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// Sets what the input cost, in US dollars.
    #[must_use]
    pub const fn with_input_cost_usd(mut self, cost: f64) -> Self {
        self.input_cost_usd = Some(cost);
        self
    }

    /// Sets what the output cost, in US dollars.
    #[must_use]
    pub const fn with_output_cost_usd(mut self, cost: f64) -> Self {
        self.output_cost_usd = Some(cost);
        self
    }

    /// Sets what the call cost, in US dollars.
    #[must_use]
    pub const fn with_total_cost_usd(mut self, cost: f64) -> Self {
        self.total_cost_usd = Some(cost);
        self
    }

    /// Adds the messages that the model was sent: a list of objects with a `role` and a `content`. They are likely to
    /// be personal.
    #[must_use]
    pub const fn with_input(mut self, messages: &'a Value) -> Self {
        self.input = Some(Json(messages));
        self
    }

    /// Adds the messages that it answered, in the form of [`with_input`](Self::with_input).
    #[must_use]
    pub const fn with_output(mut self, messages: &'a Value) -> Self {
        self.output = Some(Json(messages));
        self
    }

    /// Sets the status of the provider's answer.
    #[must_use]
    pub const fn with_http_status(mut self, status: u16) -> Self {
        self.http_status = Some(status);
        self
    }

    /// Says that the call failed, and why.
    #[must_use]
    pub const fn with_error(mut self, error: &'a str) -> Self {
        (self.is_error, self.error) = (Some(true), Some(error));
        self
    }
}

impl Event for AiGeneration<'_> {
    fn name(&self) -> &str {
        Self::EVENT.name()
    }

    fn description(&self) -> Option<&'static EventDescription> {
        Some(Self::EVENT.description())
    }
}

impl DescribedEvent for AiGeneration<'_> {
    const EVENTS: &'static [EventDescription] = &[Self::DESCRIPTION];
}
