//! The query parameters that matter.

use serde::Deserialize;

use crate::protocol::encoding;

/// What may stand behind the `?` of a capture route. Anything else there is ignored.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct CaptureQuery {
    compression: Option<String>,
    data: Option<String>,
    beacon: Option<i32>,
}

impl CaptureQuery {
    pub(crate) fn is_gzip(&self) -> bool {
        self.compression.as_deref().is_some_and(encoding::is_gzip)
    }

    pub(crate) fn compression(&self) -> Option<&str> {
        self.compression.as_deref()
    }

    /// The payload that it holds, if any.
    pub(crate) fn data(&self) -> Option<&str> {
        self.data.as_deref().filter(|data| !data.is_empty())
    }

    /// Whether success is to be answered without a body.
    pub(crate) fn is_beacon(&self) -> bool {
        self.beacon == Some(1)
    }
}
