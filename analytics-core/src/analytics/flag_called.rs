//! Telling each exposure once.

use super::Analytics;
use crate::actor::Actor;
use crate::context::{FlagValue, Flags};
use crate::ledger::Captured;
use crate::property::Properties;
use crate::record::{Record, RecordKind};
use crate::standard::FlagCalled;

impl Analytics {
    /// Tells that a feature flag decided what the actor saw: the exposure that an experiment counts. Each is told once
    /// for an actor in their groups, a flag and its value, as far back as the handle remembers: the latest 32,768 at
    /// least. One that was lost on the way to the sink is told again.
    ///
    /// The event is [`FlagCalled`], and tells the flag as [`with_flags`](Self::with_flags) does. Whoever evaluated the
    /// flag calls this where the value makes a difference, not where it was merely asked for.
    pub fn flag_called(&self, actor: Actor<'_>, key: &str, value: impl Into<FlagValue>) {
        let (value, exposures) = (value.into(), &self.shared.exposures);
        let groups = self.scope.groups();
        let groups: &dyn Properties = groups.as_ref().map_or(&(), |groups| groups);
        let exposure = exposures.exposure(&actor, groups, key, &value);
        if !exposures.is_new(exposure) {
            return;
        }
        let scope = self.with_flags(&Flags::new().with(key, value.clone())).scope;
        let event = FlagCalled::new(key, &value);
        let record_kind = RecordKind::Track(&event);
        let record = Record::new(&self.shared.stamp, &actor, record_kind, None, &scope);
        match self.shared.show(&record, &scope, &actor, &record_kind, None) {
            // It is told when the flag is called again.
            Captured::Dropped(reason) if !reason.is_intended() => exposures.forget(exposure),
            _ => {}
        }
    }
}
