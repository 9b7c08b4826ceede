//! Derived code in a crate that is strict about its own code and careless about its names.

/// The vocabulary under another name.
pub mod telemetry {
    pub use analytics_core::*;
}

/// Nothing here may get in the way of derived code, and derived code may not warn here.
pub mod strict {
    use analytics_core::{Event, Properties, PropertyValue};

    /// Names that derived code uses itself.
    #[allow(dead_code, missing_debug_implementations, reason = "these are here to be in the way")]
    pub mod decoys {
        /// In the way.
        pub struct Option;
        /// In the way.
        pub struct Some;
        /// In the way.
        pub trait Sized {}
        /// In the way.
        pub mod core {}
        /// In the way.
        pub mod std {}
    }
    #[allow(unused_imports, reason = "these are here to be in the way")]
    use decoys::{Option, Sized, Some, core, std};

    /// An event whose fields are called like what derived code uses.
    #[derive(Debug, Event)]
    #[event(name = "names_clashed")]
    pub struct Clashing {
        /// A field.
        pub visitor: u8,
        /// A field.
        pub value: u8,
        /// A field.
        #[event(with = count_ones)]
        pub field: Copied,
        /// A field.
        pub inner: u8,
        /// A field.
        #[event(display)]
        pub key: ::core::option::Option<u8>,
        /// A field.
        pub r#match: u8,
        /// A field.
        pub name: u8,
    }

    /// Counts the bits that are set.
    #[must_use]
    pub const fn count_ones(number: &u8) -> u32 {
        number.count_ones()
    }

    impl Clashing {
        /// A method in the way of the trait's.
        #[must_use]
        pub const fn name(&self) -> u8 {
            self.name
        }
    }

    /// An enum with one property that several variants share.
    #[derive(Debug, Event)]
    pub enum Busy {
        /// A variant.
        #[event(name = "busy_started")]
        Started,
        /// A variant.
        #[event(name = "busy_waited")]
        Waited,
        /// A variant.
        #[event(name = "busy_stopped")]
        Stopped {
            /// A field.
            visitor: u8,
        },
        /// A variant.
        Clashing(Clashing),
    }

    /// An object.
    #[derive(Debug, Properties, PropertyValue)]
    pub struct Object {
        /// A field.
        pub visitor: u8,
    }

    /// A word.
    #[derive(Clone, Copy, Debug, PropertyValue)]
    pub enum Word {
        /// A variant.
        Some,
        /// A variant.
        None,
    }

    /// A value.
    #[derive(Clone, Copy, Debug, PropertyValue)]
    pub struct Copied(pub u8);

    impl ::std::ops::Deref for Copied {
        type Target = u8;

        fn deref(&self) -> &u8 {
            &self.0
        }
    }
}

mod elsewhere {
    // Nothing is imported: derived code finds the vocabulary through the path that it is given.
    #[derive(super::telemetry::Event)]
    #[event(crate = "super::telemetry")]
    pub(super) enum Renamed {
        #[event(name = "was_renamed")]
        WasRenamed {
            word: super::strict::Word,
            #[event(unit = "seconds")]
            age: std::time::Duration,
            #[event(with = super::strict::count_ones)]
            bits: super::strict::Copied,
        },
        Other(Wrapper),
    }

    #[derive(super::telemetry::Event)]
    #[event(crate = "crate::lints::telemetry")]
    pub(super) struct Wrapper(pub(super) super::strict::Busy);

    #[derive(super::telemetry::Properties, super::telemetry::PropertyValue)]
    #[event(crate = "super::telemetry")]
    pub(super) struct Object {
        pub(super) size: u8,
    }
}

#[test]
fn names_in_the_users_scope_do_not_get_in_the_way() {
    use self::strict::{Busy, Clashing, Copied, Object, Word};

    let event = Clashing { visitor: 1, value: 2, field: Copied(7), inner: 4, key: Some(5), r#match: 6, name: 8 };
    assert_eq!(crate::shown(&event), "visitor=1 value=2 field=3 inner=4 key=\"5\" match=6 name=8");
    assert_eq!(event.name(), 8);
    assert_eq!(analytics_core::Event::name(&event), "names_clashed");
    assert_eq!(crate::shown(&Busy::Stopped { visitor: 1 }), "visitor=1");
    assert_eq!(crate::shown(&Object { visitor: 1 }), "visitor=1");
    let none = analytics_core::PropertyValue::value(&Word::None).map(|value| value.to_string());
    assert_eq!(none.as_deref(), Some("none"));
}

#[test]
fn the_vocabulary_may_have_another_path() {
    use analytics_core::{DescribedEvent, Event};

    use self::elsewhere::{Object, Renamed, Wrapper};
    use self::strict::{Busy, Copied, Word};

    let event = Renamed::WasRenamed { word: Word::Some, age: std::time::Duration::from_secs(1), bits: Copied(3) };
    assert_eq!(crate::shown(&event), "word=some age=1.0 bits=2");
    assert_eq!(Renamed::Other(Wrapper(Busy::Waited)).name(), "busy_waited");
    assert_eq!(Renamed::EVENTS.len(), 5);
    assert_eq!(crate::shown(&Object { size: 3 }), "size=3");
}

/// Types that a macro writes reach the derive in invisible brackets.
#[test]
fn types_may_be_written_by_a_macro() {
    macro_rules! event {
        ($ident:ident, $name:literal, $field:ident: $type:ty, $unit:literal) => {
            #[derive(analytics_core::Event)]
            #[event(name = $name)]
            struct $ident {
                #[event(unit = $unit)]
                $field: $type,
            }
        };
    }

    event!(Waited, "waited", seconds: Option<std::time::Duration>, "seconds");
    assert_eq!(Waited::EVENT.name(), "waited");
    assert_eq!(crate::shown(&Waited { seconds: Some(std::time::Duration::from_secs(2)) }), "seconds=2.0");
}

#[test]
fn what_is_deprecated_is_sent_without_a_warning() {
    #[derive(analytics_core::Event)]
    enum Old {
        #[event(name = "old_happened")]
        #[deprecated]
        #[allow(dead_code, reason = "nobody does it any more")]
        Happened,
        #[event(name = "old_counted")]
        Counted {
            #[deprecated]
            number: u8,
        },
    }

    #[allow(deprecated, reason = "writing it down is what is deprecated")]
    let old = Old::Counted { number: 2 };
    assert_eq!(crate::shown(&old), "number=2");
}
