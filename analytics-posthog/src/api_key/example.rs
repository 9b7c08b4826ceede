//! What examples and other languages write where a key belongs.

/// Words for nothing, for on and off, and for a key.
const WORDS: &str = "\
    none null nil undefined nan unset empty true false yes no on off enabled disabled noop no-op n/a \
    key token bearer export";

/// What an example says, without signs and in small letters: long enough to stand in no key by chance.
const PHRASES: &str = "\
    yourkey yourapi yourproject yourposthog yourtoken yourphc yourpublic yourclient yoursecret keyhere tokenhere \
    valuehere changeme changethis replaceme replacethis replacewith placeholder insertkey insertyour pasteyour \
    pastekey projectapikey projecttoken posthogkey posthogapikey xxxxxx";

/// The same as whole texts, behind a `phc_` or none.
const WHOLE: &str = "\
    apikey apitoken mykey myapikey mytoken projectkey publickey writekey posthogtoken your yours todo tbd fixme \
    redacted hidden";

/// Whether it is a word for nothing, or for on and off.
pub(super) fn is_word(text: &str) -> bool {
    // As JavaScript writes what is no text.
    text == "[object Object]" || WORDS.split(' ').any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether it is an example's text, as `phc_your_key_here`, `YOUR_API_KEY`, `changeme` and `phc_xxxxxxxx` are.
pub(super) fn is_example(text: &str) -> bool {
    let lower = text.to_lowercase();
    let body = lower.strip_prefix("phc_").unwrap_or(&lower);
    let letters: String = body.chars().filter(|character| character.is_alphanumeric()).collect();
    let words = || body.split(|character: char| !character.is_alphanumeric());
    PHRASES.split(' ').any(|phrase| letters.contains(phrase))
        || WHOLE.split(' ').any(|whole| letters == whole)
        || words().any(|word| matches!(word, "your" | "example"))
        || is_filling(&letters)
}

/// One character, over and over.
fn is_filling(letters: &str) -> bool {
    let mut characters = letters.chars();
    let first = characters.next();
    (3..=64).contains(&letters.chars().count()) && characters.all(|character| Some(character) == first)
}
