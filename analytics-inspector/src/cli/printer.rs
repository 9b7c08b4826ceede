//! Printing lines without waiting for whoever reads them.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The most bytes of lines that wait to be printed. A file is faster than events come; a terminal, or a pipe that
/// nobody reads, is not.
const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;

/// How long the end of the program waits for lines that are not printed yet.
const FINISH_WITHIN: Duration = Duration::from_secs(1);

/// Prints lines on a thread of its own, in order. What does not fit is left out and counted in a line.
#[derive(Debug, Clone)]
pub(crate) struct Printer(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    lines: VecDeque<String>,
    bytes: usize,
    left_out: u64,
    is_finishing: bool,
    is_finished: bool,
}

impl Printer {
    /// Starts one that prints to `out`.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(crate) fn start(out: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new().name("printer".to_owned()).spawn(move || of_thread.print_all(out))?;
        Ok(Self(shared))
    }

    pub(crate) fn print(&self, line: String) {
        let mut queue = self.0.lock();
        if queue.bytes >= MAX_WAITING_BYTES {
            queue.left_out += 1;
        } else {
            queue.bytes += line.len() + 1;
            queue.lines.push_back(line);
        }
        drop(queue);
        self.0.changed.notify_all();
    }

    /// Waits until everything is printed, but not for a reader that does not read.
    pub(crate) fn finish(self) {
        let mut queue = self.0.lock();
        queue.is_finishing = true;
        self.0.changed.notify_all();
        drop(self.0.changed.wait_timeout_while(queue, FINISH_WITHIN, |queue| !queue.is_finished));
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn print_all(&self, mut out: impl Write) {
        while let Some((lines, left_out)) = self.next() {
            for line in lines {
                // If nobody reads them any more, the API still has the events.
                writeln!(out, "{line}").unwrap_or_default();
                self.lock().bytes -= line.len() + 1;
            }
            if left_out > 0 {
                writeln!(out, "… {left_out} lines left out, since nobody read them in time").unwrap_or_default();
            }
            out.flush().unwrap_or_default();
        }
        self.lock().is_finished = true;
        self.changed.notify_all();
    }

    /// The lines that wait, and how many were left out behind them; `None` when there are no more to come.
    fn next(&self) -> Option<(VecDeque<String>, u64)> {
        let is_to_wait = |queue: &mut Queue| queue.lines.is_empty() && queue.left_out == 0 && !queue.is_finishing;
        let waited = self.changed.wait_while(self.lock(), is_to_wait);
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner);
        let (lines, left_out) = (std::mem::take(&mut queue.lines), std::mem::take(&mut queue.left_out));
        (!lines.is_empty() || left_out > 0).then_some((lines, left_out))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// A reader that takes a line only when it is told to.
    struct Slow {
        permits: Receiver<()>,
        taken: Sender<String>,
        line: String,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.line.push_str(std::str::from_utf8(bytes).unwrap());
            while let Some((line, rest)) = self.line.split_once('\n') {
                // Without a permit it never reads on.
                if self.permits.recv().is_err() {
                    return Err(io::ErrorKind::BrokenPipe.into());
                }
                self.taken.send(line.to_owned()).unwrap();
                self.line = rest.to_owned();
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nobody_waits_for_a_reader_that_does_not_read_and_what_it_misses_is_told() {
        let (permit, permits) = channel();
        let (taken, lines) = channel();
        let printer = Printer::start(Slow { permits, taken, line: String::new() }).unwrap();
        let long = "x".repeat(1_000_000);
        for _ in 0..20 {
            printer.print(long.clone());
        }
        printer.print("late".to_owned());
        // Whether the first line was taken out of the queue before it was full is the thread's affair.
        let shown: Vec<String> = std::iter::from_fn(|| {
            permit.send(()).unwrap();
            let line = lines.recv().unwrap();
            (!line.starts_with('…')).then_some(line)
        })
        .collect();
        assert!((17..=18).contains(&shown.len()), "{}", shown.len());
        printer.print("again".to_owned());
        permit.send(()).unwrap();
        assert_eq!(lines.recv().unwrap(), "again");
        drop(permit);
        printer.finish();
    }

    #[test]
    fn what_waits_is_printed_before_the_end() {
        let (permit, permits) = channel();
        let (taken, lines) = channel();
        let printer = Printer::start(Slow { permits, taken, line: String::new() }).unwrap();
        for n in 0..100 {
            permit.send(()).unwrap();
            printer.print(n.to_string());
        }
        printer.finish();
        assert_eq!(lines.try_iter().count(), 100);
    }
}
