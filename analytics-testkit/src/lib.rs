//! Recording sink and typed assertions for analytics events
