//! Filters on what a record shows.

use crate::property::{Property, PropertyVisitor};

/// Decides what a sink sees of a record: passes a property on, passes another in its place, or does neither.
pub trait PropertyFilter: Send + Sync {
    /// Shows `visitor` what may be seen of `property`.
    fn filter(&self, property: &Property<'_>, visitor: &mut dyn PropertyVisitor);
}

/// A predicate keeps the properties for which it holds.
impl<F: Fn(&Property<'_>) -> bool + Send + Sync> PropertyFilter for F {
    fn filter(&self, property: &Property<'_>, visitor: &mut dyn PropertyVisitor) {
        if self(property) {
            visitor.visit(property);
        }
    }
}

/// Lets `visit` visit `visitor` through `filter`.
pub(super) fn through(
    filter: Option<&dyn PropertyFilter>,
    visitor: &mut dyn PropertyVisitor,
    visit: impl FnOnce(&mut dyn PropertyVisitor),
) {
    struct Filtering<'v> {
        filter: &'v dyn PropertyFilter,
        inner: &'v mut dyn PropertyVisitor,
    }

    impl PropertyVisitor for Filtering<'_> {
        fn visit(&mut self, property: &Property<'_>) {
            self.filter.filter(property, self.inner);
        }
    }

    match filter {
        None => visit(visitor),
        Some(filter) => visit(&mut Filtering { filter, inner: visitor }),
    }
}
