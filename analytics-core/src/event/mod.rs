//! What happened: the [`Event`] trait and what is known about an event's type.

mod description;
mod dynamic;
mod standard;

pub use self::description::{EventDescription, EventKind};
pub use self::dynamic::{DynamicEvent, NotAnObject};
pub use self::standard::StandardEvent;

use crate::lane::Lane;
use crate::property::Properties;

/// One typed event: a name and its properties.
///
/// Derive it; write it by hand only for a type whose name or shape is known at run time.
///
/// ```
/// use analytics_core::Event;
///
/// #[derive(Event)]
/// #[event(name = "order_placed")]
/// struct OrderPlaced<'a> {
///     order_id: &'a str,
///     items: u32,
///     coupon: Option<&'a str>, // `None` is not sent
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an analytics event",
    label = "not an event",
    note = "derive it and give it a name: `#[derive(Event)] #[event(name = \"order_placed\")]`"
)]
pub trait Event: Properties {
    /// Names the event on the wire, in `snake_case` and at most 200 bytes long.
    fn name(&self) -> &str;

    /// Describes the event's type; `None` for an event that is made up at run time.
    fn description(&self) -> Option<&'static EventDescription>;

    /// The path that the event takes: its type's, unless this says otherwise. A type that wraps an event forwards it.
    fn lane(&self) -> Lane {
        self.description().map(EventDescription::lane).unwrap_or_default()
    }
}

/// An event whose possible kinds are known at compile time: what a tracking plan is made of.
///
/// Derived together with [`Event`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe its events",
    note = "`#[derive(Event)]` implements this; a variant that wraps another event needs a derived event inside"
)]
pub trait DescribedEvent: Event {
    /// Every kind of event that a value of this type can be, in the order of declaration.
    const EVENTS: &'static [EventDescription];
}

impl<E: Event + ?Sized> Event for &E {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn description(&self) -> Option<&'static EventDescription> {
        (**self).description()
    }

    fn lane(&self) -> Lane {
        (**self).lane()
    }
}

impl<E: DescribedEvent + ?Sized> DescribedEvent for &E {
    const EVENTS: &'static [EventDescription] = E::EVENTS;
}
