//! What PostHog reserves and refuses.

mod distinct_ids;
mod event_names;
mod keys;

pub use self::distinct_ids::{has_no_person, is_illegal, may_be_a_persons};
pub use self::event_names::{ignores_person_updates, instead_of_event};
pub use self::keys::{ALIAS_KEY, instead_of_key};
