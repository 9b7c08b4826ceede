//! An error and the errors that caused it.

use std::error::Error;

/// `error`, its cause, that one's cause, down to the last.
pub fn error_chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The last cause of `error`, which may be `error` itself: it alone says what is wrong, where those around it repeat
/// an address and "error sending request".
#[must_use]
pub fn root_cause<'e>(error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    error_chain(error).last().unwrap_or(error)
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Because(u8);

    impl fmt::Display for Because {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "because {}", self.0)
        }
    }

    impl Error for Because {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            (self.0 == 2).then_some(&Because(1))
        }
    }

    #[test]
    fn the_root_is_the_last_cause_or_the_error_itself() {
        assert_eq!(root_cause(&Because(2)).to_string(), "because 1");
        assert_eq!(root_cause(&Because(1)).to_string(), "because 1");
        assert_eq!(error_chain(&Because(2)).count(), 2);
    }
}
