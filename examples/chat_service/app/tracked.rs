//! From a request to a handle that tracks as whoever sent it.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use product_analytics::{Actor, Analytics, Tracker};

use super::headers::{Session, user};
use super::problem::Problem;

/// Tracks events of the request's user; where there is none, of its session.
///
/// It borrows nothing, so a handler may move it into a stream or a task. It works with any state that holds an
/// [`Analytics`].
#[derive(Debug)]
pub(super) struct Tracked(pub(super) Tracker<'static>);

impl<S: Sync> FromRequestParts<S> for Tracked
where
    Analytics: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let session = Session::read(&parts.headers)?;
        let actor = Actor::user_or_session(user(&parts.headers), &session.0);
        Ok(Self(Analytics::from_ref(state).by(actor).into_owned()))
    }
}
