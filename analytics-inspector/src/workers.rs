//! Work that would hold up the thread that accepts.

use std::panic;
use std::sync::Arc;

use tokio::sync::Semaphore;

/// How many pieces of work of one kind are done at once.
const AT_ONCE: usize = 4;

/// Each kind of work waits for its own kind only, so that neither bodies nor searches hold up the page.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    judging: Arc<Semaphore>,
    showing: Arc<Semaphore>,
    searching: Arc<Semaphore>,
    streaming: Arc<Semaphore>,
}

/// How much is read of what is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A part, as the page shows it.
    Part,
    /// All of it, to find something.
    Search,
    /// The next part of a stream.
    Stream,
}

impl Workers {
    pub(crate) fn new() -> Self {
        let [judging, showing, searching, streaming] = [(); 4].map(|()| Arc::new(Semaphore::new(AT_ONCE)));
        Self { judging, showing, searching, streaming }
    }

    /// Takes a request apart, on another thread if that is a lot of work. It is done to its end, even if nobody waits
    /// for it any more.
    pub(crate) async fn judge<T: Send + 'static>(
        &self,
        is_heavy: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        if is_heavy { run(&self.judging, work).await } else { work() }
    }

    /// Reads what is remembered.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        reading: Reading,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        let at_once = match reading {
            Reading::Part => &self.showing,
            Reading::Search => &self.searching,
            Reading::Stream => &self.streaming,
        };
        run(at_once, work).await
    }
}

async fn run<T: Send + 'static>(at_once: &Arc<Semaphore>, work: impl FnOnce() -> T + Send + 'static) -> T {
    // They are never closed. If they were, nothing would be worse than without them.
    let permit = Arc::clone(at_once).acquire_owned().await;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    match done.await {
        Ok(done) => done,
        // As if it had happened here; and a runtime that ends cancels this with everything else.
        Err(error) if error.is_panic() => panic::resume_unwind(error.into_panic()),
        Err(_) => std::future::pending().await,
    }
}
