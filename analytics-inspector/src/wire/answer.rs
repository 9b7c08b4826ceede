//! An answer that is written byte for byte as told.

use std::io;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// What an endless body goes on with.
const FILLER: [u8; 16 * 1024] = [b'x'; 16 * 1024];

/// An answer as bytes.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    bytes: Vec<u8>,
    ending: Ending,
}

/// How an answer is written and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// At once; then the connection is closed.
    Close,
    /// With this pause before each byte; then the connection is closed.
    CloseAfterPauses(Duration),
    Never,
}

impl RawAnswer {
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], ending: Ending) -> Self {
        let reason = status.canonical_reason().unwrap_or("Unknown");
        let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", status.as_str()).into_bytes();
        for (name, value) in headers {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        let has_body = status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED;
        if has_body && ending != Ending::Never {
            bytes.extend(format!("content-length: {}\r\n", body.len()).into_bytes());
        }
        bytes.extend(b"\r\n");
        if has_body {
            bytes.extend(body);
        }
        Self { bytes, ending }
    }

    /// Writes it all, or until the client leaves.
    pub(crate) async fn write(self, to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        match self.ending {
            Ending::Close => to.write_all(&self.bytes).await?,
            Ending::CloseAfterPauses(pause) => {
                for byte in &self.bytes {
                    tokio::time::sleep(pause).await;
                    to.write_all(std::slice::from_ref(byte)).await?;
                    to.flush().await?;
                }
            }
            Ending::Never => {
                to.write_all(&self.bytes).await?;
                loop {
                    to.write_all(&FILLER).await?;
                }
            }
        }
        to.shutdown().await
    }
}
