//! Values of other crates, each behind its feature.

#[cfg(any(
    feature = "chrono",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "time",
    feature = "url",
    feature = "uuid"
))]
fn written(value: &impl analytics_core::PropertyValue) -> String {
    analytics_core::json::to_string(value.value().unwrap()).unwrap()
}

#[cfg(feature = "chrono")]
#[test]
fn chrono() {
    use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

    let at: DateTime<FixedOffset> = "2026-01-02T05:04:05.678+02:00".parse().unwrap();
    assert_eq!(written(&at), r#""2026-01-02T03:04:05.678Z""#);
    assert_eq!(written(&at.with_timezone(&Utc)), r#""2026-01-02T03:04:05.678Z""#);
    assert_eq!(written(&NaiveDate::from_ymd_opt(2026, 1, 2).unwrap()), r#""2026-01-02""#);
}

#[cfg(feature = "jiff")]
#[test]
fn jiff() {
    let at: jiff::Timestamp = "2026-01-02T03:04:05.678Z".parse().unwrap();
    assert_eq!(written(&at), r#""2026-01-02T03:04:05.678Z""#);
    assert_eq!(written(&at.to_zoned(jiff::tz::TimeZone::UTC)), r#""2026-01-02T03:04:05.678Z""#);
    assert_eq!(written(&jiff::civil::date(2026, 1, 2)), r#""2026-01-02""#);
}

#[cfg(feature = "time")]
#[test]
fn time() {
    let at = time::OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1_500);
    assert_eq!(written(&at), r#""1970-01-01T00:00:01.500Z""#);
    let before = time::OffsetDateTime::UNIX_EPOCH - time::Duration::milliseconds(1);
    assert_eq!(written(&before), r#""1969-12-31T23:59:59.999Z""#);
    assert_eq!(written(&at.date()), r#""1970-01-01""#);
}

#[cfg(feature = "rust_decimal")]
#[test]
fn rust_decimal() {
    let price: rust_decimal::Decimal = "19.90".parse().unwrap();
    assert_eq!(written(&price), r#""19.90""#);
}

#[cfg(feature = "url")]
#[test]
fn url() {
    let url: url::Url = "https://example.com/a?b=c".parse().unwrap();
    assert_eq!(written(&url), r#""https://example.com/a?b=c""#);
}

#[cfg(feature = "uuid")]
#[test]
fn uuid() {
    use analytics_core::{Actor, DistinctId, EventId};

    let id: uuid::Uuid = "0192a3b4-0000-7000-8000-000000000001".parse().unwrap();
    assert_eq!(written(&id), r#""0192a3b4-0000-7000-8000-000000000001""#);
    assert_eq!(Actor::user(id).to_string(), id.to_string());
    assert_eq!(DistinctId::session(id).to_string(), format!("anonymous_{id}"));
    assert_eq!(uuid::Uuid::from(EventId::from(id)), id);
}
