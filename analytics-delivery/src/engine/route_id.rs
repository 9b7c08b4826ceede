//! The name of a route.

/// Names a route of the engine that gave it out, for as long as that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RouteId(pub(super) usize);

#[cfg(test)]
impl RouteId {
    /// The route that was the first to have an event.
    pub(crate) const FIRST: Self = Self(0);

    /// Its place in the order in which routes had their first events.
    pub(crate) fn place(self) -> usize {
        self.0
    }
}
