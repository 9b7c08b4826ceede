//! An answer of any bytes is judged by its status, and its cause is one short line without the key.
#![no_main]

use analytics_delivery::{Answer, Outcome};
use analytics_posthog::{ApiKey, Protocol, SuspectAnswers, fuzzing};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

/// A key that a body may hold, and that no cause may show.
const KEY: &str = "phc_fuzzed0123456789";

/// What a cause may take: the status, as much of the body as is shown, whose answer it is, and a hint.
const MAX_CAUSE_BYTES: usize = 340;

/// What a cause may take that tells of verdicts: eight different words.
const MAX_VERDICTS_BYTES: usize = 8 * 230;

/// Ids of a batch's events.
const IDS: [&str; 4] = [
    "0197b1a0-0000-7000-8000-000000000001",
    "0197b1a0-0000-7000-8000-000000000002",
    "0197b1a0-0000-7000-8000-000000000003",
    "0197b1a0-0000-7000-8000-000000000004",
];

/// What a server says.
#[derive(Debug, Arbitrary)]
struct Said<'a> {
    status: u16,
    after: Option<u32>,
    pieces: Vec<Piece<'a>>,
    is_v1: bool,
    is_html: bool,
    broke_off: bool,
    retries_suspects: bool,
    /// Verdicts on the batch's events; without any the pieces are the body.
    verdicts: Vec<(u8, &'a str, Vec<Piece<'a>>)>,
}

/// A part of a body.
#[derive(Debug, Arbitrary)]
enum Piece<'a> {
    Bytes(&'a [u8]),
    Text(&'a str),
    Key,
    /// A part of the key, for one that is put together from its neighbours.
    PartOfKey(u8, u8),
    Character(char),
    Many(char, u8),
}

fuzz_target!(|said: Said<'_>| {
    let body = said.body();
    let status = 100 + said.status % 900;
    let after = said.after.map(|seconds| std::time::Duration::from_secs(seconds.into()));
    let protocol = if said.is_v1 { Protocol::V1 } else { Protocol::V0 };
    let ids = IDS.map(str::as_bytes);
    let suspects = if said.retries_suspects { SuspectAnswers::Retry } else { SuspectAnswers::Accept };
    let key = ApiKey::parse(KEY).expect("it is a key");
    let raw = fuzzing::RawAnswer { status, after, is_html: said.is_html, body: &body, broke_off: said.broke_off };
    let Some(answer) = fuzzing::classify(protocol, suspects, &key, &raw, &ids) else { panic!("{status} is a status") };
    check(status, &answer);
});

impl Said<'_> {
    fn body(&self) -> Vec<u8> {
        let bytes = |pieces: &[Piece<'_>]| pieces.iter().flat_map(Piece::bytes).collect::<Vec<_>>();
        if self.verdicts.is_empty() {
            return bytes(&self.pieces);
        }
        let verdicts = self.verdicts.iter().map(|(index, word, details)| {
            let details = String::from_utf8_lossy(&bytes(details)).into_owned();
            let id = IDS[usize::from(*index) % IDS.len()].to_owned();
            (id, serde_json::json!({ "result": word, "details": details }))
        });
        let results: serde_json::Map<String, serde_json::Value> = verdicts.collect();
        serde_json::json!({ "results": results }).to_string().into_bytes()
    }
}

/// Checks what an answer shows of itself.
fn check(status: u16, answer: &Answer) {
    let (is_success, cause) = ((200..300).contains(&status), answer.cause());
    assert!(is_success || *answer.outcome() != Outcome::Delivered, "{status}: {answer:?}");
    assert!(is_success || cause.starts_with(&format!("status {status}")), "{status}: {answer:?}");
    assert!(!answer.is_foreign() || matches!(answer.outcome(), Outcome::Retry { .. }), "{status}: {answer:?}");
    let most = if cause.contains(" × ") { MAX_VERDICTS_BYTES } else { MAX_CAUSE_BYTES };
    assert!(cause.len() <= most, "{} bytes: {cause}", cause.len());
    assert!(!cause.contains(KEY), "the key in {cause}");
    assert!(!cause.chars().any(breaks_a_line), "{cause:?}");
}

/// Characters that a terminal obeys, or that end or reorder a line.
fn breaks_a_line(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Piece<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Key => KEY.into(),
            Self::PartOfKey(from, len) => {
                KEY.bytes().skip(usize::from(*from) % KEY.len()).take(usize::from(*len)).collect()
            }
            Self::Character(character) => character.to_string().into(),
            Self::Many(character, count) => character.to_string().repeat(usize::from(*count) * 4).into(),
        }
    }
}
