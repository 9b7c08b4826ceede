//! [`FlagHook`].

use analytics_core::{Actor, Analytics, FlagValue, Tracker};
use async_trait::async_trait;
use open_feature::{EvaluationContext, EvaluationDetails, EvaluationError, Hook, HookContext, HookHints, Value};

/// Tells each flag that is evaluated, as [`Tracker::flag_called`].
///
/// It is made of the tracker of whoever the flag is evaluated for, and passed in the evaluation's options: then the
/// exposure has that actor and all that its scope says. One that is
/// [registered on a client](Self::by_targeting_key) serves evaluations for anybody, and knows the targeting key only.
///
/// A boolean flag is told as a boolean, unless it is on and its provider names a variant that is called neither `on`
/// nor `true`; any other by its variant, or by its value where the provider names none. What fails to be
/// evaluated is not told: nothing was decided by it.
#[derive(Clone, Debug)]
pub struct FlagHook(Who);

#[derive(Clone, Debug)]
enum Who {
    Tracker(Tracker<'static>),
    TargetingKey(Analytics),
}

impl FlagHook {
    /// A hook for evaluations for this actor.
    #[must_use]
    pub fn new(tracker: Tracker<'_>) -> Self {
        Self(Who::Tracker(tracker.into_owned()))
    }

    /// A hook for evaluations for anybody, to be registered on a client: each is told of the user whose id is the
    /// context's targeting key, and not told where there is none.
    #[must_use]
    pub fn by_targeting_key(analytics: Analytics) -> Self {
        Self(Who::TargetingKey(analytics))
    }
}

/// What a flag was, in the words of an exposure.
fn flag_value(details: &EvaluationDetails<Value>) -> FlagValue {
    let is_switch = |variant: &str| ["on", "off", "true", "false"].contains(&variant);
    match (&details.value, details.variant.as_deref()) {
        (Value::Bool(value), Some(variant)) if is_switch(variant) => (*value).into(),
        // Off is off, whatever the variant is called.
        (Value::Bool(false), _) => false.into(),
        (_, Some(variant)) => variant.into(),
        (Value::Bool(value), None) => (*value).into(),
        (Value::String(value), None) => value.as_str().into(),
        (Value::Int(value), None) => value.to_string().into(),
        (Value::Float(value), None) => value.to_string().into(),
        // Nobody compares such values; that it was on can be told.
        (Value::Array(_) | Value::Struct(_), None) => true.into(),
    }
}

#[async_trait]
impl Hook for FlagHook {
    async fn before<'a>(
        &self,
        _context: &HookContext<'a>,
        _hints: Option<&'a HookHints>,
    ) -> Result<Option<EvaluationContext>, EvaluationError> {
        Ok(None)
    }

    async fn after<'a>(
        &self,
        context: &HookContext<'a>,
        details: &EvaluationDetails<Value>,
        _hints: Option<&'a HookHints>,
    ) -> Result<(), EvaluationError> {
        match (&self.0, &context.evaluation_context.targeting_key) {
            (Who::Tracker(tracker), _) => tracker.flag_called(context.flag_key, flag_value(details)),
            (Who::TargetingKey(analytics), Some(user)) => {
                analytics.flag_called(Actor::user(user), context.flag_key, flag_value(details));
            }
            (Who::TargetingKey(_), None) => {}
        }
        Ok(())
    }

    async fn error<'a>(&self, _context: &HookContext<'a>, _error: &EvaluationError, _hints: Option<&'a HookHints>) {}

    async fn finally<'a>(
        &self,
        _context: &HookContext<'a>,
        _details: &EvaluationDetails<Value>,
        _hints: Option<&'a HookHints>,
    ) {
    }
}
