//! This machine's clock, by the server's.

use std::time::{Duration, SystemTime};

use crate::{Said, sending_to, server};

/// What is said of a server whose clock differs by so many seconds, with these headers beside.
fn of_server(seconds: i64, headers: &str) -> Said {
    let apart = Duration::from_secs(seconds.unsigned_abs());
    let date = if seconds < 0 { SystemTime::now() - apart } else { SystemTime::now() + apart };
    let date = httpdate::fmt_http_date(date);
    let said = sending_to(&server::answering(&format!("Date: {date}\r\n{headers}")), &[]);
    assert_eq!(said.code, 0, "{}", said.text);
    said
}

#[test]
fn a_clock_that_is_far_off_is_warned_of_with_its_direction() {
    let said = of_server(7_200, "");
    assert!(
        said.line("clock").starts_with("warn  clock    1h 59m") || said.line("clock").contains("2h"),
        "{}",
        said.text
    );
    assert!(said.line("clock").ends_with(" behind the server's"), "{}", said.text);
    assert!(said.text.contains("more than 23 h ahead"), "{}", said.text);
    let said = of_server(-100_000, "");
    assert!(said.line("clock").starts_with("warn  clock    1day 3h 46m "), "{}", said.text);
    assert!(said.line("clock").ends_with(" ahead of the server's"), "{}", said.text);
}

#[test]
fn a_clock_that_is_a_little_off_is_told_of() {
    let said = of_server(-30, "");
    assert!(said.line("clock").starts_with("ok    clock    3"), "{}", said.text);
    assert!(said.line("clock").ends_with("s ahead of the server's"), "{}", said.text);
}

#[test]
fn the_date_of_an_answer_that_a_cache_kept_is_not_taken_for_now() {
    let said = of_server(-3_600, "Age: 3600\r\n");
    assert!(said.line("clock").starts_with("ok "), "{}", said.text);
}

#[test]
fn without_a_date_nothing_is_said_of_the_clock() {
    let said = sending_to(&server::answering(""), &[]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(!said.checks().contains(&"clock"), "{}", said.text);
}
