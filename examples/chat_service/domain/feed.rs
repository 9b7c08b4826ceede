//! What agents do in a session, told to all who look on.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Notices that one reader may be behind before it misses some.
const CAPACITY: usize = 256;

/// What agents do in all sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Feed(broadcast::Sender<Arc<Notice>>);

/// Something that an agent did.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) session_id: String,
    pub(crate) text: String,
}

/// One session's notices from now on.
#[derive(Debug)]
pub(crate) struct Reader {
    notices: broadcast::Receiver<Arc<Notice>>,
    session_id: String,
}

impl Feed {
    /// A feed that nobody reads yet.
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }

    /// Tells all who read this session.
    pub(crate) fn publish(&self, session_id: &str, text: String) {
        let notice = Notice { session_id: session_id.to_owned(), text };
        // An error means that nobody is reading, and that is nobody's loss.
        self.0.send(Arc::new(notice)).map_or_else(|_| (), |_| ());
    }

    /// Reads one session from now on.
    pub(crate) fn read(&self, session_id: String) -> Reader {
        Reader { notices: self.0.subscribe(), session_id }
    }
}

impl Reader {
    /// The session's next notice; `None` once there can be no more.
    pub(crate) async fn next(&mut self) -> Option<Arc<Notice>> {
        loop {
            match self.notices.recv().await {
                Ok(notice) if notice.session_id == self.session_id => return Some(notice),
                // Another session's, or some that a slow reader missed.
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
