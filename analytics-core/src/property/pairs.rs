//! Pairs of keys and values as properties.

use std::fmt;

use super::{
    DescribedProperties, Key, Properties, PropertyDescription, PropertyType, PropertyValue, PropertyVisitor, Value,
};

/// Properties from whatever can be iterated: a header map, a query, the columns of a row.
///
/// ```
/// use analytics_core::{Actor, Analytics, DynamicEvent, Pairs};
///
/// fn track_search(analytics: &Analytics, query: &[(String, String)]) {
///     let parameters = Pairs::new(query.iter().map(|(key, value)| (key, value)));
///     analytics.event(Actor::user("u1"), DynamicEvent::new("search_made")).properties(&parameters).track();
/// }
/// ```
///
/// It is iterated each time that somebody reads it. Of a key that stands there twice the last value counts; a `None`
/// is left out. Slices, arrays and `Vec`s of pairs are properties themselves, and so are maps.
#[derive(Clone, Copy)]
pub struct Pairs<I>(I);

impl<I: Iterator + Clone> Pairs<I> {
    /// The pairs of `iter`.
    #[must_use]
    pub fn new(iter: impl IntoIterator<IntoIter = I>) -> Self {
        Self(iter.into_iter())
    }
}

impl<I> fmt::Debug for Pairs<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pairs").finish_non_exhaustive()
    }
}

impl<'v, I, K, V> Properties for Pairs<I>
where
    I: Iterator<Item = (K, V)> + Clone,
    K: AsRef<str>,
    V: Into<Value<'v>>,
{
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let mut pairs = self.0.clone();
        while let Some((key, value)) = pairs.next() {
            let key = key.as_ref();
            let value = value.into();
            if !matches!(value, Value::Null) && !pairs.clone().any(|(later, _)| later.as_ref() == key) {
                visitor.value(&Key::new(key), value);
            }
        }
    }
}

macro_rules! pairs {
    ($([$($generics:tt)*] $target:ty;)*) => { $(
        /// Of a key that stands there twice the last value counts; one that is absent is not shown.
        impl<K: AsRef<str>, V: PropertyValue, $($generics)*> Properties for $target {
            fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
                Pairs(self.iter().map(|(key, value)| (key, value))).visit_properties(visitor);
            }
        }

        impl<K: AsRef<str>, V: PropertyValue, $($generics)*> DescribedProperties for $target {
            const PROPERTIES: &'static [PropertyDescription] = &[];
            const HAS_ADDITIONAL: bool = true;
        }
    )* };
}

pairs! {
    [] [(K, V)];
    [] Vec<(K, V)>;
    [const N: usize] [(K, V); N];
}

/// A value of any type: for pairs whose values differ in theirs. Null is absent.
impl PropertyValue for Value<'_> {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        (!matches!(self, Value::Null)).then_some(*self)
    }
}
