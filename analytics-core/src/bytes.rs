//! Looking through bytes, eight at a time.
//!
//! Ids, names and string values are short and almost always clean; these loops are most of what tracking them costs.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// The place of the first byte that a JSON string has to escape: a control character, a quote or a backslash.
#[inline]
pub(crate) fn find_escape(bytes: &[u8]) -> Option<usize> {
    find(bytes, |word| below_space(word) | equal(word, b'"') | equal(word, b'\\'))
}

/// Whether there is an ASCII control character.
#[inline]
pub(crate) fn has_control(bytes: &[u8]) -> bool {
    find(bytes, |word| below_space(word) | equal(word, 0x7f)).is_some()
}

/// Marks the high bit of bytes below 0x20. Only the lowest mark is exact, as a borrow can spill upwards from it.
#[inline]
const fn below_space(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH_BITS
}

/// Marks the high bit of bytes that are `byte`; only the lowest mark is exact.
#[inline]
const fn equal(word: u64, byte: u8) -> u64 {
    let zero_where_equal = word ^ (ONES * byte as u64);
    zero_where_equal.wrapping_sub(ONES) & !zero_where_equal & HIGH_BITS
}

#[inline]
fn find(bytes: &[u8], marks: impl Fn(u64) -> u64) -> Option<usize> {
    let first_mark = |at: usize, word: &[u8; 8]| {
        let marked = marks(u64::from_le_bytes(*word));
        (marked != 0).then(|| at + marked.trailing_zeros() as usize / 8)
    };
    let Some(last) = bytes.last_chunk::<8>() else {
        // A byte that no search looks for fills the word up.
        let mut word = [b' '; 8];
        for (place, byte) in word.iter_mut().zip(bytes) {
            *place = *byte;
        }
        return first_mark(0, &word);
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        if let Some(found) = first_mark(index * 8, word) {
            return Some(found);
        }
    }
    // What is left is the end of the last eight bytes, of which those before it are known to be clean.
    if rest.is_empty() { None } else { first_mark(bytes.len() - 8, last) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_at_a_time_finds_what_one_at_a_time_finds(bytes in prop::collection::vec(
            prop_oneof![8 => any::<u8>(), 30 => b'a'..=b'z', 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(0x7f_u8), 1 => Just(0x1f_u8)],
            0..40,
        )) {
            let escape = bytes.iter().position(|byte| *byte < 0x20 || *byte == b'"' || *byte == b'\\');
            prop_assert_eq!(find_escape(&bytes), escape);
            prop_assert_eq!(has_control(&bytes), bytes.iter().any(u8::is_ascii_control));
        }
    }
}
