//! Two sets of properties as one, in which no key stands twice.

use super::{Key, Properties, Property, PropertyVisitor};

/// The properties of `first`, then those of `second` that `first` did not set.
///
/// While `first` passes by, a 64-bit mask of its keys' bits is gathered; a key of `second` is compared
/// with those of `first` only if its bit is in the mask.
pub(crate) struct Merged<'a> {
    pub(crate) first: &'a dyn Properties,
    pub(crate) second: &'a dyn Properties,
}

impl Properties for Merged<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let mut masking = Masking { mask: 0, inner: visitor };
        self.first.visit_properties(&mut masking);
        let mask = masking.mask;
        self.second.visit_properties(&mut Skipping { first: self.first, mask, inner: visitor });
    }
}

struct Masking<'v> {
    mask: u64,
    inner: &'v mut dyn PropertyVisitor,
}

impl PropertyVisitor for Masking<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.mask |= property.key().bit();
        self.inner.visit(property);
    }
}

struct Skipping<'v> {
    first: &'v dyn Properties,
    mask: u64,
    inner: &'v mut dyn PropertyVisitor,
}

impl PropertyVisitor for Skipping<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        let key = property.key();
        if self.mask & key.bit() == 0 || !sets(self.first, key) {
            self.inner.visit(property);
        }
    }
}

fn sets(properties: &dyn Properties, key: &Key<'_>) -> bool {
    struct Finder<'k> {
        key: &'k Key<'k>,
        found: bool,
    }

    impl PropertyVisitor for Finder<'_> {
        fn visit(&mut self, property: &Property<'_>) {
            self.found |= property.key() == self.key;
        }
    }

    let mut finder = Finder { key, found: false };
    properties.visit_properties(&mut finder);
    finder.found
}
