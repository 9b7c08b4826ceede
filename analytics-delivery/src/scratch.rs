//! A buffer that a thread keeps, so that writing an event down allocates nothing.

use std::cell::Cell;

/// A larger buffer is given back to the allocator after use.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    /// Capacity only; it holds no meaning.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Lends this thread's buffer, empty, to `write`.
///
/// The buffer is taken out of its cell: a `track` inside `write` finds an empty one there and makes its own.
#[inline]
pub(crate) fn with_scratch<T>(write: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    // While the thread ends there may be no cell any more; then the buffer lives only now.
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    buffer.clear();
    let result = write(&mut buffer);
    if buffer.capacity() <= KEPT_BYTES {
        SCRATCH.try_with(|cell| cell.set(buffer)).unwrap_or_default();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_within_a_buffer_is_another() {
        with_scratch(|outer| {
            outer.extend_from_slice(b"outer");
            with_scratch(|inner| {
                assert!(inner.is_empty());
                inner.extend_from_slice(b"inner");
            });
            assert_eq!(outer, b"outer");
        });
    }

    #[test]
    fn a_small_buffer_is_kept_and_a_large_one_is_not() {
        with_scratch(|buffer| buffer.reserve(1_000));
        let kept = with_scratch(|buffer| buffer.capacity());
        assert!((1_000..=KEPT_BYTES).contains(&kept), "{kept}");
        with_scratch(|buffer| buffer.reserve(KEPT_BYTES + 1));
        assert_eq!(with_scratch(|buffer| buffer.capacity()), 0);
    }
}
