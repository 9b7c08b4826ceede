//! Tests of assertions that fail.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Once;

thread_local! {
    /// The file and line of the panic that this thread awaits; none if it awaits none.
    static AWAITED: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// What a failed assertion said, and to which place it pointed.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The message; a place with which it began is `[here]`.
    pub(crate) message: String,
    file: String,
    line: u32,
}

/// Runs an assertion that must fail.
#[track_caller]
pub(crate) fn failure(assertion: impl FnOnce()) -> Failure {
    watch_panics();
    AWAITED.with(|awaited| *awaited.borrow_mut() = Some(("nowhere".to_owned(), 0)));
    let result = catch_unwind(AssertUnwindSafe(assertion));
    let place = AWAITED.with(|awaited| awaited.borrow_mut().take());
    let panic = result.expect_err("the assertion must fail");
    let message = panic.downcast_ref::<String>().expect("the message is a string").clone();
    let (file, line) = place.expect("the panic has a place");
    read(message, file, line)
}

impl Failure {
    /// Checks that the failure points to this line of the caller's file.
    #[track_caller]
    pub(crate) fn at_line(self, line: u32) -> Self {
        assert_eq!((self.file.as_str(), self.line), (Location::caller().file(), line), "{}", self.message);
        self
    }
}

/// A message that begins with `file:line:column: ` points there, any other to where it panicked.
fn read(message: String, file: String, line: u32) -> Failure {
    let told = message.split_once(": ").and_then(|(place, rest)| {
        let mut parts = place.rsplitn(3, ':');
        let (_column, line, file) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        Some(Failure { message: format!("[here] {rest}"), file: file.to_owned(), line })
    });
    told.unwrap_or(Failure { message, file, line })
}

/// Remembers where the panics of failing assertions are, and keeps them quiet.
fn watch_panics() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let is_awaited = AWAITED.with(|awaited| {
                let mut awaited = awaited.borrow_mut();
                let (Some(awaited), Some(place)) = (awaited.as_mut(), info.location()) else { return false };
                *awaited = (place.file().to_owned(), place.line());
                true
            });
            if !is_awaited {
                before(info);
            }
        }));
    });
}
