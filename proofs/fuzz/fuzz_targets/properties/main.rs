//! Whatever is tracked, PostHog reads what was said: the encoder's JSON, read by two decoders that share no code, holds
//! every key and value, no key twice, and nothing of the event's own where the backend speaks for itself.
#![no_main]

mod decoded;
mod expected;
mod fact;
mod json;
mod lists;
mod node;
mod sink;
mod text;
mod tree;

use analytics_core::DropReason;
use libfuzzer_sys::fuzz_target;

use self::decoded::Decoded;
use self::expected::Expected;
use self::fact::Input;
use self::sink::Written;

fuzz_target!(|input: Input| {
    // What no backend takes reaches no sink.
    let Some(written) = Written::of(&input) else { return };
    let (bytes, left_out) = match written {
        Ok(written) => written,
        // Which ids and names PostHog refuses is a table of its own.
        Err(DropReason::InvalidActor | DropReason::InvalidName) => return,
        Err(reason) => {
            assert_eq!(reason, DropReason::TooLarge);
            assert!(Expected::of(&input).is_err(), "refused as too large, and it is not: {input:#?}");
            return;
        }
    };
    let text = String::from_utf8(bytes).expect("JSON is UTF-8");
    let Ok(expected) = Expected::of(&input) else { panic!("too large, and written: {text}") };
    for decoded in [Decoded::by_serde_json(&text), Decoded::by_jiter(&text)] {
        expected.check(&decoded, &text);
    }
    assert_eq!(left_out, expected.left_out, "properties left out of {text}");
});
