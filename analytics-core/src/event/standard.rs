//! Events that backends know.

/// An event that backends know under names of their own: each spells it, and the keys of its properties, as its server
/// wants them.
///
/// [`EventDescription::with_standard`](super::EventDescription::with_standard) says that a type is one of these; it has
/// to have its properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StandardEvent {
    /// A language model was called: [`AiGeneration`](crate::AiGeneration).
    AiGeneration,
    /// An error happened: [`Exception`](crate::Exception).
    Exception,
    /// A feature flag decided something: [`FlagCalled`](crate::FlagCalled).
    FlagCalled,
}

analytics_rules::words! {
    StandardEvent { AiGeneration = "ai_generation", Exception = "exception", FlagCalled = "flag_called" }
}
