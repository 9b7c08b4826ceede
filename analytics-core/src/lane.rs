//! The path that an event takes.

/// The path an event takes through a backend that treats some events apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lane {
    /// Ordinary product events.
    #[default]
    Product,
    /// Events about language-model calls, which are larger and have limits of their own.
    Ai,
}

analytics_rules::words! { Lane { Product = "product", Ai = "ai" } }

impl Lane {
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_has_its_own_place() {
        assert!(Lane::ALL.iter().enumerate().all(|(index, lane)| lane.index() == index));
    }
}
