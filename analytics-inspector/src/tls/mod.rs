//! Serving over TLS, with certificates that are good or bad on purpose.

mod certificate;
mod identity;

pub use self::certificate::TlsCertificate;

pub(crate) use self::identity::Identity;
