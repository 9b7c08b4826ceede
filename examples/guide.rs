//! A photo service that tracks what its users do.

use std::time::Duration;

use product_analytics::{Actor, Analytics, ConfigErrors, Event, PropertyValue};

/// What users do with photos.
#[derive(Event)]
enum PhotoEvent<'a> {
    /// A photo was uploaded.
    #[event(name = "photo_uploaded")]
    Uploaded {
        photo_id: &'a str,
        kind: Kind,
        bytes: usize,
        /// The album that it was put into.
        album: Option<&'a str>,
    },
    /// A photo was not taken.
    #[event(name = "photo_refused")]
    Refused { reason: Refusal, bytes: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, PropertyValue)]
enum Kind {
    Jpeg,
    Png,
}

#[derive(Clone, Copy, Debug, PartialEq, PropertyValue)]
enum Refusal {
    TooLarge,
    UnknownKind,
}

struct Photos {
    analytics: Analytics,
}

impl Photos {
    /// Takes a photo from a user, or from somebody who is known by a session only.
    fn upload(&self, user: Option<&str>, session: &str, photo: &[u8], album: Option<&str>) -> Result<Kind, Refusal> {
        let tracker = self.analytics.by(Actor::user_or_session(user, session));
        let bytes = photo.len();
        match check(photo) {
            Ok(kind) => {
                let photo_id = format!("photo-{}", fastrand::u32(..));
                tracker.track(PhotoEvent::Uploaded { photo_id: &photo_id, kind, bytes, album });
                Ok(kind)
            }
            Err(reason) => {
                tracker.track(PhotoEvent::Refused { reason, bytes });
                Err(reason)
            }
        }
    }
}

fn check(photo: &[u8]) -> Result<Kind, Refusal> {
    match photo {
        photo if photo.len() > 1_000_000 => Err(Refusal::TooLarge),
        [0xff, 0xd8, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => Ok(Kind::Png),
        _ => Err(Refusal::UnknownKind),
    }
}

fn main() -> Result<(), ConfigErrors> {
    tracing_subscriber::fmt().without_time().init();

    let analytics = product_analytics::from_env()?;
    let _guard = analytics.shutdown_on_drop(Duration::from_secs(10));

    let photos = Photos { analytics: analytics.clone() };
    for photo in [b"\x89PNG, say".as_slice(), b"\xff\xd8, say", b"GIF89a"] {
        match photos.upload(Some("u1"), "s1", photo, None) {
            Ok(kind) => tracing::info!(?kind, "uploaded"),
            Err(reason) => tracing::info!(?reason, "refused"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use analytics_testkit::RecordingSink;

    use super::*;

    #[test]
    fn an_upload_is_tracked() {
        let (sink, recorded) = RecordingSink::pair();
        let photos = Photos { analytics: Analytics::new(sink) };

        photos.upload(Some("u1"), "s1", b"\x89PNG, say", Some("Summer")).unwrap();

        recorded.assert_one(PhotoEvent::UPLOADED).by(Actor::user("u1")).with("bytes", 9).with("album", "Summer");
        recorded.assert_none(PhotoEvent::REFUSED);
    }

    #[test]
    fn somebody_unknown_uploads_as_the_session() {
        let (sink, recorded) = RecordingSink::pair();
        let photos = Photos { analytics: Analytics::new(sink) };

        photos.upload(None, "s1", b"\xff\xd8, say", None).unwrap();

        recorded
            .assert_one(PhotoEvent::Uploaded { photo_id: "", kind: Kind::Jpeg, bytes: 7, album: None })
            .ignoring("photo_id")
            .by(Actor::session("s1"));
    }

    #[test]
    fn what_is_refused_tells_why() {
        let (sink, recorded) = RecordingSink::pair();
        let photos = Photos { analytics: Analytics::new(sink) };

        photos.upload(Some("u1"), "s1", b"GIF89a", None).unwrap_err();
        photos.upload(Some("u1"), "s1", &vec![0; 1_000_001], None).unwrap_err();

        assert_eq!(
            recorded.journey(),
            "u1 photo_refused reason=unknown_kind bytes=6\n\
             u1 photo_refused reason=too_large bytes=1000001"
        );
    }
}
