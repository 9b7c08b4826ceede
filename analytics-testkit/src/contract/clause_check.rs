//! One clause on its way through the runtimes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::Make;
use super::clauses::Clause;
use super::progress;
use super::runtime::Runtime;
use crate::recording::message;

/// Patience is counted in moments that this thread lived through, so that it grows where the machine is busy.
const MOMENT: Duration = Duration::from_millis(10);

/// The moments after which it is said that a clause is waited for.
const SAY_SO_AFTER: u32 = 200;

/// A clause that is checked on one runtime after the other, until one of them blocks.
pub(super) struct ClauseCheck {
    clause: Clause,
    make: Make,
    patience: Duration,
    /// What has begun and not come back.
    running: Option<Running>,
    remaining: Vec<Runtime>,
    seen: Vec<Seen>,
}

struct Running {
    runtime: Runtime,
    result: Receiver<Result<(), String>>,
    moments: u32,
}

/// How the clause is broken, and where that was seen.
struct Seen {
    what: String,
    runtimes: Vec<String>,
}

impl ClauseCheck {
    pub(super) fn start(clause: Clause, make: &Make, patience: Duration) -> Self {
        let remaining = Runtime::ALL.into_iter().rev().collect();
        let mut check = Self { clause, make: Arc::clone(make), patience, running: None, remaining, seen: Vec::new() };
        check.next_runtime();
        check
    }

    pub(super) fn is_done(&self) -> bool {
        self.running.is_none()
    }

    /// Waits for a moment, and goes on to the next runtime if the clause came back from this one.
    pub(super) fn came_back(&mut self) -> bool {
        let Some(running) = &self.running else { return true };
        let (result, runtime) = (running.result.recv_timeout(MOMENT), running.runtime);
        match result {
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => self.broken(runtime, "it ended without an answer".to_owned()),
            Ok(Err(what)) => self.broken(runtime, what),
            Ok(Ok(())) => {}
        }
        self.next_runtime();
        true
    }

    /// Counts a moment in which the clause has not come back. When patience has run out it blocks, and would block on
    /// the other runtimes as well.
    pub(super) fn waited(&mut self) {
        let Some(running) = &mut self.running else { return };
        running.moments += 1;
        if running.moments == SAY_SO_AFTER {
            progress::waiting(self.clause, running.runtime, MOMENT * running.moments, self.patience);
        }
        if MOMENT * running.moments < self.patience {
            return;
        }
        let runtime = running.runtime;
        let advice =
            if self.clause.if_it_blocks.is_empty() { String::new() } else { format!("; {}", self.clause.if_it_blocks) };
        self.broken(runtime, format!("it blocks: nothing came back for {:?}{advice}", self.patience));
        self.remaining.clear();
        self.next_runtime();
    }

    /// How the clause is broken, a line for each way.
    pub(super) fn violations(&self) -> impl Iterator<Item = String> {
        let Clause { number, says, .. } = self.clause;
        self.seen.iter().map(move |Seen { what, runtimes }| {
            let is_everywhere = runtimes.len() == Runtime::ALL.len();
            let place = if is_everywhere { String::new() } else { format!(" ({})", runtimes.join(", ")) };
            format!("clause {number}, {says}: {what}{place}")
        })
    }

    fn next_runtime(&mut self) {
        self.running = None;
        while let Some(runtime) = self.remaining.pop() {
            match begin(self.clause, runtime, &self.make) {
                Ok(result) => {
                    self.running = Some(Running { runtime, result, moments: 0 });
                    return;
                }
                Err(what) => self.broken(runtime, what),
            }
        }
        progress::done(self.clause, self.seen.is_empty());
    }

    fn broken(&mut self, runtime: Runtime, what: String) {
        match self.seen.iter_mut().find(|earlier| earlier.what == what) {
            Some(earlier) => earlier.runtimes.push(runtime.to_string()),
            None => self.seen.push(Seen { what, runtimes: vec![runtime.to_string()] }),
        }
    }
}

/// Checks on a thread of its own, which is left behind if it does not come back.
fn begin(clause: Clause, runtime: Runtime, make: &Make) -> Result<Receiver<Result<(), String>>, String> {
    let (sender, receiver) = channel();
    let make = Arc::clone(make);
    let checking = move || {
        let checked = catch_unwind(AssertUnwindSafe(|| runtime.run((clause.check)(make))));
        let result = checked.unwrap_or_else(|panic| Err(format!("it panicked: {}", message(&*panic))));
        // Nobody listens any more if patience has run out.
        sender.send(result).unwrap_or_default();
    };
    let thread = thread::Builder::new().name("sink-contract".to_owned()).spawn(checking);
    thread.map_err(|error| format!("no thread could be started: {error}"))?;
    Ok(receiver)
}
