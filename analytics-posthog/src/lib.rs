//! The PostHog backend: typed events to PostHog's capture API
